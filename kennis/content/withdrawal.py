"""Withdrawal: every word of an entry goes for good, and a tombstone without content stays (safety.md G5, G6, G11).

What this transaction cannot reach (the WAL, the folder of the index, backups) is the erase job's (safety.md G9).
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.access.policy import Actor
from kennis.content import audit, digests, kinds, linking, publication, slugs, texts
from kennis.content.context import Context
from kennis.store import state
from kennis.store.models import Change, Entry, FormerSlug, IndexJob, Tombstone
from kennis.store.rows import insert_rows


def withdraw(
    session: Session,
    entry_id: str,
    actor: Actor,
    context: Context,
    *,
    consent_version: str | None = None,
    expected: int | None = None,
) -> Tombstone:
    """No reason is asked. Text, revisions, reviews, working copy, marks and relations go on both sides at once."""
    entry, _, _ = texts.begin(session, "withdraw", entry_id, actor, expected)
    audit.of_entry(session, context, actor, "withdraw", entry)
    return bury(session, entry, context, consent_version=consent_version)


def bury(session: Session, entry: Entry, context: Context, *, consent_version: str | None = None) -> Tombstone:
    """The deed itself, for callers that settled who may."""
    state.raise_generation(session)
    naming = publication.neighbours(session, [entry.id])
    tombstone = Tombstone(
        id=entry.id,
        kind=entry.kind,
        withdrawn_on=context.today.isoformat(),
        consent_version=consent_version,
        index_version=entry.index_version + 1,
    )
    _forget_addresses(session, entry)
    digests.take_back(session, entry.id)
    linking.forget(session, [entry.id], context)
    _tell(session, context, entry, tombstone)
    session.delete(entry)
    session.add(tombstone)
    session.flush()
    publication.announce(session, context, dict.fromkeys(naming, publication.UPDATED))
    return tombstone


def _forget_addresses(session: Session, entry: Entry) -> None:
    """The address of a story is its id, which the tombstone keeps; others stay known as keyed hashes."""
    if not entry.version or kinds.KINDS[entry.kind].slug_is_id:
        return
    former = session.scalars(select(FormerSlug.slug).where(FormerSlug.entry_id == entry.id))
    slugs.erase(session, [entry.slug, *former])


def _tell(session: Session, context: Context, entry: Entry, tombstone: Tombstone) -> None:
    """Partners learn of what they may have: also of an archived one, not of a text that was never public."""
    moment = context.stamp_for(only_day=True)
    insert_rows(
        session,
        IndexJob,
        [{"entry_id": entry.id, "index_version": tombstone.index_version, "created": moment}],
    )
    if entry.version:
        told = {
            "entry_id": entry.id,
            "kind": entry.kind,
            "action": publication.GONE_WITHDRAWN,
            "version": entry.version,
            "partner_use": entry.partner_use,
            "at": moment,
        }
        insert_rows(session, Change, [told])
