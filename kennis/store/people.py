"""The tables of who works here: accounts, what they log in with, what waits to be mailed to them.

Days are enough for most of it; where a moment is kept, it ends a session, a wait or a try.
"""

from sqlalchemy import ForeignKey, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kennis.store.base import Table


def _of_account(**more: object) -> Mapped[str]:
    """A column that names the account its row belongs to, and goes with it."""
    return mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), **more)  # type: ignore[arg-type]


class Account(Table):
    """A person of the field, never a storyteller. `email` is lower case and unique; without `password_hash` only OpenID
    Connect lets this account in."""

    __tablename__ = "accounts"
    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    background: Mapped[str]
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    password_hash: Mapped[str | None]
    issuer: Mapped[str | None]
    subject: Mapped[str | None]
    is_disabled: Mapped[bool] = mapped_column(default=False)
    created_on: Mapped[str]
    digest_on: Mapped[str | None]
    __table_args__ = (UniqueConstraint("issuer", "subject"),)


class LoginTries(Table):
    """Failed logins in a row. `bucket` begins with four digits of the digest of an address, of an account or of
    nobody's, so that who waits does not learn which exist and no address that was typed is kept; more digits are of the
    place the tries came from. `wait_until` comes before any look."""

    __tablename__ = "login_tries"
    bucket: Mapped[str] = mapped_column(primary_key=True)
    tries: Mapped[int]
    wait_until: Mapped[str]


class ApiKey(Table):
    """What programs show. `prefix` finds it, `digest` (SHA-256 of the whole key) proves it; the key itself is not kept.
    `scopes` are codes with spaces between them; `last_used_on` is a day; `limit_per_minute` None is the usual one."""

    __tablename__ = "api_keys"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = _of_account(index=True)
    prefix: Mapped[str] = mapped_column(unique=True)
    digest: Mapped[str]
    name: Mapped[str]
    scopes: Mapped[str]
    created_on: Mapped[str]
    expires_on: Mapped[str | None]
    last_used_on: Mapped[str | None]
    revoked_on: Mapped[str | None]
    limit_per_minute: Mapped[int | None]


class LoginSession(Table):
    """A browser that is logged in. Only the digest of its cookie is kept; `confirmed_at` is when the
    password was last given."""

    __tablename__ = "login_sessions"
    digest: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = _of_account(index=True)
    created_at: Mapped[str]
    used_at: Mapped[str]
    confirmed_at: Mapped[str | None]


class AnsweredRequest(Table):
    """The answer to a POST with an Idempotency-Key, for whoever sends it again; goes after a day, and with the entry
    that it is about."""

    __tablename__ = "answered_requests"
    account_id: Mapped[str] = _of_account(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    request_digest: Mapped[str]
    status: Mapped[int]
    headers: Mapped[str]
    body: Mapped[bytes]
    entry_id: Mapped[str | None] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"), index=True)
    answered_at: Mapped[str] = mapped_column(index=True)


class Mail(Table):
    """One message that waits for the mail server. Erased once delivered; `failure` is the name of an error only."""

    __tablename__ = "mails"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    account_id: Mapped[str] = _of_account(index=True)
    subject: Mapped[str]
    body: Mapped[str]
    made_on: Mapped[str]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[str] = mapped_column(index=True)
    failure: Mapped[str | None]
    __table_args__ = ({"sqlite_autoincrement": True},)


class Reminder(Table):
    """Something an account is or was told about an entry: `mailed_on` is empty until it stands in a digest. `about`
    is a code, `due_on` the day that made it so, so that the same is not told twice."""

    __tablename__ = "reminders"
    account_id: Mapped[str] = _of_account(primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, index=True)
    about: Mapped[str] = mapped_column(primary_key=True)
    due_on: Mapped[str] = mapped_column(primary_key=True)
    mailed_on: Mapped[str | None]
