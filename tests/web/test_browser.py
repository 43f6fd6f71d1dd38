"""What only a browser can show: a real Chromium against a real server, script off where readers have it off."""

from collections.abc import Iterator

import pytest
from flask import Flask

from kennis.app import create_app
from kennis.config import Config
from tests.web import places
from tests.web.browser import NARROW, NEUTRAL, OPEN_ALL, WIDE, Live, browsing, require_accessible, walk_by_tab
from tests.web.conftest import Site

pytestmark = pytest.mark.browser
SHOWN = {
    "start": places.START,
    "results": "/?q=voorbeeld&topic=partnergeweld&region=nl-nh",
    "help asked": places.HELP_ASKED,
    "empty": places.EMPTY,
    "intervention": places.GOOD["intervention"],
    "method": places.GOOD["method"],
    "lesson": places.GOOD["lesson"],
    "story": places.HEAVY_STORY,
    "training": places.GOOD["training"],
    "help": places.GOOD["help-offer"],
    "hostile": places.BAD["intervention"],
    "archived": places.ARCHIVED,
    "missing": places.MISSING,
    "withdrawn": places.WITHDRAWN,
}
# Pages of which the folded state is looked at too.
FOLDED = ("results", "story")


@pytest.fixture(scope="module")
def live(site: Site) -> Iterator[Live]:
    def make(neutral: str) -> Flask:
        settings = {"KENNIS_DATA_DIR": str(site.config.data_dir), "KENNIS_EXIT_URL": neutral}
        return create_app(Config.from_env(settings), store=site.parts.store, engine=site.parts.engine)

    with browsing(make) as found:
        yield found


@pytest.mark.req("X1", "X2", "A3")
@pytest.mark.parametrize("name", ["start", "results", "story", "help", "missing"])
def test_two_tabs_and_enter_leave_without_script(live: Live, name: str) -> None:
    with live.page() as page:
        page.goto(live.address + SHOWN[name])
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Naar de inhoud"
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Verlaat deze site"
        page.keyboard.press("Enter")
        page.wait_for_url(live.neutral + "/")
        assert NEUTRAL in page.content()
        assert page.context.cookies() == []


@pytest.mark.req("X2")
def test_back_after_leaving_a_search_without_traces_shows_no_words(live: Live) -> None:
    with live.page() as page:
        page.goto(live.address + "/")
        page.fill("#q", "geheimwoord")
        page.click("text=Zoek zonder sporen in de adresbalk")
        page.wait_for_selector("#q[value=geheimwoord]")
        page.click("text=Verlaat deze site")
        page.wait_for_url(live.neutral + "/")
        assert page.context.cookies() == []
        # Back once: the browser kept nothing, for it keeps no page that answered a POST, and would ask first.
        with pytest.raises(pytest.importorskip("playwright.sync_api").Error, match="ERR_CACHE_MISS"):
            page.go_back()
        # The browser puts its own page there, of which it tells no end.
        page.wait_for_timeout(500)
        assert "geheimwoord" not in page.content()
        page.go_back()
        assert page.input_value("#q") == ""


@pytest.mark.req("A7", "V31")
def test_a_reader_searches_filters_and_reads_without_script(live: Live) -> None:
    with live.page(NARROW) as page:
        page.goto(live.address + "/")
        page.fill("#q", "voorbeeld")
        page.keyboard.press("Enter")
        page.wait_for_url("**q=voorbeeld**")
        before = page.locator("[role=status]").inner_text()
        page.click("summary.kennis-filters__toggle")
        page.check("#kind-lesson")
        page.click("text=Toon resultaten")
        page.wait_for_url("**kind=lesson**")
        assert page.locator("[role=status]").inner_text() != before
        page.locator(".kennis-card__title a").first.click()
        page.wait_for_url("**/lessen/**")


