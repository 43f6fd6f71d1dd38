""" "We apply this here": marks of organisations on what they learned from others (content-model.md 4, AppliedMark)."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.access import policy
from kennis.access.policy import Actor
from kennis.content import audit, kinds, publication, texts
from kennis.content.context import Context
from kennis.content.fields_nested import Document
from kennis.content.lifecycle import PUBLISHED
from kennis.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Text
from kennis.store.models import AppliedMark, Organisation


def mark(
    session: Session,
    entry_id: str,
    given: Document,
    actor: Actor,
    context: Context,
) -> AppliedMark:
    """Waits for an editor; invisible until then. People speak for their own organisation, editors for any.
    `given` is sound: `kinds.load_mark` read it, with the day of this context."""
    organisation_id = given["organisationId"]
    entry = texts.find(session, entry_id)
    policy.check(actor, "mark", texts.facts(entry, entry))
    if actor.organisation_id != organisation_id and not actor.is_at_least("editor"):
        raise Forbidden(Text("Dit is niet uw organisatie.", "This is not your organisation."))
    if entry.status != PUBLISHED or not kinds.KINDS[entry.kind].takes_marks:
        raise Conflict(Text("Hierbij kan geen melding „toegepast”.", "This takes no mark of use."))
    if session.get(Organisation, organisation_id) is None:
        unknown = Text("Deze organisatie bestaat niet.", "There is no such organisation.")
        raise Invalid([Problem(unknown, "/organisationId")])
    earlier = select(AppliedMark.id).where(
        AppliedMark.entry_id == entry.id, AppliedMark.organisation_id == organisation_id
    )
    if session.scalar(earlier) is not None:
        raise Conflict(Text("Deze organisatie meldde dit al.", "This organisation gave its mark already."))
    made = AppliedMark(
        id=str(uuid.uuid4()),
        entry_id=entry.id,
        organisation_id=organisation_id,
        applied_on=given["appliedOn"],
        note=given.get("note"),
        is_approved=False,
        made_by=actor.id,
    )
    session.add(made)
    audit.of_entry(session, context, actor, "mark", entry)
    session.flush()
    return made


def approve_mark(
    session: Session, entry_id: str, mark_id: str, actor: Actor, context: Context, *, expected: int | None = None
) -> AppliedMark:
    """Shown from now on; enough marks of different organisations make an entry confirmed. The version stays.
    `expected` is the row version of the entry, for it shows its marks."""
    entry = texts.find(session, entry_id)
    policy.check(actor, "approve_mark", texts.facts(entry, entry))
    texts.expect(entry, expected)
    found = session.get(AppliedMark, mark_id)
    if found is None or found.entry_id != entry_id:
        raise NotFound()
    if found.is_approved:
        return found
    if entry.status != PUBLISHED:
        raise Conflict(Text("Dit is niet gepubliceerd.", "This is not published."))
    found.is_approved = True
    entry.row_version += 1
    audit.of_entry(session, context, actor, "approve_mark", entry)
    publication.announce(session, context, {entry.id: publication.UPDATED})
    return found


def listed(session: Session, entry_id: str, reader: Actor | None) -> list[AppliedMark]:
    """The approved ones for everybody; of those that wait, editors see all and others their own."""
    wanted = select(AppliedMark).where(AppliedMark.entry_id == entry_id)
    if reader is None:
        wanted = wanted.where(AppliedMark.is_approved)
    elif not policy.decide(reader, "approve_mark").is_allowed:
        wanted = wanted.where(AppliedMark.is_approved | (AppliedMark.made_by == reader.id))
    return list(session.scalars(wanted.order_by(AppliedMark.applied_on, AppliedMark.id)))


def find(session: Session, entry_id: str, mark_id: str, reader: Actor | None) -> AppliedMark:
    found = next((one for one in listed(session, entry_id, reader) if one.id == mark_id), None)
    if found is None:
        raise NotFound()
    return found
