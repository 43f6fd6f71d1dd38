"""Facets that are counted beside the search, as in a large index: the same answers, whoever counts."""

import os
import threading
from collections.abc import Iterator

import pytest

from kennis.errors import SearchUnavailable
from kennis.search.analysis import ANALYSIS_VERSION
from kennis.search.beside import Threads
from kennis.search.embedded import EmbeddedEngine
from kennis.search.mapping import mapping
from kennis.search.port import AnyOf, FacetCount, SearchRequest
from kennis.search.tree import FieldTerm, MatchAll
from tests.search.library import Library

FACETS = tuple(FacetCount(field, 100) for field in ("kind", "topic", "audience", "recognition"))
REQUESTS = (
    SearchRequest(MatchAll(), facets=FACETS),
    SearchRequest(MatchAll(), facets=FACETS, limit=0),
    SearchRequest(MatchAll(), facets=FACETS, selections=(AnyOf("kind", ("method",)),), offset=3),
    SearchRequest(FieldTerm("body", "geweld"), facets=FACETS, sort="sortTitle"),
    SearchRequest(FieldTerm("body", "nergens"), facets=FACETS),
    SearchRequest(MatchAll()),
)


@pytest.fixture
def beside(corpus: Library) -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(corpus.config.index_dir, mapping(), ANALYSIS_VERSION, beside_from=0)
    yield engine
    engine.close()


@pytest.mark.parametrize("request_", REQUESTS)
def test_the_answer_is_the_same(corpus: Library, beside: EmbeddedEngine, request_: SearchRequest) -> None:
    assert beside.search(request_) == corpus.engine.search(request_)


def test_who_searches_counts_himself_while_all_threads_are_busy(corpus: Library, beside: EmbeddedEngine) -> None:
    go_on = threading.Event()
    try:
        for _ in range(2 * (os.cpu_count() or 1)):
            beside._threads.submit(go_on.wait)
        assert beside.search(REQUESTS[0]) == corpus.engine.search(REQUESTS[0])
    finally:
        go_on.set()


@pytest.mark.parametrize("request_", [
    SearchRequest(MatchAll(), facets=(FacetCount("body", 10),)),
    SearchRequest(MatchAll(), facets=FACETS, sort="unknown"),
])  # fmt: skip
def test_a_failure_of_either_half_is_told(beside: EmbeddedEngine, request_: SearchRequest) -> None:
    with pytest.raises(SearchUnavailable):
        beside.search(request_)
    assert beside.search(REQUESTS[0]).total > 0


def test_work_for_threads_that_were_closed_is_left_to_who_asks() -> None:
    threads = Threads()
    threads._pool().shutdown()
    assert threads.submit(os.getpid).cancel()


def test_a_search_goes_on_after_the_engine_was_closed(corpus: Library, beside: EmbeddedEngine) -> None:
    beside.search(REQUESTS[0])
    beside.close()
    assert beside.search(REQUESTS[0]) == corpus.engine.search(REQUESTS[0])


def test_a_forked_process_has_threads_of_its_own() -> None:
    threads = Threads()
    assert threads.submit(os.getpid).result() == os.getpid()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(write, str(threads.submit(os.getpid).result(5)).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as told:
        assert told.read() == str(child)
    os.waitpid(child, 0)
    threads.close()
