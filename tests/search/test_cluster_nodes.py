"""Three nodes of which one is killed: nothing is lost, and a part of an answer is never shown as all of it."""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from kennis.config import Config
from kennis.errors import SearchUnavailable
from kennis.search.analysis import ANALYSIS_VERSION
from kennis.search.elastic import ElasticEngine
from kennis.search.elastic_client import Access
from kennis.search.embedded_files import IndexFolder
from kennis.search.mapping import mapping
from tests.search import clusters
from tests.search.clusters import Nodes, Site, wait_until
from tools.elasticsearch.plan import Plan

pytestmark = pytest.mark.cluster
# Before and after the kill, in seconds.
BEFORE, AFTER = 4.0, 15.0
# Readers may be told to come back for no longer than this (measured: under a second; a busy machine needs longer).
LONGEST_OUTAGE = 15.0


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    with clusters.cluster("three", Plan(nodes=3)) as started:
        yield started


@dataclass
class Reading:
    """What readers were told, and how long it took until all was well again."""

    statuses: Counter[int] = field(default_factory=Counter)
    slowest: float = 0.0
    outage: float = 0.0
    totals: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    _since: float | None = None

    def note(self, status: int, began: float, total: int | None) -> None:
        now = time.monotonic()
        if total is not None:
            self.totals[threading.get_ident()].append(total)
        self.statuses[status] += 1
        self.slowest = max(self.slowest, now - began)
        if status == 200:
            self._since = None
        else:
            self._since = self._since or began
            self.outage = max(self.outage, now - self._since)


def holder(site: Site, role: str) -> str:
    """The name of the node that has the primary copy, or that rules the cluster."""
    client = site.admin.client()
    if role == "master":
        return str(client.cat.master(format="json")[0]["node"])
    shards = client.cat.shards(index=site.config.elasticsearch_index, format="json")
    return str(next(s["node"] for s in shards if s["prirep"] == "p"))


def is_green(site: Site) -> bool:
    health = site.admin.client().cluster.health(index=site.config.elasticsearch_index)
    return bool(health["status"] == "green" and health["number_of_nodes"] == 3)


def test_a_killed_node_costs_no_write_and_next_to_no_search(tmp_path: Path, nodes: Nodes) -> None:
    with clusters.site(tmp_path, nodes.urls, entries=200) as site:
        wait_until(lambda: is_green(site))
        replicas = site.admin.client().cat.shards(index=site.config.elasticsearch_index, format="json")
        assert len(replicas) == 2
        for role in ("primary", "master"):
            victim = int(holder(site, role).removeprefix("node-"))
            reading = stream(site, role, lambda number=victim: nodes.kill(number))
            print(f"{role}: {dict(reading.statuses)}, slowest {reading.slowest:.2f} s, outage {reading.outage:.2f} s")
            print(f"caught up after {wait_until(lambda: site.waiting() == 0):.1f} s")
            assert site.found() == site.published()
            assert not site.indexer.check()
            assert set(reading.statuses) <= {200, 503}
            assert reading.outage < LONGEST_OUTAGE
            for totals in reading.totals.values():
                assert totals == sorted(totals), "something that was found went away"
            nodes.restart(victim)
            wait_until(lambda: is_green(site))
            assert not site.indexer.check()


def stream(site: Site, word: str, kill: Callable[[], None]) -> Reading:
    """Writers and readers all the while."""
    reading, is_over, faults = Reading(), threading.Event(), list[BaseException]()
    published, noting = 0, threading.Lock()

    def write() -> None:
        nonlocal published
        while not is_over.is_set():
            site.publish(f"Tijdens {word} {published}")
            published += 1
            time.sleep(0.05)

    def read() -> None:
        while not is_over.is_set():
            began = time.monotonic()
            answer = site.web.get("/v1/entries?q=eerste OR tijdens&fields=card")
            total = answer.json["total"] if answer.status_code == 200 else None
            with noting:
                reading.note(answer.status_code, began, total)

    def kept(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=kept, args=(work,)) for work in (write, read, read)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(BEFORE)
        kill()
        time.sleep(AFTER)
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    assert faults == []
    print(f"{published} published meanwhile")
    return reading


def in_parts(config: Config) -> ElasticEngine:
    """An index of three shards, each on one node only."""
    whole = mapping()
    settings = {"index": {**whole.body["settings"]["index"], "number_of_shards": 3}}
    parts = replace(whole, body={**whole.body, "settings": settings})
    access = Access(config.elasticsearch_url)
    return ElasticEngine(access, config.elasticsearch_index, parts, ANALYSIS_VERSION, IndexFolder(config.data_dir))


def test_an_index_of_which_a_part_is_gone_gives_no_answer_at_all(tmp_path: Path, nodes: Nodes) -> None:
    with clusters.site(tmp_path, nodes.urls, entries=60, engine_of=in_parts) as site:
        site.settings(index__auto_expand_replicas="false", index__number_of_replicas=0)
        wait_until(lambda: is_green(site))
        shards = site.admin.client().cat.shards(index=site.config.elasticsearch_index, format="json")
        assert {s["node"] for s in shards} == {"node-0", "node-1", "node-2"}
        nodes.kill(2)
        told = Counter[int]()
        for _ in range(30):
            answer = site.web.get("/v1/entries?q=eerste")
            told[answer.status_code] += 1
            assert answer.status_code == 503
            assert answer.content_type == "application/problem+json"
            assert int(answer.headers["Retry-After"]) > 0
        print(f"with a third of the index gone: {dict(told)}")
        with pytest.raises(SearchUnavailable):
            site.engine.versions()
        with pytest.raises(SearchUnavailable):
            site.engine.terms("exact", ())
        assert site.engine.status().is_down
        site.publish("Later", 30)
        nodes.restart(2)
        wait_until(lambda: is_green(site) and site.waiting() == 0)
        assert site.found() == site.published()
        assert not site.indexer.check()
