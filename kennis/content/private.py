"""What author, owner, editors and, during its review, reviewers may read of a text that is not public."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.access import policy
from kennis.access.policy import Actor
from kennis.content import lifecycle, public, reading, texts
from kennis.content.texts import Written
from kennis.content.views import EntryView
from kennis.errors import Hidden, NotFound
from kennis.store.models import Entry, WorkingCopy


def find(session: Session, kind: str, entry_id: str, actor: Actor, *, copy: bool = False) -> tuple[Entry, Written]:
    """For reading: nothing is locked. Hidden when this actor may not know of it, Gone once withdrawn."""
    entry = session.scalar(select(Entry).where(Entry.id == entry_id, Entry.kind == kind))
    if entry is None:
        public.refuse(session, kind, entry_id)
    text: Written | None = session.get(WorkingCopy, entry_id) if copy else entry
    if text is None:
        raise NotFound()
    if not may_read(entry, text, actor):
        raise Hidden()
    return entry, text


def require_known(session: Session, kind: str, entry_id: str, actor: Actor, *, copy: bool) -> Written:
    """The text a step is to be taken on, locked. What the actor may read neither as a reader of the site nor as
    somebody at work on it does not exist for him: Hidden, before any rule can tell that it does."""
    entry, text = texts.find_written(session, entry_id, copy=copy)
    if entry.kind != kind:
        raise NotFound()
    if not may_know(entry, text, actor):
        raise Hidden()
    return text


def may_know(entry: Entry, text: Written, actor: Actor) -> bool:
    """As a reader of what partners may have, or as somebody at work on it."""
    is_public = text is entry and entry.status in lifecycle.PUBLIC and entry.partner_use
    return is_public or may_read(entry, text, actor)


def may_read(entry: Entry, text: Written, actor: Actor) -> bool:
    facts = texts.facts(entry, text)
    operation = "read_submitted" if text.status in lifecycle.UNDER_REVIEW else "read"
    return policy.decide(actor, operation, facts).is_allowed


def view(session: Session, entry: Entry, text: Written) -> EntryView:
    """For rendering. Relations to what is not public are shown, so that sending back what was read loses none."""
    (found,) = reading.make_views(session, [_row(entry, text)])
    return replace(found, hidden_relations=frozenset())


def _row(entry: Entry, text: Written) -> Mapping[str, Any]:
    """The row of the entry, with this text in it."""
    row = {column.key: getattr(entry, column.key) for column in reading.COLUMNS}
    own = ("content", "status", "row_version", "checked_at", "checked_by", "updated_at")
    return row | {name: getattr(text, name) for name in own}
