"""No text, however odd, gives a 5xx, and no filter is taken for a query of any kind."""

import json
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from kennis.content.kinds import KINDS
from kennis.search.find import SORTS
from kennis.search.mapping import mapping
from tests.timing import within

INJECTIONS = [
    "(", ")", '"', "'", "\\", "/.*/", "a OR *", "a AND NOT b", "*:*", "kind:story", "title:[a TO z]", "-", "--", "- -",
    "'; DROP TABLE entries; --", "' OR 1=1 --", '{"match_all": {}}', "{{7*7}}", "${7*7}", "<script>alert(1)</script>",
    "\x00", "a\x00b", "\ufeff", "\u202e",
    "\U0001f469\u200d\U0001f467", "é" * 500, "* " * 250, "((((" * 100, '"' * 499, "%", "%%",
    "%00", "&amp;", "a" * 500, "~" * 100, "a^100", "a~2", "+-&|!(){}[]^\"~*?:\\", "ﬀ", "İ", "ß", "\t\n\r", "    ",
]  # fmt: skip


@pytest.mark.req("V02", "V03", "V06")
@pytest.mark.parametrize("text", INJECTIONS)
def test_a_question_is_only_words(client: FlaskClient, text: str) -> None:
    def answers() -> tuple[TestResponse, ...]:
        return (
            client.get("/v1/entries", query_string={"q": text, "highlight": "true"}),
            client.post("/v1/entries/_search", json={"q": text}),
            client.get("/v1/gaps", query_string={"q": text, "rows": "targetGroup"}),
        )

    for response in within(3, answers, time.perf_counter):
        assert response.status_code == 200, response.get_json()
        assert "49" not in response.get_json()["links"]["self"] or "7*7" not in text
    assert client.get("/v1/suggestions", query_string={"q": text}).status_code in (200, 400)
    assert client.get("/v1/organisations", query_string={"q": text}).status_code == 200


@pytest.mark.req("V02", "V08")
@pytest.mark.parametrize("name", [*mapping().facets, "sort", "fields", "facets", "updatedSince", "lang"])
def test_a_filter_takes_its_codes_and_nothing_else(client: FlaskClient, name: str) -> None:
    for text in INJECTIONS:
        response = client.get("/v1/entries", query_string={name: text})
        if name == "organisation" and len(text.strip()) >= 3 and len(text) <= 120:
            assert response.status_code == 200
            assert response.get_json()["total"] == 0
        else:
            assert response.status_code == 400, text
            assert text not in response.get_json()["errors"][0]["detail"] or len(text) < 3


@pytest.mark.req("V02")
@pytest.mark.parametrize("text", INJECTIONS)
def test_a_path_takes_ids_and_codes_and_nothing_else(client: FlaskClient, text: str) -> None:
    from urllib.parse import quote

    segment = quote(text, safe="")
    for kind in KINDS.values():
        assert client.get(f"/v1/{kind.collection}/{segment}").status_code == 404
    assert client.get(f"/v1/vocabularies/{segment}").status_code == 404
    assert client.get(f"/v1/vocabularies/topics/{segment}").status_code == 404
    assert client.get(f"/v1/{segment}").status_code == 404


anything = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
names = st.sampled_from(
    [*mapping().facets, "q", "sort", "page", "pageSize", "facets", "fields", "lang", "highlight", "updatedSince", "x"]
)
codes = st.sampled_from(
    ["lesson", "partnergeweld", "1", "20", "true", "nl", "title", "none", "full", "2026-01-01", "5"]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(names | anything, codes | anything), max_size=6))
def test_any_parameters_give_an_answer_or_say_what_is_wrong(app: Flask, pairs: list[tuple[str, str]]) -> None:
    response = app.test_client().get("/v1/entries", query_string=pairs)
    assert response.status_code in (200, 400)
    if response.status_code == 400:
        problem = response.get_json()
        assert {e["parameter"] for e in problem["errors"]} <= {name for name, _ in pairs}
    else:
        again = app.test_client().get(response.get_json()["links"]["self"].removeprefix("http://127.0.0.1:8000"))
        assert again.headers["ETag"] == response.headers["ETag"]


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80))
def test_any_words_are_answered_and_their_highlights_are_safe(app: Flask, text: str) -> None:
    words = text.encode("utf-8", "replace").decode()
    answer = app.test_client().get("/v1/entries", query_string={"q": words, "highlight": "true"}).get_json()
    for item in answer["items"]:
        for snippets in item.get("highlights", {}).values():
            for snippet in snippets:
                bare = snippet.replace("<mark>", "").replace("</mark>", "")
                assert "<" not in bare
                assert ">" not in bare


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | anything,
        lambda below: st.lists(below, max_size=3) | st.dictionaries(names | anything, below, max_size=4),
        max_leaves=8,
    )
)
def test_any_body_gives_an_answer_or_says_what_is_wrong(app: Flask, body: object) -> None:
    sent = json.dumps(body)
    response = app.test_client().post("/v1/entries/_search", data=sent, content_type="application/json")
    assert response.status_code in (200, 400)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chosen=st.dictionaries(
        st.sampled_from([n for n, f in mapping().facets.items() if f.vocabularies]), st.integers(0, 500), max_size=4
    ),
    sort=st.sampled_from([None, "relevance", *SORTS]),
    expired=st.sampled_from([None, "true", "false"]),
    page=st.integers(1, 100),
)
def test_any_choice_of_filters_is_answered(
    app: Flask, chosen: dict[str, int], sort: str | None, expired: str | None, page: int
) -> None:
    from kennis.content.vocabulary import vocabularies

    query = [("page", str(page))]
    for name, number in chosen.items():
        listed = [code for v in mapping().facets[name].vocabularies for code in vocabularies()[v].codes]
        query.append((name, listed[number % len(listed)]))
    query += [("sort", sort)] if sort else []
    query += [("includeExpired", expired)] if expired else []
    response = app.test_client().get("/v1/entries", query_string=query)
    assert response.status_code == 200
    answer = response.get_json()
    for name, value in query:
        if name in answer["facets"]:
            assert [v["code"] for v in answer["facets"][name]["values"] if v["selected"]] == [value]


@pytest.mark.parametrize(
    "raw", ["q=%ff%fe", "q=%c3%28", "q=%ed%a0%80", "q", "&&&", "=", "q=%", "q=%zz", ";q=1", "%00=1", "q=a&q", "[]=1"]
)
def test_a_broken_query_string_is_no_failure(client: FlaskClient, raw: str) -> None:
    assert client.get(f"/v1/entries?{raw}").status_code in (200, 400)


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "bogus"}, {"Accept": ";;;"}, {"Accept": "*"}, {"Accept-Language": "\xff"},
        {"If-None-Match": 'W/"' + "x" * 3000 + '"'}, {"Content-Length": "0"}, {"Content-Type": "text/xml"},
        {"Host": "kwaad.example"}, {"X-Forwarded-Host": "kwaad.example"}, {"Range": "bytes=0-5"},
    ],
)  # fmt: skip
def test_odd_headers_are_no_failure(client: FlaskClient, headers: dict[str, str]) -> None:
    response = client.get("/v1/entries", headers=headers)
    assert response.status_code in (200, 406)
    assert b"kwaad.example" not in response.data
