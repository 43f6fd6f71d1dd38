"""Logging in and out with a password, and one's own pages (safety.md V13, V18, V19, V23-V27, V32)."""

import logging
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from kennis.access import accounts, keys, sessions
from kennis.access.passwords import Cost
from kennis.errors import Invalid, Unauthorized
from kennis.installation import EXTENSION, OWN_ACCOUNT, POLICIES
from kennis.store import Store
from kennis.store.base import Table
from kennis.store.models import Audit
from kennis.store.people import ApiKey
from kennis.web import account_keys, account_password, forms, own_pages, visitors
from tests.unit.access.people import COMMAND, PASSWORD, ready
from tests.web.dom import Node
from tests.web.house import EMAIL, SESSION, Browser, House, house

LOG_IN, LOG_OUT = "/account/inloggen", "/account/uitloggen"
PASSWORD_PAGE, KEYS = "/account/wachtwoord", "/account/sleutels"
NEW = "zolder kaneel ijsvogel radio"
MINE = ("/account", PASSWORD_PAGE, KEYS, "/account/nakijken")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path / "house") as found:
        found.account()
        yield found


@pytest.fixture
def sanne(home: House) -> Browser:
    return home.browser().log_in()


def faults(page: Node) -> list[str]:
    """What the summary on top says."""
    return [item.text for box in page.all("div", class_="kennis-faults") for item in box.all("li")]


@pytest.mark.req("V13")
def test_cookies_are_of_this_host_alone_and_unseen_by_script(home: House) -> None:
    browser = home.browser()
    set_cookies = []
    browser.get(LOG_IN)
    set_cookies += browser.last.headers.getlist("Set-Cookie") if browser.last else []
    browser.log_in()
    set_cookies += browser.last.headers.getlist("Set-Cookie") if browser.last else []
    names = {cookie.partition("=")[0] for cookie in set_cookies}
    assert names == {"__Host-kennis-form", SESSION}
    for cookie in set_cookies:
        parts = {part.strip() for part in cookie.split(";")[1:]}
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts
        assert not any(part.startswith("Domain") for part in parts)


@pytest.mark.req("V26")
def test_a_login_begins_a_new_session_and_ends_the_one_before(home: House, sanne: Browser) -> None:
    first = sanne.session
    # A browser keeps its cookie also when somebody puts one there beforehand.
    sanne.client.set_cookie(SESSION, "door-een-ander-gezet")
    sanne.log_in()
    second = sanne.session
    assert second not in (first, "door-een-ander-gezet", None)
    home.account("tweede@kennis.example")
    other = home.browser()
    assert second is not None
    other.client.set_cookie(SESSION, second)
    assert "Sanne Voorbeeld" in other.get("/account").text


@pytest.mark.req("V26")
def test_logging_in_over_a_session_ends_it(home: House, sanne: Browser) -> None:
    old = sanne.session
    token = sanne.get("/account").one("input", name="token").attributes["value"]
    sanne.post(LOG_IN, email=EMAIL, password=PASSWORD, token=token)
    assert old is not None
    sanne.client.set_cookie(SESSION, old)
    sanne.get("/account", 401)


@pytest.mark.req("V26", "V32")
def test_logging_out_ends_the_session_on_the_server_too(sanne: Browser) -> None:
    old = sanne.session
    sanne.send("/account", LOG_OUT)
    assert sanne.last is not None
    assert sanne.last.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "no-store" in sanne.last.headers["Cache-Control"]
    assert sanne.location == "/account/uitgelogd"
    assert sanne.session is None
    assert "U bent uitgelogd" in sanne.get("/account/uitgelogd").text
    assert old is not None
    for path in MINE:
        sanne.client.set_cookie(SESSION, old)
        assert "U bent niet ingelogd" in sanne.get(path, 401).one("h1").text


@pytest.mark.req("V18")
def test_the_api_does_not_know_who_is_logged_in_on_the_pages(sanne: Browser) -> None:
    assert sanne.client.get("/v1/keys/me").status_code == 401
    assert sanne.client.post("/v1/lessons", json={}).status_code == 401


