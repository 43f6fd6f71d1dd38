"""Changing what is published: upkeep at once, all else by way of a working copy."""

from datetime import date

import pytest
from sqlalchemy import select

from kennis.content import entries, tracks
from kennis.content.context import Context
from kennis.content.upkeep import is_upkeep
from kennis.errors import Conflict, Forbidden, Invalid, NotFound
from kennis.store import Store
from kennis.store.models import Change, Entry, Revision, WorkingCopy
from tests.factories import make_recognition
from tests.unit.content.desk import (
    AUTHOR,
    CONTEXT,
    EDITOR,
    NOW,
    OTHER,
    RESEARCHER,
    SECOND,
    WORKER,
    a_document,
    approve_all,
    later,
    published,
    shown,
)


def test_a_change_waits_in_a_copy_while_the_published_text_stays(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session, title="De eerste naam")
        copy = entries.revise(session, entry.id, a_document(session, "method", title="De tweede naam"), AUTHOR, CONTEXT)
        assert isinstance(copy, WorkingCopy)
        assert (entry.content["title"], entry.version) == ("De eerste naam", 1)
        entry_id = entry.id
    assert b"De eerste naam" in (shown(store, entry_id) or b"")
    with store.transaction() as session:
        entries.submit(session, entry_id, AUTHOR, CONTEXT, copy=True)
        entries.take(session, entry_id, EDITOR, CONTEXT, copy=True)
        approve_all(session, entry_id, copy=True)
        entries.publish(session, entry_id, EDITOR, later(1), copy=True)
        assert session.get(WorkingCopy, entry_id) is None
        assert tracks.tasks(session, entry_id, is_copy=True) == []
        assert session.get_one(Entry, entry_id).version == 2
        assert [r.version for r in session.scalars(select(Revision).order_by(Revision.version))] == [1, 2]
    assert b"De tweede naam" in (shown(store, entry_id) or b"")


def test_there_is_one_working_copy_at_a_time(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session)
        document = a_document(session, "method", title="Een andere naam")
        entries.revise(session, entry.id, document, AUTHOR, CONTEXT)
        with pytest.raises(Conflict, match="working copy already"):
            entries.revise(session, entry.id, document, EDITOR, CONTEXT)
        entries.revise(session, entry.id, document, EDITOR, CONTEXT, copy=True)
        with pytest.raises(Forbidden):
            entries.revise(session, entry.id, document, OTHER, CONTEXT, copy=True)


@pytest.mark.parametrize("way", ["delete", "reject"])
def test_dropping_the_copy_leaves_the_published_text(store: Store, way: str) -> None:
    with store.transaction() as session:
        entry = published(session)
        entries.revise(session, entry.id, a_document(session, "method", title="Anders"), AUTHOR, CONTEXT)
        if way == "delete":
            entries.delete(session, entry.id, AUTHOR, CONTEXT, copy=True)
        else:
            entries.submit(session, entry.id, AUTHOR, CONTEXT, copy=True)
            with pytest.raises(Conflict):
                entries.delete(session, entry.id, AUTHOR, CONTEXT, copy=True)
            entries.reject(session, entry.id, "duplicate", "Dit staat er al, elders.", EDITOR, CONTEXT, copy=True)
        assert session.get(WorkingCopy, entry.id) is None
        assert (entry.status, entry.version) == ("published", 1)
        with pytest.raises(NotFound):
            entries.submit(session, entry.id, AUTHOR, CONTEXT, copy=True)


def test_a_copy_is_not_published_over_an_archived_entry(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session)
        entries.revise(session, entry.id, a_document(session, "method", title="Anders"), AUTHOR, CONTEXT)
        entries.submit(session, entry.id, AUTHOR, CONTEXT, copy=True)
        approve_all(session, entry.id, copy=True)
        entries.archive(session, entry.id, "outdated", SECOND, CONTEXT)
        with pytest.raises(Conflict, match="no longer there"):
            entries.publish(session, entry.id, SECOND, CONTEXT, copy=True)


