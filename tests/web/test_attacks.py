"""Hostile text, hostile questions, and the headers that hold when all else fails (safety.md section 6)."""

import ast
import time

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kennis.web import markup
from tests.source import modules
from tests.timing import within
from tests.web import places
from tests.web.conftest import Site
from tests.web.corpus import ATTACK
from tests.web.dom import parse

QUESTIONS = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "{% raw %}", "${7*7}", "' OR 1=1 --",
    "(", '"', "/.*/", "a OR *", "topic:*", "\\", "\x00", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "* " * 250, "-", '""', "a" * 501, "é" * 600, "\u202e\u200b", "🦋" * 300, "%", "_", "(((((", "title:(a AND", "~1",
]  # fmt: skip


@pytest.mark.req("V01")
@pytest.mark.parametrize("kind", places.BAD)
def test_hostile_text_is_text_on_its_page(site: Site, kind: str) -> None:
    page = site.get(places.BAD[kind])
    assert page.all("script") == page.all("iframe") == page.all("style") == []
    assert [i.attributes["src"] for i in page.all("img") if not i.attributes["src"].startswith("/static/")] == []
    assert [n.tag for n in page.walk() if any(name.startswith("on") for name in n.attributes)] == []
    links = [a.attributes.get("href", "") for a in page.all("a")]
    assert [link for link in links if link.lower().startswith(("javascript", "data", "vbscript"))] == []
    assert "<script>alert(1)</script>" in page.one("main").text
    assert len(page.all("title")) == 1


@pytest.mark.req("V01")
def test_hostile_text_is_text_in_results(site: Site) -> None:
    page = site.get("/?q=script+alert")
    assert "<script>" in page.one("ol").text
    assert page.all("script") == []
    assert len(page.all("mark")) > 0


@pytest.mark.req("V06")
@pytest.mark.parametrize("kind", places.BAD)
def test_a_template_in_a_text_stays_as_typed(site: Site, kind: str) -> None:
    assert "{{7*7}}" in site.get(places.BAD[kind]).one("main").text


@pytest.mark.req("V06")
def test_no_template_is_made_from_a_string() -> None:
    web = {name: tree for name, tree in modules().items() if name.startswith("kennis.web")}
    nodes = [node for tree in web.values() for node in ast.walk(tree)]
    called = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    called |= {node.id for node in nodes if isinstance(node, ast.Name)}
    assert called & {"render_template_string", "from_string", "Template"} == set()


@pytest.mark.req("V03", "V01", "V02")
@pytest.mark.parametrize("words", QUESTIONS)
def test_any_words_give_a_page_that_shows_them_as_typed(client: FlaskClient, words: str) -> None:
    def pages() -> tuple[TestResponse, ...]:
        return client.get("/", query_string={"q": words}), client.post("/", data={"q": words})

    for answer in within(2, pages, time.perf_counter):
        assert answer.status_code == 200
        page = parse(answer.text)
        assert page.all("script") == []
        assert len(page.all("img")) == 1
        assert len(page.one("input", id="q").attributes["value"]) <= 500


@pytest.mark.req("V02", "V03")
@pytest.mark.parametrize("facet", ["topic", "kind", "organisation", "region", "evidenceBand"])
@pytest.mark.parametrize("value", ["' OR 1=1 --", '"', "*", "a\\b", "", "x" * 10_000, "\x00", "[a TO z]"])
def test_an_unknown_value_of_a_filter_is_left_out(client: FlaskClient, facet: str, value: str) -> None:
    everything = parse(client.get("/?sort=title").text).one("p", role="status").text
    answer = client.get("/", query_string={facet: value, "sort": "title"})
    assert answer.status_code == 200
    assert parse(answer.text).one("p", role="status").text == everything


@pytest.mark.req("V03")
@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=99999999999999", "page=٣", "page=1e9", "sort=x", "zz=1",
                                   "updatedSince=morgen", "updatedSince=2026-13-40", "includeExpired=misschien",
                                   "page=1&page=2", "q=a&q=b", "&&=&=&", "page=500"])  # fmt: skip
