"""Rules about several fields: of saving, of secret addresses, of publishing, and what is only advice."""

from datetime import date
from typing import Any

import pytest

from kennis.content import kinds
from kennis.content.advice import advice
from kennis.content.kinds import KINDS
from kennis.content.schemas.addresses import gives_address_away
from kennis.errors import Invalid
from tests.factories import BODY, ORGANISATION, OTHER_ENTRY, make_entry, make_recognition, make_study

TODAY = date(2026, 11, 24)
SOURCE = {"title": "Verslag", "publisher": "Uitgever", "year": 2016, "kind": "report"}
CONTACT = {"organisationId": ORGANISATION}


def pointers(kind: str, document: dict[str, Any]) -> list[str | None]:
    try:
        kinds.load(kind, document, today=TODAY)
    except Invalid as error:
        return [problem.pointer for problem in error.problems]
    return []


def relation(kind: str, target: str = OTHER_ENTRY, **more: str) -> dict[str, str]:
    return {"kind": kind, "targetId": target, **more}


CASES: list[tuple[str, dict[str, Any], list[str]]] = [
    # ages
    ("method", {"ageMin": 4, "ageMax": 5}, []),
    ("method", {"ageMin": 4, "ageMax": 4}, ["/ageMax"]),
    ("method", {"ageMax": 0}, []),
    # sources
    ("method", {"sources": [{"title": "Verslag", "kind": "report"}]}, ["/sources/0"]),
    ("method", {"sources": [{**SOURCE, "year": None}]}, ["/sources/0"]),
    ("method", {"sources": [{**SOURCE, "year": None, "accessedOn": "2026-01-01"}]}, []),
    ("method", {"sources": [{"title": "Verslag", "kind": "report", "url": "https://b.example"}]}, []),
    ("method", {"sources": [{**SOURCE, "year": 2027}]}, []),
    ("method", {"sources": [{**SOURCE, "year": 2028}]}, ["/sources/0/year"]),
    ("method", {"sources": [SOURCE, SOURCE]}, ["/sources/1"]),
    # evidence
    ("intervention", {"evidence": [make_study(sourceIndex=1)]}, ["/evidence/0/sourceIndex"]),
    ("intervention", {"evidence": [make_study(year=2027)]}, ["/evidence/0/year"]),
    ("intervention", {"evidence": [make_study(type="geen")]}, ["/evidence/0/type"]),
    ("intervention", {"evidence": [make_study(n=0)]}, ["/evidence/0/n"]),
    ("intervention", {"usedSince": 2027}, ["/usedSince"]),
    # recognition
    ("intervention", {"recognitions": [make_recognition(sourceIndex=1)]}, ["/recognitions/0/sourceIndex"]),
    ("intervention", {"recognitions": [make_recognition(level=None)]}, ["/recognitions/0"]),
    ("intervention", {"recognitions": [make_recognition(foreignLevel="2")]}, ["/recognitions/0"]),
    ("intervention", {"recognitions": [make_recognition(scheme="cebc")]}, ["/recognitions/0/scheme"]),
    ("intervention", {"recognitions": [make_recognition(level=None, foreignLevel="2")]}, ["/recognitions/0/scheme"]),
    ("intervention", {"recognitions": [make_recognition(level="niet-beoordeeld")]}, ["/recognitions/0/level",
                                                                                   "/recognitions/0"]),
    ("intervention", {"recognitions": [make_recognition(validUntil="2016-09-01")]}, ["/recognitions/0/validUntil"]),
    ("intervention", {"recognitions": [make_recognition(level="niet-erkend", validUntil="2021-09-01")]},
     ["/recognitions/0/validUntil"]),
    ("intervention", {"recognitions": [make_recognition(), make_recognition(level="goed-beschreven")]},
     ["/recognitions/1"]),
    ("intervention", {"recognitions": [make_recognition(), make_recognition(awarded="2021")]}, []),
    # a band by hand
    ("method", {"evidenceBandOverride": {"band": 1, "reason": "x" * 20, "setOn": "2026-11-24"}}, []),
    ("method", {"evidenceBandOverride": {"band": 6, "reason": "x" * 19, "setOn": "2026-11-24"}},
     ["/evidenceBandOverride/band", "/evidenceBandOverride/reason"]),
    ("method", {"evidenceBandOverride": {"band": 1, "reason": "x" * 20, "setOn": "2026-11-25"}},
     ["/evidenceBandOverride/setOn"]),
    # contact, material, session, follow-up
    ("method", {"contact": CONTACT}, ["/contact"]),
    ("method", {"contact": {**CONTACT, "phone": "0320-123456"}}, []),
    ("method", {"tools": [{"title": "Kaart", "kind": "card", "access": "open"}]}, ["/tools/0/url"]),
    ("training", {"sessions": [{"startsAt": "2027-01-01T09:00:00Z", "endsAt": "2027-01-01T09:00:00Z"}]},
     ["/sessions/0/endsAt"]),
    ("lesson", {"followUp": {"status": "planned", "by": ORGANISATION, "dueOn": "2027-01-01"}}, []),
    ("lesson", {"followUp": {"dueOn": "2027-01-01"}}, ["/followUp/status"]),
    # organisations
    ("method", {"organisations": [{"organisationId": ORGANISATION, "role": "owner"},
                                  {"organisationId": ORGANISATION, "role": "partner"}]}, []),
    ("method", {"organisations": [{"organisationId": ORGANISATION, "role": "owner"},
                                  {"organisationId": ORGANISATION.upper(), "role": "owner"}]}, ["/organisations/1"]),
    ("training", {"organisations": [{"organisationId": BODY, "role": "owner"}]}, ["/organisations"]),
    ("method", {"externalIds": [{"system": "doi", "id": "a"}, {"system": "doi", "id": "a", "url": "https://b.example"}]},
     ["/externalIds/1"]),
    # relations
    ("method", {"relations": [relation("part-of"), relation("part-of")]}, ["/relations/1"]),
    ("method", {"relations": [relation("part-of"), relation("variant-of")]}, []),
    ("method", {"relations": [relation("about")]}, ["/relations/0/kind"]),
    ("story", {"relations": [relation("similar-to")]}, ["/relations/0/kind"]),
    ("lesson", {"relations": [relation("contradicts")]}, ["/relations/0/note"]),
    ("lesson", {"relations": [relation("contradicts", note="Het omgekeerde bleek.")]}, []),
    # warnings
    ("method", {"contentWarnings": ["geen-details"]}, []),
    ("method", {"contentWarnings": ["verlies", "geen-details"]}, ["/contentWarnings/1"]),
    # licences and check dates
    ("method", {"licence": "story-no-quote"}, ["/licence"]),
    ("story", {"licence": "cc-by"}, []),
    ("training", {"checkedAt": "2026-11-24"}, []),
    ("training", {"checkedAt": "2026-11-25"}, ["/checkedAt"]),
    ("help-offer", {"checkedBy": ORGANISATION.upper()}, []),
    ("help-offer", {"checkedBy": "iemand"}, ["/checkedBy"]),
    ("help-offer", {"referralNeeded": "advised"}, ["/referralNeeded"]),
    ("intervention", {"trainingRequired": "unsure"}, ["/trainingRequired"]),
    ("help-offer", {"waitingTime": {"text": "onbekend"}}, []),
    # stories
    ("story", {"whatHelped": None}, ["/whatHelped"]),
    ("story", {"whatHelped": None, "whatDidNotHelp": "Wachten."}, []),
    ("story", {"contributor": {"background": "experience-expert", "displayName": "Roos", "organisationId": BODY}},
     ["/contributor/displayName", "/contributor/organisationId"]),
    ("story", {"regions": ["vr25"]}, ["/regions/0"]),
    ("story", {"regions": ["nl-fl"]}, []),
    ("story", {"regions": ["buitenland"]}, ["/regions/0"]),
    ("story", {"narratorAgeBand": "12-18"}, ["/narratorAgeBand"]),
    ("story", {"narratorAgeBand": "18-23"}, []),
    # identifiers, anywhere
    ("method", {"steps": [{"title": "Bel", "text": "BSN 111222333 doorgeven"}]}, ["/steps/0/text"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "overrides", "found"), CASES)
def test_rules_of_saving(kind: str, overrides: dict[str, Any], found: list[str]) -> None:
    assert pointers(kind, make_entry(kind, **overrides)) == found


# Secret addresses


@pytest.mark.parametrize(
    "text",
    ["Kom naar 1234 AB", "1234AB Lelystad", "1234ab", "Dorpsstraat 12", "Het is aan de Lange Laan 3a, achterom.",
     "Laan van de Vrijheid 12", "Van Goghplein 1", "Kerkweg nr. 4", "dorpsstraat 12", "Prins Hendrikkade 100-2"],
)  # fmt: skip
def test_an_address_is_seen(text: str) -> None:
    assert gives_address_away(text)


@pytest.mark.parametrize(
    "text",
    ["Bel 0800-2000, dag en nacht.", "In 2021 deden 40 mensen mee.", "In 2019 is dit gestopt.", "Monitoring 2020",
     "De ervaring 3 jaar later", "Verandering 2021", "Lelystad", "van 2016 tot 2018", "nl-fl", "Stap 3 van het plan",
     "Wet van 2015", "Training 12 uur", "0b7f6c1e-5d0a-4c0e-9a53-2f6f1f0d7a11", "https://a.example/1234ab-x"],
)  # fmt: skip
def test_ordinary_text_is_no_address(text: str) -> None:
    assert not gives_address_away(text)


SECRET: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"channels": [{"kind": "walk-in", "value": "Lelystad"}]}, ["/channels/0/kind"]),
    ({"sessions": [{"startsAt": "2027-01-01T09:00:00Z", "place": "Lelystad"}]}, ["/sessions/0/place"]),
    ({"sessions": [{"startsAt": "2027-01-01T09:00:00Z", "url": "https://www.openstreetmap.org/#map=18"}]},
     ["/sessions/0/url"]),
    ({"sessions": [{"startsAt": "2027-01-01T09:00:00Z", "url": "https://zoek.example/maps/@52.3702,4.8952,17z"}]},
     ["/sessions/0/url"]),
    ({"sessions": [{"startsAt": "2027-01-01T09:00:00Z", "url": "https://opvang.example/aanmelden"}]}, []),
    ({"accessibility": "Ingang aan de Dorpsstraat 12", "safetyNote": "Postcode 1234 AB"},
     ["/accessibility", "/safetyNote"]),
]  # fmt: skip