def test_only_tracks_whose_fields_changed_are_asked_again(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session, "method", targetGroups=["oudere"])
        entries.revise(
            session, entry.id, a_document(session, "method", targetGroups=["oudere"], title="Anders"), AUTHOR, CONTEXT
        )
        entries.submit(session, entry.id, AUTHOR, CONTEXT, copy=True)
        assert [t.track for t in tracks.tasks(session, entry.id, is_copy=True)] == ["editorial"]
        changed = a_document(
            session, "method", targetGroups=["slachtoffer"], title="Anders", purpose="Heel iets anders doen."
        )
        entries.revise(session, entry.id, changed, EDITOR, CONTEXT, copy=True)
        found = [t.track for t in tracks.tasks(session, entry.id, is_copy=True)]
        assert found == ["editorial", "practice", "experience"]


def test_a_change_under_review_opens_an_approved_track_again(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session)
        document = a_document(session, "method", title="Anders")
        entries.revise(session, entry.id, document, AUTHOR, CONTEXT)
        entries.submit(session, entry.id, AUTHOR, CONTEXT, copy=True)
        approve_all(session, entry.id, copy=True)
        entries.revise(session, entry.id, document | {"title": "Nog anders"}, SECOND, CONTEXT, copy=True)
        states = {t.track: t.state for t in tracks.tasks(session, entry.id, is_copy=True)}
        assert states["editorial"] == "open"
        with pytest.raises(Conflict, match="Not reviewed yet: editorial"):
            entries.publish(session, entry.id, EDITOR, CONTEXT, copy=True)


def test_who_counts_for_a_track(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session)
        proven = a_document(session, "method", sources=_SOURCES, recognitions=[make_recognition()])
        entries.revise(session, entry.id, proven, AUTHOR, CONTEXT)
        entries.submit(session, entry.id, AUTHOR, CONTEXT, copy=True)
        assert "science" in {t.track for t in tracks.tasks(session, entry.id, is_copy=True)}
        with pytest.raises(Forbidden, match="does not count for science"):
            entries.approve(session, entry.id, "science", WORKER, CONTEXT, copy=True)
        with pytest.raises(Forbidden):
            entries.approve(session, entry.id, "editorial", RESEARCHER, CONTEXT, copy=True)
        with pytest.raises(Invalid):
            entries.approve(session, entry.id, "beauty", RESEARCHER, CONTEXT, copy=True)
        entries.approve(session, entry.id, "science", RESEARCHER, CONTEXT, copy=True)
        with pytest.raises(Conflict, match="not open"):
            entries.approve(session, entry.id, "science", RESEARCHER, CONTEXT, copy=True)


_SOURCES = [{"title": "Beschrijving in een databank", "publisher": "Uitgever", "year": 2016, "kind": "database"}]


@pytest.mark.parametrize(("days", "is_passed"), [(29, False), (30, True)])
def test_practice_is_passed_when_nobody_answers_for_thirty_days(store: Store, days: int, is_passed: bool) -> None:
    with store.transaction() as session:
        entry = published(session, targetGroups=["oudere"])
        changed = a_document(session, "method", targetGroups=["oudere"], purpose="Heel iets anders doen.")
        entries.revise(session, entry.id, changed, AUTHOR, CONTEXT)
        entries.submit(session, entry.id, AUTHOR, CONTEXT, copy=True)
        entries.approve(session, entry.id, "editorial", EDITOR, CONTEXT, copy=True)
        when = later(days)
        if is_passed:
            assert entries.publish(session, entry.id, EDITOR, when, copy=True).version == 2
        else:
            with pytest.raises(Conflict, match="Not reviewed yet: practice"):
                entries.publish(session, entry.id, EDITOR, when, copy=True)


# Upkeep


def test_upkeep_is_public_at_once_and_raises_the_version(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session, "training")
        document = a_document(session, "training", url="https://aanbieder.example/nieuw", checkedAt="2026-11-20")
        changed = entries.revise(session, entry.id, document, AUTHOR, CONTEXT)
        assert isinstance(changed, Entry)
        assert (changed.version, changed.checked_at) == (2, "2026-11-20")
        assert [c.action for c in session.scalars(select(Change).order_by(Change.id))] == ["published", "updated"]
        entry_id = entry.id
    assert b"aanbieder.example/nieuw" in (shown(store, entry_id, "full") or b"")


