"""A whole database moved to another: the same rows with the same numbers, all of it or nothing."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from kennis.config import Config
from kennis.content import entries, marks, organisations
from kennis.errors import BadSetup
from kennis.store import Store, moving, schema, sequences, state
from kennis.store.base import Table
from kennis.store.models import Change, Entry, FormerSlug, IndexJob
from kennis.store.people import Account, AnsweredRequest, ApiKey, LoginSession, LoginTries, Mail, Reminder
from tests import databases
from tests.factories import make_organisation
from tests.unit.content.desk import ADMIN, CONTEXT, EDITOR, a_document, a_draft, an_organisation, later, published


def sqlite_file(folder: Path) -> str:
    return f"sqlite:///{folder}/kennis.db"


def an_account_with_everything(session: Session, entry_id: str) -> None:
    session.add(Account(id="a", email="a@kennis.example", name="A", role="editor", background="policy", created_on="x"))
    session.flush()
    session.add_all(
        [
            ApiKey(id="k", account_id="a", prefix="p", digest="d", name="n", scopes="read", created_on="x"),
            LoginTries(bucket="0000", tries=1, wait_until="x"),
            LoginSession(digest="d", account_id="a", created_at="x", used_at="x"),
            AnsweredRequest(account_id="a", digest="d", request_digest="r", status=201, headers="{}", body=b"{}",
                            answered_at="x"),
            Mail(account_id="a", subject="s", body="b", made_on="x", next_try_at="x"),
            Reminder(account_id="a", entry_id=entry_id, about="due", due_on="x"),
        ]
    )  # fmt: skip


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with a bit of everything, closed, to be copied: that takes a fraction of making one."""
    folder = tmp_path_factory.mktemp("filled")
    store = Store(sqlite_file(folder))
    store.upgrade()
    _fill(store)
    store.close()
    return folder / "kennis.db"


@pytest.fixture
def source(request: pytest.FixtureRequest, config: Config) -> Iterator[Store]:
    """A bit of everything: each table has a row."""
    if not databases.SERVER:
        shutil.copyfile(request.getfixturevalue("filled"), config.data_dir / "kennis.db")
    store = Store(config.database_url)
    if databases.SERVER:
        _fill(store)
    yield store
    store.close()


def _fill(store: Store) -> None:
    with store.transaction() as session:
        state.put(session, "demo", "2026-11-24")
        state.put(session, "index-position:embedded", "7")
        method = published(session, "method")
        document = a_document(session, "method", title="Een andere naam", sources=None)
        entries.revise(session, method.id, document, EDITOR, CONTEXT)
        lesson = published(session, "lesson", externalIds=[{"system": "movisie", "id": "x"}],
                           relations=[{"kind": "about", "targetId": method.id}])  # fmt: skip
        published(session, "story")
        a_draft(session, "intervention")
        waiting = a_draft(session, "training")
        entries.submit(session, waiting.id, EDITOR, CONTEXT)
        entries.take(session, waiting.id, EDITOR, CONTEXT)
        into = an_organisation(session, name="Zusterhuis")
        gone = organisations.create(session, make_organisation(name="A-huis"), EDITOR, CONTEXT)
        organisations.merge(session, gone.id, into, ADMIN, CONTEXT)
        marks.mark(session, lesson.id, {"organisationId": into, "appliedOn": "2026-11-01"}, EDITOR, CONTEXT)
        session.add(FormerSlug(slug="vroeger", entry_id=lesson.id))
        an_account_with_everything(session, lesson.id)
        gone_for_good = published(session, "method", title="Weg")
        entries.withdraw(session, gone_for_good.id, ADMIN, later(1))
    with store.transaction() as session:
        # A number that was given and whose row is gone is not given again.
        session.add(Change(entry_id="x", kind="method", action="updated", version=1, partner_use=True, at="x"))
        session.flush()
        session.execute(delete(Change).where(Change.entry_id == "x"))


