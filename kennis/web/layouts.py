"""How the page of each kind is laid out: the one place in the pages that knows the kinds.

A seventh kind is one more row. Names are properties of its schema, which also holds the labels.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """Blocks in the order of the page.

    `title`: a fixed title element that tells nobody what the page is about (safety.md X5). `urgent` comes first, in
    large letters. `lead` says the heart of it. `advice` stands in the open: whom it is for, and whom not. `details`
    follow the text, `folded` opens when asked for. `has_voices`: research, lessons and stories stand side by side,
    also when there are none. `is_folded`: the whole text waits until the reader asks for it (A11). `called` is what a
    sentence calls a text of this kind.
    """

    facts: tuple[str, ...]
    title: str | None = None
    urgent: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()
    has_voices: bool = False
    is_folded: bool = False
    called: str = "deze tekst"
    robots: str | None = None


COMMON_FACTS = ("topics", "targetGroups", "audiences", "settings", "regions", "programmes", "alternativeTitles")
LAYOUTS: Mapping[str, Layout] = {
    "intervention": Layout(
        facts=("interventionKind", "durationBand", "sessionCount", "intensity", "preventionLevel", "costBand",
               "trainingRequired", "transferability", "intermediateGroups", "deliveredByCount", "usedSince"),
        lead=("goal",),
        advice=("indications", "contraIndications"),
        folded=("problem", "subGoals", "approach", "workingElements", "theory", "staffRequirements", "conditions",
                "costs", "materials"),
        has_voices=True,
    ),
    "method": Layout(
        facts=("methodKind", "timeNeeded", "preventionLevel", "trainingRequired"),
        lead=("purpose",),
        advice=("whenToUse", "whenNot"),
        details=("steps",),
        folded=("pitfalls", "example", "tools", "legalBasis", "staffRequirements"),
        has_voices=True,
    ),
    "lesson": Layout(
        facts=("lessonKind", "recommendedTo", "basis", "isInstructional", "eventName", "eventDate"),
        lead=("lesson", "recommendation"),
        advice=("transferConditions",),
        folded=("context", "intended", "whatHappened", "why", "followUp"),
    ),
    "story": Layout(
        facts=("narratorRole", "pseudonym", "narratorAgeBand", "period"),
        title="Een ervaringsverhaal",
        details=("whatHelped", "whatDidNotHelp", "adviceToOthers", "adviceToProfessionals"),
        lead=("hopeMessage",),
        is_folded=True,
        called="dit verhaal",
        robots="noarchive",
    ),
    "training": Layout(
        facts=("trainingForm", "durationHours", "maxParticipants", "priceBand", "priceNote"),
        details=("learningGoals", "sessions", "prerequisites", "accreditations"),
    ),
    "help-offer": Layout(
        facts=("offerKind", "cost", "referralNeeded", "anonymousPossible"),
        title="Hulp",
        urgent=("channels",),
        advice=("safetyNote", "accessibility"),
        details=("waitingTime", "sessions"),
    ),
}  # fmt: skip
