"""The way out, for a reader who must leave at once: it works without script and leaves nothing of ours (X1, X2)."""

import re

from flask import Response, request

from kennis.web import cookies
from kennis.web.guards import PRIVATE
from kennis.web.rendering import kennis

EVERYTHING = '"cache", "cookies", "storage"'
ROBOTS = "User-agent: *\nDisallow: /weg\nDisallow: /delen\nDisallow: /account\n"
_COOKIE_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
# A browser sends what this host has set; nobody needs more: guess.
MOST_COOKIES = 20


def leave() -> Response:
    """To the neutral site of the settings and nowhere else: no parameter is read (V19)."""
    response = Response(status=303)
    response.headers["Location"] = kennis().config.exit_url + "/"
    response.headers["Clear-Site-Data"] = EVERYTHING
    response.headers["Cache-Control"] = PRIVATE
    response.headers["Referrer-Policy"] = "no-referrer"
    # Clear-Site-Data counts over https only. An emptied cookie also keeps the pages before out of the back cache.
    cookies.drop(response, *[name for name in request.cookies if _COOKIE_NAME.fullmatch(name)][:MOST_COOKIES])
    return response


def robots() -> Response:
    return Response(ROBOTS, mimetype="text/plain", headers={"Cache-Control": "public, max-age=86400"})
