"""The seed content holds what seed-content.md lists, in our own words, and nothing that could harm."""

import re
from collections import Counter
from itertools import combinations

import pytest

from tests.seed.files import SOURCES, entries, gaps, of_kind, organisations, texts

COUNTS = {"interventions": 18, "methods": 15, "trainings": 2, "help-offers": 6, "lessons": 34, "stories": 8}
RELATIONS = 74
HEADINGS = {
    "interventions": ["Voor wie", "Doel", "Zo werkt het", "Wat vraagt het", "Wat weten we over de werking",
                      "Wat weten we niet"],
    "lessons": ["Situatie", "Wat gebeurde er", "Wat leerden we", "Advies", "Geldt wanneer"],
    "help-offers": ["Voor wie", "Wat gebeurt er als je contact zoekt", "Veilig contact"],
    "trainings": ["Voor wie", "Wat leer je", "Vorm en duur", "Waar let je op"],
    "stories": ["Wat hielp", "Wat hielp niet", "Boodschap"],
}  # fmt: skip
HEADINGS["methods"] = HEADINGS["interventions"]
COMMON = ("summaryPlain", "topics", "targetGroups", "audiences", "regions")
SPAN = ("ageMin", "ageMax", "settings")
ADVISED = {
    "interventions": (*COMMON, *SPAN, "durationBand", "costBand"),
    "methods": (*COMMON, *SPAN, "timeNeeded"),
    "trainings": (*COMMON, *SPAN, "durationHours", "priceBand"),
    "help-offers": (*COMMON, *SPAN, "cost"),
    "lessons": COMMON,
    "stories": COMMON,
}
ALLOWED_NUMBERS = {"0800-2000", "0800-0188"}
PHONE = re.compile(r"(?<![\d.])0\d{1,3}[ \-]?\d{3,}(?:[ \-]?\d+)*|(?<![\d.])\+31[ \-\d]{8,}")
STREET = re.compile(r"\b\d{4} ?[A-Z]{2}\b(?! \d)|\b[A-Z][a-z]+(straat|laan|plein|gracht|weg|kade) \d+")
FIGURE = re.compile(
    r"\d+ ?(?:%|procent)|\b\d[\d.]* (?:mensen|vrouwen|mannen|kinderen|gezinnen|slachtoffers|ouderen|jongeren|moeders"
    r"|vaders|plegers|meldingen|signalen)\b"
)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Names of persons in the seed documents are found by their shape: two or three capitalised words.
NAME = re.compile(r"\b[A-Z][a-zë]+(?: (?:van|de|der|den|te|ten))* [A-Z][a-zë]+\b")

# What has that shape and is no person.
NO_PERSONS = {"Bij Veilig", "Het Landelijk", "Het Verwey", "In Nederland", "Oranje Huis", "Uitkomsten Samenkracht"}


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _runs(text: str, length: int = 10) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def test_all_planned_entries_are_there() -> None:
    assert Counter(path.parent.name for path in entries()) == COUNTS


def test_all_organisations_are_there_with_their_former_names() -> None:
    assert len(organisations()) == 74
    former = {name["name"] for o in organisations() for name in o.get("formerNames", [])}
    renamed = {"Federatie Opvang", "TransAct", "Rutgers WPF", "MOgroep", "Korrelatie", "Kompaan en De Bocht",
               "AMK", "SHG", "GGZ Nederland"}  # fmt: skip
    assert renamed <= former


def test_the_file_is_named_after_the_slug() -> None:
    assert [str(path) for path, e in entries().items() if path.stem != e["slug"]] == []


def test_every_relation_resolves_and_there_are_as_many_as_planned() -> None:
    slugs = {e["slug"] for e in entries().values()}
    relations = [(e["slug"], r) for e in entries().values() for r in e.get("relations", [])]
    assert [(slug, r["target"]) for slug, r in relations if r["target"] not in slugs] == []
    assert len(relations) == RELATIONS
    joined = {slug for slug, _ in relations} | {r["target"] for _, r in relations}
    assert slugs - joined == set()


def test_a_contradiction_says_what_it_contradicts() -> None:
    relations = [r for e in entries().values() for r in e.get("relations", []) if r["kind"] == "contradicts"]
    assert len(relations) == 4
    assert all(r.get("note") for r in relations)


def test_every_organisation_that_is_named_exists() -> None:
    slugs = {o["slug"] for o in organisations()}
    named = {
        value
        for e in entries().values()
        for path, value in texts(e)
        if path.endswith("/organisation") or re.search(r"/recognitions/\d+/body$", path)
    }
    assert named - slugs == set()


@pytest.mark.parametrize("collection", sorted(COUNTS))
def test_bodies_have_their_headings_in_order_and_their_length(collection: str) -> None:
    least, most = (200, 450) if collection == "stories" else (150, 500)
    for entry in of_kind(collection):
        assert re.findall(r"^## (.+)$", entry["body"], re.M) == HEADINGS[collection], entry["slug"]
        assert least <= len(_words(entry["body"])) <= most, entry["slug"]


