"""The search page as a reader uses it: words, filters, orders and pages, all without script."""

import re

import pytest
from flask.testing import FlaskClient

from kennis.content.vocabulary import folded
from tests.web import places
from tests.web.conftest import Site
from tests.web.dom import Node


def titles(page: Node) -> list[str]:
    return [node.text for node in page.all("h3", class_="kennis-card__title")]


def count(page: Node) -> str:
    return page.one("p", role="status").text


@pytest.mark.req("A6")
def test_filters_are_checkboxes_in_a_fieldset_with_a_legend(site: Site) -> None:
    page = site.get("/")
    boxes = page.all("input", type="checkbox")
    assert len(boxes) > 40
    labels = {label.attributes["for"] for label in page.all("label")}
    for box in boxes:
        fieldset = box.parent
        while fieldset is not None and fieldset.tag != "fieldset":
            fieldset = fieldset.parent
        assert fieldset is not None
        assert fieldset.all("legend")
        assert box.attributes["id"] in labels
        assert box.attributes["form"] == "zoeken"
    ids = [n.attributes["id"] for n in page.walk() if "id" in n.attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.req("A6", "A12")
def test_the_number_of_results_is_a_status_in_dutch_figures(site: Site) -> None:
    assert count(site.get("/")).endswith(" resultaten")
    assert count(site.get(places.EMPTY)) == "Geen resultaten"
    assert count(site.get("/?q=%22zwaar+verhaal%22")) == "1 resultaat"


def test_choosing_a_value_gives_what_its_count_said(site: Site) -> None:
    page = site.get("/?kind=lesson")
    for label in page.all("label", class_="kennis-checkbox__label")[:25]:
        box = page.one("input", id=label.attributes["for"])
        if "checked" not in box.attributes and box.attributes["name"] != "kind":
            said = label.one("span").text.strip("()")
            found = site.get(f"/?kind=lesson&{box.attributes['name']}={box.attributes['value']}")
            assert count(found).split()[0] == said


def test_topics_are_a_tree(site: Site) -> None:
    page = site.get("/?topic=partnergeweld.stalking")
    child = page.one("input", id="topic-partnergeweld.stalking")
    assert "checked" in child.attributes
    above: list[Node] = []
    node = child.parent
    while node is not None:
        above.append(node)
        node = node.parent
    inner = next(n for n in above if n.tag == "details")
    assert "open" in inner.attributes
    assert "Partnergeweld" in inner.one("summary").text


def test_audiences_stand_in_three_groups(site: Site) -> None:
    page = site.get("/")
    legends = [n.text for n in page.all("legend", class_="kennis-fieldset__legend")]
    assert legends == ["Professionals", "Vrijwilligers en gemeenschap", "Voor mij"]


def test_a_chosen_filter_is_shown_and_can_be_taken_away(site: Site) -> None:
    page = site.get("/?q=voorbeeld&topic=partnergeweld&kind=story")
    chips = page.all("a", class_="kennis-chip")
    assert {chip.text for chip in chips} == {
        "Haal weg: Soort: Ervaringsverhaal ×", "Haal weg: Onderwerp: Partnergeweld ×"
    }  # fmt: skip
    topic = next(chip for chip in chips if "Onderwerp" in chip.text)
    assert topic.attributes["href"] == "/?q=voorbeeld&kind=story"


def test_a_filter_that_the_words_name_is_offered_and_not_applied(site: Site) -> None:
    page = site.get("/?q=training+voor+leraren")
    offered = page.all("a", class_="kennis-chip--add")
    assert any("audience=onderwijs" in chip.attributes["href"] for chip in offered)
    assert "audience" not in str([i.attributes for i in page.all("input") if "checked" in i.attributes])


def test_a_mistake_in_spelling_gets_a_suggestion(site: Site) -> None:
    page = site.get("/?q=meldcoode")
    assert any("Bedoelt u" in n.text for n in page.all("p", class_="kennis-notice"))


@pytest.mark.req("T2")
def test_what_was_read_differently_is_said(site: Site) -> None:
    assert any(
        "huiselijk geweld" in n.text for n in site.get("/?q=huishoudelijk+geweld").all("p", class_="kennis-notice")
    )


def test_pages_follow_each_other(site: Site) -> None:
    first = site.get("/?topic=ouderenmishandeling&kind=lesson&sort=title")
    following = next(a for a in first.all("a", class_="kennis-pagination__link") if a.text == "Volgende")
    second = site.get(following.attributes["href"])
    assert len(titles(first)) == 20
    assert titles(second)
    assert not set(titles(first)) & set(titles(second))
    assert second.one("span", aria_current="page").text == "Pagina 2"
    assert first.one("title").text != second.one("title").text


@pytest.mark.parametrize("number", ["3", "999", "1000", "9" * 5000])
def test_a_page_behind_the_last_one_leads_to_those_that_there_are(site: Site, number: str) -> None:
    path = "/?topic=ouderenmishandeling&kind=lesson"
    page = site.get(f"{path}&page={number}")
    assert page.one("title").text == "Zoeken: deze pagina is er niet | Kennis"
    found = page.one("section", class_="kennis-found")
    assert "Deze pagina is er niet." in found.text
    assert not re.search(r"vonden wij niets|Pagina \d+ van", found.text)
    first, last = found.one("div", class_="kennis-empty").all("a")
    assert len(titles(site.get(first.attributes["href"]))) == 20
    assert site.get(last.attributes["href"]).one("span", aria_current="page").text == "Pagina 2"
    assert last.text == "Naar de laatste pagina (2)"


def test_a_page_behind_the_last_one_of_a_search_without_traces_too(site: Site) -> None:
    found = site.post(q="les nummer", page="9").one("section", class_="kennis-found")
    first, last = found.one("div", class_="kennis-empty").all("button")
    assert (first.attributes["name"], first.attributes["value"]) == ("page", "1")
    assert titles(site.post(q="les nummer", page=last.attributes["value"]))


def test_behind_the_only_page_or_an_empty_one_nothing_is_called_the_last(site: Site) -> None:
    (only,) = site.get("/?q=%22zwaar+verhaal%22&page=9").one("div", class_="kennis-empty").all("a")
    assert only.text == "Naar de eerste pagina"
    empty = site.get(places.EMPTY + "&page=9")
    assert empty.one("title").text == "Zoeken: pagina 1 van 1 | Kennis"
    assert "Hierover vonden wij niets" in empty.one("main").text


def test_the_order_can_be_chosen(site: Site) -> None:
    shown = [
        folded(title).removeprefix("de ").removeprefix("het ") for title in titles(site.get("/?sort=title&kind=lesson"))
    ]
    without_articles = [title.removeprefix("een ") for title in shown]
    assert without_articles == sorted(without_articles)
    chosen = [
        o for o in site.get("/?sort=evidence").one("select", id="sort").all("option") if "selected" in o.attributes
    ]
    assert [o.text for o in chosen] == ["Sterkste bewijs eerst"]


def test_relevance_is_no_choice_without_words(site: Site) -> None:
    assert "Beste resultaat" not in site.get("/").one("select", id="sort").text
    assert "Beste resultaat" in site.get("/?q=voorbeeld").one("select", id="sort").text


def test_a_region_leads_to_what_is_there_for_the_whole_country(site: Site) -> None:
    page = site.get("/?region=nl-nh")
    link = next(a for a in page.all("a") if "landelijk aanbod" in a.text)
    assert link.attributes["href"] == "/?region=nl-nh&region=nl"
    assert "landelijk aanbod" not in site.get(link.attributes["href"]).text


def test_recognition_and_outcome_are_told_in_words(site: Site) -> None:
    page = site.get("/?q=%22vroegere+aanpak%22")
    (card,) = page.all("article", class_="kennis-card")
    assert "Goed onderbouwd (september 2016). Termijn verstreken in 2021: vraag de huidige stand na" in card.text
    other = site.get("/?q=%22goed+voorbeeld+van+method%22").all("article", class_="kennis-card")[0]
    assert "Uitkomst van onderzoek Geen effect gevonden" in other.text


def test_an_invented_story_is_called_so(site: Site) -> None:
    stories = site.get("/?kind=story").all("article", class_="kennis-card")
    assert stories
    assert all("Voorbeeldverhaal (verzonnen)" in card.text for card in stories)


def test_too_many_words_are_cut(client: FlaskClient, site: Site) -> None:
    page = site.get("/?q=" + "a" * 501)
    assert page.one("input", id="q").attributes["value"] == "a" * 500


def form_text(page: Node) -> str:
    return page.one("form", id="zoeken").text


@pytest.mark.req("V31")
def test_a_search_whose_words_are_in_the_history_already_says_so(site: Site) -> None:
    for path in ("/?q=geheim", "/?topic=partnergeweld"):
        assert "staat al in de geschiedenis van uw browser" in form_text(site.get(path))
    assert "geschiedenis" not in form_text(site.get("/"))


@pytest.mark.req("V31")
def test_a_search_without_traces_says_what_can_still_be_seen(site: Site) -> None:
    text = form_text(site.post(q="geheim"))
    assert "niet in de adresbalk en niet in de lijst van bezochte pagina's" in text
    assert "Zocht u eerder op de gewone manier? Dat staat er nog wel." in text
    assert "Sluit dit tabblad als u klaar bent. Anders kan iemand op dit apparaat teruggaan" in text
    assert "geschiedenis" not in text


@pytest.mark.req("A7")
def test_every_control_belongs_to_the_one_form(site: Site) -> None:
    page = site.get("/?q=voorbeeld")
    form = page.one("form", id="zoeken")
    inside = set(map(id, form.walk()))
    for control in (*page.all("input"), *page.all("select"), *page.all("button")):
        assert id(control) in inside or control.attributes.get("form") == "zoeken"
    assert any(b.text == "Toon resultaten" for b in page.all("button", type="submit"))


def test_the_browser_is_asked_to_keep_no_words(site: Site) -> None:
    page = site.get("/")
    assert page.one("form", id="zoeken").attributes["autocomplete"] == "off"
    assert page.one("input", id="q").attributes["spellcheck"] == "false"
