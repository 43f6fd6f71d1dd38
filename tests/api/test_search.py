"""Searching through the front: the envelope, paging, languages, and that nothing is searched when nothing changed."""

import re
from urllib.parse import parse_qsl, urlsplit

import orjson
import pytest
from flask.testing import FlaskClient

from kennis.content import reading, shapes
from kennis.content.derived import derive
from kennis.content.kinds import KINDS
from kennis.content.rendering import LANGUAGES
from kennis.search.mapping import mapping
from tests.api.conftest import Site


def test_a_search_answers_with_the_whole_envelope(client: FlaskClient) -> None:
    answer = client.get("/v1/entries?q=geweld").get_json()
    assert list(answer) == [
        "total", "page", "pageSize", "sort", "items", "facets", "understood", "didYouMean", "help", "links",
    ]  # fmt: skip
    assert (answer["page"], answer["pageSize"], answer["sort"]) == (1, 20, "relevance")
    assert len(answer["items"]) == min(20, answer["total"])
    assert list(answer["facets"]) == [n for n, facet in mapping().facets.items() if facet.is_default]
    assert answer["links"]["self"] == "http://127.0.0.1:8000/v1/entries?q=geweld"


def test_a_card_speaks_in_codes_with_labels(client: FlaskClient) -> None:
    card = client.get("/v1/interventions?pageSize=1").get_json()["items"][0]
    assert card["kind"] == {"code": "intervention", "label": "Interventie"}
    assert card["links"]["self"] == f"http://127.0.0.1:8000/v1/interventions/{card['id']}"
    english = client.get("/v1/interventions?pageSize=1&lang=en").get_json()["items"][0]
    assert english["kind"] == {"code": "intervention", "label": "Intervention"}


def test_fields_full_gives_bare_codes(client: FlaskClient) -> None:
    full = client.get("/v1/interventions?pageSize=1&fields=full").get_json()["items"][0]
    assert full["kind"] == "intervention"
    assert full["labels"]["kind"] == "Interventie"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shape", ["card", "full"])
def test_the_joined_bytes_are_what_the_schemas_dump(site: Site, client: FlaskClient, shape: str, language: str) -> None:
    make, today, url = getattr(shapes, f"{shape}_schema"), site.parts.today(), site.config.public_url
    for kind in KINDS.values():
        address = f"/v1/{kind.collection}?pageSize=100&facets=none&fields={shape}&lang={language}"
        response = client.get(address)
        ids = [item["id"] for item in response.get_json()["items"]]
        with site.parts.store.reading() as session:
            views = reading.view(session, ids)
        dumped = [make(v.kind, language).dump(shapes.told(v, derive(v, today), today, url)) for v in views]
        assert b'"items":' + orjson.dumps(dumped) + b',"facets":' in response.data, kind.code
        assert response.data == orjson.dumps(orjson.loads(response.data))


def test_a_collection_holds_one_kind(client: FlaskClient) -> None:
    for kind in KINDS.values():
        answer = client.get(f"/v1/{kind.collection}?pageSize=100").get_json()
        assert {item["kind"]["code"] for item in answer["items"]} == {kind.code}
        assert answer["total"] == client.get(f"/v1/entries?kind={kind.code}").get_json()["total"]


def test_the_links_lead_through_all_pages_and_back(client: FlaskClient) -> None:
    address, seen = "/v1/entries?pageSize=7&sort=title&facets=none", []
    while True:
        response = client.get(address)
        answer = response.get_json()
        seen += [item["id"] for item in answer["items"]]
        told = dict(re.findall(r'<([^>]+)>; rel="(\w+)"', response.headers["Link"]))
        assert {rel: target for target, rel in told.items()} == answer["links"]
        if "prev" in answer["links"]:
            assert f"page={answer['page'] - 1}" in answer["links"]["prev"]
        if "next" not in answer["links"]:
            break
        address = answer["links"]["next"].removeprefix("http://127.0.0.1:8000")
    assert len(seen) == len(set(seen)) == answer["total"]


def test_paging_stops_at_the_window(client: FlaskClient) -> None:
    answer = client.get("/v1/entries?page=100&pageSize=100").get_json()
    assert answer["items"] == []
    assert "next" not in answer["links"]
    assert client.get("/v1/entries?page=501&pageSize=20").status_code == 400


def test_the_order_of_parameters_does_not_matter(client: FlaskClient) -> None:
    one = client.get(
        "/v1/entries?topic=partnergeweld&q=a%20b&topic=kindermishandeling&topic=partnergeweld&facets=topic,audience"
    )
    other = client.get("/v1/entries?facets=audience,topic&topic=kindermishandeling&topic=partnergeweld&q=a+b")
    if one.status_code == 400:
        pytest.fail(str(one.get_json()))
    assert one.headers["ETag"] == other.headers["ETag"]
    assert one.data == other.data


def test_what_is_not_given_is_not_in_the_address(client: FlaskClient) -> None:
    answer = client.get("/v1/entries?includeExpired=false&updatedSince=2020-01-01", headers={"Accept-Language": "en"})
    query = dict(parse_qsl(urlsplit(answer.get_json()["links"]["self"]).query))
    assert query == {"includeExpired": "false", "updatedSince": "2020-01-01"}


