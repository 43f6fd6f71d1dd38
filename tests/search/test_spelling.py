"""Corrections: near words first, and never from parents to older people."""

import pytest

from kennis.search.analysis import fold
from kennis.search.spelling import Speller, candidates, corrected, make_dictionary, side

WORDS = {
    "oudermishandeling": 3, "ouderenmishandeling": 5, "kindermishandeling": 9, "huiselijk": 20, "geweld": 50,
    "meldcode": 8, "huwelijksdwang": 4, "opvang": 12, "krachtwerk": 2, "slachtoffer": 30, "stalking": 6,
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kindermishandelling", "kindermishandeling"),
        ("huislijk", "huiselijk"),
        ("gewled", "geweld"),
        ("meldkode", "meldcode"),
        ("huwlijksdwang", "huwelijksdwang"),
        ("opvagn", "opvang"),
        ("slachtofer", "slachtoffer"),
        ("stalkign", "stalking"),
        ("ouderenmishandelling", "ouderenmishandeling"),
        ("oudermishandelling", "oudermishandeling"),
    ],
)
def test_a_typo_is_taken_for_the_nearest_word(typed: str, meant: str) -> None:
    assert candidates(make_dictionary(1, WORDS.items()), typed)[0] == meant


@pytest.mark.parametrize("word", ["geweld", "abc", "2000", "mda++", ""])
def test_a_known_a_short_and_an_odd_word_have_no_correction(word: str) -> None:
    assert candidates(make_dictionary(1, WORDS.items()), word) == []


@pytest.mark.req("T1")
def test_parents_and_older_people_are_never_corrected_into_one_another() -> None:
    one_side = {w: n for w, n in WORDS.items() if w != "oudermishandeling"}
    assert candidates(make_dictionary(1, one_side.items()), "oudermishandeling") == []
    other_side = {w: n for w, n in WORDS.items() if w != "ouderenmishandeling"}
    assert candidates(make_dictionary(1, other_side.items()), "ouderenmishandeling") == []


@pytest.mark.req("T1")
def test_a_typo_that_may_be_either_is_left_alone() -> None:
    assert candidates(make_dictionary(1, WORDS.items()), "oudeemishandeling") == []


def test_the_two_sides() -> None:
    assert [side(w) for w in ("ouders", "oudere", "ouderen", "oudermishandeling", "oud", "geweld")] == [
        "ouder", "oudere", "oudere", "ouder", None, None,
    ]  # fmt: skip


def test_only_a_word_that_is_found_is_offered() -> None:
    dictionary = make_dictionary(1, WORDS.items())
    words = [("gewled", 0, 6), ("meldkode", 7, 15)]
    assert corrected(dictionary, "Gewled meldkode", words, lambda w: w == "meldcode") == "Gewled meldcode"
    assert corrected(dictionary, "Gewled meldkode", words, lambda _: True) == "geweld meldcode"
    assert corrected(dictionary, "Gewled meldkode", words, lambda _: False) is None


@pytest.mark.parametrize(
    ("typed", "near"),
    [("cafe", "care"), ("burn-out", "buren"), ("triage", "traag"), ("wiet", "niet"), ("creche", "creme")],
)
def test_a_word_that_is_none_of_ours_is_not_made_into_another(typed: str, near: str) -> None:
    words = [(token.term, token.start, token.end) for token in fold(typed)]
    assert corrected(make_dictionary(1, [(near, 9)]), typed, words, lambda _: True) is None


def test_a_mistake_in_a_word_with_a_hyphen_is_corrected() -> None:
    words = [(token.term, token.start, token.end) for token in fold("ex-stalkign")]
    assert corrected(make_dictionary(1, WORDS.items()), "ex-stalkign", words, lambda _: True) == "ex-stalking"


def test_a_dictionary_is_made_once_per_state() -> None:
    speller, reads = Speller(), []

    def read() -> dict[str, int]:
        reads.append(1)
        return WORDS

    assert speller.dictionary(1, read) is speller.dictionary(1, read)
    assert len(reads) == 1
