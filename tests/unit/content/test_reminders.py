"""The table of content-model.md 7.4, row by row: what is due on which day, and who is told."""

from datetime import date, timedelta
from typing import Any

import pytest

from kennis.access.policy import Actor
from kennis.content.kinds import KINDS
from kennis.content.reminders import Due, Facts, OpenTrack, due, people
from tests.factories import make_recognition

OWNER = "owner"
ACTORS = (
    Actor("owner", "contributor", "owner"),
    Actor("other", "contributor", "professional"),
    Actor("worker", "reviewer", "professional"),
    Actor("volunteer", "reviewer", "volunteer"),
    Actor("expert", "reviewer", "experience-expert"),
    Actor("researcher", "reviewer", "researcher"),
    Actor("editor", "editor", "policy"),
    Actor("second", "editor", "trainer"),
    Actor("admin", "admin", "researcher"),
)
DESK = ["editor", "second"]
ALL = ["editor", "owner", "second"]
PEOPLE = people(ACTORS)


def facts(kind: str = "method", **given: Any) -> Facts:
    return Facts(**{"id": "e", "kind": kind, "status": "published", "content": {}, "owned_by": OWNER, **given})


def told(found: Facts, day: str) -> list[tuple[str, str, list[str]]]:
    return [(d.about, d.due_on.isoformat(), PEOPLE.told(d)) for d in due(found, date.fromisoformat(day))]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2028-01-31", []),
        ("2028-02-01", [("review-soon", "2028-02-01", [OWNER])]),
        ("2028-02-29", [("review-soon", "2028-02-01", [OWNER])]),
        ("2028-03-01", [("review-due", "2028-03-01", ALL)]),
        ("2028-05-31", [("review-due", "2028-03-01", ALL)]),
        ("2028-06-01", [("unanswered", "2028-06-01", DESK)]),
        ("2033-01-01", [("unanswered", "2028-06-01", DESK)]),
    ],
)
def test_a_check_date_is_told_a_month_before_on_its_day_and_three_months_later(day: str, expected: Any) -> None:
    assert told(facts(review_due="2028-03-01"), day) == expected


@pytest.mark.parametrize(("day", "expected"), [("2027-05-02", []), ("2027-05-03", ["review-soon"])])
def test_the_owner_of_a_help_offer_is_asked_a_week_before(day: str, expected: list[str]) -> None:
    assert [about for about, *_ in told(facts("help-offer", review_due="2027-05-10"), day)] == expected


def test_the_last_day_of_a_month_has_a_month_before_it() -> None:
    assert told(facts(review_due="2027-03-31"), "2027-02-28") == [("review-soon", "2027-02-28", [OWNER])]


@pytest.mark.parametrize("status", ["draft", "submitted", "in-review", "changes-requested", "archived", "rejected"])
def test_what_nobody_reads_needs_no_check(status: str) -> None:
    content = {"recognitions": [make_recognition(validUntil="2020-01-01")], "followUp": {"dueOn": "2020-01-01"}}
    assert told(facts(status=status, review_due="2020-01-01", content=content), "2026-11-24") == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-08-27", []),
        ("2026-08-28", [("recognition-ending", "2026-08-28", ALL)]),
        ("2027-02-28", [("recognition-ending", "2026-08-28", ALL)]),
        ("2027-03-01", [("recognition-ended", "2027-03-01", ALL)]),
    ],
)
def test_the_end_of_a_recognition_is_told_half_a_year_before_and_after_its_last_day(day: str, expected: Any) -> None:
    content = {"recognitions": [make_recognition(awarded="2022", validUntil="2027-02-28")]}
    assert told(facts(content=content), day) == expected


@pytest.mark.parametrize(
    "recognitions",
    [
        [make_recognition(awarded="2016", validUntil="2021-09-01", status="ingetrokken")],
        [make_recognition(awarded="2016", validUntil="2021-09-01", status="verlopen")],
        [make_recognition(awarded="2016", validUntil="2021-09-01"), make_recognition(awarded="2025")],
        [make_recognition(awarded="2016")],
    ],
    ids=["revoked", "written down", "followed by another", "without end"],
)
def test_a_recognition_of_which_the_end_is_known_is_not_asked_about(recognitions: list[Any]) -> None:
    assert told(facts(content={"recognitions": recognitions}), "2026-11-24") == []


@pytest.mark.parametrize(
    ("status", "day", "expected"),
    [
        ("planned", "2027-06-01", []),
        ("planned", "2027-06-02", [("follow-up", "2027-06-02", ALL)]),
        ("open", "2027-06-02", [("follow-up", "2027-06-02", ALL)]),
        ("done", "2027-06-02", []),
        ("not-adopted", "2027-06-02", []),
    ],
)
def test_a_follow_up_that_is_late_is_asked_about(status: str, day: str, expected: Any) -> None:
    content = {"followUp": {"status": status, "dueOn": "2027-06-01"}}
    assert told(facts("lesson", content=content), day) == expected


def test_a_follow_up_without_a_day_is_never_late() -> None:
    assert told(facts("lesson", content={"followUp": {"status": "open"}}), "2040-01-01") == []


@pytest.mark.parametrize(
    ("track", "reviewers"),
    [
        ("editorial", []),
        ("science", ["admin", "researcher"]),
        ("practice", ["second", "volunteer", "worker"]),
        ("experience", ["expert"]),
    ],
)
@pytest.mark.parametrize(
    ("days", "about"), [(13, None), (14, "track-waits"), (29, "track-waits"), (30, "track-waits-long")]
)
def test_an_open_track_is_told_to_who_may_judge_it(
    track: str, reviewers: list[str], days: int, about: str | None
) -> None:
    asked = date(2026, 11, 1)
    found = facts(status="in-review", open_tracks=(OpenTrack(track, asked),))
    since = asked + timedelta(days=30 if about == "track-waits-long" else 14)
    expected = [(f"{about}.{track}", since.isoformat(), sorted({*DESK, *reviewers}))] if about else []
    assert told(found, (asked + timedelta(days=days)).isoformat()) == expected


def test_who_wrote_a_text_is_not_asked_to_judge_it() -> None:
    waiting = OpenTrack("practice", date(2026, 11, 1), frozenset({"worker", "other"}))
    ((_, _, who),) = told(facts(open_tracks=(waiting,)), "2026-11-20")
    assert who == [*DESK, "volunteer"]


def test_of_a_story_only_editors_hear() -> None:
    """Whoever owns it, and whoever could judge it."""
    waiting = OpenTrack("experience", date(2026, 11, 1))
    found = facts("story", review_due="2026-12-01", open_tracks=(waiting,))
    assert told(found, "2026-11-24") == [
        ("review-soon", "2026-11-01", DESK),
        ("track-waits.experience", "2026-11-15", DESK),
    ]


def test_an_owner_without_an_account_is_no_reason_to_tell_nobody_for_ever() -> None:
    found = facts(review_due="2026-12-01", owned_by="seed")
    assert told(found, "2026-11-24") == [("review-soon", "2026-11-01", [])]
    assert told(found, "2026-12-01") == [("review-due", "2026-12-01", DESK)]


def test_where_nobody_is_editor_the_admins_are_the_desk() -> None:
    alone = people([Actor("admin", "admin"), Actor("worker", "reviewer", "professional")])
    assert alone.told(Due("unanswered", date(2026, 11, 24))) == ["admin"]


def test_every_kind_is_asked_about_before_its_day() -> None:
    for kind in KINDS.values():
        (found,) = due(facts(kind.code, review_due="2026-12-01"), date(2026, 11, 30))
        assert found.about == "review-soon"
