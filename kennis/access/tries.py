"""How often somebody may guess a password: a wait that grows, whether or not the account exists (safety.md V24)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kennis import clock
from kennis.errors import TooManyTries
from kennis.store.people import LoginTries


@dataclass(frozen=True, slots=True)
class Patience:
    """`free` tries may fail before anybody waits; then `first` seconds, twice as long at each failure after it, up to
    `longest` (guesses)."""

    free: int
    first: int
    longest: int

    def wait(self, tries: int) -> int:
        return min(self.first * 2 ** min(tries - self.free - 1, 10), self.longest) if tries > self.free else 0


# Of one address from one place: who forgot the password tries a few, and a guesser gets a hundred tries a day.
FROM_ONE_PLACE = Patience(4, 30, 900)
# Of one address, wherever the tries come from: somebody who guesses from many places is slowed down to one a minute,
# and who is kept out by the guesses of another waits no longer than that.
FROM_ANYWHERE = Patience(100, 1, 60)
# After so long without a try all is forgotten.
FORGOTTEN = timedelta(days=1)
# Hexadecimal digits of a digest. An address alone has few: its bucket holds thousands of addresses, so none is told. A
# place is a keyed hash already, so that nothing is told by more of them, and none waits for another.
OF_ADDRESS, OF_PLACE = 4, 16


def count(session: Session, email: str, whence: str, now: datetime) -> None:
    """Before a password is looked at: as if it failed, so that guesses at the same time count as well. `whence` tells
    places apart (whence.py), or the sessions in which a password is asked for again."""
    _forget_old(session, now)
    rows = [(_row(session, bucket, now), patience) for bucket, patience in _buckets(email, whence)]
    waits = [int((clock.moment(row.wait_until) - now).total_seconds()) for row, _ in rows]
    if max(waits) > 0:
        raise TooManyTries(max(waits))
    for row, patience in rows:
        row.tries += 1
        row.wait_until = clock.stamp(now + timedelta(seconds=patience.wait(row.tries)))
    session.flush()


def forget(session: Session, email: str, whence: str) -> None:
    """The password was right."""
    mine = [bucket for bucket, _ in _buckets(email, whence)]
    session.execute(delete(LoginTries).where(LoginTries.bucket.in_(mine)))


def forget_everywhere(session: Session, email: str) -> None:
    """There is a new password; that a few other addresses are forgotten with it does no harm."""
    session.execute(delete(LoginTries).where(LoginTries.bucket.startswith(_of_address(email))))


def _row(session: Session, bucket: str, now: datetime) -> LoginTries:
    found = session.get(LoginTries, bucket)
    if found is None:
        found = LoginTries(bucket=bucket, tries=0, wait_until=clock.stamp(now))
        session.add(found)
    return found


def _buckets(email: str, whence: str) -> tuple[tuple[str, Patience], ...]:
    of_address = _of_address(email)
    return (of_address + _digest(f"{email}\0{whence}")[:OF_PLACE], FROM_ONE_PLACE), (of_address, FROM_ANYWHERE)


def _of_address(email: str) -> str:
    return _digest(email)[:OF_ADDRESS]


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(LoginTries).where(LoginTries.wait_until < clock.stamp(now - FORGOTTEN)))
