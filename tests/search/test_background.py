"""The thread of the index: it asks less of a busy engine, waits longer for one that is down, and stops well."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kennis.errors import SearchBusy, SearchUnavailable
from kennis.search.background import FIRST_PAUSE, LONGEST_PAUSE, IndexThread, Pace
from kennis.search.indexing import BATCH, Indexer
from kennis.search.port import Refused, Write
from tests.search.corpus import TODAY, make
from tests.search.faulty import FaultyEngine
from tests.search.library import Library, library, store_all
from tests.waiting import wait_until


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Library]:
    with library(tmp_path, [make("method", "Boek")]) as opened:
        yield opened


def at_once(_least: float, _most: float) -> float:
    return 0.0


def test_pauses_double_up_to_a_limit_and_no_two_are_alike() -> None:
    asked: list[tuple[float, float]] = []

    def chance(least: float, most: float) -> float:
        asked.append((least, most))
        return most

    pace = Pace(chance)
    pauses = [pace.failed(SearchUnavailable()) for _ in range(8)]
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert asked[0] == (FIRST_PAUSE / 2, FIRST_PAUSE)
    assert asked[-1] == (LONGEST_PAUSE / 2, LONGEST_PAUSE)
    assert pace.size == BATCH
    pace.went_well()
    assert pace.failed(SearchUnavailable()) == FIRST_PAUSE


def test_a_busy_engine_gets_half_and_then_step_by_step_more() -> None:
    pace = Pace(at_once)
    sizes = []
    for _ in range(10):
        pace.failed(SearchBusy())
        sizes.append(pace.size)
    assert sizes == [250, 125, 62, 31, 15, 7, 3, 1, 1, 1]
    pace.went_well()
    assert pace.size == 2
    for _ in range(9):
        pace.went_well()
    assert pace.size == BATCH


def test_what_waited_for_an_engine_is_applied_by_itself(books: Library, tmp_path: Path) -> None:
    engine = FaultyEngine(tmp_path / "faulty")
    engine.is_down, engine.most = True, 2
    indexer = Indexer(books.store, engine, lambda: TODAY)
    thread = IndexThread(indexer, at_once)
    thread.start()
    try:
        engine.is_down = False
        wait_until(lambda: indexer.status().engine.is_ready)
        engine.is_down = True
        views = [make("lesson", f"Les {n}", organisations=None) for n in range(7)]
        store_all(books.store, books.context, views, with_organisations=False)
        engine.is_down = False
        thread.wake()
        wait_until(lambda: indexer.lag().waiting == 0)
        engine.refresh()
        assert {view.id for view in views} <= engine.versions().keys()
        assert max(engine.sizes) > 2 >= engine.sizes[-1], "it began with all of them and ended with parts"
    finally:
        thread.stop()
        engine.close()


def test_the_batch_in_hand_is_finished_at_a_stop_and_no_other_is_begun(books: Library, tmp_path: Path) -> None:
    class Slow(FaultyEngine):
        has_begun, may_end = threading.Event(), threading.Event()

        def write(self, batch: Sequence[Write]) -> Refused:
            self.has_begun.set()
            self.may_end.wait(20)
            return super().write(batch)

    engine = Slow(tmp_path / "slow")
    indexer = Indexer(books.store, engine, lambda: TODAY)
    indexer.rebuild()
    views = [make("lesson", f"Les {n}", organisations=None) for n in range(BATCH + 1)]
    store_all(books.store, books.context, views, with_organisations=False)
    thread = IndexThread(indexer)
    thread.start()
    engine.has_begun.wait(20)
    thread.ask_to_stop()
    engine.may_end.set()
    thread.stop()
    assert indexer.lag().waiting == 1
    assert len(engine.versions()) == 1 + BATCH
    engine.close()


def test_two_engines_are_fed_by_the_same_outbox_each_at_its_own_pace(books: Library, tmp_path: Path) -> None:
    first = FaultyEngine(tmp_path / "first")
    indexers = [Indexer(books.store, first, lambda: TODAY), books.indexer]
    indexers[0].rebuild()
    new = make("lesson", "Nieuw", organisations=None)
    store_all(books.store, books.context, [new], with_organisations=False)
    first.is_down = True
    threads = [IndexThread(indexer) for indexer in indexers]
    for thread in threads:
        thread.start()
    wait_until(lambda: books.indexer.lag().waiting == 0)
    for thread in threads:
        thread.stop()
    assert [indexer.lag().waiting for indexer in indexers] == [1, 0]
    first.is_down = False
    assert indexers[0].apply_all() == 1
    first.refresh()
    books.engine.refresh()
    assert first.versions() == books.engine.versions()
    first.close()
