"""The audit: what was undone leaves its trace, and no trace holds what somebody typed."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.access import audit as trails
from kennis.access import policy
from kennis.access.policy import Actor
from kennis.content import audit, entries, organisations
from kennis.errors import Forbidden, Moved, NotFound
from kennis.store import Store
from kennis.store.models import Audit, Entry
from tests.factories import make_organisation
from tests.unit.content.desk import ADMIN, CONTEXT, EDITOR, a_draft, later, published

READER = Actor("lezer", "contributor")


def _rows(store: Store) -> list[tuple[str, str, str, str, str | None]]:
    with store.reading() as session:
        found = session.scalars(select(Audit).where(Audit.outcome != trails.DONE).order_by(Audit.id))
        return [(a.actor_id, a.operation, a.subject_id, a.outcome, a.detail) for a in found]


def test_what_is_refused_is_undone_and_recorded(store: Store) -> None:
    with store.transaction() as session:
        draft = a_draft(session, "lesson").id

    def change_and_ask(session: Session) -> None:
        session.get_one(Entry, draft).slug = "veranderd"
        policy.check(READER, "archive")

    with pytest.raises(Forbidden), audit.attempt(store, CONTEXT, READER, "archive", draft):
        store.write(change_and_ask)
    assert _rows(store) == [("lezer", "archive", draft, "refused", "Forbidden")]
    with store.reading() as session:
        assert session.get_one(Entry, draft).slug != "veranderd"


def test_of_an_error_that_nobody_foresaw_only_the_name_is_kept(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), audit.attempt(store, CONTEXT, EDITOR, "publish", "lesson"):
        raise ZeroDivisionError("kanarie")
    assert _rows(store) == [(EDITOR.id, "publish", "lesson", "failed", "ZeroDivisionError")]


def test_what_went_well_or_only_moved_leaves_no_such_row(store: Store) -> None:
    with audit.attempt(store, CONTEXT, EDITOR, "publish", "lesson"):
        pass
    with pytest.raises(Moved), audit.attempt(store, CONTEXT, EDITOR, "publish", "lesson"):
        raise Moved("elders")
    assert _rows(store) == []


@pytest.mark.parametrize("subject", [None, "", "kanarie", "\0", "\ud800", "00000000-0000-4000-8000-000000000000"])
def test_an_id_of_nothing_is_not_kept(store: Store, subject: str | None) -> None:
    with pytest.raises(NotFound), audit.attempt(store, CONTEXT, EDITOR, "publish", subject):
        raise NotFound()
    assert [row[2] for row in _rows(store)] == ["unknown"]


def test_organisations_and_what_was_withdrawn_keep_their_ids(store: Store) -> None:
    with store.transaction() as session:
        known = organisations.create(session, make_organisation(), EDITOR, CONTEXT).id
        gone = published(session, "lesson").id
        entries.withdraw(session, gone, ADMIN, later(1))
    for subject in (known, gone):
        with pytest.raises(Forbidden), audit.attempt(store, CONTEXT, READER, "revise", subject):
            policy.check(READER, "organisations")
    assert [row[2] for row in _rows(store)] == [known, gone]


def test_a_trace_that_cannot_be_written_does_not_hide_why(store: Store) -> None:
    short = Store(store.url, busy_seconds=0.05)
    with (
        store.transaction(),
        pytest.raises(Forbidden) as refused,
        audit.attempt(short, CONTEXT, READER, "archive", "lesson"),
    ):
        policy.check(READER, "archive")
    short.close()
    assert refused.value.__notes__ == ["not in the audit: BadSetup"]
