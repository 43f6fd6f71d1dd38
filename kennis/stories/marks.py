"""Marks: where in a text something may say who somebody is, and what kind of thing that is (safety.md P2)."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "email", "phone", "bsn", "iban", "postcode", "address", "licence-plate", "birth-date", "link", "name",
    "school-or-work",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)

# A checksum, or a form that hardly anything else has.
SURE = 0.95
# A form or a cue that fits most of the time: guess.
LIKELY = 0.7
# Worth a look by whoever wrote it: guess.
UNSURE = 0.3


@dataclass(frozen=True, slots=True)
class Mark:
    """`start` and `end` slice the scanned text; it holds no word of it. Even so: never log it, never send it to
    others than who wrote or moderates the text (safety.md P6)."""

    kind: Kind
    start: int
    end: int
    confidence: float


def settled(marks: Iterable[Mark]) -> list[Mark]:
    """In the order of the text and without overlap: the longest wins, then the surest."""
    starts: list[int] = []
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (m.start - m.end, -m.confidence, m.start, m.kind)):
        at = bisect_left(starts, mark.start)
        is_free = (at == len(kept) or kept[at].start >= mark.end) and (at == 0 or kept[at - 1].end <= mark.start)
        if is_free:
            starts.insert(at, mark.start)
            kept.insert(at, mark)
    return kept
