"""`/v1/metrics` for Prometheus: sums only. No query, path, address or entry is ever part of a number or of its name.

With several processes each writes its counts into files in a folder (PROMETHEUS_MULTIPROC_DIR, set by the server), and
the one that is asked adds them up. What the database and the engines know is asked when Prometheus asks.
"""

import os
from collections.abc import Iterator

from flask import Flask, Response, current_app, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from kennis.api.answering import private
from kennis.api.framework import PREFIX
from kennis.installation import ALLOWANCES, EXTENSION, INTERNAL, POLICIES, PUBLIC_READ, Kennis

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
ENDPOINT = "metrics"
# From a search inside the process to the limit of a reader's patience.
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
# What is not a public read is counted as one: a count of each would tell when somebody shared a story.
OTHER = "other"


class Meters:
    """What is counted while answering; one for each app."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._searches = Histogram(
            "kennis_engine_search_seconds", "Duration of one question to a search engine.",
            ["engine"], registry=self.registry, buckets=SECONDS,
        )  # fmt: skip
        self._failures = Counter(
            "kennis_engine_search_failures", "Questions that a search engine did not answer.",
            ["engine"], registry=self.registry,
        )  # fmt: skip
        self._requests = Counter(
            "kennis_requests", "Answers by name of the endpoint and class of the status.",
            ["endpoint", "status"], registry=self.registry,
        )  # fmt: skip

    def search(self, engine: str, seconds: float, has_answered: bool) -> None:
        self._searches.labels(_kind(engine)).observe(seconds)
        if not has_answered:
            self._failures.labels(_kind(engine)).inc()

    def answered(self, response: Response) -> Response:
        is_public = current_app.extensions[POLICIES].get(request.endpoint) == PUBLIC_READ
        endpoint = (request.endpoint or OTHER) if is_public else OTHER
        self._requests.labels(endpoint, f"{response.status_code // 100}xx").inc()
        return response


class State(Collector):
    """What holds at this moment, for the installation as a whole."""

    def __init__(self, kennis: Kennis) -> None:
        self._kennis = kennis

    def collect(self) -> Iterator[Metric]:
        jobs = GaugeMetricFamily("kennis_outbox_jobs", "Changes that wait for the index.", labels=["engine"])
        age = GaugeMetricFamily("kennis_outbox_seconds", "How long the oldest waits.", labels=["engine"])
        refused = GaugeMetricFamily("kennis_dead_letters", "Entries that the engine refuses.", labels=["engine"])
        ready = GaugeMetricFamily("kennis_engine_ready", "1 when it can be searched.", labels=["engine"])
        states = [indexer.status() for indexer in self._kennis.indexers]
        for state in states:
            name = [_kind(state.name)]
            jobs.add_metric(name, state.lag.waiting)
            age.add_metric(name, state.lag.seconds)
            refused.add_metric(name, state.lag.refused)
            ready.add_metric(name, state.engine.is_ready)
        degraded = GaugeMetricFamily("kennis_search_degraded", "1 while the engine that stands by answers.")
        is_degraded = len(states) > 1 and (not states[0].engine.is_ready or self._kennis.standby.is_degraded)
        degraded.add_metric([], is_degraded)
        yield from (jobs, age, refused, ready, degraded)


def register(app: Flask, meters: Meters) -> None:
    """Only when the setting asks for it. It is no part of the public API, so not of its document either."""
    registry = meters.registry
    if SHARED_FOLDER in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    state = CollectorRegistry()
    state.register(State(app.extensions[EXTENSION]))

    def metrics() -> Response:
        return private(generate_latest(registry) + generate_latest(state), media_type=CONTENT_TYPE_LATEST)

    app.add_url_rule(f"{PREFIX}/metrics", ENDPOINT, metrics)
    app.extensions[POLICIES][ENDPOINT] = INTERNAL
    app.extensions[ALLOWANCES][ENDPOINT] = None
    app.after_request(meters.answered)


def _kind(engine: str) -> str:
    """Without the place of an index of its own, which is a name of a machine."""
    return engine.partition(":")[0]