def test_an_odd_parameter_gives_a_page(client: FlaskClient, query: str) -> None:
    assert client.get(f"/?{query}").status_code == 200


@pytest.mark.req("V04")
@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("<b onclick=x>a</b>", "<b "),
        ("[a](javascript:alert(1))", 'href="javascript'),
        ("[a](JaVaScRiPt:alert(1))", "href"),
        ("[a](data:text/html;base64,xx)", "href"),
        ("<javascript:alert(1)>", "href"),
        ("![a](https://elders.example/x.png)", "<img"),
        ('[a](https://b.example "onmouseover=alert(1)")', "title"),
        ('<https://b.example/"onmouseover=alert(1)>', " onmouseover"),
        ("`<script>`", "<script"),
        ("```html\n<script>\n```", "<script"),
        ("[a]: javascript:alert(1)\n\n[a]", "href"),
        ("<svg/onload=alert(1)>", "<svg"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script"),
        ("<style>*{}</style>", "<style"),
        ("# een\n\n###### zes", "<h1"),
    ],
)
def test_markdown_gives_only_what_the_closed_list_holds(text: str, forbidden: str) -> None:
    made = str(markup.from_markdown(text))
    assert forbidden not in made
    assert {node.tag for node in parse(made).walk()} - {"#document"} <= markup.ELEMENTS


def test_links_of_a_text_tell_nobody_where_the_reader_was() -> None:
    assert 'rel="noreferrer nofollow"' in str(markup.from_markdown("[a](https://b.example)"))


@pytest.mark.req("V01")
def test_highlights_keep_nothing_but_marks() -> None:
    made = markup.from_highlights(["<mark>a</mark> &lt;b&gt; <b onclick=x>c</b><script>d</script>"])
    assert made == "<mark>a</mark> &lt;b&gt; c"


@pytest.mark.req("V16", "V17", "V12", "X7")
@pytest.mark.parametrize("path", [*places.ALL, "/weg", "/robots.txt", "/static/kennis.css"])
def test_headers_of_every_answer(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert {v for k, v in policy.items() if k in ("style-src", "img-src", "form-action")} == {"'self'"}
    assert "script-src" not in policy
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in headers
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("path", places.OK)
def test_a_page_that_did_not_change_is_not_sent_again(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data


def test_pages_of_other_words_have_other_tags(client: FlaskClient) -> None:
    tags = {client.get(path).headers["ETag"] for path in ("/", "/?q=a", "/?q=b", "/?kind=lesson", "/?page=2")}
    assert len(tags) == 5


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/", "/weg", places.GOOD["lesson"]])
def test_other_methods_are_refused_in_words(client: FlaskClient, method: str, path: str) -> None:
    answer = getattr(client, method)(path)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert answer.mimetype == "text/html"


@pytest.mark.req("V22")
def test_a_body_that_is_too_large_is_refused_as_a_page(client: FlaskClient) -> None:
    answer = client.post("/", data={"q": "a" * 2_000_000})
    assert answer.status_code == 413
    assert parse(answer.text).one("h1").text == "Dit kan hier niet"


@pytest.mark.parametrize(("path", "is_json"), [("/onbekend", False), ("/v1/onbekend", True), ("/v1x", False)])
def test_errors_are_pages_outside_the_api_only(client: FlaskClient, path: str, is_json: bool) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert (answer.mimetype == "application/problem+json") is is_json


def test_an_error_page_repeats_nothing_of_the_address(client: FlaskClient) -> None:
    answer = client.get("/lessen/geheime-woorden-hier?q=geheim")
    assert answer.status_code == 404
    assert "geheim" not in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_attack_holds_what_it_should() -> None:
    assert "onerror" in ATTACK
    assert "{{7*7}}" in ATTACK