@pytest.fixture(params=["here", "sqlite"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Of the kind of the tests, and always an SQLite file: with a server, that is both directions."""
    folder = tmp_path / "target"
    folder.mkdir()
    url = databases.configured(folder).database_url if request.param == "here" else sqlite_file(folder)
    opened = Store(url)
    yield opened
    opened.close()


def lines_of(store: Store) -> list[bytes]:
    with store.reading() as session:
        return list(moving.export(session))


def rows_of(store: Store) -> dict[str, list[Any]]:
    left_out = ("index-position:embedded", state.GENERATION)
    with store.reading() as session:
        found = {
            name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))]
            for name, table in Table.metadata.tables.items()
            if name not in moving.OF_INDEX_TABLES
        }
    found["state"] = [row for row in found["state"] if row[0] not in left_out]
    return found


def test_every_table_arrives_as_it_was(source: Store, target: Store) -> None:
    before = rows_of(source)
    assert all(before.values())
    number = moving.load(target, lines_of(source))
    assert rows_of(target) == before
    assert number == sum(len(rows) for rows in before.values()) + 1
    assert target.generation() > source.generation()


def test_numbers_go_on_where_they_were(source: Store, target: Store) -> None:
    moving.load(target, lines_of(source))
    with source.reading() as session:
        given = sequences.given(session.connection())
        highest = session.scalar(select(func.max(Change.id)))
    assert given["changes"] == (highest or 0) + 1
    with target.transaction() as session:
        published(session, "lesson", later(2), title="Nieuw")
    with target.reading() as session:
        assert session.scalar(select(func.max(Change.id))) == given["changes"] + 1
        assert (session.scalar(select(func.min(IndexJob.id))) or 0) > given["index_jobs"]


def test_the_outbox_holds_what_any_index_may_know(source: Store, target: Store) -> None:
    moving.load(target, lines_of(source))
    with target.reading() as session:
        waiting = set(session.scalars(select(IndexJob.entry_id)))
        public = set(session.scalars(select(Entry.id).where(Entry.index_version > 0)))
        assert state.get(session, "index-position:embedded") is None
    assert public < waiting
    assert len(waiting - public) == 1


def test_an_empty_database_of_an_older_version_is_brought_up_first(source: Store, target: Store) -> None:
    target.upgrade()
    schema.downgrade(target.engine, "0001")
    moving.load(target, lines_of(source))
    assert target.revision() == schema.HEAD
    assert rows_of(target)["entries"] == rows_of(source)["entries"]


def test_a_database_with_anything_in_it_is_left_alone(source: Store, target: Store) -> None:
    target.upgrade()
    with target.transaction() as session:
        an_organisation(session)
    before = rows_of(target)
    with pytest.raises(BadSetup, match="is not empty"):
        moving.load(target, lines_of(source))
    assert rows_of(target) == before


def _cut(lines: list[bytes]) -> list[bytes]:
    return lines[:-1]


def _shortened(lines: list[bytes]) -> list[bytes]:
    return [*lines[:5], *lines[6:]]


def _continued(lines: list[bytes]) -> list[bytes]:
    return [*lines, lines[1]]


def _broken_off(lines: list[bytes]) -> list[bytes]:
    return [*lines[:9], lines[9][:10]]


def _without_organisations(lines: list[bytes]) -> list[bytes]:
    kept = [line for line in lines[:-1] if b'"table":"organisations"' not in line]
    return [*kept, orjson.dumps({"end": len(kept) - 1})]


def _twice(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1], lines[1], orjson.dumps({"end": 2})]


def _of_another_version(lines: list[bytes]) -> list[bytes]:
    return [orjson.dumps({**orjson.loads(lines[0]), "schema": "0001"}), *lines[1:]]


def _strange_row(lines: list[bytes]) -> list[bytes]:
    return [lines[0], orjson.dumps({"table": "state", "row": {"key": "kanarie", "value": 7}}), *lines[1:]]


def _strange_table(lines: list[bytes]) -> list[bytes]:
    return [lines[0], orjson.dumps({"table": "kanarie", "row": {}}), *lines[1:]]


def _public_export(lines: list[bytes]) -> list[bytes]:
    return [b'{"kind": "organisation"}\n']


def _nothing(lines: list[bytes]) -> list[bytes]:
    return []


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_cut, "not whole"), (_shortened, "not whole"), (_continued, "not whole"), (_broken_off, "Line 10 cannot"),
        (_without_organisations, "cannot be stored"), (_twice, "Lines 2 to 3 cannot"),
        (_of_another_version, "tables version 0001"), (_strange_row, "Line 2 cannot"),
        (_strange_table, "Line 2 cannot"), (_public_export, "no full export"), (_nothing, "no full export"),
    ],
)  # fmt: skip
def test_what_is_not_a_whole_export_is_refused_and_nothing_stored(
    spoil: Any, words: str, source: Store, tmp_path: Path
) -> None:
    target = Store(databases.configured(tmp_path / "other").database_url)
    with pytest.raises(BadSetup, match=words) as caught:
        moving.load(target, spoil(lines_of(source)))
    assert "kanarie" not in str(caught.value)
    assert not any(rows_of(target).values())
    assert target.generation() == 0
    target.close()


def test_what_was_moved_can_be_moved_back(source: Store, target: Store, tmp_path: Path) -> None:
    moving.load(target, lines_of(source))
    (tmp_path / "again").mkdir()
    again = Store(sqlite_file(tmp_path / "again"))
    moving.load(again, lines_of(target))
    assert rows_of(again) == rows_of(source)
    again.close()
