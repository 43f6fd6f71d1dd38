"""What only a browser can show: a real Chromium against a real server, script off where readers have it off.

Skipped, with the reason, where there is no Chromium; in CI that is a failure.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import pytest
from flask import Flask

from kennis.app import create_app
from kennis.config import Config
from tests.serving import serving
from tests.web import places
from tests.web.conftest import Site

pytestmark = pytest.mark.browser
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
BINARIES = ("chromium", "chromium-browser", "google-chrome")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NEUTRAL = "Het weer van vandaag"
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
SMALLEST_TARGET = 24
NARROW, WIDE = 320, 1280


@dataclass(frozen=True)
class Live:
    address: str
    neutral: str
    browser: Any

    @contextmanager
    def page(self, width: int = WIDE, *, script: bool = False) -> Iterator[Any]:
        """A page that fails the test when anything is refused, logged or asked of another host."""
        context = self.browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
        page = context.new_page()
        faults: list[str] = []
        page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        # A request that only asked the cache of the browser went nowhere.
        page.on("requestfailed", lambda r: None if r.failure == "net::ERR_CACHE_MISS" else faults.append(r.url))
        page.on("request", lambda request: None if self._is_known(request.url) else faults.append(request.url))
        yield page
        context.close()
        # That the page itself is missing or gone is what some tests ask for.
        assert [fault for fault in faults if "the server responded with a status of 4" not in fault] == []

    def _is_known(self, url: str) -> bool:
        return url.startswith((self.address + "/", self.neutral + "/"))


@pytest.fixture(scope="module")
def live(site: Site) -> Iterator[Live]:
    binary = next(filter(None, map(shutil.which, BINARIES)), None)
    if binary is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs Chromium: apt-get install chromium")
        pytest.skip("no Chromium on this machine: install Debian's chromium to run the browser tests")
    sync_api = pytest.importorskip("playwright.sync_api")
    elsewhere = Flask("elsewhere")
    elsewhere.add_url_rule("/", "start", lambda: f"<!doctype html><title>{NEUTRAL}</title>{NEUTRAL}")
    elsewhere.add_url_rule("/favicon.ico", "icon", lambda: ("", 204))
    with serving(elsewhere) as neutral, sync_api.sync_playwright() as playwright:
        settings = {"KENNIS_DATA_DIR": str(site.config.data_dir), "KENNIS_EXIT_URL": neutral}
        app = create_app(Config.from_env(settings), store=site.parts.store, engine=site.parts.engine)
        with serving(app) as address:
            # With the default arguments a faulty exit looks clean: they switch the back/forward cache off.
            browser = playwright.chromium.launch(
                executable_path=binary, args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
            )
            yield Live(address, neutral, browser)
            browser.close()


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
    """Axe, the size of targets and sideways scrolling, all on one load of the page: axe is what costs time here."""
    with live.page(NARROW, script=True) as page:
        page.goto(live.address + SHOWN[name])
        page.evaluate(axe())
        if name in FOLDED:
            assert violations(page) == []
        page.evaluate(OPEN_ALL)
        for width in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": 800})
            assert violations(page) == []
            assert page.evaluate(SMALL_TARGETS, SMALLEST_TARGET) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        # A telephone in large text, a window of half the screen, and the whole screen.
        for width in (NARROW, WIDE // 2, WIDE):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"text at 200 % on {width} px"


def test_the_description_of_the_api_fits_a_narrow_screen(live: Live) -> None:
    with live.page(NARROW, script=True) as page:
        page.goto(live.address + "/v1/docs")
        page.evaluate(OPEN_ALL)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW


@cache
def axe() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def violations(page: Any) -> list[Any]:
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", AXE_TAGS
    )["violations"]
    return [(v["id"], [n["target"] for n in v["nodes"]]) for v in found]


@pytest.mark.req("A3")
@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("name", ["start", "results", "intervention", "story", "help"])
def test_focus_is_always_seen(live: Live, name: str, width: int) -> None:
    with live.page(width, script=True) as page:
        page.goto(live.address + SHOWN[name])
        steps = 0
        while True:
            page.keyboard.press("Tab")
            seen = page.evaluate(FOCUS)
            if seen is None:
                break
            assert seen["outline"] != "none", seen
            assert seen["visible"], seen
            steps += 1
            assert steps < 400
        assert steps > 8


@pytest.mark.req("A7")
def test_pages_print_without_what_only_works_on_a_screen(live: Live) -> None:
    with live.page(script=True) as page:
        page.goto(live.address + places.GOOD["intervention"])
        page.emulate_media(media="print")
        assert not page.locator(".kennis-exit").is_visible()
        assert page.locator(".kennis-help-area").is_visible()
        page.emulate_media(media="screen", forced_colors="active", reduced_motion="reduce")
        assert page.locator(".kennis-exit").is_visible()


# What can be clicked and is smaller than it may be; a link inside a sentence may be as low as its line.
SMALL_TARGETS = """least => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')]
  .filter(e => {
    const box = e.getBoundingClientRect(), inline = e.tagName === 'A' && getComputedStyle(e).display === 'inline';
    return box.width > 0 && !inline && (box.width < least || box.height < least);
  }).map(e => e.outerHTML)"""
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
# The focused element, unless the walk has come round to the start of the page.
FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e.dataset.walked) return null;
  e.dataset.walked = '1';
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const bar = document.querySelector('.kennis-page-header__bar').getBoundingClientRect();
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
  const y = box.top + Math.min(box.height / 2, 20);
  const top = document.elementFromPoint(x, y);
  const inHead = e.closest('.kennis-page-header, .kennis-skip-link') !== null;
  const inView = box.top >= bar.bottom - 1 && box.top < innerHeight;
  const onTop = !!top && (e.contains(top) || top.contains(e));
  return {text: e.innerText, top: box.top, outline: style.outlineStyle, visible: inHead || (inView && onTop)};
}"""
