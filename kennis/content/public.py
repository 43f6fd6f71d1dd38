"""What anybody may read of one entry by its id: facts and relations. Private ones do not exist here.

`partners` in a name of an argument: the surface that gives only what may go to partner sites (api.md 3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.content.expiry import has_left
from kennis.content.lifecycle import ARCHIVED, PUBLIC, PUBLISHED
from kennis.content.vocabulary import vocabularies
from kennis.errors import Gone, NotFound
from kennis.store.models import Change, Entry, RelationRow, Tombstone


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """What an ETag and the choice of a shape need; `status` as readers have it today."""

    id: str
    kind: str
    slug: str
    status: str
    version: int
    row_version: int
    rendering: int

    @property
    def is_published(self) -> bool:
        return self.status == PUBLISHED


@dataclass(frozen=True, slots=True)
class PublicRelation:
    """One relation as seen from the entry that was asked; `other` is the entry on its far side."""

    kind: str
    labels: Mapping[str, str]
    note: str | None
    other: PublicEntry


_FACTS = (
    Entry.id, Entry.kind, Entry.slug, Entry.status, Entry.version, Entry.row_version, Entry.rendering, Entry.checked_at,
)  # fmt: skip


def find(session: Session, kind: str, entry_id: str, today: date, *, partners: bool) -> PublicEntry:
    """NotFound for what was never public here, Gone for what was and is withdrawn, or taken back from partners."""
    row = session.execute(
        select(*_FACTS, Entry.partner_use).where(Entry.id == entry_id, Entry.kind == kind)
    ).one_or_none()
    if row is None:
        refuse(session, kind, entry_id)
    if partners and not row.partner_use:
        raise Gone() if _was_with_partners(session, entry_id) else NotFound()
    if row.status not in PUBLIC:
        raise NotFound()
    return _as_read(row, today)


def refuse(session: Session, kind: str, entry_id: str) -> NoReturn:
    """There is no row: it was withdrawn, or there never was one."""
    is_gone = session.scalar(select(Tombstone.id).where(Tombstone.id == entry_id, Tombstone.kind == kind))
    raise Gone() if is_gone else NotFound()


def _as_read(row: Any, today: date) -> PublicEntry:
    status = ARCHIVED if has_left(row.kind, row.status, row.checked_at, today) else row.status
    return PublicEntry(row.id, row.kind, row.slug, status, row.version, row.row_version, row.rendering)


def find_any(session: Session, entry_id: str, today: date, *, partners: bool) -> PublicEntry:
    """The same for a caller who does not know the kind."""
    kind = session.scalar(
        select(Entry.kind).where(Entry.id == entry_id).union(select(Tombstone.kind).where(Tombstone.id == entry_id))
    )
    if kind is None:
        raise NotFound()
    return find(session, kind, entry_id, today, partners=partners)


def _was_with_partners(session: Session, entry_id: str) -> bool:
    """The change feed told partners of it once, so they may hold a copy."""
    wanted = select(Change.id).where(Change.entry_id == entry_id, Change.partner_use).limit(1)
    return session.scalar(wanted) is not None


def relations(
    session: Session, entry: PublicEntry, today: date, *, partners: bool
) -> tuple[list[PublicRelation], list[PublicRelation]]:
    """Those the entry names, and those that name it; none while it is archived."""
    if not entry.is_published:
        return [], []
    stored = _neighbours(session, RelationRow.target_id, RelationRow.source_id == entry.id, partners=partners)
    inverse = _neighbours(session, RelationRow.source_id, RelationRow.target_id == entry.id, partners=partners)
    notes = _notes(session, [entry.id, *(row.id for row in inverse)])
    return (
        [_relation(row, notes.get((entry.id, row.relation, row.id)), today, is_inverse=False) for row in stored],
        [_relation(row, notes.get((row.id, row.relation, entry.id)), today, is_inverse=True) for row in inverse],
    )


def _neighbours(session: Session, far: Any, near: Any, *, partners: bool) -> list[Any]:
    wanted = (
        select(RelationRow.kind.label("relation"), *_FACTS)
        .join(Entry, Entry.id == far)
        .where(near, Entry.status.in_(PUBLIC))
        .order_by(RelationRow.kind, Entry.id)
    )
    return list(session.execute(wanted.where(Entry.partner_use) if partners else wanted))


def _notes(session: Session, ids: list[str]) -> dict[tuple[str, str, str], str]:
    """(source, kind, target) -> note: kept in the text of the entry that names the relation."""
    rows = session.execute(select(Entry.id, Entry.content).where(Entry.id.in_(ids)))
    return {
        (row.id, relation["kind"], relation["targetId"]): relation["note"]
        for row in rows
        for relation in row.content.get("relations", ())
        if "note" in relation
    }


def _relation(row: Any, note: str | None, today: date, *, is_inverse: bool) -> PublicRelation:
    term = vocabularies()["relation-kinds"][row.relation]
    code, labels = (term.extra["inverse"], term.extra["inverseLabels"]) if is_inverse else (term.code, term.labels)
    return PublicRelation(code, labels, note, _as_read(row, today))
