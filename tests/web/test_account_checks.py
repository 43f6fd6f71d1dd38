"""The page with what one is reminded of: from the mail to the button, as its owner and as nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from kennis.content import entries, refreshing
from kennis.content.context import Context
from kennis.installation import EXTENSION
from kennis.store.models import Audit, Entry
from kennis.store.people import Mail
from tests.unit.content.desk import CONTEXT, SECOND, WORKER, a_draft, approve_all, bring_to_review, published
from tests.web.house import EMAIL, House, house

CHECKS = "/account/nakijken"
NOTHING = "Er is nu niets dat u moet nakijken."


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path / "house") as found:
        found.account(role="contributor")
        found.account("ander@kennis.example", role="contributor")
        yield found


def a_text(home: House, email: str = EMAIL, review_due: str = "2026-11-01") -> str:
    """Of this account, to be checked on this day."""
    with home.store.transaction() as session:
        entry = published(session, title="Veilig samen verder")
        entry.owned_by, entry.review_due = home.find(email).id, review_due
        return entry.id


def remind(home: House) -> None:
    refreshing.refresh(home.store, Context(home.clock(), "https://kennis.example"), is_mailing=True)


def test_a_text_is_confirmed_from_the_link_in_the_mail(home: House) -> None:
    entry_id = a_text(home)
    remind(home)
    with home.store.reading() as session:
        (mail,) = session.scalars(select(Mail)).all()
    link = next(line for line in mail.body.splitlines() if "Klopt nog: " in line).partition("https://kennis.example")[2]
    path, _, fragment = link.partition("#")
    browser = home.browser()
    browser.get(path, 401)
    browser.log_in()
    page = browser.get(path)
    (item,) = page.all("li", class_="kennis-keys__item")
    assert item.attributes["id"] == fragment
    assert "Veilig samen verder" in item.text
    assert "Dit moet nu worden gecontroleerd. Klopt het nog?" in item.text
    assert item.one("a").attributes["href"] == "/methodes/veilig-samen-verder"
    woken = home.app.extensions[EXTENSION].indexer.woken
    assert not woken.is_set()
    browser.send(CHECKS, f"{CHECKS}/{entry_id}")
    assert browser.location == CHECKS
    assert woken.is_set()
    assert NOTHING in browser.get(CHECKS).text
    with home.store.reading() as session:
        today = home.clock().date().isoformat()
        entry = session.get_one(Entry, entry_id)
        assert (entry.checked_at, entry.version) == (today, 2)
        told = select(Audit.actor_id, Audit.outcome).where(Audit.operation == "confirm")
        assert session.execute(told).all() == [(home.find().id, "done")]


def test_nobody_else_confirms_it(home: House) -> None:
    entry_id = a_text(home, "ander@kennis.example")
    mine = a_text(home)
    remind(home)
    sanne = home.browser().log_in()
    assert "Veilig samen verder" in sanne.get(CHECKS).text
    token = sanne.get(CHECKS).one("form", action=f"{CHECKS}/{mine}").one("input", name="token").attributes["value"]
    sanne.post(f"{CHECKS}/{entry_id}", 403, token=token)
    with home.store.reading() as session:
        assert session.get_one(Entry, entry_id).version == 1
        told = select(Audit.outcome, Audit.subject_id).where(Audit.operation == "confirm")
        assert session.execute(told).all() == [("refused", entry_id)]


@pytest.mark.req("V18")
def test_no_other_site_confirms_anything(home: House) -> None:
    entry_id = a_text(home)
    sanne = home.browser().log_in()
    sanne.post(f"{CHECKS}/{entry_id}", 403)
    sanne.post(f"{CHECKS}/{entry_id}", 403, token="0" * 64)
    sanne.get(f"{CHECKS}/{entry_id}", 405)
    with home.store.reading() as session:
        assert session.get_one(Entry, entry_id).version == 1


@pytest.mark.parametrize("unknown", ["7c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f", "een", "%00"])
def test_what_does_not_exist_is_not_found(home: House, unknown: str) -> None:
    sanne = home.browser().log_in()
    a_text(home)
    remind(home)
    token = sanne.get(CHECKS).one("main").one("input", name="token").attributes["value"]
    sanne.post(f"{CHECKS}/{unknown}", 404, token=token)


def test_what_came_back_is_shown_from_the_link_in_the_mail(home: House) -> None:
    home.account("redactie@kennis.example", role="editor")
    with home.store.transaction() as session:
        draft = bring_to_review(session, a_draft(session, title="Samen aan tafel"))
        draft.owned_by = home.find().id
        entries.return_(session, draft.id, "practice", "Beschrijf de stappen beter.", WORKER, CONTEXT)
        draft_id = draft.id
    home.clock.moment = CONTEXT.now
    remind(home)
    with home.store.reading() as session:
        (mail,) = session.scalars(select(Mail)).all()
    assert f"https://kennis.example{CHECKS}#t-{draft_id}" in mail.body
    (item,) = home.browser().log_in().get(CHECKS).all("li", class_="kennis-keys__item")
    assert item.attributes["id"] == f"t-{draft_id}"
    assert "Samen aan tafel" in item.text
    assert "U kreeg dit terug. Past u het aan?" in item.text
    assert (item.all("a"), item.all("button")) == ([], [])
    assert NOTHING in home.browser().log_in("ander@kennis.example").get(CHECKS).text


def test_a_text_that_is_under_review_has_no_button(home: House) -> None:
    home.account("redactie@kennis.example", role="editor")
    with home.store.transaction() as session:
        draft = bring_to_review(session, a_draft(session, title="Samen aan tafel", targetGroups=["gezin"]))
        draft_id = draft.id
    home.clock.moment = CONTEXT.now
    home.clock.advance(days=20)
    remind(home)
    page = home.browser().log_in("redactie@kennis.example").get(CHECKS)
    (item,) = page.all("li", class_="kennis-keys__item")
    assert "Samen aan tafel" in item.text
    assert "Dit wacht op een oordeel: Redactie." in item.text
    assert (item.all("a"), item.all("button")) == ([], [])
    with home.store.transaction() as session:
        approve_all(session, draft_id)
        entries.publish(session, draft_id, SECOND, CONTEXT)
    assert NOTHING in home.browser().log_in("redactie@kennis.example").get(CHECKS).text
