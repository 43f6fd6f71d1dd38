"""The audit of what is shared: of an entry that is entrusted only the day is kept (safety.md R16)."""

from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from kennis.access import audit
from kennis.access.policy import Actor
from kennis.content import kinds
from kennis.content.context import Context
from kennis.store import Store
from kennis.store.models import Entry, Organisation, Tombstone

# In the place of an id that is none, as somebody may have typed anything there.
UNKNOWN = "unknown"


def record(
    session: Session,
    context: Context,
    actor: Actor,
    operation: str,
    subject_id: str,
    detail: str | None = None,
    *,
    only_day: bool = False,
) -> None:
    """`detail` is a code or a number."""
    audit.record(session, context.stamp_for(only_day=only_day), actor.id, operation, subject_id, detail)


def of_entry(
    session: Session, context: Context, actor: Actor, operation: str, entry: Entry, detail: str | None = None
) -> None:
    only_day = kinds.KINDS[entry.kind].is_entrusted
    record(session, context, actor, operation, entry.id, detail, only_day=only_day)


def attempt(
    store: Store, context: Context, actor: Actor, operation: str, subject: str | None = None
) -> AbstractContextManager[None]:
    """Around the whole transaction of a step: when it is refused or fails, that is recorded in one of its own.

    `subject` is the id of the entry or organisation, or the kind of what was to be made; of anything else nothing is
    kept, and only the day.
    """
    return audit.attempt(store, actor.id, operation, lambda session: _seen(session, context, subject or UNKNOWN))


def _seen(session: Session, context: Context, subject: str) -> tuple[str, str]:
    if subject in kinds.KINDS:
        return context.stamp_for(only_day=kinds.KINDS[subject].is_entrusted), subject
    if not subject.isprintable():
        return context.stamp_for(only_day=True), UNKNOWN
    entry = session.get(Entry, subject) or session.get(Tombstone, subject)
    if entry is not None:
        return context.stamp_for(only_day=kinds.KINDS[entry.kind].is_entrusted), subject
    if session.get(Organisation, subject) is not None:
        return context.stamp, subject
    return context.stamp_for(only_day=True), UNKNOWN
