"""A new index that is filled with what is being imported: it equals one that is read back from the database."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson
import pytest

from kennis.content import entries, exchange, reading, seeding
from kennis.content.derived import Worked
from kennis.content.exchange import Stored
from kennis.search.document import document
from kennis.search.drift import Drift
from kennis.search.indexing import Feed
from kennis.search.port import SearchRequest
from kennis.search.tree import MatchAll
from tests import databases
from tests.factories import make_entry
from tests.search.corpus import TODAY, make
from tests.search.library import Library, library
from tests.unit.content.desk import ADMIN

OLD = "Een boek dat er al was"
IDS = [f"00000000-0000-4000-8000-{number:012d}" for number in range(3)]


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Library]:
    with library(tmp_path, [make("method", OLD)]) as opened:
        yield opened


def _lines() -> Iterator[bytes]:
    for number, entry_id in enumerate(IDS):
        yield orjson.dumps({"kind": "lesson", "id": entry_id, **make_entry("lesson", title=f"Les {number}")})


def _importing(books: Library) -> Feed:
    def feed(stored: Stored) -> None:
        assert exchange.import_lines(books.store, _lines(), books.context, stored=stored).problems == []

    return feed


def _size(books: Library) -> int:
    books.engine.refresh()
    return books.engine.search(SearchRequest(MatchAll())).total


def test_what_is_imported_and_what_was_there_are_both_in_the_new_index(books: Library) -> None:
    assert books.indexer.rebuild(feed=_importing(books)) == 4
    assert _size(books) == 4
    assert books.indexer.check() == Drift()
    assert books.indexer.status().lag.waiting == 0


def test_what_is_handed_on_is_indexed_as_what_is_read_back(tmp_path: Path, books: Library) -> None:
    source = databases.of_commands(tmp_path / "source")
    source.upgrade()
    seeding.seed(source, books.context, checked_on=TODAY)
    with source.reading() as session:
        lines = list(exchange.export(session))
    source.close()
    handed: list[Worked] = []
    exchange.import_lines(books.store, lines, books.context, stored=handed.extend)
    made = {view.id: document(view, TODAY, derived) for view, derived in handed}
    with books.store.reading() as session:
        back = {view.id: document(view, TODAY) for view in reading.view(session, list(made), is_shown=False)}
    assert len(made) > 80
    assert made == back


def test_an_entry_that_changes_or_goes_meanwhile_is_indexed_as_it_is_then(books: Library) -> None:
    def feed(stored: Stored) -> None:
        _importing(books)(stored)
        with books.store.transaction() as session:
            entries.archive(session, IDS[0], "outdated", ADMIN, books.context)

    books.indexer.rebuild(feed=feed)
    assert _size(books) == 3
    assert books.indexer.check() == Drift()


def test_known_entries_of_a_file_are_not_handed_on_but_indexed(books: Library) -> None:
    _importing(books)(lambda _: None)
    handed: list[Sequence[Worked]] = []
    _importing(books)(handed.append)
    assert [len(one) for one in handed] == [0]
    assert books.indexer.rebuild(feed=_importing(books)) == 4
    assert books.indexer.check() == Drift()


def test_a_feed_that_fails_leaves_the_old_index_and_what_was_stored(books: Library) -> None:
    def feed(stored: Stored) -> None:
        _importing(books)(stored)
        raise RuntimeError

    before = sorted(path.name for path in books.config.index_dir.iterdir())
    with pytest.raises(RuntimeError):
        books.indexer.rebuild(feed=feed)
    assert sorted(path.name for path in books.config.index_dir.iterdir()) == before
    assert _size(books) == 1
    assert books.indexer.apply_all() == 3
    assert _size(books) == 4