@pytest.mark.req("V26")
def test_blocking_an_account_ends_its_sessions(home: House, sanne: Browser) -> None:
    with home.store.transaction() as session:
        accounts.disable(session, accounts.find(session, home.find().id), now=home.clock(), by=COMMAND)
    sanne.get("/account", 401)


@pytest.mark.req("V27")
def test_a_session_of_the_desk_ends_when_it_is_not_used(home: House, sanne: Browser) -> None:
    home.clock.advance(minutes=29)
    sanne.get("/account")
    home.clock.advance(minutes=29)
    sanne.get("/account")
    home.clock.advance(minutes=30)
    assert "Inloggen" in sanne.get("/account", 401).one("main").text


@pytest.mark.req("V24")
def test_who_is_unknown_mistaken_or_blocked_reads_the_same(home: House) -> None:
    home.account("dicht@kennis.example")
    with home.store.transaction() as session:
        closed = accounts.by_email(session, "dicht@kennis.example")
        assert closed is not None
        accounts.disable(session, closed, now=home.clock(), by=COMMAND)
    told = []
    for email, password in ((EMAIL, "fout"), ("niemand@kennis.example", PASSWORD), ("dicht@kennis.example", PASSWORD)):
        browser = home.browser()
        page = browser.send(LOG_IN, LOG_IN, 401, email=email, password=password)
        assert browser.session is None
        assert browser.last is not None
        told.append(re.sub(r'value="[^"]*"', "", browser.last.text))
        assert page.one("input", id="email").attributes["value"] == email
        assert "value" not in page.one("input", id="password").attributes
    assert len(set(told)) == 1


@pytest.mark.req("V24")
@pytest.mark.parametrize("email", [EMAIL, "niemand@kennis.example"])
def test_who_guesses_must_wait(home: House, email: str) -> None:
    browser = home.browser()
    for _ in range(5):
        browser.send(LOG_IN, LOG_IN, 401, email=email, password="fout")
    page = browser.send(LOG_IN, LOG_IN, 429, email=email, password=PASSWORD)
    assert browser.last is not None
    assert 0 < int(browser.last.headers["Retry-After"]) <= 30
    assert faults(page) == ["Dit is te vaak geprobeerd. Wacht 1 minuut en probeer het dan opnieuw."]
    home.clock.advance(minutes=1)
    if email == EMAIL:
        browser.log_in()


@pytest.mark.req("A5")
def test_what_is_not_filled_in_is_told_on_top_and_at_its_field(home: House) -> None:
    page = home.browser().send(LOG_IN, LOG_IN, 400, email="", password="")
    assert faults(page) == ["Vul uw e-mailadres in.", "Vul uw wachtwoord in."]
    assert page.one("title").text.startswith("Fout: ")
    for name in ("email", "password"):
        box = page.one("input", id=name)
        assert box.attributes["aria-invalid"] == "true"
        (told,) = box.attributes["aria-describedby"].split()
        assert page.one("p", id=told).text.startswith("Fout:")
        assert [a for a in page.all("a") if a.attributes.get("href") == f"#{name}"]


@pytest.mark.req("V19")
@pytest.mark.parametrize(
    ("word", "address"),
    [
        ("sleutels", KEYS), ("wachtwoord", PASSWORD_PAGE), ("account", "/account"), ("", "/account"),
        ("https://kwaad.example", "/account"), ("//kwaad.example", "/account"), ("/\\kwaad.example", "/account"),
        ("javascript:alert(1)", "/account"), ("/account/sleutels", "/account"), ("sleutels\r\nX: y", "/account"),
    ],
)  # fmt: skip
def test_after_a_login_one_goes_to_a_page_of_a_closed_list(home: House, word: str, address: str) -> None:
    browser = home.browser()
    browser.send(LOG_IN, LOG_IN, email=EMAIL, password=PASSWORD, next=word)
    assert browser.location == address
    answer = browser.client.get(LOG_IN, query_string={"next": word})
    assert (answer.status_code, answer.headers["Location"]) == (303, address)


