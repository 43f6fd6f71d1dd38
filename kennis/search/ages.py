"""Ages in a query: "8 jaar", "tussen 12 en 18", "dochter van acht", "65+"; and the age bands they fall in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from kennis.content.vocabulary import Vocabulary

OLDEST = 121
# A span over more bands than this says nothing about age.
MOST_BANDS = 4
WRITTEN = [
    "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf", "dertien", "veertien",
    "vijftien", "zestien", "zeventien", "achttien",
]  # fmt: skip
NUMBER = rf"(?:\d{{1,3}}|{'|'.join(sorted(WRITTEN, key=len, reverse=True))})"
YEARS = r"(?:jaar|jaren|jarig(?:en?)?|jr\.?|years?)\b"
JOINT = r"\s*(?P<joint>-|–|/|tot en met|t/m|tot|en|to|and)\s*"
BEFORE = r"(?P<before>\b(?:vanaf|ouder dan|boven de|boven|onder de|onder|jonger dan|tussen de|tussen|tot)\s+)"
AGE = re.compile(
    rf"{BEFORE}?(?<![\d.,-])(?<!\w)(?P<low>{NUMBER})"
    rf"(?:(?P<plus>\s?\+|[ -]?plus\b)|(?:{JOINT}(?P<high>{NUMBER}))?\s?-?(?:{YEARS})|\s?maanden\s+oud\b)"
    r"(?:\s+(?:en\s+)?(?P<older>ouder)\b)?",
    re.IGNORECASE,
)
# No word for years: then what stands before or after the number must say that it is an age.
ENDS = r"(?![\w%]|[.,:/-]\d|\s*(?:uur|minuten|dagen|weken|week|maanden|maand|keer|maal|x|kinderen|euro|personen)\b)"
SPAN = re.compile(rf"{BEFORE}(?P<low>{NUMBER})(?:\s+en\s+(?:de\s+)?(?P<high>{NUMBER}))?{ENDS}", re.IGNORECASE)
SPANS_WITHOUT_YEARS = ("ouder dan", "jonger dan", "boven de", "onder de")
# Without "en", for "een zoon van 8 en 2 meisjes" tells of one age.
UP_TO = r"\s*(?P<joint>-|–|tot en met|t/m|tot)\s*"
NAMED = (
    r"\b(?:WHO)\b,?\s*(?P<at>(?:(?:van|is|was|wordt|werd)\s+)?"
    rf"\(?(?P<low>{NUMBER})(?:{UP_TO}(?P<high>{NUMBER}))?\)?){ENDS}"
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


@dataclass(frozen=True)
class AgeRules:
    """`not_before` and `not_after`: words beside a number of years that says how long something lasted. `who`:
    people whose number is an age, with the least age of such a person ("moeder van 2" has two children)."""

    not_before: tuple[str, ...]
    not_after: tuple[str, ...]
    who: Mapping[str, int]

    def find(self, text: str) -> Iterator[Ages]:
        """Every age that is named, once."""
        found: list[Ages] = []
        for ages in (*self._with_years(text), *self._spans(text), *self._of_people(text)):
            is_new = all(ages.end <= other.start or other.end <= ages.start for other in found)
            if ages.low < ages.high <= OLDEST and is_new:
                found.append(ages)
        yield from sorted(found, key=lambda a: a.start)

    def _with_years(self, text: str) -> Iterator[Ages]:
        for match in AGE.finditer(text):
            before = text[: match.start()].lower().split()
            after = re.findall(r"\w+", text[match.end() :].lower())[:1]
            if not (before and before[-1] in self.not_before) and not (after and after[0] in self.not_after):
                yield Ages(*_span(match), match.start(), match.end())

    def _spans(self, text: str) -> Iterator[Ages]:
        for match in SPAN.finditer(text):
            before = match["before"].lower()
            if before.startswith("tussen") if match["high"] else before.startswith(SPANS_WITHOUT_YEARS):
                yield Ages(*_span(match), match.start(), match.end())

    def _of_people(self, text: str) -> Iterator[Ages]:
        for match in self._named.finditer(text):
            (low, high), who = _span(match), match.group().lower()
            if low >= max(least for name, least in self.who.items() if who.startswith(name)):
                yield Ages(low, high, match.start("at"), match.end("at"))

    @cached_property
    def _named(self) -> re.Pattern[str]:
        names = "|".join(re.escape(name) for name in sorted(self.who, key=len, reverse=True))
        return re.compile(NAMED.replace("WHO", names), re.IGNORECASE)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else WRITTEN.index(text.lower()) + 2


def _span(match: re.Match[str]) -> tuple[int, int]:
    held = {name: text or "" for name, text in match.groupdict().items()}
    low, before = _number(held["low"]), held.get("before", "").lower()
    if "maanden" in match.group().lower():
        return 0, 2
    if held["high"]:
        high = _number(held["high"])
        return low, high + 1 if held.get("joint", "").lower() in INCLUSIVE else high
    if held.get("plus") or held.get("older") or before.startswith(OPEN_ABOVE):
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
