"""Changing one's own password."""

from datetime import datetime

from flask import Response, request
from sqlalchemy.orm import Session

from kennis import clock
from kennis.access import accounts, audit, keys, passwords, sessions
from kennis.errors import Forbidden, Text
from kennis.store.people import Account
from kennis.web import confirming, cookies, forms, visitors
from kennis.web.account_page import page, plain
from kennis.web.forms import Fault
from kennis.web.rendering import kennis
from kennis.web.visitors import Visitor

FIELDS = {passwords.POINTER: "new"}
ELSEWHERE = Text(
    "U logt in bij uw organisatie; daar verandert u ook uw wachtwoord.",
    "You log in at your organisation; that is where you change your password.",
)


def form() -> Response:
    return _form(visitors.logged_in())


def change() -> Response:
    """All sessions end, that of a thief too; who changed it goes on in a new one."""
    visitor = visitors.logged_in()
    if not confirming.has_password(visitor):
        raise Forbidden(ELSEWHERE)
    new = request.form.get("new", "")
    problems = passwords.problems_of(new, (visitor.account.name, visitor.account.email))
    faults = [*confirming.missing(visitor), *(forms.faults(problems, FIELDS) or _again_faults(new))]
    if faults:
        return _form(visitor, status=400, faults=faults)
    proven = confirming.confirm(visitor, _form)
    if isinstance(proven, Response):
        return proven
    return _changed(visitor, proven, passwords.ready(new, problems, kennis().cost))


def _form(visitor: Visitor, *, status: int = 200, faults: list[Fault] | None = None) -> Response:
    return page(
        "account_password.html",
        status=status,
        faults=faults or [],
        email=visitor.account.email,
        has_password=confirming.has_password(visitor),
        shortest=passwords.SHORTEST,
    )


def _again_faults(new: str) -> list[Fault]:
    is_same = request.form.get("again", "") == new
    return [] if is_same else [Fault("again", "Dit is niet hetzelfde als het nieuwe wachtwoord erboven.")]


def _changed(visitor: Visitor, proven: Account, new: passwords.Ready) -> Response:
    now, store = kennis().now(), kennis().store
    own = visitor.account.id
    with audit.attempt(store, own, "set_password", lambda _: (clock.stamp(now), own)):
        token, number_of_keys = store.write(lambda session: _set(session, visitor, proven, new, now))
    shown = plain(
        "account_done.html",
        title="Uw wachtwoord is veranderd",
        text="Overal waar u nog ingelogd was, bent u nu uitgelogd.",
        keys=number_of_keys,
    )
    cookies.put(shown, cookies.SESSION, token)
    return shown


def _set(session: Session, visitor: Visitor, proven: Account, new: passwords.Ready, now: datetime) -> tuple[str, int]:
    account = accounts.as_proven(session, proven)
    accounts.set_password(session, account, new, now=now, by=visitor.actor)
    return sessions.begin(session, account, now), len(keys.valid(session, account.id, kennis().today()))
