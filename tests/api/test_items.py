"""One entry by its id, what belongs to it, its versions, comparison, gaps, suggestions and lists around it."""

from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient

from kennis.content.kinds import KINDS
from kennis.content.vocabulary import vocabularies


def test_an_item_is_the_full_entry_of_its_kind(client: FlaskClient, ids: Mapping[str, str]) -> None:
    for kind in KINDS.values():
        item = client.get(f"/v1/{kind.collection}/{ids[kind.code]}").get_json()
        assert (item["id"], item["kind"], item["status"]) == (ids[kind.code], kind.code, "published")
        assert item["links"]["self"].endswith(f"/v1/{kind.collection}/{item['id']}")
        assert ("help" in item) == kind.shows_help
        assert item["licence"]
        assert item["labels"]["licence"]


@pytest.mark.parametrize("version", ["0", "99", str(2**31), str(2**63), "9" * 5000, "-1", "1.0"])
def test_a_version_that_cannot_be_is_not_found(client: FlaskClient, ids: Mapping[str, str], version: str) -> None:
    assert client.get(f"/v1/methods/{ids['method']}/revisions/{version}").status_code == 404


def test_an_item_answers_under_its_own_kind_only(client: FlaskClient, ids: Mapping[str, str]) -> None:
    assert client.get(f"/v1/methods/{ids['intervention']}").status_code == 404
    assert client.get(f"/v1/interventions/{ids['intervention'].upper()}").status_code == 200


def test_the_etag_of_an_item_names_write_rendering_language_and_form(
    client: FlaskClient, ids: Mapping[str, str]
) -> None:
    path = f"/v1/methods/{ids['method']}"
    tags = [
        client.get(path).headers["ETag"],
        client.get(path, headers={"Accept-Language": "en"}).headers["ETag"],
        client.get(path, headers={"Accept": "application/ld+json"}).headers["ETag"],
    ]
    row, rendering, *_ = tags[0].strip('"').split("-")
    assert tags[0].endswith('-nl-json"')
    assert tags[1].endswith('-en-json"')
    assert tags[2].endswith('-nl-ld"')
    assert {tag.strip('"').split("-")[0] for tag in tags} == {row}
    assert int(rendering) > 0
    assert client.get(path, headers={"If-None-Match": tags[0]}).status_code == 304
    assert client.get(path + "?lang=en", headers={"If-None-Match": tags[0]}).status_code == 200


def test_an_item_as_linked_data(client: FlaskClient, ids: Mapping[str, str]) -> None:
    response = client.get(f"/v1/trainings/{ids['training']}", headers={"Accept": "application/ld+json"})
    assert response.content_type == "application/ld+json"
    assert response.get_json(force=True)["@type"] == "Course"
    assert response.get_json(force=True)["@id"].endswith(ids["training"])


def test_related_entries_come_in_three_lists(client: FlaskClient) -> None:
    with_relations = [
        answer
        for item in client.get("/v1/lessons?pageSize=100").get_json()["items"]
        if (answer := client.get(f"/v1/lessons/{item['id']}/related").get_json())["stored"]
    ]
    answer = with_relations[0]
    assert set(answer) == {"stored", "inverse", "similar", "help", "links"}
    relation = answer["stored"][0]
    other = relation["entry"]
    back = client.get(f"{other['links']['self'].removeprefix('http://127.0.0.1:8000')}/related").get_json()
    mine = answer["links"]["self"].split("/")[-2]
    assert mine in [r["entry"]["id"] for r in back["inverse"]]
    inverse = vocabularies()["relation-kinds"][relation["kind"]["code"]].extra
    found = next(r for r in back["inverse"] if r["entry"]["id"] == mine)
    assert found["kind"] == {"code": inverse["inverse"], "label": inverse["inverseLabels"]["nl"]}


