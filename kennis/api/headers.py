"""The headers of every response, of pages as well as of the API."""

from functools import cache

from flask import Flask, Response, current_app, g, request

from kennis.api.answering import PRIVATE, kennis
from kennis.api.framework import API_VERSION, PREFIX
from kennis.installation import POLICIES, PUBLIC_READ

# safety.md V14: at least one year.
HSTS = "max-age=63072000"
NOTHING_BUT_TEXT = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
# A name of our own keeps the server below from adding its product and version (V30).
SERVER = "kennis"
# How long a browser may remember that a public read is allowed from elsewhere: a day.
PREFLIGHT_SECONDS = "86400"
Pairs = tuple[tuple[str, str], ...]
SECURITY: Pairs = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Content-Security-Policy", NOTHING_BUT_TEXT),
    ("Server", SERVER),
)
OF_API: Pairs = (
    ("API-Version", API_VERSION),
    ("Vary", "Accept, Accept-Language"),
    ("Cache-Control", PRIVATE),
)
# In `g`: where the caller stands with the limits, once that was counted (limits.py).
STANDING = "standing"
ANYWHERE = ("Access-Control-Allow-Origin", "*")
EXPOSED = (
    "API-Version, ETag, Link, Allow, Location, Kennis-Demo, Retry-After, "
    "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"
)
READABLE: Pairs = (
    ANYWHERE,
    ("Access-Control-Expose-Headers", EXPOSED),
)
PREFLIGHT: Pairs = (
    ANYWHERE,
    ("Access-Control-Allow-Methods", "GET, HEAD"),
    ("Access-Control-Allow-Headers", "Accept, Accept-Language, If-None-Match"),
    ("Access-Control-Max-Age", PREFLIGHT_SECONDS),
)


def is_api(path: str) -> bool:
    return path == PREFIX or path.startswith(PREFIX + "/")


def register(app: Flask) -> None:
    app.after_request(finish)


@cache
def _wanted(*, is_production: bool, is_demo: bool, of_api: bool) -> Pairs:
    return (
        *SECURITY,
        *((("Strict-Transport-Security", HSTS),) if is_production else ()),
        *((("Kennis-Demo", "true"),) if is_demo else ()),
        *(OF_API if of_api else ()),
    )


def finish(response: Response) -> Response:
    """What a view set itself stays. Runs on every request, so the headers are gone through once."""
    parts, of_api = kennis(), is_api(request.path)
    wanted = _wanted(is_production=parts.config.env == "production", is_demo=parts.is_demo, of_api=of_api)
    if of_api:
        wanted += _allowed_elsewhere(response) + g.get(STANDING, ())
    present = {name for name, _ in response.headers}
    response.headers.extend([pair for pair in wanted if pair[0] not in present])
    return response


def _allowed_elsewhere(response: Response) -> Pairs:
    """Public reads by GET may be read by any site, without credentials; nothing else may (V15)."""
    if current_app.extensions[POLICIES].get(request.endpoint) != PUBLIC_READ or "Authorization" in request.headers:
        return ()
    if request.method in ("GET", "HEAD"):
        return READABLE
    return PREFLIGHT if request.method == "OPTIONS" and "GET" in response.allow else ()
