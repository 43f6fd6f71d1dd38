"""Review tracks: which are asked, who counts for which, and when a text may be published (content-model.md 7.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kennis.access.policy import Actor
from kennis.content import kinds
from kennis.content.context import Context
from kennis.content.vocabulary import vocabularies
from kennis.errors import Conflict, Forbidden, Invalid, Problem, Text
from kennis.store.models import Entry, Review, ReviewTask, Revision

OPEN, APPROVED, PASSED = "open", "approved", "passed"
# A track that may be passed is passed when nobody answered for so long (content-model.md 7.2).
DAYS_UNTIL_PASSED = 30
_CONCERNED = frozenset({"slachtoffer", "slachtoffer-man", "kind", "jongere", "nabestaande", "pleger"})
_EVIDENCE = ("evidence", "recognitions", "evidenceBandOverride")
_PRACTICE = (
    "goal", "approach", "indications", "contraIndications", "durationBand", "sessionCount", "intensity", "materials",
    "staffRequirements", "trainingRequired", "conditions", "costs", "costBand", "workingElements", "purpose",
    "whenToUse", "whenNot", "steps", "timeNeeded", "tools", "legalBasis", "pitfalls", "example",
)  # fmt: skip
_EXPERIENCE = (
    *_PRACTICE, "title", "summary", "summaryPlain", "body", "problem", "targetGroups", "contentWarnings", "context",
    "whatHappened", "why", "lesson", "recommendation", "whatHelped", "whatDidNotHelp", "adviceToOthers",
    "adviceToProfessionals", "hopeMessage", "safetyNote", "channels", "accessibility",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Track:
    """`judged`: the fields it looks at, empty for all. `backgrounds`: for whom it counts, empty for an editor."""

    code: str
    judged: tuple[str, ...]
    backgrounds: frozenset[str]
    is_needed: bool

    def is_changed(self, new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
        if not self.judged:
            return new != old
        return any(new.get(name) != old.get(name) for name in self.judged)

    def counts_from(self, actor: Actor) -> bool:
        if actor.is_system:
            return True
        if not self.backgrounds:
            return actor.is_at_least("editor")
        return actor.is_at_least("reviewer") and actor.background in self.backgrounds


TRACKS: Mapping[str, Track] = {
    track.code: track
    for track in (
        Track("editorial", (), frozenset(), True),
        Track("science", _EVIDENCE, frozenset({"researcher"}), True),
        Track("practice", _PRACTICE, frozenset({"professional", "volunteer", "trainer"}), False),
        Track("experience", _EXPERIENCE, frozenset({"experience-expert", "self-organisation"}), False),
    )
}


def concerned(kind: str, content: Mapping[str, Any]) -> list[str]:
    """The tracks that have something to judge in this text, whatever was judged before."""
    declared = kinds.KINDS[kind]
    personal = vocabularies()["audiences"]
    asked = ["editorial"]
    if any(content.get(name) for name in _EVIDENCE):
        asked.append("science")
    if declared.is_assessed:
        asked.append("practice")
    if (
        declared.is_entrusted
        or _CONCERNED & set(content.get("targetGroups", ()))
        or any(personal[code].group == "personal" for code in content.get("audiences", ()))
    ):
        asked.append("experience")
    return asked


def to_ask(session: Session, entry: Entry, content: Mapping[str, Any]) -> list[str]:
    """Concerned tracks, without those that approved an earlier version in whose fields nothing changed since."""
    judged = _judged_versions(session, entry)
    asked = [
        code
        for code in concerned(entry.kind, content)
        if code == "editorial" or code not in judged or TRACKS[code].is_changed(content, judged[code])
    ]
    # What was taken out of the evidence is judged as well.
    published = judged.get("science", entry.content if entry.version else {})
    if "science" not in asked and TRACKS["science"].is_changed(content, published):
        asked.append("science")
    return asked


def _judged_versions(session: Session, entry: Entry) -> dict[str, Mapping[str, Any]]:
    """Track -> content of the newest version it approved; a suppressed one counts as never judged."""
    wanted = (
        select(Review.track, Revision.content)
        .join(Revision, (Revision.entry_id == Review.entry_id) & (Revision.version == Review.version))
        .where(Review.entry_id == entry.id, Review.outcome.in_(("approved", "imported")))
        .order_by(Review.id)
    )
    return {track: content for track, content in session.execute(wanted) if content is not None}


def ask(session: Session, entry: Entry, codes: list[str], context: Context, *, is_copy: bool) -> None:
    """Make the tasks of a round; those of an earlier round close."""
    close(session, entry.id, is_copy=is_copy)
    session.add_all(
        ReviewTask(entry_id=entry.id, is_copy=is_copy, track=code, state=OPEN, asked_on=context.today.isoformat())
        for code in codes
    )
    session.flush()


def close(session: Session, entry_id: str, *, is_copy: bool) -> None:
    session.flush()
    session.execute(delete(ReviewTask).where(ReviewTask.entry_id == entry_id, ReviewTask.is_copy == is_copy))


def settle(session: Session, entry_id: str, *, is_copy: bool) -> None:
    """The round ends in a published text. What was passed stays known of it, until a next round asks again."""
    passed = [(task.track, task.asked_on) for task in tasks(session, entry_id, is_copy=is_copy) if task.state == PASSED]
    close(session, entry_id, is_copy=is_copy)
    close(session, entry_id, is_copy=False)
    session.add_all(
        ReviewTask(entry_id=entry_id, is_copy=False, track=code, state=PASSED, asked_on=asked_on)
        for code, asked_on in passed
    )
    session.flush()


def tasks(session: Session, entry_id: str, *, is_copy: bool = False) -> list[ReviewTask]:
    wanted = select(ReviewTask).where(ReviewTask.entry_id == entry_id, ReviewTask.is_copy == is_copy)
    found = {task.track: task for task in session.scalars(wanted)}
    return [found[code] for code in TRACKS if code in found]


def reopen(
    session: Session,
    entry: Entry,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    context: Context,
    *,
    is_copy: bool,
) -> None:
    """A text that changes under review is judged again where it changed; tracks that it now needs are added."""
    found = {task.track: task for task in tasks(session, entry.id, is_copy=is_copy)}
    for code in to_ask(session, entry, new):
        if code not in found:
            session.add(
                ReviewTask(
                    entry_id=entry.id, is_copy=is_copy, track=code, state=OPEN, asked_on=context.today.isoformat()
                )
            )
        elif found[code].state != OPEN and TRACKS[code].is_changed(new, old):
            found[code].state, found[code].asked_on = OPEN, context.today.isoformat()
    session.flush()


def open_task(session: Session, entry_id: str, code: str, actor: Actor, *, is_copy: bool) -> ReviewTask:
    """The task of this track, if it is open and a review of this actor counts for it."""
    task = asked(session, entry_id, code, is_copy=is_copy)
    if task.state != OPEN:
        raise _not_open(session, entry_id, code, is_copy=is_copy)
    if not TRACKS[code].counts_from(actor):
        raise Forbidden(
            Text(f"Uw beoordeling telt niet voor het spoor {code}.", f"Your review does not count for {code}.")
        )
    return task


def asked(session: Session, entry_id: str, code: str, *, is_copy: bool) -> ReviewTask:
    """The task of this track in whatever state; for a return, which may come after an approval."""
    if code not in TRACKS:
        known = ", ".join(TRACKS)
        raise Invalid(
            [Problem(Text(f"Onbekend spoor; kies uit: {known}.", f"Unknown track; choose from: {known}."), "/track")]
        )
    task = session.get(ReviewTask, (entry_id, is_copy, code))
    if task is None:
        raise _not_open(session, entry_id, code, is_copy=is_copy)
    return task


def _not_open(session: Session, entry_id: str, code: str, *, is_copy: bool) -> Conflict:
    still = [t.track for t in tasks(session, entry_id, is_copy=is_copy) if t.state == OPEN]
    return Conflict(Text(f"Het spoor {code} staat niet open.", f"The track {code} is not open."), still)


def require_done(session: Session, entry_id: str, today: date, *, is_copy: bool) -> None:
    """Conflict while a track stands in the way of publishing; tracks that waited long enough are passed."""
    waiting = []
    for task in tasks(session, entry_id, is_copy=is_copy):
        if task.state != OPEN:
            continue
        asked = date.fromisoformat(task.asked_on)
        if TRACKS[task.track].is_needed or today < asked + timedelta(days=DAYS_UNTIL_PASSED):
            waiting.append(task.track)
        else:
            task.state = PASSED
    if waiting:
        words = ", ".join(waiting)
        raise Conflict(
            Text(f"Nog niet beoordeeld: {words}.", f"Not reviewed yet: {words}."),
            ("_approve", "_return", "_reject"),
        )
