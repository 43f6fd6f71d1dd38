"""Who did what to which id: written in the transaction of the deed, and never with content."""

from sqlalchemy.orm import Session

from kennis.access.policy import Actor
from kennis.content import kinds
from kennis.content.context import Context
from kennis.store.models import Audit, Entry


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
    """`detail` is a code or a number. Of a story only the day is kept (safety.md R16)."""
    session.add(
        Audit(
            at=context.stamp_for(only_day=only_day),
            actor_id=actor.id,
            operation=operation,
            subject_id=subject_id,
            detail=detail,
        )
    )


def of_entry(
    session: Session, context: Context, actor: Actor, operation: str, entry: Entry, detail: str | None = None
) -> None:
    only_day = kinds.KINDS[entry.kind].is_entrusted
    record(session, context, actor, operation, entry.id, detail, only_day=only_day)
