"""What was asked and judged of an entry, for its owner and the desk. The public knows track and month only (7.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.access import policy
from kennis.access.policy import Actor
from kennis.content import public, reading, texts, tracks
from kennis.content.lifecycle import PUBLIC
from kennis.errors import Forbidden, Hidden, Text
from kennis.store.models import Entry, Review, ReviewTask, WorkingCopy

STATES: Mapping[str, Text] = {
    tracks.OPEN: Text("Gevraagd", "Asked"),
    tracks.APPROVED: Text("Goedgekeurd", "Approved"),
    tracks.PASSED: Text("Overgeslagen", "Passed"),
}
OUTCOMES: Mapping[str, Text] = {
    reading.APPROVED: Text("Goedgekeurd", "Approved"),
    reading.CHANGES_REQUESTED: Text("Aanpassing gevraagd", "Changes requested"),
    reading.IMPORTED: Text("Overgenomen bij het inladen", "Taken over when loaded"),
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """`month` is `2026-11`; `background` is that of the reviewer, who is not named. `version` is the one the judged
    text has, or will have once published."""

    outcome: str
    note: str | None
    background: str | None
    month: str
    version: int
    is_for_older_version: bool


@dataclass(frozen=True, slots=True)
class JudgedTrack:
    """`state` and `asked_on` are of the round that runs, None when this track is not in it; that a track was passed is
    told afterwards too. `is_copy`: that round is about the working copy. The newest judgement comes first."""

    track: str
    state: str | None
    asked_on: str | None
    is_copy: bool
    judgements: tuple[Judgement, ...]


def find(session: Session, kind: str, entry_id: str, actor: Actor) -> list[JudgedTrack]:
    """Tracks that are asked or ever were judged, in their order. Forbidden for who has no part in it; Hidden where he
    may not even know of the entry, as a reviewer of a text that was never handed in."""
    entry = session.scalar(select(Entry).where(Entry.id == entry_id, Entry.kind == kind))
    if entry is None:
        public.refuse(session, kind, entry_id)
    copy = session.get(WorkingCopy, entry_id)
    judged, asked = _judgements(session, entry), {task.track: task for task in _tasks(session, entry_id)}
    is_public = entry.status in PUBLIC and entry.partner_use
    facts = texts.facts(entry, entry)
    if copy is not None:
        facts = replace(facts, made_by=facts.made_by | texts.facts(entry, copy).made_by)
    verdict = policy.decide(actor, "reviews", facts)
    is_known = bool(judged or asked) or policy.decide(actor, "read", facts).is_allowed
    if not is_public and not (is_known and verdict.is_allowed):
        raise Hidden()
    if not verdict.is_allowed:
        raise Forbidden(verdict.reason)
    return [_track(code, asked.get(code), judged.get(code, [])) for code in tracks.TRACKS if code in {*asked, *judged}]


def _tasks(session: Session, entry_id: str) -> list[ReviewTask]:
    """Of a working copy last, so that its round is the one that counts."""
    wanted = select(ReviewTask).where(ReviewTask.entry_id == entry_id).order_by(ReviewTask.is_copy)
    return list(session.scalars(wanted))


def _judgements(session: Session, entry: Entry) -> dict[str, list[Judgement]]:
    present = entry.version if entry.status in PUBLIC else entry.version + 1
    found: dict[str, list[Judgement]] = {}
    for row in session.scalars(select(Review).where(Review.entry_id == entry.id).order_by(Review.id.desc())):
        told = Judgement(row.outcome, row.note, row.background, row.reviewed_on[:7], row.version, row.version < present)
        found.setdefault(row.track, []).append(told)
    return found


def _track(code: str, task: ReviewTask | None, judged: list[Judgement]) -> JudgedTrack:
    if task is None:
        return JudgedTrack(code, None, None, False, tuple(judged))
    return JudgedTrack(code, task.state, task.asked_on, task.is_copy, tuple(judged))
