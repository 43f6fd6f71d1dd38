"""From the address of a page to the entry that stands there, stood there, or lives on elsewhere."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.content import public, slugs
from kennis.content.kinds import KINDS
from kennis.errors import Gone, Moved, NotFound
from kennis.store.models import Entry, FormerSlug


def name_of(kind: str, entry_id: str, slug: str) -> str:
    """The last part of the address: of some kinds it may not say what the page is about (safety.md X5)."""
    return entry_id if KINDS[kind].page_is_id else slug


def find(session: Session, kind: str, name: str, today: date) -> public.PublicEntry:
    """Moved, with the present name, for another name of the same entry; Gone for what was withdrawn."""
    if not slugs.is_slug(name):
        # PostgreSQL cannot even be asked for some of these.
        raise NotFound()
    entry_id = _holder(session, kind, name)
    if entry_id is None:
        if slugs.erased(session, [name]):
            raise Gone()
        # A name that is an id may be that of a withdrawn entry.
        return public.find(session, kind, name, today, partners=False)
    entry = public.find(session, kind, entry_id, today, partners=False)
    present = name_of(kind, entry.id, entry.slug)
    if present != name:
        raise Moved(present)
    return entry


def _holder(session: Session, kind: str, name: str) -> str | None:
    present = session.scalar(select(Entry.id).where(Entry.kind == kind, (Entry.slug == name) | (Entry.id == name)))
    if present is not None:
        return present
    former = session.scalar(select(FormerSlug.entry_id).where(FormerSlug.slug == name))
    if former is None or session.scalar(select(Entry.id).where(Entry.id == former, Entry.kind == kind)) is None:
        return None
    return former
