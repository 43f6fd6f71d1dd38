"""Ages in a query: "8 jaar", "4-12 jaar", "65+", and from there the age bands they fall in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kennis.content.vocabulary import Vocabulary

OLDEST = 121
# A span over more bands than this says nothing about age.
MOST_BANDS = 3
YEARS = r"(?:jaar|jaren|jarigen?|jr\.?|years?)\b"
JOINT = r"\s*(?P<joint>-|–|/|tot en met|t/m|tot|en|to|and)\s*"
AGE = re.compile(
    r"(?P<before>\b(?:vanaf|ouder dan|boven de|boven|onder de|jonger dan|tot)\s+)?"
    r"(?<![\d.,-])(?P<low>\d{1,3})"
    rf"(?:(?P<plus>\s?\+|[ -]?plus\b)|(?:{JOINT}(?P<high>\d{{1,3}}))?\s?-?(?:{YEARS})|\s?maanden\s+oud\b)"
    r"(?:\s+(?:en\s+)?(?P<older>ouder)\b)?",
    re.IGNORECASE,
)
OPEN_ABOVE = ("vanaf", "ouder dan", "boven")
OPEN_BELOW = ("onder", "jonger dan", "tot")
INCLUSIVE = ("tot en met", "t/m")


@dataclass(frozen=True, slots=True)
class Ages:
    """From the first age up to, not including, the second; where it stands in the text."""

    low: int
    high: int
    start: int
    end: int


def find(text: str, not_before: Sequence[str], not_after: Sequence[str]) -> Iterator[Ages]:
    """Every age that is named; a number of years that says how long something lasted is none."""
    for match in AGE.finditer(text):
        before = text[: match.start()].lower().split()
        after = re.findall(r"\w+", text[match.end() :].lower())[:1]
        if (before and before[-1] in not_before) or (after and after[0] in not_after):
            continue
        low, high = _span(match)
        if low < high <= OLDEST:
            yield Ages(low, high, match.start(), match.end())


def _span(match: re.Match[str]) -> tuple[int, int]:
    low, before = int(match["low"]), (match["before"] or "").lower()
    if "maanden" in match.group().lower():
        return 0, 2
    if match["high"]:
        high = int(match["high"])
        return low, high + 1 if (match["joint"] or "").lower() in INCLUSIVE else high
    if match["plus"] or match["older"] or before.startswith(OPEN_ABOVE):
        return low, OLDEST
    if before.startswith(OPEN_BELOW):
        return 0, low
    return low, low + 1


def bands(low: int, high: int, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The half-open age bands that the span touches; none when it touches nearly all."""
    found = []
    for term in vocabulary:
        first, last = term.extra["from"], term.extra["to"]
        if low < (OLDEST if last is None else last) and first < high:
            found.append(term.code)
    return tuple(found) if len(found) <= MOST_BANDS else ()
