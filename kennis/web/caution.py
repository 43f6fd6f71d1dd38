"""What a reader hears before a text: of what may hurt, or that nothing of the kind is in it (safety.md A11)."""

from collections.abc import Iterable
from dataclasses import dataclass

from kennis.web import assessment
from kennis.web.layouts import LAYOUTS

# The one code that is no warning; it never stands beside another.
NO_DETAILS = "geen-details"


@dataclass(frozen=True, slots=True)
class Caution:
    """`warnings` are labels; `reassurance` is a sentence of its own, empty when there is something to warn of."""

    warnings: tuple[str, ...] = ()
    reassurance: str = ""


def of(kind: str, codes: Iterable[str]) -> Caution:
    found = tuple(codes)
    if NO_DETAILS in found:
        return Caution(reassurance=f"In {LAYOUTS[kind].called} staan geen details over geweld.")
    return Caution(tuple(assessment.label("content-warnings", code) for code in found))
