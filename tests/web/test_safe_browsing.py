"""Leaving at once, help on every page, nothing that betrays the reader (safety.md section 2)."""

import re
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kennis.content.kinds import KINDS
from tests.web import corpus, places
from tests.web.conftest import EXIT, Site
from tests.web.dom import parse

# Words that a tab, an address or a history may not show (X5).
TELLING = re.compile(
    r"geweld|slachtoffer|misbruik|mishandel|dader|pleger|slaan|slaat|verkracht|aanrand|stalk|huwelijksdwang|incest"
    r"|femicide|besnijd|opvang|scheid|seks",
    re.IGNORECASE,
)


@pytest.mark.req("X1")
@pytest.mark.parametrize("path", places.ALL)
def test_exit_is_the_first_thing_after_the_skip_link(site: Site, path: str) -> None:
    page = site.get(path, places.ALL[path])
    skip, leave = page.focusable()[:2]
    assert skip.attributes["href"] == "#inhoud"
    assert leave.attributes["href"] == "/weg"
    assert leave.attributes["rel"] == "noreferrer nofollow"


@pytest.mark.req("X2")
def test_exit_goes_to_the_neutral_site_and_clears_what_is_ours(client: FlaskClient) -> None:
    client.set_cookie("__Host-kennis", "1")
    answer = client.get("/weg")
    assert answer.status_code == 303
    assert answer.headers["Location"] == EXIT + "/"
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not answer.data
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-kennis=;")
    assert "Max-Age=0" in cookie
    assert "Path=/" in cookie
    assert "Secure" in cookie


