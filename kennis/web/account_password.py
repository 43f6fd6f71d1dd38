"""Changing one's own password."""

from datetime import datetime

from flask import Response, request
from sqlalchemy.orm import Session

from kennis import clock
from kennis.access import accounts, audit, passwords, sessions
from kennis.errors import Forbidden, Text, TooManyTries, Unauthorized
from kennis.store.people import Account
from kennis.web import cookies, forms, visitors
from kennis.web.account_page import page, plain, slowed, waiting
from kennis.web.forms import Fault
from kennis.web.rendering import kennis
from kennis.web.visitors import Visitor

FIELDS = {passwords.POINTER: "new"}
ELSEWHERE = Text(
    "U logt in bij uw organisatie; daar verandert u ook uw wachtwoord.",
    "You log in at your organisation; that is where you change your password.",
)


def form() -> Response:
    return _form(visitors.logged_in().account)


def change() -> Response:
    """All sessions end, that of a thief too; who changed it goes on in a new one."""
    visitor = visitors.logged_in()
    forms.check()
    if visitor.account.password_hash is None:
        raise Forbidden(ELSEWHERE)
    faults = [*_current_faults(), *_new_faults(visitor.account)]
    if faults:
        return _form(visitor.account, status=400, faults=faults)
    try:
        sessions.confirm_password(kennis().store, visitor.token, request.form["current"], kennis().now(), kennis().cost)
    except Unauthorized:
        wrong = Fault("current", "Dit is niet uw huidige wachtwoord.")
        return _form(visitor.account, status=400, faults=[wrong])
    except TooManyTries as error:
        return slowed(_form(visitor.account, status=429, faults=[Fault("", waiting(error))]), error)
    return _changed(visitor)


def _form(account: Account, *, status: int = 200, faults: list[Fault] | None = None) -> Response:
    return page(
        "account_password.html",
        status=status,
        faults=faults or [],
        email=account.email,
        has_password=account.password_hash is not None,
        shortest=passwords.SHORTEST,
        longest=passwords.LONGEST,
    )


def _current_faults() -> list[Fault]:
    return [] if request.form.get("current") else [Fault("current", "Vul uw huidige wachtwoord in.")]


def _new_faults(account: Account) -> list[Fault]:
    new, again = request.form.get("new", ""), request.form.get("again", "")
    if found := forms.faults(passwords.problems_of(new, (account.name, account.email)), FIELDS):
        return found
    if new != again:
        return [Fault("again", "Dit is niet hetzelfde als het nieuwe wachtwoord erboven.")]
    return []


def _changed(visitor: Visitor) -> Response:
    now, store, new = kennis().now(), kennis().store, request.form["new"]
    own = visitor.account.id
    with audit.attempt(store, own, "set_password", lambda _: (clock.stamp(now), own)):
        token = store.write(lambda session: _set(session, visitor, new, now))
    shown = plain(
        "account_done.html",
        title="Uw wachtwoord is veranderd",
        text="Overal waar u nog ingelogd was, bent u nu uitgelogd.",
    )
    cookies.put(shown, cookies.SESSION, token)
    return shown


def _set(session: Session, visitor: Visitor, new: str, now: datetime) -> str:
    account = accounts.find(session, visitor.account.id)
    accounts.set_password(session, account, new, now=now, by=visitor.actor, cost=kennis().cost)
    return sessions.begin(session, account, now)
