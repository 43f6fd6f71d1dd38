"""The search traps that a reader meets on the pages: the words we use, old offers, and who asks for help."""

import pytest

from tests.web import corpus, places
from tests.web.conftest import Site
from tests.web.dom import Node


def kinds(page: Node) -> list[str]:
    return [p.text for p in page.all("p", class_="kennis-card__kind")]


@pytest.mark.req("T5")
@pytest.mark.parametrize(
    ("typed", "shown"), [("dader", "pleger"), ("survivor", "slachtoffer"), ("narcist", "dwingende controle")]
)
def test_the_page_uses_our_word_for_what_was_typed(site: Site, typed: str, shown: str) -> None:
    page = site.get(f"/?q={typed}")
    assert shown in page.one("main").text.lower()
    labels = [label.text.lower() for label in page.all("label")]
    assert labels
    assert [label for label in labels if typed in label] == []


@pytest.mark.req("T21")
def test_an_offer_of_half_a_year_ago_warns_above_the_ways_to_reach_it(site: Site) -> None:
    main = site.get(f"/hulp/{corpus.STALE}").one("main")
    (warning,) = main.all("p", class_="kennis-notice--stale")
    assert "Niet gecontroleerd sinds" in warning.text
    assert "Controleer of dit nog klopt" in warning.text
    order = list(main.walk())
    assert order.index(warning) < order.index(main.one("ul", class_="kennis-channels"))
    (card,) = [c for c in site.get("/?q=bekeken+hulp&kind=help-offer").all("article") if "Lang niet bekeken" in c.text]
    assert "Niet gecontroleerd sinds" in card.text


@pytest.mark.req("T21")
def test_an_offer_of_over_a_year_ago_shows_no_number_any_more(site: Site) -> None:
    page = site.get(f"/hulp/{corpus.EXPIRED}")
    assert not page.all("ul", class_="kennis-channels")
    assert "0800-2000" not in page.one("main").text
    assert "Gearchiveerd" in page.one("main").text
    for query in ("q=kwikhulp", "q=kwikhulp&includeExpired=true", "kind=help-offer&sort=checked"):
        assert "kwikhulp" not in site.get(f"/?{query}").one("main").text


@pytest.mark.req("T22")
@pytest.mark.parametrize("query", ["q=mijn+man+slaat+me+wat+moet+ik+doen", "audience=slachtoffer-zelf"])
def test_who_asks_for_themselves_sees_the_help_block_and_then_help_offers(site: Site, query: str) -> None:
    main = site.get(f"/?{query}").one("main")
    order = list(main.walk())
    block = main.one("section", class_="kennis-help--first")
    assert order.index(block) < order.index(main.one("ol", class_="kennis-results"))
    found = kinds(main)
    offers = [kind == "Hulpaanbod" for kind in found]
    assert offers[0]
    assert offers == sorted(offers, reverse=True)


def test_a_help_page_begins_with_how_to_reach_it(site: Site) -> None:
    main = site.get(places.GOOD["help-offer"]).one("main")
    order = list(main.walk())
    assert order.index(main.one("ul", class_="kennis-channels")) < order.index(main.one("p", class_="kennis-lead"))