def test_versions_are_listed_and_read(client: FlaskClient, ids: Mapping[str, str]) -> None:
    base = f"/v1/interventions/{ids['intervention']}"
    listed = client.get(f"{base}/revisions").get_json()["items"]
    assert [one["version"] for one in listed] == [1]
    first = client.get(f"{base}/revisions/1").get_json()
    assert first["title"] == client.get(base).get_json()["title"]
    assert client.get(f"{base}/revisions/2").status_code == 404
    assert client.get(f"{base}/revisions/0").status_code == 404


def test_versions_of_stories_and_help_offers_are_not_for_everybody(client: FlaskClient, ids: Mapping[str, str]) -> None:
    for kind in (kind for kind in KINDS.values() if not kind.has_public_revisions):
        for path in ("revisions", "revisions/1"):
            response = client.get(f"/v1/{kind.collection}/{ids[kind.code]}/{path}")
            assert response.status_code == 401
            assert response.content_type == "application/problem+json"


def test_a_comparison_has_the_same_rows_for_all_in_the_order_of_the_model(
    client: FlaskClient, ids: Mapping[str, str]
) -> None:
    items = client.get("/v1/interventions?pageSize=3").get_json()["items"]
    wanted = [item["id"] for item in items]
    answer = client.get("/v1/comparisons", query_string=[("id", i) for i in wanted]).get_json()
    assert [item["id"] for item in answer["items"]] == wanted
    names = [row["property"] for row in answer["rows"]]
    order = [f.data_key for f in KINDS["intervention"].schema().fields.values()]
    assert names == [name for name in order if name in names]
    assert all(len(row["values"]) == len(wanted) for row in answer["rows"])
    assert all(any(value is not None for value in row["values"]) for row in answer["rows"])
    backwards = client.get("/v1/comparisons", query_string=[("id", i) for i in reversed(wanted)]).get_json()
    assert [item["id"] for item in backwards["items"]] == wanted[::-1]


def test_a_comparison_over_kinds_joins_their_rows_and_speaks_both_languages(
    client: FlaskClient, ids: Mapping[str, str]
) -> None:
    query = [("id", ids["intervention"]), ("id", ids["help-offer"]), ("lang", "en")]
    answer = client.get("/v1/comparisons", query_string=query).get_json()
    labels = {row["property"]: row["label"] for row in answer["rows"]}
    assert labels["targetGroups"] == "Target groups"
    assert {"goal", "channels"} <= set(labels)
    assert answer["help"]


def test_the_gap_map_counts_what_a_search_finds(client: FlaskClient) -> None:
    answer = client.get("/v1/gaps?rows=topic&columns=kind").get_json()
    assert {row["code"] for row in answer["rows"]} == set(vocabularies()["topics"].codes)
    columns = [column["code"] for column in answer["columns"]]
    assert any(0 in row["counts"] for row in answer["rows"])
    row = max(answer["rows"], key=lambda row: row["total"])
    for code, count in zip(columns, row["counts"], strict=True):
        found = client.get("/v1/entries", query_string={"topic": row["code"], "kind": code, "facets": "none"})
        assert found.get_json()["total"] == count


def test_suggestions_lead_to_entries_and_filters(client: FlaskClient) -> None:
    answer = client.get("/v1/suggestions?q=huis&limit=20").get_json()
    assert answer["items"]
    for one in answer["items"]:
        if one["kind"] != "entry":
            found = client.get("/v1/entries", query_string={one["kind"]: one["code"]})
            assert found.get_json()["total"] > 0
    assert len(client.get("/v1/suggestions?q=h&limit=1").get_json()["items"]) <= 1


