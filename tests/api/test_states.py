"""What the public sees of an entry in each state of its life, and what becomes of addresses that were handed out."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from kennis import clock
from kennis.access import policy
from kennis.access.policy import Actor
from kennis.app import create_app
from kennis.config import Config
from kennis.content import entries, exchange, organisations, publication
from kennis.content.arrivals import Loading
from kennis.content.context import Context
from kennis.installation import EXTENSION, Kennis
from kennis.store.models import Entry
from tests import factories

LESSON = "11111111-1111-4111-8111-111111111111"
METHOD = "22222222-2222-4222-8222-222222222222"
STORY = "33333333-3333-4333-8333-333333333333"
TRAINING = "55555555-5555-4555-8555-555555555555"
OFFER = "66666666-6666-4666-8666-666666666666"
OTHER_ORGANISATION = "44444444-4444-4444-8444-444444444444"
ADMIN = policy.system("test")
SECRET = "geheimwoord"


@dataclass
class Desk:
    """A site of its own that may be written to."""

    parts: Kennis
    app: Flask
    context: Context
    actor: Actor = field(default=ADMIN)

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def do(self, step: Callable[[Session], object]) -> None:
        with self.parts.store.transaction() as session:
            step(session)
        self.parts.indexer.apply_all()


@pytest.fixture
def desk(config: Config) -> Iterator[Desk]:
    app = create_app(config)
    parts: Kennis = app.extensions[EXTENSION]
    parts.store.upgrade()
    context = Context(clock.now(), config.public_url)
    documents = [
        {"kind": "organisation", "id": factories.ORGANISATION, **factories.make_organisation()},
        {"kind": "organisation", "id": OTHER_ORGANISATION, **factories.make_organisation(name="Het Oude Huis")},
        {"kind": "method", "id": METHOD, **factories.make_entry("method", title="Een methode")},
        {
            "kind": "lesson", "id": LESSON,
            **factories.make_entry(
                "lesson", title="Een les", context=f"Hier staat {SECRET} in de tekst van de les.",
                relations=[{"kind": "about", "targetId": METHOD}],
            ),
        },
        {"kind": "story", "id": STORY, **factories.make_entry("story", title="Een verhaal", isExample=True)},
    ]  # fmt: skip
    report = exchange.import_lines(parts.store, [orjson.dumps(d) for d in documents], context)
    assert report.problems == []
    parts.indexer.catch_up()
    yield Desk(parts, app, context)
    parts.store.close()
    parts.engine.close()


def everything(client: FlaskClient) -> str:
    """What the public reads answer, in one text."""
    addresses = ["/v1/entries?fields=full&pageSize=100", f"/v1/suggestions?q={SECRET[:-1]}"]
    addresses += [f"/v1/methods/{METHOD}", f"/v1/methods/{METHOD}/related", f"/v1/lessons/{LESSON}"]
    addresses += [f"/v1/lessons/{LESSON}/revisions/1", f"/v1/lessons/{LESSON}/related"]
    hidden = client.post("/v1/entries/_search", json={"q": SECRET[:-1], "highlight": True}).get_data(as_text=True)
    return hidden + "".join(client.get(address).get_data(as_text=True) for address in addresses)


def test_a_draft_is_nobodys(desk: Desk) -> None:
    made: list[Entry] = []
    desk.do(lambda s: made.append(entries.create(s, "lesson", {"title": "Concept"}, desk.actor, desk.context)))
    client = desk.client()
    for path in ("", "/related", "/revisions", "/revisions/1"):
        assert client.get(f"/v1/lessons/{made[0].id}{path}").status_code == 404
    assert client.get("/v1/comparisons", query_string=[("id", made[0].id), ("id", METHOD)]).status_code == 404


def test_an_archived_entry_answers_with_six_properties_and_nothing_else(desk: Desk) -> None:
    client = desk.client()
    before = client.get(f"/v1/lessons/{LESSON}").headers["ETag"]
    desk.do(lambda s: entries.archive(s, LESSON, "outdated", desk.actor, desk.context))
    response = client.get(f"/v1/lessons/{LESSON}", headers={"If-None-Match": before})
    assert response.status_code == 200
    assert set(response.get_json()) <= {"id", "kind", "title", "status", "archiveReason", "replacedById"}
    assert (response.get_json()["status"], response.get_json()["archiveReason"]) == ("archived", "outdated")
    assert SECRET not in everything(client)
    assert client.get(f"/v1/lessons/{LESSON}/revisions").status_code == 404
    assert client.get(f"/v1/lessons/{LESSON}/revisions/1").status_code == 404
    related = client.get(f"/v1/lessons/{LESSON}/related").get_json()
    assert (related["stored"], related["inverse"], related["similar"]) == ([], [], [])
    assert client.get("/v1/comparisons", query_string=[("id", LESSON), ("id", METHOD)]).status_code == 404
    assert client.get("/v1/lessons").get_json()["total"] == 0
    linked = client.get(f"/v1/lessons/{LESSON}", headers={"Accept": "application/ld+json"}).get_json(force=True)
    assert linked["name"] == "Een les"


def test_a_relation_to_an_archived_entry_shows_it_as_archived(desk: Desk) -> None:
    desk.do(lambda s: entries.archive(s, METHOD, "outdated", desk.actor, desk.context))
    (relation,) = desk.client().get(f"/v1/lessons/{LESSON}/related").get_json()["stored"]
    assert relation["entry"]["status"] == "archived"
    assert relation["kind"] == {"code": "about", "label": "gaat over"}


def test_a_withdrawn_entry_is_gone_in_every_answer_at_once(desk: Desk) -> None:
    client = desk.client()
    assert SECRET in everything(client)
    with desk.parts.store.transaction() as session:
        entries.withdraw(session, LESSON, desk.actor, desk.context)
    # The index has not been told yet: the database shows, so it is gone all the same.
    assert SECRET not in everything(client)
    for path in ("", "/related", "/revisions", "/revisions/1"):
        response = client.get(f"/v1/lessons/{LESSON}{path}")
        assert response.status_code == 410, path
        assert response.content_type == "application/problem+json"
    assert client.get(f"/v1/methods/{LESSON}").status_code == 404
    assert client.get("/v1/comparisons", query_string=[("id", LESSON), ("id", METHOD)]).status_code == 410
    assert client.get(f"/v1/methods/{METHOD}/related").get_json()["inverse"] == []


def test_a_story_taken_back_from_partners_is_gone_for_them(desk: Desk) -> None:
    client = desk.client()
    assert client.get(f"/v1/stories/{STORY}").status_code == 200

    def take_back(session: Session) -> None:
        session.get_one(Entry, STORY).partner_use = False
        publication.announce(session, desk.context, {STORY: publication.REMOVED})

    desk.do(take_back)
    assert client.get(f"/v1/stories/{STORY}").status_code == 410
    assert client.get("/v1/stories").get_json()["total"] == 0
    assert client.get("/v1/stories").get_json()["items"] == []


def test_a_story_that_never_went_to_partners_does_not_exist_for_them(desk: Desk) -> None:
    from sqlalchemy import update

    from kennis.store.models import Change

    def keep_home(session: Session) -> None:
        session.get_one(Entry, STORY).partner_use = False
        session.execute(update(Change).where(Change.entry_id == STORY).values(partner_use=False))
        publication.announce(session, desk.context, {STORY: publication.UPDATED})

    desk.do(keep_home)
    for path in ("", "/related"):
        assert desk.client().get(f"/v1/stories/{STORY}{path}").status_code == 404
    assert desk.client().get("/v1/comparisons", query_string=[("id", STORY), ("id", METHOD)]).status_code == 404


def test_a_suppressed_version_is_listed_and_its_text_gone(desk: Desk) -> None:
    def improve(session: Session) -> None:
        better = factories.make_entry("lesson", title="Een les", context="Hier staat niets geheims in deze tekst.")
        report = exchange.import_lines(
            desk.parts.store, [orjson.dumps({"kind": "lesson", "id": LESSON, **better})], desk.context
        )
        assert report.problems == []

    improve(None)  # type: ignore[arg-type]
    client = desk.client()
    base = f"/v1/lessons/{LESSON}/revisions"
    assert [one["version"] for one in client.get(base).get_json()["items"]] == [2, 1]
    assert SECRET in client.get(f"{base}/1").get_data(as_text=True)
    tag = client.get(base).headers["ETag"]
    desk.do(lambda s: entries.suppress_revision(s, LESSON, 1, desk.actor, desk.context))
    assert client.get(f"{base}/1").status_code == 410
    listed = client.get(base, headers={"If-None-Match": tag}).get_json()["items"]
    assert [one["isSuppressed"] for one in listed] == [False, True]


def test_an_earlier_version_does_not_name_what_is_hidden_now(desk: Desk) -> None:
    client = desk.client()
    first = client.get(f"/v1/lessons/{LESSON}/revisions/1").get_json()
    assert [r["targetId"] for r in first["relations"]] == [METHOD]
    desk.do(lambda s: entries.withdraw(s, METHOD, desk.actor, desk.context))
    assert METHOD not in client.get(f"/v1/lessons/{LESSON}/revisions/1").get_data(as_text=True)


def test_a_merged_organisation_leads_to_the_one_it_went_into(desk: Desk) -> None:
    client = desk.client()
    before = client.get("/v1/organisations").headers["ETag"]
    desk.do(lambda s: organisations.merge(s, OTHER_ORGANISATION, factories.ORGANISATION, desk.actor, desk.context))
    response = client.get(f"/v1/organisations/{OTHER_ORGANISATION}?lang=en")
    assert response.status_code == 308
    assert response.headers["Location"] == f"/v1/organisations/{factories.ORGANISATION}?lang=en"
    assert response.headers["API-Version"]
    survivor = client.get(response.headers["Location"]).get_json()
    assert survivor["mergedFrom"] == ["Het Oude Huis"]
    assert client.get("/v1/organisations", headers={"If-None-Match": before}).status_code == 200
    found = client.get("/v1/organisations?q=oude+huis").get_json()["items"]
    assert [one["id"] for one in found] == [factories.ORGANISATION]


def test_the_slug_of_a_merged_organisation_finds_what_the_one_it_went_into_finds(desk: Desk) -> None:
    links = [{"organisationId": factories.ORGANISATION, "role": "provider"}]
    offer = {"kind": "training", "id": TRAINING, **factories.make_entry("training", organisations=links)}
    assert exchange.import_lines(desk.parts.store, [orjson.dumps(offer)], desk.context).problems == []
    desk.parts.indexer.apply_all()
    client, old, new = desk.client(), "oude-huis", "huis-van-de-wind"
    asked = f"/v1/entries?organisation={old}&includeExpired=true"
    before = client.get(asked)
    assert before.get_json()["total"] == 0
    desk.do(lambda s: organisations.merge(s, OTHER_ORGANISATION, factories.ORGANISATION, desk.actor, desk.context))
    found = client.get(asked, headers={"If-None-Match": before.headers["ETag"]})
    assert [item["id"] for item in found.get_json()["items"]] == [TRAINING]
    other = client.get(f"/v1/entries?organisation={new}&organisation={old}&includeExpired=true")
    assert found.headers["ETag"] == other.headers["ETag"]
    selected = client.get(f"{asked}&facets=organisation").get_json()["facets"]["organisation"]["values"]
    assert [(value["code"], value["selected"]) for value in selected] == [(new, True)]
    hidden = client.post("/v1/entries/_search", json={"organisation": [old], "includeExpired": True})
    gaps = client.get(f"/v1/gaps?organisation={old}&includeExpired=true")
    assert (hidden.get_json()["total"], gaps.get_json()["total"]) == (1, 1)
    assert client.get("/v1/entries?organisation=bestaat-niet").get_json()["total"] == 0


def test_a_page_asked_by_the_slug_of_a_merged_organisation_shows_the_one_it_went_into(desk: Desk) -> None:
    desk.do(lambda s: organisations.merge(s, OTHER_ORGANISATION, factories.ORGANISATION, desk.actor, desk.context))
    client, asked = desk.client(), {"organisation": "oude-huis", "kind": "method"}
    for page in (client.get("/", query_string=asked), client.post("/", data=asked)):
        shown = page.get_data(as_text=True)
        assert "Organisatie: Huis van de Wind" in shown
        assert "oude-huis" not in shown
    assert 'href="/?kind=method"' in client.get("/", query_string=asked).get_data(as_text=True)


def test_a_change_gives_a_new_etag_at_once(desk: Desk) -> None:
    client = desk.client()
    addresses = ("/v1/entries", f"/v1/lessons/{LESSON}", "/v1/gaps", "/v1/vocabularies/topics", "/v1/suggestions?q=een")
    before = {address: client.get(address).headers["ETag"] for address in addresses}
    desk.do(lambda s: entries.confirm(s, LESSON, desk.actor, desk.context))
    for address, tag in before.items():
        assert client.get(address).headers["ETag"] != tag, address


def test_waiting_changes_are_told_by_readiness(desk: Desk) -> None:
    with desk.parts.store.transaction() as session:
        entries.confirm(session, LESSON, desk.actor, desk.context)
    assert desk.client().get("/v1/health/ready").get_json()["outboxLag"] == 1
    desk.parts.indexer.apply_all()
    assert desk.client().get("/v1/health/ready").get_json()["outboxLag"] == 0


@pytest.mark.req("T21")
def test_a_help_offer_nobody_checked_for_a_year_is_shown_nowhere_although_no_job_has_run(desk: Desk) -> None:
    today = desk.parts.today()
    number = "08001234"
    channels = [{"kind": "phone", "value": number}]
    offer = factories.make_entry("help-offer", checkedAt=today.isoformat(), channels=channels)
    lesson = factories.make_entry("lesson", title="Een les", relations=[{"kind": "about", "targetId": OFFER}])
    lines = [{"kind": "help-offer", "id": OFFER, **offer}, {"kind": "lesson", "id": LESSON, **lesson}]
    loading = Loading("test", today)
    report = exchange.import_lines(desk.parts.store, [orjson.dumps(d) for d in lines], desk.context, loading=loading)
    assert report.problems == []
    desk.parts.indexer.apply_all()
    addresses = (f"/v1/help-offers/{OFFER}", f"/v1/lessons/{LESSON}/related", f"/v1/help-offers/{OFFER}/related")
    for days, is_shown in ((364, True), (365, False)):
        day = today + timedelta(days=days)
        app = create_app(
            desk.parts.config, store=desk.parts.store, engine=desk.parts.engine, today=itertools.repeat(day).__next__
        )
        client = app.test_client()
        item, related, own = [client.get(address).get_json() for address in addresses]
        assert (number in str(item), number in str(related["stored"])) == (is_shown, is_shown), days
        assert item["status"] == related["stored"][0]["entry"].get("status", "published"), days
        assert (related["help"] is None, "help" in item) == (False, is_shown)
        assert (item.get("archiveReason"), bool(own["inverse"])) == (None if is_shown else "not-checked", is_shown)
        compared = client.get("/v1/comparisons", query_string=[("id", OFFER), ("id", METHOD)])
        assert compared.status_code == (200 if is_shown else 404)


def test_what_is_over_goes_with_the_day_and_the_etag_tells(desk: Desk) -> None:
    today = desk.parts.today()
    soon, later = today + timedelta(days=10), today + timedelta(days=20)
    training = factories.make_entry(
        "training", checkedAt=today.isoformat(), sessions=[{"startsAt": f"{soon}T09:00:00Z", "place": "Utrecht"}]
    )
    line = orjson.dumps({"kind": "training", "id": TRAINING, **training})
    assert exchange.import_lines(desk.parts.store, [line], desk.context, loading=Loading("test", today)).problems == []
    path = f"/v1/trainings/{TRAINING}"
    now = desk.client().get(path)
    assert now.get_json()["sessions"][0]["place"] == "Utrecht"
    assert str(today) not in now.headers["ETag"]
    app = create_app(desk.parts.config, store=desk.parts.store, engine=desk.parts.engine, today=lambda: later)
    then = app.test_client().get(path, headers={"If-None-Match": now.headers["ETag"]})
    assert then.status_code == 200
    assert "sessions" not in then.get_json()
    assert f"-{later}-nl-json" in then.headers["ETag"]
