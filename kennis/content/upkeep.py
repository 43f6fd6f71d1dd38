"""Changing what is published (content-model.md 7.3): upkeep at once, all else by way of a working copy."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from kennis.access import policy
from kennis.access.policy import Actor
from kennis.content import audit, documents, kinds, linking, publishing, texts
from kennis.content.context import Context
from kennis.content.documents import Given
from kennis.content.lifecycle import DRAFT
from kennis.content.mentions import EDITORS
from kennis.content.parts import STILL_TO_COME
from kennis.content.texts import Written
from kennis.errors import Conflict, Invalid, Problem, Text
from kennis.store.models import Entry, WorkingCopy

# What may change without a round. `url` is where one applies for a training; a link elsewhere may only go.
FIELDS = frozenset({"sessions", "waitingTime", "url", "followUp", "externalIds"})
CHECKED_AT = "/checkedAt"
_STATUS = "status"
_LINK = "url"


def change_published(
    session: Session,
    entry: Entry,
    document: Mapping[str, Any],
    actor: Actor,
    context: Context,
    *,
    expected: int | None = None,
) -> Written:
    """Upkeep is public at once and needs no second person; any other change starts the one working copy."""
    policy.check(actor, "upkeep", texts.facts(entry, entry))
    texts.expect(entry, expected)
    known = documents.system_fields(session, entry, entry)
    given = documents.read(entry.kind, document, known, context.today, is_draft=True)
    if is_upkeep(entry.content, given.content):
        whole = documents.read(entry.kind, document, known, context.today)
        return _keep_up(session, entry, whole, actor, context)
    policy.check(actor, "revise", texts.facts(entry, entry))
    return _open_copy(session, entry, given, actor, context)


def is_upkeep(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether nothing changed but fields of upkeep, the status of a recognition, or dead links that were removed."""
    names = (old.keys() | new.keys()) - FIELDS - {"recognitions"}
    if any(not _same_but_links(old.get(name), new.get(name)) for name in names):
        return False
    before, after = _without_status(old), _without_status(new)
    return _same_but_links(before, after)


def _without_status(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{k: v for k, v in r.items() if k != _STATUS} for r in content.get("recognitions", ())]


def _same_but_links(old: Any, new: Any) -> bool:
    if isinstance(old, dict) and isinstance(new, dict):
        gone = {_LINK} if _LINK in old and _LINK not in new else set()
        return old.keys() - gone == new.keys() and all(_same_but_links(old[k], new[k]) for k in new)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_same_but_links, old, new))
    return bool(old == new)


def _keep_up(session: Session, entry: Entry, given: Given, actor: Actor, context: Context) -> Entry:
    if (given.content, given.checked_at, given.checked_by) == (entry.content, *_checked(entry)):
        return entry
    linking.check(session, entry.id, entry.kind, given.content, given.checked_by)
    entry.content = given.content
    if publishing.keeps_check_date(entry.kind):
        if given.checked_at is not None and given.checked_at != entry.checked_at:
            _require_fresh(entry, date.fromisoformat(given.checked_at), context.today)
        entry.checked_at, entry.checked_by = given.checked_at, given.checked_by
    _publish_upkeep(session, entry, "upkeep", actor, context)
    return entry


def _checked(entry: Entry) -> tuple[str | None, str | None]:
    return (entry.checked_at, entry.checked_by) if publishing.keeps_check_date(entry.kind) else (None, None)


def _publish_upkeep(session: Session, entry: Entry, operation: str, actor: Actor, context: Context) -> None:
    publishing.new_version(session, entry, actor, context, origin=publishing.UPKEEP)
    audit.of_entry(session, context, actor, operation, entry, str(entry.version))
    publishing.announce_version(session, context, entry, was_hidden=False)


def _open_copy(session: Session, entry: Entry, given: Given, actor: Actor, context: Context) -> WorkingCopy:
    if session.get(WorkingCopy, entry.id) is not None:
        raise Conflict(
            Text("Er is al een werkkopie; werk daarin verder.", "There is a working copy already; go on in that."),
            ("draft",),
        )
    linking.check(session, entry.id, entry.kind, given.content, given.checked_by)
    moment = context.stamp_for(only_day=texts.is_entrusted(entry))
    copy = WorkingCopy(
        entry_id=entry.id,
        status=DRAFT,
        row_version=1,
        content=given.content,
        checked_at=given.checked_at,
        checked_by=given.checked_by,
        created_at=moment,
        updated_at=moment,
        created_by=actor.id,
        last_changed_by=actor.id,
        override_by=entry.override_by,
    )
    documents.note_override(copy, entry.content, given.content, actor)
    session.add(copy)
    audit.of_entry(session, context, actor, "open_copy", entry)
    session.flush()
    return copy


def confirm(
    session: Session,
    entry_id: str,
    actor: Actor,
    context: Context,
    *,
    checked_on: date | None = None,
    checked_by: str | None = None,
    expected: int | None = None,
) -> Entry:
    """ "Klopt nog": somebody looked, on the day given or today, and all is still right."""
    entry, _, _ = texts.begin(session, "confirm", entry_id, actor, expected)
    day = checked_on or context.today
    _require_fresh(entry, day, context.today)
    entry.checked_at = day.isoformat()
    if documents.CHECKED_BY in kinds.schema(entry.kind).names:
        entry.checked_by = checked_by or _who(actor)
        linking.check(session, entry.id, entry.kind, entry.content, entry.checked_by)
    _publish_upkeep(session, entry, "confirm", actor, context)
    return entry


def _require_fresh(entry: Entry, day: date, today: date) -> None:
    """A check counts from its day on, so it is none of before the last one, nor so old that the entry would not be
    published with it (7.1): else confirming could end an offer."""
    if day > today:
        raise Invalid([Problem(STILL_TO_COME, CHECKED_AT)])
    if entry.checked_at is not None and day.isoformat() < entry.checked_at:
        raise Invalid([Problem(Text("Na deze dag is al weer gekeken.", "It was checked after this day."), CHECKED_AT)])
    found = kinds.publishing_problems(
        entry.kind, entry.content, checked_at=day.isoformat(), owned_by=entry.owned_by, today=today
    )
    if old := [problem for problem in found if problem.pointer == CHECKED_AT]:
        raise Invalid(old)


def _who(actor: Actor) -> str:
    return EDITORS if actor.is_at_least("editor") or not actor.organisation_id else actor.organisation_id
