"""A new index that is filled with what is being imported: it equals one that is read back from the database."""

import errno
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import func, select

from kennis.content import entries, exchange, organisations, reading, seeding
from kennis.content.derived import Worked
from kennis.content.loading import Stored
from kennis.errors import BadSetup
from kennis.search.analysis import ANALYSIS_VERSION
from kennis.search.document import document
from kennis.search.drift import Drift
from kennis.search.embedded import EmbeddedEngine
from kennis.search.feeding import Feed
from kennis.search.indexing import Indexer
from kennis.search.mapping import mapping
from kennis.search.port import Alone, Build, Refused, SearchRequest, Write
from kennis.search.tree import MatchAll
from kennis.store.models import RelationRow
from tests import databases
from tests.factories import ORGANISATION, make_entry, make_organisation
from tests.search.corpus import TODAY, make
from tests.search.library import Library, library
from tests.unit.content.desk import ADMIN

ADDRESS = "Dorpsstraat 12, 1234 AB Voorbeelddorp"
OLD = "Een boek dat er al was"
IDS = [f"00000000-0000-4000-8000-{number:012d}" for number in range(3)]


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Library]:
    with library(tmp_path, [make("method", OLD)]) as opened:
        yield opened


def _lines(numbers: Iterable[int] = range(3), **more: Any) -> Iterator[bytes]:
    for number in numbers:
        made = make_entry("lesson", title=f"Les {number}", **more)
        yield orjson.dumps({"kind": "lesson", "id": f"00000000-0000-4000-8000-{number:012d}", **made})


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


class FullEngine(EmbeddedEngine):
    """Has no space for a new index."""

    def rebuild(self, fill: Build, finish: Build, *, keep_previous: bool, alone: Alone | None = None) -> None:
        super().rebuild(lambda _: fill(Full()), finish, keep_previous=keep_previous, alone=alone)


class Full:
    def write(self, _batch: Sequence[Write]) -> Refused:
        raise OSError(errno.ENOSPC, "No space left on device")

    def versions(self) -> dict[str, int]:
        return {}


def test_an_index_that_fails_half_way_does_not_stop_the_import(books: Library) -> None:
    full = FullEngine(books.config.index_dir, mapping(), ANALYSIS_VERSION)
    reports = []

    def feed(stored: Stored) -> None:
        relations = [{"kind": "similar-to", "targetId": "00000000-0000-4000-8000-000000000501"}]
        lines = [*_lines(relations=relations), *_lines(range(3, 502))]
        reports.append(exchange.import_lines(books.store, lines, books.context, stored=stored))

    with pytest.raises(BadSetup, match="no space left"):
        Indexer(books.store, full, lambda: TODAY).rebuild(feed=feed)
    assert [(report.entries.created, report.problems, report.untied) for report in reports] == [(502, [], [])]
    with books.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(RelationRow)) == 3
    assert _size(books) == 1
    books.indexer.apply_all()
    assert _size(books) == 503


def test_a_file_that_fails_is_not_taken_for_a_broken_index(books: Library) -> None:
    def feed(_: Stored) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"):
        books.indexer.rebuild(feed=feed)


@pytest.mark.parametrize(("change", "faults"), [({"name": "Zwanenmeer"}, []), ({"addressSecret": True}, [7])])
def test_an_organisation_that_changes_between_batches_is_taken_as_it_is_then(
    books: Library, change: dict[str, Any], faults: list[int]
) -> None:
    links = [{"organisationId": ORGANISATION, "role": "owner"}]

    lines = [
        orjson.dumps({"kind": "organisation", "id": ORGANISATION, **make_organisation(name="Eendenkooi")}),
        *_lines(range(5), organisations=links),
        *_lines([5], organisations=links, summary=f"Wie ernaartoe wil, gaat naar {ADDRESS}, elke dag."),
    ]

    def feed(stored: Stored) -> None:
        def then_changed(fresh: Sequence[Worked]) -> None:
            stored(fresh)
            if len(fresh) == 5:
                with books.store.transaction() as session:
                    held = organisations.get(session, ORGANISATION)
                    organisations.replace(session, held, {**held.content, **change}, ADMIN, books.context)

        report = exchange.import_lines(books.store, lines, books.context, stored=then_changed, size=5)
        assert [problem.line for problem in report.problems] == faults

    books.indexer.rebuild(feed=feed)
    old, new = (books.find(word).total for word in ("eendenkooi", "zwanenmeer"))
    assert (old, new) == ((5, 0) if faults else (0, 6))
