"""Generated entries: seeded, in Dutch, of all kinds, about 25 fields and 1.7 kB each, valid for `kinds.load`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

import orjson

from kennis.content.arrivals import ORGANISATION
from kennis.content.vocabulary import vocabularies
from tools.bench import text, words

SEED = 1938
ORGANISATIONS = 400
# A guess of what a filled Kennis holds; the sum is 100.
KIND_WEIGHTS = {"intervention": 35, "method": 20, "lesson": 25, "story": 5, "training": 10, "help-offer": 5}
AGE_SPANS = ((-1, 2), (4, 12), (8, 13), (12, 18), (0, 18), (18, 65), (65, None))
LEVELS = ("effectief-sterke", "effectief-goede", "effectief-eerste", "goed-onderbouwd", "goed-beschreven")


@dataclass(frozen=True, slots=True)
class Generated:
    """One entry as it is written in an import file; `document` has no system field but `id` and `checkedAt`."""

    kind: str
    document: Mapping[str, Any]


@cache
def _codes(name: str, but: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Codes of a vocabulary; those to leave out are values of a facet only."""
    return tuple(t.code for t in vocabularies()[name] if t.code not in but and not t.is_retired)


def _some(dice: Random, name: str, least: int, most: int) -> list[str]:
    return sorted(dice.sample(_codes(name), dice.randint(least, most)))


def _one(dice: Random, name: str) -> str:
    return dice.choice(_codes(name))


def _id(dice: Random) -> str:
    return str(UUID(int=dice.getrandbits(128), version=4))


def _maybe(dice: Random, share: float, name: str, value: Any) -> dict[str, Any]:
    return {name: value} if dice.random() < share else {}


def organisation(number: int) -> dict[str, Any]:
    dice = Random(f"{SEED}-organisation-{number}")  # nosec B311
    title = f"{text.name(dice)} {dice.choice(words.compounds())} {number}"
    return {
        "id": _id(dice),
        "name": title,
        "organisationKind": _one(dice, "organisation-kinds"),
        "website": f"https://organisatie{number}.example/",
        "regions": _some(dice, "regions", 1, 2),
        "addressSecret": False,
        "isActive": True,
    }


@cache
def organisation_ids() -> tuple[str, ...]:
    return tuple(organisation(n)["id"] for n in range(ORGANISATIONS))


def _topics(dice: Random) -> list[str]:
    chosen = dice.sample(_codes("topics"), dice.randint(1, 3))
    return [c for c in chosen if not any(o.startswith(c + ".") for o in chosen)]


def _age(dice: Random) -> dict[str, int]:
    least, most = dice.choice(AGE_SPANS)
    return {"ageMin": least} if most is None else {"ageMin": least, "ageMax": most}


def _common(dice: Random, number: int) -> dict[str, Any]:
    return {
        "title": f"{text.name(dice)}: {text.phrase(dice)}"[:150],
        "summary": text.sentences(dice, 2),
        "summaryPlain": text.sentences(dice, 2),
        "language": "nl",
        "topics": _topics(dice),
        "targetGroups": _some(dice, "target-groups", 1, 3),
        "audiences": _some(dice, "audiences", 1, 4),
        "regions": ["nl"] if dice.random() < 0.5 else _some(dice, "regions", 1, 2),
        "licence": "cc-by",
        "contributor": {"background": "professional"},
        "externalIds": [{"system": "other", "id": f"bench-{number}"}],
        "body": text.sentences(dice, 5),
        "sources": [_source(dice)],
        **_maybe(dice, 0.7, "settings", _some(dice, "settings", 1, 2)),
        **_maybe(dice, 0.2, "programmes", _some(dice, "programmes", 1, 1)),
        **(_age(dice) if dice.random() < 0.6 else {}),
    }


def _source(dice: Random) -> dict[str, Any]:
    title = text.phrase(dice).capitalize()
    return {"title": title, "kind": "report", "publisher": text.name(dice), "year": dice.randint(2005, 2025)}


def _contact(owner: str, number: int) -> dict[str, str]:
    return {"organisationId": owner, "url": f"https://organisatie.example/{number}"}


def _linked(dice: Random, number: int, role: str) -> dict[str, Any]:
    owner = dice.choice(organisation_ids())
    return {"organisations": [{"organisationId": owner, "role": role}], "contact": _contact(owner, number)}


def _assessed(dice: Random) -> dict[str, Any]:
    """Half is recognised, a third studied."""
    made: dict[str, Any] = {}
    if dice.random() < 0.5:
        year = dice.randint(2012, 2025)
        made["recognitions"] = [
            {
                "bodyId": dice.choice(organisation_ids()),
                "scheme": "nl-erkenning",
                "level": dice.choice(LEVELS),
                "status": "geldig",
                "awarded": f"{year}-{dice.randint(1, 12):02}",
                "sourceIndex": 0,
                "originalWording": "Zoals de commissie het schreef",
            }
        ]
    if dice.random() < 0.33:
        made["evidence"] = [
            {
                "type": dice.choice(("review", "rct", "quasi", "veranderingsonderzoek", "kwalitatief")),
                "title": text.phrase(dice).capitalize(),
                "year": dice.randint(2005, 2025),
                "finding": text.sentences(dice, 1),
                "direction": _one(dice, "evidence-directions"),
                "sourceIndex": 0,
            }
        ]
    return made