def test_a_page_that_asks_for_a_login_is_shown_after_it(home: House) -> None:
    browser = home.browser()
    page = browser.get(KEYS, 401)
    (link,) = [a for a in page.one("main").all("a") if a.text == "Inloggen"]
    browser.send(link.attributes["href"], LOG_IN, email=EMAIL, password=PASSWORD)
    assert browser.location == KEYS


FORMS = [
    (LOG_OUT, {}),
    (PASSWORD_PAGE, {"current": PASSWORD, "new": NEW, "again": NEW}),
    (KEYS, {"name": "proef", "scopes": "read", "term": "90", "current": PASSWORD}),
    (f"{KEYS}/KEY/intrekken", {}),
]


@pytest.mark.req("V18")
@pytest.mark.parametrize(("path", "form"), FORMS)
def test_a_form_of_another_site_or_another_login_changes_nothing(
    home: House, sanne: Browser, path: str, form: dict[str, str]
) -> None:
    sanne.send(KEYS, KEYS, 200, current=PASSWORD, name="eerste", scopes="read", term="30")
    with home.store.reading() as session:
        (key,) = session.scalars(select(ApiKey)).all()
    path = path.replace("KEY", key.id)
    good = sanne.get("/account").one("input", name="token").attributes["value"]
    home.account("ander@kennis.example")
    other = home.browser().log_in("ander@kennis.example").get("/account").one("input", name="token")
    before = counts(home)
    for token in ("", "x", good + "0", good.upper(), other.attributes["value"], "\u00e9" * 64):
        assert "verlopen" in sanne.post(path, 403, **form, token=token).one("h1").text
    sanne.post(path, 403, **form)
    for site in ("cross-site", "same-site"):
        sanne.post(path, 403, headers={"Sec-Fetch-Site": site}, **form, token=good)
    assert counts(home) == before
    sanne.get("/account")
    sanne.post(path, 200 if path in (KEYS, PASSWORD_PAGE) else 303, **form, token=good)
    assert counts(home) != before


@pytest.mark.parametrize(
    ("sent_to", "page"),
    [(LOG_IN, LOG_IN), (LOG_OUT, "/account"), (PASSWORD_PAGE, PASSWORD_PAGE), (KEYS, KEYS),
     (f"{KEYS}/x/intrekken", KEYS), ("/account/nakijken/0b7f6c1e-5d0a-4c0e-9a53-2f6f1f0d7a11", "/account/nakijken")],
)  # fmt: skip
def test_the_page_of_an_expired_form_leads_to_that_form(sanne: Browser, sent_to: str, page: str) -> None:
    main = sanne.post(sent_to, 403, token="x").one("main")
    title, text = main.one("h1").text, main.one("p", class_="kennis-lead").text
    assert title == "Dit formulier is verlopen"
    assert "verlopen" not in text
    assert (main.all("a")[0].text, main.all("a")[0].attributes["href"]) == ("Open de pagina opnieuw", page)


@pytest.mark.req("V18")
def test_every_own_page_is_guarded_before_its_view_is_asked(home: House, sanne: Browser) -> None:
    """Also one that is added later and forgets to look."""
    found = [rule for rule in home.app.url_map.iter_rules() if rule.endpoint.startswith("account.")]
    policies = home.app.extensions[POLICIES]
    adapter, tried = home.app.url_map.bind("localhost"), set()
    for rule in found:
        named = {"entry_id": uuid4(), "key_id": "x"}
        path = adapter.build(rule.endpoint, {name: named[name] for name in rule.arguments})
        for method in (rule.methods or set()) & {"GET", "POST"}:
            for session in (None, sanne.session):
                headers = {"Cookie": f"{SESSION}={session}"} if session else {}
                with home.app.test_request_context(path, method=method, headers=headers):
                    is_own = policies[rule.endpoint] == OWN_ACCOUNT
                    is_sent = method == "POST" and rule.endpoint != "account.logout"
                    if is_own and session is None:
                        expected: type[Exception] | None = Unauthorized
                    else:
                        expected = forms.StaleForm if is_sent else None
                    tried.add((rule.endpoint, expected))
                    if expected is None:
                        home.app.preprocess_request()
                        continue
                    with pytest.raises(expected):
                        home.app.preprocess_request()
    assert {endpoint for endpoint, expected in tried if expected is Unauthorized} == {
        f"account.{name}" for _, _, name, _, policy in own_pages.ROUTES if policy == OWN_ACCOUNT
    }


