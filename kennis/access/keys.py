"""Keys of programs: given out once, known by their prefix, kept as a digest (safety.md V25)."""

import hmac
import re
import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from kennis import clock
from kennis.access import accounts, audit, policy
from kennis.access.policy import Actor, Facts
from kennis.errors import Forbidden, Invalid, NotFound, Problem, Text, Unauthorized
from kennis.store import Store
from kennis.store.people import Account, ApiKey

# What a key may be used for, and the least role of an account that can give it that.
SCOPES: Mapping[str, str] = {
    "read": "contributor",
    "contribute": "contributor",
    "review": "reviewer",
    "edit": "editor",
    "moderate": "editor",
    "webhooks": "contributor",
    "admin": "admin",
}
# In bytes: 32 bits find the row, 160 random bits prove the right to it.
PREFIX_BYTES, SECRET_BYTES = 4, 20
_FORM = re.compile(r"kennis_([0-9a-f]{8})_[0-9a-f]{40}")
LONGEST_NAME = 100
MOST_PER_MINUTE = 1_000_000
Random = Callable[[int], bytes]
UNKNOWN = Text(
    "Deze sleutel geldt niet: onbekend, verlopen of ingetrokken.", "This key is not valid: unknown, expired or revoked."
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks with a key. The role of `actor` is that of its account, or less where the scopes ask for no more, so
    that no rule of the domain gives a key what it was not made for."""

    actor: Actor
    key_id: str
    scopes: frozenset[str]
    limit_per_minute: int | None = None


def issue(
    session: Session,
    account: Account,
    *,
    name: str,
    scopes: Iterable[str],
    expires_on: date | None = None,
    limit_per_minute: int | None = None,
    now: datetime,
    by: Actor,
    random: Random = secrets.token_bytes,
) -> tuple[ApiKey, str]:
    """The key, and its text: that is known nowhere after this. Nobody gives more than he or she may, nor an account
    more than its role; a role that rises later does not widen it."""
    policy.check(by, "keys", Facts(owned_by=account.id))
    wanted, name, today = frozenset(scopes), name.strip(), clock.today(now)
    found = [*name_problems(name), *_scope_problems(wanted, account, by)]
    if found := [*found, *_limit_problems(expires_on, limit_per_minute, today)]:
        raise Invalid(found)
    if account.is_disabled:
        raise Forbidden(Text("Dit account is geblokkeerd.", "This account is disabled."))
    prefix, text = _new_text(session, random)
    made = ApiKey(
        id=str(uuid.uuid4()),
        account_id=account.id,
        prefix=prefix,
        digest=_digest(text),
        name=name,
        scopes=" ".join(scope for scope in SCOPES if scope in wanted),
        created_on=today.isoformat(),
        expires_on=expires_on.isoformat() if expires_on else None,
        limit_per_minute=limit_per_minute,
    )
    session.add(made)
    session.flush()
    audit.record(session, clock.stamp(now), by.id, "issue_key", made.id, account.id)
    return made, text


def authenticate(store: Store, text: str, today: date) -> Caller:
    """Reads, and writes once a day in a transaction of its own, so call it outside any. Unauthorized has one text for
    unknown, expired and revoked keys and disabled accounts."""
    form = _FORM.fullmatch(text)
    if form is None:
        raise Unauthorized(UNKNOWN)
    with store.reading() as session:
        key = session.scalar(select(ApiKey).where(ApiKey.prefix == form.group(1)))
        account = None if key is None else session.get(Account, key.account_id)
    # An unknown prefix takes the same comparison as a known one.
    is_proven = hmac.compare_digest(_digest(text), "" if key is None else key.digest)
    if key is None or account is None or not is_proven or account.is_disabled or not is_valid(key, today):
        raise Unauthorized(UNKNOWN)
    if key.last_used_on != today.isoformat():
        store.write(lambda session: _note_use(session, key.id, today))
    return Caller(_actor(account, key), key.id, frozenset(key.scopes.split()), key.limit_per_minute)


def is_valid(key: ApiKey, today: date) -> bool:
    """It holds on its last day too."""
    return key.revoked_on is None and (key.expires_on is None or today.isoformat() <= key.expires_on)


def find(session: Session, key_id: str) -> ApiKey:
    """By its id, or by the eight characters that its text begins with after `kennis_`."""
    is_short = len(key_id) == 2 * PREFIX_BYTES
    wanted = select(ApiKey).where((ApiKey.prefix if is_short else ApiKey.id) == key_id)
    key = session.scalar(wanted) if key_id.isprintable() else None
    if key is None:
        raise NotFound(Text("Deze sleutel bestaat niet.", "There is no such key."))
    return key


def of_account(session: Session, account_id: str | None) -> Sequence[ApiKey]:
    """The newest first, revoked ones too; None: of everybody."""
    return session.scalars(_newest(account_id)).all()


def valid(session: Session, account_id: str, today: date) -> list[ApiKey]:
    return [key for key in of_account(session, account_id) if is_valid(key, today)]


def listed(session: Session, account_id: str | None, page: int, page_size: int) -> tuple[int, Sequence[ApiKey]]:
    """How many there are, and those of one page; of one account or of all. The newest first, revoked ones too."""
    wanted = _newest(account_id)
    total = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    return total, session.scalars(wanted.limit(page_size).offset((page - 1) * page_size)).all()


def _newest(account_id: str | None) -> Select[ApiKey]:
    wanted = select(ApiKey).order_by(ApiKey.created_on.desc(), ApiKey.name, ApiKey.id)
    return wanted if account_id is None else wanted.where(ApiKey.account_id == account_id)


def revoke(session: Session, key: ApiKey, *, now: datetime, by: Actor) -> None:
    """At once and for ever; again does nothing."""
    policy.check(by, "keys", Facts(owned_by=key.account_id))
    if key.revoked_on is None:
        key.revoked_on = clock.today(now).isoformat()
        session.flush()
        audit.record(session, clock.stamp(now), by.id, "revoke_key", key.id, key.account_id)


def _actor(account: Account, key: ApiKey) -> Actor:
    actor = accounts.actor_of(account)
    enough = max((SCOPES[scope] for scope in key.scopes.split()), key=policy.ROLES.index)
    if not actor.is_at_least(enough):
        return actor
    return Actor(actor.id, enough, actor.background, actor.organisation_id)


def _note_use(session: Session, key_id: str, today: date) -> None:
    key = session.get(ApiKey, key_id)
    if key is not None:
        key.last_used_on = today.isoformat()


def _new_text(session: Session, random: Random) -> tuple[str, str]:
    while True:
        prefix = random(PREFIX_BYTES).hex()
        if not session.scalar(select(exists().where(ApiKey.prefix == prefix))):
            return prefix, f"kennis_{prefix}_{random(SECRET_BYTES).hex()}"


def _digest(text: str) -> str:
    """Fast is safe here: nobody guesses 160 random bits."""
    return sha256(text.encode()).hexdigest()


def name_problems(name: str) -> list[Problem]:
    if 1 <= len(name) <= LONGEST_NAME and name.isprintable():
        return []
    return [Problem(Text(f"Geef een naam van 1 tot {LONGEST_NAME} tekens.",
                         f"Give a name of 1 to {LONGEST_NAME} characters."), "/name")]  # fmt: skip


def _scope_problems(wanted: frozenset[str], account: Account, by: Actor) -> list[Problem]:
    owner = accounts.actor_of(account)
    if not wanted or not wanted <= SCOPES.keys():
        known = ", ".join(SCOPES)
        return [Problem(Text(f"Kies een of meer van: {known}.", f"Choose one or more of: {known}."), "/scopes")]
    return [
        Problem(Text(f"Voor {scope} is de rol {SCOPES[scope]} nodig.", f"{scope} takes the role {SCOPES[scope]}."),
                "/scopes")
        for scope in SCOPES
        if scope in wanted and not (owner.is_at_least(SCOPES[scope]) and by.is_at_least(SCOPES[scope]))
    ]  # fmt: skip


def _limit_problems(expires_on: date | None, limit: int | None, today: date) -> list[Problem]:
    found = []
    if expires_on is not None and expires_on < today:
        found.append(Problem(Text("Deze dag is al voorbij.", "This day is over."), "/expiresOn"))
    if limit is not None and not 1 <= limit <= MOST_PER_MINUTE:
        found.append(Problem(Text(f"Geef een getal van 1 tot en met {MOST_PER_MINUTE}.",
                                  f"Give a number from 1 to {MOST_PER_MINUTE}."), "/limitPerMinute"))  # fmt: skip
    return found
