"""How often somebody may guess a password: a wait that grows, whether or not the account exists (safety.md V24)."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kennis import clock
from kennis.errors import TooManyTries
from kennis.store.people import LoginTries

# So many may fail before anybody waits (guess: who forgot the password tries a few).
FREE = 4
# In seconds: the first wait, twice as long at each failure after it, and the longest. With that one somebody can guess
# a hundred times a day, and who is kept out by the guesses of another can get in within a quarter of an hour.
FIRST_WAIT, LONGEST_WAIT = 30, 900
# After so long without a try all is forgotten.
FORGOTTEN = timedelta(days=1)
# Hexadecimal digits of a digest: 65,536 buckets hold thousands of addresses each, so none is told, and are few enough
# to keep. An account shares its wait with another address about once in so many.
BUCKET = 4


def count(session: Session, email: str, now: datetime) -> None:
    """Before a password is looked at: as if it failed, so that guesses at the same time count as well."""
    _forget_old(session, now)
    bucket = _bucket(email)
    found = session.get(LoginTries, bucket)
    if found is None:
        found = LoginTries(bucket=bucket, tries=0, wait_until=clock.stamp(now))
        session.add(found)
    seconds = (clock.moment(found.wait_until) - now).total_seconds()
    if seconds > 0:
        raise TooManyTries(int(seconds))
    found.tries += 1
    wait = min(FIRST_WAIT * 2 ** min(found.tries - FREE - 1, 10), LONGEST_WAIT) if found.tries > FREE else 0
    found.wait_until = clock.stamp(now + timedelta(seconds=wait))
    session.flush()


def forget(session: Session, email: str) -> None:
    """The password was right."""
    session.execute(delete(LoginTries).where(LoginTries.bucket == _bucket(email)))


def _forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(LoginTries).where(LoginTries.wait_until < clock.stamp(now - FORGOTTEN)))


def _bucket(email: str) -> str:
    return sha256(email.encode("utf-8", "surrogatepass")).hexdigest()[:BUCKET]