@pytest.mark.req("V19")
@pytest.mark.parametrize(
    "path",
    ["/weg?next=https://kwaad.example", "/weg?url=//kwaad.example", "/weg?to=javascript:alert(1)", "/weg/../weg"],
)
def test_exit_leads_nowhere_else(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers.get("Location", EXIT + "/") == EXIT + "/"


@pytest.mark.req("V19")
@pytest.mark.parametrize(
    "path",
    ["//kwaad.example", "//kwaad.example/%2f..", "/?next=https://kwaad.example", "/lessen//kwaad.example",
     "/%5ckwaad.example", "/lessen/..%2f..%2f%2fkwaad.example", "/verhalen/https:%2f%2fkwaad.example"],
)  # fmt: skip
def test_no_address_redirects_to_another_host(client: FlaskClient, path: str) -> None:
    address, _, query = path.partition("?")
    answer = client.get("/", query_string=query, environ_overrides={"PATH_INFO": unquote(address)})
    assert answer.status_code in (200, 404)
    assert "Location" not in answer.headers


@pytest.mark.req("X5")
@pytest.mark.parametrize("path", places.QUIET)
def test_a_page_about_help_or_a_life_does_not_say_so(site: Site, path: str) -> None:
    page = site.get(path)
    heads = [page.one("title").text, path]
    heads += [node.attributes.get("content", "") for node in page.all("meta")]
    heads += [node.attributes.get("href", "") for node in page.all("link")]
    assert [head for head in heads if TELLING.search(head)] == []


@pytest.mark.req("X5")
def test_the_pages_of_the_seed_about_help_or_a_life_do_not_say_so(site: Site) -> None:
    addresses = []
    for kind in ("story", "help-offer"):
        for page in ("1", "2"):
            found = site.get(f"/?kind={kind}&sort=title&page={page}")
            addresses += [n.one("a").attributes["href"] for n in found.all("h3", class_="kennis-card__title")]
    assert len(addresses) > 10
    titles = {site.get(address).one("title").text for address in addresses}
    assert titles == {"Een ervaringsverhaal | Kennis", "Hulp | Kennis"}
    assert [a for a in addresses if TELLING.search(a)] == []


@pytest.mark.req("X5")
def test_a_search_does_not_put_its_words_in_the_title(site: Site) -> None:
    title = site.get("/?q=geweld+mishandeling").one("title").text
    assert not TELLING.search(title)
    assert "geweld" not in title


@pytest.mark.req("X10")
@pytest.mark.parametrize("path", places.ALL)
def test_help_stands_on_every_page(site: Site, path: str) -> None:
    page = site.get(path, places.ALL[path])
    (area,) = page.all("aside", class_="kennis-help-area")
    assert {a.attributes["href"]: a.text for a in area.all("a")} == {"tel:112": "112", "tel:08002000": "0800-2000"}
    for words in ("Direct gevaar", "Gratis, dag en nacht", "U hoeft uw naam niet te zeggen", "lijst met gesprekken"):
        assert words in area.text


@pytest.mark.req("X10", "T22")
def test_help_comes_first_for_who_asks_for_it(site: Site) -> None:
    main = site.get(places.HELP_ASKED).one("main")
    first = main.one("section", class_="kennis-help--first")
    order = list(main.walk())
    assert order.index(first) < order.index(main.one("section", class_="kennis-found"))
    assert not site.get("/?q=meldcode").all("section", class_="kennis-help--first")


@pytest.mark.req("X11")
def test_robots_stay_away_from_the_exit_and_from_sharing(client: FlaskClient) -> None:
    text = client.get("/robots.txt").text
    assert "Disallow: /weg" in text
    assert "Disallow: /delen" in text


@pytest.mark.req("X7", "V01")
@pytest.mark.parametrize("path", places.ALL)
def test_nothing_comes_from_another_host(site: Site, path: str) -> None:
    page = site.get(path, places.ALL[path])
    loaded = [n.attributes["src"] for n in page.walk() if "src" in n.attributes]
    loaded += [n.attributes["href"] for n in page.all("link")]
    assert loaded
    assert [address for address in loaded if not address.startswith("/static/")] == []
    assert page.all("script") == page.all("iframe") == page.all("object") == page.all("style") == []
    assert [n.tag for n in page.walk() if any(a == "style" or a.startswith("on") for a in n.attributes)] == []


@pytest.mark.req("X7")
def test_the_style_asks_nothing_of_another_host(client: FlaskClient) -> None:
    with client.get("/static/kennis.css") as style, client.get("/static/mark.svg") as picture:
        assert not re.search(r"url\(|@import|https?://", style.text)
        assert "script" not in picture.text


@pytest.mark.req("V31")
def test_a_search_without_traces_leaves_its_words_in_no_address(site: Site, client: FlaskClient) -> None:
    answer = client.post("/", data={"q": "voorbeeld geheim", "topic": "partnergeweld", "sort": "title"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers
    page = parse(answer.text)
    addresses = [n.attributes.get(name, "") for n in page.walk() for name in ("href", "action", "formaction", "src")]
    assert [a for a in addresses if "geheim" in a or "topic=" in a] == []
    assert page.one("form", id="zoeken").attributes["method"] == "post"
    assert page.one("input", id="q").attributes["value"] == "voorbeeld geheim"


@pytest.mark.req("V31")
def test_every_step_of_a_search_without_traces_is_a_button_of_its_form(site: Site) -> None:
    page = site.post(q="les nummer", topic="ouderenmishandeling")
    remove = next(b for b in page.all("button", class_="kennis-chip") if b.attributes["name"] == "zonder")
    assert remove.attributes["form"] == "zoeken"
    assert remove.attributes["value"] == "topic:ouderenmishandeling"
    without = site.post(q="les nummer", topic="ouderenmishandeling", zonder=remove.attributes["value"])
    assert not [b for b in without.all("button", class_="kennis-chip") if b.attributes["name"] == "zonder"]
    turn = next(b for b in page.all("button", class_="kennis-pagination__link") if b.text == "Volgende")
    second = site.post(q="les nummer", topic="ouderenmishandeling", page=turn.attributes["value"])
    assert "Pagina 2 van 2" in second.text


@pytest.mark.req("V31")
def test_the_search_page_offers_searching_without_traces(site: Site) -> None:
    button = next(b for b in site.get("/").all("button") if b.attributes.get("formmethod") == "post")
    assert "zonder sporen" in button.text


def test_a_demonstration_says_so_on_every_page(demo: Flask, site: Site) -> None:
    for path, status in places.ALL.items():
        answer = demo.test_client().get(path)
        assert answer.status_code == status
        assert "Dit is een demonstratie" in answer.text
        assert answer.headers["Kennis-Demo"] == "true"
    assert "demonstratie" not in site.get("/").text


def test_archives_of_the_web_keep_no_story(client: FlaskClient) -> None:
    assert client.get(places.GOOD["story"]).headers["X-Robots-Tag"] == "noarchive"
    assert client.get(places.OWN_STORY).headers["X-Robots-Tag"] == "noindex, noarchive"
    assert "X-Robots-Tag" not in client.get(places.GOOD["lesson"]).headers


def test_every_kind_has_a_page(site: Site) -> None:
    assert set(places.GOOD) == set(KINDS)
    for kind, path in places.GOOD.items():
        assert f"Goed voorbeeld van {kind}" in site.get(path).one("h1").text


def test_a_story_for_our_pages_only_is_found_on_our_pages(site: Site) -> None:
    found = site.get("/?q=alleen+op+onze+eigen+pagina%27s")
    assert corpus.WITHOUT_PARTNERS in str([a.attributes["href"] for a in found.all("a") if "href" in a.attributes])
