"""Marks in texts what was searched for: HTML-escaped, compounds whole, the same for both engines.

A word is marked when its token, or a part of it, is among the terms. A term of several tokens ("licht verstandelijk
beperking") marks its words only when all of them stand in the text.
"""

import html
from collections.abc import Sequence

from kennis.search.analysis import Found, analyser

MARK, END_MARK = "<mark>", "</mark>"
# A line or two on a page, and enough of them to see why an entry was found. Guesses.
LENGTH, MOST = 200, 2
# Before the first mark of a snippet stand at most so many characters. Guess.
LEAD = 60
ELLIPSIS = "…"
Span = tuple[int, int]


def highlight(text: str, terms: frozenset[str], *, length: int = LENGTH, most: int = MOST) -> list[str]:
    """Snippets of at most `length` characters of the text (marks and escapes not counted), in its order, each with
    at least one mark and none with words of another; none when nothing matches. Cuts are at words and shown by an
    ellipsis."""
    spans = _spans(text, terms)
    snippets: list[str] = []
    at = end = 0
    while at < len(spans) and len(snippets) < most:
        start, end = _window(text, spans[at], length, end)
        inside = [span for span in spans[at:] if span[1] <= end] or [(spans[at][0], min(spans[at][1], end))]
        snippets.append(_marked(text, start, end, inside))
        at += len(inside)
    return snippets


def mark(text: str, terms: frozenset[str]) -> str:
    """The whole text, escaped and marked: for a title."""
    return _marked(text, 0, len(text), _spans(text, terms))


def _spans(text: str, terms: frozenset[str]) -> list[Span]:
    if not terms:
        return []
    found = list(analyser().words(text))
    wanted = _wanted(found, terms)
    return [(f.start, f.end) for f in found if _is_wanted(f, wanted)]


def _wanted(found: Sequence[Found], terms: frozenset[str]) -> frozenset[str]:
    single = {term for term in terms if " " not in term}
    together = [term.split() for term in terms if " " in term]
    if together:
        present = {token for f in found for token in (f.word.term, *f.word.parts)}
        single.update(token for tokens in together if present.issuperset(tokens) for token in tokens)
    return frozenset(single)


def _is_wanted(found: Found, wanted: frozenset[str]) -> bool:
    word = found.word
    return (word.term or word.folded) in wanted or not wanted.isdisjoint(word.parts)


def _window(text: str, first: Span, length: int, after: int) -> Span:
    """The piece around a mark that begins nowhere before `after`, cut at spaces where there are any."""
    if len(text) <= length:
        return 0, len(text)
    start = max(after, min(first[0] - min(LEAD, length // 3), len(text) - length))
    if start > 0:
        space = text.find(" ", start, first[0])
        start = first[0] if space == -1 and first[0] - start > 0 else space + 1
    end = min(len(text), start + length)
    if end < len(text):
        space = text.rfind(" ", max(first[1], start), end + 1)
        end = space if space > start else end
    return start, end


def _marked(text: str, start: int, end: int, spans: Sequence[Span]) -> str:
    pieces = [ELLIPSIS] if start > 0 else []
    at = start
    for first, last in spans:
        pieces += [html.escape(text[at:first]), MARK, html.escape(text[first:last]), END_MARK]
        at = last
    pieces.append(html.escape(text[at:end]))
    if end < len(text):
        pieces.append(ELLIPSIS)
    return "".join(pieces)
