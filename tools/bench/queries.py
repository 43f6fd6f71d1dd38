"""Queries of one and two words, all different: frequent words and rare ones alike.

They are words of the generated text, so that they find something in Kennis and in its rivals.
"""

from functools import cache
from math import exp, log
from random import Random

from kennis.search import analysis
from tools.bench import text

# The few most used words stand in nearly every entry: nobody searches for those.
FIRST_RANK = 3
# Shorter words are seldom nouns.
SHORTEST = 5


@cache
def sought() -> tuple[str, ...]:
    """Words that carry meaning, the most frequent first."""
    return tuple(w for w in text.seed_words().words if len(w) >= SHORTEST and analysis.analyze_words(w))


def queries(count: int, seed: int = 7) -> list[str]:
    """Ranks are drawn evenly on a logarithmic scale, as people use frequent words more; every other has two words."""
    dice = Random(seed)  # nosec B311
    known = sought()
    made: dict[str, None] = {}

    def word() -> str:
        return known[int(exp(dice.uniform(log(FIRST_RANK), log(len(known)))))]

    while len(made) < count:
        one, two = word(), word()
        if one != two:
            made[one if len(made) % 2 == 0 else f"{one} {two}"] = None
    return list(made)
