"""From the body a caller sends to what is stored: content apart from the fields that Kennis keeps itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from kennis.access import policy
from kennis.access.policy import Actor, Facts
from kennis.content import kinds, reading
from kennis.content.texts import Written
from kennis.store.models import Entry

# Given in the body of some kinds, kept in columns: only somebody who looked may move them (content-model.md 5.5).
CHECKED_AT, CHECKED_BY = "checkedAt", "checkedBy"


@dataclass(frozen=True, slots=True)
class Given:
    """What a body says, sound and normalised."""

    content: dict[str, Any]
    checked_at: str | None
    checked_by: str | None


def read(kind: str, body: Mapping[str, Any], known: Mapping[str, Any], today: date, *, is_draft: bool = False) -> Given:
    """Read-only properties are dropped when they say what is `known`; all other faults are raised together."""
    schema = kinds.schema(kind, draft=is_draft)
    unchanged = {
        name
        for name in schema.system & body.keys() - schema.names
        if body[name] is None or (name in known and body[name] == known[name])
    }
    return _given(kinds.load(kind, body, draft=is_draft, accept_system=unchanged, today=today))


def read_loaded(kind: str, body: Mapping[str, Any], today: date, *, is_archived: bool) -> Given:
    """As the loader reads: it leaves system properties out itself; what is archived may lack a check date (7.1)."""
    return _given(kinds.load(kind, body, archived=is_archived, today=today))


def _given(content: dict[str, Any]) -> Given:
    return Given(content, content.pop(CHECKED_AT, None), content.pop(CHECKED_BY, None))


def body_of(kind: str, text: Written) -> dict[str, Any]:
    """The text as somebody would send it."""
    columns = {CHECKED_AT: text.checked_at, CHECKED_BY: text.checked_by}
    names = kinds.schema(kind).names
    return text.content | {k: v for k, v in columns.items() if k in names and v is not None}


def require_whole(kind: str, text: Written, today: date) -> None:
    """Everything the kind requires is there; raises Invalid with all that is not."""
    kinds.load(kind, body_of(kind, text), today=today)


def system_fields(session: Session, entry: Entry, text: Written) -> dict[str, Any]:
    """What an answer says of this text beside its content, for comparing with what comes back."""
    view = reading.view(session, [entry.id])[0]
    fields = {
        "id": entry.id,
        "slug": entry.slug,
        "kind": entry.kind,
        "status": text.status,
        "version": entry.version,
        "createdAt": entry.created_at,
        "updatedAt": text.updated_at,
        "publishedAt": entry.published_at,
        "checkedAt": text.checked_at,
        "checkedBy": text.checked_by,
        "reviewDue": entry.review_due,
        "archiveReason": entry.archive_reason,
        "replacedById": entry.replaced_by_id,
        "appliedMarks": [dict(mark) for mark in view.approved_marks],
        "reviews": [dict(review) for review in view.reviews],
        "passedTracks": list(view.passed_tracks),
    }
    return {name: value for name, value in fields.items() if value is not None}


def note_override(text: Written, old: Mapping[str, Any], new: Mapping[str, Any], actor: Actor) -> None:
    """Only an editor sets a band by hand; who did stays internal (content-model.md 3.1)."""
    override = new.get("evidenceBandOverride")
    if override == old.get("evidenceBandOverride"):
        return
    policy.check(actor, "override", Facts())
    text.override_by = actor.id if override else None
