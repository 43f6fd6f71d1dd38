"""Which reminders are due, entry by entry, and the rows that remember what was told. Never all entries at once.

`note` may run twice and may be interrupted anywhere: a row is written once for each account, entry, cause and day, and
goes again when its cause is gone before it was mailed.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Text,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from kennis.access.policy import Actor
from kennis.content import lifecycle, reminders
from kennis.content.context import Context
from kennis.content.fields_dates import add_months
from kennis.content.kinds import KINDS
from kennis.content.lifecycle import CHANGES_REQUESTED, DRAFT, PUBLIC, PUBLISHED
from kennis.content.reminders import Due, Facts, OpenTrack, People
from kennis.content.texts import Written
from kennis.content.tracks import OPEN
from kennis.store import Store
from kennis.store.base import Table
from kennis.store.models import Entry, ReviewTask, WorkingCopy
from kennis.store.people import Account, Reminder
from kennis.store.rows import insert_rows

# Events of a round, told to the author; the other reminders follow from the day.
RETURNED, REJECTED, REOPENED = "returned", "rejected", "reopened"
_EVENTS = frozenset({RETURNED, REJECTED, REOPENED})
# So long a rejection is shown that leaves nothing to do, for the changed text is gone (guess).
SHOWN = timedelta(days=31)
# So many entries are looked at in one go (guess).
BATCH = 500
# What was told so long ago is told again if it still holds (guess).
KEPT_MONTHS = 24
# Account, entry, cause, day: the key of a row.
Key = tuple[str, str, str, str]
_KEY = ("account_id", "entry_id", "about", "due_on")
_HAPPENED = exists().where(Reminder.entry_id == Entry.id, Reminder.about.in_(_EVENTS))
_TABLE = Table.metadata.tables[Reminder.__tablename__]


@dataclass(frozen=True, slots=True)
class Found:
    """One reminder that is due, and the accounts it is for."""

    facts: Facts
    due: Due
    told: list[str]

    @property
    def keys(self) -> Iterator[Key]:
        for account_id in self.told:
            yield account_id, self.facts.id, self.due.about, self.due.due_on.isoformat()


def people(session: Session) -> People:
    rows = session.execute(select(Account.id, Account.role, Account.background).where(~Account.is_disabled))
    return reminders.people(Actor(row.id, row.role, row.background) for row in rows)


def find(store: Store, today: date) -> Iterator[Found]:
    """Everything that is due on this day, and what happened to a text and still holds, in the order of ids."""
    with store.reading() as session:
        told = people(session)
    for ids in _batches(store, today, _HAPPENED):
        with store.reading() as session:
            found = _shown(session, ids, today, told)
        yield from found


def of_account(session: Session, account_id: str, today: date) -> list[Found]:
    """What this account was or will be told of and still holds, also of what happened, the oldest first; at most a
    batch of entries."""
    oldest = func.min(Reminder.due_on)
    wanted = select(Reminder.entry_id).where(Reminder.account_id == account_id).group_by(Reminder.entry_id)
    ids = list(session.scalars(wanted.order_by(oldest, Reminder.entry_id).limit(BATCH)))
    found = [one for one in _shown(session, ids, today, people(session)) if account_id in one.told]
    return sorted(found, key=lambda one: (one.due.due_on, one.facts.id))


def _batches(store: Store, today: date, *also: ColumnElement[bool]) -> Iterator[list[str]]:
    last = ""
    while True:
        with store.reading() as session:
            ids = list(session.scalars(_candidates(today, last, *also)))
        if not ids:
            return
        yield ids
        last = ids[-1]


def _candidates(today: date, after: str, *also: ColumnElement[bool]) -> Select[str]:
    """Entries of which anything may be due, or told without need, and `also` others: a few too many, never one too
    few."""
    text = type_coerce(Entry.content, Text)
    soon = (today + timedelta(days=reminders.LONGEST_AHEAD)).isoformat()
    asked = (today - timedelta(days=reminders.DAYS_UNTIL_REMINDED)).isoformat()
    of_entry = (ReviewTask.entry_id == Entry.id, ReviewTask.state == OPEN, ReviewTask.asked_on <= asked)
    waiting, unmailed = (
        exists().where(*of_entry),
        exists().where(Reminder.entry_id == Entry.id, Reminder.mailed_on.is_(None)),
    )
    dated = or_(Entry.review_due <= soon, text.contains('"validUntil"'), text.contains('"dueOn"'))
    wanted = or_((Entry.status == PUBLISHED) & dated, waiting, unmailed, *also)
    return select(Entry.id).where(Entry.id > after, wanted).order_by(Entry.id).limit(BATCH)


def _found(session: Session, ids: Sequence[str], today: date, told: People) -> list[Found]:
    return _due(_facts(session, ids), today, told)


def _due(facts: Sequence[Facts], today: date, told: People) -> list[Found]:
    return [Found(one, due, told.told(due)) for one in facts for due in reminders.due(one, today)]


def _shown(session: Session, ids: Sequence[str], today: date, told: People) -> list[Found]:
    facts = _facts(session, ids)
    found = [*_happened(session, facts, today, told), *_due(facts, today, told)]
    return sorted(found, key=lambda one: one.facts.id)


def _happened(session: Session, facts: Sequence[Facts], today: date, told: People) -> Iterator[Found]:
    """Of each cause the last time, for who was told of it and may still hear of it; mailed or not."""
    by_id = {one.id: one for one in facts}
    cause = (Reminder.entry_id, Reminder.about, Reminder.account_id)
    rows = select(*cause, func.max(Reminder.due_on)).where(
        Reminder.entry_id.in_(by_id), Reminder.about.in_(_EVENTS), Reminder.due_on <= today.isoformat()
    )
    returned = _returned(session, list(by_id))
    people_of: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for entry_id, about, account_id, due_on in session.execute(rows.group_by(*cause)):
        if told.may_hear(account_id, by_id[entry_id]):
            people_of[entry_id, about, due_on].append(account_id)
    for (entry_id, about, due_on), accounts in sorted(people_of.items()):
        due = Due(about, date.fromisoformat(due_on))
        if _stands(by_id[entry_id], due, returned, today):
            yield Found(by_id[entry_id], due, sorted(accounts))


def _stands(facts: Facts, due: Due, returned: set[str], today: date) -> bool:
    """Whether the text is still where this brought it."""
    if due.about == RETURNED:
        return facts.id in returned
    if due.about == REOPENED:
        return facts.status == DRAFT
    return facts.status == lifecycle.REJECTED or (facts.status in PUBLIC and today <= due.due_on + SHOWN)


def _facts(session: Session, ids: Sequence[str]) -> list[Facts]:
    columns = (
        Entry.id, Entry.kind, Entry.status, Entry.content, Entry.review_due, Entry.owned_by, Entry.created_by,
        Entry.last_changed_by, Entry.slug,
    )  # fmt: skip
    rows = session.execute(select(*columns).where(Entry.id.in_(ids)).order_by(Entry.id)).all()
    makers = {(row.id, False): frozenset({row.created_by, row.last_changed_by}) for row in rows}
    copies = select(WorkingCopy.entry_id, WorkingCopy.created_by, WorkingCopy.last_changed_by)
    for copy in session.execute(copies.where(WorkingCopy.entry_id.in_(ids))):
        makers[copy.entry_id, True] = frozenset({copy.created_by, copy.last_changed_by})
    waiting: dict[str, list[OpenTrack]] = defaultdict(list)
    tasks = select(ReviewTask).where(ReviewTask.entry_id.in_(ids), ReviewTask.state == OPEN)
    for task in session.scalars(tasks.order_by(ReviewTask.is_copy, ReviewTask.track)):
        made_by = makers.get((task.entry_id, task.is_copy), frozenset())
        waiting[task.entry_id].append(OpenTrack(task.track, date.fromisoformat(task.asked_on), made_by))
    return [
        Facts(
            row.id, row.kind, row.status, row.content, row.review_due, row.owned_by, row.created_by, row.slug,
            tuple(waiting[row.id]),
        )
        for row in rows
    ]  # fmt: skip


def note(store: Store, context: Context) -> int:
    """Write down what is due and was not, drop what no longer is; how many reminders are new."""
    with store.reading() as session:
        told = people(session)
    new = 0
    for ids in _batches(store, context.today):
        with store.reading() as session:
            is_so = not any(_differences(session, ids, context.today, told))
        if not is_so:
            new += store.write(partial(_apply, ids=ids, today=context.today, told=told))
    store.write(partial(_forget, today=context.today))
    return new


def _differences(session: Session, ids: Sequence[str], today: date, told: People) -> tuple[list[Key], list[Key]]:
    """Keys to write, keys to drop."""
    wanted = dict.fromkeys(key for found in _found(session, ids, today, told) for key in found.keys)
    columns = (Reminder.account_id, Reminder.entry_id, Reminder.about, Reminder.due_on, Reminder.mailed_on)
    rows = session.execute(select(*columns).where(Reminder.entry_id.in_(ids))).all()
    known: dict[Key, str | None] = {(row[0], row[1], row[2], row[3]): row.mailed_on for row in rows}
    returned = _returned(session, ids)
    stale = [
        key
        for key, mailed_on in known.items()
        if mailed_on is None and key not in wanted and not _still_told(key, returned)
    ]
    return [key for key in wanted if key not in known], stale


def _still_told(key: Key, returned: set[str]) -> bool:
    """What happened stays told; that a text came back only as long as its author has not sent it in again."""
    _, entry_id, about, _ = key
    return about in _EVENTS and (about != RETURNED or entry_id in returned)


def _returned(session: Session, ids: Sequence[str]) -> set[str]:
    """Those that still wait for their author, the entry itself or its working copy."""
    texts = (
        select(Entry.id).where(Entry.id.in_(ids), Entry.status == CHANGES_REQUESTED),
        select(WorkingCopy.entry_id).where(WorkingCopy.entry_id.in_(ids), WorkingCopy.status == CHANGES_REQUESTED),
    )
    return {i for wanted in texts for i in session.scalars(wanted)}


def _apply(session: Session, *, ids: Sequence[str], today: date, told: People) -> int:
    """Looked at again inside the transaction, for somebody may have confirmed or erased an entry meanwhile."""
    new, stale = _differences(session, ids, today, told)
    insert_rows(session, Reminder, [_row(key) for key in new])
    _drop(session, stale)
    return len(new)


def _drop(session: Session, keys: Sequence[Key]) -> None:
    """One by one by the whole key: SQLite does not use it for a list of keys."""
    if keys:
        named: dict[str, BindParameter[str]] = {name: bindparam(f"of_{name}") for name in _KEY}
        gone = delete(_TABLE).where(*(_TABLE.c[name] == value for name, value in named.items()))
        session.execute(gone, [{f"of_{name}": part for name, part in zip(_KEY, key, strict=True)} for key in keys])


def _row(key: Key) -> dict[str, Any]:
    return {**dict(zip(_KEY, key, strict=True)), "mailed_on": None}


def _forget(session: Session, *, today: date) -> None:
    session.execute(delete(Reminder).where(Reminder.mailed_on < add_months(today, -KEPT_MONTHS).isoformat()))


def tell_author(session: Session, entry: Entry, text: Written, about: str, actor: Actor, context: Context) -> None:
    """In the transaction of the step. Who acts knows it already; of a story nobody but an editor hears."""
    wanted = select(Account.id, Account.role, Account.background).where(
        Account.id.in_({text.created_by, entry.owned_by or ""} - {actor.id}), ~Account.is_disabled
    )
    for row in session.execute(wanted).all():
        if KINDS[entry.kind].is_entrusted and not Actor(row.id, row.role, row.background).is_at_least("editor"):
            continue
        key = (row.id, entry.id, about, context.today.isoformat())
        if session.get(Reminder, key) is None:
            session.add(Reminder(**_row(key)))
