"""What must be told about an entry, from which day on and to whom: the table of content-model.md 7.4, no database.

A reminder is due from its day until what caused it is gone. Of the three about a check date only the last one counts,
so that who was away for a year is asked once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kennis.access.policy import Actor
from kennis.content import evidence
from kennis.content.fields_dates import add_months
from kennis.content.kinds import KINDS
from kennis.content.lifecycle import PUBLIC, PUBLISHED
from kennis.content.tracks import DAYS_UNTIL_PASSED, TRACKS

REVIEW_SOON, REVIEW_DUE, UNANSWERED = "review-soon", "review-due", "unanswered"
RECOGNITION_ENDING, RECOGNITION_ENDED = "recognition-ending", "recognition-ended"
FOLLOW_UP = "follow-up"
# With the code of the track behind a dot.
TRACK_WAITS, TRACK_WAITS_LONG = "track-waits", "track-waits-long"
UNANSWERED_MONTHS = 3
RECOGNITION_MONTHS = 6
DAYS_UNTIL_REMINDED = 14
# How far ahead of a check date anybody is reminded, in days: a month at most.
LONGEST_AHEAD = 31
_DAY = timedelta(days=1)
# Of these no outcome has to be asked any more.
_FOLLOWED_UP = frozenset({"done", "not-adopted"})
# Somebody wrote down already that the term has passed.
_LAPSED = "verlopen"


@dataclass(frozen=True, slots=True)
class OpenTrack:
    """A review that is waited for; `made_by` wrote the text and does not judge it."""

    track: str
    asked_on: date
    made_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the table looks at. `open_tracks` are those of the entry and of its working copy."""

    id: str
    kind: str
    status: str
    content: Mapping[str, Any]
    review_due: str | None = None
    owned_by: str | None = None
    created_by: str = ""
    slug: str = ""
    open_tracks: tuple[OpenTrack, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """`owner` and `track` say who is told beside or instead of the editors."""

    about: str
    due_on: date
    owner: str | None = None
    track: OpenTrack | None = None
    is_for_editors: bool = True


def due(facts: Facts, today: date) -> Iterator[Due]:
    """Everything that is due on this day, whether it was told before or not."""
    for one in _everything(facts, today):
        if one.due_on <= today:
            yield _for_editors_only(one) if KINDS[facts.kind].is_entrusted else one


def _for_editors_only(one: Due) -> Due:
    """Nobody else hears of a story, and its writer never does: who gave it reads with the receipt."""
    return Due(one.about, one.due_on)


def _everything(facts: Facts, today: date) -> Iterator[Due]:
    if facts.status == PUBLISHED:
        if facts.review_due is not None:
            yield _check(facts, date.fromisoformat(facts.review_due), today)
        yield from _recognitions(facts, today)
        yield from _follow_up(facts)
    for waiting in facts.open_tracks:
        yield _track(waiting, today)


def _check(facts: Facts, review_due: date, today: date) -> Due:
    unanswered = add_months(review_due, UNANSWERED_MONTHS)
    if unanswered <= today:
        return Due(UNANSWERED, unanswered)
    if review_due <= today:
        return Due(REVIEW_DUE, review_due, facts.owned_by)
    first = KINDS[facts.kind].reminded.after(review_due)
    return Due(REVIEW_SOON, first, facts.owned_by, is_for_editors=False)


def _recognitions(facts: Facts, today: date) -> Iterator[Due]:
    for recognition in evidence.standing(facts.content.get("recognitions", ())):
        if "validUntil" not in recognition or recognition["status"] == _LAPSED:
            continue
        last = date.fromisoformat(recognition["validUntil"])
        if last < today:
            yield Due(RECOGNITION_ENDED, last + _DAY, facts.owned_by)
        else:
            yield Due(RECOGNITION_ENDING, add_months(last, -RECOGNITION_MONTHS), facts.owned_by)


def _follow_up(facts: Facts) -> Iterator[Due]:
    planned = facts.content.get("followUp")
    if planned and "dueOn" in planned and planned["status"] not in _FOLLOWED_UP:
        yield Due(FOLLOW_UP, date.fromisoformat(planned["dueOn"]) + _DAY, facts.owned_by)


def _track(waiting: OpenTrack, today: date) -> Due:
    long = waiting.asked_on + timedelta(days=DAYS_UNTIL_PASSED)
    if long <= today:
        return Due(f"{TRACK_WAITS_LONG}.{waiting.track}", long, track=waiting)
    first = waiting.asked_on + timedelta(days=DAYS_UNTIL_REMINDED)
    return Due(f"{TRACK_WAITS}.{waiting.track}", first, track=waiting)


@dataclass(frozen=True, slots=True)
class People:
    """Ids of accounts that may log in: all, those who may see what is entrusted, the desk, and for each track those
    whose review of it would count."""

    known: frozenset[str]
    trusted: frozenset[str]
    desk: frozenset[str]
    reviewers: Mapping[str, frozenset[str]]

    def told(self, one: Due) -> list[str]:
        """Each once; empty when nobody is there to be told."""
        found = set(self.desk) if one.is_for_editors else set()
        found |= self.known & {one.owner or ""}
        if one.track is not None:
            found |= self.reviewers[one.track.track] - one.track.made_by
        return sorted(found)

    def may_hear(self, account_id: str, facts: Facts) -> bool:
        """Of what happened to a text, now: who told it then may have lost the role or the ownership since."""
        if account_id not in (self.trusted if KINDS[facts.kind].is_entrusted else self.known):
            return False
        return facts.status in PUBLIC or account_id in (facts.created_by, facts.owned_by)


def people(actors: Iterable[Actor]) -> People:
    """The desk is the editors, or the admins where nobody is editor. A track that asks for no background is theirs."""
    known = list(actors)
    trusted = [a.id for a in known if a.is_at_least("editor")]
    editors = [a.id for a in known if a.role == "editor"] or trusted
    reviewers = {
        code: frozenset(a.id for a in known if track.backgrounds and track.counts_from(a))
        for code, track in TRACKS.items()
    }
    return People(frozenset(a.id for a in known), frozenset(trusted), frozenset(editors), reviewers)
