"""A rebuild of a real Elasticsearch while others write and search: no write is lost, no search sees a gap."""

import threading
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from sqlalchemy import select, update

from kennis.content import entries, exchange
from kennis.content.context import Context
from kennis.content.loading import Stored
from kennis.search.drift import Drift
from kennis.search.elastic import ElasticEngine
from kennis.search.indexing import Indexer
from kennis.search.port import SearchRequest
from kennis.search.tree import MatchAll
from kennis.store import Store
from kennis.store.models import Entry, IndexJob
from tests import databases
from tests.factories import make_entry
from tests.search import elastic
from tests.search.corpus import TODAY, everything
from tests.search.library import NOW, store_all
from tests.unit.content.desk import ADMIN

ENTRIES, REBUILDS = 600, 3


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    config = databases.configured(tmp_path)
    opened = Store(config.database_url)
    opened.upgrade()
    store_all(opened, Context(NOW, config.public_url), everything(ENTRIES))
    yield opened
    opened.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[ElasticEngine]:
    with elastic.elastic_engine(tmp_path / "locks") as made:
        yield made


def change(store: Store, entry_id: str) -> None:
    with store.transaction() as session:
        version = session.scalar(
            update(Entry)
            .where(Entry.id == entry_id)
            .values(index_version=Entry.index_version + 1)
            .returning(Entry.index_version)
        )
        session.add(IndexJob(entry_id=entry_id, index_version=version, created="2026-11-24T09:00:00Z"))


def test_a_rebuild_under_writes_and_searches_loses_and_doubles_nothing(store: Store, engine: ElasticEngine) -> None:
    with store.reading() as session:
        ids = sorted(session.scalars(select(Entry.id)))
    indexer = Indexer(store, engine, lambda: TODAY)
    indexer.rebuild()
    is_over = threading.Event()
    faults: list[object] = []
    done = {"writes": 0, "searches": 0}

    def write() -> None:
        own = Indexer(store, engine, lambda: TODAY)
        while not is_over.is_set():
            change(store, ids[done["writes"] * 7 % len(ids)])
            own.apply_pending()
            done["writes"] += 1

    def search() -> None:
        while not is_over.is_set():
            found = engine.search(SearchRequest(MatchAll(), sort="id", limit=1000))
            if [hit.id for hit in found.hits] != ids or found.total != len(ids):
                faults.append((found.total, len(found.hits)))
            done["searches"] += 1

    def kept(work: object) -> None:
        try:
            work()  # type: ignore[operator]
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=kept, args=(work,)) for work in (write, search)]
    for thread in threads:
        thread.start()
    for _ in range(REBUILDS):
        indexer.rebuild()
    is_over.set()
    for thread in threads:
        thread.join()
    indexer.apply_all()
    assert faults == []
    assert done["writes"] > REBUILDS
    assert done["searches"] > REBUILDS
    assert not indexer.check()


def test_a_new_index_takes_what_is_imported_meanwhile_as_it_is_at_the_end(store: Store, engine: ElasticEngine) -> None:
    context, ids = Context(NOW, ""), [f"00000000-0000-4000-8000-{number:012d}" for number in range(3)]
    lines = [orjson.dumps({"kind": "lesson", "id": one, **make_entry("lesson", title=one)}) for one in ids]

    def feed(stored: Stored) -> None:
        assert exchange.import_lines(store, lines, context, stored=stored).problems == []
        with store.transaction() as session:
            entries.withdraw(session, ids[0], ADMIN, context)

    indexer = Indexer(store, engine, lambda: TODAY)
    expected = indexer.rebuild() + 2
    assert indexer.rebuild(feed=feed) == expected
    assert engine.search(SearchRequest(MatchAll())).total == expected
    assert indexer.check() == Drift()
