"""Documents that the schemas accept, with Dutch example content; all names, numbers and events are invented."""

import copy
from collections.abc import Mapping
from datetime import date
from typing import Any

from kennis.content import kinds
from kennis.content.fields_dates import add_months
from kennis.content.views import EntryView, OrganisationView

ENTRY = "0b7f6c1e-5d0a-4c0e-9a53-2f6f1f0d7a11"
OTHER_ENTRY = "7c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f"
ORGANISATION = "3f2a1b0c-9d8e-4f7a-b6c5-d4e3f2a1b0c9"
BODY = "5a4b3c2d-1e0f-4a9b-8c7d-6e5f4a3b2c1d"
CHECKED_ON = "2026-11-01"

TEXT = "Deze tekst is verzonnen en dient alleen om te proberen of alles past binnen de grenzen van het model."
LONG_TEXT = "\n\n".join(["## Kop", *[TEXT] * 5])

_COMMON: dict[str, Any] = {
    "title": "Veilig samen verder",
    "summary": TEXT,
    "topics": ["partnergeweld"],
    "targetGroups": ["slachtoffer"],
    "audiences": ["wijkteam"],
    "contributor": {"background": "professional"},
    "licence": "cc-by",
}
_LINKS = [{"organisationId": ORGANISATION, "role": "provider"}]
_CONTACT = {"organisationId": ORGANISATION, "email": "info@organisatie.example"}
_SOURCE = {"title": "Beschrijving in een databank", "publisher": "Uitgever", "year": 2016, "kind": "database"}

_OF_KIND: dict[str, dict[str, Any]] = {
    "intervention": {
        "interventionKind": "group-programme",
        "problem": "Ouders die geweld gebruiken tegen hun partner of kind.",
        "goal": "Minder risico op herhaling van het geweld.",
        "approach": TEXT,
        "organisations": _LINKS,
        "sources": [_SOURCE],
        "contact": _CONTACT,
    },
    "method": {
        "methodKind": "cooperation",
        "purpose": "Ernstig en herhaald geweld stoppen met alle partijen samen.",
        "whenToUse": "Als eerdere hulp niet werkte.",
        "steps": [{"title": "Breng signalen in kaart", "text": TEXT}],
        "contact": _CONTACT,
    },
    "lesson": {
        "lessonKind": "recommendation-from-meeting",
        "context": "Een bijeenkomst met mensen die geweld meemaakten.",
        "whatHappened": "Het hulpaanbod bleek bij de meesten onbekend te zijn.",
        "lesson": "Informatie over hulp hoort bij de aangifte.",
        "recommendation": "Geef bij aangifte een brochure mee.",
        "recommendedTo": ["politie"],
        "isInstructional": True,
        "basis": ["ervaringskennis", "bijeenkomst"],
    },
    "story": {
        "body": LONG_TEXT,
        "contributor": {"background": "experience-expert"},
        "licence": "story-no-quote",
        "contentWarnings": ["geen-details"],
        "narratorRole": "survivor",
        "whatHelped": "Iemand die luisterde.",
    },
    "training": {
        "trainingForm": "open-course",
        "organisations": _LINKS,
        "url": "https://aanbieder.example/training",
        "checkedAt": CHECKED_ON,
    },
    "help-offer": {
        "offerKind": "chat",
        "organisations": _LINKS,
        "channels": [{"kind": "phone", "value": "0800-2000", "isAlwaysOpen": True, "isFree": True}],
        "referralNeeded": "no",
        "anonymousPossible": "yes",
        "checkedAt": CHECKED_ON,
        "checkedBy": "editors",
    },
}


def make_entry(kind: str = "intervention", **overrides: Any) -> dict[str, Any]:
    """A document of this kind with only what is required; an override of None leaves a property out."""
    document = copy.deepcopy({**_COMMON, **_OF_KIND[kind], **overrides})
    return {name: value for name, value in document.items() if value is not None}


def make_recognition(**overrides: Any) -> dict[str, Any]:
    recognition = {
        "bodyId": BODY,
        "scheme": "nl-erkenning",
        "level": "goed-onderbouwd",
        "status": "geldig",
        "awarded": "2016-09",
        "originalWording": "goed onderbouwd",
        "sourceIndex": 0,
    }
    return {k: v for k, v in {**recognition, **overrides}.items() if v is not None}