@pytest.mark.req("V18")
def test_a_login_that_another_site_began_is_refused(home: House) -> None:
    """Who is logged in unasked writes in the account of somebody else."""
    browser = home.browser()
    browser.post(LOG_IN, 403, email=EMAIL, password=PASSWORD, token="x")
    page = home.browser().get(LOG_IN)
    browser.post(LOG_IN, 403, email=EMAIL, password=PASSWORD, token=page.one("input", name="token").attributes["value"])
    assert browser.session is None


def counts(home: House) -> dict[str, list[object]]:
    """Every row of the database, but for when a session was used."""
    with home.store.reading() as session:
        tables = {t.name: [tuple(row) for row in session.execute(select(t))] for t in Table.metadata.sorted_tables}
    return {name: rows for name, rows in tables.items() if name != "audit"}


@pytest.mark.req("V18")
def test_reading_changes_nothing(home: House, sanne: Browser) -> None:
    before = counts(home)
    for rule in home.app.url_map.iter_rules():
        if rule.rule.startswith("/account") and "GET" in (rule.methods or set()) and not rule.arguments:
            sanne.client.get(rule.rule)
    assert counts(home) == before


@pytest.mark.req("V23")
@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"current": "", "new": NEW, "again": NEW}, ["Vul uw huidige wachtwoord in."]),
        ({"current": PASSWORD, "new": "kort", "again": "kort"}, ["minstens 12 tekens"]),
        ({"current": PASSWORD, "new": "welkom123456", "again": "welkom123456"}, ["te makkelijk te raden"]),
        ({"current": PASSWORD, "new": "sanne@kennis.example", "again": "sanne@kennis.example"}, ["te makkelijk"]),
        ({"current": PASSWORD, "new": NEW, "again": NEW + "x"}, ["niet hetzelfde"]),
        ({"current": "", "new": "kort", "again": ""}, ["Vul uw huidige wachtwoord in.", "minstens 12 tekens"]),
        ({"current": "iets heel anders", "new": NEW, "again": NEW}, ["niet uw huidige wachtwoord"]),
    ],
)
def test_a_password_that_will_not_do_is_told_and_changes_nothing(
    home: House, sanne: Browser, form: dict[str, str], told: list[str]
) -> None:
    before = home.find().password_hash
    page = sanne.send(PASSWORD_PAGE, PASSWORD_PAGE, 400, **form)
    found = faults(page)
    assert len(found) == len(told)
    assert all(part in sentence for part, sentence in zip(told, found, strict=True))
    assert home.find().password_hash == before
    assert sanne.last is not None
    assert not any(
        value in sanne.last.text for name, value in form.items() if value and name != "new" and value != EMAIL
    )


@pytest.mark.req("V23", "V26")
def test_a_new_password_ends_all_other_sessions(home: House, sanne: Browser) -> None:
    elsewhere = home.browser().log_in()
    old = sanne.session
    page = sanne.send(PASSWORD_PAGE, PASSWORD_PAGE, 200, current=PASSWORD, new=NEW, again=NEW)
    assert "veranderd" in page.one("h1").text
    assert sanne.session != old
    sanne.get("/account")
    elsewhere.get("/account", 401)
    home.browser().send(LOG_IN, LOG_IN, 401, email=EMAIL, password=PASSWORD)
    home.browser().log_in(password=NEW)