@pytest.mark.parametrize(("overrides", "found"), SECRET)
def test_a_secret_address_stands_nowhere_in_a_help_offer(overrides: dict[str, Any], found: list[str]) -> None:
    document = make_entry("help-offer", **overrides)
    assert pointers("help-offer", {**document, "addressSecret": True}) == found
    content = kinds.load("help-offer", document, today=TODAY)
    assert [p.pointer for p in kinds.address_problems("help-offer", content, is_secret=True)] == found
    assert kinds.address_problems("help-offer", content, is_secret=False) == []


def test_another_kind_may_name_a_town_of_an_organisation_with_a_secret_address() -> None:
    document = make_entry("training", sessions=[{"startsAt": "2027-01-01T09:00:00Z", "place": "Lelystad"}],
                          prerequisites="Kom naar Dorpsstraat 12")  # fmt: skip
    content = kinds.load("training", document, today=TODAY)
    assert [p.pointer for p in kinds.address_problems("training", content, is_secret=True)] == ["/prerequisites"]


# Publishing


def publishing(kind: str, checked_at: str | None = None, owned_by: str | None = None, **overrides: Any) -> list[Any]:
    content = {k: v for k, v in make_entry(kind, **overrides).items() if k not in ("checkedAt", "checkedBy")}
    found = kinds.publishing_problems(kind, content, checked_at=checked_at, owned_by=owned_by, today=TODAY)
    return [problem.pointer for problem in found]


