"""Random Dutch text, made of the words of the seed content: the same state of the dice gives the same text.

Each word is drawn as often as it stands in the seed content, so generated entries have as many stop words, compounds
and repetitions as real ones: what a search finds, and what an analyser costs, depends on those.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random

from kennis import resources
from kennis.content import seed_files
from kennis.search.document import searched_texts
from tools.bench import words

# A hundred thousand entries have more words than eighty: one in so many is a compound that the seed content lacks
# (guess: so that at 10,000 entries each stands in a few).
ONE_NEW_IN = 100
SHORTEST_SENTENCE, LONGEST_SENTENCE = 8, 12
_ADDRESS = re.compile(r"https?://\S+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Bag:
    """Words with the running sum of their weights, as `Random.choices` wants them."""

    words: tuple[str, ...]
    sums: tuple[int, ...]

    def draw(self, dice: Random, count: int) -> list[str]:
        drawn = dice.choices(self.words, cum_weights=self.sums, k=count)
        return [dice.choice(words.compounds()) if dice.randrange(ONE_NEW_IN) == 0 else word for word in drawn]


def seed_texts() -> Iterator[str]:
    """All searched text of the seed content."""
    for document in seed_files.read(resources.path("seed")).entries:
        for _, texts in searched_texts(document.body["kind"], document.body):
            yield from (_ADDRESS.sub("", found) for found in texts)


@cache
def seed_words() -> Bag:
    """In lower case; the most frequent first, equal ones in order of the alphabet."""
    counted = Counter(word.lower() for text in seed_texts() for word in _WORD.findall(text))
    placed = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return Bag(tuple(word for word, _ in placed), tuple(accumulate(count for _, count in placed)))


def sentences(dice: Random, count: int) -> str:
    """So many sentences of eight to twelve words: about 65 characters each."""
    return " ".join(_sentence(dice) for _ in range(count))


def _sentence(dice: Random) -> str:
    drawn = seed_words().draw(dice, dice.randint(SHORTEST_SENTENCE, LONGEST_SENTENCE))
    return " ".join(drawn).capitalize() + "."


def phrase(dice: Random) -> str:
    """Four words without a full stop, for lists and titles."""
    return " ".join(seed_words().draw(dice, 4))


def name(dice: Random) -> str:
    """A made-up name of a programme or organisation; 22 syllables, so 10,000 names of three."""
    return "".join(dice.choices(words.SYLLABLES, k=3)).capitalize()