def test_a_vocabulary_counts_what_a_filter_finds(client: FlaskClient) -> None:
    terms = client.get("/v1/vocabularies/topics").get_json()["terms"]
    assert [term["code"] for term in terms] == list(vocabularies()["topics"].codes)
    for term in terms[:10]:
        found = client.get("/v1/entries", query_string={"topic": term["code"], "facets": "none"}).get_json()["total"]
        assert term["count"] == found
    forms = client.get("/v1/vocabularies/intervention-kinds").get_json()["terms"]
    assert sum(term["count"] for term in forms) == client.get("/v1/interventions").get_json()["total"]
    assert client.get("/v1/vocabularies/licences").get_json()["terms"][0]["count"] is None


@pytest.mark.req("T5")
def test_hidden_labels_are_served_in_no_form(client: FlaskClient) -> None:
    hidden = [word for listed in vocabularies().values() for term in listed for word in term.hidden]
    assert "narcist" in hidden
    for form in ("application/json", "application/ld+json", "text/turtle"):
        for name in vocabularies():
            served = client.get(f"/v1/vocabularies/{name}", headers={"Accept": form}).get_data(as_text=True)
            assert not [word for word in hidden if f'"{word}"' in served]


@pytest.mark.parametrize("form", ["application/ld+json", "text/turtle"])
def test_a_vocabulary_as_skos(client: FlaskClient, form: str) -> None:
    response = client.get("/v1/vocabularies/topics", headers={"Accept": form})
    assert response.mimetype == form
    served = response.get_data(as_text=True)
    assert "http://www.w3.org/2004/02/skos/core#" in served
    assert "http://127.0.0.1:8000/v1/vocabularies/topics/partnergeweld.stalking" in served
    one = client.get("/v1/vocabularies/topics/partnergeweld.stalking", headers={"Accept": form}).get_data(as_text=True)
    assert "Stalking" in one
    assert "femicide" not in one


def test_the_best_form_by_accept_wins(client: FlaskClient) -> None:
    path = "/v1/vocabularies/topics"
    assert client.get(path, headers={"Accept": "*/*"}).mimetype == "application/json"
    assert client.get(path, headers={"Accept": "text/turtle, application/json;q=0.5"}).mimetype == "text/turtle"
    assert client.get(path, headers={"Accept": "text/html, */*;q=0.1"}).mimetype == "application/json"
    assert client.get(path, headers={"Accept": "application/*"}).mimetype == "application/json"
    assert client.get(path, headers={"Accept": "application/json; charset=utf-8"}).mimetype == "application/json"
    with_profile = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"; q=0.9, text/html'
    assert client.get(path, headers={"Accept": with_profile}).mimetype == "application/ld+json"
    with_charset = "application/json;q=0.5, text/turtle;charset=utf-8"
    assert client.get(path, headers={"Accept": with_charset}).mimetype == "text/turtle"
    assert client.get(path, headers={"Accept": "text/html;charset=utf-8"}).status_code == 406


@pytest.mark.parametrize("accept", ["", " ", ","])
def test_an_empty_accept_is_no_wish(client: FlaskClient, accept: str) -> None:
    for path in ("/v1/entries?pageSize=1", "/v1/vocabularies/kinds", "/v1/docs"):
        assert client.get(path, headers={"Accept": accept}).status_code == 200, path


def test_organisations_are_found_by_every_name(client: FlaskClient) -> None:
    every = client.get("/v1/organisations?pageSize=100").get_json()
    former = next(o for o in every["items"] if o.get("formerNames"))
    name = former["formerNames"][0]["name"].upper()
    found = client.get("/v1/organisations", query_string={"q": name}).get_json()["items"]
    assert former["id"] in [one["id"] for one in found]
    assert client.get(f"/v1/organisations/{former['id']}").get_json() == former
    names = [one["name"] for one in every["items"]]
    assert len(names) == every["total"] or len(names) == 100


def test_health(client: FlaskClient) -> None:
    assert client.get("/v1/health/live").get_json() == {"status": "live"}
    ready = client.get("/v1/health/ready").get_json()
    assert (ready["status"], ready["engine"], ready["outboxLag"]) == ("ready", "embedded", 0)
    assert "tantivy" not in str(ready)
