"""JSON Schemas of what is around an entry while people work on it: versions, reviews, marks, keys."""

from collections.abc import Mapping

from kennis.access.keys import SCOPES
from kennis.api.openapi_schemas import (
    DAY,
    ID,
    LINK,
    LINKS,
    MOMENT,
    NUMBER,
    PAGE_LINKS,
    TEXT,
    YES_NO,
    Shape,
    listed,
    record,
    told,
)
from kennis.api.routing import reference
from kennis.content import differences, duplicates
from kennis.stories import privacy

VERSION: Shape = {"type": "integer", "minimum": 1}
MONTH: Shape = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"}
CODED = reference("Coded")
CHANGES = (differences.ADDED, differences.REMOVED, differences.CHANGED)
STRETCHES = (differences.SAME, differences.ADDED, differences.REMOVED)

HINTS = "Wat hetzelfde kan zijn; alleen in het antwoord op maken en indienen, als er iets is."
ADVICE = "Wat een gegeven van een persoon lijkt; alleen in het antwoord op maken en indienen. Het houdt niets tegen."


def _one_of(codes: tuple[str, ...]) -> Shape:
    return {"type": "string", "enum": list(codes)}


def _versions() -> dict[str, Shape]:
    cell = record("Waarde, met label als het een code of id is.", "value", value={}, label=TEXT)
    revision = record(
        "Eén versie.", "*",
        version=VERSION, publishedAt=MOMENT,
        isSuppressed=told(YES_NO, "De tekst van deze versie is verwijderd."),
        links=record("Deze versie, en wat er anders in is dan in die ervoor.", "self", self=LINK, differences=LINK),
    )  # fmt: skip
    return {
        "Revision": revision,
        "Revisions": record("Gepubliceerde versies, de nieuwste eerst.", "*", items=listed(revision), links=LINKS),
        "Change": record(
            "Wat er aan één veld, of aan één item van een lijst, veranderde.", "pointer label change",
            pointer=told(TEXT, "Waar het staat (RFC 6901): in de latere tekst, en wat weg is in de eerdere."),
            label=told(TEXT, "Hoe het veld heet."),
            change=_one_of(CHANGES),
            subject=told(TEXT, "Welk item van een lijst het is, zoals de titel van een onderzoek."),
            before={**cell, "description": "De waarde in de eerdere tekst."},
            after={**cell, "description": "De waarde in de latere tekst."},
            pieces=listed(
                record("Een stuk tekst.", "*", change=_one_of(STRETCHES), text=TEXT),
                "Van een tekst die veranderde: alle stukken op volgorde.",
            ),
            parts=listed(reference("Change"), "Van een lijst of onderdeel: wat daarbinnen veranderde."),
            isReordered=told(YES_NO, "true: wat in de lijst bleef, staat in een andere volgorde."),
        ),
        "Differences": record(
            "Wat een versie anders zegt dan een andere.", "*",
            version=VERSION, **{"with": told(VERSION, "De versie waarmee vergeleken is.")},
            items=listed(reference("Change"), "Per veld, in de volgorde van het model."), links=LINKS,
        ),
    }  # fmt: skip


def _reviews() -> dict[str, Shape]:
    judgement = record(
        "Eén oordeel.", "outcome reviewedOn version isForOlderVersion",
        outcome=CODED, reviewedOn=told(MONTH, "De maand."),
        version=told(VERSION, "De versie waarover het gaat; hoger dan die nu openbaar is: de werkkopie."),
        isForOlderVersion=told(YES_NO, "true: sindsdien is de tekst veranderd."),
        background=told(CODED, "De achtergrond van wie oordeelde."), note=told(TEXT, "Toelichting."),
    )  # fmt: skip
    return {
        "Reviews": record(
            "De sporen van de beoordeling.", "*",
            items=listed(record(
                "Eén spoor.", "track judgements",
                track=CODED, state=told(CODED, "Hoe het ervoor staat; na een ronde alleen: overgeslagen."),
                askedOn=told(DAY, "Sinds wanneer het gevraagd is."),
                isForDraft=told(YES_NO, "true: deze ronde gaat over de werkkopie."),
                judgements=listed(judgement, "Het nieuwste eerst."),
            )),
            links=LINKS,
        ),
    }  # fmt: skip


def _marks() -> dict[str, Shape]:
    return {
        "Mark": record(
            "Een organisatie past dit toe.", "id organisationId labels appliedOn isApproved links",
            id=ID, organisationId=ID, labels=record("Labels.", "*", organisationId=told(TEXT, "De naam.")),
            appliedOn=told(DAY, "Sinds wanneer."), note=TEXT,
            isApproved=told(YES_NO, "false: wacht nog op de redactie."), links=LINKS,
        ),
        "Marks": record("Wie dit toepast.", "*", items=listed(reference("Mark")), links=LINKS),
    }  # fmt: skip


def _keys() -> dict[str, Shape]:
    key = record(
        "Een sleutel, zonder de sleutel zelf.", "id prefix name scopes account createdOn limits links",
        id=ID, prefix=told(TEXT, "Het begin, om hem te herkennen."), name=told(TEXT, "Waarvoor hij is."),
        scopes=listed(_one_of(tuple(SCOPES)), "Waarvoor hij gebruikt mag worden."),
        account=record("Van wie hij is.", "*", id=ID, role=TEXT, background=TEXT),
        createdOn=DAY, expiresOn=told(DAY, "De laatste dag waarop hij geldt."),
        lastUsedOn=told(DAY, "De dag waarop hij het laatst gebruikt is."), revokedOn=told(DAY, "Ingetrokken op."),
        limits=record("Hoeveel er mag.", "*", perMinute=told(NUMBER, "Vragen per minuut.")), links=LINKS,
    )  # fmt: skip
    text = told(TEXT, "De sleutel. Bewaar hem goed: hij staat alleen in dit antwoord.")
    return {
        "Key": key,
        "NewKey": {
            **key,
            "description": "Een nieuwe sleutel.",
            "properties": {**key["properties"], "key": text},
            "required": [*key["required"], "key"],
        },
        "Keys": record(
            "Eén bladzijde sleutels.", "*",
            total=NUMBER, page=VERSION, pageSize=VERSION, items=listed(reference("Key")), links=PAGE_LINKS,
        ),
    }  # fmt: skip


def told_beside() -> dict[str, Shape]:
    """What only the answers to making and handing in have."""
    return {"hints": listed(reference("Hint"), HINTS), "advice": listed(reference("Advice"), ADVICE)}


def _hints() -> dict[str, Shape]:
    return {
        "Hint": record(
            "Iets dat hetzelfde kan zijn.", "*",
            reason=told(_one_of((duplicates.SIMILAR_TITLE, duplicates.SAME_EXTERNAL_ID)), "Waarom."),
            id=ID, kind=CODED, status=CODED, title=TEXT, links=LINKS,
        ),
        "Advice": record(
            "Eén plek in de tekst waar een gegeven van een persoon lijkt te staan.", "*",
            pointer=told(TEXT, "Waar, als JSON-pointer."), kind=told(_one_of(privacy.KINDS), "Wat het lijkt te zijn."),
            detail=TEXT,
        ),
    }  # fmt: skip


WORK: Mapping[str, Shape] = {**_versions(), **_reviews(), **_marks(), **_keys(), **_hints()}
