"""Rules of the NLGov API design rules that show only in real answers (docs/api.md); the linter sees the rest."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from flask import Flask, url_for
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.routing import Map, Rule
from werkzeug.test import TestResponse

from kennis.content.fields_values import Moment
from tests.api.conftest import Site

MOMENT = re.compile(r'"(\d{4}-\d{2}-\d{2}T[^"]*)"')
# Of the kinds of values that a path may ask for; any other is text.
IN_PATHS: Mapping[str, object] = {"uuid": UUID(int=7), "int": 7}
IN_UTC = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


def read(client: FlaskClient, path: str) -> TestResponse:
    return client.post(path, json={"fields": "full"}) if path.endswith("_search") else client.get(path)


def test_an_address_with_a_slash_behind_it_is_another_one(client: FlaskClient, paths: Mapping[str, str]) -> None:
    for path in paths.values():
        address, mark, query = path.partition("?")
        response = client.get(f"{address}/{mark}{query}")
        assert (response.status_code, response.content_type) == (404, "application/problem+json"), path


def test_every_moment_is_in_utc(client: FlaskClient, paths: Mapping[str, str]) -> None:
    seen = 0
    for path in paths.values():
        if path.startswith(("/v1/openapi", "/v1/docs")):
            continue
        for moment in MOMENT.findall(read(client, path).get_data(as_text=True)):
            assert IN_UTC.fullmatch(moment), (path, moment)
            seen += 1
    assert seen > 100


def test_asking_again_changes_nothing(client: FlaskClient, paths: Mapping[str, str]) -> None:
    for path in paths.values():
        first, again = read(client, path), read(client, path)
        assert first.status_code == again.status_code == 200, path
        assert first.data == again.data, path
        assert first.headers.get("ETag") == again.headers.get("ETag"), path


def test_no_answer_names_what_it_is_made_with(client: FlaskClient, paths: Mapping[str, str]) -> None:
    made_with = re.compile("tantivy|sqlite|sqlalchemy|werkzeug|granian|flask|marshmallow", re.IGNORECASE)
    for path in (*paths.values(), "/v1/bestaat-niet", "/v1/entries?page=0"):
        response = read(client, path)
        assert not made_with.search(str(response.headers)), path
        assert not made_with.search(response.get_data(as_text=True)), path


@given(
    moment=st.datetimes(datetime(1901, 1, 1), datetime(2099, 1, 1)).map(lambda m: m.replace(microsecond=0)),
    minutes=st.integers(-14 * 60, 14 * 60),
)
def test_a_moment_comes_in_with_any_offset_and_goes_out_in_utc(moment: datetime, minutes: int) -> None:
    sent = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert Moment("Tijd").parse(sent.isoformat()) == sent.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_an_address_can_still_be_built(app: Flask) -> None:
    """Routes put off what builds their address; who asks for one gets what Werkzeug gives."""
    plain = Map([Rule(route.rule, endpoint=route.endpoint) for route in app.url_map.iter_rules()], merge_slashes=False)
    with app.test_request_context():
        for route in app.url_map.iter_rules():
            values = dict.fromkeys(route.arguments, "7")
            assert url_for(route.endpoint, wat="een & twee", **values) == plain.bind("localhost").build(
                route.endpoint, {"wat": "een & twee", **values}
            )


def test_a_path_that_was_read_before_leads_to_the_same(site: Site) -> None:
    """Routes read a path once for all methods and apps; Werkzeug reads it for each."""
    once, routes = site.app().url_map.bind("localhost"), list(site.app().url_map.iter_rules())
    plain = Map([Rule(r.rule, endpoint=r.endpoint, methods=r.methods) for r in routes], merge_slashes=False)
    for route in routes:
        parts = re.findall(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>", route.rule)
        path = plain.bind("localhost").build(route.endpoint, {name: IN_PATHS.get(of, "zeven") for of, name in parts})
        for method in route.methods or ():
            assert once.match(path, method) == plain.bind("localhost").match(path, method), path
