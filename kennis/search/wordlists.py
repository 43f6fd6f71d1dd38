"""The Dutch word lists in `index_mappings/nl/`: read, checked, handed on. A broken line names its file and number.

A `#` starts a comment. Words are compared folded (lower case, no accents, no apostrophes); the header of each file
says its format.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from kennis import resources
from kennis.data_lines import broken, lines
from kennis.search.folding import fold_word

# Shorter nouns turn up inside words they have nothing to do with (search.md 1).
LEAST_PART = 4


@dataclass(frozen=True, slots=True)
class Override:
    """What a word becomes. With `finds_by_parts` false its parts find it, but it never finds by its parts."""

    token: str
    parts: tuple[str, ...] = ()
    finds_by_parts: bool = True


@dataclass(frozen=True)
class WordLists:
    """`protected` maps each folded or literal form to its one token; `noise` are words that a query with other
    words can do without, but that are kept in the index."""

    stopwords: frozenset[str]
    noise: frozenset[str]
    overrides: Mapping[str, Override]
    protected: Mapping[str, str]
    parts: frozenset[str]


def _word(path: Path, number: int, raw: str) -> str:
    word = fold_word(raw.strip())
    if not word or " " in raw.strip():
        raise broken(path, number, f"'{raw.strip()}' is geen woord", f"'{raw.strip()}' is not a word")
    return word


def _stopwords(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    stop: set[str] = set()
    noise: set[str] = set()
    for number, line in lines(path):
        for raw in line.split():
            into = noise if raw.startswith("~") else stop
            word = _word(path, number, raw.removeprefix("~"))
            if word in stop or word in noise:
                raise broken(path, number, f"'{word}' staat er al", f"'{word}' is there already")
            into.add(word)
    return frozenset(stop), frozenset(noise)


def _override(path: Path, number: int, line: str) -> tuple[list[str], Override]:
    left, arrow, right = line.partition("->")
    if not arrow or not left.strip() or not right.strip():
        raise broken(path, number, "verwacht wordt 'woord -> token'", "expected is 'word -> token'")
    separator = "<" if "<" in right else "|"
    token, has_parts, parts = right.partition(separator)
    if len(token.split()) != 1 or (has_parts and not parts.split()):
        raise broken(path, number, "verwacht wordt één token, dan delen", "expected is one token, then parts")
    words = [_word(path, number, raw) for raw in left.split()]
    known = tuple(_word(path, number, part) for part in parts.split())
    return words, Override(_word(path, number, token), known, separator == "|")


def _overrides(path: Path) -> dict[str, Override]:
    found: dict[str, Override] = {}
    for number, line in lines(path):
        words, override = _override(path, number, line)
        for word in words:
            if word in found:
                raise broken(path, number, f"'{word}' staat er al", f"'{word}' is there already")
            found[word] = override
    return found


def _protected(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in lines(path):
        token, *others = line.lower().split()
        for form in (token, *others):
            if not any(c.isalnum() for c in form) or found.setdefault(form, token) != token:
                raise broken(path, number, f"'{form}' kan hier niet", f"'{form}' cannot stand here")
    return found


def _parts(path: Path) -> frozenset[str]:
    found: set[str] = set()
    for number, line in lines(path):
        for raw in line.split():
            word = _word(path, number, raw)
            if len(word) < LEAST_PART or word in found:
                nl = f"'{word}' is te kort of staat er al"
                raise broken(path, number, nl, f"'{word}' is too short or there already")
            found.add(word)
    return frozenset(found)


def load(folder: Path) -> WordLists:
    """Read the four lists of the analyser from a folder; synonyms are read by `synonyms.py`."""
    stopwords, noise = _stopwords(folder / "stopwords.txt")
    return WordLists(
        stopwords=stopwords,
        noise=noise,
        overrides=MappingProxyType(_overrides(folder / "overrides.txt")),
        protected=MappingProxyType(_protected(folder / "protected.txt")),
        parts=_parts(folder / "compound_parts.txt"),
    )


def folder() -> Path:
    """Where the Dutch data files of the search lie in this installation."""
    return resources.path("index_mappings") / "nl"


@cache
def word_lists() -> WordLists:
    """The lists of this installation, read once."""
    return load(folder())
