"""Snippets that show why an entry was found: short, in order, escaped, and never the same words twice."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from kennis.search.analysis import analyze_words
from kennis.search.highlighting import ELLIPSIS, highlight, mark

FILLER = "de moeder van het gezin sprak daarna lang met een hulpverlener over wat er thuis was gebeurd en"


def terms(text: str) -> frozenset[str]:
    return frozenset(analyze_words(text))


def shown(snippet: str) -> str:
    return html.unescape(re.sub("</?mark>", "", snippet)).strip(ELLIPSIS)


def test_a_second_snippet_begins_after_the_first() -> None:
    text = f"Groep voor vaders. {FILLER} {FILLER} Een groep draaide in Tilburg. {FILLER} {FILLER}"
    first, second = highlight(text, terms("groep vaders"))
    assert "<mark>vaders</mark>" in first
    assert "Een <mark>groep</mark> draaide" in second
    assert text.index(shown(first)) + len(shown(first)) <= text.index(shown(second))


def test_no_words_are_shown_twice_where_marks_lie_just_outside_a_snippet() -> None:
    text = f"Vaders en {FILLER} {FILLER} vaders en {FILLER} {FILLER} vaders"
    snippets = [shown(s) for s in highlight(text, terms("vaders"), most=9)]
    assert len(snippets) == 3
    at = 0
    for snippet in snippets:
        at = text.index(snippet, at) + len(snippet)


@given(
    st.lists(st.sampled_from(["vaders", "groep", "<b>", "&", "de", "een-heel-lang-woord" * 9, "\n", "é"]), max_size=200)
)
def test_snippets_are_short_escaped_pieces_of_the_text_in_its_order(words: list[str]) -> None:
    text = " ".join(words)
    at = 0
    for snippet in highlight(text, terms("vaders groep"), length=80, most=4):
        assert "<mark>" in snippet
        assert "<" not in re.sub("</?mark>", "", snippet)
        piece = shown(snippet)
        assert len(piece) <= 80
        assert piece in text[at:]
        at = text.index(piece, at) + len(piece)


def test_a_title_is_marked_whole_and_escaped() -> None:
    assert mark("Vaders & zonen", terms("vader")) == "<mark>Vaders</mark> &amp; zonen"
