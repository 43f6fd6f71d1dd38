"""Who is logged in on the pages: a session on the server, known by a cookie (safety.md V26, V27)."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, g, request
from sqlalchemy.orm import Session

from kennis.access import accounts, sessions
from kennis.access.policy import Actor
from kennis.access.whence import Whence
from kennis.errors import Unauthorized
from kennis.store.people import Account
from kennis.web import cookies, forms
from kennis.web.account_page import to
from kennis.web.rendering import kennis

# Where somebody may go after logging in, by the word in the address or the form: no address is ever read (V19).
AFTER = {
    "account": "/account",
    "wachtwoord": "/account/wachtwoord",
    "sleutels": "/account/sleutels",
    "nakijken": "/account/nakijken",
}
NEXT, USUAL = "next", "account"
LOG_IN = "/account/inloggen"


@dataclass(frozen=True, slots=True)
class Visitor:
    account: Account
    token: str

    @property
    def actor(self) -> Actor:
        return accounts.actor_of(self.account)


def visitor() -> Visitor | None:
    """Asked of the database once a request; None when nobody is logged in, or not any more."""
    if "kennis_visitor" not in g:
        token = cookies.session()
        account = sessions.find(kennis().store, token, kennis().now()) if token else None
        g.kennis_visitor = Visitor(account, token) if account and token else None
    found: Visitor | None = g.kennis_visitor
    return found


def whence() -> str:
    """The place this request comes from, as far as it may be kept."""
    return Whence(kennis().config.secret_key).of(request.remote_addr or "", kennis().today())


def logged_in() -> Visitor:
    """Unauthorized when there is none: the page of a 401 leads to the login."""
    found = visitor()
    if found is None:
        raise Unauthorized()
    return found


def known(word: str | None) -> str:
    return word if word in AFTER else USUAL


def after(word: str | None) -> str:
    return AFTER[known(word)]


def word_of(path: str) -> str:
    """The word that leads back to this page after a login; of another page that of the account."""
    return next((word for word, address in AFTER.items() if address == path), USUAL)


def page_of_form(path: str) -> str:
    """Where the form stands that is sent to this path: one of our own pages, whatever was asked (V19)."""
    above = (page for page in (LOG_IN, *AFTER.values()) if path == page or path.startswith(f"{page}/"))
    return max(above, key=len, default=AFTER[USUAL])


def welcome(account: Account, word: str | None) -> Response:
    """On to the page that was asked for, in a session of its own: one that was there ends (V26). `account` is as it was
    proven; Unauthorized when it changed since."""
    token = kennis().store.write(lambda session: _begin(session, account, kennis().now()))
    response = to(after(word))
    cookies.put(response, cookies.SESSION, token)
    cookies.drop(response, forms.COOKIE)
    return response


def _begin(session: Session, proven: Account, now: datetime) -> str:
    account = accounts.as_proven(session, proven)
    if old := cookies.session():
        sessions.end(session, old, now)
    return sessions.begin(session, account, now)