def test_nothing_is_searched_when_the_caller_has_it(site: Site) -> None:
    client = site.app(KENNIS_PAGE_CACHE="0").test_client()
    first = client.get("/v1/entries?q=vaders")
    assert first.status_code == 200
    before = site.engine.searches
    again = client.get("/v1/entries?q=vaders", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert "Content-Type" not in again.headers
    assert again.headers["ETag"] == first.headers["ETag"]
    for sent in ("*", f"W/{first.headers['ETag']}", f'"anders", {first.headers["ETag"]}'):
        assert client.get("/v1/entries?q=vaders", headers={"If-None-Match": sent}).status_code == 304
    assert site.engine.searches == before


def test_nothing_is_searched_when_this_process_has_it(site: Site) -> None:
    client = site.app(KENNIS_PAGE_CACHE="2").test_client()
    first = client.get("/v1/entries?q=moeders&facets=none")
    before = site.engine.searches
    assert client.get("/v1/entries?facets=none&q=moeders").data == first.data
    assert site.engine.searches == before
    for words in ("a", "b"):
        client.get(f"/v1/entries?q={words}")
    client.get("/v1/entries?q=moeders&facets=none")
    assert site.engine.searches > before


@pytest.mark.parametrize("sent", ['"anders"', "onzin", "", '"' * 50, "W/"])
def test_another_etag_gets_the_answer(client: FlaskClient, sent: str) -> None:
    assert client.get("/v1/entries", headers={"If-None-Match": sent}).status_code == 200


@pytest.mark.parametrize("other", ["?lang=en", "?q=b", "?fields=full", "?page=2", "?highlight=true", "?facets=none"])
def test_another_question_has_another_etag(client: FlaskClient, other: str) -> None:
    assert client.get("/v1/entries").headers["ETag"] != client.get(f"/v1/entries{other}").headers["ETag"]


def test_a_collection_and_the_same_filter_answer_alike_but_for_their_addresses(client: FlaskClient) -> None:
    collection, filtered = client.get("/v1/lessons").get_json(), client.get("/v1/entries?kind=lesson").get_json()
    assert collection["items"] == filtered["items"]
    assert collection["links"]["self"].endswith("/v1/lessons")
    assert filtered["links"]["self"].endswith("/v1/entries?kind=lesson")


@pytest.mark.req("V31")
def test_a_question_in_the_body_leaves_no_trace_in_addresses(client: FlaskClient) -> None:
    hidden = client.post("/v1/entries/_search", json={"q": "vaders", "topic": ["partnergeweld"], "page": 1})
    shown = client.get("/v1/entries?q=vaders&topic=partnergeweld&page=1")
    assert hidden.status_code == 200
    assert hidden.headers["Cache-Control"] == "private, no-store"
    assert hidden.get_json() | {"links": {}} == shown.get_json() | {"links": {}}
    assert hidden.get_json()["links"] == {"self": "http://127.0.0.1:8000/v1/entries/_search"}
    assert "vaders" not in str(hidden.headers)


def test_a_body_of_a_search_takes_every_parameter(client: FlaskClient) -> None:
    body = {
        "q": "geweld", "kind": ["lesson"], "updatedSince": "2020-01-01", "includeExpired": True, "sort": "title",
        "fields": "full", "facets": ["topic"], "highlight": True, "page": 1, "pageSize": 3, "lang": "en",
    }  # fmt: skip
    answer = client.post("/v1/entries/_search", json=body).get_json()
    assert list(answer["facets"]) == ["topic"]
    assert answer["facets"]["topic"]["label"] == "Topic"
    assert answer["items"][0]["kind"] == "lesson"


def test_highlights_come_when_asked(client: FlaskClient) -> None:
    assert "highlights" not in client.get("/v1/entries?q=vaders").get_json()["items"][0]
    marked = [i for i in client.get("/v1/entries?q=vaders&highlight=true").get_json()["items"] if "highlights" in i]
    assert marked
    assert any("<mark>" in text for item in marked for texts in item["highlights"].values() for text in texts)


def test_help_comes_with_stories_help_offers_and_who_asks_for_it(client: FlaskClient) -> None:
    for address in ("/v1/stories", "/v1/help-offers", "/v1/stories?fields=full", "/v1/entries?kind=help-offer"):
        numbers = [n["number"] for n in client.get(address).get_json()["help"]["numbers"]]
        assert numbers == ["112", "0800-2000"], address
    assert client.get("/v1/entries?q=mijn+man+slaat+mij").get_json()["help"]
    assert client.get("/v1/entries?audience=slachtoffer-zelf&kind=lesson").get_json()["help"]
    assert client.get("/v1/interventions?q=onderzoek").get_json()["help"] is None
    assert "Call 112" in client.get("/v1/stories?lang=en").get_json()["help"]["text"]


def test_a_demonstration_says_so_everywhere(site: Site, make_demo: Site) -> None:
    client = make_demo.app().test_client()
    assert client.get("/v1/entries").get_json()["demo"] is True
    for path in ("/v1/entries", "/v1/bestaat-niet", "/v1/vocabularies", "/v1/health/live", "/"):
        assert client.get(path).headers["Kennis-Demo"] == "true", path
    assert "demo" not in site.app().test_client().get("/v1/entries").get_json()
