"""The sub-objects of content-model.md 4: what stands inside the lists of an entry."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from kennis.content.fields import Code, Email, Line, PlainText, Url
from kennis.content.fields_dates import add_months, first_day
from kennis.content.fields_nested import ContentSchema, Document, Fault, Many
from kennis.content.fields_values import Country, Day, Flag, Int, Moment, Number, OrganisationId, PartialDate, Uuid
from kennis.content.vocabulary import Term, vocabularies
from kennis.errors import Text

# A source may be announced for next year; whether the year has come is a rule of the entry (schemas/rules.py).
LATEST_SOURCE_YEAR = 2100
HIGHEST_SOURCE = 49


def is_stored(term: Term) -> bool:
    """Some terms are values of a facet only and stand in no entry."""
    return not term.extra.get("facetOnly", False)


def year(label: str, **options: Any) -> Int:
    return Int(label, 1900, LATEST_SOURCE_YEAR, **options)


class OrganisationLinkSchema(ContentSchema):
    organisation_id = OrganisationId("Organisatie", required=True)
    role = Code("Rol", "organisation-roles", required=True)
    note = PlainText("Toelichting", 3, 200)


class ContributorSchema(ContentSchema):
    background = Code("Achtergrond", "backgrounds", required=True)
    display_name = Line("Naam", 2, 80, description="Wordt getoond zoals gegeven; wordt niet doorzocht.")
    organisation_id = OrganisationId("Organisatie")


NO_WAY_TO_REACH = Text("Geef een e-mailadres, telefoonnummer of webadres.", "Give an e-mail address, phone or url.")


def _can_be_reached(contact: Document) -> Iterator[Fault]:
    if not contact.keys() & {"email", "phone", "url"}:
        yield (), NO_WAY_TO_REACH


class ContactSchema(ContentSchema):
    checks = (_can_be_reached,)
    organisation_id = OrganisationId("Organisatie", required=True)
    email = Email("E-mail", example="info@organisatie.example", description="Adres van een functie, niet van iemand.")
    phone = Line("Telefoon", 3, 30)
    url = Url("Webadres")


UNTRACEABLE = Text(
    "Geef een webadres, of een uitgever met een jaar of een datum van raadplegen.",
    "Give a url, or a publisher with a year or the date of access.",
)


def _can_be_traced(source: Document) -> Iterator[Fault]:
    if "url" not in source and not ("publisher" in source and source.keys() & {"year", "accessedOn"}):
        yield (), UNTRACEABLE


class SourceSchema(ContentSchema):
    checks = (_can_be_traced,)
    title = Line("Titel", 3, 300, required=True, weight="C")
    publisher = Line("Uitgever", 2, 150, example="Movisie")
    year = year("Jaar", example=2016)
    url = Url("Webadres")
    kind = Code("Soort", "source-kinds", required=True)
    accessed_on = Day("Geraadpleegd op")


class ExternalIdSchema(ContentSchema):
    system = Code("Systeem", "external-systems", required=True)  # type: ignore[assignment]
    id = Line("Kenmerk", 1, 200, required=True, example="oranje-huis-aanpak")
    url = Url("Webadres")


NOTE_NEEDED = Text("Leg uit waarom: deze relatie vraagt een toelichting.", "Say why: this relation needs a note.")


def _is_explained(relation: Document) -> Iterator[Fault]:
    kind = vocabularies()["relation-kinds"].get(relation.get("kind", ""))
    if kind is not None and kind.extra.get("noteRequired") and "note" not in relation:
        yield ("note",), NOTE_NEEDED


class RelationSchema(ContentSchema):
    checks = (_is_explained,)
    kind = Code("Soort relatie", "relation-kinds", required=True)
    target_id = Uuid("Naar", required=True)
    note = PlainText("Toelichting", 3, 300)


ONE_LEVEL = Text(
    "Geef precies één van beide: level of foreignLevel.", "Give exactly one of both: level or foreignLevel."
)
DUTCH_LEVEL = Text(
    "Dit is een Nederlandse beoordelaar: gebruik level.", "This is a Dutch scheme: give a level, not a foreignLevel."
)
FOREIGN_LEVEL = Text(
    "Dit is een buitenlandse beoordelaar: gebruik foreignLevel.", "This is a foreign scheme: give a foreignLevel."
)
NO_TERM = Text("Bij niet-erkend hoort geen einddatum.", "With niet-erkend there is no end of term.")
ENDS_BEFORE = Text("De einddatum moet na awarded liggen.", "The end of the term must be after awarded.")


def _has_one_level(recognition: Document) -> Iterator[Fault]:
    if ("level" in recognition) == ("foreignLevel" in recognition):
        yield (), ONE_LEVEL
        return
    scheme = vocabularies()["recognition-schemes"].get(recognition.get("scheme", ""))
    if scheme is not None and bool(scheme.extra.get("isDutch")) != ("level" in recognition):
        yield ("scheme",), DUTCH_LEVEL if scheme.extra.get("isDutch") else FOREIGN_LEVEL


def _ends_after_it_began(recognition: Document) -> Iterator[Fault]:
    until, awarded = recognition.get("validUntil"), recognition.get("awarded")
    if until is None:
        return
    if recognition.get("level") == "niet-erkend":
        yield ("validUntil",), NO_TERM
    elif awarded is not None and until <= first_day(awarded):
        yield ("validUntil",), ENDS_BEFORE


def _end_of_term(recognition: Document) -> str | None:
    """What the scheme's own term makes of `awarded`; under reservation a scheme may have a shorter one."""
    scheme = vocabularies()["recognition-schemes"].get(recognition.get("scheme", ""))
    awarded = recognition.get("awarded")
    if scheme is None or awarded is None:
        return None
    months = scheme.extra.get("termMonths")
    if recognition.get("status") == "onder-voorbehoud":
        months = scheme.extra.get("reservationMonths", months)
    return months and add_months(date.fromisoformat(first_day(awarded)), months).isoformat()


