"""Did you mean: words of published entries that look like a word that finds nothing.

Only words of entries that may go to partners are known here, and a word is offered only when the index finds it
at that moment (search.md 3).
"""

import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kennis.search.analysis import analyser, is_dutch

# Edits between what was typed and what is offered; 24 of 24 typos were right this way (search.md 3).
DISTANCE = 2
# Of shorter words nearly every other short word is two edits away (guess).
LEAST_LENGTH = 4
# In shorter words one edit is enough: two turn it into another word, "triage" into "traag" (guess).
SHORT = 7
# Words looked at per typed word: the best of them may find nothing any more (guess).
CANDIDATES = 10
# At most a hundredth of the time goes into making dictionaries, however often the index changes (guess).
MOST_TIMES_COST = 100.0
# Parents and older people are never corrected into one another: the one is violence against parents, the other
# elder abuse (content-model.md T1).
OLDER, PARENT = "oudere", "ouder"
AT_HYPHEN_BEFORE, AT_HYPHEN_AFTER = re.compile(r"(?:\w+-)+$"), re.compile(r"(?:-\w+)+")


@dataclass(frozen=True)
class Dictionary:
    """Words with their number of entries, as of one state of the index."""

    state: object
    words: Mapping[str, int]


def make_dictionary(state: object, terms: Iterable[tuple[str, int]]) -> Dictionary:
    return Dictionary(state, {word: n for word, n in terms if len(word) >= LEAST_LENGTH and word.isalpha()})


def side(word: str) -> str | None:
    """Which of the two groups a word belongs to that must never meet."""
    if word.startswith(OLDER):
        return OLDER
    return PARENT if word.startswith(PARENT) else None


def candidates(dictionary: Dictionary, word: str) -> list[str]:
    """Known words that look like this one, nearest first, then the most frequent; none for a known word. Every word
    is compared: some 0.1 ms for a thousand of them (decision 17)."""
    if word in dictionary.words or len(word) < LEAST_LENGTH or not word.isalpha():
        return []
    distance = 1 if len(word) < SHORT else DISTANCE
    # Two letters that changed places count as one edit.
    near = process.extract(word, list(dictionary.words), scorer=OSA.distance, score_cutoff=distance, limit=None)
    found = [known for known, _, _ in sorted(near, key=lambda n: (n[1], -dictionary.words[n[0]], n[0]))]
    sides = {side(known) for known in found} - {None}
    fit = [known for known in found if side(known) is None or (len(sides) == 1 and side(word) in (None, side(known)))]
    return fit[:CANDIDATES]


def corrected(
    dictionary: Dictionary, text: str, words: Sequence[tuple[str, int, int]], is_found: Callable[[str], bool]
) -> str | None:
    """The text with its unknown words replaced; None when nothing is known better. `words` are folded words with
    their place in the text; `is_found` asks the index. An existing word that no entry holds is no mistake: "bestolen"
    is not meant as "besloten"."""
    better = text
    for word, start, end in sorted(words, key=lambda w: -w[1]):
        if is_dutch(text[start:end]) or is_dutch(word) or is_dutch(_hyphenated(text, start, end)):
            continue
        offer = next((c for c in candidates(dictionary, word) if _means_something(c) and is_found(c)), None)
        if offer is not None:
            better = better[:start] + offer + better[end:]
    return better if better != text else None


def _hyphenated(text: str, start: int, end: int) -> str:
    """The word with what stands before and behind it at a hyphen: burn-out."""
    before, after = AT_HYPHEN_BEFORE.search(text[:start]), AT_HYPHEN_AFTER.match(text[end:])
    return (before.group() if before else "") + text[start:end] + (after.group() if after else "")


def _means_something(word: str) -> bool:
    """Nobody searches for "niet", so nobody meant it."""
    return any(found.word.term and not found.word.is_noise for found in analyser().words(word))


class Speller:
    """Keeps one dictionary, made by whoever asks first. It may lag behind the index when making it takes long: every
    word is looked up before it is offered, so that a lag never shows a word that is gone."""

    def __init__(self) -> None:
        self._held: Dictionary | None = None
        self._cost = 0.0
        self._made_at = 0.0
        self._lock = threading.Lock()

    def dictionary(self, state: object, read: Callable[[], dict[str, int]]) -> Dictionary:
        held = self._held
        if held is not None and (held.state == state or self._is_too_soon()):
            return held
        with self._lock:
            if self._held is None or self._held.state != state:
                started = time.monotonic()
                self._held = make_dictionary(state, read().items())
                self._made_at = time.monotonic()
                self._cost = self._made_at - started
            return self._held

    def _is_too_soon(self) -> bool:
        return time.monotonic() - self._made_at < self._cost * MOST_TIMES_COST
