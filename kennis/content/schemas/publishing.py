"""Rules that hold at publishing only (content-model.md 7.1); a kind names those that bind it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kennis.content.fields_nested import Fault
from kennis.errors import Text


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is about to become public. `checked_at` is that of the row; `owned_by` an account."""

    content: Mapping[str, Any]
    today: date
    checked_at: str | None = None
    owned_by: str | None = None


PublishingRule = Callable[[Candidate], Iterator[Fault]]

NO_WARNINGS = Text("Kies waar de lezer op moet letten.", "Choose what the reader must be warned of.")
NOT_CHECKED = Text("Er is nog niet gecontroleerd of dit klopt.", "Nobody has checked yet whether this is right.")
NO_PROOF = Text("Geef een webadres of een plaats in de bronnen.", "Give a url or a position in sources.")
NO_RECOMMENDATION = Text("Een les heeft een advies nodig.", "A lesson needs a recommendation.")
NOBODY_CARES = Text("Noem een organisatie of eigenaar.", "Name an organisation or owner that looks after it.")
NO_CHANNEL = Text("Geef minstens één manier om hulp te bereiken.", "Give at least one way to reach the help.")


def has_warnings(candidate: Candidate) -> Iterator[Fault]:
    if not candidate.content.get("contentWarnings"):
        yield ("contentWarnings",), NO_WARNINGS


def checked_within(days: int) -> PublishingRule:
    def rule(candidate: Candidate) -> Iterator[Fault]:
        if candidate.checked_at is None:
            yield ("checkedAt",), NOT_CHECKED
        elif date.fromisoformat(candidate.checked_at) < candidate.today - timedelta(days=days):
            yield (
                ("checkedAt",),
                Text(
                    f"De controle mag hoogstens {days} dagen oud zijn.",
                    f"It must have been checked at most {days} days ago.",
                ),
            )

    return rule


def is_proven(candidate: Candidate) -> Iterator[Fault]:
    for name in ("recognitions", "evidence"):
        for position, part in enumerate(candidate.content.get(name, ())):
            if not part.keys() & {"url", "sourceIndex"}:
                yield (name, position), NO_PROOF


def has_recommendation(candidate: Candidate) -> Iterator[Fault]:
    if "recommendation" not in candidate.content:
        yield ("recommendation",), NO_RECOMMENDATION


def is_looked_after(candidate: Candidate) -> Iterator[Fault]:
    if not candidate.owned_by and not candidate.content.get("organisations"):
        yield ("organisations",), NOBODY_CARES


def can_be_reached(candidate: Candidate) -> Iterator[Fault]:
    if not candidate.content.get("channels"):
        yield ("channels",), NO_CHANNEL
