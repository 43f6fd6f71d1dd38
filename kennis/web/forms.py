"""Forms that change something: a token that no other site can send (V18), and what was wrong in them."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from flask import Response, g, request

from kennis.errors import Forbidden, Problem, Text
from kennis.web import cookies

# Of a browser in which nobody is logged in: only so that the token of its form is bound to something.
COOKIE = "__Host-kennis-form"
FIELD = "token"
SECRET_BYTES = 32
# From where a browser says that a form of ours comes; `none` is a page that the reader opened again.
OURS = ("same-origin", "none")
STALE = Text(
    "Dit formulier is verlopen. Open de pagina opnieuw en vul het nog eens in.",
    "This form has expired. Open the page again and fill it in once more.",
)


class StaleForm(Forbidden):
    """The form is of another site, of another login, or of before the exit: nothing of it is looked at."""

    def __init__(self) -> None:
        super().__init__(STALE)


@dataclass(frozen=True, slots=True)
class Fault:
    """`field` is the id of the field on the page; empty when it is about the whole form."""

    field: str
    text: str


def token() -> str:
    """For the form on this page. Told by its cookie, and does not tell it."""
    return _token_of(_secret())


def check() -> None:
    """Raise StaleForm unless the form that was sent is one that we showed to this browser."""
    given, secret = request.form.get(FIELD, ""), cookies.session() or request.cookies.get(COOKIE)
    is_ours = request.headers.get("Sec-Fetch-Site", OURS[0]) in OURS
    if not secret or not is_ours or not secrets.compare_digest(_bytes(given), _bytes(_token_of(secret))):
        raise StaleForm()


def bound(response: Response) -> Response:
    """The page with the cookie of its token, set again each time: Chromium keeps a page of which no cookie was set with
    it, and Back would show it after an exit or a logout (measured like the table in safety.md 2)."""
    session = cookies.session()
    cookies.put(response, cookies.SESSION if session else COOKIE, session or _secret())
    return response


def faults(problems: Iterable[Problem], fields: Mapping[str, str]) -> list[Fault]:
    """What the domain says, at the fields of the page; `fields` leads there from its pointers."""
    return [Fault(fields.get(problem.pointer or "", ""), problem.message.nl) for problem in problems]


def _secret() -> str:
    found = cookies.session() or request.cookies.get(COOKIE) or g.get("kennis_form_secret")
    if not found:
        found = g.kennis_form_secret = secrets.token_hex(SECRET_BYTES)
    return str(found)


def _token_of(secret: str) -> str:
    return sha256(b"kennis form " + _bytes(secret)).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