def make_study(**overrides: Any) -> dict[str, Any]:
    study = {
        "type": "quasi",
        "title": "Vergelijkend onderzoek in twee regio's",
        "year": 2022,
        "finding": "Na een jaar was er geen verschil in meldingen.",
        "direction": "none",
        "sourceIndex": 0,
    }
    return {k: v for k, v in {**study, **overrides}.items() if v is not None}


def make_typical(kind: str = "intervention", **overrides: Any) -> dict[str, Any]:
    """A well filled document, of the size the seed has: for figures and for tests of whole answers."""
    more: dict[str, Any] = {
        "alternativeTitles": ["VSV", "Samen veilig"],
        "summaryPlain": TEXT,
        "body": LONG_TEXT * 4,
        "topics": ["partnergeweld.stalking", "aanpak.hulp-herstel"],
        "targetGroups": ["slachtoffer", "gezin"],
        "audiences": ["wijkteam", "veilig-thuis", "slachtoffer-zelf"],
        "ageMin": 18,
        "settings": ["opvang", "thuis"],
        "regions": ["nl-nh"] if kind == "story" else ["vr25", "nl"],
        "organisations": [*_LINKS, {"organisationId": BODY, "role": "owner"}],
        "programmes": ["geweld-hoort-nergens-thuis"],
        "sources": [_SOURCE, {"title": "Rapport", "url": "https://bron.example/rapport", "kind": "report"}],
        "externalIds": [{"system": "movisie", "id": "veilig-samen-verder"}],
    }
    if kind in ("intervention", "method"):
        older = make_recognition(awarded="2012", level="goed-beschreven", originalWording="goed beschreven")
        trial = make_study(type="rct", year=2015, direction="positive", title="Eerder onderzoek")
        more |= {
            "evidence": [make_study(), trial],
            "recognitions": [make_recognition(), older],
            "relations": [{"kind": "variant-of", "targetId": OTHER_ENTRY}],
        }
    if kind in ("training", "help-offer"):
        day = {"startsAt": "2027-03-04T09:30:00+01:00", "endsAt": "2027-03-04T17:00:00+01:00", "place": "Utrecht"}
        more |= {"sessions": [day, {"startsAt": "2027-09-04T08:30:00Z", "isOnline": True}]}
    return make_entry(kind, **{**more, **overrides})


def make_organisation(**overrides: Any) -> dict[str, Any]:
    organisation = {"name": "Huis van de Wind", "organisationKind": "knowledge-institute", "regions": ["nl"]}
    return {k: v for k, v in {**organisation, **overrides}.items() if v is not None}


def organisation_view(organisation_id: str = ORGANISATION, **facts: Any) -> OrganisationView:
    defaults = {"slug": "huis-van-de-wind", "name": "Huis van de Wind"}
    return OrganisationView(id=organisation_id, **{**defaults, **facts})


def make_view(kind: str = "intervention", document: Mapping[str, Any] | None = None, **facts: Any) -> EntryView:
    """A published entry as rendering and the index see it; `facts` are fields of EntryView."""
    content = kinds.load(kind, document if document is not None else make_entry(kind))
    checked_at = content.pop("checkedAt", CHECKED_ON)
    checked_by = content.pop("checkedBy", None)
    due = add_months(date.fromisoformat(checked_at), kinds.KINDS[kind].review_months).isoformat()
    of_story = kinds.KINDS[kind].slug_is_id
    defaults: dict[str, Any] = {
        "id": ENTRY,
        "kind": kind,
        "slug": ENTRY if of_story else "veilig-samen-verder",
        "status": "published",
        "version": 1,
        "row_version": 3,
        "index_version": 1,
        "content": content,
        "created_at": "2026-03-01T09:00:00Z",
        "updated_at": "2026-11-01T10:00:00Z",
        "published_at": "2026-04-01T09:00:00Z",
        "checked_at": checked_at,
        "checked_by": checked_by,
        "review_due": due,
        "organisations": {
            ORGANISATION: organisation_view(),
            BODY: organisation_view(BODY, slug="erkenningscommissie", name="Erkenningscommissie"),
        },
    }
    return EntryView(**{**defaults, **facts})
