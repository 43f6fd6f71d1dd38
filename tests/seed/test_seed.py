"""The seed content holds what seed-content.md lists, in our own words, and nothing that could harm."""

import re
from collections import Counter
from itertools import combinations
from uuid import UUID

import pytest

from kennis.content.vocabulary import vocabularies
from tests.seed.files import SOURCES, bodies, entries, gaps, of_kind, organisations, texts, told

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
# Ten digits however they are grouped, the numbers for companies and the short ones; 112 is looked for by nobody.
PHONE = re.compile(
    r"(?<![\d.])(?:0|(?:\+|00) ?31)(?:[ \-–/.()]{0,3}\d){7,}|(?<!\d)0[89]00[ \-]?\d{4,7}|(?<!\d)14 ?0\d{2,3}(?!\d)"
    r"|(?<![\d.,])11(?:[013-9]|6 ?\d{3})(?![\d.,])"
)
STREET = re.compile(r"\b\d{4} ?[A-Z]{2}\b(?! \d)|\b[A-Z][a-z]+(straat|laan|plein|gracht|weg|kade) \d+")
FIGURE = re.compile(
    r"\d+ ?(?:%|procent)|\b\d[\d.]* (?:mensen|vrouwen|mannen|kinderen|gezinnen|slachtoffers|ouderen|jongeren|moeders"
    r"|vaders|plegers|meldingen|signalen)\b"
)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Names of persons in the seed documents are found by their shape: two or three capitalised words.
NAME = re.compile(r"\b[A-Z][a-zë]+(?: (?:van|de|der|den|te|ten))* [A-Z][a-zë]+\b")
# And first names by what stands around them: an age or an occupation before it, or what somebody says after it.
FIRST_NAME = re.compile(r"-jarige ([A-Z][a-z]+)|\b[a-z]+vrouw ([A-Z][a-z]+)|\b([A-Z][a-z]+): [“‘\"]")

# What has that shape and is no person.
NO_PERSONS = {"Bij Veilig", "Het Landelijk", "Het Verwey", "In Nederland", "Oranje Huis", "Uitkomsten Samenkracht"}


