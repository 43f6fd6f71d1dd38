"""Random Dutch sentences: the same state of the dice gives the same text."""

from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random

from tools.bench import words

# Zipf with a shift (Mandelbrot): the most used noun is in about four of five entries, the rarest in one of 500.
ZIPF_SHIFT = 5


@dataclass(frozen=True, slots=True)
class Bag:
    """Words with the running sum of their weights, as `Random.choices` wants them."""

    words: tuple[str, ...]
    sums: tuple[float, ...]

    def draw(self, dice: Random, count: int) -> list[str]:
        return dice.choices(self.words, cum_weights=self.sums, k=count)


def _bag(items: tuple[str, ...]) -> Bag:
    return Bag(items, tuple(accumulate(1 / (rank + ZIPF_SHIFT) for rank in range(len(items)))))


@cache
def nouns() -> Bag:
    return _bag((*words.NOUNS, *words.compounds()))


@cache
def adjectives() -> Bag:
    return _bag(tuple(words.ADJECTIVES))


@cache
def verbs() -> Bag:
    return _bag(tuple(words.VERBS))


def sentences(dice: Random, count: int) -> str:
    """So many sentences of eight to twelve words: about 65 characters each."""
    things, kinds, acts = nouns().draw(dice, 3 * count), adjectives().draw(dice, count), verbs().draw(dice, count)
    made = []
    for i in range(count):
        one, two, three = things[3 * i : 3 * i + 3]
        near = dice.choice(words.PREPOSITIONS)
        shape = dice.randrange(3)
        if shape == 0:
            made.append(f"De {one} {acts[i]} {near} {kinds[i]} {two} en {three}.")
        elif shape == 1:
            made.append(f"Een {kinds[i]} {one} {acts[i]} de {two} {near} de {three}.")
        else:
            made.append(f"Wie {near} {one} {acts[i]}, kiest een {kinds[i]} {two} of {three}.")
    return " ".join(made)


def phrase(dice: Random) -> str:
    """Two to three words without a full stop, for lists and titles."""
    one, two = nouns().draw(dice, 2)
    return f"{adjectives().draw(dice, 1)[0]} {one} en {two}"


def name(dice: Random) -> str:
    """A made-up name of a programme or organisation; 22 syllables, so 10,000 names of three."""
    return "".join(dice.choices(words.SYLLABLES, k=3)).capitalize()