@pytest.mark.req("V24")
def test_guessing_the_password_of_an_open_session_is_slowed_down(home: House, sanne: Browser) -> None:
    form = {"current": "verkeerd", "new": NEW, "again": NEW}
    for _ in range(5):
        sanne.send(PASSWORD_PAGE, PASSWORD_PAGE, 400, **form)
    sanne.send(PASSWORD_PAGE, PASSWORD_PAGE, 429, **form | {"current": PASSWORD})
    assert sanne.last is not None
    assert int(sanne.last.headers["Retry-After"]) > 0


@pytest.mark.req("V26")
@pytest.mark.parametrize("change", ["disable", "set_password"])
def test_what_was_proven_must_still_hold_when_a_session_begins(home: House, sanne: Browser, change: str) -> None:
    seen, token = home.find(), sanne.session
    assert token is not None
    with home.store.transaction() as session:
        account = accounts.find(session, seen.id)
        if change == "disable":
            accounts.disable(session, account, now=home.clock(), by=COMMAND)
        else:
            accounts.set_password(session, account, ready("een heel ander wachtwoord"), now=home.clock(), by=COMMAND)
    before = counts(home)
    with home.app.test_request_context():
        with pytest.raises(Unauthorized):
            visitors.welcome(seen, None)
        with pytest.raises(Unauthorized):
            account_password._changed(visitors.Visitor(seen, token), seen, ready(NEW))
    assert counts(home) == before


def test_nobody_waits_to_write_while_a_new_password_is_hashed(home: House, sanne: Browser) -> None:
    slow = Cost(passes=100, memory=8192, lanes=1)
    home.app.extensions[EXTENSION] = replace(home.app.extensions[EXTENSION], cost=slow)
    impatient = Store(home.store.url, busy_seconds=0.3)
    with ThreadPoolExecutor(1) as threads:
        changing = threads.submit(sanne.send, PASSWORD_PAGE, PASSWORD_PAGE, 200, current=PASSWORD, new=NEW, again=NEW)
        while not changing.done():
            with impatient.transaction():
                pass
            # SQLite has no queue: who asks again at once may keep out the page itself.
            time.sleep(0.02)
    impatient.close()
    assert "veranderd" in changing.result().one("h1").text


@pytest.mark.req("V23")
def test_a_password_may_be_pasted_and_kept_by_a_password_manager(sanne: Browser) -> None:
    page = sanne.get(PASSWORD_PAGE)
    kinds = {n.attributes["id"]: n.attributes["autocomplete"] for n in page.all("input", type="password")}
    assert kinds == {"current": "current-password", "new": "new-password", "again": "new-password"}
    assert not [n for n in page.walk() if any(name.startswith("on") for name in n.attributes)]
    assert not [n for n in page.all("input", type="password") if "maxlength" in n.attributes]


@pytest.mark.req("V25")
def test_a_key_is_shown_once_and_works(home: House, sanne: Browser) -> None:
    page = sanne.send(KEYS, KEYS, 200, current=PASSWORD, name="website", scopes=["read", "contribute"], term="90")
    text = page.one("p", class_="kennis-secret").text
    assert sanne.last is not None
    assert sanne.last.headers["Cache-Control"] == "private, no-store"
    caller = keys.authenticate(home.store, text, home.clock().date())
    assert (caller.actor.id, caller.scopes) == (home.find().id, {"read", "contribute"})
    for path in MINE:
        sanne.get(path)
        assert text not in (sanne.last.text if sanne.last else "")
    listed = sanne.get(KEYS).one("ul", class_="kennis-keys").text
    assert "website" in listed
    assert text[:15] in listed
    assert "Geldt tot en met 22 februari 2027" in listed
    assert text not in str(counts(home))


