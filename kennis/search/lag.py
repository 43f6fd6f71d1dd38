"""How far an index is behind the database. Asks the database only, so it answers when the engine does not."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, not_, select
from sqlalchemy.orm import Session

from kennis.content.lifecycle import PUBLISHED
from kennis.search import letters
from kennis.store import Store, state
from kennis.store.models import Entry, IndexJob

# Of a story only the day of its job is known (safety.md R7): its age is counted from the end of that day.
_IS_EXACT = and_(func.length(IndexJob.created) > 10, not_(IndexJob.created.like("%T00:00:00Z")))


@dataclass(frozen=True, slots=True)
class Lag:
    """`waiting` is the number of jobs behind the position, `seconds` how long the oldest waits at least, `refused`
    the number of dead letters."""

    waiting: int
    seconds: int
    refused: int


def key_of(engine: str) -> str:
    return f"index-position:{engine}"


def position(session: Session, engine: str) -> int:
    """The last job in the outbox that this engine has."""
    return int(state.get(session, key_of(engine)) or 0)


def lag(session: Session, engine: str, now: datetime) -> Lag:
    oldest, first = func.min(IndexJob.created).filter(_IS_EXACT), func.min(IndexJob.created).filter(not_(_IS_EXACT))
    wanted = select(func.count(), oldest, first).where(IndexJob.id > position(session, engine))
    waiting, moment, day = session.execute(wanted).one()
    ages = [now - datetime.fromisoformat(moment)] if moment else []
    if day:
        ages.append(now - datetime.fromisoformat(f"{day[:10]}T00:00:00Z") - timedelta(days=1))
    seconds = max((int(age.total_seconds()) for age in ages), default=0)
    return Lag(waiting, max(seconds, 0), letters.count(session, engine))


def removal_waits(store: Store, engine: str) -> bool:
    """Whether an entry that left the public is still in the index: then no word of it may be suggested."""
    if not store.has_jobs_after(key_of(engine)):
        return False
    with store.reading() as session:
        waiting = select(IndexJob.entry_id).where(IndexJob.id > position(session, engine))
        public = select(Entry.id).where(Entry.status == PUBLISHED, Entry.partner_use)
        return session.scalar(waiting.where(IndexJob.entry_id.not_in(public)).limit(1)) is not None
