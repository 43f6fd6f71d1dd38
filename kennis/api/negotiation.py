"""What the caller wants: language and form of the answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable

LANGUAGES = ("nl", "en")
JSON = "application/json"


def language(arguments: Mapping[str, Any] | None = None) -> str:
    """`lang` wins over Accept-Language; Dutch for whom neither helps. Without arguments: for an error, so the address
    or body is looked at as it came."""
    asked = (arguments or {}).get("lang") or request.args.get("lang") or g.get("lang")
    if asked in LANGUAGES:
        return str(asked)
    if "Accept-Language" not in request.headers:
        return LANGUAGES[0]
    wanted = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality > 0)
    return next((tag for tag in wanted if tag in LANGUAGES), LANGUAGES[0])


def media_type(offered: Sequence[str] = (JSON,)) -> str:
    """The form that Accept likes best, ours first when it does not care or names none; 406 when there is none."""
    wanted = request.accept_mimetypes
    if not wanted:
        return offered[0]
    # A parameter, such as a charset or profile, makes no other form of it: RFC 9110 lets a server overlook it.
    if any(";" in form for form, _ in wanted):
        wanted = MIMEAccept([(form.partition(";")[0].rstrip(), quality) for form, quality in wanted])
    best = wanted.best_match(offered)
    if best is None:
        raise NotAcceptable()
    return best
