"""What a later version says differently, as a reader wants it told."""

import copy
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kennis.content import differences
from kennis.content.comparison import Cell
from kennis.content.differences import Change, Piece, between, pieces
from kennis.content.kinds import KINDS
from tests.factories import ORGANISATION, make_entry, make_typical
from tests.timing import within

WORDS = st.text(alphabet="ab.! \n", max_size=60)


def changes(kind: str, change: Callable[[dict[str, Any]], Any], language: str = "nl") -> list[Change]:
    before = make_typical(kind)
    after = copy.deepcopy(before)
    change(after)
    return between(kind, before, after, {ORGANISATION: "Stichting Voorbeeld"}, language)


@pytest.mark.parametrize("kind", KINDS)
def test_equal_texts_have_no_difference(kind: str) -> None:
    assert changes(kind, lambda _: None) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_that_is_left_out_is_told_once(kind: str) -> None:
    whole = make_typical(kind)
    for name in whole:
        rest = {key: value for key, value in whole.items() if key != name}
        (told,) = between(kind, whole, rest, {}, "nl")
        assert (told.pointer, told.change) == (f"/{name}", "removed")


def test_one_word_in_a_text_is_told_as_one_word() -> None:
    assert pieces("De hond loopt. De kat slaapt in de zon.", "De hond loopt. De kat slaapt nu in de zon.") == (
        Piece("same", "De hond loopt. De kat slaapt "),
        Piece("added", "nu "),
        Piece("same", "in de zon."),
    )


def test_a_sentence_that_says_something_else_is_not_cut_into_words() -> None:
    told = pieces("Eén. Bel de politie bij gevaar. Drie.", "Eén. Er is een wachtlijst van drie weken. Drie.")
    assert [piece.change for piece in told] == ["same", "removed", "added", "same"]


@given(before=WORDS, after=WORDS)
def test_the_pieces_hold_both_texts_whole(before: str, after: str) -> None:
    told = pieces(before, after)
    assert "".join(piece.text for piece in told if piece.change != "added") == before
    assert "".join(piece.text for piece in told if piece.change != "removed") == after
    assert all(piece.text for piece in told)
    assert all(one.change != other.change for one, other in pairwise(told))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a. b. " * 16_000, "b. a. " * 16_000),
        ("a " * 50_000, "b " * 50_000),
        ("ab cd. ef " * 10_000, "ef ab. cd " * 10_000),
        ("." * 100_000, "!" * 100_000),
        ("x" * 100_000, "x" * 99_999),
        ("ab ba " * 16_000, "ab ab ba " * 11_000),
    ],
)
def test_texts_of_100_000_characters_are_compared_within_a_second(before: str, after: str) -> None:
    within(1, lambda: pieces(before, after))


def test_codes_are_told_with_their_labels_one_by_one() -> None:
    (told,) = changes("method", lambda after: after.update(topics=["kindermishandeling"]))
    assert (told.pointer, told.label, told.change) == ("/topics", "Onderwerpen", "changed")
    assert told.parts[0].after == Cell("kindermishandeling", "Kindermishandeling")
    assert {part.change for part in told.parts[1:]} == {"removed"}


def test_labels_are_in_the_language_of_the_reader() -> None:
    (told,) = changes("method", lambda after: after.update(topics=["kindermishandeling"]), "en")
    assert (told.label, told.parts[0].after) == ("Topics", Cell("kindermishandeling", "Child abuse and neglect"))


def test_another_order_alone_is_told_as_such() -> None:
    before = make_entry("method", audiences=["wijkteam", "politie"])
    (told,) = between("method", before, before | {"audiences": ["politie", "wijkteam"]}, {}, "nl")
    assert (told.is_reordered, told.parts) == (True, ())


def test_a_study_is_known_by_its_title_when_its_finding_changes_and_another_comes_before_it() -> None:
    def change(after: dict[str, Any]) -> None:
        study = after["evidence"][0]
        after["evidence"].insert(0, study | {"title": "Nieuw onderzoek", "year": 2025})
        after["evidence"][1] = study | {"finding": "Na een jaar was er geen verschil meer.", "direction": "mixed"}

    (told,) = changes("intervention", change)
    first, second = told.parts
    title = make_typical("intervention")["evidence"][0]["title"]
    assert (first.subject, first.change, first.pointer) == ("Nieuw onderzoek", "added", "/evidence/0")
    assert (second.subject, second.change, second.pointer) == (title, "changed", "/evidence/1")
    assert [part.pointer for part in second.parts] == ["/evidence/1/finding", "/evidence/1/direction"]


def test_a_study_that_got_another_title_is_still_the_same_study() -> None:
    (told,) = changes("intervention", lambda after: after["evidence"][0].update(title="Onder een andere naam"))
    assert [part.change for part in told.parts] == ["changed"]


def test_an_organisation_that_got_another_role_is_named() -> None:
    (told,) = changes("intervention", lambda after: after["organisations"][0].update(role="funder"))
    names = {part.subject for part in told.parts}
    assert all(name and name.startswith("Stichting Voorbeeld, ") for name in names)


def test_numbers_and_answers_are_told_as_they_were_and_are() -> None:
    before = make_entry("intervention", sessionCount=10)
    (told,) = between("intervention", before, before | {"sessionCount": 12}, {}, "nl")
    assert (told.before, told.after) == (Cell(10, None), Cell(12, None))


def test_longer_stretches_than_can_be_compared_are_one_for_another() -> None:
    most = int(differences.MOST_COMPARED**0.5) // 2 + 1
    told = pieces("a " * most + "x", "y " + "a " * most)
    assert [piece.change for piece in told] == ["removed", "added"]
