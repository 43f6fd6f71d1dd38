"""The header table of the pages: every route with every method, and all headers of the answer compared with a row."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import places
from tests.web.conftest import Site

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")
ALWAYS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    "Server": "kennis",
}
PAGE = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache", "ETag": "*", "Content-Length": "*"}
STORY = PAGE | {"X-Robots-Tag": "noarchive"}
NO_STORE = {"Cache-Control": "private, no-store", "Content-Length": "*", "Content-Type": "text/html; charset=utf-8"}
LEAVE = NO_STORE | {"Location": "*", "Clear-Site-Data": '"cache", "cookies", "storage"'}
ROBOTS = {
    "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "public, max-age=86400", "Content-Length": "*"
}  # fmt: skip
FILE = {
    "Content-Type": "text/css; charset=utf-8", "Cache-Control": "no-cache", "ETag": "*", "Content-Length": "*",
    "Content-Disposition": "inline; filename=kennis.css", "Accept-Ranges": "bytes", "Last-Modified": "*", "Date": "*",
}  # fmt: skip
NO_TRACE = NO_STORE | {"X-Robots-Tag": "noindex, noarchive"}
# What a browser gets in which nobody is logged in.
UNKNOWN = NO_STORE | {"WWW-Authenticate": "Bearer"}
FORM_ONLY = NO_STORE | {"Allow": "*"}
CHECKED = "/account/nakijken/0b7f6c1e-5d0a-4c0e-9a53-2f6f1f0d7a11"
READ = {
    "/": PAGE, "/weg": LEAVE, "/robots.txt": ROBOTS, "/static/kennis.css": FILE,
    "/account": UNKNOWN, "/account/wachtwoord": UNKNOWN, "/account/sleutels": UNKNOWN, "/account/nakijken": UNKNOWN,
    "/account/inloggen": NO_TRACE | {"Set-Cookie": "*"}, "/account/uitgelogd": NO_TRACE,
    "/account/uitloggen": FORM_ONLY, "/account/sleutels/een/intrekken": FORM_ONLY,
    CHECKED: FORM_ONLY,
    # No login server is set.
    "/account/elders": NO_STORE, "/account/terug": NO_STORE,
    **{path: STORY if kind == "story" else PAGE for kind, path in places.GOOD.items()},
}  # fmt: skip
WRITE = {
    ("POST", "/"): NO_STORE, ("POST", "/account/inloggen"): NO_STORE, ("POST", "/account/wachtwoord"): UNKNOWN,
    ("POST", "/account/sleutels"): UNKNOWN, ("POST", CHECKED): UNKNOWN,
    ("POST", "/account/sleutels/een/intrekken"): UNKNOWN,
    ("POST", "/account/uitloggen"): NO_TRACE | {"Location": "*", "Clear-Site-Data": "*", "Set-Cookie": "*"},
}  # fmt: skip


def expected(method: str, path: str) -> dict[str, str]:
    if method in ("GET", "HEAD"):
        return ALWAYS | READ[path]
    return ALWAYS | (WRITE.get((method, path)) or NO_STORE | {"Allow": "*"})


@pytest.mark.req("X2", "V12", "V16", "V17")
@pytest.mark.parametrize("path", READ)
def test_all_headers_are_those_of_the_table(client: FlaskClient, path: str) -> None:
    for method in METHODS:
        # Each in a browser of its own: a cookie that was set once is not set again.
        with client.application.test_client().open(path, method=method) as answer:
            headers = dict(answer.headers)
        wanted = expected(method, path)
        assert set(headers) == set(wanted), method
        assert {name: value for name, value in headers.items() if wanted[name] not in ("*", value)} == {}, method


def test_the_table_holds_every_route(site: Site) -> None:
    def pattern(rule: str) -> str:
        return re.sub("<[^>]+>", "[^/]+", rule)

    app: Flask = site.app
    rules = {rule.rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/v1")}
    assert [rule for rule in rules if not any(re.fullmatch(pattern(rule), path) for path in READ)] == []