# What has no other words, and so counts as one word where copied runs are looked for.
NAMES = (
    # the campaign and the programme of the government
    "Het houdt niet op, totdat je iets doet",
    "Geweld hoort nergens thuis",
    # titles of sources
    "Campagne tegen huiselijk geweld en kindermishandeling in coronacrisis",
    "HEN Zoom meeting Huiselijk Geweld (corona-editie)",
)
# Half a sentence; shorter runs are mostly names and phrases of the law.
COPIED_RUN = 7


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _runs(words: list[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def test_every_id_is_fixed_and_of_its_own() -> None:
    ids = [document["id"] for document in [*entries().values(), *organisations()]]
    assert [i for i in ids if str(UUID(i)) != i or UUID(i).version != 4] == []
    assert [i for i, times in Counter(ids).items() if times > 1] == []


def test_the_file_is_named_after_the_slug() -> None:
    assert [str(path) for path, e in entries().items() if path.stem != e["slug"]] == []


def test_every_relation_resolves_and_no_entry_stands_alone() -> None:
    slugs = {e["slug"] for e in entries().values()}
    relations = [(e["slug"], r) for e in entries().values() for r in e.get("relations", [])]
    assert [(slug, r["target"]) for slug, r in relations if r["target"] not in slugs] == []
    joined = {slug for slug, _ in relations} | {r["target"] for _, r in relations}
    assert slugs - joined == set()


def test_a_contradiction_says_what_it_contradicts() -> None:
    relations = [r for e in entries().values() for r in e.get("relations", []) if r["kind"] == "contradicts"]
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


def test_bodies_have_their_headings_in_order_and_their_length() -> None:
    for collection, slug, body in bodies():
        least, most = (200, 450) if collection == "stories" else (150, 500)
        assert re.findall(r"^## (.+)$", body, re.M) == HEADINGS[collection], slug
        assert least <= len(_words(body)) <= most, slug


@pytest.mark.parametrize("collection", sorted(ADVISED))
def test_an_empty_advised_field_has_a_stated_reason(collection: str) -> None:
    stated = {(gap["slug"], gap["field"]) for gap in gaps() if gap["reason"].strip()}
    assert {slug for slug, _ in stated} <= {e["slug"] for e in entries().values()}
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
        (slug, path, match[0])
        for slug, path, text in told()
        for match in PHONE.finditer(text)
        if match[0].strip() not in ALLOWED_NUMBERS
    ]
    assert found == []


def test_no_address_of_a_house() -> None:
    assert [(slug, path) for slug, path, text in told() if STREET.search(text)] == []
    assert [o["slug"] for o in organisations() if {"place", "email", "phone"} & set(o)] == []


def test_an_address_on_the_web_is_a_home_page_or_a_doi() -> None:
    links = [(slug, text) for slug, _, text in told() if text.startswith("http")]
    assert [link for link in links if not re.fullmatch(r"https://(doi\.org/\S+|[^/]+/)", link[1])] == []


@pytest.mark.parametrize(
    ("text", "is_number"),
    [("06 12 34 56 78", True), ("070 - 302 44 57", True), ("(010) 123 45 67", True), ("+31 6 12345678", True),
     ("0900-1234", True), ("bel 113", True), ("116 111", True), ("14 010", True), ("bel 112", False),
     ("in 2021 en 2022", False), ("40 tot 60 keer", False), ("41.000", False)],
)  # fmt: skip
def test_a_number_is_known_in_every_way_of_writing_it(text: str, is_number: bool) -> None:
    assert bool(PHONE.search(text)) is is_number


def test_a_figure_about_people_stands_with_its_year() -> None:
    bare = [
        (slug, path, sentence.strip())
        for slug, path, text in told()
        for sentence in re.split(r"(?<=[.!?])\s+|\n", text)
        if FIGURE.search(sentence) and not YEAR.search(sentence)
    ]
    assert bare == []


def test_no_two_bodies_are_alike() -> None:
    bags = {(slug, n): _runs(_words(body), 3) for n, (_, slug, body) in enumerate(bodies())}
    alike = [(a, b) for a, b in combinations(bags, 2) if len(bags[a] & bags[b]) > 0.6 * min(len(bags[a]), len(bags[b]))]
    assert alike == []


def test_one_voice_in_a_text() -> None:
    mixed = [
        (slug, path)
        for slug, path, text in told()
        if re.search(r"\b(u|uw)\b", text) and re.search(r"\b(je|jij|jouw)\b", text)
    ]
    assert mixed == []


def test_an_adjective_before_a_person_or_a_place_ends_as_it_should() -> None:
    wrong = re.compile(r"\been (vast|goed|nieuw|vertrouwd|ander|vrij|klein|groot|kort) (persoon|plek|plaats|stap)\b")
    assert [(slug, path, found[0]) for slug, path, text in told() if (found := wrong.search(text))] == []


def test_no_example_makes_a_plan_with_all_at_once() -> None:
    """Who is afraid agrees to anything when the other sits at the table."""
    together = re.compile(r"plan", re.IGNORECASE)
    family = re.compile(r"\b(met (het|een) gezin|moeder, vader|vader, moeder)\b")
    examples = [(entry["slug"], entry["example"]) for entry in entries().values() if "example" in entry]
    bare = [s for s, said in examples if together.search(said) and family.search(said) and "apart" not in said]
    assert examples
    assert bare == []


def test_the_english_name_of_a_vocabulary_is_no_code() -> None:
    proper = {"audience-groups", "content-warnings", "target-groups"}
    coded = [v for v in vocabularies() if "-" in v and vocabularies()[v].labels["en"].lower() == v.replace("-", " ")]
    assert set(coded) <= proper


def test_violence_is_not_made_small() -> None:
    small = re.compile(r"\bde fout in|\blosse handjes|\bdriftbui|\becht(elijke)? ruzie|\btikje", re.IGNORECASE)
    assert [(slug, path, found[0]) for slug, path, text in told() if (found := small.search(text))] == []


def test_a_plain_text_about_being_in_danger_says_where_to_go() -> None:
    """Who is asked whether it is unsafe at home, and reads on, must not have to look for a number."""
    asked = re.compile(r"(Ben je|Is het)[^.?]* niet veilig[^.?]*\?|gestalkt door[^.]*\?|bang dat je|te gevaarlijk")
    answered = re.compile(r"112|0800-2000|binnenlopen|vertrouwt")
    plain = [(slug, text) for slug, path, text in told() if path == "/summaryPlain"]
    assert [slug for slug, text in plain if asked.search(text) and not answered.search(text)] == []


@pytest.mark.parametrize(
    ("slug", "claim"),
    [
        ("als-ik-haar-was", "Daarna kun je erover praten"),
        ("als-ik-haar-was", "begin van het gesprek"),
        ("als-ik-haar-was", "een gesprek op gang brengen"),
        ("als-ik-haar-was", "bespreekbaar maken"),
        ("geef-bij-aangifte-of-melding-iets-mee-op-papier", "Niemand gaf de informatie vanzelf mee"),
        ("geef-bij-aangifte-of-melding-iets-mee-op-papier", "gesprek ophield"),
        ("geef-bij-aangifte-of-melding-iets-mee-op-papier", "moest dat zelf uitzoeken"),
        ("ervaringsdeskundigen-horen-bij-de-hulp-van-beide-kanten", "kwamen beide groepen nauwelijks voor"),
        ("jes-het-brugproject", "maakt dingen"),
        ("jes-het-brugproject", "Beide ouders"),
        ("maak-het-gat-tussen-hulp-en-mensen-kleiner", "veel kleine organisaties"),
        ("make-a-move", "Zo ga je niet over grenzen heen"),
    ],
)
def test_what_no_source_says_does_not_come_back(slug: str, claim: str) -> None:
    assert [path for of, path, text in told() if of == slug and claim in text] == []


def test_files_hold_no_derived_or_system_fields() -> None:
    forbidden = {"checkedAt", "checkedBy", "reviewDue", "version", "createdAt", "updatedAt", "publishedAt", "derived"}
    assert [e["slug"] for e in entries().values() if forbidden & set(e)] == []
    assert {e["slug"] for e in entries().values() if "status" in e} == {
        "handle-with-care-pilot-tot-2020",
        "hear-my-voice",
        "online-ouderbijeenkomst-kind-scheiding",
    }


def _own_runs(text: str) -> set[tuple[str, ...]]:
    said = " ".join(_words(text))
    for number, name in enumerate(NAMES):
        said = said.replace(" ".join(_words(name)), f"name{number}")
    return _runs(said.split(), COPIED_RUN)


def test_no_half_sentence_is_copied_from_the_documents() -> None:
    if not SOURCES.is_dir():
        pytest.skip("the seed documents do not lie beside this checkout")
    copied = set().union(*(_own_runs(f.read_text("utf-8", errors="replace")) for f in SOURCES.glob("*.txt")))
    assert [(slug, path, run) for slug, path, text in told() for run in _own_runs(text) & copied] == []


def test_no_person_of_the_documents_is_named() -> None:
    if not SOURCES.is_dir():
        pytest.skip("the seed documents do not lie beside this checkout")
    read = " ".join(f.read_text("utf-8", errors="replace") for f in SOURCES.glob("*.txt"))
    names_of_organisations = " ".join(text for o in organisations() for _, text in texts(o))
    first_names = {name for match in FIRST_NAME.finditer(read) for name in match.groups() if name}
    names = {n for n in NAME.findall(read) if n not in names_of_organisations} - NO_PERSONS | first_names
    known = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b")
    assert [(slug, found[0]) for slug, _, text in told() if (found := known.search(text))] == []
