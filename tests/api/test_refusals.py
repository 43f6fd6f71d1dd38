"""What is refused, with which status, and that every refusal is a problem document in the language of the caller."""

import io
import json
from collections.abc import Mapping

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from kennis import errors, logs
from kennis.api.framework import PREFIX
from kennis.api.problems import KINDS, STATUS_OF
from kennis.app import create_app
from kennis.config import Config
from kennis.errors import Text
from kennis.installation import POLICIES, PUBLIC_READ
from tests.api.conftest import Site

NOBODY = "00000000-0000-4000-8000-000000000000"
REFUSED = [
    ("GET", "/v1", 404),
    ("GET", "/v1/", 404),
    ("GET", "/v1/entries/", 404),
    ("GET", "/v1//entries", 404),
    ("GET", "/v1/entrys", 404),
    ("GET", f"/v1/interventions/{NOBODY}", 404),
    ("GET", "/v1/interventions/geen-uuid", 404),
    ("GET", f"/v1/interventions/{NOBODY}/revisions", 404),
    ("GET", f"/v1/organisations/{NOBODY}", 404),
    ("GET", "/v1/vocabularies/bestaat-niet", 404),
    ("GET", "/v1/vocabularies/topics/bestaat-niet", 404),
    ("GET", f"/v1/comparisons?id={NOBODY}&id=00000000-0000-4000-8000-000000000001", 404),
    ("DELETE", "/v1/entries", 405),
    ("TRACE", "/v1/entries", 405),
    ("GET", "/v1/entries/_search", 405),
    ("GET", "/v1/entries?pageSize=101", 400),
    ("GET", "/v1/entries?pageSize=0", 400),
    ("GET", "/v1/entries?page=101&pageSize=100", 400),
    ("GET", "/v1/entries?page=-1", 400),
    ("GET", "/v1/entries?page=1.0", 400),
    ("GET", "/v1/entries?page=%D9%A1", 400),
    ("GET", "/v1/entries?page=99999999999999999999", 400),
    ("GET", "/v1/entries?includeExpired=1", 400),
    ("GET", "/v1/entries?updatedSince=gisteren", 400),
    ("GET", "/v1/entries?updatedSince=2026-02-30", 400),
    ("GET", "/v1/entries?updatedSince=2026-W09-7", 400),
    ("GET", "/v1/entries?updatedSince=20260301xx", 400),
    ("GET", "/v1/entries?updatedSince=2026-03-01T10:00:00Z", 400),
    ("GET", "/v1/entries?facets=", 400),
    ("GET", "/v1/entries?facets=topic,niks", 400),
    ("GET", "/v1/entries?facets=none,topic", 400),
    ("GET", "/v1/entries?lang=de", 400),
    ("GET", "/v1/entries?sort=", 400),
    ("GET", "/v1/entries?topic=niks", 400),
    ("GET", "/v1/entries?organisation=A", 400),
    ("GET", "/v1/entries?cursor=1", 400),
    ("GET", "/v1/lessons?kind=story", 400),
    ("GET", "/v1/suggestions", 400),
    ("GET", "/v1/suggestions?q=%20", 400),
    ("GET", "/v1/suggestions?q=%1E", 400),
    ("GET", "/v1/suggestions?q=a&limit=21", 400),
    ("GET", "/v1/comparisons", 400),
    ("GET", f"/v1/comparisons?id={NOBODY}", 400),
    ("GET", f"/v1/comparisons?id={NOBODY}&id={NOBODY}", 400),
    ("GET", "/v1/comparisons?id=a&id=b", 400),
    ("GET", "/v1/gaps?rows=region", 400),
    ("GET", "/v1/vocabularies?lang=nl&lang=en", 400),
    ("GET", "/v1/health/live?x=1", 400),
    ("POST", "/v1/entries/_search?q=huis", 400),
]


