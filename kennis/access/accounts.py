"""People of the field who work here: made and changed by an admin, the first one by a command."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from kennis import clock, logs
from kennis.access import account_facts as facts
from kennis.access import audit, passwords, policy, tries
from kennis.access.passwords import STRONG, Cost
from kennis.access.policy import Actor, Facts
from kennis.errors import Conflict, Invalid, NotFound, Problem, Text, TooManyTries, Unauthorized
from kennis.store import Store
from kennis.store.people import Account, LoginSession

LOG = logs.Log(__name__)
# The one text for a wrong address, a wrong password and a disabled account.
REFUSED = Text(
    "Dit e-mailadres en dit wachtwoord horen niet bij een account dat open staat.",
    "This e-mail address and password do not belong to an account that is open.",
)
LAST_ADMIN = Text(
    "Dit is de enige beheerder die kan inloggen. Maak eerst een andere.",
    "This is the only admin who can log in. Make another one first.",
)


def create(
    session: Session,
    *,
    email: str,
    name: str,
    role: str,
    background: str,
    organisation_id: str | None = None,
    password: passwords.Ready | None = None,
    now: datetime,
    by: Actor,
) -> Account:
    """Without a password only OpenID Connect lets it in. Invalid holds all faults at once."""
    policy.check(by, "accounts")
    email, name = plain_email(email), name.strip()
    found = [
        *_email_problems(session, email),
        *facts.name_problems(name),
        *facts.role_problems(role),
        *facts.background_problems(background),
        *facts.organisation_problems(session, organisation_id),
        *(password.problems if password is not None else ()),
    ]
    if found:
        raise Invalid(found)
    made = Account(
        id=str(uuid.uuid4()),
        email=email,
        name=name,
        role=role,
        background=background,
        organisation_id=organisation_id,
        password_hash=None if password is None else password.digest,
        created_on=clock.today(now).isoformat(),
    )
    session.add(made)
    session.flush()
    audit.record(session, clock.stamp(now), by.id, "create_account", made.id, role)
    return made


def find(session: Session, account_id: str) -> Account:
    account = session.get(Account, account_id) if account_id.isprintable() else None
    if account is None:
        raise NotFound(Text("Dit account bestaat niet.", "There is no such account."))
    return account


def by_email(session: Session, email: str) -> Account | None:
    email = plain_email(email)
    # What no address has is not asked of the database: PostgreSQL refuses some of it.
    return session.scalar(select(Account).where(Account.email == email)) if email.isprintable() else None


def named(session: Session, name: str) -> Account:
    """Of this id or e-mail address, as people give it."""
    account = by_email(session, name) if "@" in name else None
    return account or find(session, name)


def all_accounts(session: Session) -> Sequence[Account]:
    return session.scalars(select(Account).order_by(Account.email)).all()


def actor_of(account: Account) -> Actor:
    return Actor(account.id, account.role, account.background, account.organisation_id)


def plain_email(email: str) -> str:
    """As it is kept: nobody has two accounts that differ in capitals only."""
    return email.strip().lower()


def set_role(session: Session, account: Account, role: str, *, now: datetime, by: Actor) -> None:
    """Holds from the next request on, also for sessions and keys that are there."""
    policy.check(by, "accounts")
    if found := facts.role_problems(role):
        raise Invalid(found)
    if account.role == role:
        return
    if account.role == "admin":
        _require_another_admin(session, account)
    account.role = role
    changed(session, account, "set_role", role, now, by)


def edit(
    session: Session,
    account: Account,
    *,
    email: str | None = None,
    name: str | None = None,
    background: str | None = None,
    organisation_id: str | None = None,
    has_organisation: bool = True,
    now: datetime,
    by: Actor,
) -> None:
    """Other facts of the same person; None leaves one as it is, `has_organisation` False takes that away. A new address
    ends its sessions: who comes back with it shows who that is. Its keys, its texts and its link go on."""
    policy.check(by, "accounts")
    given = {
        "email": None if email is None else plain_email(email),
        "name": None if name is None else name.strip(),
        "background": background,
        "organisation_id": organisation_id if has_organisation else None,
    }
    new = {fact: value for fact, value in given.items() if value is not None and value != getattr(account, fact)}
    found = [
        *(_email_problems(session, new["email"]) if "email" in new else ()),
        *(facts.name_problems(new["name"]) if "name" in new else ()),
        *(facts.background_problems(new["background"]) if "background" in new else ()),
        *facts.organisation_problems(session, new.get("organisation_id")),
    ]
    if found:
        raise Invalid(found)
    changes: dict[str, str | None] = dict(new)
    if not has_organisation and account.organisation_id is not None:
        changes["organisation_id"] = None
    if not changes:
        return
    for fact, value in changes.items():
        setattr(account, fact, value)
    if "email" in changes:
        end_sessions(session, account.id)
    changed(session, account, "edit_account", ",".join(sorted(changes)), now, by)


def disable(session: Session, account: Account, *, now: datetime, by: Actor) -> None:
    """Ends its sessions, and its keys hold no longer. What it wrote stays."""
    policy.check(by, "accounts")
    if account.is_disabled:
        return
    if account.role == "admin":
        _require_another_admin(session, account)
    account.is_disabled = True
    end_sessions(session, account.id)
    changed(session, account, "disable_account", None, now, by)


def enable(session: Session, account: Account, *, now: datetime, by: Actor) -> None:
    """Its keys hold again; its sessions do not come back."""
    policy.check(by, "accounts")
    if account.is_disabled:
        account.is_disabled = False
        changed(session, account, "enable_account", None, now, by)


def set_password(session: Session, account: Account, password: passwords.Ready, *, now: datetime, by: Actor) -> None:
    """Ends all sessions of the account, that of who changes it too, and lets it log in at once."""
    policy.check(by, "password", Facts(owned_by=account.id))
    if password.problems:
        raise Invalid(password.problems)
    account.password_hash = password.digest
    end_sessions(session, account.id)
    tries.forget_everywhere(session, account.email)
    changed(session, account, "set_password", None, now, by)


def end_sessions(session: Session, account_id: str) -> None:
    session.execute(delete(LoginSession).where(LoginSession.account_id == account_id))


def log_in(store: Store, email: str, password: str, now: datetime, cost: Cost = STRONG, *, whence: str = "") -> Account:
    """Who this is; Unauthorized with one text for all that is wrong, TooManyTries before anything is looked at.

    Takes as long for an address that nobody has. Call it outside any transaction: it has short ones of its own, for no
    other may wait for the hash, and what failed is kept whatever happens next. `sessions.begin` comes after it.
    `whence` is the place the try comes from (whence.py): the guesses of one place do not keep out another.
    """
    return prove(store, email, password, now, operation="log_in", cost=cost, whence=whence)


def prove(
    store: Store, email: str, password: str, now: datetime, *, operation: str, cost: Cost, whence: str
) -> Account:
    """The step behind a login and behind giving the password once more."""
    email = plain_email(email)
    try:
        account = store.write(lambda session: _counted(session, email, whence, now))
    except TooManyTries:
        LOG.warning("login", operation=operation, outcome="waits")
        raise
    is_proven = _is_proven(account, password, cost)
    account_id = account.id if account else audit.NOBODY
    LOG.info("login", operation=operation, account=account_id, outcome=audit.DONE if is_proven else audit.FAILED)
    if account is None or not is_proven:
        store.write(
            lambda session: audit.record(
                session, clock.stamp(now), audit.NOBODY, operation, account_id, outcome=audit.FAILED
            )
        )
        raise Unauthorized(REFUSED)
    renewed = passwords.hash_password(password, cost) if _is_outdated(account, cost) else None

    def proven(session: Session) -> Account:
        tries.forget(session, email, whence)
        return _proven(session, account, operation, renewed, now)

    return store.write(proven)


def as_proven(session: Session, proven: Account) -> Account:
    """The account as it is now. Unauthorized when it was blocked or got another password or address since it was proven
    who this is: that takes a transaction of its own, and a hash that takes its time."""
    account = find(session, proven.id)
    is_same = (account.password_hash, account.email) == (proven.password_hash, proven.email)
    if account.is_disabled or not is_same:
        raise Unauthorized(REFUSED)
    return account


def _counted(session: Session, email: str, whence: str, now: datetime) -> Account | None:
    tries.count(session, email, whence, now)
    return by_email(session, email)


def _is_proven(account: Account | None, password: str, cost: Cost) -> bool:
    if account is None or account.password_hash is None:
        # So that the answer takes as long as that of an account with a password.
        passwords.hash_password(password, cost)
        return False
    return passwords.verify(password, account.password_hash) and not account.is_disabled


def _is_outdated(account: Account, cost: Cost) -> bool:
    return account.password_hash is not None and passwords.is_outdated(account.password_hash, cost)


def _proven(session: Session, seen: Account, operation: str, renewed: str | None, now: datetime) -> Account:
    account = as_proven(session, seen)
    if renewed is not None:
        account.password_hash = renewed
    audit.record(session, clock.stamp(now), account.id, operation, account.id)
    return account


def changed(session: Session, account: Account, operation: str, detail: str | None, now: datetime, by: Actor) -> None:
    """To be called last: writes what is pending, and the trace of it. `detail` is a code."""
    session.flush()
    audit.record(session, clock.stamp(now), by.id, operation, account.id, detail)


def _require_another_admin(session: Session, account: Account) -> None:
    others = select(func.count()).where(Account.role == "admin", ~Account.is_disabled, Account.id != account.id)
    if not account.is_disabled and not session.scalar(others):
        raise Conflict(LAST_ADMIN)


def _email_problems(session: Session, email: str) -> list[Problem]:
    if found := facts.email_problems(email):
        return found
    if by_email(session, email) is not None:
        return [Problem(facts.TAKEN, "/email")]
    return []
