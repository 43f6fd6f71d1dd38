"""Three nodes of which one is killed: nothing is lost, and a part of an answer is never shown as all of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
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
from tests.search.clusters import Nodes, wait_until
from tests.search.traffic import holder, is_green, stream
from tools.elasticsearch.plan import Plan

pytestmark = pytest.mark.cluster
# Readers may be told to come back for no longer than this (measured: under a second; a busy machine needs longer).
LONGEST_OUTAGE = 15.0


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    with clusters.cluster("three", Plan(nodes=3)) as started:
        yield started


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
