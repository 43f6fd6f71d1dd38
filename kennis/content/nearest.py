"""The name that somebody who mistyped one most likely meant."""

from collections.abc import Collection

from rapidfuzz import fuzz, process

# Below these likenesses (0-100) a suggestion would puzzle more than it helps: guesses. Names in whole first, so that
# `page_size` is pageSize and not page; then one within the other, so that `since` is publishedSince.
WHOLE_CUTOFF, PART_CUTOFF = 65.0, 80.0
# Longer is no slip of the hand.
LONGEST = 100


def nearest_name(typed: str, names: Collection[str]) -> str | None:
    """Capitals and signs do not count; None when nothing looks like it. Of equals the first by alphabet."""
    choices, text = sorted(names), typed[:LONGEST]
    found = process.extractOne(text, choices, scorer=fuzz.ratio, processor=_letters, score_cutoff=WHOLE_CUTOFF)
    found = found or process.extractOne(text, choices, scorer=fuzz.WRatio, processor=_letters, score_cutoff=PART_CUTOFF)
    return found[0] if found else None


def _letters(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())
