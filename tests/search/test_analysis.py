"""The Dutch analyser: tokens of hundreds of words, the traps among them, and what must hold for any text."""

import hashlib
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kennis.search import analysis
from kennis.search.analysis import analyser, analyze_words, exact_name, fold
from kennis.search.folding import word_pattern
from kennis.search.mapping import MARKER
from kennis.search.wordlists import folder, word_lists

GOLDEN = Path(__file__).parent / "golden"
LISTS = ("stopwords.txt", "overrides.txt", "protected.txt", "compound_parts.txt")


def rows(name: str) -> list[list[str]]:
    lines = (GOLDEN / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def term(word: str) -> str:
    (only,) = analyze_words(word)
    return only


def parts(text: str) -> list[str]:
    return [part for found in analyser().words(text) for part in found.word.parts]


def terms(text: str) -> list[str]:
    """Everything that an index would hold of it."""
    return [*analyze_words(text), *parts(text), *(token.term for token in fold(text))]


@pytest.mark.parametrize(("word", "words", "in_parts"), rows("words.tsv"))
def test_tokens_are_those_of_the_golden_file(word: str, words: str, in_parts: str) -> None:
    found = [f.word for f in analyser().words(word)]
    assert [w.term or "-" for w in found] == words.split()
    assert [part for w in found for part in w.parts] == in_parts.split()


def test_a_change_of_the_word_lists_needs_a_new_version() -> None:
    digest = hashlib.sha256(b"".join((folder() / name).read_bytes() for name in LISTS)).hexdigest()[:16]
    recorded = (GOLDEN / "version.txt").read_text(encoding="utf-8").split()
    assert recorded == [analysis.ANALYSIS_VERSION, digest], (
        f"the word lists changed: raise ANALYSIS_VERSION and write it with {digest} to golden/version.txt"
    )


@pytest.mark.req("T3")
@pytest.mark.parametrize(("compound", "expected"), rows("compounds.tsv"))
def test_compounds_hold_the_tokens_of_their_parts(compound: str, expected: str) -> None:
    assert parts(compound) == [term(part) for part in expected.split()]


@pytest.mark.req("T3")
@pytest.mark.parametrize("word", [row[0] for row in rows("whole.tsv")])
def test_words_that_only_look_like_compounds_stay_whole(word: str) -> None:
    assert parts(word) == []


@pytest.mark.req("T3")
@pytest.mark.parametrize(
    ("compound", "apart"),
    [
        ("plegeraanpak", "aanpak plegers"),
        ("vrouwenopvang", "opvang vrouwen"),
        ("meldcodetraining", "training meldcode"),
        ("partnergeweld", "geweld partner"),
    ],
)
def test_parts_of_a_compound_are_the_words_it_is_made_of(compound: str, apart: str) -> None:
    assert set(parts(compound)) == set(analyze_words(apart))


@pytest.mark.req("T1")
def test_parents_and_elderly_people_never_meet() -> None:
    assert term("ouder") == term("ouders")
    assert term("oudere") == term("ouderen")
    assert len({term("ouders"), term("ouderen"), term("oud")}) == 3
    assert term("oudermishandeling") != term("ouderenmishandeling")
    for word in ("oudermishandeling", "ouderenmishandeling"):
        (read,) = (f.word for f in analyser().words(word))
        assert not read.finds_by_parts


@pytest.mark.req("T1")
@pytest.mark.parametrize("word", ["ouderenzorg", "ouderenmishandeling", "ouderenwerk"])
def test_parts_of_words_about_elderly_people_are_not_about_parents(word: str) -> None:
    assert term("oudere") in parts(word)
    assert term("ouder") not in parts(word)


@pytest.mark.req("T4")
@pytest.mark.parametrize("words", [("geweld", "geweldig", "wel"), ("gezin", "zin", "zinnig"), ("gedrag", "drag")])
def test_words_that_stemmers_throw_together_stay_apart(words: tuple[str, ...]) -> None:
    assert len({term(word) for word in words}) == len(words)


@pytest.mark.req("T6")
@pytest.mark.parametrize("word", ["VGV", "FGM", "SGG", "LVB", "HGKM", "VT", "CSG", "LKHA", "GHNT", "GIA", "KOPP"])
def test_abbreviations_are_tokens_of_their_own(word: str) -> None:
    assert analyze_words(word) == [word.lower()]


@pytest.mark.req("T7")
@pytest.mark.parametrize(
    ("forms", "token"),
    [
        (("MDA++", "mda++", "mda", "Mda+"), "mda++"),
        (("!JES", "jes", "!jes"), "!jes"),
        (("lhbti+", "LHBTI", "lhbtiq+", "LHBTIQA+"), "lhbti+"),
    ],
)
def test_names_with_signs_are_one_token_however_they_are_written(forms: tuple[str, ...], token: str) -> None:
    assert [analyze_words(form) for form in forms] == [[token]] * len(forms)
    assert analyze_words(f"de aanpak ({forms[0]}), 2020")[1] == token


@pytest.mark.req("T9")
@pytest.mark.parametrize("name", ["time-out", "In the picture", "Wie wat waar", "MDA++"])
def test_names_survive_as_one_keyword(name: str) -> None:
    assert exact_name(name) == exact_name(name.upper())
    assert exact_name(f"De {name}") == exact_name(name)
    assert exact_name(name)


@pytest.mark.parametrize(
    ("one", "other"), [("kracht werk", "Krachtwerk"), ("time out", "time-out"), ("BORGtraining", "BORG-training")]
)
def test_a_name_written_apart_or_together_is_the_same_name(one: str, other: str) -> None:
    assert exact_name(one) == exact_name(other)


@pytest.mark.req("T15")
@pytest.mark.parametrize("written", ["0800-2000", "0800 2000", "08002000", "0800.2000"])
def test_a_short_phone_number_is_one_token(written: str) -> None:
    assert analyze_words(f"bel {written}!")[-1] == "08002000"


@pytest.mark.req("T15")
@pytest.mark.parametrize(
    "written", ["020-1234567", "020 123 45 67", "+31 20 123 45 67", "0031201234567", "+31 (0)20 1234567"]
)
def test_a_long_phone_number_is_the_number_one_dials(written: str) -> None:
    assert analyze_words(f"({written})") == ["0201234567"]


@pytest.mark.parametrize("text", ["01-02-2019", "van 2019 tot 2021", "0,5 tot 10", "0123", "30.000.000"])
def test_days_and_figures_are_no_phone_numbers(text: str) -> None:
    assert all(len(token.term) <= 4 for token in fold(text))


@pytest.mark.req("T16")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("financiele", "Financiële"),
        ("Fryslan", "Fryslân"),
        ("categorieen", "categorieën"),
        ("ideeen", "ideeën"),
        ("clienten", "cliënten"),
        ("geescaleerd", "geëscaleerd"),
        ("reele", "reële"),
        ("creche", "crèche"),
        ("baby's", "baby’s"),
        ("babys", "baby's"),
        ("fotos", "foto's"),
        ("ZUID-HOLLAND", "zuid-holland"),
        ("patie\u0308nt", "patiënt"),
        ("mis\u00adhandeling", "mishandeling"),
    ],
)
def test_capitals_accents_and_apostrophes_do_not_matter(one: str, other: str) -> None:
    assert analyze_words(one) == analyze_words(other)


