"""The way of an entry from draft to archive, and what each step writes beside it."""

from datetime import date

import pytest
from sqlalchemy import func, select

from kennis.access.policy import Actor
from kennis.content import entries, kinds, tracks
from kennis.content.clearance import Clearance, for_example
from kennis.content.context import Context
from kennis.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed
from kennis.store import Store
from kennis.store.models import Audit, Change, Entry, IndexJob, Review, Revision
from tests.factories import BODY
from tests.unit.content.desk import (
    ADMIN,
    AUTHOR,
    CONTEXT,
    EDITOR,
    NOW,
    OTHER,
    RESEARCHER,
    SECOND,
    WORKER,
    a_document,
    a_draft,
    approve_all,
    bring_to_review,
    cleared,
    later,
    published,
    shown,
)


def count(session: object, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", sorted(kinds.KINDS))
def test_every_kind_goes_from_draft_to_published(store: Store, kind: str) -> None:
    with store.transaction() as session:
        entry_id = published(session, kind).id
    with store.reading() as session:
        entry = session.get_one(Entry, entry_id)
        assert (entry.status, entry.version, entry.index_version, entry.rendering) == ("published", 1, 1, 1)
        assert entry.checked_at is not None
        assert entry.review_due is not None
        assert [r.version for r in session.scalars(select(Revision))] == [1]
        assert [(c.action, c.version) for c in session.scalars(select(Change))] == [("published", 1)]
        assert [(j.entry_id, j.index_version) for j in session.scalars(select(IndexJob))] == [(entry_id, 1)]
    for language in ("nl", "en"):
        assert shown(store, entry_id, "card", language)
        assert shown(store, entry_id, "full", language)
    assert store.generation() == 1


def test_a_draft_is_in_no_public_place(store: Store) -> None:
    with store.transaction() as session:
        entry_id = a_draft(session).id
    with store.reading() as session:
        assert count(session, IndexJob) == count(session, Change) == count(session, Revision) == 0
    assert shown(store, entry_id) is None
    assert store.generation() == 0


def test_a_draft_needs_only_a_title(store: Store) -> None:
    with store.transaction() as session:
        entry = entries.create(session, "lesson", {"title": "Een les in wording"}, AUTHOR, CONTEXT)
        assert (entry.status, entry.version, entry.slug) == ("draft", 0, "les-in-wording")
        with pytest.raises(Invalid) as caught:
            entries.submit(session, entry.id, AUTHOR, CONTEXT)
    assert {"/lesson", "/recommendation", "/context"} <= {p.pointer for p in caught.value.problems}


def test_a_story_is_made_by_editors_only(store: Store) -> None:
    with store.transaction() as session, pytest.raises(Forbidden):
        entries.create(session, "story", {"title": "Een verhaal"}, AUTHOR, CONTEXT)


def test_a_story_lives_at_its_id_and_its_times_are_days(store: Store) -> None:
    with store.transaction() as session:
        story = published(session, "story")
        assert story.slug == story.id
        assert {story.created_at, story.updated_at, story.published_at} == {"2026-11-24T00:00:00Z"}
        assert {a.at for a in session.scalars(select(Audit).where(Audit.subject_id == story.id))} == {
            "2026-11-24T00:00:00Z"
        }


def test_only_the_author_and_editors_reach_a_draft(store: Store) -> None:
    with store.transaction() as session:
        entry = a_draft(session)
        with pytest.raises(Forbidden):
            entries.revise(session, entry.id, {"title": "Van een ander"}, OTHER, CONTEXT)
        entries.revise(session, entry.id, {"title": "Van de redactie"}, EDITOR, CONTEXT)
        assert entry.slug == "van-de-redactie"
        assert entry.row_version == 2


def test_a_submitted_text_is_locked_for_its_author(store: Store) -> None:
    with store.transaction() as session:
        entry = a_draft(session)
        document = a_document(session, "method", title="Een andere titel")
        entries.submit(session, entry.id, EDITOR, CONTEXT)
        with pytest.raises(Forbidden, match="editors have it"):
            entries.revise(session, entry.id, document, AUTHOR, CONTEXT)
        entries.revise(session, entry.id, document, EDITOR, CONTEXT)


def test_system_fields_in_a_body_are_taken_when_unchanged(store: Store) -> None:
    with store.transaction() as session:
        entry = a_draft(session)
        document = a_document(session, "method") | {"id": entry.id, "status": "draft", "version": 0, "derived": {}}
        entries.revise(session, entry.id, document, AUTHOR, CONTEXT)
        with pytest.raises(Invalid) as caught:
            entries.revise(session, entry.id, document | {"status": "published"}, AUTHOR, CONTEXT)
    assert [p.pointer for p in caught.value.problems] == ["/status"]


def test_a_stale_row_version_is_refused(store: Store) -> None:
    with store.transaction() as session:
        entry = a_draft(session)
        with pytest.raises(PreconditionFailed):
            entries.submit(session, entry.id, EDITOR, CONTEXT, expected=7)
        entries.submit(session, entry.id, EDITOR, CONTEXT, expected=1)


def test_contributors_name_their_own_organisation(store: Store) -> None:
    with store.transaction() as session:
        entry = a_draft(session, "intervention")
        with pytest.raises(Invalid) as caught:
            entries.submit(session, entry.id, AUTHOR, CONTEXT)
        assert [p.pointer for p in caught.value.problems] == ["/organisations"]
        theirs = entry.content["organisations"][0]["organisationId"]
        member = Actor(AUTHOR.id, "contributor", "professional", theirs)
        assert entries.submit(session, entry.id, member, CONTEXT).status == "submitted"


def test_who_wrote_or_last_changed_the_text_does_not_publish_it(store: Store) -> None:
    with store.transaction() as session:
        entry = a_draft(session, actor=SECOND)
        bring_to_review(session, entry)
        approve_all(session, entry.id)
        with pytest.raises(Forbidden, match="does not approve or publish"):
            entries.publish(session, entry.id, SECOND, CONTEXT)
        entries.revise(session, entry.id, a_document(session, "method", title="Nog eens anders"), EDITOR, CONTEXT)
        with pytest.raises(Forbidden, match="does not approve or publish"):
            entries.publish(session, entry.id, EDITOR, CONTEXT)


def test_the_only_editor_may_publish_a_story_when_the_settings_say_so(store: Store) -> None:
    alone = Context(NOW, CONTEXT.public_url, has_single_editor=True)
    with store.transaction() as session:
        story = a_draft(session, "story", actor=SECOND)
        bring_to_review(session, story)
        approve_all(session, story.id)
        elevated = Clearance(True, True, risk="elevated", editors=frozenset({"editor"}))
        with pytest.raises(Forbidden):
            entries.publish(session, story.id, SECOND, CONTEXT, cleared=cleared(story))
        with pytest.raises(Forbidden):
            entries.publish(session, story.id, SECOND, alone, cleared=elevated)
        assert entries.publish(session, story.id, SECOND, alone, cleared=cleared(story)).status == "published"


@pytest.mark.parametrize(
    ("clearance", "words"),
    [
        (None, "no clearance"),
        (for_example(), "invented"),
        (Clearance(False, True), "no consent"),
        (Clearance(True, True, open_marks=1), "personal data"),
        (Clearance(True, True, court_case="unsure"), "court case"),
        (Clearance(True, True, risk="crisis"), "crisis"),
        (Clearance(True, True, risk="elevated"), "two editors"),
    ],
)
def test_a_story_is_published_only_when_everything_is_settled(
    store: Store, clearance: Clearance | None, words: str
) -> None:
    with store.transaction() as session:
        story = a_draft(session, "story", isExample=False)
        bring_to_review(session, story)
        approve_all(session, story.id)
        with pytest.raises(Conflict, match=words):
            entries.publish(session, story.id, SECOND, CONTEXT, cleared=clearance)


def test_consent_decides_whether_a_story_goes_to_partners(store: Store) -> None:
    with store.transaction() as session:
        story = a_draft(session, "story")
        bring_to_review(session, story)
        approve_all(session, story.id)
        entries.publish(session, story.id, SECOND, CONTEXT, cleared=Clearance(True, False))
        story_id = story.id
        assert [c.partner_use for c in session.scalars(select(Change))] == [False]
    assert store.fragments([story_id], "card", "nl") == {}
    assert set(store.fragments([story_id], "card", "nl", surface="pages")) == {story_id}


def test_every_other_step_is_a_conflict_that_names_what_can_be_done(store: Store) -> None:
    with store.transaction() as session:
        entry = a_draft(session)
        with pytest.raises(Conflict) as caught:
            entries.archive(session, entry.id, "outdated", EDITOR, CONTEXT)
        assert set(caught.value.allowed) == {"_submit", "DELETE"}
        with pytest.raises(Conflict):
            entries.publish(session, entry.id, SECOND, CONTEXT)


def test_a_returned_text_comes_back_and_is_asked_again(store: Store) -> None:
    with store.transaction() as session:
        entry = bring_to_review(session, a_draft(session))
        entries.approve(session, entry.id, "editorial", EDITOR, CONTEXT)
        with pytest.raises(Invalid) as caught:
            entries.return_(session, entry.id, "practice", "te kort", WORKER, CONTEXT)
        assert [p.pointer for p in caught.value.problems] == ["/note"]
        entries.return_(session, entry.id, "practice", "De stappen ontbreken nog.", WORKER, CONTEXT)
        assert entry.status == "changes-requested"
        assert tracks.tasks(session, entry.id) == []
        entries.submit(session, entry.id, EDITOR, CONTEXT)
        assert {t.state for t in tracks.tasks(session, entry.id)} == {"open"}
        assert [r.outcome for r in session.scalars(select(Review).order_by(Review.id))] == [
            "approved",
            "changes-requested",
        ]


def test_a_rejected_text_can_become_a_draft_again(store: Store) -> None:
    with store.transaction() as session:
        entry = bring_to_review(session, a_draft(session))
        with pytest.raises(Invalid):
            entries.reject(session, entry.id, "because", "Dit past hier niet bij.", EDITOR, CONTEXT)
        entries.reject(session, entry.id, "out-of-scope", "Dit past hier niet bij.", EDITOR, CONTEXT)
        assert entry.status == "rejected"
        with pytest.raises(Conflict):
            entries.revise(session, entry.id, {"title": "Toch nog"}, AUTHOR, CONTEXT)
        entries.restore(session, entry.id, EDITOR, CONTEXT)
        assert entry.status == "draft"


def test_archiving_leaves_reason_and_successor_only(store: Store) -> None:
    with store.transaction() as session:
        old, new = published(session, title="De oude aanpak"), published(session, title="De nieuwe aanpak")
        with pytest.raises(Invalid):
            entries.archive(session, old.id, "merged", EDITOR, CONTEXT)
        entries.archive(session, old.id, "merged", EDITOR, CONTEXT, replaced_by_id=new.id)
        assert new.content["relations"] == [{"kind": "successor-of", "targetId": old.id}]
        assert (new.version, new.status) == (2, "published")
        changes = session.scalars(select(Change).order_by(Change.id)).all()
        assert {(c.entry_id, c.action) for c in changes[2:]} == {(old.id, "archived"), (new.id, "updated")}
        old_id, new_id = old.id, new.id
    assert shown(store, old_id) is None
    full = shown(store, old_id, "full")
    assert full is not None
    assert b'"archiveReason":"merged"' in full
    assert b"summary" not in full
    assert old_id.encode() in (shown(store, new_id, "full") or b"")


def test_a_restored_entry_is_not_public_until_it_is_published_again(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session)
        entries.archive(session, entry.id, "outdated", EDITOR, CONTEXT)
        entries.restore(session, entry.id, EDITOR, CONTEXT)
        assert entry.status == "in-review"
        entry_id = entry.id
    assert shown(store, entry_id, "full") is None
    with store.transaction() as session:
        with pytest.raises(Conflict, match="Not reviewed yet"):
            entries.publish(session, entry_id, SECOND, CONTEXT)
        approve_all(session, entry_id)
        again = entries.publish(session, entry_id, SECOND, later(1))
        assert (again.version, again.archive_reason) == (2, None)
        assert again.published_at == "2026-11-24T09:30:00Z"
        assert [c.action for c in session.scalars(select(Change).order_by(Change.id))] == [
            "published", "archived", "removed", "published",
        ]  # fmt: skip
    assert shown(store, entry_id)


def test_a_draft_can_be_deleted_and_nothing_else(store: Store) -> None:
    with store.transaction() as session:
        draft, public = a_draft(session, title="Weg ermee"), published(session)
        entries.delete(session, draft.id, AUTHOR, CONTEXT)
        with pytest.raises(Conflict):
            entries.delete(session, public.id, EDITOR, CONTEXT)
        with pytest.raises(NotFound):
            entries.submit(session, draft.id, AUTHOR, CONTEXT)


def test_a_new_title_gives_a_new_address_and_the_old_one_stays_taken(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session, title="De eerste naam")
        entries.revise(session, entry.id, a_document(session, "method", title="De tweede naam"), AUTHOR, CONTEXT)
        entries.submit(session, entry.id, EDITOR, CONTEXT, copy=True)
        approve_all(session, entry.id, copy=True)
        entries.publish(session, entry.id, SECOND, CONTEXT, copy=True)
        assert entry.slug == "tweede-naam"
        assert a_draft(session, title="De eerste naam").slug == "eerste-naam-2"


def test_equal_titles_get_addresses_of_their_own(store: Store) -> None:
    with store.transaction() as session:
        assert [a_draft(session, title="Zelfde naam").slug for _ in range(3)] == [
            "zelfde-naam", "zelfde-naam-2", "zelfde-naam-3",
        ]  # fmt: skip


def test_only_an_editor_sets_a_band_by_hand(store: Store) -> None:
    override = {"band": 1, "reason": "Omdat de redactie dit zo ziet.", "setOn": "2026-11-01"}
    with store.transaction() as session:
        entry = a_draft(session)
        document = a_document(session, "method", evidenceBandOverride=override)
        with pytest.raises(Forbidden):
            entries.revise(session, entry.id, document, AUTHOR, CONTEXT)
        entries.revise(session, entry.id, document, EDITOR, CONTEXT)
        assert entry.override_by == "editor"
        bring_to_review(session, entry)
        assert "science" in {t.track for t in tracks.tasks(session, entry.id)}


def test_audit_holds_no_content(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session, title="Een kanarie in de titel")
        entries.archive(session, entry.id, "outdated", EDITOR, CONTEXT)
        rows = session.scalars(select(Audit).where(Audit.subject_id == entry.id).order_by(Audit.id)).all()
        assert [r.operation for r in rows][:3] == ["create", "submit", "take"]
        assert rows[-1].operation == "archive"
        assert not any("kanarie" in (r.detail or "") for r in rows)


def test_the_day_of_a_mark_is_judged_by_the_day_that_is_given() -> None:
    given = {"organisationId": BODY, "appliedOn": "2031-01-02"}
    with pytest.raises(Invalid) as refused:
        kinds.load_mark(given, today=date(2031, 1, 1))
    assert [problem.pointer for problem in refused.value.problems] == ["/appliedOn"]
    assert kinds.load_mark(given, today=date(2031, 1, 2)) == given


def test_a_mark_of_an_organisation_that_does_not_exist_is_refused(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session, "lesson")
        given = {"organisationId": BODY, "appliedOn": "2026-11-01"}
        with pytest.raises(Invalid) as refused:
            entries.mark(session, entry.id, given, EDITOR, CONTEXT)
    assert [problem.pointer for problem in refused.value.problems] == ["/organisationId"]


def test_a_mark_is_shown_once_approved_and_three_make_an_entry_confirmed(store: Store) -> None:
    from tests.unit.content.desk import an_organisation

    with store.transaction() as session:
        entry = published(session, "lesson")
        for number in range(3):
            organisation_id = an_organisation(session, name=f"Gemeente {number}")
            member = Actor(f"m{number}", "contributor", "policy", organisation_id)
            given = {"organisationId": organisation_id, "appliedOn": NOW.date().isoformat()}
            with pytest.raises(Forbidden):
                entries.mark(session, entry.id, given, OTHER, CONTEXT)
            made = entries.mark(session, entry.id, given, member, CONTEXT)
            with pytest.raises(Conflict):
                entries.mark(session, entry.id, given, member, CONTEXT)
            with pytest.raises(Forbidden):
                entries.approve_mark(session, entry.id, made.id, member, CONTEXT)
            entries.approve_mark(session, entry.id, made.id, EDITOR, CONTEXT)
        entry_id, version = entry.id, entry.version
    assert version == 1
    assert b'"isConfirmed":true' in (shown(store, entry_id, "full") or b"")


def test_a_suppressed_revision_keeps_no_text(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session, title="Met een naam erin")
        with pytest.raises(Conflict, match="present version"):
            entries.suppress_revision(session, entry.id, 1, EDITOR, CONTEXT)
        entries.confirm(session, entry.id, EDITOR, CONTEXT)
        before = entry.index_version
        entries.suppress_revision(session, entry.id, 1, EDITOR, CONTEXT)
        assert session.get_one(Revision, (entry.id, 1)).content is None
        assert entry.index_version == before
        with pytest.raises(Forbidden):
            entries.suppress_revision(session, entry.id, 1, RESEARCHER, CONTEXT)
        with pytest.raises(NotFound):
            entries.suppress_revision(session, entry.id, 9, ADMIN, CONTEXT)
