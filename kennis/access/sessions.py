"""Browsers that are logged in: known by the digest of their cookie, ended on the server (safety.md V26, V27)."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kennis import clock
from kennis.access import accounts, audit, passwords
from kennis.errors import Unauthorized
from kennis.store import Store
from kennis.store.people import Account, LoginSession

TOKEN_BYTES = 32
# After which a session is over, whatever it was used for.
LONGEST = timedelta(hours=12)
# After which one of the desk is over when it was not used (V27).
UNUSED = timedelta(minutes=30)
# Within which a password that was given again is still good, and a login elsewhere is a new one (R17).
CONFIRMED = timedelta(minutes=15)
# A use sooner after the last one is not written down.
NOTED = timedelta(minutes=1)


def begin(
    session: Session, account: Account, now: datetime, random: Callable[[int], bytes] = secrets.token_bytes
) -> str:
    """The token for the cookie, always a new one. Sessions of anybody that are over go on the way."""
    session.execute(delete(LoginSession).where(LoginSession.created_at < clock.stamp(now - LONGEST)))
    token = random(TOKEN_BYTES).hex()
    moment = clock.stamp(now)
    session.add(LoginSession(digest=_digest(token), account_id=account.id, created_at=moment, used_at=moment))
    session.flush()
    return token


def find(store: Store, token: str, now: datetime) -> Account | None:
    """Who is logged in; None when the session is over or the account disabled. Reads, and writes at most once a minute
    in a transaction of its own, so call it outside any."""
    with store.reading() as session:
        row, account = _read(session, token, now)
    if row is None or account is None:
        return None
    if clock.moment(row.used_at) + NOTED <= now:
        store.write(lambda session: _note_use(session, row.digest, now))
    return account


def is_confirmed(session: Session, token: str, now: datetime) -> bool:
    """Whether the password was given again a short while ago."""
    row, _ = _read(session, token, now)
    return row is not None and row.confirmed_at is not None and now < clock.moment(row.confirmed_at) + CONFIRMED


def is_new(session: Session, token: str, now: datetime) -> bool:
    """Whether somebody logged in a short while ago: what stands for a password where there is none."""
    row, _ = _read(session, token, now)
    return row is not None and now < clock.moment(row.created_at) + CONFIRMED


def confirm_password(
    store: Store, token: str, password: str, now: datetime, cost: passwords.Cost = passwords.STRONG
) -> Account:
    """As slow and as slowed down as a login, with its errors; call it outside any transaction."""
    with store.reading() as session:
        _, account = _read(session, token, now)
    if account is None:
        raise Unauthorized()
    known = accounts.prove(
        store, account.email, password, now, operation="confirm_password", cost=cost, whence=_digest(token)
    )
    store.write(lambda session: _note_confirmation(session, token, now))
    return known


def end(session: Session, token: str, now: datetime) -> None:
    """Logging out; a session that is not there has ended already."""
    row = session.get(LoginSession, _digest(token))
    if row is not None:
        audit.record(session, clock.stamp(now), row.account_id, "log_out", row.account_id)
        session.delete(row)
        session.flush()


def _read(session: Session, token: str, now: datetime) -> tuple[LoginSession | None, Account | None]:
    row = session.get(LoginSession, _digest(token))
    account = None if row is None else session.get(Account, row.account_id)
    if row is None or account is None or account.is_disabled or _is_over(row, account, now):
        return None, None
    return row, account


def _is_over(row: LoginSession, account: Account, now: datetime) -> bool:
    if clock.moment(row.created_at) + LONGEST <= now:
        return True
    return accounts.actor_of(account).is_at_least("reviewer") and clock.moment(row.used_at) + UNUSED <= now


def _note_use(session: Session, digest: str, now: datetime) -> None:
    row = session.get(LoginSession, digest)
    if row is not None:
        row.used_at = clock.stamp(now)


def _note_confirmation(session: Session, token: str, now: datetime) -> None:
    row = session.get(LoginSession, _digest(token))
    if row is not None:
        row.confirmed_at = clock.stamp(now)


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
