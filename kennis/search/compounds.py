"""Takes Dutch compounds apart into whole nouns of a curated list: never by guessing, never leaving letters over."""

from collections.abc import Callable
from dataclasses import dataclass

# Letters that Dutch puts between the parts; none is tried first.
LINKS = ("", "s", "e", "en", "er", "n")
# What a last part may end in besides its own letters: vrouwenopvang + en, kindercentrum + s, leerling + e + n.
ENDINGS = ("en", "s", "n", "e")
Cost = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Compound:
    """The parts as they stand in the list, and the whole word with its last part in its base form."""

    parts: tuple[str, ...]
    base: str


class Splitter:
    """Bound to one list of parts; `lemma_of` gives the base form of a folded word, for an inflected last part."""

    def __init__(self, parts: frozenset[str], lemma_of: Callable[[str], str]) -> None:
        self._parts = parts
        self._lemma_of = lemma_of
        self._shortest = min((len(p) for p in parts), default=1)
        self._longest = max((len(p) for p in parts), default=0)

    def split(self, word: str) -> Compound | None:
        """The fewest parts win, then the fewest linking letters; None for a word that is no compound of the list."""
        if len(word) < 2 * self._shortest:
            return None
        best = self._cover(word)
        if best is None or len(best[1]) < 2:
            return None
        parts = best[1]
        return Compound(parts, self._base(word, parts[-1]))

    def _base(self, word: str, last: str) -> str:
        """Plannen ends in a form of plan: cut where the form begins."""
        if word.endswith(last):
            return word
        start = next(i for i in range(self._shortest, len(word)) if self._last(word[i:]) == last)
        return word[:start] + last

    def _cover(self, word: str) -> tuple[Cost, tuple[str, ...]] | None:
        known: dict[int, tuple[Cost, tuple[str, ...]] | None] = {}

        def cover(start: int) -> tuple[Cost, tuple[str, ...]] | None:
            if start in known:
                return known[start]
            last = self._last(word[start:])
            best: tuple[Cost, tuple[str, ...]] | None = ((1, 0), (last,)) if last else None
            for end in range(start + self._shortest, min(len(word), start + self._longest + 1)):
                if (part := word[start:end]) not in self._parts:
                    continue
                for link in LINKS:
                    rest = cover(end + len(link)) if word.startswith(link, end) else None
                    if rest is None:
                        continue
                    cost = (rest[0][0] + 1, rest[0][1] + len(link))
                    if best is None or cost < best[0]:
                        best = (cost, (part, *rest[1]))
            known[start] = best
            return best

        return cover(0)

    def _last(self, ending: str) -> str | None:
        """The part that this last piece is, or is a form of."""
        if len(ending) < self._shortest:
            return None
        if ending in self._parts:
            return ending
        for suffix in ENDINGS:
            if ending.endswith(suffix) and ending.removesuffix(suffix) in self._parts:
                return ending.removesuffix(suffix)
        lemma = self._lemma_of(ending)
        return lemma if lemma in self._parts else None
