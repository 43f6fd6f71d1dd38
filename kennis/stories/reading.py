"""A text as words: what stands between them, and what the writer's capitals say."""

import re
from dataclasses import dataclass
from functools import cached_property

from kennis.stories.cue_lists import WORD, CueLists, fold

_BLANK = re.compile(r"[ \t]{1,2}|-")
# The longest shortened title ("mevr."): a full stop behind it ends no sentence.
_LONGEST_SHORT = 4


@dataclass(frozen=True)
class Reading:
    """Words are asked by their position; every question costs the same however long the text is."""

    text: str

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        return [match.span() for match in WORD.finditer(self.text)]

    @cached_property
    def folded(self) -> list[str]:
        return [fold(self.text[start:end]) for start, end in self.spans]

    def word(self, at: int) -> str:
        start, end = self.spans[at]
        return self.text[start:end]

    def gap(self, at: int) -> str:
        """What stands before this word, behind the one before it."""
        return self.text[self.spans[at - 1][1] if at else 0 : self.spans[at][0]]

    def is_joined(self, at: int) -> bool:
        """Whether only a space or a dash parts it from the word before."""
        return 0 < at < len(self.spans) and bool(_BLANK.fullmatch(self.gap(at)))

    def is_capitalised(self, at: int) -> bool:
        word = self.word(at)
        return len(word) > 1 and word[0].isupper() and any(c.islower() for c in word)

    def is_shouted(self, at: int) -> bool:
        word = self.word(at)
        return len(word) > 1 and word.isupper()

    def is_short(self, at: int) -> bool:
        return len(self.word(at)) <= _LONGEST_SHORT

    def begin(self, at: int, cues: CueLists, name: str) -> int | None:
        """Where a group of words of this list begins that ends with the word at this position."""
        if self.folded[at] not in cues.ends:
            return None
        for phrase in cues.phrases[name].get(self.folded[at], ()):
            first = at - len(phrase) + 1
            if (
                first >= 0
                and tuple(self.folded[first : at + 1]) == phrase
                and all(self.is_joined(n) for n in range(first + 1, at + 1))
            ):
                return first
        return None
