"""A real Chromium for tests, and what is measured in it. Skipped, with the reason, where there is none; in CI that is
a failure."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import pytest
from flask import Flask

from tests import real_parts
from tests.serving import serving

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
BINARIES = ("chromium", "chromium-browser", "google-chrome")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NEUTRAL = "Het weer van vandaag"
# A request that only asked the cache of the browser went nowhere, and one for a picture ended with its page.
HARMLESS = ("net::ERR_CACHE_MISS", "net::ERR_ABORTED")
SMALLEST_TARGET = 24
NARROW, WIDE = 320, 1280


@dataclass(frozen=True)
class Live:
    address: str
    neutral: str
    browser: Any
    allowed: tuple[str, ...] = ()

    @contextmanager
    def page(self, width: int = WIDE, *, script: bool = False) -> Iterator[Any]:
        """A page that fails the test when anything is refused, logged or asked of another host."""
        context = self.browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
        page = context.new_page()
        faults: list[str] = []
        page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("requestfailed", lambda r: None if r.failure in HARMLESS else faults.append(r.url))
        page.on("request", lambda request: None if self._is_known(request.url) else faults.append(request.url))
        yield page
        context.close()
        # That the page itself is missing or gone is what some tests ask for.
        told = [fault for fault in faults if "the server responded with a status of 4" not in fault]
        assert not told, told

    def _is_known(self, url: str) -> bool:
        return url.startswith(tuple(f"{site}/" for site in (self.address, self.neutral, *self.allowed)))


@contextmanager
def browsing(make: Callable[[str], Flask], *allowed: str) -> Iterator[Live]:
    """Around the app that `make` gives for the address of a neutral site; `allowed` are other hosts of a journey."""
    binary = next(filter(None, map(shutil.which, BINARIES)), None)
    if binary is None:
        real_parts.missing("no Chromium on this machine: install Debian's chromium to run the browser tests")
    sync_api = pytest.importorskip("playwright.sync_api")
    elsewhere = Flask("elsewhere")
    elsewhere.add_url_rule("/", "start", lambda: f"<!doctype html><title>{NEUTRAL}</title>{NEUTRAL}")
    elsewhere.add_url_rule("/favicon.ico", "icon", lambda: ("", 204))
    with serving(elsewhere) as neutral, sync_api.sync_playwright() as playwright, serving(make(neutral)) as address:
        # With the default arguments a faulty exit looks clean: they switch the back/forward cache off.
        browser = playwright.chromium.launch(
            executable_path=binary, args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
        )
        yield Live(address, neutral, browser, allowed)
        browser.close()


@cache
def axe() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def violations(page: Any) -> list[Any]:
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", AXE_TAGS
    )["violations"]
    return [(v["id"], [n["target"] for n in v["nodes"]]) for v in found]


def require_accessible(page: Any, *, folded: bool = False) -> None:
    """Axe, the size of targets and sideways scrolling, all on one load of the page: axe is what costs time here."""
    page.evaluate(axe())
    if folded:
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


# What can be clicked and is smaller than it may be; a link inside a sentence may be as low as its line.
SMALL_TARGETS = """least => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')]
  .filter(e => {
    const box = e.getBoundingClientRect(), inline = e.tagName === 'A' && getComputedStyle(e).display === 'inline';
    return box.width > 0 && !inline && (box.width < least || box.height < least);
  }).map(e => e.outerHTML)"""
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
# The focused element, unless the walk has come round to the start of the page. Of one that is higher than the screen
# some of it must be seen; of a link over several lines the first one seen is looked at.
FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e.dataset.walked) return null;
  e.dataset.walked = '1';
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const bar = document.querySelector('.kennis-page-header__bar').getBoundingClientRect();
  const line = [...e.getClientRects()].find(r => r.width > 0 && r.bottom > bar.bottom) || box;
  const x = Math.min(Math.max(line.left + line.width / 2, 1), innerWidth - 1);
  const isHigh = box.height > innerHeight - bar.bottom, from = isHigh ? Math.max(line.top, bar.bottom) : line.top;
  const y = from + Math.min((line.bottom - from) / 2, 20);
  const top = document.elementFromPoint(x, y);
  const inHead = e.closest('.kennis-page-header, .kennis-skip-link') !== null;
  const inView = (isHigh ? box.bottom > bar.bottom : box.top >= bar.bottom - 1) && box.top < innerHeight;
  const onTop = !!top && (e.contains(top) || top.contains(e));
  return {text: e.innerText, top: box.top, outline: style.outlineStyle, visible: inHead || (inView && onTop)};
}"""


def walk_by_tab(page: Any, key: str = "Tab") -> int:
    """How many steps it takes to the end of the page; at each of them the focus must be seen."""
    steps = 0
    while True:
        page.keyboard.press(key)
        seen = page.evaluate(FOCUS)
        if seen is None:
            return steps
        assert seen["outline"] != "none", seen
        assert seen["visible"], seen
        steps += 1
        assert steps < 400