@pytest.mark.parametrize(
    "family",
    [
        "interventie interventies",
        "methode methoden methodes",
        "meisje meisjes",
        "seksueel seksuele",
        "kind kinderen kinder",
        "slaan slaat sloeg geslagen",
        "mishandelen mishandeld mishandelde mishandeling mishandelingen",
        "verkracht verkrachting verkrachtingen",
        "stalken stalkt gestalkt stalking",
        "melden gemeld melding meldingen",
        "scheiden gescheiden scheiding scheidingen",
        "leraar leraren lerares leraressen",
        "arts artsen",
        "onderzoeker onderzoekers",
        "migrantenorganisatie migrantenorganisaties",
        "veiligheidsplan veiligheidsplannen",
        "verslaafd verslaafde verslaving",
    ],
)
def test_families_of_words_meet(family: str) -> None:
    assert len({term(word) for word in family.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("arts", "art"), ("politie", "politiek"), ("jongeren", "jong"), ("mensen", "men"), ("zorg", "zorgen"),
     ("huiselijk", "huis"), ("overleven", "overlever"), ("verkering", "verkeerd"), ("partner", "partnerschap")],
)  # fmt: skip
def test_words_of_another_meaning_do_not_meet(one: str, other: str) -> None:
    assert analyze_words(one) != analyze_words(other)