class RecognitionSchema(ContentSchema):
    checks = (_has_one_level, _ends_after_it_began)
    body_id = OrganisationId("Toegekend door", required=True)
    scheme = Code("Beoordelaar", "recognition-schemes", required=True)
    level = Code("Niveau", "recognition-levels", only=is_stored, label_from="foreignLevel")
    foreign_level = Line("Niveau in het buitenland", 1, 40, example="2+")
    status = Code("Geldigheid", "recognition-statuses", required=True)
    awarded = PartialDate("Toegekend", required=True, example="2016-09")
    valid_until = Day("Geldig tot", description="Zonder datum vult Kennis de termijn van de beoordelaar in.")
    url = Url("Webadres")
    source_index = Int("Plaats in de bronnen", 0, HIGHEST_SOURCE)
    original_wording = Line("Oorspronkelijke woorden", 3, 300, required=True)
    note = PlainText("Toelichting", 3, 500)

    def settle(self, document: Document) -> None:
        if "validUntil" not in document and document.get("level") != "niet-erkend":
            end = _end_of_term(document)
            if end is not None:
                self.fill(document, "validUntil", end)


class EvidenceSchema(ContentSchema):
    type = Code("Soort onderzoek", "evidence-types", required=True, only=lambda term: term.code != "geen")
    title = Line("Titel", 3, 300, required=True, weight="C")
    year = year("Jaar", required=True, example=2022)
    url = Url("Webadres")
    source_index = Int("Plaats in de bronnen", 0, HIGHEST_SOURCE)
    country = Country("Land")
    design = PlainText("Opzet", 3, 300)
    n = Int("Aantal deelnemers", 1, 10_000_000)
    finding = PlainText("Uitkomst", 10, 1000, required=True, weight="C", description="Wat is gemeten en gevonden.")
    direction = Code("Richting", "evidence-directions", required=True)
    limits = PlainText("Beperkingen", 3, 1000)


URL_NEEDED = Text("Materiaal dat vrij is, heeft een webadres nodig.", "Material that is open needs a url.")


def _open_is_linked(material: Document) -> Iterator[Fault]:
    if material.get("access") == "open" and "url" not in material:
        yield ("url",), URL_NEEDED


class MaterialSchema(ContentSchema):
    checks = (_open_is_linked,)
    title = Line("Titel", 3, 200, required=True, weight="C")
    kind = Code("Soort", "material-kinds", required=True)
    url = Url("Webadres")
    access = Code("Toegang", "access-kinds", required=True)


class StepSchema(ContentSchema):
    title = Line("Titel", 3, 150, required=True, weight="C")
    text = PlainText("Tekst", 3, 2000, weight="C")


ENDS_TOO_EARLY = Text("Het einde moet na het begin liggen.", "The end must be after the start.")


def _ends_after_it_starts(session: Document) -> Iterator[Fault]:
    if "startsAt" in session and "endsAt" in session and session["endsAt"] <= session["startsAt"]:
        yield ("endsAt",), ENDS_TOO_EARLY


class SessionSchema(ContentSchema):
    checks = (_ends_after_it_starts,)
    starts_at = Moment("Begin", required=True, example="2027-03-04T08:30:00Z")
    ends_at = Moment("Einde", example="2027-03-04T16:00:00Z")
    place = Line("Plaats", 2, 100, example="Utrecht")
    is_online = Flag("Online")
    url = Url("Webadres")


class AccreditationSchema(ContentSchema):
    register = Line("Register", 2, 150, required=True, weight="C")
    points = Number("Punten", 0, 500)
    valid_until = Day("Geldig tot")


class FollowUpSchema(ContentSchema):
    status = Code("Stand", "follow-up-statuses", required=True)
    by = OrganisationId("Door")
    due_on = Day("Uiterlijk")
    note = PlainText("Toelichting", 3, 500)


STILL_TO_COME = Text("Deze dag moet nog komen.", "This day is still to come.")


def _day_has_come(mark: Document, today: date) -> Iterator[Fault]:
    if mark.get("appliedOn", "") > today.isoformat():
        yield ("appliedOn",), STILL_TO_COME


class AppliedMarkSchema(ContentSchema):
    """What `/marks` takes; `isApproved` is set by an editor's step."""

    rules = (_day_has_come,)
    system = frozenset({"isApproved"})
    organisation_id = OrganisationId("Organisatie", required=True)
    applied_on = Day("Toegepast op", required=True)
    note = PlainText("Toelichting", 3, 500)


class WaitingTimeSchema(ContentSchema):
    text = PlainText("Wachttijd", 3, 200, required=True)
    checked_on = Day("Gecontroleerd op")


class EvidenceBandOverrideSchema(ContentSchema):
    band = Int("Bewijsband", -2, 5, required=True)
    reason = PlainText("Reden", 20, 1000, required=True)
    set_on = Day("Gezet op", required=True)


def codes(label: str, vocabulary: str, least: int, most: int, **options: Any) -> Many:
    """A list of codes of one vocabulary."""
    only = options.pop("only", None)
    return Many(Code(label, vocabulary, only=only), label, least, most, **options)


def texts(label: str, most_items: int, least: int, most: int, **options: Any) -> Many:
    """An optional list of short texts."""
    weight = options.pop("weight", None)
    return Many(Line(label, least, most, weight=weight), label, 0, most_items, **options)
