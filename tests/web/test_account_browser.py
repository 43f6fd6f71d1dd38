"""Logging in and one's own pages in a real Chromium: without script, its cache of pages on, at a real login server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import keycloak
from tests.serving import serving
from tests.unit.access.people import PASSWORD
from tests.web.browser import NARROW, NEUTRAL, WIDE, Live, browsing, require_accessible, walk_by_tab
from tests.web.house import EMAIL, House, house

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = {"KENNIS_OIDC_ISSUER": "http://127.0.0.1:9", "KENNIS_OIDC_CLIENT_ID": "kennis"}
    with house(tmp_path_factory.mktemp("account"), **settings) as found:
        found.clock.follow()
        found.account()
        yield found


@pytest.fixture(scope="module")
def live(home: House) -> Iterator[Live]:
    with browsing(home.at_exit) as found:
        yield found


def log_in(live: Live, page: Any) -> None:
    page.goto(f"{live.address}/account/inloggen")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account")


@pytest.mark.req("A1", "A4", "A7", "V32")
def test_own_pages_work_without_script_and_leave_nothing_behind(live: Live) -> None:
    with live.page(NARROW) as page:
        log_in(live, page)
        page.click("text=Sleutels voor uw programma")
        page.fill("#name", "zonder script")
        page.check("#recht-read")
        page.fill("#current", PASSWORD)
        page.click("text=Maak de sleutel")
        key = page.inner_text(".kennis-secret")
        page.click("text=Ik heb de sleutel bewaard")
        page.click("summary:has-text('Trek in')")
        page.click("text=Ja, trek deze sleutel in")
        page.wait_for_selector("text=zonder script: ingetrokken op")
        assert key not in page.content()
        page.click("text=Terug naar uw account")
        page.click("text=Log uit")
        page.wait_for_url("**/account/uitgelogd")
        assert page.context.cookies() == []
        for _ in range(4):
            page.go_back()
            assert EMAIL not in page.content()
            assert key not in page.content()


@pytest.mark.req("X2")
def test_leaving_takes_the_login_along(live: Live) -> None:
    with live.page() as page:
        log_in(live, page)
        page.click("text=Verlaat deze site")
        page.wait_for_url(live.neutral + "/")
        assert NEUTRAL in page.content()
        assert page.context.cookies() == []
        # The browser tells no end of a page that it takes from its own cache.
        page.go_back(wait_until="commit")
        page.wait_for_timeout(500)
        assert EMAIL not in page.content()
        page.goto(live.address + "/account")
        assert "U bent niet ingelogd" in page.inner_text("h1")


@pytest.mark.req("V32")
def test_nothing_is_kept_in_the_browser_but_cookies_without_script(live: Live) -> None:
    with live.page(script=True) as page:
        log_in(live, page)
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
        assert page.evaluate("document.cookie") == ""
        assert {c["name"] for c in page.context.cookies()} == {"__Host-kennis-session"}


def shown(live: Live, page: Any, name: str) -> None:
    """Bring the page into this state."""
    steps = {
        "login": ("/account/inloggen", None),
        "login with a fault": ("/account/inloggen", "form button"),
        "not logged in": ("/account", None),
        "logged out": ("/account/uitgelogd", None),
        "account": ("/account", None),
        "password with faults": ("/account/wachtwoord", "text=Verander het wachtwoord"),
        "keys with faults": ("/account/sleutels", "text=Maak de sleutel"),
        "new key": ("/account/sleutels", None),
        "keys": ("/account/sleutels", None),
        "checks": ("/account/nakijken", None),
    }
    path, click = steps[name]
    if name not in ("login", "login with a fault", "not logged in", "logged out"):
        log_in(live, page)
    page.goto(live.address + path)
    if click:
        page.click(click)
        page.wait_for_selector(".kennis-faults")
    if name == "new key":
        page.fill("#name", "een sleutel om te laten zien")
        page.check("#recht-contribute")
        page.fill("#current", PASSWORD)
        page.click("text=Maak de sleutel")
        page.wait_for_selector(".kennis-secret")


STATES = (
    "login", "login with a fault", "not logged in", "logged out", "account", "password with faults", "keys with faults",
    "new key", "keys", "checks",
)  # fmt: skip


@pytest.mark.req("A1", "A4")
@pytest.mark.parametrize("name", STATES)
def test_own_pages_are_accessible_in_every_state(live: Live, name: str) -> None:
    with live.page(NARROW, script=True) as page:
        shown(live, page, name)
        require_accessible(page)


@pytest.mark.req("A3")
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_focus_is_always_seen_in_a_form(live: Live, width: int) -> None:
    with live.page(width, script=True) as page:
        shown(live, page, "keys with faults")
        # Sending moved the focus to the page: the walk begins there.
        assert walk_by_tab(page) > 12


@pytest.mark.req("A5")
def test_a_fault_leads_to_its_field(live: Live) -> None:
    with live.page(NARROW) as page:
        shown(live, page, "keys with faults")
        page.click(".kennis-faults a >> nth=0")
        assert page.locator("#name:target").count() == 1
        page.keyboard.type("nu wel")
        assert page.input_value("#name") == "nu wel"


@pytest.mark.req("V16", "X7")
def test_a_browser_finds_its_way_to_a_real_login_server_and_back(live: Live, tmp_path: Path) -> None:
    server = f"http://{urlsplit(keycloak.issuer()).netloc}"
    with house(tmp_path / "house", **keycloak.settings()) as home, serving(home.app) as address:
        home.clock.follow()
        home.account("redacteur@voorbeeld.example", password=None)
        home.move_to(address)
        with Live(address, live.neutral, live.browser, (server,)).page() as page:
            page.goto(f"{address}/account/inloggen")
            page.click("text=Log in bij uw organisatie")
            page.fill("#username", "redacteur")
            page.fill("#password", keycloak.PASSWORDS["redacteur"])
            page.keyboard.press("Enter")
            page.wait_for_url(f"{address}/account")
            assert "redacteur@voorbeeld.example" in page.content()
            page.click("text=Log uit")
            page.wait_for_url("**/account/uitgelogd")
            assert page.context.cookies(address) == []