@pytest.mark.parametrize(("method", "path", "status"), REFUSED)
def test_a_refusal_is_a_problem_document(client: FlaskClient, method: str, path: str, status: int) -> None:
    response = client.open(path, method=method, **({"json": {}} if "_search?" in path else {}))
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    problem = response.get_json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["type"].startswith("http://127.0.0.1:8000/v1/docs#fout-")
    assert problem["instance"] == path.partition("?")[0]
    assert bool(problem.get("errors")) == (status == 400)


BODIES = [
    (b"", "application/json", 400, ""),
    (b"{", "application/json", 400, ""),
    (b"[]", "application/json", 400, ""),
    (b'"q"', "application/json", 400, ""),
    (b'{"q": NaN}', "application/json", 400, ""),
    (b'{"q": "\\ud800"}', "application/json", 400, ""),
    (b"[" * 100_000, "application/json", 400, ""),
    (b"\xff\xfe{}", "application/json", 400, ""),
    (b'{"qq": "huis"}', "application/json", 400, "/qq"),
    (b'{"q": 1}', "application/json", 400, "/q"),
    (b'{"q": null}', "application/json", 400, "/q"),
    (b'{"q": ["a", "b"]}', "application/json", 400, "/q"),
    (b'{"topic": "partnergeweld"}', "application/json", 400, "/topic"),
    (b'{"topic": ["partnergeweld", "niks"]}', "application/json", 400, "/topic/1"),
    (b'{"topic": [["partnergeweld"]]}', "application/json", 400, "/topic/0"),
    (b'{"page": true}', "application/json", 400, "/page"),
    (b'{"page": 1.5}', "application/json", 400, "/page"),
    (b'{"highlight": "ja"}', "application/json", 400, "/highlight"),
    (b'{"facets": [[]]}', "application/json", 400, "/facets"),
    (b'{"a/b~c": 1}', "application/json", 400, "/a~1b~0c"),
    (b"q=huis", "application/x-www-form-urlencoded", 415, None),
    (b"{}", "text/plain", 415, None),
    (b"{}", "", 415, None),
    (b"{}", "application/merge-patch+json", 415, None),
    (b'{"q": "' + b"a" * 2_000_000 + b'"}', "application/json", 413, None),
]


@pytest.mark.req("V18", "V22")
@pytest.mark.parametrize(("body", "media_type", "status", "pointer"), BODIES)
def test_a_body_that_does_not_fit_is_refused(
    client: FlaskClient, body: bytes, media_type: str, status: int, pointer: str | None
) -> None:
    response = client.post("/v1/entries/_search", data=body, content_type=media_type)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert [error["pointer"] for error in response.get_json().get("errors", [])] == (
        [] if pointer is None else [pointer]
    )


@pytest.mark.parametrize(("coding", "status"), [("gzip", 415), ("br", 415), ("Identity", 200), ("", 200)])
def test_a_compressed_body_is_told_to_be_one(client: FlaskClient, coding: str, status: int) -> None:
    """RFC 9110, section 15.5.16."""
    answer = client.post("/v1/entries/_search", json={"q": "huis"}, headers={"Content-Encoding": coding})
    assert answer.status_code == status


@pytest.mark.req("V22")
@pytest.mark.parametrize(("size", "status"), [(100, 200), (2_000_000, 413)])
def test_a_body_sent_in_chunks_has_the_same_bound(client: FlaskClient, size: int, status: int) -> None:
    body = b'{"q": "huis"' + b" " * size + b"}"
    chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    response = client.post(
        "/v1/entries/_search", input_stream=io.BytesIO(body), content_type="application/json", environ_overrides=chunked
    )
    assert response.status_code == status


