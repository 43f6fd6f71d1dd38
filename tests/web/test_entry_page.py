"""One entry: its facts, the three voices beside each other, what became of it (content-model.md 6 and 7)."""

import re

import pytest
from flask.testing import FlaskClient

from tests.web import corpus, places
from tests.web.conftest import Site
from tests.web.corpus import NEXT_YEAR
from tests.web.dom import Node


def block(page: Node, heading: str) -> Node:
    return next(s for s in page.all("section", class_="kennis-voice") if s.all("h3") + s.all("h2") and
                (s.all("h3") + s.all("h2"))[0].text == heading)  # fmt: skip


def test_research_lessons_and_stories_stand_side_by_side(site: Site) -> None:
    page = site.get(places.GOOD["intervention"])
    row = page.one("div", class_="kennis-voices__columns")
    assert [s.all("h3")[0].text for s in row.all("section", class_="kennis-voice")] == [
        "Onderzoek en erkenning", "Lessen uit de praktijk", "Ervaringsverhalen"
    ]  # fmt: skip
    assert "Goed voorbeeld van lesson" in block(page, "Lessen uit de praktijk").text
    assert "Hierover: Deze uitleg staat bij de relatie." in block(page, "Ervaringsverhalen").text
    assert "Goed voorbeeld van training" in block(page, "Trainingen").text
    assert "Goed voorbeeld van help-offer" in block(page, "Waar te krijgen").text


def test_the_voices_say_so_when_there_are_none(site: Site) -> None:
    page = site.get("/interventies/vroegere-aanpak")
    assert "nog geen lessen" in block(page, "Lessen uit de praktijk").text
    assert "nog geen verhalen" in block(page, "Ervaringsverhalen").text


def test_a_relation_is_seen_from_both_sides(site: Site) -> None:
    assert "Onderdeel van" in block(site.get(places.GOOD["method"]), "Hangt hiermee samen").text
    assert "Bestaat uit" in block(site.get(places.GOOD["intervention"]), "Hangt hiermee samen").text


def test_recognition_and_studies_are_told_with_date_and_source(site: Site) -> None:
    text = block(site.get(places.GOOD["method"]), "Onderzoek en erkenning").text
    for words in ("Onderzoek vond geen effect", "Goed onderbouwd (maart 2024)", "Erkenningscommissie", "Geldig",
                  "Uitkomst van onderzoek: geen effect gevonden",
                  "Vergelijkend onderzoek, 2022", "Beschrijving in een databank"):  # fmt: skip
        assert words in text
    lapsed = block(site.get("/interventies/vroegere-aanpak"), "Onderzoek en erkenning").text
    assert "Termijn verstreken in 2021: vraag de huidige stand na" in lapsed


@pytest.mark.parametrize("name", ["julia", "stevig-ouderschap", "horizon-geweld-in-het-gezin"])
def test_what_is_not_stored_is_not_denied_and_the_text_is_pointed_at(site: Site, name: str) -> None:
    page = site.get(f"/interventies/{name}")
    found = block(page, "Onderzoek en erkenning")
    assert "Niet beoordeeld door" not in found.text
    assert "geen onderzoek naar het effect bekend" not in found.text
    assert "Bij ons staat geen onderzoek met een titel en een jaar." in found.text
    assert page.one("h2", id="uitleg-kop").text == "Uitleg"
    assert found.all("a", href="#uitleg-kop")


def test_the_text_is_not_pointed_at_when_recognition_and_research_are_stored(site: Site) -> None:
    assert not block(site.get(places.GOOD["method"]), "Onderzoek en erkenning").all("a", href="#uitleg-kop")


def test_a_scheme_that_is_called_as_its_body_is_named_once(site: Site) -> None:
    text = block(site.get("/interventies/borg-training"), "Onderzoek en erkenning").text
    assert text.lower().count("erkenningscommissie justitiële interventies") == 1


def test_a_band_that_warns_stands_above_the_text(site: Site) -> None:
    header = site.get(places.GOOD["method"]).one("header", class_="kennis-entry__header")
    assert "Onderzoek vond geen effect" in header.text


def _outline(main: Node) -> list[tuple[str, ...]]:
    """Every heading with those it stands under."""
    above: list[tuple[str, str]] = []
    found = []
    for node in main.walk():
        if re.fullmatch(r"h[1-6]", node.tag):
            above = [(tag, text) for tag, text in above if tag < node.tag] + [(node.tag, node.text)]
            found.append(tuple(text for _, text in above))
    return found


@pytest.mark.slow
@pytest.mark.req("A2")
def test_no_two_headings_of_a_page_stand_under_the_same_and_say_the_same(site: Site) -> None:
    lists = [site.get(f"/?sort=title&page={number}") for number in range(1, 8)]
    titles = [title for page in lists for title in page.all("h3", class_="kennis-card__title")]
    addresses = {title.one("a").attributes["href"] for title in titles}
    assert len(addresses) > 100
    outlines = {address: _outline(site.get(address).one("main")) for address in addresses}
    twice = {a: [path for path in o if o.count(path) > 1] for a, o in outlines.items() if len(o) != len(set(o))}
    assert twice == {}


@pytest.mark.req("A12")
def test_dates_are_dutch(site: Site) -> None:
    text = site.get(places.GOOD["help-offer"]).one("main").text
    assert f"4 maart {NEXT_YEAR}, 09.30 uur, Utrecht" in text
    assert "Gecontroleerd op" in text


@pytest.mark.req("T15")
def test_a_help_offer_shows_first_how_to_reach_it(site: Site) -> None:
    page = site.get(places.GOOD["help-offer"])
    channel = page.one("ul", class_="kennis-channels")
    assert channel.one("a").attributes["href"] == "tel:08002000"
    assert channel.one("a").text == "0800-2000"
    assert "Dag en nacht, gratis" in channel.text


