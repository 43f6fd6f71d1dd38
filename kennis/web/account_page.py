"""What the pages about one person have in common: kept nowhere, and a token for their forms."""

from flask import Response

from kennis.errors import TooManyTries
from kennis.web import forms
from kennis.web.guards import PRIVATE
from kennis.web.rendering import html, private

# Such a page is for no archive or search engine.
NO_TRACE = "noindex, noarchive"


def page(template: str, *, status: int = 200, **values: object) -> Response:
    """With at least one form, so with the cookie that its token is bound to."""
    return forms.bound(plain(template, status=status, token=forms.token(), **values))


def plain(template: str, *, status: int = 200, **values: object) -> Response:
    """Without a form and without a cookie."""
    shown = private(html(template, status=status, **values))
    shown.headers["X-Robots-Tag"] = NO_TRACE
    return shown


def to(address: str) -> Response:
    """After a form: the next page is read with GET, so that opening it again sends nothing again."""
    response = Response(status=303, headers={"Location": address, "Cache-Control": PRIVATE})
    response.headers["X-Robots-Tag"] = NO_TRACE
    return response


def slowed(shown: Response, error: TooManyTries) -> Response:
    shown.headers["Retry-After"] = str(error.retry_after_seconds)
    return shown


def waiting(error: TooManyTries) -> str:
    minutes = -(-error.retry_after_seconds // 60)
    words = "1 minuut" if minutes == 1 else f"{minutes} minuten"
    return f"Dit is te vaak geprobeerd. Wacht {words} en probeer het dan opnieuw."