@pytest.mark.parametrize(
    ("kind", "checked_at", "found"),
    [
        ("help-offer", "2026-10-25", []), ("help-offer", "2026-10-24", ["/checkedAt"]),
        ("help-offer", None, ["/checkedAt"]),
        ("training", "2026-08-26", []), ("training", "2026-08-25", ["/checkedAt"]), ("training", None, ["/checkedAt"]),
        ("method", None, []), ("intervention", "2000-01-01", []),
    ],
)  # fmt: skip
def test_help_is_published_only_when_somebody_looked_lately(
    kind: str, checked_at: str | None, found: list[str]
) -> None:
    assert publishing(kind, checked_at) == found


def test_a_help_offer_without_a_channel_is_not_published() -> None:
    assert publishing("help-offer", "2026-11-24", channels=None) == ["/channels"]


@pytest.mark.parametrize("kind", ["intervention", "method"])
def test_recognition_and_research_are_published_with_their_source(kind: str) -> None:
    unproven = make_study(sourceIndex=None)
    bare = {"recognitions": [make_recognition(sourceIndex=None)], "evidence": [make_study(), unproven]}
    assert publishing(kind, **bare) == ["/recognitions/0", "/evidence/1"]
    proven = {"recognitions": [make_recognition()], "evidence": [make_study(sourceIndex=None, url="https://b.example")]}
    assert publishing(kind, **proven) == []


def test_a_lesson_is_published_when_somebody_looks_after_it() -> None:
    assert publishing("lesson") == ["/organisations"]
    assert publishing("lesson", owned_by="account") == []
    assert publishing("lesson", organisations=[{"organisationId": ORGANISATION, "role": "owner"}]) == []
    assert publishing("lesson", owned_by="account", recommendation=None) == ["/recommendation"]


def test_a_story_is_published_with_warnings() -> None:
    assert publishing("story") == []
    assert publishing("story", contentWarnings=None) == ["/contentWarnings"]


# Advice


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({"pseudonym": "Roos"}, []),
        ({"pseudonym": "Roos de Wind"}, ["/pseudonym"]),
        ({"pseudonym": "Roos Wind"}, ["/pseudonym"]),
        ({"contact": {"email": "info@organisatie.example"}}, []),
        ({"contact": {"email": "team.veilig@organisatie.example"}}, []),
        ({"contact": {"email": "roos.de.wind@organisatie.example"}}, ["/contact/email"]),
        ({"email": "r.wind@organisatie.example"}, ["/email"]),
        ({"channels": [{"kind": "phone", "value": "112"}, {"kind": "email", "value": "roos_wind@hulp.example"}]},
         ["/channels/1/value"]),
    ],
)  # fmt: skip
def test_what_looks_like_a_person_is_advice(content: dict[str, Any], found: list[str]) -> None:
    assert [problem.pointer for problem in advice(content)] == found


@pytest.mark.parametrize("kind", KINDS)
def test_example_documents_need_no_advice(kind: str) -> None:
    assert advice(kinds.load(kind, make_entry(kind), today=TODAY)) == []
