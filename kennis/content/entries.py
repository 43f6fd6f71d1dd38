"""The one status machine: every way in which an entry comes into being, changes status or goes (content-model.md 7).

Each step takes a session inside a transaction, checks policy, status and row version before it writes anything,
and writes an audit record. `copy=True` lets the step act on the working copy of a published entry.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from kennis.access import policy
from kennis.access.policy import Actor, Facts
from kennis.content import audit, documents, kinds, lifecycle, linking, slugs, texts, tracks
from kennis.content.context import Context
from kennis.content.lifecycle import DRAFT, PUBLISHED, UNDER_REVIEW
from kennis.content.marks import approve_mark, mark
from kennis.content.publishing import publish
from kennis.content.reading import pending_jobs, view
from kennis.content.reviewing import approve, reject, restore, return_, submit, take
from kennis.content.revisions import suppress_revision
from kennis.content.succession import archive
from kennis.content.texts import Written
from kennis.content.upkeep import change_published, confirm
from kennis.content.withdrawal import withdraw
from kennis.errors import Conflict, Forbidden, Text
from kennis.store.models import Entry, WorkingCopy

__all__ = [
    "approve", "approve_mark", "archive", "confirm", "create", "delete", "mark", "pending_jobs", "publish",
    "reject", "restore", "return_", "revise", "submit", "suppress_revision", "take", "view",
    "withdraw",
]  # fmt: skip


def create(session: Session, kind: str, document: Mapping[str, Any], actor: Actor, context: Context) -> Entry:
    """A draft of version 0, private to its author and editors; only title and language are needed."""
    declared = kinds.KINDS[kind]
    policy.check(actor, "create", Facts(is_entrusted=declared.is_entrusted))
    given = documents.read(kind, document, {"kind": kind}, context.today, is_draft=True)
    entry_id = str(uuid.uuid4())
    moment = context.stamp_for(only_day=declared.is_entrusted)
    entry = Entry(
        id=entry_id,
        kind=kind,
        slug=slugs.choose(session, {entry_id: slugs.wished(declared, entry_id, given.content)})[entry_id],
        status=DRAFT,
        version=0,
        row_version=1,
        content=given.content,
        checked_at=given.checked_at,
        checked_by=given.checked_by,
        created_at=moment,
        updated_at=moment,
        created_by=actor.id,
        owned_by=actor.id,
        last_changed_by=actor.id,
        partner_use=not declared.is_entrusted,
        index_version=0,
        rendering=0,
    )
    documents.note_override(entry, {}, given.content, actor)
    linking.check(session, entry.id, kind, given.content, given.checked_by)
    session.add(entry)
    session.flush()
    linking.store(session, entry)
    audit.of_entry(session, context, actor, "create", entry)
    return entry


def revise(
    session: Session,
    entry_id: str,
    document: Mapping[str, Any],
    actor: Actor,
    context: Context,
    *,
    copy: bool = False,
    expected: int | None = None,
) -> Written:
    """Replace the text by this whole document. On a published entry: upkeep, or a new working copy (7.3)."""
    entry, text = texts.find_written(session, entry_id, copy=copy)
    if text.status == PUBLISHED:
        return change_published(session, entry, document, actor, context, expected=expected)
    policy.check(actor, "revise", texts.facts(entry, text))
    _require_writable(text, actor)
    texts.expect(text, expected)
    known = documents.system_fields(session, entry, text)
    given = documents.read(entry.kind, document, known, context.today, is_draft=True)
    linking.check(session, entry.id, entry.kind, given.content, given.checked_by)
    old = text.content
    documents.note_override(text, old, given.content, actor)
    text.content, text.checked_at, text.checked_by = given.content, given.checked_at, given.checked_by
    texts.touch(entry, text, actor, context, is_new_text=True)
    if isinstance(text, Entry):
        linking.store(session, text)
        _follow_title(session, text)
    if text.status in UNDER_REVIEW:
        tracks.reopen(session, entry, old, given.content, context, is_copy=copy)
    audit.of_entry(session, context, actor, "revise", entry)
    return text


def _require_writable(text: Written, actor: Actor) -> None:
    """Submitted text is locked for its author; a text that is archived, rejected or gone for everybody."""
    if text.status in lifecycle.WRITABLE or (text.status in UNDER_REVIEW and actor.is_at_least("editor")):
        return
    if text.status in UNDER_REVIEW:
        raise Forbidden(
            Text("De tekst is ingediend en ligt bij de redactie.", "The text was submitted; the editors have it.")
        )
    lifecycle.require("revise", text.status)


def _follow_title(session: Session, entry: Entry) -> None:
    """A text that was never public takes the address of its present title."""
    if entry.version == 0:
        wish = slugs.wished(kinds.KINDS[entry.kind], entry.id, entry.content)
        entry.slug = slugs.choose(session, {entry.id: wish})[entry.id]
        session.flush()


def delete(
    session: Session,
    entry_id: str,
    actor: Actor,
    context: Context,
    *,
    copy: bool = False,
    expected: int | None = None,
) -> None:
    """A draft that was never published, or a working copy in any status but under review."""
    entry, text = texts.find_written(session, entry_id, copy=copy)
    policy.check(actor, "delete", texts.facts(entry, text))
    if not copy or text.status in UNDER_REVIEW:
        lifecycle.require("delete", text.status, is_copy=copy)
    texts.expect(text, expected)
    if isinstance(text, Entry) and text.version:
        raise Conflict(Text("Dit was ooit openbaar.", "This was public once."), ("_submit",))
    audit.of_entry(session, context, actor, "delete", entry)
    if isinstance(text, WorkingCopy):
        texts.drop_copy(session, text)
        return
    linking.forget(session, [entry.id], context)
    session.delete(entry)
    session.flush()
