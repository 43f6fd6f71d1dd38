"""What must be settled before an entrusted text is published; the stories package supplies the facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kennis.access.policy import Actor
from kennis.errors import Conflict, Text

CRISIS, ELEVATED = "crisis", "elevated"


@dataclass(frozen=True, slots=True)
class Clearance:
    """The state of the submission behind a story, at the moment of publishing. `editors` judged the final text."""

    may_publish: bool
    may_go_to_partners: bool
    open_marks: int = 0
    court_case: str = "no"
    risk: str = "normal"
    editors: frozenset[str] = frozenset()
    consent_version: str | None = None
    is_for_example: bool = False


def for_example() -> Clearance:
    """What the loader gives: good for an invented story only."""
    return Clearance(may_publish=True, may_go_to_partners=True, is_for_example=True)


def require(clearance: Clearance | None, content: Mapping[str, Any], actor: Actor) -> Clearance:
    """Conflict, with every reason at once, while something is not settled."""
    reasons = [Text("Er is geen vrijgave.", "There is no clearance.")] if clearance is None else []
    if clearance is not None:
        reasons = [text for is_open, text in _rules(clearance, content, actor) if is_open]
    if reasons or clearance is None:
        nl, en = " ".join(r.nl for r in reasons), " ".join(r.en for r in reasons)
        raise Conflict(Text(nl, en), ("_return", "_reject"))
    return clearance


def _rules(clearance: Clearance, content: Mapping[str, Any], actor: Actor) -> list[tuple[bool, Text]]:
    is_example = bool(content.get("isExample", False))
    editors = clearance.editors | {actor.id}
    return [
        (clearance.is_for_example and not is_example,
         Text("Alleen een verzonnen verhaal mag zo worden geladen.", "Only an invented story may be loaded so.")),
        (not clearance.may_publish,
         Text("De schrijver gaf geen toestemming om te publiceren.", "The writer gave no consent to publish.")),
        (clearance.open_marks > 0,
         Text("Niet elk kenmerk van personen is afgehandeld.", "Not every mark of personal data is settled.")),
        (clearance.court_case != "no",
         Text("Er loopt misschien een rechtszaak.", "There may be a court case.")),
        (clearance.risk == CRISIS,
         Text("Bij crisis wordt nooit gepubliceerd.", "A text in crisis is never published.")),
        (clearance.risk == ELEVATED and len(editors) < 2,
         Text("Bij verhoogd risico beslissen twee redacteuren.", "With elevated risk two editors decide.")),
    ]  # fmt: skip
