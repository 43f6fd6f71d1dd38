"""Recognition and research in words, on cards and on pages. Never as stars or colours alone (content-model.md 5.4)."""

from collections.abc import Iterator, Mapping
from typing import Any

from kennis.content.vocabulary import vocabularies
from kennis.search.mapping import mapping
from kennis.web import dutch

NOT_ASSESSED = "niet-beoordeeld"
LAPSED = "verlopen"
# Of these a reader need not hear: they only say that nothing is wrong or nothing is known.
QUIET_STATUSES = ("geldig",)
QUIET_DIRECTIONS = ("unknown",)
# The band below zero that follows from this outcome would say the same words twice.
NO_EFFECT_FOUND = "none"


def label(vocabulary: str, code: str) -> str:
    term = vocabularies()[vocabulary].get(code)
    return term.labels["nl"] if term else code


def heading(facet: str) -> str:
    return mapping().facets[facet].labels["nl"]


def band_words(band: int) -> str:
    return label("evidence-bands", str(band))


def level_words(recognition: Mapping[str, Any] | None) -> str:
    """The level with its date, as the body gave it; `recognition` holds codes."""
    if recognition is None:
        return label("recognition-levels", NOT_ASSESSED)
    foreign = recognition.get("foreignLevel")
    level = recognition.get("level")
    words = label("recognition-levels", level) if level else label("recognition-levels", "buitenlands")
    if foreign:
        words += f", {label('recognition-schemes', recognition['scheme'])}: {foreign}"
    return f"{words} ({dutch.partial_day(recognition['awarded'])})"


def status_words(status: str, valid_until: str | None) -> str:
    """What a reader must know of the validity; empty when the recognition simply holds."""
    if status in QUIET_STATUSES:
        return ""
    words = label("recognition-statuses", status)
    if status != LAPSED:
        return words
    return f"{words}{f' in {valid_until[:4]}' if valid_until else ''}: vraag de huidige stand na"


def lines(
    recognition: Mapping[str, Any] | None, status: str | None, band: int, direction: str | None
) -> Iterator[tuple[str, str]]:
    """Pairs of heading and words for a card: recognition and the outcome of research are two facts, kept apart."""
    level = level_words(recognition)
    validity = status_words(status, recognition.get("validUntil")) if recognition and status else ""
    yield heading("recognition"), f"{level}. {validity}." if validity else level
    if (band < 0 and direction != NO_EFFECT_FOUND) or (recognition is None and band > 0):
        yield heading("evidenceBand"), band_words(band)
    if direction and direction not in QUIET_DIRECTIONS:
        yield heading("evidenceDirection"), label("evidence-directions", direction)
