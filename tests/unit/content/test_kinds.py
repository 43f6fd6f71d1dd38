"""The six kinds: bounds, what is required, what a body may hold, drafts, and what saving fills in."""

from datetime import date
from typing import Any

import pytest

from kennis.content import kinds
from kennis.content.kinds import KINDS
from kennis.content.vocabulary import vocabularies
from kennis.errors import Invalid, Problem
from tests.factories import ORGANISATION, make_entry, make_organisation, make_recognition, make_typical
from tests.timing import within

TODAY = date(2026, 11, 24)


def faults(kind: str, document: dict[str, Any], **options: Any) -> list[Problem]:
    try:
        kinds.load(kind, document, today=TODAY, **options)
    except Invalid as error:
        return list(error.problems)
    return []


def pointers(kind: str, document: dict[str, Any], **options: Any) -> list[str | None]:
    return [problem.pointer for problem in faults(kind, document, **options)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("make", [make_entry, make_typical])
def test_the_example_documents_are_accepted_and_stay_the_same(kind: str, make: Any) -> None:
    content = kinds.load(kind, make(kind), today=TODAY)
    assert kinds.load(kind, content, today=TODAY) == content


def test_kinds_stand_in_the_order_of_their_vocabulary() -> None:
    assert tuple(KINDS) == vocabularies()["kinds"].codes


def test_a_collection_names_its_kind() -> None:
    assert all(kinds.by_collection(kind.collection) is kind for kind in KINDS.values())
    assert kinds.by_collection("verhalen") is None


# Length of text: property -> (least, most), as in content-model.md 2 and 3.
COMMON_TEXTS = {"title": (3, 150), "summary": (50, 600), "summaryPlain": (50, 600)}
TEXTS: dict[str, dict[str, tuple[int, int]]] = {
    "intervention": {
        "body": (1, 40_000), "problem": (20, 2000), "goal": (20, 1000), "approach": (50, 8000),
        "indications": (3, 2000), "contraIndications": (3, 2000), "intensity": (3, 200),
        "staffRequirements": (3, 2000), "conditions": (3, 2000), "costs": (3, 1000), "theory": (20, 4000),
    },
    "method": {
        "purpose": (20, 1000), "whenToUse": (10, 2000), "whenNot": (3, 2000), "legalBasis": (3, 1000),
        "staffRequirements": (3, 2000), "pitfalls": (3, 2000), "example": (20, 4000),
    },
    "lesson": {
        "context": (20, 2000), "intended": (3, 2000), "whatHappened": (20, 4000), "why": (3, 2000),
        "lesson": (20, 400), "recommendation": (10, 400), "transferConditions": (3, 1000), "eventName": (3, 200),
    },
    "story": {
        "body": (200, 8000), "pseudonym": (2, 30), "whatHelped": (3, 2000), "whatDidNotHelp": (3, 2000),
        "adviceToOthers": (3, 2000), "adviceToProfessionals": (3, 2000), "hopeMessage": (3, 300),
    },
    "training": {"priceNote": (3, 300), "prerequisites": (3, 1000)},
    "help-offer": {"cost": (3, 300), "accessibility": (3, 1000), "safetyNote": (3, 500)},
}  # fmt: skip
TEXT_CASES = [(kind, name, *bounds) for kind, own in TEXTS.items() for name, bounds in {**COMMON_TEXTS, **own}.items()]


@pytest.mark.req("V08")
@pytest.mark.parametrize(("kind", "name", "least", "most"), TEXT_CASES)
def test_bounds_of_text(kind: str, name: str, least: int, most: int) -> None:
    for length, sound in ((least, True), (most, True), (most + 1, False), (least - 1, False)):
        assert (pointers(kind, make_entry(kind, **{name: "x" * length})) == []) is sound, length


NUMBERS = [
    ("intervention", "ageMin", -1, 120), ("intervention", "ageMax", 0, 121), ("intervention", "sessionCount", 1, 500),
    ("intervention", "deliveredByCount", 0, 10_000), ("intervention", "usedSince", 1900, 2026),
    ("training", "durationHours", 0.5, 2000), ("training", "maxParticipants", 1, 1000),
]  # fmt: skip


@pytest.mark.req("V08")
@pytest.mark.parametrize(("kind", "name", "least", "most"), NUMBERS)
def test_bounds_of_numbers(kind: str, name: str, least: float, most: float) -> None:
    for value, sound in ((least, True), (most, True), (most + 1, False), (least - 1, False)):
        assert (pointers(kind, make_entry(kind, **{name: value})) == []) is sound, value


def _codes(vocabulary: str, count: int) -> list[str]:
    """So many codes, none the parent of another: a parent would be dropped."""
    return [t.code for t in vocabularies()[vocabulary] if vocabularies()[vocabulary].children(t.code) == ()][:count]


# List of codes or texts: (kind, property, least, most).
LISTS: list[tuple[str, str, int, int, Any]] = [
    ("intervention", "topics", 1, 6, "topics"), ("intervention", "targetGroups", 1, 8, "target-groups"),
    ("lesson", "targetGroups", 0, 8, "target-groups"), ("method", "audiences", 1, 12, "audiences"),
    ("method", "settings", 0, 8, "settings"), ("intervention", "regions", 1, 25, "regions"),
    ("intervention", "intermediateGroups", 0, 8, "audiences"), ("lesson", "recommendedTo", 1, 12, "audiences"),
    ("lesson", "basis", 1, 6, "evidence-types"),
    ("intervention", "alternativeTitles", 0, 20, None), ("intervention", "subGoals", 0, 10, None),
    ("intervention", "workingElements", 0, 15, None), ("training", "learningGoals", 0, 15, None),
    ("intervention", "externalIds", 0, 20, lambda i: {"system": "other", "id": f"k{i}"}),
    ("intervention", "materials", 0, 30, lambda i: {"title": f"Boek {i}", "kind": "manual", "access": "paid"}),
    ("method", "tools", 0, 30, lambda i: {"title": f"Kaart {i}", "kind": "card", "access": "paid"}),
    ("method", "steps", 1, 20, lambda i: {"title": f"Stap {i}"}),
    ("method", "sources", 0, 50, lambda i: {"title": f"Bron {i}", "url": "https://b.example", "kind": "report"}),
    ("training", "accreditations", 0, 10, lambda i: {"register": f"Register {i}"}),
    ("training", "sessions", 0, 100, lambda i: {"startsAt": f"2027-03-04T08:{i // 60:02}:{i % 60:02}Z"}),
    ("help-offer", "channels", 1, 10, lambda i: {"kind": "website", "value": f"https://hulp{i}.example"}),
    ("story", "contentWarnings", 1, 5, "content-warnings"),
]  # fmt: skip


def _items(of: Any, count: int) -> list[Any]:
    if isinstance(of, str):
        return _codes(of, count)
    return [f"naam {i}" if of is None else of(i) for i in range(count)]


@pytest.mark.req("V08")
@pytest.mark.parametrize(("kind", "name", "least", "most", "of"), LISTS)
def test_bounds_of_lists(kind: str, name: str, least: int, most: int, of: Any) -> None:
    for count in {least, most, most + 1, least - 1} - {-1}:
        items = _items(of, count)
        if len(items) < count:
            continue  # the vocabulary is smaller than the bound
        assert (pointers(kind, make_entry(kind, **{name: items})) == []) is (least <= count <= most), count


REQUIRED = {
    "intervention": "title summary topics targetGroups audiences organisations sources contributor licence "
    "interventionKind problem goal approach contact",
    "method": "title summary topics targetGroups audiences contributor licence methodKind purpose whenToUse "
    "steps contact",
    "lesson": "title summary topics audiences contributor licence lessonKind context whatHappened lesson "
    "recommendation recommendedTo isInstructional basis",
    "story": "title summary body topics targetGroups audiences contentWarnings narratorRole",
    "training": "title summary topics targetGroups audiences organisations contributor licence trainingForm url "
    "checkedAt",
    "help-offer": "title summary topics targetGroups audiences organisations contributor licence offerKind channels "
    "referralNeeded anonymousPossible checkedAt checkedBy",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_required_is_missed_all_at_once(kind: str) -> None:
    found = {p.pointer for p in faults(kind, {}) if p.message.en == "This property is required."}
    assert found == {f"/{name}" for name in REQUIRED[kind].split()}


@pytest.mark.parametrize("kind", KINDS)
def test_null_is_absent_and_empty_lists_are_left_out(kind: str) -> None:
    content = kinds.load(kind, make_entry(kind) | {"settings": None, "programmes": []}, today=TODAY)
    assert not {"settings", "programmes"} & content.keys()
    assert f"/{KINDS[kind].sub_kind}" in pointers(kind, make_entry(kind) | {KINDS[kind].sub_kind: None})


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_needs_a_title_only_and_is_checked_otherwise(kind: str) -> None:
    content = kinds.load(kind, {"title": "Een begin"}, draft=True, today=TODAY)
    assert (content["language"], content["regions"]) == ("nl", ["nl"])
    assert pointers(kind, {}, draft=True) == ["/title"]
    assert pointers(kind, {"title": "Een begin", "topics": ["fout"], "summary": "kort"}, draft=True)


@pytest.mark.parametrize("kind", ["training", "help-offer"])
def test_what_is_loaded_as_archived_may_lack_a_check_date(kind: str) -> None:
    document = {k: v for k, v in make_entry(kind).items() if k not in ("checkedAt", "checkedBy", "channels")}
    assert pointers(kind, document, archived=True) == []
    assert "/checkedAt" in pointers(kind, document)


@pytest.mark.parametrize("name", ["labels", "derived", "links", "help"])
def test_what_answers_add_is_ignored_in_a_body(name: str) -> None:
    assert name not in kinds.load("method", make_entry("method") | {name: {"x": 1}}, today=TODAY)


@pytest.mark.req("V34")
@pytest.mark.parametrize("name", sorted(kinds.SYSTEM - {"checkedAt", "checkedBy"}))
def test_system_properties_are_refused_unless_the_caller_took_them(name: str) -> None:
    (fault,) = faults("method", make_entry("method") | {name: "x"})
    assert (fault.pointer, fault.message.en) == (f"/{name}", "Kennis fills this property in itself.")
    assert pointers("method", make_entry("method") | {name: "x"}, accept_system={name}) == []


@pytest.mark.req("V08")
@pytest.mark.parametrize(
    ("change", "pointer", "near"),
    [({"titel": "x"}, "/titel", "title"), ({"targetgroups": []}, "/targetgroups", "targetGroups"),
     ({"a/b~c": 1}, "/a~1b~0c", None), ({"owner": "x"}, "/owner", None)],
)  # fmt: skip
def test_an_unknown_property_names_the_nearest(change: dict[str, Any], pointer: str, near: str | None) -> None:
    (fault,) = faults("method", make_entry("method") | change)
    assert fault.pointer == pointer
    if near:
        assert f"“{near}”" in fault.message.nl


def test_unknown_properties_of_parts_are_refused() -> None:
    assert pointers("method", make_entry("method", steps=[{"title": "Eerst", "titel": "x"}])) == ["/steps/0/titel"]


def test_all_faults_come_at_once_with_their_place_in_both_languages() -> None:
    document = make_entry(
        topics=["partnergeweld", "fout"], sources=[{"title": "x", "kind": "boek"}], ageMin=5, ageMax=5, goal="kort",
    )  # fmt: skip
    found = faults("intervention", document)
    wrong = ["/topics/1", "/sources/0/title", "/sources/0/kind", "/sources/0", "/goal", "/ageMax"]
    assert [p.pointer for p in found] == wrong
    assert all(p.message.nl and p.message.en for p in found)


@pytest.mark.parametrize("document", [None, [], "tekst", 3])
def test_what_is_no_object_is_one_fault(document: Any) -> None:
    assert pointers("method", document) == [""]


# What saving settles


@pytest.mark.req("T17")
def test_a_parent_topic_is_dropped_beside_its_child() -> None:
    topics = ["partnergeweld", "partnergeweld.stalking", "aanpak"]
    content = kinds.load("method", make_entry("method", topics=topics), today=TODAY)
    assert content["topics"] == ["partnergeweld.stalking", "aanpak"]


@pytest.mark.parametrize(
    ("overrides", "until"),
    [
        ({"awarded": "2016-09"}, "2021-09-01"),
        ({"awarded": "2016"}, "2021-01-01"),
        ({"awarded": "2024-02-29"}, "2029-02-28"),
        ({"awarded": "2026-03-01", "status": "onder-voorbehoud"}, "2026-09-01"),
        ({"awarded": "2016-09", "scheme": "nl-justitie"}, "2021-09-01"),
        ({"awarded": "2016-09", "validUntil": "2019-01-01"}, "2019-01-01"),
        ({"awarded": "2016-09", "level": "niet-erkend"}, None),
        ({"awarded": "2016-09", "level": None, "scheme": "cebc", "foreignLevel": "2"}, None),
    ],
)
def test_the_end_of_a_recognition_follows_from_its_scheme(overrides: dict[str, Any], until: str | None) -> None:
    document = make_entry(recognitions=[make_recognition(**overrides)])
    (recognition,) = kinds.load("intervention", document, today=TODAY)["recognitions"]
    assert recognition.get("validUntil") == until


@pytest.mark.parametrize(
    ("role", "background"),
    [("survivor", "experience-expert"), ("child-then", "experience-expert"), ("bystander", "experience-expert"),
     ("perpetrator-in-recovery", "experience-expert"), ("parent", "experience-expert"),
     ("professional", "professional"), ("volunteer", "volunteer")],
)  # fmt: skip
def test_the_contributor_of_a_story_follows_from_its_narrator(role: str, background: str) -> None:
    content = kinds.load("story", make_entry("story", narratorRole=role, contributor=None), today=TODAY)
    assert content["contributor"] == {"background": background}
    wrong = "policy"
    document = make_entry("story", narratorRole=role, contributor={"background": wrong})
    assert pointers("story", document) == ["/contributor/background"]


def test_a_story_has_defaults_of_its_own() -> None:
    content = kinds.load("story", make_entry("story", licence=None), today=TODAY)
    assert (content["licence"], content["pseudonym"], content["isExample"]) == ("story-no-quote", "Anoniem", False)


@pytest.mark.parametrize("kind", ["story", "help-offer"])
def test_defaults_are_not_shared_between_documents(kind: str) -> None:
    first = kinds.load(kind, make_entry(kind), today=TODAY)
    first["regions"].append("nl-fl")
    assert kinds.load(kind, make_entry(kind), today=TODAY)["regions"] == ["nl"]


def test_optional_fields_are_all_a_writer_may_leave_out() -> None:
    optional = set(KINDS["story"].optional_fields)
    assert {"summaryPlain", "hopeMessage", "period", "whatHelped"} <= optional
    assert not {"title", "pseudonym", "isExample", "regions", "externalIds", "checkedAt"} & optional


# Organisations


def organisation_faults(**overrides: Any) -> list[str | None]:
    try:
        kinds.load_organisation(make_organisation(**overrides), today=TODAY)
    except Invalid as error:
        return [p.pointer for p in error.problems]
    return []


@pytest.mark.parametrize(("kind", "secret"), [("shelter", True), ("knowledge-institute", False)])
def test_a_shelter_keeps_its_address_secret_unless_it_says_otherwise(kind: str, secret: bool) -> None:
    content = kinds.load_organisation(make_organisation(organisationKind=kind), today=TODAY)
    assert (content["addressSecret"], content["isActive"]) == (secret, True)
    told = kinds.load_organisation(make_organisation(organisationKind=kind, addressSecret=False), today=TODAY)
    assert told["addressSecret"] is False


@pytest.mark.parametrize(
    ("overrides", "found"),
    [
        ({}, []),
        ({"place": "Lelystad", "phone": "0320-123456", "website": "https://a.example", "parentId": ORGANISATION}, []),
        ({"formerNames": [{"name": "Huis van de Regen", "untilYear": 2020}], "abbreviation": "HVDW"}, []),
        ({"formerNames": [{"name": "Huis van de Regen", "untilYear": 2027}]}, ["/formerNames/0/untilYear"]),
        ({"place": "Lelystad", "addressSecret": True}, ["/place"]),
        ({"place": "Dorpsstraat 12"}, ["/place"]),
        ({"description": "Kom langs op Dorpsstraat 12 in de stad.", "addressSecret": True}, ["/description"]),
        ({"checkedAt": "2026-11-25"}, ["/checkedAt"]),
        ({"name": "x"}, ["/name"]),
        ({"regions": []}, ["/regions"]),
        ({"slug": "x"}, ["/slug"]),
        ({"naam": "x"}, ["/naam"]),
        ({"description": "te kort"}, ["/description"]),
    ],
)
def test_rules_of_organisations(overrides: dict[str, Any], found: list[str]) -> None:
    assert organisation_faults(**overrides) == found


def test_very_many_unknown_properties_are_refused_at_once() -> None:
    entry = make_entry("lesson", **{f"titel{n}": 1 for n in range(20_000)})

    def refused() -> list[Problem]:
        with pytest.raises(Invalid) as told:
            kinds.load("lesson", entry)
        return list(told.value.problems)

    problems = within(2, refused)
    assert len(problems) == 20_000
    assert problems[0].pointer == "/titel0"
