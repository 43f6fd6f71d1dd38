"""Marks for what only its neighbours give away: names of people, of schools and of employers (safety.md P2).

Small letters hide a name from every detector; a word that no dictionary has, right behind "mijn man", is a guess.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kennis.stories.cue_lists import CueLists, cue_lists
from kennis.stories.marks import LIKELY, UNSURE, Kind, Mark
from kennis.stories.reading import Reading

# Bounds that keep the work per word the same: guesses, longer than any name that was seen.
MOST_WORDS = 6
MOST_IN_A_ROW = 8
MOST_DESCRIBED = 2
MOST_BETWEEN = 3
# What may stand between a cue and a name with a capital, besides a space: "mijn ex (Karim)", "mijn ex, Karim".
_BEFORE_A_NAME = re.compile(r"[ \t]{0,2}[,:(“\"'‘*_]?[ \t(“\"'‘*_]{0,2}")
# "mijn zoontje van 4, Daan", "mijn dochter (8) Sanne".
_AGE = re.compile(r"^ \(?\d{1,2}\)?(?=,? )")
_NEXT_IN_A_ROW = re.compile(r",[ \t]")
_POSSESSIVE = re.compile(r"['’]s$|s$")


@dataclass(frozen=True, slots=True)
class _Run:
    """Words that make one name: positions, the last one not included."""

    first: int
    last: int
    confidence: float


class _Names:
    """Reads names behind the cues of one text."""

    def __init__(self, reading: Reading, cues: CueLists) -> None:
        self.reading = reading
        self.cues = cues
        self.count = len(reading.spans)

    def runs(self) -> Iterator[_Run]:
        for at in range(self.count - 1):
            if self.reading.folded[at] not in self.cues.ends:
                continue
            if self.reading.begin(at, self.cues, "introduces") is not None:
                yield from self.in_a_row(at + 1, self.in_small(at + 1, "introduces"))
            elif self.is_somebodys(at):
                behind = self.behind_age(at)
                yield from self.in_a_row(behind + 1, self.in_small(behind + 1, "relation"))
            elif self.reading.begin(at, self.cues, "title") is not None:
                yield from self.in_a_row(at + 1, None, after_title=True)

    def is_somebodys(self, at: int) -> bool:
        """Whether "mijn", "haar" or the like stands before this relation, with a word or two between."""
        first = self.reading.begin(at, self.cues, "relation")
        described = 0
        while first and self.reading.is_joined(first) and described <= MOST_DESCRIBED:
            before = self.reading.folded[first - 1]
            if before in self.cues.words["belongs"]:
                return True
            if before not in self.cues.words["describes"]:
                return False
            first, described = first - 1, described + 1
        return False

    def behind_age(self, at: int) -> int:
        """Over "van 4," to the word before the name: "mijn zoontje van 4, Daan"."""
        is_age = at + 2 < self.count and self.reading.folded[at + 1] == "van" and _AGE.match(self.reading.gap(at + 2))
        return at + 1 if is_age else at

    def is_name(self, at: int) -> bool:
        return (
            at < self.count
            and self.reading.is_capitalised(at)
            and self.reading.folded[at] not in self.cues.words["nobody"]
        )

    def in_a_row(self, at: int, small: _Run | None, *, after_title: bool = False) -> Iterator[_Run]:
        """The name at this word and, after commas and "en", those that follow it."""
        run = self.capitalised(at, after_title=after_title) or small
        for _ in range(MOST_IN_A_ROW):
            if run is None:
                return
            yield run
            run = self.following(run.last)

    def capitalised(self, at: int, *, after_title: bool = False) -> _Run | None:
        gap = _AGE.sub("", self.reading.gap(at), count=1)
        if after_title and self.reading.is_short(at - 1):
            gap = gap.removeprefix(".")
        if not _BEFORE_A_NAME.fullmatch(gap):
            return None
        begins = at
        while after_title and begins - at < MOST_BETWEEN and begins < self.count and self.is_between(begins):
            begins += 1
        is_whole = all(self.reading.is_joined(n) for n in range(at + 1, begins + 1))
        return _Run(at, self.end_of(begins), LIKELY) if is_whole and self.is_name(begins) else None

    def end_of(self, at: int) -> int:
        """Behind the last word of the name that begins here: "Peter van den Berg"."""
        last = at + 1
        while last - at < MOST_WORDS and self.reading.is_joined(last):
            ahead = last
            while ahead - last < MOST_BETWEEN and self.reading.is_joined(ahead) and self.is_between(ahead):
                ahead += 1
            if not (self.reading.is_joined(ahead) and self.is_name(ahead)):
                break
            last = ahead + 1
        return last

    def is_between(self, at: int) -> bool:
        return self.reading.folded[at] in self.cues.words["between"]

    def following(self, at: int) -> _Run | None:
        if at < self.count and self.is_name(at) and _NEXT_IN_A_ROW.fullmatch(self.reading.gap(at)):
            return _Run(at, self.end_of(at), LIKELY)
        if at + 1 < self.count and self.reading.is_joined(at) and self.reading.folded[at] == "en":
            return self.capitalised(at + 1) if self.reading.is_joined(at + 1) else None
        return None

    def in_small(self, at: int, cue: str) -> _Run | None:
        """A name without a capital: unknown to the dictionary, or anything that follows "ik heet"."""
        reading = self.reading
        if not reading.is_joined(at) or (reading.is_shouted(at) and not reading.is_shouted(at - 1)):
            return None
        word = reading.folded[at]
        if cue == "introduces":
            return None if word in self.cues.words["no-name"] or len(word) < 2 else _Run(at, at + 1, UNSURE)
        return _Run(at, at + 1, UNSURE) if len(word) > 2 and not _is_a_word(word) else None


def _is_a_word(word: str) -> bool:
    from simplemma import is_known

    return is_known(word, lang="nl")


def names(reading: Reading, cues: CueLists) -> Iterator[Mark]:
    """Behind a cue, and again wherever a name that was found there stands in the rest of the text."""
    known: dict[str, float] = {}
    for run in _Names(reading, cues).runs():
        yield _mark(reading, "name", run)
        for at in range(run.first, run.last):
            if reading.is_capitalised(at):
                known[_without_s(reading.word(at))] = run.confidence
    for at in range(len(reading.spans)) if known else ():
        word = reading.word(at)
        confidence = known.get(word) or known.get(_without_s(word))
        if confidence is not None:
            yield _mark(reading, "name", _Run(at, at + 1, confidence))


def _without_s(word: str) -> str:
    return _POSSESSIVE.sub("", word)


def _mark(reading: Reading, kind: Kind, run: _Run) -> Mark:
    return Mark(kind, reading.spans[run.first][0], reading.spans[run.last - 1][1], run.confidence)


def workplaces(reading: Reading, cues: CueLists) -> Iterator[Mark]:
    names_of = _Names(reading, cues)
    for at in range(names_of.count):
        for cue in ("employs", "school"):
            if reading.begin(at, cues, cue) is not None and (run := _place_behind(names_of, at, cue)):
                yield _mark(reading, "school-or-work", run)
        if reading.folded[at] in cues.words["school-name"] and (run := _school_ending(names_of, at)):
            yield _mark(reading, "school-or-work", run)


def _place_behind(names_of: _Names, at: int, cue: str) -> _Run | None:
    """The name behind the cue, over an article; where somebody works may have no capital: "bij de bakker"."""
    reading, cues = names_of.reading, names_of.cues
    first = at + 1
    has_article = reading.is_joined(first) and reading.folded[first] in cues.words["article"]
    if has_article and not names_of.is_name(first):
        first += 1
    if not reading.is_joined(first):
        return None
    if names_of.is_name(first) or reading.is_shouted(first):
        return _Run(first, names_of.end_of(first), LIKELY)
    if cue == "employs":
        return None if reading.folded[first] in cues.words["no-employer"] else _Run(at + 1, first + 1, UNSURE)
    return _Run(at + 1, first + 1, UNSURE) if has_article and _names_one_place(reading, at) else None


def _names_one_place(reading: Reading, at: int) -> bool:
    """ "Basisschool de regenboog" is one; "op school de hele dag" and "zit op de bank" are not."""
    return reading.folded[at] not in ("school", "op", "van", "bso", "werkgever")


def _school_ending(names_of: _Names, at: int) -> _Run | None:
    """ "het Pieter Verzonnen College": the words with capitals before the word for a school."""
    first = at
    while first and at - first < MOST_WORDS and names_of.reading.is_joined(first) and names_of.is_name(first - 1):
        first -= 1
    return _Run(first, at + 1, LIKELY) if first < at else None


def cued(text: str) -> Iterator[Mark]:
    """All of them, overlapping and in no order."""
    reading, cues = Reading(text), cue_lists()
    yield from names(reading, cues)
    yield from workplaces(reading, cues)