@pytest.mark.req("A11")
def test_a_story_waits_behind_its_warning(site: Site) -> None:
    main = site.get(places.HEAVY_STORY).one("main")
    order = list(main.walk())
    warning = main.one("div", class_="kennis-notice--warning")
    assert "seksueel geweld, verlies of overlijden" in warning.text
    folded = main.all("details", class_="kennis-story")
    assert folded
    assert all("open" not in fold.attributes for fold in folded)
    assert order.index(warning) < order.index(folded[0])
    story = next(fold for fold in folded if "Kop" in fold.text)
    assert "Kop" not in main.text.replace(story.text, "")


@pytest.mark.req("A11")
def test_a_story_without_details_of_violence_says_so_and_does_not_alarm(site: Site) -> None:
    words = "In dit verhaal staan geen details over geweld."
    page = site.get(places.GOOD["story"]).one("main")
    assert words in [p.text for p in page.all("p")]
    assert "Let op" not in page.text
    found = site.get("/?q=%22goed+voorbeeld+van+story%22").all("article", class_="kennis-card")
    (card,) = [c for c in found if "Goed voorbeeld van story" in c.text]
    assert words in [p.text for p in card.all("p")]
    assert "Let op" not in card.text


def test_an_invented_story_says_so_beside_its_title(site: Site) -> None:
    header = site.get(places.GOOD["story"]).one("header", class_="kennis-entry__header")
    assert "Voorbeeldverhaal (verzonnen)" in header.text


def test_a_former_address_leads_to_the_present_one(client: FlaskClient) -> None:
    answer = client.get("/lessen/vroegere-naam")
    assert answer.status_code == 301
    assert answer.headers["Location"] == places.GOOD["lesson"]


@pytest.mark.parametrize("kind", ["lesson", "help-offer"])
def test_another_name_of_an_entry_leads_to_its_address(client: FlaskClient, kind: str) -> None:
    page = places.GOOD[kind].rpartition("/")[0]
    for name in (corpus.GOOD[kind], f"goed-voorbeeld-van-{kind}"):
        answer = client.get(f"{page}/{name}", follow_redirects=True)
        assert answer.request.path == places.GOOD[kind]


def test_an_entry_stands_under_its_own_kind_only(client: FlaskClient) -> None:
    assert client.get("/methodes/goed-voorbeeld-van-lesson").status_code == 404


def test_an_archived_entry_gives_only_its_name_and_the_reason(site: Site) -> None:
    page = site.get(places.ARCHIVED)
    assert "Oude les in het archief" in page.one("h1").text
    assert "Gearchiveerd. Reden: verouderd." in page.one("main").text
    assert "bijeenkomst met mensen" not in page.text


@pytest.mark.req("G6")
def test_what_was_withdrawn_is_gone_for_ever(client: FlaskClient) -> None:
    for name in ("weggehaalde-les", corpus.WITHDRAWN):
        answer = client.get(f"/lessen/{name}")
        assert answer.status_code == 410
        assert "Weggehaalde les" not in answer.text


def test_what_is_told_of_the_text_itself(site: Site) -> None:
    upkeep = site.get(places.GOOD["intervention"]).one("section", class_="kennis-upkeep").text
    for words in (
        "Bijgewerkt op",
        "Opnieuw controleren voor",
        "Inzender Professional",
        "Gebruiksrecht Naamsvermelding",
    ):
        assert words in upkeep


VEILIG_THUIS, FIER = "/hulp/7772e8c1-cbd8-42be-a889-3519b412542e", "Chat met Fier"


def websites(node: Node) -> list[tuple[str, str]]:
    """Address and words of the links that lead to another site."""
    links = [a for a in node.all("a") if a.attributes["href"].startswith("http")]
    assert {a.attributes.get("rel") for a in links} <= {"noreferrer nofollow"}
    assert not [a for a in links if "target" in a.attributes]
    return [(a.attributes["href"], a.text) for a in links]


@pytest.mark.req("V17")
def test_a_help_page_leads_to_the_website_of_who_gives_the_help(site: Site) -> None:
    page = site.get(VEILIG_THUIS)
    urgent = page.one("section", class_="kennis-urgent")
    assert websites(urgent) == [("https://www.veiligthuis.nl/", "veiligthuis.nl")]
    assert "Website van Veilig Thuis: veiligthuis.nl" in urgent.text


def test_a_website_that_is_a_channel_is_not_named_twice_above_the_text(site: Site) -> None:
    found = site.get("/?kind=help-offer&sort=title").all("h3", class_="kennis-card__title")
    (title,) = [node for node in found if node.text == FIER]
    urgent = site.get(title.one("a").attributes["href"]).one("section", class_="kennis-urgent")
    assert websites(urgent) == [("https://www.fier.nl/", "fier.nl")]


def test_organisations_lead_to_their_websites(site: Site) -> None:
    aside = site.get("/interventies/borg-training").one("aside", class_="kennis-facts")
    assert ("https://www.legerdesheils.nl/", "legerdesheils.nl") in websites(aside)


def test_an_organisation_with_two_roles_is_named_once_with_both(site: Site) -> None:
    aside = site.get("/interventies/caring-dads").one("aside", class_="kennis-facts")
    links = [a.attributes["href"] for a in aside.all("a") if a.attributes["href"].startswith("/?organisation=")]
    assert len(links) == len(set(links)) > 1
    assert "licentiehouder, aanbieder" in aside.text


def test_organisations_lead_to_all_they_have(site: Site) -> None:
    page = site.get(places.GOOD["intervention"])
    assert any(a.attributes["href"] == "/?organisation=erkenningscommissie" for a in page.all("a"))
