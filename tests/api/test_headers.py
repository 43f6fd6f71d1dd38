"""Every route x every method: the headers that must be there, and those that must not."""

from collections.abc import Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from kennis.access.policy import POLICY
from kennis.api.framework import API_VERSION
from kennis.installation import POLICIES
from tests.api.conftest import ORIGIN, Site

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
BODY = {"q": "huis"}


def ask(client: FlaskClient, method: str, path: str, **more: object) -> TestResponse:
    body = {"json": BODY} if path.endswith("_search") and method == "POST" else {}
    return client.open(path, method=method, headers={"Origin": ORIGIN, "Accept": "*/*"}, **body, **more)


def every(client: FlaskClient, paths: Mapping[str, str]) -> list[tuple[str, str, TestResponse]]:
    return [(m, path, ask(client, m, path)) for path in (*paths.values(), "/v1/bestaat-niet") for m in METHODS]


@pytest.mark.req("V12", "V17", "V30")
def test_every_answer_has_the_headers_of_the_house(client: FlaskClient, paths: Mapping[str, str]) -> None:
    for method, path, response in every(client, paths):
        where = (method, path, response.status)
        assert response.headers["API-Version"] == API_VERSION, where
        assert response.headers["X-Content-Type-Options"] == "nosniff", where
        assert response.headers["Referrer-Policy"] == "no-referrer", where
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"], where
        assert "unsafe-inline" not in response.headers["Content-Security-Policy"], where
        assert response.headers["Vary"] == "Accept, Accept-Language", where
        assert "Set-Cookie" not in response.headers, where
        assert response.headers.getlist("Server") == ["kennis"], where
        assert "Kennis-Demo" not in response.headers, where


@pytest.mark.req("V15")
def test_other_sites_may_read_by_get_without_credentials_and_do_nothing_else(
    client: FlaskClient, paths: Mapping[str, str]
) -> None:
    for method, path, response in every(client, paths):
        is_public_read = not path.endswith(("_search", "bestaat-niet")) and method in ("GET", "HEAD", "OPTIONS")
        allowed = response.headers.get("Access-Control-Allow-Origin")
        assert allowed == ("*" if is_public_read else None), (method, path)
        assert "Access-Control-Allow-Credentials" not in response.headers


def test_a_preflight_names_what_may_be_sent(client: FlaskClient) -> None:
    response = client.options("/v1/entries", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "GET"})
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]
    assert response.data == b""


def test_only_the_declared_methods_answer(app: Flask, client: FlaskClient, paths: Mapping[str, str]) -> None:
    keyed = {
        (method, address)
        for rule in app.url_map.iter_rules()
        if app.extensions[POLICIES][rule.endpoint] in POLICY
        for method in rule.methods - {"OPTIONS", "HEAD"}
        for address in paths.values()
        if _reaches(app, address, method, rule)
    }
    for method, path, response in every(client, {k: v for k, v in paths.items() if not v.endswith("ready")}):
        if path == "/v1/bestaat-niet":
            assert response.status_code == 404
            continue
        declared = "POST" if path.endswith("_search") else "GET"
        allowed = {declared, "OPTIONS"} | ({"HEAD"} if declared == "GET" else set())
        with_key = {m for m, address in keyed if address == path}
        if method in allowed:
            assert response.status_code == 200, (method, path)
        elif method in with_key:
            assert response.status_code == 401, (method, path)
        else:
            assert response.status_code == 405, (method, path)
            assert response.content_type == "application/problem+json"
            assert set(response.headers["Allow"].split(", ")) == allowed | with_key


def _reaches(app: Flask, address: str, method: str, rule: Rule) -> bool:
    try:
        endpoint, _ = app.url_map.bind("").match(address.partition("?")[0], method)
    except MethodNotAllowed:
        return False
    return bool(endpoint == rule.endpoint)


def test_head_is_get_without_a_body(client: FlaskClient, paths: Mapping[str, str]) -> None:
    for path in paths.values():
        if path.endswith(("_search", "ready")):
            continue
        get, head = client.get(path), client.head(path)
        assert head.data == b""
        assert head.headers["Content-Length"] == str(len(get.data)), path
        assert head.headers.get("ETag") == get.headers.get("ETag")
        assert head.content_type == get.content_type


def test_public_reads_may_be_kept_if_asked_again_and_the_rest_not_at_all(
    client: FlaskClient, paths: Mapping[str, str]
) -> None:
    for path in paths.values():
        response = ask(client, "POST" if path.endswith("_search") else "GET", path)
        if path.endswith(("_search", "live", "ready")):
            assert response.headers["Cache-Control"] == "private, no-store", path
            assert "ETag" not in response.headers
        else:
            assert response.headers["Cache-Control"] == "no-cache", path
            assert response.headers["ETag"], path
    assert client.get("/v1/bestaat-niet").headers["Cache-Control"] == "private, no-store"


@pytest.mark.req("V14")
def test_production_asks_for_https_for_two_years(site: Site, client: FlaskClient) -> None:
    settings = {"KENNIS_ENV": "production", "KENNIS_SECRET_KEY": "0123456789abcdef" * 4}
    safe = site.app(**settings, KENNIS_PUBLIC_URL="https://kennis.example").test_client()
    assert "max-age=63072000" in safe.get("/v1/entries").headers["Strict-Transport-Security"]
    assert "max-age=63072000" in safe.get("/v1/bestaat-niet").headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in client.get("/v1/entries").headers


@pytest.mark.req("V28")
def test_every_route_has_a_policy(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} - set(app.extensions[POLICIES]) == set()


@pytest.mark.req("V28")
def test_a_route_that_nobody_declared_a_policy_for_is_closed(site: Site) -> None:
    app = site.app()
    app.add_url_rule("/v1/vergeten", "vergeten", lambda: "geheim")
    response = app.test_client().get("/v1/vergeten")
    assert response.status_code == 403
    assert b"geheim" not in response.data
