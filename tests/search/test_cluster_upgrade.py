"""Nodes of Elasticsearch 8 that make way for 9 one after the other, on the data they have, while Kennis runs: the order
of docs/operations.md."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import real_parts
from tests.search import clusters
from tests.search.clusters import Nodes, Site, wait_until
from tests.search.traffic import holder, is_green, stream
from tools.elasticsearch.java import java_home
from tools.elasticsearch.places import ToolFault
from tools.elasticsearch.plan import Plan
from tools.elasticsearch.versions import VERSIONS

pytestmark = [pytest.mark.cluster, pytest.mark.upgrade]
OLD, NEW = 8, 9
ALLOCATION = "cluster.routing.allocation.enable"


@pytest.fixture
def nodes() -> Iterator[Nodes]:
    try:
        java_home(os.environ, VERSIONS[NEW].oldest_java)
    except ToolFault as fault:
        real_parts.missing(str(fault))
    with clusters.cluster("upgrade", Plan(nodes=3), OLD) as started:
        yield started


def allow(site: Site, allocation: str | None) -> None:
    site.admin.client().cluster.put_settings(persistent={ALLOCATION: allocation})


def rests(site: Site) -> bool:
    """Nothing is being moved; a copy of a new index may have to wait for a second new node."""
    health = site.admin.client().cluster.health()
    moving = ("relocating_shards", "initializing_shards", "number_of_pending_tasks", "number_of_in_flight_fetch")
    return health["number_of_nodes"] == 3 and health["status"] != "red" and not any(health[name] for name in moving)


def versions(site: Site) -> set[str]:
    return {str(node["version"]) for node in site.admin.client().cat.nodes(h="version", format="json")}


def indices_of(site: Site) -> set[int]:
    """The first numbers of the versions that made the indices of this site."""
    found = site.admin.client().indices.get_settings(index=f"{site.config.elasticsearch_index}-*").body
    return {int(held["settings"]["index"]["version"]["created"]) // 1_000_000 for held in found.values()}


def test_nodes_make_way_for_a_newer_version_and_nothing_is_lost(tmp_path: Path, nodes: Nodes) -> None:
    with clusters.site(tmp_path, nodes.urls, entries=200) as site:
        site.indexer.rebuild()
        wait_until(lambda: is_green(site))
        assert versions(site) == {VERSIONS[OLD].number}
        for number in sorted(range(3), key=lambda n: f"node-{n}" == holder(site, "master")):
            allow(site, "primaries")
            reading = stream(site, f"node-{number}", lambda n=number: nodes.upgrade(n, NEW), after=2)
            allow(site, None)
            print(f"node-{number}: {dict(reading.statuses)}, slowest {reading.slowest:.2f} s, "
                  f"outage {reading.outage:.2f} s")  # fmt: skip
            print(f"caught up after {wait_until(lambda: site.waiting() == 0 and rests(site)):.1f} s, "
                  f"{site.admin.client().cluster.health()['status']}")  # fmt: skip
            assert site.found() == site.published()
            assert not site.indexer.check()
            assert set(reading.statuses) <= {200, 503}
            for totals in reading.totals.values():
                assert totals == sorted(totals), "something that was found went away"
        assert versions(site) == {VERSIONS[NEW].number}
        wait_until(lambda: is_green(site))
        assert indices_of(site) == {OLD}
        for _ in range(2):
            site.indexer.rebuild()
            assert not site.indexer.check()
        assert indices_of(site) == {NEW}
