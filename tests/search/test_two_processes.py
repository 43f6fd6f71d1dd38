"""Two processes over one database and one index: the outbox is drained by one at a time, and nothing is done twice."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from kennis.search.analysis import ANALYSIS_VERSION
from kennis.search.embedded import EmbeddedEngine
from kennis.search.indexing import Indexer
from kennis.search.mapping import mapping
from kennis.search.port import Write
from kennis.store import Store
from tests.search.corpus import TODAY, make
from tests.search.library import Library, library, store_all

WRITTEN = 40


class Recording(EmbeddedEngine):
    """Notes what it writes."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, mapping(), ANALYSIS_VERSION)
        self.written: list[str] = []

    def write(self, batch: Sequence[Write]) -> Any:
        self.written += [write.id for write in batch]
        return super().write(batch)


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Library]:
    with library(tmp_path, [make("method", "Boek")]) as opened:
        yield opened


def test_two_processes_apply_every_job_once_and_in_order(books: Library) -> None:
    engines = [Recording(books.config.index_dir) for _ in range(2)]
    stores = [Store(books.store.url) for _ in engines]
    indexers = [Indexer(s, e, lambda: TODAY) for s, e in zip(stores, engines, strict=True)]
    views = [make("lesson", f"Les {n}", organisations=None) for n in range(WRITTEN)]
    is_written = threading.Event()
    faults: list[BaseException] = []

    def drain(indexer: Indexer) -> None:
        try:
            while indexer.apply_pending(limit=3) or not is_written.is_set():
                pass
            indexer.apply_all()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=drain, args=(indexer,)) for indexer in indexers]
    for thread in threads:
        thread.start()
    for view in views:
        store_all(books.store, books.context, [view], with_organisations=False)
    is_written.set()
    for thread in threads:
        thread.join()
    assert faults == []
    applied = [*engines[0].written, *engines[1].written]
    assert sorted(applied) == sorted(view.id for view in views)
    assert books.indexer.status().lag.waiting == 0
    assert not books.indexer.check()
    for opened in (*engines, *stores):
        opened.close()


def test_machines_with_an_index_each_both_learn_of_every_change(books: Library, tmp_path: Path) -> None:
    """One position for two indices would make each miss what the other applied."""
    engines = [
        EmbeddedEngine(tmp_path / name, mapping(), ANALYSIS_VERSION, has_siblings=True) for name in ("one", "two")
    ]
    indexers = [Indexer(books.store, engine, lambda: TODAY) for engine in engines]
    for indexer in indexers:
        indexer.rebuild()
    new = make("lesson", "Nieuw", organisations=None)
    store_all(books.store, books.context, [new], with_organisations=False)
    for indexer, engine in zip(indexers, engines, strict=True):
        assert indexer.apply_all() == 1
        engine.refresh()
        assert new.id in engine.versions()
        engine.close()
    again = EmbeddedEngine(tmp_path / "one", mapping(), ANALYSIS_VERSION, has_siblings=True)
    assert again.name == engines[0].name != engines[1].name
    assert Indexer(books.store, again, lambda: TODAY).status().lag.waiting == 0
    again.close()
