"""Logging in at a real login server, from our page to its form and back (decision 18, safety.md V13, V19, V26)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from kennis.access import accounts
from kennis.access.oidc import Pending, Person, Provider
from kennis.errors import BadSetup
from kennis.installation import EXTENSION
from kennis.store.models import Audit
from kennis.web import elsewhere
from tests import keycloak
from tests.unit.access.people import COMMAND
from tests.web.dom import Node
from tests.web.house import SESSION, Browser, House, house

EMAIL = "redacteur@voorbeeld.example"
GO, BACK, LOGIN = "/account/elders", "/account/terug", "__Host-kennis-login"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path / "house", **keycloak.settings()) as found:
        # The login server looks at its own clock.
        found.clock.follow()
        found.account(EMAIL, role="editor", password=None)
        yield found


def go(browser: Browser, word: str = "account") -> str:
    """Where our page sends the browser to."""
    link = next(a for a in browser.get(f"/account/inloggen?next={word}").all("a") if "organisatie" in a.text)
    browser.get(link.attributes["href"], 303)
    return browser.location


def back(browser: Browser, answer: dict[str, str], status: int = 303) -> Node:
    return browser._page(browser.client.get(BACK, query_string=answer), BACK, status)


def log_in(browser: Browser, username: str, status: int = 303, word: str = "account") -> Node:
    return back(browser, keycloak.log_in(go(browser, word), username), status)


def refused(home: House) -> list[tuple[str, str]]:
    with home.store.reading() as session:
        rows = session.scalars(select(Audit).where(Audit.outcome == "refused")).all()
    return [(row.operation, row.subject_id) for row in rows]


@pytest.mark.req("V13", "V19", "V26")
def test_who_logs_in_at_the_organisation_is_logged_in_here(home: House) -> None:
    browser = home.browser()
    address = go(browser, "sleutels")
    assert browser.last is not None
    (cookie,) = [c for c in browser.last.headers.getlist("Set-Cookie") if c.startswith(LOGIN)]
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=600"} <= {p.strip() for p in cookie.split(";")}
    back(browser, keycloak.log_in(address, "redacteur"))
    assert browser.location == "/account/sleutels"
    assert browser.client.get_cookie(LOGIN) is None
    page = browser.get("/account")
    assert EMAIL in page.text
    assert "U kunt inloggen bij uw organisatie." in page.text
    assert not [a for a in page.all("a") if a.attributes.get("href") == "/account/wachtwoord"]
    assert "bij uw organisatie" in browser.get("/account/wachtwoord").one("main").text
    assert home.find(EMAIL).subject
    token = browser.get("/account").one("input", name="token").attributes["value"]
    browser.post("/account/wachtwoord", 403, token=token, current="x", new="y", again="y")
    browser.send("/account", "/account/uitloggen")
    assert "Log daar ook uit" in browser.get("/account/uitgelogd").text


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(home: House) -> None:
    browser = home.browser()
    address = go(browser)
    kept = browser.client.get_cookie(LOGIN)
    assert kept is not None
    answer = keycloak.log_in(address, "redacteur")
    back(home.browser(), answer, 401)
    back(browser, answer)
    again = home.browser()
    back(again, answer, 401)
    # Even who copied the cookie has a code that was used.
    again.client.set_cookie(LOGIN, kept.value)
    back(again, answer, 401)
    assert again.session is None
    assert again.client.get_cookie(LOGIN) is None


@pytest.mark.parametrize("changed", [{"state": "x"}, {"state": ""}, {"code": "x"}, {"iss": "https://kwaad.example"}])
def test_a_changed_answer_is_refused(home: House, changed: dict[str, str]) -> None:
    browser = home.browser()
    answer = keycloak.log_in(go(browser), "redacteur") | changed
    page = back(browser, answer, 401)
    assert "niet gelukt. Begin opnieuw." in page.text
    assert "kwaad" not in page.text
    assert browser.session is None
    assert home.find(EMAIL).subject is None


def test_a_cookie_that_was_changed_or_is_old_is_none(home: House) -> None:
    browser = home.browser()
    answer = keycloak.log_in(go(browser), "redacteur")
    kept = browser.client.get_cookie(LOGIN)
    assert kept is not None
    middle = len(kept.value) // 2
    for value in ("", "x", kept.value[:-4], kept.value[:middle] + "AAAA" + kept.value[middle + 4 :], "\u00e9" * 9):
        browser.client.set_cookie(LOGIN, value)
        back(browser, answer, 401)
    browser.client.set_cookie(LOGIN, kept.value)
    home.clock.advance(minutes=11)
    back(browser, answer, 401)


def test_an_answer_to_a_login_that_somebody_else_began_is_refused(home: House) -> None:
    """Who sends a link with his own code to another would make that one work in his account."""
    attacker, victim = home.browser(), home.browser()
    go(victim)
    back(victim, keycloak.log_in(go(attacker), "redacteur"), 401)
    assert victim.session is None


@pytest.mark.parametrize("username", ["onbevestigd", "buitenstaander", "lezer"])
def test_who_has_no_account_here_gets_none(home: House, username: str) -> None:
    if username == "buitenstaander":
        # An account there is, a group that may log in there is not.
        home.account("buitenstaander@voorbeeld.example", password=None)
    if username == "onbevestigd":
        home.account("onbevestigd@voorbeeld.example", password=None)
    browser = home.browser()
    page = log_in(browser, username, 401)
    assert "Vraag de beheerder van Kennis" in page.one("div", class_="kennis-faults").text
    assert browser.session is None
    assert [operation for operation, _ in refused(home)] == ["log_in"]


def test_a_blocked_account_stays_closed(home: House) -> None:
    browser = home.browser()
    log_in(browser, "redacteur")
    account = home.find(EMAIL)
    with home.store.transaction() as session:
        accounts.disable(session, accounts.find(session, account.id), now=home.clock(), by=COMMAND)
    browser.get("/account", 401)
    log_in(home.browser(), "redacteur", 401)
    assert refused(home) == [("log_in", account.id)]


def test_a_lower_group_lowers_the_account_and_no_group_raises_it(home: House) -> None:
    home.account("lezer@voorbeeld.example", role="editor", password=None)
    browser = home.browser()
    log_in(browser, "lezer")
    assert "Inzender" in browser.get("/account").text
    assert home.find("lezer@voorbeeld.example").role == "contributor"
    home.account("beheer@kennis.example", role="admin")
    with home.store.transaction() as session:
        accounts.set_role(session, accounts.find(session, home.find(EMAIL).id), "contributor",
                          now=home.clock(), by=COMMAND)  # fmt: skip
    log_in(home.browser(), "redacteur")
    assert home.find(EMAIL).role == "contributor"


def test_a_new_login_ends_the_session_before(home: House) -> None:
    browser = home.browser()
    log_in(browser, "redacteur")
    old = browser.session
    assert old is not None
    other = home.browser()
    other.client.set_cookie(SESSION, old)
    address = browser.client.get(GO).headers["Location"]
    back(browser, keycloak.log_in(address, "redacteur"))
    assert browser.session not in (None, old)
    other.get("/account", 401)


def test_a_login_server_that_is_down_is_told_and_passwords_still_work(tmp_path: Path) -> None:
    settings = {"KENNIS_OIDC_ISSUER": "http://127.0.0.1:9", "KENNIS_OIDC_CLIENT_ID": "kennis"}
    with house(tmp_path / "house", **settings) as home:
        home.account()
        browser = home.browser()
        page = browser.get(GO, 503)
        assert "werkt op dit moment niet" in page.one("div", class_="kennis-faults").text
        assert browser.last is not None
        assert int(browser.last.headers["Retry-After"]) > 0
        browser.log_in()
        browser.get("/account")


class Broken(Provider):
    """Behind it stands a database that cannot be read."""

    is_at_begin = True

    def begin(self, *_: object) -> tuple[str, Pending]:
        if self.is_at_begin:
            raise BadSetup("kanarie /srv/kennis.db", "kanarie /srv/kennis.db")
        return "https://login.example", Pending("s", "n", "v")

    def finish(self, *_: object) -> Person:
        raise BadSetup("kanarie /srv/kennis.db", "kanarie /srv/kennis.db")


def test_a_fault_of_our_own_is_told_without_files_and_servers(tmp_path: Path) -> None:
    settings = {"KENNIS_OIDC_ISSUER": "http://127.0.0.1:9", "KENNIS_OIDC_CLIENT_ID": "kennis"}
    with house(tmp_path / "house", **settings) as home:
        parts, browser = home.app.extensions[elsewhere.EXTENSION], home.browser()
        provider = Broken(home.app.extensions[EXTENSION].config, "https://kennis.example" + BACK)
        home.app.extensions[elsewhere.EXTENSION] = replace(parts, provider=provider)
        assert "kanarie" not in browser.get(GO, 503).text
        provider.is_at_begin = False
        browser.get(GO, 303)
        assert browser.client.get_cookie(LOGIN) is not None
        assert "kanarie" not in back(browser, {"state": "s", "code": "c"}, 503).text
        assert browser.last is not None
        assert int(browser.last.headers["Retry-After"]) > 0
        assert browser.client.get_cookie(LOGIN) is None


def test_without_a_login_server_there_is_no_such_way_in(tmp_path: Path) -> None:
    with house(tmp_path / "house") as home:
        browser = home.browser()
        assert "organisatie" not in browser.get("/account/inloggen").one("main").text
        browser.get(GO, 404)
        browser.get(BACK, 404)