@pytest.mark.parametrize("word", ["niet", "geen", "zonder", "wel"])
def test_words_that_turn_the_meaning_are_kept(word: str) -> None:
    assert analyze_words(word)


def test_stop_words_keep_their_place_and_parts_share_that_of_their_word() -> None:
    found = analyser().words("De vrouwenopvang in Almere")
    assert [(f.word.term, f.word.parts, f.start, f.end) for f in found] == [
        (None, (), 0, 2),
        ("vrouwenopvang", ("vrouw", "opvang"), 3, 16),
        (None, (), 17, 19),
        (term("Almere"), (), 20, 26),
    ]


def test_words_that_were_read_once_give_every_field() -> None:
    text = "De vrouwenopvang: bel 0800-2000 voor baby's en MDA++."
    read = analyser().read(text)
    assert analysis.terms(read).split() == analyze_words(text)
    assert analysis.parts(read).split() == parts(text)
    assert analysis.folded(read).split() == [t.term for t in fold(text)]


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_any_text_is_read_as_the_words_that_stand_in_it(text: str) -> None:
    assert analyser().read(text) == [found.word for found in analyser().words(text)]


@given(st.text(max_size=300))
def test_any_text_is_analysed_and_offsets_slice_it(text: str) -> None:
    for token, found in zip(fold(text), analyser().words(text), strict=True):
        assert 0 <= token.start < token.end <= len(text)
        written = text[token.start : token.end]
        again = {w for f in analyser().words(written) for w in (f.word.folded, f.word.term, *f.word.parts)}
        assert {token.term, found.word.term, *found.word.parts} <= again | {None}


@given(st.text(max_size=100))
def test_no_token_holds_a_space_or_the_marker(text: str) -> None:
    for made in terms(text):
        assert made
        assert not set(made) & {MARKER, " ", "\n", "\t"}
        assert len(made.split()) == 1


@given(st.text(alphabet="abcdeëéïöuü'-+!0123456789 ", max_size=60))
def test_accents_never_change_tokens(text: str) -> None:
    plain = text.translate(str.maketrans("ëéïöü", "eeiou"))
    assert analyze_words(text) == analyze_words(plain)


@given(st.text(st.sampled_from("aé1 +!.-(0)86jesmda'’\u00ad\n_²“/"), max_size=60) | st.text(max_size=60))
def test_texts_without_signs_and_digits_are_read_the_quick_way_with_the_same_words(text: str) -> None:
    pattern = word_pattern(word_lists().protected)
    assert pattern.of(text).findall(text) == pattern.words(text) == pattern.whole.findall(text)


def test_a_sign_of_a_protected_form_is_not_taken_for_one_between_words() -> None:
    pattern = word_pattern(["jes!", "met/zonder"])
    assert pattern.words("Werk met/zonder Jes! door") == ["Werk", "met/zonder", "Jes!", "door"]


def test_very_long_words_are_cut() -> None:
    assert all(len(made) <= 64 for made in (*terms("a" * 50_000), *terms("é" * 50_000)))


def test_threads_do_not_disturb_one_another() -> None:
    words = [row[0] for row in rows("words.tsv")]
    fresh = analysis.Analyser(analysis.word_lists())
    wrong: list[str] = []

    def read() -> None:
        wrong.extend(w for w in words if fresh.word(w) != analyser().word(w))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
