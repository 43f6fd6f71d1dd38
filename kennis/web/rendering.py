"""Templates to answers, with the ETag that says for what they hold."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, current_app, render_template, request

from kennis import __version__
from kennis.content.rendering import render_version
from kennis.installation import EXTENSION, Kennis
from kennis.web.guards import PRIVATE, PUBLIC

FOLDER = Path(__file__).resolve().parent
# The site keeps this name in titles: it says nothing of what a page is about (X5).
SITE = "Kennis"


def kennis() -> Kennis:
    parts: Kennis = current_app.extensions[EXTENSION]
    return parts


@cache
def look() -> str:
    """Changes with any template or style, so that no browser keeps a page of an older look."""
    files = sorted(f for folder in ("templates", "static") for f in (FOLDER / folder).iterdir() if f.is_file())
    digest = hashlib.sha256(__version__.encode() + b"".join(f.read_bytes() for f in files))
    return digest.hexdigest()[:12]


def etag_of(*parts: object) -> str:
    """For what follows from the published entries of this moment, the day, the look, and these parts."""
    rendered = render_version(kennis().config.public_url)
    facts = (kennis().store.generation(), rendered, kennis().today(), look(), kennis().is_demo, *parts)
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def html(template: str, *, status: int = 200, **values: Any) -> Response:
    text = render_template(template, is_demo=kennis().is_demo, look=look(), site=SITE, **values)
    return Response(text, status, mimetype="text/html")


def is_fresh(etag: str) -> bool:
    return bool(request.if_none_match.contains_weak(etag))


def public(response: Response, etag: str) -> Response:
    response.headers["ETag"] = f'"{etag}"'
    response.headers["Cache-Control"] = PUBLIC
    return response


def unchanged(etag: str) -> Response:
    response = public(Response(status=304), etag)
    del response.headers["Content-Type"]
    return response


def private(response: Response) -> Response:
    response.headers["Cache-Control"] = PRIVATE
    return response
