"""From the database to the index: nothing is lost, nothing comes back, and a difference is found and mended."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from kennis.config import Config
from kennis.content.views import EntryView
from kennis.errors import BadSetup, SearchUnavailable
from kennis.search.analysis import ANALYSIS_VERSION
from kennis.search.background import IndexThread
from kennis.search.document import document
from kennis.search.drift import Drift
from kennis.search.embedded import EmbeddedEngine
from kennis.search.index_state import IndexState
from kennis.search.indexing import Indexer
from kennis.search.lag import removal_waits
from kennis.search.mapping import mapping
from kennis.search.port import Alone, Build, FreshIndex, IndexDocument, Refused, Removal, SearchRequest, Write
from kennis.search.tree import FieldTerm, MatchAll
from kennis.store.models import Entry, FragmentRow, IndexJob
from tests.search.corpus import TODAY, make
from tests.search.faulty import FaultyEngine
from tests.search.library import Library, library, store_all
from tests.source import ROOT
from tests.waiting import PATIENCE, wait_until


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Library]:
    with library(tmp_path, [make("method", f"Boek {n}") for n in range(5)]) as opened:
        yield opened


def add(books: Library, *views: EntryView) -> None:
    store_all(books.store, books.context, views, with_organisations=False)


def change(books: Library, view: EntryView, **columns: object) -> None:
    """A new state of the row with its job, as every step of the status machine leaves it."""
    with books.store.transaction() as session:
        version = session.get_one(Entry, view.id).index_version + 1
        session.execute(update(Entry).where(Entry.id == view.id).values(index_version=version, **columns))
        if columns.get("status", "published") != "published":
            session.execute(delete(FragmentRow).where(FragmentRow.entry_id == view.id))
        session.add(IndexJob(entry_id=view.id, index_version=version, created=books.context.stamp))


def is_found(books: Library, view: EntryView) -> bool:
    books.engine.refresh()
    return books.engine.search(SearchRequest(FieldTerm("id", view.id))).total == 1


def test_a_job_that_waits_is_applied_once(books: Library) -> None:
    new = make("lesson", "Een nieuwe les")
    add(books, new)
    assert not is_found(books, new)
    assert books.indexer.status().lag.waiting == 1
    assert books.indexer.apply_pending() == 1
    assert is_found(books, new)
    assert books.indexer.apply_pending() == 0
    assert books.indexer.status().lag.waiting == 0


def test_an_engine_is_asked_nothing_while_nothing_waits(books: Library, tmp_path: Path) -> None:
    engine = FaultyEngine(tmp_path / "faulty")
    indexer = Indexer(books.store, engine, lambda: TODAY)
    indexer.rebuild()
    engine.is_down = True
    assert indexer.apply_pending() == 0
    add(books, make("lesson", "Een nieuwe les"))
    with pytest.raises(BadSetup):
        indexer.apply_pending()
    engine.close()


def test_what_is_applied_raises_the_generation(books: Library) -> None:
    add(books, make("lesson", "Een nieuwe les"))
    before = books.store.generation()
    books.indexer.apply_pending()
    assert books.store.generation() > before


@pytest.mark.parametrize("status", ["archived", "in-review", "draft", "rejected"])
def test_an_entry_that_is_no_longer_published_leaves_the_index(books: Library, status: str) -> None:
    view = make("method", "Boek 1")
    assert is_found(books, view)
    change(books, view, status=status)
    books.indexer.apply_all()
    assert not is_found(books, view)


def test_a_row_that_is_gone_leaves_the_index(books: Library) -> None:
    view = make("method", "Boek 1")
    with books.store.transaction() as session:
        session.execute(delete(Entry).where(Entry.id == view.id))
        session.add(IndexJob(entry_id=view.id, index_version=2, created=books.context.stamp))
    books.indexer.apply_all()
    assert not is_found(books, view)


def test_many_jobs_of_one_entry_are_one_write_of_its_present_state(books: Library) -> None:
    view = make("method", "Boek 1")
    for n in range(5):
        change(books, view, content={**view.content, "title": f"Titel {n}"})
    assert books.indexer.apply_pending() == 5
    assert books.engine.search(SearchRequest(FieldTerm("exactNames", "titel4"))).total == 1
    assert books.engine.search(SearchRequest(FieldTerm("exactNames", "titel3"))).total == 0


def test_an_older_write_never_wins(books: Library) -> None:
    view = make("method", "Boek 1")
    new = document(replace(view, index_version=7, content={**view.content, "title": "Nieuw"}), TODAY)
    old = document(replace(view, index_version=6, content={**view.content, "title": "Oud"}), TODAY)
    assert new is not None
    assert old is not None
    books.engine.write([new])
    books.engine.write([old])
    books.engine.write([Removal(view.id, 5)])
    assert books.engine.versions()[view.id] == 7
    assert books.engine.search(SearchRequest(FieldTerm("exactNames", "nieuw"))).total == 1


def test_an_engine_that_is_down_loses_nothing(books: Library) -> None:
    pointer = books.config.index_dir / "current.json"
    kept = pointer.read_bytes()
    pointer.unlink()
    new = make("lesson", "Een nieuwe les")
    add(books, new)
    books.engine.refresh()
    with pytest.raises(BadSetup):
        books.indexer.apply_pending()
    with pytest.raises(SearchUnavailable):
        books.find("boek")
    pointer.write_bytes(kept)
    assert books.indexer.apply_all() == 1
    assert is_found(books, new)


def test_catching_up_at_the_start_builds_what_is_not_there(books: Library) -> None:
    other = EmbeddedEngine(books.config.data_dir / "other", mapping(), ANALYSIS_VERSION)
    seen: list[tuple[int, int]] = []
    Indexer(books.store, other, lambda: TODAY).catch_up(lambda done, total: seen.append((done, total)))
    assert other.versions() == books.engine.versions()
    assert seen == [(0, 5), (5, 5)]


def test_an_index_of_another_version_is_not_read_and_says_what_to_do(books: Library) -> None:
    other = EmbeddedEngine(books.config.index_dir, mapping(), ANALYSIS_VERSION + "x")
    with pytest.raises(SearchUnavailable) as refused:
        other.search(SearchRequest(MatchAll()))
    assert "kennis index rebuild" in refused.value.message.nl
    assert str(books.config.index_dir) in refused.value.message.en
    add(books, make("lesson", "Een nieuwe les"))
    with pytest.raises(BadSetup):
        Indexer(books.store, other).apply_pending()
    Indexer(books.store, other, lambda: TODAY).catch_up()
    assert len(other.versions()) == 6


@pytest.mark.parametrize("text", ["", "{", "[]", '{"folder": 1}'])
def test_a_damaged_pointer_is_one_clear_sentence(books: Library, text: str) -> None:
    pointer = books.config.index_dir / "current.json"
    pointer.write_text(text)
    fresh = EmbeddedEngine(books.config.index_dir, mapping(), ANALYSIS_VERSION)
    assert not fresh.status().is_ready
    assert str(pointer) in fresh.status().problem_nl


# Rebuilding


def test_what_changes_during_a_rebuild_is_in_the_new_index(books: Library) -> None:
    late, gone = make("lesson", "Kwam erbij"), make("method", "Boek 1")

    def meanwhile(done: int, total: int) -> None:
        if done:
            return
        add(books, late)
        change(books, gone, status="archived")
        books.indexer.apply_all()

    books.indexer.rebuild(meanwhile)
    assert is_found(books, late)
    assert not is_found(books, gone)
    assert books.indexer.check() == Drift((), (), ())


def test_search_answers_all_through_a_rebuild(books: Library) -> None:
    totals = []

    def meanwhile(done: int, total: int) -> None:
        books.engine.refresh()
        totals.append(books.find("boek").total)

    books.indexer.rebuild(meanwhile)
    assert totals == [5, 5]
    assert books.find("boek").total == 5


class LosingEngine(EmbeddedEngine):
    """Writes to a new index get lost, as on a broken disk."""

    def rebuild(self, fill: Build, finish: Build, *, keep_previous: bool, alone: Alone | None = None) -> None:
        super().rebuild(lambda _: fill(Lost()), finish, keep_previous=keep_previous, alone=alone)


class Lost:
    def write(self, _batch: Sequence[Write]) -> Refused:
        return {}

    def versions(self) -> dict[str, int]:
        return {}


def test_a_new_index_that_differs_from_the_database_is_thrown_away(books: Library) -> None:
    losing = LosingEngine(books.config.index_dir, mapping(), ANALYSIS_VERSION)
    before = sorted(p.name for p in books.config.index_dir.iterdir())
    with pytest.raises(BadSetup) as refused:
        Indexer(books.store, losing, lambda: TODAY).rebuild()
    assert "5" in refused.value.message.nl
    assert sorted(p.name for p in books.config.index_dir.iterdir()) == before
    assert books.find("boek").total == 5


def test_a_rebuild_that_fails_leaves_nothing_behind(books: Library) -> None:
    def fail(fresh: FreshIndex) -> None:
        raise RuntimeError

    before = sorted(p.name for p in books.config.index_dir.iterdir())
    with pytest.raises(RuntimeError):
        books.engine.rebuild(fail, lambda _: None, keep_previous=True)
    after = sorted(p.name for p in books.config.index_dir.iterdir())
    assert [n for n in after if not n.endswith(".lock")] == [n for n in before if not n.endswith(".lock")]


def folders(books: Library) -> list[str]:
    return [p.name for p in books.config.index_dir.iterdir() if p.is_dir()]


def test_the_previous_index_is_kept_for_one_step_back(books: Library) -> None:
    for _ in range(3):
        books.indexer.rebuild()
    assert len(folders(books)) == 2
    assert books.engine.roll_back()
    assert len(folders(books)) == 1
    assert not books.engine.roll_back()
    assert books.find("boek").total == 5


def test_after_an_erasure_no_previous_index_is_kept(books: Library) -> None:
    books.indexer.rebuild()
    books.indexer.rebuild(keep_previous=False)
    assert len(folders(books)) == 1
    assert not books.engine.roll_back()


def test_what_a_killed_rebuild_left_is_cleared_by_the_next(books: Library) -> None:
    (books.config.index_dir / "1-left-over").mkdir()
    books.indexer.rebuild(keep_previous=False)
    assert "1-left-over" not in folders(books)


def test_two_rebuilds_do_not_run_at_once(books: Library) -> None:
    def second(done: int, total: int) -> None:
        other = EmbeddedEngine(books.config.index_dir, mapping(), ANALYSIS_VERSION)
        with pytest.raises(SearchUnavailable):
            Indexer(books.store, other, lambda: TODAY).rebuild()

    thread_errors: list[BaseException] = []

    def in_another_thread(done: int, total: int) -> None:
        def run() -> None:
            try:
                second(done, total)
            except BaseException as error:
                thread_errors.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()

    books.indexer.rebuild(in_another_thread)
    assert thread_errors == []


# Checking


def test_a_check_finds_and_mends_missing_stale_and_orphan_documents(books: Library) -> None:
    missing, stale, orphan = make("method", "Boek 1"), make("method", "Boek 2"), make("method", "Vreemd")
    stranger = document(orphan, TODAY)
    assert stranger is not None
    books.engine.write([Removal(missing.id, 1), IndexDocument(orphan.id, 9, stranger.fields)])
    with books.store.transaction() as session:
        session.execute(update(Entry).where(Entry.id == stale.id).values(index_version=3))
    drift = Drift((missing.id,), (stale.id,), (orphan.id,))
    assert books.indexer.check() == drift
    assert books.indexer.check(fix=True) == drift
    assert books.indexer.check() == Drift((), (), ())
    assert books.engine.versions()[stale.id] == 3


def test_a_document_from_the_future_is_mended_too(books: Library) -> None:
    view = make("method", "Boek 1")
    made = document(replace(view, index_version=99), TODAY)
    assert made is not None
    books.engine.write([made])
    assert books.indexer.check(fix=True).stale == (view.id,)
    assert books.engine.versions()[view.id] == 1


def test_what_waits_in_the_outbox_is_no_drift(books: Library) -> None:
    add(books, make("lesson", "Een nieuwe les"))
    change(books, make("method", "Boek 1"), status="archived")
    assert not books.indexer.check()


def test_a_removal_that_waits_is_known(books: Library) -> None:
    view = make("method", "Boek 1")
    assert not removal_waits(books.store, "embedded")
    change(books, view)
    assert not removal_waits(books.store, "embedded")
    change(books, view, status="archived")
    assert removal_waits(books.store, "embedded")
    books.indexer.apply_all()
    assert not removal_waits(books.store, "embedded")


# Processes and threads


def test_another_process_sees_what_was_written(books: Library) -> None:
    reader = EmbeddedEngine(books.config.index_dir, mapping(), ANALYSIS_VERSION)
    state = IndexState(books.store, reader)
    state.look()
    assert reader.search(SearchRequest(MatchAll())).total == 5
    add(books, make("lesson", "Een nieuwe les"))
    books.indexer.apply_all()
    state.look()
    assert reader.search(SearchRequest(MatchAll())).total == 6
    books.indexer.rebuild()
    state.look()
    assert reader.status().index == books.engine.status().index


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_an_engine_may_be_used_after_a_fork(books: Library) -> None:
    assert books.find("boek").total == 5
    child = os.fork()
    if child == 0:
        os._exit(0 if books.engine.search(SearchRequest(MatchAll())).total == 5 else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert books.find("boek").total == 5


def test_two_writers_wait_for_each_other(books: Library) -> None:
    other = EmbeddedEngine(books.config.index_dir, mapping(), ANALYSIS_VERSION)
    made = [document(make("lesson", f"Les {n}"), TODAY) for n in range(8)]
    threads = [
        threading.Thread(target=engine.write, args=([doc],))
        for doc, engine in zip(made, (books.engine, other) * 4, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    books.engine.refresh()
    assert len(books.engine.versions()) == 13


def test_the_thread_applies_what_it_is_woken_for(books: Library) -> None:
    thread = IndexThread(books.indexer, poll=10 * PATIENCE)
    thread.start()
    try:
        new = make("lesson", "Een nieuwe les")
        add(books, new)
        thread.wake()
        wait_until(lambda: is_found(books, new), "the new text in the index")
    finally:
        thread.stop()


@pytest.mark.slow
@pytest.mark.parametrize("way", ["apply", "rebuild"])
def test_a_killed_process_loses_nothing(books: Library, way: str) -> None:
    chance = random.Random(3)
    acknowledged: list[int] = []
    for attempt in range(4):
        acknowledged += _run_until_killed(books.config, attempt * 10_000, way, chance.uniform(0.05, 0.4))
        books.engine.refresh()
        books.indexer.catch_up()
        assert not books.indexer.check(), attempt
    assert len(books.engine.versions()) >= 5 + len(acknowledged)
    held = books.engine.versions()
    assert [n for n in acknowledged if make("lesson", f"Gedood proces {n}").id not in held] == []


def _run_until_killed(config: Config, start: int, way: str, seconds: float) -> list[int]:
    """The numbers whose transaction the process acknowledged before it died."""
    command = [sys.executable, "-m", "tests.search.killed", str(config.data_dir), config.database_url, str(start), way]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        return [int(line) for line in process.stdout.read().splitlines() if line.isdigit()]
