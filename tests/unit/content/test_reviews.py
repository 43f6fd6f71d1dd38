"""What is told of reviews in rounds that take their time."""

from kennis.content import entries, reviews, tracks
from kennis.store import Store
from tests.unit.content.desk import AUTHOR, EDITOR, SECOND, WORKER, a_draft, bring_to_review, later


def test_a_track_that_nobody_answered_is_told_as_passed(store: Store) -> None:
    with store.transaction() as session:
        entry = bring_to_review(session, a_draft(session))
        entries.approve(session, entry.id, "editorial", SECOND, later(1))
        waiting = {one.track: one.state for one in reviews.find(session, entry.kind, entry.id, AUTHOR)}
        assert waiting == {"editorial": "approved", "practice": "open", "experience": "open"}
        entries.publish(session, entry.id, EDITOR, later(tracks.DAYS_UNTIL_PASSED + 1))
        told = {one.track: one.state for one in reviews.find(session, entry.kind, entry.id, WORKER)}
    assert told == {"editorial": None, "practice": "passed", "experience": "passed"}


def test_a_text_that_was_published_and_came_back_into_review_counts_as_the_next_version(store: Store) -> None:
    with store.transaction() as session:
        entry = bring_to_review(session, a_draft(session))
        entries.approve(session, entry.id, "editorial", SECOND, later(1))
        entries.publish(session, entry.id, EDITOR, later(tracks.DAYS_UNTIL_PASSED + 1))
        entries.archive(session, entry.id, "outdated", EDITOR, later(40))
        (editorial, *_) = reviews.find(session, entry.kind, entry.id, AUTHOR)
        assert [one.is_for_older_version for one in editorial.judgements] == [False]
        entries.restore(session, entry.id, EDITOR, later(41))
        (editorial, *_) = reviews.find(session, entry.kind, entry.id, AUTHOR)
    assert (editorial.state, [one.is_for_older_version for one in editorial.judgements]) == ("open", [True])
