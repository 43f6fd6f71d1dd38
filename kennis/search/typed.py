"""What a person typed, taken apart: "quoted phrases", -excluded words, and other words in groups. Never an error."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kennis.search.analysis import Found, Word, analyser
from kennis.search.synonyms import Synonyms, Unit

QUOTES = '"“”„‟«»'
QUOTED = re.compile(rf"(?P<minus>(?<!\S)-)?[{QUOTES}](?P<text>[^{QUOTES}]*)[{QUOTES}]")
EXCLUDED = re.compile(r"(?<!\S)-(?=[^\W_])\S+")
# Before the name of a place, so that an ordinary word counts as one: "in Putten".
BEFORE_PLACE = frozenset({"in", "te", "uit", "regio", "gemeente", "rond", "rondom", "omgeving", "nabij", "bij"})
# The first words of a long text say enough; more would make one search cost as much as a hundred. Guess.
MOST_WORDS = 60


@dataclass(frozen=True, slots=True)
class Group:
    """A word, or a unit of words that means one thing. `is_optional`: worth a little when there, never demanded."""

    words: tuple[Word, ...]
    surface: str
    unit: Unit | None
    is_optional: bool

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(w.term for w in self.words if w.term is not None)


@dataclass(frozen=True, slots=True)
class Typed:
    """`phrases` and `excluded` as they were typed; `words` are the rest, mistakes read as what was meant."""

    text: str
    words: tuple[Found, ...]
    phrases: tuple[str, ...]
    excluded: tuple[str, ...]
    replaced: tuple[tuple[str, str], ...]


def take_apart(text: str, synonyms: Synonyms) -> Typed:
    """Quotes and signs that make no sense are read as if they were not there."""
    phrases: list[str] = []
    excluded: list[str] = []

    def quoted(match: re.Match[str]) -> str:
        if any(True for _ in analyser().words(match["text"])):
            (excluded if match["minus"] else phrases).append(" ".join(match["text"].split()))
        return " " * len(match.group())

    def without(match: re.Match[str]) -> str:
        excluded.append(match.group()[1:])
        return " " * len(match.group())

    rest = EXCLUDED.sub(without, QUOTED.sub(quoted, text))
    found = list(analyser().words(rest))[:MOST_WORDS]
    words, replaced = _meant(rest, found, synonyms)
    return Typed(text, tuple(words), tuple(phrases), tuple(excluded), tuple(replaced))


def _meant(text: str, found: Sequence[Found], synonyms: Synonyms) -> tuple[list[Found], list[tuple[str, str]]]:
    words = [f.word for f in found]
    meant: list[Found] = []
    replaced: list[tuple[str, str]] = []
    at = 0
    while at < len(found):
        mistake = synonyms.replacement(words, at)
        if mistake is None:
            meant.append(found[at])
            at += 1
            continue
        length, right = mistake
        start, end = found[at].start, found[at + length - 1].end
        replaced.append((text[start:end], right))
        meant += (replace(f, start=start, end=end) for f in analyser().words(right))
        at += length
    return meant, replaced


def groups(typed: Typed, synonyms: Synonyms, is_filter: Callable[[Found], bool]) -> list[Group]:
    """The words in units, longest first. A word that only names a filter, or that is noise, is optional."""
    found = typed.words
    words = [f.word for f in found]
    made: list[Group] = []
    at = 0
    while at < len(found):
        unit = _unit(typed, words, at, synonyms)
        length = unit.length if unit else 1
        part = found[at : at + length]
        if unit or part[0].word.term is not None:
            optional = all(is_filter(f) or f.word.is_noise for f in part)
            made.append(Group(tuple(words[at : at + length]), _surface(typed, part), unit, optional))
        at += length
    return made


def _surface(typed: Typed, part: Sequence[Found]) -> str:
    return typed.text[part[0].start : part[-1].end]


def _unit(typed: Typed, words: Sequence[Word], at: int, synonyms: Synonyms) -> Unit | None:
    unit = synonyms.at(words, at)
    if unit is None:
        return None
    part = words[at : at + unit.length]
    is_whole = all(w.term is None for i, w in enumerate(words) if not at <= i < at + unit.length)
    if not is_whole and all(w.term is None for w in part):
        # "om" is an ordinary word, "OM" is not.
        surface = _surface(typed, typed.words[at : at + unit.length])
        return unit if surface.isupper() and len(surface) > 1 else None
    if not unit.is_alone or is_whole:
        return unit
    is_named = unit.is_place and at > 0 and words[at - 1].folded in BEFORE_PLACE
    return unit if is_named else replace(unit, codes=())