def _intervention(dice: Random, number: int) -> dict[str, Any]:
    return {
        "interventionKind": _one(dice, "intervention-kinds"),
        "problem": text.sentences(dice, 1),
        "goal": text.sentences(dice, 1),
        "approach": text.sentences(dice, 2),
        "preventionLevel": _one(dice, "prevention-levels"),
        "durationBand": _one(dice, "duration-bands"),
        "costBand": _one(dice, "cost-bands"),
        "workingElements": [text.phrase(dice)],
        **_linked(dice, number, "owner"),
        **_assessed(dice),
    }


def _method(dice: Random, number: int) -> dict[str, Any]:
    return {
        "methodKind": _one(dice, "method-kinds"),
        "purpose": text.sentences(dice, 1),
        "whenToUse": text.sentences(dice, 1),
        "steps": [{"title": text.phrase(dice).capitalize()} for _ in range(3)],
        "timeNeeded": _one(dice, "duration-bands"),
        "preventionLevel": _one(dice, "prevention-levels"),
        **_linked(dice, number, "owner"),
        **_assessed(dice),
    }


def _lesson(dice: Random, _: int) -> dict[str, Any]:
    return {
        "lessonKind": _one(dice, "lesson-kinds"),
        "context": text.sentences(dice, 1),
        "whatHappened": text.sentences(dice, 2),
        "why": text.sentences(dice, 1),
        "lesson": text.sentences(dice, 1),
        "recommendation": text.sentences(dice, 1),
        "recommendedTo": _some(dice, "audiences", 1, 2),
        "isInstructional": dice.random() < 0.8,
        "basis": ["praktijkkennis"],
        "organisations": [{"organisationId": dice.choice(organisation_ids()), "role": "owner"}],
    }


def _story(dice: Random, _: int) -> dict[str, Any]:
    return {
        "pseudonym": text.name(dice),
        "narratorRole": _one(dice, "narrator-roles"),
        "whatHelped": text.sentences(dice, 2),
        "adviceToOthers": text.sentences(dice, 2),
        "period": _one(dice, "periods"),
        "contentWarnings": ["fysiek-geweld"],
        "regions": ["nl"],
        "isExample": True,
    }


def _training(dice: Random, number: int) -> dict[str, Any]:
    return {
        "trainingForm": _one(dice, "training-forms"),
        "learningGoals": [text.phrase(dice), text.phrase(dice)],
        "durationHours": dice.choice((4, 8, 16, 20)),
        "priceBand": _one(dice, "cost-bands"),
        "prerequisites": text.sentences(dice, 1),
        "url": f"https://aanbieder.example/{number}",
        "organisations": [{"organisationId": dice.choice(organisation_ids()), "role": "provider"}],
    }


def _help_offer(dice: Random, number: int) -> dict[str, Any]:
    return {
        "offerKind": _one(dice, "offer-kinds"),
        "channels": [{"kind": "website", "value": f"https://hulp.example/{number}", "isFree": True}],
        "referralNeeded": "no",
        "anonymousPossible": "yes",
        "cost": "gratis",
        "addressSecret": False,
        "checkedBy": "editors",
        "organisations": [{"organisationId": dice.choice(organisation_ids()), "role": "provider"}],
    }


MAKERS = {
    "intervention": _intervention,
    "method": _method,
    "lesson": _lesson,
    "story": _story,
    "training": _training,
    "help-offer": _help_offer,
}
# Schemas ask a check date of these; more than a month old they would not be published.
CHECKED = ("training", "help-offer")
BACKGROUND_OF_NARRATOR = {"professional": "professional", "volunteer": "volunteer"}


def entry(number: int, checked_on: date) -> Generated:
    """Entry `number` of the endless list: the same for ever but for the day on which somebody looked."""
    dice = Random(f"{SEED}-entry-{number}")  # nosec B311
    kind = dice.choices(tuple(KIND_WEIGHTS), weights=tuple(KIND_WEIGHTS.values()))[0]
    document = {"id": _id(dice), **_common(dice, number), **MAKERS[kind](dice, number)}
    if kind == "story":
        document["contributor"] = {
            "background": BACKGROUND_OF_NARRATOR.get(document["narratorRole"], "experience-expert")
        }
    if kind in CHECKED:
        document["checkedAt"] = checked_on.isoformat()
    return Generated(kind, document)


def lines(count: int, checked_on: date) -> Iterator[bytes]:
    """An import file: all organisations, then so many entries."""
    for number in range(ORGANISATIONS):
        yield orjson.dumps({"kind": ORGANISATION, **organisation(number)}, option=orjson.OPT_APPEND_NEWLINE)
    for number in range(count):
        made = entry(number, checked_on)
        yield orjson.dumps({"kind": made.kind, **made.document}, option=orjson.OPT_APPEND_NEWLINE)