@pytest.mark.req("A5")
@pytest.mark.parametrize(
    ("form", "told"),
    [
        (
            {"name": "", "term": "90"},
            ["Geef de sleutel een naam van hoogstens 100 tekens.", "Kies wat de sleutel mag."],
        ),
        ({"name": "x" * 101, "scopes": "read", "term": "90"}, ["Geef de sleutel een naam van hoogstens 100 tekens."]),
        ({"name": "n", "scopes": "read", "term": "99999"}, ["Kies hoe lang de sleutel geldt."]),
        ({"name": "n", "scopes": "read", "term": ""}, ["Kies hoe lang de sleutel geldt."]),
        ({"name": "n", "scopes": "admin", "term": "90"}, ["Voor admin is de rol admin nodig."]),
        ({"name": "n", "scopes": "alles", "term": "90"}, ["Kies een of meer van"]),
        ({"name": "bestaat", "scopes": "read", "term": "90"}, ["U hebt al een sleutel met deze naam."]),
    ],
)
def test_a_key_that_cannot_be_made_is_told(home: House, sanne: Browser, form: dict[str, str], told: list[str]) -> None:
    sanne.send(KEYS, KEYS, 200, current=PASSWORD, name="bestaat", scopes="read", term="30")
    page = sanne.send(KEYS, KEYS, 400, current=PASSWORD, **form)
    assert len(faults(page)) == len(told)
    assert all(part in sentence for part, sentence in zip(told, faults(page), strict=True))
    with home.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(ApiKey)) == 1


def test_the_same_form_sent_twice_makes_one_key(home: House, sanne: Browser) -> None:
    token = sanne.get(KEYS).one("form", action=KEYS).one("input", name="token").attributes["value"]
    form = {"name": "website", "scopes": "read", "term": "90", "token": token, "current": PASSWORD}
    sanne.post(KEYS, 200, **form)
    sanne.post(KEYS, 400, **form)
    with home.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(ApiKey)) == 1


KEY = {"name": "website", "scopes": "read", "term": "90"}


def number_of_keys(home: House) -> int:
    with home.store.reading() as session:
        return session.scalar(select(func.count()).select_from(ApiKey)) or 0


@pytest.mark.req("V25")
def test_a_session_alone_makes_no_key(home: House, sanne: Browser) -> None:
    """A key outlives the session and a change of password: who took over a browser must not have one."""
    form = sanne.get(KEYS).one("form", action=KEYS)
    assert form.one("input", type="password").attributes["autocomplete"] == "current-password"
    assert faults(sanne.send(KEYS, KEYS, 400, **KEY)) == ["Vul uw huidige wachtwoord in."]
    for _ in range(5):
        page = sanne.send(KEYS, KEYS, 400, **KEY, current="verkeerd")
        assert faults(page) == ["Dit is niet uw huidige wachtwoord."]
        assert page.one("input", id="name").attributes["value"] == "website"
    page = sanne.send(KEYS, KEYS, 429, **KEY, current=PASSWORD)
    assert sanne.last is not None
    assert int(sanne.last.headers["Retry-After"]) > 0
    assert PASSWORD not in sanne.last.text
    assert number_of_keys(home) == 0
    home.clock.advance(minutes=2)
    sanne.send(KEYS, KEYS, 200, **KEY, current=PASSWORD)


@pytest.mark.req("V25")
def test_who_has_no_password_logs_in_anew_to_make_a_key(tmp_path: Path) -> None:
    settings = {"KENNIS_OIDC_ISSUER": "http://127.0.0.1:9", "KENNIS_OIDC_CLIENT_ID": "kennis"}
    with house(tmp_path / "elsewhere", **settings) as home:
        account, browser = home.account("elders@kennis.example", password=None), home.browser()
        token = home.store.write(lambda session: sessions.begin(session, account, home.clock()))
        browser.client.set_cookie(SESSION, token)
        home.clock.advance(minutes=14)
        form = browser.get(KEYS).one("form", action=KEYS)
        assert not form.all("input", type="password")
        browser.send(KEYS, KEYS, 200, **KEY)
        home.clock.advance(minutes=1)
        page = browser.get(KEYS)
        assert not [f for f in page.all("form") if f.attributes["action"] == KEYS]
        assert [a.text for a in page.all("a") if a.attributes["href"] == "/account/elders?next=sleutels"]
        hidden = page.all("input", name="token")[0].attributes["value"]
        assert "te lang geleden" in faults(browser.post(KEYS, 403, **KEY | {"name": "later"}, token=hidden))[0]
        assert number_of_keys(home) == 1


