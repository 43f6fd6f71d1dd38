"""Mail that waits in the database. A row goes once the mail server has it, or when it is given up.

It is delivered at least once, and twice at worst when the process is killed between the answer of the mail server and
the erasing of the row: the other order would lose mail. Both have the same Message-ID, by which mail programs see it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from kennis import clock
from kennis.store.people import Account, Mail

# For so long nobody else takes what is being sent: longer than a slow server needs for one (guess).
LEASE = timedelta(minutes=15)
# What the server refuses is tried a day longer, for an operator may mend it; all else as long as mail servers do
# among themselves (RFC 5321, 4.5.4.1).
REFUSED_DAYS, GIVE_UP_DAYS = 2, 4
LONGEST_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail that is taken to be sent. `tries` counts this one too."""

    id: int
    account_id: str
    address: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)
    made_on: str
    tries: int


@dataclass(frozen=True, slots=True)
class Hopeless:
    """`is_disabled`: no server refused it, but nobody is there to read it."""

    id: int
    account_id: str
    made_on: str
    is_disabled: bool


@dataclass(frozen=True, slots=True)
class State:
    """`failures`: how many wait after which failure."""

    waiting: int
    oldest: str | None
    failures: Mapping[str, int]


def queue(session: Session, account_id: str, subject: str, body: str, now: datetime) -> None:
    """Plain text, in the transaction of what it tells. Whatever stands in the subject, it is one line of a header."""
    session.add(
        Mail(
            account_id=account_id,
            subject=_one_line(subject)[:LONGEST_SUBJECT],
            body=body,
            made_on=clock.today(now).isoformat(),
            tries=0,
            next_try_at=clock.stamp(now),
        )
    )
    session.flush()


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def is_due(session: Session, now: datetime) -> bool:
    wanted = select(Mail.id).join(Account, Account.id == Mail.account_id).where(*_may_go(now))
    return session.scalar(wanted.limit(1)) is not None


def _may_go(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return ~Account.is_disabled, Mail.next_try_at <= clock.stamp(now)


def take(session: Session, now: datetime) -> Letter | None:
    """The oldest that is due; for the length of the lease it is nobody else's."""
    wanted = select(Mail, Account.email).join(Account, Account.id == Mail.account_id).where(*_may_go(now))
    found = session.execute(wanted.order_by(Mail.id).limit(1)).one_or_none()
    if found is None:
        return None
    mail, address = found
    mail.tries += 1
    mail.next_try_at = clock.stamp(now + LEASE)
    session.flush()
    return Letter(mail.id, mail.account_id, address, mail.subject, mail.body, mail.made_on, mail.tries)


def erase(session: Session, letter_id: int) -> None:
    session.execute(delete(Mail).where(Mail.id == letter_id))


def postpone(session: Session, letter: Letter, failure: str, until: datetime) -> None:
    """`failure` is the name of an error, never what a server said: that may hold an address."""
    later = {"failure": failure, "next_try_at": clock.stamp(until)}
    session.execute(update(Mail).where(Mail.id == letter.id).values(later))


def postpone_all(session: Session, now: datetime, failure: str, until: datetime) -> None:
    """Everything that is due: the server cannot be spoken to, so there is no sense in trying one after the other."""
    later = {"failure": failure, "next_try_at": clock.stamp(until), "tries": Mail.tries + 1}
    session.execute(update(Mail).where(Mail.next_try_at <= clock.stamp(now)).values(later))


def most_tries(session: Session, now: datetime) -> int:
    """Of what is due now."""
    wanted = select(func.max(Mail.tries)).where(Mail.next_try_at <= clock.stamp(now))
    return session.scalar(wanted) or 0


def hopeless(session: Session, now: datetime) -> list[Hopeless]:
    """What failed for too many days, and what is for an account that is disabled."""
    made_before = (clock.today(now) - timedelta(days=GIVE_UP_DAYS)).isoformat()
    has_failed = and_(Mail.failure.is_not(None), Mail.made_on <= made_before)
    wanted = select(Mail.id, Mail.account_id, Mail.made_on, Account.is_disabled).join(
        Account, Account.id == Mail.account_id
    )
    rows = session.execute(wanted.where(or_(Account.is_disabled, has_failed)).order_by(Mail.id))
    return [Hopeless(*row) for row in rows]


def has_been_refused_enough(letter: Letter, now: datetime) -> bool:
    return clock.today(now) >= clock.day(letter.made_on) + timedelta(days=REFUSED_DAYS)


def state(session: Session) -> State:
    counted = session.execute(select(Mail.failure, func.count(), func.min(Mail.made_on)).group_by(Mail.failure)).all()
    return State(
        waiting=sum(number for _, number, _ in counted),
        oldest=min((day for *_, day in counted), default=None),
        failures={failure: number for failure, number, _ in counted if failure},
    )