@pytest.mark.parametrize("collection", sorted(COUNTS))
def test_an_empty_advised_field_has_a_stated_reason(collection: str) -> None:
    stated = {(gap["slug"], gap["field"]) for gap in gaps() if gap["reason"].strip()}
    empty = {(e["slug"], f) for e in of_kind(collection) for f in ADVISED[collection] if e.get(f) in (None, "", [])}
    assert empty - stated == set()
    of_these = {e["slug"] for e in of_kind(collection)}
    assert {gap for gap in stated if gap[0] in of_these} - empty == set()


def test_plain_summaries_have_short_sentences() -> None:
    for entry in entries().values():
        sentences = re.split(r"(?<=[.!?:])\s+", entry["summaryPlain"])
        assert [s for s in sentences if len(s.split()) > 15] == [], entry["slug"]


def test_stories_say_in_title_and_text_that_they_are_invented() -> None:
    for story in of_kind("stories"):
        assert story["isExample"] is True
        assert story["title"].endswith(": voorbeeldverhaal (verzonnen)")
        assert story["body"].startswith("Dit is een voorbeeldverhaal. Het is verzonnen.")
        assert story["slug"] == story["id"]
        assert not {"organisations", "sources", "externalIds"} & set(story)


def test_no_lesson_rests_on_an_invented_story() -> None:
    stories = {s["id"] for s in of_kind("stories")}
    assert [e["slug"] for e in of_kind("lessons") for r in e.get("relations", []) if r["target"] in stories] == []


def test_no_number_that_somebody_could_ring_by_mistake() -> None:
    found = [
        (e["slug"], path, match[0])
        for e in [*entries().values(), *organisations()]
        for path, text in texts(e)
        if "/externalIds/" not in path and not path.endswith(("/id", "/slug", "/target", "/replacedById"))
        for match in PHONE.finditer(text)
        if match[0].strip() not in ALLOWED_NUMBERS
    ]
    assert found == []


def test_no_address_of_a_house() -> None:
    found = [(e["slug"], path) for e in entries().values() for path, text in texts(e) if STREET.search(text)]
    assert found == []
    assert [o["slug"] for o in organisations() if {"place", "email", "phone"} & set(o)] == []


def test_a_figure_about_people_stands_with_its_year() -> None:
    bare = [
        (e["slug"], path, sentence.strip())
        for e in entries().values()
        for path, text in texts(e)
        for sentence in re.split(r"(?<=[.!?])\s+|\n", text)
        if FIGURE.search(sentence) and not YEAR.search(sentence)
    ]
    assert bare == []


def test_no_two_bodies_are_alike() -> None:
    bags = {e["slug"]: _runs(e["body"], 3) for e in entries().values()}
    alike = [(a, b) for a, b in combinations(bags, 2) if len(bags[a] & bags[b]) > 0.6 * min(len(bags[a]), len(bags[b]))]
    assert alike == []


def test_one_voice_in_a_text() -> None:
    mixed = [
        (e["slug"], path)
        for e in entries().values()
        for path, text in texts(e)
        if re.search(r"\b(u|uw)\b", text) and re.search(r"\b(je|jij|jouw)\b", text)
    ]
    assert mixed == []


def test_files_hold_no_derived_or_system_fields() -> None:
    forbidden = {"checkedAt", "checkedBy", "reviewDue", "version", "createdAt", "updatedAt", "publishedAt", "derived"}
    assert [e["slug"] for e in entries().values() if forbidden & set(e)] == []
    assert {e["slug"] for e in entries().values() if "status" in e} == {
        "handle-with-care-pilot-tot-2020",
        "hear-my-voice",
        "online-ouderbijeenkomst-kind-scheiding",
    }


def test_no_sentence_is_copied_from_the_documents() -> None:
    if not SOURCES.is_dir():
        pytest.skip("the seed documents do not lie beside this checkout")
    copied = set().union(*(_runs(f.read_text("utf-8", errors="replace")) for f in SOURCES.glob("*.txt")))
    found = [(e["slug"], path) for e in entries().values() for path, text in texts(e) if _runs(text) & copied]
    assert found == []


def test_no_person_of_the_documents_is_named() -> None:
    if not SOURCES.is_dir():
        pytest.skip("the seed documents do not lie beside this checkout")
    told = " ".join(f.read_text("utf-8", errors="replace") for f in SOURCES.glob("*.txt"))
    organisations_text = " ".join(text for o in organisations() for _, text in texts(o))
    names = {n for n in NAME.findall(told) if n not in organisations_text}
    ours = {(e["slug"], n) for e in entries().values() for _, text in texts(e) for n in names - NO_PERSONS if n in text}
    assert ours == set()