def test_two_clicks_at_once_make_one_key_and_twenty_are_enough(home: House, sanne: Browser) -> None:
    """Both have seen that there is none of this name yet: only the transaction knows better."""
    account, token = home.find(), sanne.session
    assert token is not None
    visitor = visitors.Visitor(account, token)
    with home.app.test_request_context(KEYS, method="POST", data=KEY), home.store.transaction() as session:
        account_keys._issue(session, visitor, account)
        with pytest.raises(Invalid):
            account_keys._issue(session, visitor, account)
    for number in range(19):
        sanne.send(KEYS, KEYS, 200, **KEY | {"name": f"nummer {number}"}, current=PASSWORD)
    page = sanne.send(KEYS, KEYS, 400, **KEY | {"name": "nog een"}, current=PASSWORD)
    assert faults(page) == ["U hebt al 20 sleutels. Trek er eerst een in."]
    assert number_of_keys(home) == 20


def test_after_a_change_of_password_keys_go_on_and_that_is_told(sanne: Browser) -> None:
    form = {"current": PASSWORD, "new": NEW, "again": NEW}
    assert "sleutel" not in sanne.send(PASSWORD_PAGE, PASSWORD_PAGE, 200, **form).one("main").text
    sanne.send(KEYS, KEYS, 200, **KEY, current=NEW)
    form = {"current": NEW, "new": PASSWORD, "again": PASSWORD}
    main = sanne.send(PASSWORD_PAGE, PASSWORD_PAGE, 200, **form).one("main")
    assert "U hebt 1 sleutel voor een programma. Die geldt nog." in main.text
    assert KEYS in [a.attributes["href"] for a in main.all("a")]


def test_only_rights_of_the_own_role_are_offered(home: House, sanne: Browser) -> None:
    home.account("bij@kennis.example", role="contributor")
    offered = {
        name: {box.attributes["value"] for box in browser.get(KEYS).all("input", name="scopes")}
        for name, browser in (("editor", sanne), ("contributor", home.browser().log_in("bij@kennis.example")))
    }
    assert offered["contributor"] == {"read", "contribute", "webhooks"}
    assert offered["editor"] == {"read", "contribute", "webhooks", "review", "edit", "moderate"}


def test_a_key_that_is_taken_back_works_no_longer(home: House, sanne: Browser) -> None:
    text = (
        sanne.send(KEYS, KEYS, 200, current=PASSWORD, name="weg", scopes="read", term="30")
        .one("p", class_="kennis-secret")
        .text
    )
    (form,) = [f for f in sanne.get(KEYS).all("form") if f.attributes["action"].endswith("/intrekken")]
    sanne.send(KEYS, form.attributes["action"])
    assert sanne.location == KEYS
    with pytest.raises(Exception, match="not valid"):
        keys.authenticate(home.store, text, home.clock().date())
    assert "weg: ingetrokken op 24 november 2026" in sanne.get(KEYS).text


