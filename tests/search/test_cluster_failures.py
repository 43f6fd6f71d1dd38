"""Every way in which Elasticsearch may fail, provoked on a real server: readers are told 503 in time, nothing that was
published is lost, and the index catches up by itself when the cause is gone."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kennis.config import Config
from kennis.content.context import Context
from kennis.search.analysis import ANALYSIS_VERSION
from kennis.search.elastic import ElasticEngine, _named
from kennis.search.elastic_client import SEARCH_SECONDS, Access
from kennis.search.embedded_files import IndexFolder
from kennis.search.mapping import mapping
from kennis.store import Store
from tests import databases
from tests.search import clusters
from tests.search.clusters import Nodes, Site, wait_until
from tests.search.corpus import make
from tests.search.elastic import new_prefix
from tests.search.library import NOW, store_all
from tests.source import ROOT
from tools.elasticsearch.plan import Plan
from tools.ports import free_port

pytestmark = pytest.mark.cluster
# A bulk of more is refused by this server (429), and its clock is asked anew each time.
SETTINGS = {"indexing_pressure.memory.limit": "256kb", "thread_pool.estimated_time_interval": "0ms"}
# Counts long before it says yes: some milliseconds for every document.
SLOW = {"script": {"script": "long sum = 0; for (int i = 0; i < 900000; i++) { sum += i; } return sum > 0;"}}
PATHS = ("/v1/entries?q=eerste", "/v1/suggestions?q=eers", "/?q=eerste", "/v1/entries")
# What our own part may add on a busy machine.
SLACK = 2.0


@pytest.fixture(scope="module")
def node() -> Iterator[Nodes]:
    with clusters.cluster("failures", Plan(settings=SETTINGS)) as started:
        yield started


@pytest.fixture
def site(tmp_path: Path, node: Nodes) -> Iterator[Site]:
    with clusters.site(tmp_path, node.urls) as made:
        yield made


def refused(site: Site, paths: tuple[str, ...] = PATHS) -> None:
    for path in paths:
        start = time.monotonic()
        answer = site.web.get(path)
        seconds = time.monotonic() - start
        told = answer.get_data(as_text=True)
        print(f"{path}: {answer.status_code} after {seconds:.2f} s")
        assert (answer.status_code, path) == (503, path)
        assert int(answer.headers["Retry-After"]) > 0
        assert seconds < SEARCH_SECONDS + SLACK
        assert "127.0.0.1:" not in told.replace(site.config.public_url, "")
        if path.startswith("/v1"):
            assert answer.content_type == "application/problem+json"
            assert answer.json["status"] == 503


def answers(site: Site) -> bool:
    return bool(site.web.get("/v1/entries?q=eerste").status_code == 200)


def rejections(site: Site) -> int:
    """How many bulks the server has refused since it started, because they were more than it takes at once."""
    nodes = site.admin.client().nodes.stats(metric="indexing_pressure").body["nodes"].values()
    counted = [node["indexing_pressure"]["memory"]["total"] for node in nodes]
    return sum(one["coordinating_rejections"] + one["primary_rejections"] for one in counted)


def is_whole_again(site: Site) -> None:
    """By itself: nobody wakes the thread here."""
    print(f"caught up after {wait_until(lambda: site.waiting() == 0 and answers(site)):.1f} s")
    assert site.found() == site.published()
    assert not site.indexer.check()
    assert site.web.get("/v1/entries?q=later").json["total"] > 0


@contextmanager
def broken(site: Site, *, is_searchable: bool = False) -> Iterator[None]:
    """Around what breaks it: entries published meanwhile wait, and what needs no search is shown."""
    yield
    site.publish("Later", 3)
    if not is_searchable:
        refused(site)
    known = site.published()[0]
    assert site.web.get(f"/v1/lessons/{known}").status_code == 200
    assert site.waiting() == 3


def test_an_index_that_was_deleted_is_missed_until_it_is_built_anew(site: Site) -> None:
    index = site.engine.status().index
    with broken(site):
        site.admin.client().indices.delete(index=index)
        site.engine.refresh()
    assert not site.admin.client().indices.exists(index=index)
    assert not site.admin.client().indices.exists_alias(name=site.config.elasticsearch_index)
    site.indexer.rebuild()
    is_whole_again(site)


def test_a_missing_alias_is_missed_until_it_is_back(site: Site) -> None:
    index, prefix = site.engine.status().index, site.config.elasticsearch_index
    names = [prefix, f"{prefix}-write"]
    with broken(site):
        site.admin.client().indices.delete_alias(index=index, name=names)
        site.engine.refresh()
    for name in names:
        site.admin.client().indices.put_alias(index=index, name=name, is_write_index=name != prefix)
    is_whole_again(site)


def test_a_block_of_a_full_disk_stops_writing_and_not_searching(site: Site) -> None:
    with broken(site, is_searchable=True):
        site.settings(index__blocks__read_only_allow_delete=True)
    assert answers(site)
    time.sleep(2)
    assert site.waiting() == 3
    site.settings(index__blocks__read_only_allow_delete=None)
    is_whole_again(site)


def test_a_bulk_that_is_too_much_now_goes_in_smaller_parts(site: Site) -> None:
    before = rejections(site)
    site.publish("Later", 400)
    is_whole_again(site)
    assert rejections(site) > before


def test_a_server_without_memory_refuses_and_recovers(site: Site) -> None:
    limit = "network.breaker.inflight_requests.limit"
    cluster = site.admin.client().cluster
    with broken(site):
        cluster.put_settings(persistent={limit: "1b"})
    cluster.put_settings(persistent={limit: None})
    is_whole_again(site)


def test_a_server_that_says_nothing_is_given_up_in_time(site: Site, node: Nodes) -> None:
    with node.held(), broken(site):
        with ThreadPoolExecutor(8) as readers:
            start = time.monotonic()
            told = list(readers.map(lambda path: site.web.get(path).status_code, PATHS * 10))
        assert set(told) == {503}
        seconds = time.monotonic() - start
        print(f"{len(told)} requests at once: {seconds:.2f} s")
        assert seconds < SEARCH_SECONDS + SLACK
    is_whole_again(site)


def test_a_killed_server_is_missed_at_once_and_taken_up_again(site: Site, node: Nodes) -> None:
    with broken(site):
        node.kill()
    node.restart()
    is_whole_again(site)


def test_a_killed_server_while_a_batch_is_sent_loses_nothing_of_it(site: Site, node: Nodes) -> None:
    """Whatever of it was written is written again."""
    for part in range(6):
        site.publish(f"Later {part}", 30)
        if part == 3:
            node.kill()
    refused(site)
    node.restart()
    is_whole_again(site)


def test_a_rebuild_gives_a_busy_server_time(site: Site) -> None:
    site.publish("Later", 400)
    # Only the rebuild is counted, not the thread before it.
    wait_until(lambda: site.waiting() == 0)
    before = rejections(site)
    site.indexer.rebuild()
    assert rejections(site) > before
    is_whole_again(site)


class Hasty(ElasticEngine):
    """Asks something slow and gives the server no time for it, which answers 200 with `timed_out` then."""

    partial = 0

    def _ask(self, asked: dict[str, Any]) -> Any:
        slow = {"bool": {"must": [asked["query"]], "filter": [SLOW]}}
        hurried = {**_named(asked), "query": slow, "timeout": "1nanos"}
        answer = dict(self._connection.client().search(index=self._names.read, **hurried))
        self.partial += answer["timed_out"]
        return answer


def hasty(config: Config) -> ElasticEngine:
    access, locks = Access(config.elasticsearch_url), IndexFolder(config.data_dir)
    return Hasty(access, config.elasticsearch_index, mapping(), ANALYSIS_VERSION, locks)


def test_half_an_answer_is_no_answer(tmp_path: Path, node: Nodes) -> None:
    with clusters.site(tmp_path, node.urls, engine_of=hasty) as made:
        # The clock is looked at between the segments of the index.
        for n in range(3):
            made.publish(f"Later {n}")
            wait_until(lambda: made.waiting() == 0)
        paths = ("/v1/entries?q=voorbeeld OR eerste OR later", "/?q=eerste OR later")
        refused(made, paths)
        assert isinstance(made.engine, Hasty)
        assert made.engine.partial == len(paths)


def test_a_server_starts_without_its_engine_and_catches_up_when_it_comes(tmp_path: Path, node: Nodes) -> None:
    settings = {
        "KENNIS_DATA_DIR": str(tmp_path), "KENNIS_SEARCH": "elasticsearch", "KENNIS_ELASTICSEARCH_URL": node.urls[0],
        "KENNIS_ELASTICSEARCH_INDEX": new_prefix(), "KENNIS_LANGUAGE": "en",
        "KENNIS_DATABASE_URL": databases.address(tmp_path),
        # Asked until the index is there; else the end of the minute would be waited for.
        "KENNIS_LIMIT": "1000000",
    }  # fmt: skip
    config = Config.from_env(settings)
    store = Store(config.database_url)
    store.upgrade()
    store_all(store, Context(NOW, config.public_url), [make("lesson", "Eerste", organisations=None)])
    store.close()
    node.kill()
    with served(settings, tmp_path / "log") as address:
        wait_until(lambda: status(f"{address}/v1/health/live") == 200)
        assert status(f"{address}/v1/entries?q=eerste") == 503
        assert status(f"{address}/v1/health/ready") == 503
        node.restart()
        print(f"found after {wait_until(lambda: status(f'{address}/v1/entries?q=eerste') == 200):.1f} s")
        assert status(f"{address}/v1/health/ready") == 200
    told = (tmp_path / "log").read_text("utf-8")
    assert "does not answer" in told
    assert "Traceback" not in told


@contextmanager
def served(settings: dict[str, str], log: Path) -> Iterator[str]:
    """`kennis serve` in a process of its own, as an operator starts it."""
    port = free_port()
    environment = {**os.environ, **settings}
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "kennis", "serve", "--port", str(port)], env=environment, cwd=ROOT,
            stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(60)


def status(address: str) -> int:
    """0 when nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0
