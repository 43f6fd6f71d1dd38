"""One's own keys for programs: make one, see what there is, take one back."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from flask import Response, request
from sqlalchemy.orm import Session

from kennis import clock
from kennis.access import accounts, audit, keys, sessions
from kennis.errors import Hidden, Invalid, NotFound, Problem, Text
from kennis.store.people import Account, ApiKey
from kennis.web import confirming, forms, visitors
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
TOO_MANY = Problem(
    Text(
        f"U hebt al {MOST_KEYS} sleutels. Trek er eerst een in.",
        f"You have {MOST_KEYS} keys already. Revoke one first.",
    )
)
SAME_NAME = Problem(Text("U hebt al een sleutel met deze naam.", "You have a key with this name already."), "/name")


def form() -> Response:
    return _form(visitors.logged_in())


def make() -> Response:
    """The answer shows the key, this once. Sent again it is refused, for there is one with this name by then. A key
    outlives the session and a change of password, so a session alone makes none."""
    visitor = visitors.logged_in()
    if faults := _faults(visitor):
        return _form(visitor, status=400, faults=faults)
    proven = confirming.confirm(visitor, _form)
    if isinstance(proven, Response):
        return proven
    try:
        key, text = _write(visitor, "issue_key", lambda session: _issue(session, visitor, proven))
    except Invalid as error:
        return _form(visitor, status=400, faults=forms.faults(error.problems, FIELDS))
    return page("account_key_made.html", key=key, text=text, scopes=_words(key))


def take_back(key_id: str) -> Response:
    visitor = visitors.logged_in()
    _write(visitor, "revoke_key", lambda session: _revoke(session, visitor, key_id), key_id)
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
        longest=keys.LONGEST_NAME,
        terms=TERMS,
        term=request.form.get("term", USUAL_TERM),
        minutes=sessions.CONFIRMED // timedelta(minutes=1),
        email=visitor.account.email,
        has_password=confirming.has_password(visitor),
        may_be_made=confirming.has_password(visitor) or confirming.is_logged_in_anew(visitor),
    )


def _faults(visitor: Visitor) -> list[Fault]:
    """What can be seen in the form itself, in its order. What no form of ours sends is refused by the domain."""
    found = []
    if keys.name_problems(_name()):
        found.append(Fault("name", f"Geef de sleutel een naam van hoogstens {keys.LONGEST_NAME} tekens."))
    if not request.form.getlist("scopes"):
        found.append(Fault("scopes", "Kies wat de sleutel mag."))
    if request.form.get("term") not in TERMS:
        found.append(Fault("term", "Kies hoe lang de sleutel geldt."))
    return [*found, *confirming.missing(visitor)]


def _name() -> str:
    return request.form.get("name", "").strip()


def _issue(session: Session, visitor: Visitor, proven: Account) -> tuple[ApiKey, str]:
    """What there is already counts in the transaction: two clicks at once make one key."""
    account, today = accounts.as_proven(session, proven), kennis().today()
    mine = keys.valid(session, account.id, today)
    found = [TOO_MANY] if len(mine) >= MOST_KEYS else []
    found += [SAME_NAME] if any(key.name == _name() for key in mine) else []
    if found:
        raise Invalid(found)
    return keys.issue(
        session,
        account,
        name=_name(),
        scopes=request.form.getlist("scopes"),
        expires_on=today + timedelta(days=int(request.form["term"])),
        now=kennis().now(),
        by=visitor.actor,
    )


def _revoke(session: Session, visitor: Visitor, key_id: str) -> None:
    key = keys.find(session, key_id)
    if key.account_id != visitor.account.id:
        # Not even an admin here: this page is about oneself.
        raise Hidden()
    keys.revoke(session, key, now=kennis().now(), by=visitor.actor)


def _known(session: Session, key_id: str) -> str | None:
    try:
        return keys.find(session, key_id).id
    except NotFound:
        return None


def _write(visitor: Visitor, operation: str, step: Callable[[Session], T], key_id: str = "") -> T:
    own, moment = visitor.account.id, clock.stamp(kennis().now())
    with audit.attempt(kennis().store, own, operation, lambda session: (moment, _known(session, key_id) or own)):
        return kennis().store.write(step)


def _words(key: ApiKey) -> list[str]:
    return [SCOPES[code] for code in key.scopes.split()]
