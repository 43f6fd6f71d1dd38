"""The text a step works on: that of the entry itself, or of its working copy."""

from sqlalchemy.orm import Session

from kennis.access import policy
from kennis.access.policy import Actor, Facts
from kennis.content import kinds, lifecycle, tracks
from kennis.content.context import Context
from kennis.errors import Gone, NotFound, PreconditionFailed
from kennis.store.models import Entry, Tombstone, WorkingCopy

Written = Entry | WorkingCopy


def find(session: Session, entry_id: str) -> Entry:
    """The row, locked until the end of the transaction; Gone once withdrawn."""
    entry = session.get(Entry, entry_id, with_for_update=True)
    if entry is None:
        raise Gone() if session.get(Tombstone, entry_id) else NotFound()
    return entry


def find_copy(session: Session, entry_id: str) -> WorkingCopy:
    copy = session.get(WorkingCopy, entry_id, with_for_update=True)
    if copy is None:
        raise NotFound()
    return copy


def find_written(session: Session, entry_id: str, *, copy: bool) -> tuple[Entry, Written]:
    entry = find(session, entry_id)
    return entry, find_copy(session, entry_id) if copy else entry


def is_entrusted(entry: Entry) -> bool:
    return kinds.KINDS[entry.kind].is_entrusted


def facts(entry: Entry, text: Written) -> Facts:
    return Facts(
        made_by=frozenset({text.created_by, text.last_changed_by}),
        owned_by=entry.owned_by,
        is_entrusted=is_entrusted(entry),
    )


def expect(text: Written, expected: int | None) -> None:
    """None: the caller did not read before (command line, jobs)."""
    if expected is not None and expected != text.row_version:
        raise PreconditionFailed()


def begin(
    session: Session, operation: str, entry_id: str, actor: Actor, expected: int | None, *, copy: bool = False
) -> tuple[Entry, Written, str | None]:
    """What every step does first: find, may this actor, does it start from here, is it what the caller read."""
    entry, text = find_written(session, entry_id, copy=copy)
    policy.check(actor, operation, facts(entry, text))
    may_leave = is_entrusted(entry) or entry.version > 0
    target = lifecycle.require(operation, text.status, may_leave=may_leave, is_copy=copy)
    expect(text, expected)
    return entry, text, target


def touch(entry: Entry, text: Written, actor: Actor, context: Context, *, is_new_text: bool = False) -> None:
    """Every write raises the row version; only a new text makes the actor its last writer."""
    text.row_version += 1
    text.updated_at = context.stamp_for(only_day=is_entrusted(entry))
    if is_new_text:
        text.last_changed_by = actor.id


def drop_copy(session: Session, copy: WorkingCopy) -> None:
    tracks.close(session, copy.entry_id, is_copy=True)
    session.delete(copy)
    session.flush()
