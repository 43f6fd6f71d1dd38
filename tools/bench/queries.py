"""Queries of one and two words, all different: frequent words and rare ones alike."""

from math import exp, log
from random import Random

from tools.bench import text

# The few most used nouns stand in nearly every entry: nobody searches for those.
FIRST_RANK = 3


def queries(count: int, seed: int = 7) -> list[str]:
    """Ranks are drawn evenly on a logarithmic scale, as people use frequent words more; every other has two words."""
    dice = Random(seed)  # nosec B311
    nouns = text.nouns().words
    made: dict[str, None] = {}

    def word() -> str:
        return nouns[int(exp(dice.uniform(log(FIRST_RANK), log(len(nouns)))))]

    while len(made) < count:
        one, two = word(), word()
        if one != two:
            made[one if len(made) % 2 == 0 else f"{one} {two}"] = None
    return list(made)
