"""The versions that were public once, and taking one out of sight (content-model.md 7.3)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.access import policy
from kennis.access.policy import Actor
from kennis.content import audit, texts
from kennis.content.context import Context
from kennis.errors import Conflict, NotFound, Text
from kennis.store import state
from kennis.store.models import Revision


def revisions(session: Session, entry_id: str) -> list[Revision]:
    """Oldest first; whether the caller may see them is for the surface to ask (`Kind.has_public_revisions`)."""
    wanted = select(Revision).where(Revision.entry_id == entry_id).order_by(Revision.version)
    return list(session.scalars(wanted))


def suppress_revision(
    session: Session,
    entry_id: str,
    version: int,
    actor: Actor,
    context: Context,
    *,
    expected: int | None = None,
) -> Revision:
    """The text of an old version goes for good: it held a wrong number or a name. That it existed stays known."""
    entry = texts.find(session, entry_id)
    policy.check(actor, "suppress", texts.facts(entry, entry))
    texts.expect(entry, expected)
    revision = session.get(Revision, (entry_id, version))
    if revision is None:
        raise NotFound()
    if version == entry.version:
        raise Conflict(
            Text("Dit is de huidige versie; verbeter die eerst.", "This is the present version; correct that first."),
        )
    if revision.content is None:
        return revision
    state.raise_generation(session)
    revision.content = None
    revision.suppressed_at = context.stamp_for(only_day=texts.is_entrusted(entry))
    revision.suppressed_by = actor.id
    entry.row_version += 1
    audit.of_entry(session, context, actor, "suppress", entry, str(version))
    session.flush()
    return revision
