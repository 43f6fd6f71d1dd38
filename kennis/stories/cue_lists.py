"""The words and numbers of `seed/privacy/`: beside which words personal data stand, and which numbers anybody may call.

The head of each file says its format. Words are compared folded: small letters, no accents, one kind of apostrophe.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kennis import resources
from kennis.content.fields_phone import dialled
from kennis.data_lines import broken, lines

LISTS = frozenset(
    {"introduces", "belongs", "describes", "relation", "title", "between", "nobody", "no-name", "employs", "school"}
    | {"school-name", "article", "no-employer", "month", "born", "plate", "platform", "two-letters"}
)
WORD = re.compile(r"['’][tsn]\b|[^\W\d_]+(?:['’-][^\W\d_]+)*")
Phrase = tuple[str, ...]
_LOOKED_BEHIND = ("introduces", "relation", "title", "employs", "school")


@dataclass(frozen=True, slots=True)
class CueLists:
    """`phrases` holds each group of words under its last one, so that a reader of words finds it at its end; `ends`
    are the last words behind which something is looked for."""

    words: Mapping[str, frozenset[str]]
    phrases: Mapping[str, Mapping[str, tuple[Phrase, ...]]]
    ends: frozenset[str]

    def expression(self, name: str) -> str:
        """The list as one group of a regular expression, the longest first."""
        texts = {" ".join(phrase) for found in self.phrases[name].values() for phrase in found}
        return "(?:" + "|".join(sorted(map(re.escape, texts), key=lambda t: (-len(t), t))) + ")"


def fold(word: str) -> str:
    if not word.isascii():
        word = unicodedata.normalize("NFD", word.replace("’", "'"))
        word = "".join(c for c in word if not unicodedata.combining(c))
    return word.lower()


def read_cues(path: Path) -> CueLists:
    phrases: dict[str, defaultdict[str, list[Phrase]]] = {name: defaultdict(list) for name in LISTS}
    for number, line in lines(path):
        name, colon, said = (part.strip() for part in line.partition(":"))
        if not colon or name not in LISTS:
            raise broken(path, number, f"“{name}” is geen lijst", f"“{name}” is no list")
        for group in said.split(","):
            phrase = tuple(fold(word) for word in WORD.findall(group))
            if not phrase:
                raise broken(path, number, "tussen twee komma's staat geen woord", "no word between two commas")
            phrases[name][phrase[-1]].append(phrase)
    return CueLists(
        {name: frozenset(p[0] for found in by_last.values() for p in found if len(p) == 1)
         for name, by_last in phrases.items()},
        {name: {last: tuple(found) for last, found in by_last.items()} for name, by_last in phrases.items()},
        frozenset(last for name in _LOOKED_BEHIND for last in phrases[name]),
    )  # fmt: skip


def read_help_numbers(path: Path) -> frozenset[str]:
    numbers = set()
    for number, line in lines(path):
        digits = dialled(line)
        if digits is None:
            raise broken(path, number, "dit is geen telefoonnummer", "this is no phone number")
        numbers.add(digits)
    if not numbers:
        # With an emptied file the numbers of help would be pointed out as those of a person.
        raise broken(path, 1, "er staat geen enkel nummer in", "it holds no number at all")
    return frozenset(numbers)


def _folder() -> Path:
    return resources.path("seed") / "privacy"


@cache
def cue_lists() -> CueLists:
    """The lists of this installation, read once."""
    return read_cues(_folder() / "cues.txt")


@cache
def help_numbers() -> frozenset[str]:
    """As they are dialled in the Netherlands, digits only."""
    return read_help_numbers(_folder() / "help_numbers.txt")
