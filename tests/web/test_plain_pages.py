"""Readable by everybody: structure, plain words, Dutch dates (safety.md section 7)."""

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from kennis.access import linking, oidc
from kennis.content.kinds import KINDS, schema
from kennis.errors import LoginUnavailable
from kennis.web import account, account_keys, account_password, dutch, facts, failures, forms, research
from kennis.web.layouts import COMMON_FACTS, LAYOUTS
from tests.source import PACKAGE
from tests.web import places
from tests.web.conftest import Site
from tests.web.dom import Node

TEMPLATES = PACKAGE / "web" / "templates"
LONGEST_AVERAGE = 15
# Longer than this and a sentence of ours asks to be read twice.
LONGEST_SENTENCE = 22
JARGON = re.compile(
    r"\b(middels|teneinde|derhalve|inzake|conform|dient te|alsmede|betreffende|faciliteren|implementeren)\b"
)


@pytest.mark.req("A2")
@pytest.mark.parametrize("path", places.ALL)
def test_structure_of_every_page(site: Site, path: str) -> None:
    page = site.get(path, places.ALL[path])
    assert page.one("html").attributes["lang"] == "nl"
    assert len(page.all("h1")) == 1
    assert page.one("title").text.endswith(" | Kennis")
    for landmark in ("main", "footer"):
        page.one(landmark)
    assert page.all("header", class_="kennis-page-header")
    assert page.focusable()[0].attributes["href"] == "#inhoud"
    assert page.one("main").attributes["id"] == "inhoud"
    ids = [n.attributes["id"] for n in page.walk() if "id" in n.attributes]
    assert len(ids) == len(set(ids))
    named = {n.attributes["aria-labelledby"] for n in page.walk() if "aria-labelledby" in n.attributes}
    assert named <= set(ids)


@pytest.mark.req("A2")
@pytest.mark.parametrize("path", places.ALL)
def test_no_level_of_headings_is_left_out(site: Site, path: str) -> None:
    levels = [
        int(n.tag[1]) for n in site.get(path, places.ALL[path]).one("main").walk() if re.fullmatch(r"h[1-6]", n.tag)
    ]
    assert levels[0] == 1
    assert [b for a, b in pairwise(levels) if b > a + 1] == []


@pytest.mark.req("A2")
def test_titles_tell_pages_apart(site: Site) -> None:
    kinds = [kind for kind in KINDS if LAYOUTS[kind].title is None]
    titles = [site.get(places.GOOD[kind]).one("title").text for kind in kinds]
    titles += [site.get(path).one("title").text for path in (places.START, places.RESULTS, "/?page=2")]
    titles.append(site.get(places.MISSING, 404).one("title").text)
    assert len(set(titles)) == len(titles)


@pytest.mark.req("A7")
def test_the_style_knows_print_motion_and_forced_colours() -> None:
    style = (PACKAGE / "web" / "static" / "kennis.css").read_text("utf-8")
    for query in ("@media print", "prefers-reduced-motion: reduce", "forced-colors: active"):
        assert query in style
    assert list((PACKAGE / "web" / "static").glob("*.js")) == []