def test_all_faults_are_told_at_once_by_name(client: FlaskClient) -> None:
    faulty = "/v1/entries?pageSize=0&topik=x&sort=beste&topic=parnergeweld&lang=nl&page=1&page=2"
    errors_by_name = {e["parameter"]: e["detail"] for e in client.get(faulty).get_json()["errors"]}
    assert errors_by_name == {
        "pageSize": "Geef een heel getal van 1 tot en met 100.",
        "topik": "Deze parameter bestaat niet; bedoelde u topic?",
        "sort": "Deze waarde bestaat niet; kies uit: relevance, newest, updated, checked, title, evidence.",
        "topic": "Deze waarde bestaat niet; bedoelde u partnergeweld?",
        "page": "Geef deze parameter één keer.",
    }


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("page_size=5", "pageSize"), ("Page=1", "page"), ("TARGETGROUP=ouder", "targetGroup"),
        ("since=x", "publishedSince"),
        ("facets=Topic", "topic"), ("sort=udpated", "updated"), ("kind=verhaal", "story"),
    ],
)  # fmt: skip
def test_a_refusal_names_what_was_most_likely_meant(client: FlaskClient, query: str, meant: str) -> None:
    (error,) = client.get(f"/v1/entries?{query}").get_json()["errors"]
    assert error["detail"].endswith(f"bedoelde u {meant}?")


def test_what_looks_like_nothing_gets_no_suggestion(client: FlaskClient) -> None:
    (error,) = client.get("/v1/gaps?pageSize=5").get_json()["errors"]
    assert error["detail"] == "Deze parameter bestaat niet."


@pytest.mark.req("V35")
@pytest.mark.parametrize("name", ["q", "sort", "page", "pageSize", "lang", "facets", "fields", "highlight"])
def test_a_single_valued_parameter_is_given_once(client: FlaskClient, name: str) -> None:
    value = {"q": "a", "sort": "title", "page": "1", "pageSize": "5", "lang": "nl", "facets": "none", "fields": "card"}
    given = value.get(name, "true")
    response = client.get(f"/v1/entries?{name}={given}&{name}={given}")
    assert response.status_code == 400
    assert [e["parameter"] for e in response.get_json()["errors"]] == [name]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("suggestions?q=%20", 400), ("suggestions?q=%20a", 200), ("entries?organisation=%20%20%20", 400),
        ("entries?organisation=a%20%20", 200), ("entries?organisation=ab", 400), ("entries?facets=", 400),
    ],
)  # fmt: skip
def test_where_there_must_be_characters_not_all_are_spaces(client: FlaskClient, query: str, status: int) -> None:
    assert client.get(f"/v1/{query}").status_code == status


@pytest.mark.req("V03")
def test_a_question_has_at_most_500_characters(client: FlaskClient) -> None:
    assert client.get("/v1/entries", query_string={"q": "a" * 500}).status_code == 200
    assert client.get("/v1/entries", query_string={"q": "a" * 501}).status_code == 400
    assert client.post("/v1/entries/_search", json={"q": "é" * 501}).status_code == 400


@pytest.mark.parametrize(
    ("path", "headers", "language"),
    [
        ("/v1/entries?page=0", {}, "nl"),
        ("/v1/entries?page=0", {"Accept-Language": "en"}, "en"),
        ("/v1/entries?page=0", {"Accept-Language": "en-GB,nl;q=0.5"}, "en"),
        ("/v1/entries?page=0", {"Accept-Language": "de"}, "nl"),
        ("/v1/entries?page=0", {"Accept-Language": ";;;q=x"}, "nl"),
        ("/v1/entries?page=0&lang=nl", {"Accept-Language": "en"}, "nl"),
        ("/v1/entries?page=0&lang=en", {"Accept-Language": "nl"}, "en"),
        ("/v1/bestaat-niet?lang=en", {}, "en"),
        ("/v1/bestaat-niet", {"Accept-Language": "en"}, "en"),
    ],
)
def test_a_problem_speaks_the_language_of_the_caller(
    client: FlaskClient, path: str, headers: Mapping[str, str], language: str
) -> None:
    problem = client.get(path, headers=dict(headers)).get_json()
    kind = next(kind for kind in KINDS if kind.status == problem["status"])
    assert problem["title"] == kind.title.in_language(language)


