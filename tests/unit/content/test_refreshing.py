"""The daily job: what nobody checked leaves, what no longer holds is rendered anew, what was rejected is erased."""

import pytest
from sqlalchemy import select, update

from kennis.content import entries, refreshing
from kennis.content.context import Context
from kennis.content.refreshing import Refreshed
from kennis.store import Store
from kennis.store.models import Audit, Change, Entry, FragmentRow, Tombstone
from tests.factories import make_recognition
from tests.unit.content.desk import EDITOR, a_draft, bring_to_review, later, published, shown


@pytest.mark.parametrize(("days", "archived"), [(340, 0), (342, 1)])
def test_a_help_offer_nobody_checked_for_a_year_is_archived(store: Store, days: int, archived: int) -> None:
    with store.transaction() as session:
        entry_id = published(session, "help-offer").id  # checked on 2026-11-01, 23 days before today
    done = refreshing.refresh(store, later(days))
    assert done.archived == archived
    with store.reading() as session:
        entry = session.get_one(Entry, entry_id)
        assert entry.archive_reason == ("not-checked" if archived else None)
    assert (shown(store, entry_id) is None) == bool(archived)
    if archived:
        with store.reading() as session:
            assert session.scalars(select(Audit.actor_id).where(Audit.operation == "archive")).all() == ["daily"]


def test_a_help_offer_without_a_check_date_is_archived_as_readers_have_it(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session, "help-offer")
        entry.checked_at = None
        entry_id = entry.id
    assert refreshing.refresh(store, later(0)).archived == 1
    assert shown(store, entry_id) is None


def test_a_training_is_not_archived_by_the_day(store: Store) -> None:
    with store.transaction() as session:
        published(session, "training")
    assert refreshing.refresh(store, later(2000)).archived == 0


def test_fragments_whose_day_has_come_are_made_anew(store: Store) -> None:
    source = [{"title": "Een databank", "kind": "database", "url": "https://bron.example/"}]
    with store.transaction() as session:
        entry = published(
            session,
            "method",
            sources=source,
            recognitions=[make_recognition(awarded="2022-01-01", validUntil="2027-01-01")],
        )
        entry_id, version, index_version = entry.id, entry.version, entry.index_version
    assert refreshing.refresh(store, later(1)) == Refreshed(0, 0, 0)
    assert b'"isExpired":false' in (shown(store, entry_id) or b"")
    assert refreshing.refresh(store, later(60)).rendered == 1
    assert b'"isExpired":true' in (shown(store, entry_id) or b"")
    with store.reading() as session:
        after = session.get_one(Entry, entry_id)
        assert (after.version, after.index_version, after.rendering) == (version, index_version + 1, 2)
        assert session.scalars(select(Change.action).order_by(Change.id)).all() == ["published", "updated"]
    assert refreshing.refresh(store, later(60)) == Refreshed(0, 0, 0)


def test_another_way_of_rendering_makes_everything_anew(store: Store) -> None:
    with store.transaction() as session:
        published(session)
        session.execute(update(FragmentRow).values(render_version="older"))
    assert refreshing.refresh(store, later(0)).rendered == 1
    assert refreshing.refresh(store, later(0)).rendered == 0


def test_another_address_of_the_site_reaches_the_links_of_every_answer(store: Store) -> None:
    with store.transaction() as session:
        entry_id = published(session).id
    moved = Context(later(0).now, "https://nieuw.example")
    assert refreshing.refresh(store, moved).rendered == 1
    assert b'"html":"https://nieuw.example/' in (shown(store, entry_id) or b"")
    assert refreshing.refresh(store, moved).rendered == 0


def test_what_was_rejected_is_kept_a_year(store: Store) -> None:
    with store.transaction() as session:
        draft = bring_to_review(session, a_draft(session))
        entries.reject(session, draft.id, "duplicate", "Dit staat er al, elders.", EDITOR, later(0))
        again = published(session, title="Ooit openbaar")
        entries.archive(session, again.id, "outdated", EDITOR, later(0))
        entries.restore(session, again.id, EDITOR, later(0))
        entries.reject(session, again.id, "duplicate", "Dit staat er al, elders.", EDITOR, later(0))
        ids = {draft.id, again.id}
        public_id = again.id
    assert refreshing.refresh(store, later(360)).erased == 0
    assert refreshing.refresh(store, later(370)).erased == 2
    with store.reading() as session:
        assert set(session.scalars(select(Entry.id))) & ids == set()
        assert session.scalars(select(Tombstone.id)).all() == [public_id]
