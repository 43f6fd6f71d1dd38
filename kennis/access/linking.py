"""Which account a person of the login server has, and what it may do at most (decision 0018).

A login never raises rights: the account was made by an admin, whose role for it is the ceiling.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis import clock
from kennis.access import accounts, audit, oidc, policy
from kennis.access.oidc import Person
from kennis.access.policy import ROLES, Actor, system
from kennis.config import Config
from kennis.errors import BadSetup, Conflict, Text, Unauthorized
from kennis.store import Store
from kennis.store.people import Account

# Group and role, as the settings give them.
Roles = Sequence[tuple[str, str]]
OPERATION = "log_in"
# How the audit tells a login elsewhere from one with a password, and who lowered a role.
ELSEWHERE, SERVER = "elsewhere", "login-server"
# The one text for no account, a disabled one, one of somebody else, and no group that may log in.
REFUSED = Text(
    "Uw organisatie kent u, maar u kunt hier niet inloggen. Vraag de beheerder van Kennis of er een account is met uw "
    "e-mailadres, of dat open staat, en of uw groep mag inloggen.",
    "Your organisation knows you, but you cannot log in here. Ask the admin of Kennis whether there is an account with "
    "your e-mail address, whether it is open, and whether your group may log in.",
)


def check_settings(config: Config) -> None:
    """BadSetup when logging in elsewhere could not work with these settings, or not be safe. Asks nothing of the
    server."""
    if not config.oidc_issuer:
        return
    oidc.check(config)
    known = ", ".join(ROLES)
    for group, role in config.oidc_roles:
        if role not in ROLES:
            raise BadSetup(
                f"KENNIS_OIDC_ROLES geeft {group} de rol {role}; kies uit: {known}.",
                f"KENNIS_OIDC_ROLES gives {group} the role {role}; choose one of: {known}.",
            )


def ceiling(groups: Sequence[str], mapping: Roles) -> str | None:
    """The highest role that a group of the person has; None when none may log in. No mapping limits nobody."""
    if not mapping:
        return ROLES[-1]
    given = {role for group, role in mapping if group in groups}
    return max(given, key=ROLES.index, default=None)


def admit(store: Store, person: Person, mapping: Roles, now: datetime) -> Account:
    """The account of the person, linked at the first login and lowered to the role of the groups, for good.

    Unauthorized with one text, which is in the audit then. Call it outside any transaction.
    """
    with audit.attempt(store, audit.NOBODY, OPERATION, lambda session: _seen(session, person, now)):
        return store.write(lambda session: _admit(session, person, mapping, now))


def _seen(session: Session, person: Person, now: datetime) -> tuple[str, str]:
    account = _account(session, person)
    return clock.stamp(now), account.id if account else audit.NOBODY


def _account(session: Session, person: Person) -> Account | None:
    """By what the server calls the person; only who is not linked yet is known by a verified e-mail address."""
    linked = select(Account).where(Account.issuer == person.issuer, Account.subject == person.subject)
    found = session.scalar(linked)
    if found is not None or not person.email:
        return found
    found = accounts.by_email(session, person.email)
    return found if found is not None and found.subject is None else None


def _admit(session: Session, person: Person, mapping: Roles, now: datetime) -> Account:
    account, most = _account(session, person), ceiling(person.groups, mapping)
    if account is None or account.is_disabled or most is None:
        raise Unauthorized(REFUSED)
    by = system(SERVER)
    if ROLES.index(most) < ROLES.index(account.role):
        try:
            accounts.set_role(session, account, most, now=now, by=by)
        except Conflict:
            # The only admin: somebody must be left who can give the role back.
            raise Unauthorized(REFUSED) from None
    if account.subject is None:
        account.issuer, account.subject = person.issuer, person.subject
        accounts.changed(session, account, "link_account", None, now, by)
    audit.record(session, clock.stamp(now), account.id, OPERATION, account.id, ELSEWHERE)
    return account


def unlink(session: Session, account: Account, *, now: datetime, by: Actor) -> None:
    """Whom the server knew as this account is nobody now, and its sessions end. The next login with a verified e-mail
    address links it anew."""
    policy.check(by, "accounts")
    if account.subject is None:
        return
    account.issuer = account.subject = None
    accounts.end_sessions(session, account.id)
    accounts.changed(session, account, "unlink_account", None, now, by)
