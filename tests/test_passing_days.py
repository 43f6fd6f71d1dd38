"""What a reader sees when days go by and nobody does anything, of the API and on the pages, without a daily job."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from kennis.app import create_app
from kennis.config import Config
from kennis.content import entries, refreshing, tracks
from kennis.content.kinds import KINDS
from kennis.errors import Conflict
from kennis.installation import Kennis, assemble
from kennis.store import Store
from kennis.store.models import Entry
from tests.factories import make_recognition
from tests.unit.content.desk import (
    CONTEXT,
    EDITOR,
    SECOND,
    WORKER,
    a_draft,
    an_organisation,
    bring_to_review,
    later,
    published,
)
from tests.web.dom import parse

pytestmark = pytest.mark.slow
TODAY = CONTEXT.today
SOURCES = [{"title": "Een databank", "kind": "database", "url": "https://bron.example/"}]


@dataclass(frozen=True)
class Library:
    """One entry of each kind, all checked on the day on which they were published."""

    parts: Kennis
    ids: dict[str, str]

    def client(self, day: date) -> FlaskClient:
        return create_app(
            self.parts.config, store=self.parts.store, engine=self.parts.engine, today=lambda: day
        ).test_client()

    def item(self, kind: str, day: date) -> dict[str, Any]:
        answer = self.client(day).get(f"/v1/{KINDS[kind].collection}/{self.ids[kind]}")
        assert answer.status_code == 200
        found: dict[str, Any] = answer.get_json()
        return found

    def page(self, kind: str, day: date) -> str:
        with self.parts.store.reading() as session:
            slug = session.get_one(Entry, self.ids[kind]).slug
        name = self.ids[kind] if KINDS[kind].page_is_id else slug
        answer = self.client(day).get(f"/{KINDS[kind].page}/{name}")
        assert answer.status_code == 200
        return parse(answer.text).one("main").text

    def is_found(self, kind: str, day: date, **asked: str) -> tuple[bool, bool]:
        """In the results of the API, and on the search page."""
        client = self.client(day)
        listed = client.get(f"/v1/{KINDS[kind].collection}", query_string=asked).get_json()["items"]
        shown = client.get("/", query_string={"kind": kind, **asked}).text
        return self.ids[kind] in [item["id"] for item in listed], f"Tekst over {kind}" in shown


@contextmanager
def opened(config: Config, fill: Callable[[Store], dict[str, str]]) -> Iterator[Library]:
    parts = assemble(config)
    parts.store.upgrade()
    ids = fill(parts.store)
    parts.indexer.catch_up()
    yield Library(parts, ids)
    parts.store.close()
    parts.engine.close()


@pytest.fixture
def library(config: Config) -> Iterator[Library]:
    def fill(store: Store) -> dict[str, str]:
        with store.transaction() as session:
            given: dict[str, Any] = {kind: {} for kind in KINDS}
            given["training"] = given["help-offer"] = {"checkedAt": TODAY.isoformat()}
            given["intervention"] = {
                "sources": SOURCES,
                "recognitions": [make_recognition(awarded="2022", validUntil="2027-06-30")],
            }
            return {
                kind: published(session, kind, title=f"Tekst over {kind}", **more).id for kind, more in given.items()
            }

    with opened(config, fill) as made:
        yield made


DUE = {
    "intervention": "2028-11-24", "method": "2028-11-24", "lesson": "2029-11-24", "story": "2031-11-24",
    "training": "2027-11-24", "help-offer": "2027-05-24",
}  # fmt: skip
STALE_FROM = {
    "intervention": "2029-02-24", "method": "2029-02-24", "lesson": "2030-02-24", "training": "2027-11-24",
    "help-offer": "2027-05-23",
}  # fmt: skip


def test_each_kind_has_its_own_day_to_be_checked(library: Library) -> None:
    assert {kind: library.item(kind, TODAY)["reviewDue"] for kind in KINDS} == DUE


def test_from_its_day_on_a_reader_is_told_that_nobody_looked(library: Library) -> None:
    for kind, since in STALE_FROM.items():
        first = date.fromisoformat(since)
        for day, is_stale in ((first - timedelta(days=1), False), (first, True)):
            assert library.item(kind, day)["derived"]["isStale"] == is_stale, (kind, day)
            assert ("Niet gecontroleerd sinds 24 november 2026" in library.page(kind, day)) == is_stale, (kind, day)
    assert not library.item("story", date(2040, 1, 1))["derived"]["isStale"]


def test_a_recognition_that_has_lapsed_changes_its_badge(library: Library) -> None:
    last = date(2027, 6, 30)
    for day, status, is_expired in ((last, "geldig", False), (last + timedelta(days=1), "verlopen", True)):
        derived = library.item("intervention", day)["derived"]
        assert (derived["recognitionStatus"], derived["isExpired"]) == (status, is_expired)
        (card,) = library.client(day).get("/v1/interventions").get_json()["items"]
        assert (card["recognition"]["status"]["code"], card["isExpired"]) == (status, is_expired)
        words = "Termijn verstreken in 2027: vraag de huidige stand na"
        assert (words in library.page("intervention", day)) == is_expired
        assert (words in library.client(day).get("/?kind=intervention").text) == is_expired
        assert library.is_found("intervention", day) == (True, True)
        assert library.is_found("intervention", day, includeExpired="false") == (not is_expired, not is_expired)


@pytest.mark.req("T21")
def test_a_help_offer_leaves_the_results_after_a_year(library: Library) -> None:
    last = TODAY + timedelta(days=364)
    for day, is_there in ((last, True), (last + timedelta(days=1), False)):
        for asked in ({}, {"includeExpired": "true"}, {"sort": "checked"}):
            assert library.is_found("help-offer", day, **asked) == (is_there, is_there), (day, asked)
        assert (library.item("help-offer", day).get("archiveReason") is None) == is_there
        assert ("0800-2000" in library.page("help-offer", day)) == is_there


def test_a_training_of_two_years_ago_is_found_only_by_who_asks_for_it(library: Library) -> None:
    last = date(2028, 11, 23)
    for day, is_there in ((last, True), (last + timedelta(days=1), False)):
        assert library.is_found("training", day) == (is_there, is_there)
        assert library.is_found("training", day, includeExpired="true") == (True, True)
        assert library.item("training", day)["derived"]["isExpired"] != is_there


def test_the_daily_job_changes_nothing_that_a_reader_saw(library: Library) -> None:
    """But for the numbers of versions, which tell partners that there is something to fetch."""
    day = date(2029, 3, 1)
    before = {kind: library.page(kind, day) for kind in KINDS}
    done = refreshing.refresh(library.parts.store, later((day - TODAY).days))
    assert (done.archived, done.rendered) == (1, 3)
    library.parts.indexer.apply_all()
    assert {kind: library.page(kind, day) for kind in KINDS} == before


@pytest.mark.parametrize(("days", "is_passed"), [(29, False), (30, True)])
def test_a_review_nobody_gave_for_a_month_may_be_passed_and_that_is_shown(
    config: Config, days: int, is_passed: bool
) -> None:
    def fill(store: Store) -> dict[str, str]:
        with store.transaction() as session:
            an_organisation(session)
            method = bring_to_review(session, a_draft(session, title="Tekst over method", targetGroups=["kind"]))
            entries.approve(session, method.id, "editorial", EDITOR, CONTEXT)
            assert {t.track for t in tracks.tasks(session, method.id)} == {"editorial", "practice", "experience"}
            if is_passed:
                entries.publish(session, method.id, SECOND, later(days))
            else:
                with pytest.raises(Conflict, match="practice, experience"):
                    entries.publish(session, method.id, SECOND, later(days))
            return {"method": method.id}

    with opened(config, fill) as library:
        if not is_passed:
            return
        assert library.item("method", TODAY)["passedTracks"] == ["experience", "practice"]
        assert [r["track"] for r in library.item("method", TODAY)["reviews"]] == ["editorial"]
        page = library.page("method", TODAY)
        assert "Geen praktijktoets" in page
        assert "Geen ervaringstoets" in page


def test_science_and_editors_cannot_be_passed(store: Store) -> None:
    with store.transaction() as session:
        recognitions = [make_recognition(awarded="2022")]
        draft = a_draft(session, targetGroups=["gezin"], sources=SOURCES, recognitions=recognitions)
        bring_to_review(session, draft)
        with pytest.raises(Conflict, match="editorial, science"):
            entries.publish(session, draft.id, SECOND, later(400))


def test_what_was_passed_is_asked_again_and_forgotten_once_it_was_given(config: Config) -> None:
    def fill(store: Store) -> dict[str, str]:
        with store.transaction() as session:
            method = bring_to_review(session, a_draft(session, title="Tekst over method", targetGroups=["gezin"]))
            entries.approve(session, method.id, "editorial", EDITOR, CONTEXT)
            entries.publish(session, method.id, SECOND, later(30))
            entries.confirm(session, method.id, EDITOR, later(31))
            return {"method": method.id}

    with opened(config, fill) as library:
        (entry_id,) = library.ids.values()
        assert library.item("method", TODAY)["passedTracks"] == ["practice"]
        with library.parts.store.transaction() as session:
            document = {**entries.view(session, [entry_id])[0].content, "title": "Een andere naam"}
            entries.revise(session, entry_id, document, EDITOR, later(40))
            entries.submit(session, entry_id, EDITOR, later(40), copy=True)
            assert [t.track for t in tracks.tasks(session, entry_id, is_copy=True)] == ["editorial", "practice"]
            entries.approve(session, entry_id, "editorial", SECOND, later(40), copy=True)
            entries.approve(session, entry_id, "practice", WORKER, later(40), copy=True)
        assert library.item("method", TODAY)["passedTracks"] == ["practice"], "the text that is read was not judged"
        with library.parts.store.transaction() as session:
            entries.publish(session, entry_id, SECOND, later(41), copy=True)
        item = library.item("method", TODAY)
        assert "passedTracks" not in item
        assert [r["track"] for r in item["reviews"]] == ["editorial", "practice"]
