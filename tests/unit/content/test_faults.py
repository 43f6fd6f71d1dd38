"""A step that fails anywhere leaves the database as it was: change, revision, fragments, job and record are one."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from kennis.content import entries, exchange, organisations
from kennis.store import Store
from kennis.store.base import Table
from kennis.store.models import Entry
from tests.factories import make_organisation
from tests.unit.content.desk import (
    ADMIN,
    AUTHOR,
    CONTEXT,
    EDITOR,
    NOW,
    SECOND,
    a_document,
    a_draft,
    approve_all,
    bring_to_review,
    later,
    published,
)

Step = Callable[[Session, str], object]


class Broken(Exception):
    """What the test throws in between."""


def state_of(store: Store) -> str:
    with store.reading() as session:
        return repr([session.execute(table.select()).all() for table in Table.metadata.sorted_tables])


def ready_to_publish(session: Session) -> str:
    entry = bring_to_review(session, a_draft(session))
    approve_all(session, entry.id)
    return entry.id


def with_copy(session: Session) -> str:
    entry = published(session)
    entries.revise(session, entry.id, a_document(session, "method", title="Nieuw hier"), AUTHOR, CONTEXT)
    entries.submit(session, entry.id, AUTHOR, CONTEXT, copy=True)
    approve_all(session, entry.id, copy=True)
    return entry.id


def named_by_another(session: Session) -> str:
    entry = published(session)
    published(session, title="Noemt de ander", relations=[{"kind": "similar-to", "targetId": entry.id}])
    return entry.id


def archived(session: Session) -> str:
    entry = published(session)
    entries.archive(session, entry.id, "outdated", EDITOR, CONTEXT)
    return entry.id


def rename(session: Session, entry_id: str) -> None:
    organisation_id = session.get_one(Entry, entry_id).content["contact"]["organisationId"]
    organisations.revise(session, organisation_id, make_organisation(name="Nieuwe naam"), EDITOR, CONTEXT)


def upkeep(session: Session, entry_id: str) -> None:
    document = a_document(session, "method", externalIds=[{"system": "doi", "id": "10.1/x"}])
    entries.revise(session, entry_id, document, EDITOR, CONTEXT)


CASES: list[tuple[str, Callable[[Session], str], Step]] = [
    ("create", lambda s: published(s).id, lambda s, _: a_draft(s, title="Een nieuw stuk")),
    ("submit", lambda s: a_draft(s).id, lambda s, i: entries.submit(s, i, EDITOR, CONTEXT)),
    ("publish", ready_to_publish, lambda s, i: entries.publish(s, i, SECOND, CONTEXT)),
    ("publish copy", with_copy, lambda s, i: entries.publish(s, i, EDITOR, CONTEXT, copy=True)),
    ("confirm", lambda s: published(s).id, lambda s, i: entries.confirm(s, i, EDITOR, later(1))),
    ("upkeep", lambda s: published(s).id, upkeep),
    ("archive", named_by_another, lambda s, i: entries.archive(s, i, "outdated", EDITOR, CONTEXT)),
    ("restore", archived, lambda s, i: entries.restore(s, i, EDITOR, CONTEXT)),
    ("withdraw", named_by_another, lambda s, i: entries.withdraw(s, i, ADMIN, CONTEXT)),
    ("rename organisation", lambda s: published(s).id, rename),
]


@pytest.mark.req("V10")
@pytest.mark.parametrize(("prepare", "step"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_fault_at_any_statement_leaves_nothing(store: Store, prepare: Callable[[Session], str], step: Step) -> None:
    with store.transaction() as session:
        entry_id = prepare(session)
    before, generation = state_of(store), store.generation()
    faults = break_everywhere(store, lambda session: step(session, entry_id), before)
    assert faults > 3
    assert state_of(store) != before
    assert store.generation() >= generation


def break_everywhere(store: Store, step: Callable[[Session], object], before: str) -> int:
    """Let the first statement fail, then the second ... until the step gets through; how many failed."""
    fuse = {"left": -1}

    def burn(*_: Any) -> None:
        if fuse["left"] == 0:
            raise Broken
        fuse["left"] -= 1

    event.listen(store.engine, "before_cursor_execute", burn)
    try:
        for faults in range(200):
            fuse["left"] = faults + 1  # the first is BEGIN
            try:
                with store.transaction() as session:
                    step(session)
            except Broken:
                fuse["left"] = -1
                assert state_of(store) == before, f"statement {faults} left something"
                continue
            fuse["left"] = -1
            return faults
    finally:
        event.remove(store.engine, "before_cursor_execute", burn)
    raise AssertionError("the step never got through")


@pytest.mark.req("V10")
def test_a_fault_in_an_import_leaves_nothing_of_its_batch(store: Store) -> None:
    with store.transaction() as session:
        document = a_document(session, "method", publishedAt=NOW.isoformat())
    line = orjson.dumps({"kind": "method", **document})
    before = state_of(store)
    fuse = {"left": 12}

    def burn(*_: Any) -> None:
        fuse["left"] -= 1
        if fuse["left"] == 0:
            raise Broken

    event.listen(store.engine, "before_cursor_execute", burn)
    with pytest.raises(Broken):
        exchange.import_lines(store, [line], CONTEXT)
    event.remove(store.engine, "before_cursor_execute", burn)
    assert state_of(store) == before
