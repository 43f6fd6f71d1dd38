"""One's own keys for programs: make one, see what there is, take one back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

from flask import Response, request
from sqlalchemy.orm import Session

from kennis import clock
from kennis.access import accounts, audit, keys
from kennis.errors import Invalid, NotFound
from kennis.store.people import ApiKey
from kennis.web import forms, visitors
from kennis.web.account_page import page, to
from kennis.web.forms import Fault
from kennis.web.rendering import kennis
from kennis.web.visitors import Visitor

T = TypeVar("T")
# What a key may do, for a reader; the codes are those of access/keys.py.
SCOPES = {
    "read": "Lezen wat u zelf mag lezen, ook wat nog niet gepubliceerd is",
    "contribute": "Teksten maken, veranderen en insturen",
    "review": "Teksten beoordelen en teruggeven",
    "edit": "Teksten publiceren, afwijzen en archiveren",
    "moderate": "Verhalen behandelen en intrekken",
    "webhooks": "Berichten laten sturen als er iets verandert",
    "admin": "Accounts en sleutels beheren, teksten intrekken",
}
# In days. Every key made here ends: one that lives for ever is forgotten and then found by somebody else.
TERMS = {"30": "30 dagen", "90": "90 dagen", "365": "1 jaar"}
USUAL_TERM = "90"
FIELDS = {"/name": "name", "/scopes": "scopes", "/expiresOn": "term"}
# So many valid ones nobody can tell apart (guess).
MOST_KEYS = 20


def form() -> Response:
    return _form(visitors.logged_in())


def make() -> Response:
    """The answer shows the key, this once. Sent again it is refused, for there is one with this name by then."""
    visitor = visitors.logged_in()
    forms.check()
    faults = _faults(visitor)
    if faults:
        return _form(visitor, status=400, faults=faults)
    expires_on = kennis().today() + timedelta(days=int(request.form["term"]))
    try:
        key, text = _write(visitor, "issue_key", lambda session: _issue(session, visitor, expires_on))
    except Invalid as error:
        return _form(visitor, status=400, faults=forms.faults(error.problems, FIELDS))
    return page("account_key_made.html", key=key, text=text, scopes=_words(key))


def take_back(key_id: str) -> Response:
    visitor = visitors.logged_in()
    forms.check()
    _write(visitor, "revoke_key", lambda session: _revoke(session, visitor, key_id))
    return to(visitors.AFTER["sleutels"])


def _form(visitor: Visitor, *, status: int = 200, faults: list[Fault] | None = None) -> Response:
    today = kennis().today()
    with kennis().store.reading() as session:
        mine = keys.of_account(session, visitor.account.id)
    return page(
        "account_keys.html",
        status=status,
        faults=faults or [],
        valid=[(key, _words(key)) for key in mine if keys.is_valid(key, today)],
        ended=[key for key in mine if not keys.is_valid(key, today)],
        scopes={code: text for code, text in SCOPES.items() if visitor.actor.is_at_least(keys.SCOPES[code])},
        chosen=request.form.getlist("scopes"),
        name=request.form.get("name", ""),
        terms=TERMS,
        term=request.form.get("term", USUAL_TERM),
    )


def _faults(visitor: Visitor) -> list[Fault]:
    """All that can go wrong in the form, in its order. What no form of ours sends is refused by the domain."""
    name = request.form.get("name", "").strip()
    with kennis().store.reading() as session:
        mine = [k for k in keys.of_account(session, visitor.account.id) if keys.is_valid(k, kennis().today())]
    found = []
    if len(mine) >= MOST_KEYS:
        found.append(Fault("", f"U hebt al {MOST_KEYS} sleutels. Trek er eerst een in."))
    if not 1 <= len(name) <= keys.LONGEST_NAME or not name.isprintable():
        found.append(Fault("name", f"Geef de sleutel een naam van hoogstens {keys.LONGEST_NAME} tekens."))
    if any(key.name == name for key in mine):
        found.append(Fault("name", "U hebt al een sleutel met deze naam."))
    if not request.form.getlist("scopes"):
        found.append(Fault("scopes", "Kies wat de sleutel mag."))
    if request.form.get("term") not in TERMS:
        found.append(Fault("term", "Kies hoe lang de sleutel geldt."))
    return found


def _issue(session: Session, visitor: Visitor, expires_on: date) -> tuple[ApiKey, str]:
    return keys.issue(
        session,
        accounts.find(session, visitor.account.id),
        name=request.form.get("name", ""),
        scopes=request.form.getlist("scopes"),
        expires_on=expires_on,
        now=kennis().now(),
        by=visitor.actor,
    )


def _revoke(session: Session, visitor: Visitor, key_id: str) -> None:
    key = keys.find(session, key_id)
    if key.account_id != visitor.account.id:
        # Not even an admin here: this page is about oneself.
        raise NotFound()
    keys.revoke(session, key, now=kennis().now(), by=visitor.actor)


def _write(visitor: Visitor, operation: str, step: Callable[[Session], T]) -> T:
    own, moment = visitor.account.id, clock.stamp(kennis().now())
    with audit.attempt(kennis().store, own, operation, lambda _: (moment, own)):
        return kennis().store.write(step)


def _words(key: ApiKey) -> list[str]:
    return [SCOPES[code] for code in key.scopes.split()]