def test_a_body_may_name_its_language(client: FlaskClient) -> None:
    assert client.post("/v1/entries/_search", json={"lang": "en", "page": 0}).get_json()["title"] == "Invalid request"
    assert client.post("/v1/entries/_search", json={"lang": "en"}).get_json()["items"][0]["kind"]["label"]


def test_every_kind_of_problem_has_its_words_in_both_languages_and_its_place_in_the_docs(client: FlaskClient) -> None:
    page = client.get("/v1/docs").get_data(as_text=True)
    for kind in KINDS:
        assert kind.title.nl
        assert kind.title.en != kind.title.nl
        assert kind.detail.en != kind.detail.nl
        assert f'id="fout-{kind.code}"' in page


@pytest.mark.parametrize(("error", "status"), STATUS_OF)
def test_every_error_of_the_domain_has_one_status(site: Site, error: type[errors.KennisError], status: int) -> None:
    app = site.app()

    def fail() -> str:
        if error is errors.BadSetup:
            raise errors.BadSetup("/geheim/pad", "/secret/path")
        if error is errors.TooManyTries:
            raise errors.TooManyTries(7)
        if error is errors.LoginUnavailable:
            raise errors.LoginUnavailable()
        raise error([]) if error is errors.Invalid else error(Text("Nee.", "No."))

    app.add_url_rule("/v1/fout", "fout", fail)
    app.extensions[POLICIES]["fout"] = PUBLIC_READ
    response = app.test_client().get("/v1/fout")
    assert response.status_code == status
    assert response.get_json()["status"] == status
    assert b"geheim" not in response.data


@pytest.mark.req("V36")
def test_an_unexpected_error_tells_nothing_outside_and_no_words_in_the_log(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    app = site.app()

    def fail() -> str:
        raise ValueError("\n".join(request.args.getlist("q")))

    app.add_url_rule("/v1/fout", "fout", fail)
    app.extensions[POLICIES]["fout"] = PUBLIC_READ
    response = app.test_client().get("/v1/fout?q=mijn+man+heet+Jan&q=forged")
    written = [logs.formatter("production").format(record) for record in caplog.records]
    assert response.status_code == 500
    assert response.content_type == "application/problem+json"
    assert set(response.get_json()) == {"type", "title", "status", "detail", "instance"}
    assert b"Jan" not in response.data
    (told,) = map(json.loads, written)
    assert (told["event"], told["endpoint"], told["error"]) == ("failed", "fout", "ValueError")
    assert told["where"].startswith("test_refusals.py:")
    assert told["request"] == response.headers["X-Request-Id"]
    assert "Jan" not in caplog.text + written[0]
    assert "forged" not in caplog.text + written[0]


def test_an_answer_that_cannot_be_given_in_the_wanted_form_is_406(
    client: FlaskClient, paths: Mapping[str, str]
) -> None:
    for path in paths.values():
        if path.endswith("_search"):
            response = client.post(path, json={}, headers={"Accept": "image/png"})
        else:
            response = client.get(path, headers={"Accept": "image/png"})
        assert response.status_code == 406, path
        assert response.content_type == "application/problem+json"


def test_the_api_ignores_cookies(client: FlaskClient) -> None:
    plain = client.get("/v1/entries")
    client.set_cookie("lang", "en")
    client.set_cookie("session", "x")
    assert client.get("/v1/entries").data == plain.data


def test_without_a_database_the_way_out_stays_inside(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("empty")
    app: Flask = create_app(Config.from_env({"KENNIS_DATA_DIR": str(folder)}))
    client = app.test_client()
    assert client.get(f"{PREFIX}/health/live").status_code == 200
    for path in ("/v1/health/ready", "/v1/entries", f"/v1/lessons/{NOBODY}"):
        response = client.get(path)
        assert response.status_code == 503, path
        assert response.content_type == "application/problem+json"
        assert str(folder) not in response.get_data(as_text=True)