def test_a_key_of_somebody_else_is_not_there(home: House, sanne: Browser) -> None:
    home.account("ander@kennis.example", role="admin")
    sanne.send(KEYS, KEYS, 200, current=PASSWORD, name="van sanne", scopes="read", term="30")
    with home.store.reading() as session:
        (key,) = session.scalars(select(ApiKey)).all()
    other = home.browser().log_in("ander@kennis.example")
    token = other.get(KEYS).one("form", action=KEYS).one("input", name="token").attributes["value"]
    for key_id in (key.id, "bestaat-niet", "x" * 500):
        other.post(f"{KEYS}/{key_id}/intrekken", 404, token=token)
    with home.store.reading() as session:
        rows = session.scalars(select(Audit).where(Audit.operation == "revoke_key").order_by(Audit.id)).all()
    stranger = home.find("ander@kennis.example").id
    assert [(row.outcome, row.subject_id, row.detail) for row in rows] == [
        ("refused", key.id, "Hidden"), ("failed", stranger, "NotFound"), ("failed", stranger, "NotFound"),
    ]  # fmt: skip
    assert "van sanne" not in other.get(KEYS).text
    assert "van sanne" in sanne.get(KEYS).one("ul", class_="kennis-keys").text


def test_who_logs_in_elsewhere_has_no_password_to_change(home: House) -> None:
    home.account("elders@kennis.example", password=None)
    browser = home.browser()
    browser.send(LOG_IN, LOG_IN, 401, email="elders@kennis.example", password=PASSWORD)


@pytest.mark.req("X1", "X7", "X10", "A2", "V16")
@pytest.mark.parametrize("path", [*MINE, LOG_IN, "/account/uitgelogd"])
def test_own_pages_keep_what_holds_for_every_page(home: House, sanne: Browser, path: str) -> None:
    browser = sanne if path in MINE else home.browser()
    page = browser.get(path)
    skip, leave = page.focusable()[:2]
    assert (skip.attributes["href"], leave.attributes["href"]) == ("#inhoud", "/weg")
    assert {a.attributes["href"] for a in page.one("aside").all("a")} == {"tel:112", "tel:08002000"}
    assert page.one("html").attributes["lang"] == "nl"
    assert page.one("h1").text in page.one("title").text
    assert not page.all("script")
    assert not [n for n in page.walk() if "style" in n.attributes]
    loaded = [n.attributes["href"] for n in page.all("link")] + [n.attributes["src"] for n in page.all("img")]
    assert [address for address in loaded if not address.startswith("/static/")] == []
    assert browser.last is not None
    assert browser.last.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in browser.last.headers


def test_every_own_page_has_its_own_title(home: House, sanne: Browser) -> None:
    titles = [sanne.get(path).one("title").text for path in MINE]
    titles += [home.browser().get(path).one("title").text for path in (LOG_IN, "/account/uitgelogd")]
    assert len(set(titles)) == len(titles)


def test_pages_for_readers_set_no_cookie_and_lead_to_the_login_from_below_only(home: House) -> None:
    answer = home.app.test_client().get("/lessen/bestaat-niet")
    assert "Set-Cookie" not in answer.headers
    assert answer.text.count(LOG_IN) == 1
    assert answer.text.index(LOG_IN) > answer.text.index("<footer")


@pytest.mark.req("V36")
def test_logs_and_audit_hold_who_but_never_what_was_typed(home: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    browser = home.browser()
    browser.send(LOG_IN, LOG_IN, 401, email=EMAIL, password="geheim-kanarie-een")
    browser.send(LOG_IN, LOG_IN, 401, email="kanarie@kennis.example", password="geheim-kanarie-een")
    browser.log_in()
    token = browser.session
    browser.send(PASSWORD_PAGE, PASSWORD_PAGE, 200, current=PASSWORD, new=NEW, again=NEW)
    text = (
        browser.send(KEYS, KEYS, 200, current=NEW, name="kanarie", scopes="read", term="30")
        .one("p", class_="kennis-secret")
        .text
    )
    browser.send("/account", LOG_OUT)
    with home.store.reading() as session:
        rows = [tuple(vars(row).values()) for row in session.scalars(select(Audit))]
    kept = caplog.text + str(rows)
    assert rows
    assert token is not None
    secrets = (PASSWORD, NEW, text, token, "geheim-kanarie", "kanarie@", EMAIL)
    assert [secret for secret in secrets if secret in kept] == []