def test_sending_back_what_was_read_changes_nothing(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session, "training")
        before = (entry.version, entry.row_version, entry.index_version)
        document = {
            "id": entry.id,
            "slug": entry.slug,
            "status": "published",
            "version": 1,
            "checkedAt": entry.checked_at,
        }
        entries.revise(session, entry.id, entry.content | document, EDITOR, CONTEXT)
        assert (entry.version, entry.row_version, entry.index_version) == before


def test_a_changed_phone_number_is_not_upkeep(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session, "help-offer")
        channels = [{"kind": "phone", "value": "0800-0188"}]
        document = a_document(session, "help-offer", channels=channels)
        assert isinstance(entries.revise(session, entry.id, document, AUTHOR, CONTEXT), WorkingCopy)


_OLD = {
    "title": "T",
    "sources": [{"title": "a", "url": "https://a.example"}, {"title": "b"}],
    "recognitions": [{"level": "x", "status": "geldig"}],
    "sessions": [1],
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, True),
        ({"sessions": []}, True),
        ({"followUp": {"status": "done"}}, True),
        ({"recognitions": [{"level": "x", "status": "verlopen"}]}, True),
        ({"recognitions": [{"level": "y", "status": "geldig"}]}, False),
        ({"recognitions": []}, False),
        ({"sources": [{"title": "a"}, {"title": "b"}]}, True),
        ({"sources": [{"title": "a", "url": "https://other.example"}, {"title": "b"}]}, False),
        ({"sources": [{"title": "a", "url": "https://a.example"}]}, False),
        ({"title": "Ander"}, False),
        ({"body": "nieuw"}, False),
    ],
)
def test_what_counts_as_upkeep(change: dict[str, object], expected: bool) -> None:
    assert is_upkeep(_OLD, _OLD | change) is expected


def test_confirming_moves_the_check_date_and_the_day_of_review(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session, "help-offer")
        assert (entry.checked_at, entry.review_due) == ("2026-11-01", "2027-05-01")
        with pytest.raises(Invalid):
            entries.confirm(session, entry.id, AUTHOR, CONTEXT, checked_on=later(2).today)
        entries.confirm(session, entry.id, AUTHOR, later(10))
        assert (entry.checked_at, entry.checked_by, entry.version) == ("2026-12-04", "editors", 2)
        with pytest.raises(Forbidden):
            entries.confirm(session, entry.id, OTHER, CONTEXT)


@pytest.mark.parametrize("day", ["0560-02-01", "2026-10-31", "2027-11-20"])
def test_no_check_of_long_ago_ends_an_offer(store: Store, day: str) -> None:
    """Before the last check, and so long before today that it would not be published with it."""
    with store.transaction() as session:
        entry = published(session, "help-offer")
        now = later(400)
        with pytest.raises(Invalid) as refused:
            entries.confirm(session, entry.id, EDITOR, now, checked_on=date.fromisoformat(day))
        assert [problem.pointer for problem in refused.value.problems] == ["/checkedAt"]
        document = a_document(session, "help-offer", checkedAt=day)
        with pytest.raises(Invalid) as refused:
            entries.revise(session, entry.id, document, EDITOR, now)
        assert [problem.pointer for problem in refused.value.problems] == ["/checkedAt"], "told once"
        assert (entry.checked_at, entry.version) == ("2026-11-01", 1)


def test_publishing_a_copy_does_not_take_back_a_later_check(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session, "help-offer")
        entries.revise(session, entry.id, a_document(session, "help-offer", title="Bel of chat"), AUTHOR, CONTEXT)
        entries.confirm(session, entry.id, EDITOR, later(5))
        entries.submit(session, entry.id, EDITOR, CONTEXT, copy=True)
        approve_all(session, entry.id, copy=True)
        entries.publish(session, entry.id, SECOND, later(6), copy=True)
        assert entry.checked_at == "2026-11-29"


def test_a_help_offer_checked_long_ago_is_not_published(store: Store) -> None:
    old = Context(NOW, CONTEXT.public_url)
    with store.transaction() as session:
        entry = published(session, "help-offer")
        entries.archive(session, entry.id, "outdated", EDITOR, old)
        entries.restore(session, entry.id, EDITOR, old)
        approve_all(session, entry.id)
        with pytest.raises(Invalid) as caught:
            entries.publish(session, entry.id, SECOND, later(30))
        assert [p.pointer for p in caught.value.problems] == ["/checkedAt"]
