"""Dead letters: entries that an engine refuses for good, kept by id and reason until a later write of them succeeds.

Without them one odd document would hold up every change behind it; with them nothing is lost, for the row stays in
the database and `kennis index dead-letters` names it.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from kennis.search.port import Refused
from kennis.store.models import DeadLetter, IndexJob
from kennis.store.rows import insert_rows


@dataclass(frozen=True, slots=True)
class Letter:
    """`version` is the one that was refused; `day` the day of it."""

    engine: str
    id: str
    version: int
    reason: str
    day: str


def settle(session: Session, engine: str, versions: Mapping[str, int], refused: Refused, today: date) -> None:
    """After a write of these versions: what was taken has no letter any more, what was refused has one."""
    _forget(session, engine, versions)
    rows = [
        {"engine": engine, "entry_id": i, "index_version": versions[i], "reason": why, "created": today.isoformat()}
        for i, why in refused.items()
    ]
    insert_rows(session, DeadLetter, rows)


def clear(session: Session, engine: str) -> None:
    """A rebuild finds anew what is refused."""
    session.execute(delete(DeadLetter).where(DeadLetter.engine == engine))


def _forget(session: Session, engine: str, ids: Container[str]) -> None:
    gone = [letter.id for letter in all_of(session, engine) if letter.id in ids]
    if gone:
        session.execute(delete(DeadLetter).where(DeadLetter.engine == engine, DeadLetter.entry_id.in_(gone)))


def count(session: Session, engine: str) -> int:
    return session.scalar(select(func.count()).select_from(DeadLetter).where(DeadLetter.engine == engine)) or 0


def all_of(session: Session, engine: str) -> list[Letter]:
    wanted = select(DeadLetter).where(DeadLetter.engine == engine).order_by(DeadLetter.entry_id)
    return [
        Letter(row.engine, row.entry_id, row.index_version, row.reason, row.created) for row in session.scalars(wanted)
    ]


def send_again(session: Session, engine: str, today: date) -> int:
    """Jobs for all of them, applied like any other; a letter goes when its job succeeds."""
    rows = [
        {"entry_id": letter.id, "index_version": letter.version, "created": f"{today.isoformat()}T00:00:00Z"}
        for letter in all_of(session, engine)
    ]
    insert_rows(session, IndexJob, rows)
    return len(rows)