def _own_text(template: Path) -> str:
    """The words of a template: what is filled in, tags and hidden signs left out."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}", " ", template.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}", "X", text)
    text = re.sub(r"</(p|li|h\d|dt|dd|summary|button|label|legend|a|option)>", ". ", text)
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def _sentences(text: str) -> list[list[str]]:
    found = [re.findall(r"[^\W_][\w'-]*", part) for part in re.split(r"[.!?:]+\s", text)]
    return [words for words in found if len(words) > 3]


@pytest.mark.req("A10")
def test_our_sentences_are_short() -> None:
    sentences = [s for t in TEMPLATES.glob("*.html") for s in _sentences(_own_text(t))]
    assert len(sentences) > 30
    assert sum(map(len, sentences)) / len(sentences) <= LONGEST_AVERAGE
    assert [" ".join(s) for s in sentences if len(s) > LONGEST_SENTENCE] == []


# Flesch-Douma, as in `textstat` for Dutch: a policy text has some -20, a letter that everybody reads 80 and more.
LEAST_EASE = 60
# With fewer words one long word decides, and the figure says nothing.
FEWEST_WORDS = 8
SYLLABLE = re.compile(r"[äëïöü]?[aeiouyáàâéèêíóôúû]+|[äëïöü]")


def _reading_ease(text: str) -> float:
    sentences = [part for part in re.split(r"[.!?:]+\s", text) if re.search(r"\w", part)]
    words = re.findall(r"[^\W\d_][\w'-]*", text.lower())
    syllables = sum(max(1, len(SYLLABLE.findall(word))) for word in words)
    return 206.84 - 77 * syllables / len(words) - 0.93 * len(words) / len(sentences)


def _blocks(template: Path) -> list[str]:
    """Our own words in every paragraph and item of a list, without what is filled in."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", template.read_text("utf-8"), flags=re.DOTALL)
    found = re.findall(r"<(p|li)\b[^>]*>(.*?)</\1>", text, flags=re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", block).split()) for _, block in found]


@pytest.mark.req("A10")
def test_every_block_of_our_own_text_is_easy_to_read() -> None:
    texts = [block for template in TEMPLATES.glob("*.html") for block in _blocks(template)]
    texts += [told.text for told in (*failures.TOLD.values(), failures.STALE, failures.OUR_FAULT, failures.YOUR_FAULT)]
    texts += [research.CONFLICT, research.FOREIGN, research.ABOUT_THE_TEXT]
    texts += [text.nl for text in (forms.STALE, linking.REFUSED, oidc.REFUSED, account_password.ELSEWHERE)]
    texts += [*account.ROLES.values(), *account_keys.SCOPES.values(), LoginUnavailable().message.nl]
    blocks = [text for text in texts if len(re.findall(r"[^\W\d_]+", text)) >= FEWEST_WORDS]
    assert len(blocks) > 20
    assert [(round(_reading_ease(b)), b) for b in blocks if _reading_ease(b) < LEAST_EASE] == []


@pytest.mark.req("A10")
def test_the_measure_of_reading_ease_tells_plain_from_official() -> None:
    assert _reading_ease("Bel ons als u hulp nodig hebt. Wij zijn er dag en nacht. Het kost u niets.") > 90
    assert (
        _reading_ease("Implementatie van interdisciplinaire samenwerkingsverbanden vereist beleidsmatige kaders.") < 0
    )


@pytest.mark.req("A10")
def test_we_say_u_and_use_plain_words() -> None:
    for template in TEMPLATES.glob("*.html"):
        text = _own_text(template).lower()
        assert not re.search(r"\b(je|jij|jouw|jullie)\b", text), template.name
        assert not JARGON.search(text), template.name


@pytest.mark.req("A12")
def test_dates_and_numbers_are_written_in_dutch() -> None:
    assert dutch.day(date(2026, 11, 21)) == "21 november 2026"
    assert dutch.day("2026-11-20T23:30:00Z") == "21 november 2026"
    assert [dutch.partial_day(d) for d in ("2016", "2016-09", "2016-09-01")] == [
        "2016",
        "september 2016",
        "1 september 2016",
    ]
    assert dutch.moment("2027-07-04T08:30:00Z") == "4 juli 2027, 10.30 uur"
    assert [dutch.number(n) for n in (0, 999, 1234, 1234567, 2.5, 1200.5, 20.0)] == [
        "0", "999", "1.234", "1.234.567", "2,5", "1.200,5", "20"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("least", "limit", "words"),
    [(None, None, ""), (8, 13, "8 tot en met 12 jaar"), (18, None, "vanaf 18 jaar"), (-1, None, "alle leeftijden"),
     (None, 2, "zwangerschap tot 2 jaar"), (4, 5, "4 jaar"), (0, 18, "0 tot en met 17 jaar")],
)  # fmt: skip
def test_ages_are_told_as_people_count_them(least: int | None, limit: int | None, words: str) -> None:
    assert dutch.ages(least, limit) == words


# Shown elsewhere on the page than in the blocks that a layout names.
ELSEWHERE = {
    "title", "summary", "summaryPlain", "body", "language", "ageMin", "ageMax", "organisations", "sources",
    "externalIds", "relations", "contributor", "licence", "contentWarnings", "evidence", "recognitions",
    "evidenceBandOverride", "contact", "isExample", "url", "checkedAt", "checkedBy", "addressSecret",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_of_a_kind_has_a_place_on_its_page(kind: str) -> None:
    layout = LAYOUTS[kind]
    blocks = (layout.facts, layout.urgent, layout.lead, layout.advice, layout.details, layout.folded, COMMON_FACTS)
    placed = [name for names in blocks for name in names]
    properties = {str(field.data_key) for field in schema(kind).load_fields.values()}
    assert properties - ELSEWHERE - set(placed) == set()
    assert set(placed) - properties == set()
    assert len(placed) == len(set(placed))


@pytest.mark.parametrize("kind", KINDS)
def test_every_shape_of_a_block_is_drawn(kind: str, site: Site) -> None:
    page: Node = site.get(places.GOOD[kind])
    assert page.one("main").text
    for name in LAYOUTS[kind].urgent:
        assert facts.label(facts.field_of(schema(kind), name)) in page.text


@pytest.mark.parametrize("name", ["%00", "a%00b", "A-b", "-a", "a" * 3000, "%F0%9F%98%80"])
def test_a_name_that_no_entry_can_have_is_not_found(site: Site, name: str) -> None:
    for kind in KINDS.values():
        site.get(f"/{kind.page}/{name}", 404)