@pytest.mark.req("V31")
def test_words_stand_in_no_address_of_a_search_without_traces(live: Live) -> None:
    with live.page() as page:
        addresses: list[str] = []
        page.on("request", lambda request: addresses.append(request.url))
        page.goto(live.address + "/")
        page.fill("#q", "les nummer")
        page.click("text=Zoek zonder sporen in de adresbalk")
        page.wait_for_selector(".kennis-pagination")
        page.click(".kennis-pagination__link:has-text('Volgende')")
        page.wait_for_selector("text=Pagina 2 van")
        page.check("#kind-lesson")
        page.click("text=Toon resultaten")
        page.wait_for_selector(".kennis-chip")
        page.click(".kennis-chip:has-text('Geleerde les')")
        page.wait_for_selector(".kennis-card")
        assert page.url == live.address + "/"
        assert [a for a in addresses if "nummer" in a or "kind" in a] == []


@pytest.mark.req("A1", "A4")
@pytest.mark.parametrize("name", SHOWN)
def test_every_page_is_accessible_narrow_wide_and_with_large_text(live: Live, name: str) -> None:
    with live.page(NARROW, script=True) as page:
        page.goto(live.address + SHOWN[name])
        require_accessible(page, folded=name in FOLDED)


@pytest.mark.req("A4")
def test_the_words_typed_can_be_read_in_large_text_on_a_telephone(live: Live) -> None:
    with live.page(NARROW, script=True) as page:
        page.goto(live.address + SHOWN["start"])
        beside = page.locator("#q").bounding_box()["width"]
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.locator("#q").bounding_box()["width"] >= beside


def test_the_description_of_the_api_fits_a_narrow_screen(live: Live) -> None:
    with live.page(NARROW, script=True) as page:
        page.goto(live.address + "/v1/docs")
        page.evaluate(OPEN_ALL)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW


@pytest.mark.req("A3")
@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("name", ["start", "results", "intervention", "story", "help"])
def test_focus_is_always_seen(live: Live, name: str, width: int) -> None:
    with live.page(width, script=True) as page:
        page.goto(live.address + SHOWN[name])
        assert walk_by_tab(page) > 8


# A small telephone, in pixels of the style.
LOW = 568


@pytest.mark.req("A3", "A4")
@pytest.mark.parametrize(("width", "size"), [(NARROW, "175%"), (NARROW, "200%"), (360, "200%")])
@pytest.mark.parametrize("name", ["results", "method", "help"])
def test_focus_is_seen_on_the_way_back_in_large_text(live: Live, name: str, width: int, size: str) -> None:
    with live.page(width, script=True) as page:
        page.set_viewport_size({"width": width, "height": LOW})
        page.goto(live.address + SHOWN[name])
        page.evaluate("size => document.documentElement.style.fontSize = size", size)
        page.evaluate(OPEN_ALL)
        assert walk_by_tab(page, "Shift+Tab") > 8
        # The way out is there, and leaves most of the screen to what is read.
        assert page.locator(".kennis-exit").is_visible()
        assert page.locator(".kennis-page-header__bar").bounding_box()["height"] < LOW / 3


def test_the_title_of_a_source_flows_on_from_its_number_and_into_what_follows(live: Live) -> None:
    with live.page(NARROW, script=True) as page:
        page.goto(live.address + "/interventies/borg-training")
        lines = page.locator(".kennis-sources a").evaluate_all("links => links.map(a => a.getClientRects().length)")
        assert max(lines) > 1


@pytest.mark.req("A7", "A11")
@pytest.mark.parametrize("name", ["story", "intervention"])
def test_what_is_folded_on_the_screen_is_printed(live: Live, name: str) -> None:
    with live.page(script=True) as page:
        page.goto(live.address + SHOWN[name])
        texts = page.locator("main details:not([open]) .kennis-prose")
        assert texts.count() == 2
        assert texts.evaluate_all("all => all.some(e => e.checkVisibility())") is False
        page.emulate_media(media="print")
        assert texts.evaluate_all("all => all.every(e => e.checkVisibility() && e.offsetHeight > 0)") is True
        assert page.locator("main details.kennis-story summary:visible").count() == 0


@pytest.mark.req("A7")
def test_pages_print_without_what_only_works_on_a_screen(live: Live) -> None:
    with live.page(script=True) as page:
        page.goto(live.address + places.GOOD["intervention"])
        page.emulate_media(media="print")
        assert not page.locator(".kennis-exit").is_visible()
        assert page.locator(".kennis-help-area").is_visible()
        page.emulate_media(media="screen", forced_colors="active", reduced_motion="reduce")
        assert page.locator(".kennis-exit").is_visible()
