"""Organisations (content-model.md 9): a table of their own, linked by entries."""

from collections.abc import Iterator
from datetime import date

from kennis.content.fields import Code, Email, Line, PlainText, Url
from kennis.content.fields_nested import ContentSchema, Document, Fault, Many, Part
from kennis.content.fields_values import Day, Flag, Uuid
from kennis.content.parts import ExternalIdSchema, codes, texts, year
from kennis.content.schemas.addresses import gives_address_away, in_texts
from kennis.content.schemas.rules import FUTURE_DAY, NOT_YET
from kennis.errors import Text

PLACE_IS_SECRET = Text("Het adres is geheim: noem geen plaats.", "The address is secret: name no place.")
TOWN_ONLY = Text("Noem alleen de plaatsnaam.", "Name the town only.")


class FormerNameSchema(ContentSchema):
    name = Line("Naam", 2, 150, required=True)
    until_year = year("Tot en met")


def _place_is_a_town(document: Document) -> Iterator[Fault]:
    place = document.get("place", "")
    if place and document.get("addressSecret"):
        yield ("place",), PLACE_IS_SECRET
    elif gives_address_away(place) or any(c.isdigit() for c in place):
        yield ("place",), TOWN_ONLY


def _keeps_its_secret(document: Document) -> Iterator[Fault]:
    if document.get("addressSecret"):
        yield from in_texts(document)


def _days_have_come(document: Document, today: date) -> Iterator[Fault]:
    if document.get("checkedAt", "") > today.isoformat():
        yield ("checkedAt",), FUTURE_DAY
    for index, former in enumerate(document.get("formerNames", ())):
        if former.get("untilYear", 0) > today.year:
            yield ("formerNames", index, "untilYear"), NOT_YET


class OrganisationSchema(ContentSchema):
    ignored = frozenset({"labels", "derived", "links", "help"})
    system = frozenset({"id", "slug", "mergedIntoId", "mergedFrom", "updatedAt"})
    checks = (_place_is_a_town, _keeps_its_secret)
    rules = (_days_have_come,)

    name = Line("Naam", 2, 150, required=True)
    abbreviation = Line("Afkorting", 2, 20)
    alternative_names = texts("Andere namen", 20, 2, 150)
    former_names = Many(Part(FormerNameSchema, "Vroegere naam"), "Vroegere namen", 0, 20)
    organisation_kind = Code("Soort", "organisation-kinds", required=True)
    description = PlainText("Omschrijving", 20, 1000)
    website = Url("Website")
    email = Email("E-mail", description="Adres van een functie, nooit van iemand.")
    phone = Line("Telefoon", 3, 30)
    place = Line("Plaats", 2, 80, description="Alleen de plaatsnaam.")
    address_secret = Flag("Geheim adres", description="Opvang: true, tenzij anders gegeven.")
    regions = codes("Werkgebied", "regions", 1, 25)
    parent_id = Uuid("Onderdeel van")
    external_ids = Many(Part(ExternalIdSchema, "Kenmerk elders"), "Kenmerken elders", 0, 20, unique=("system", "id"))
    is_active = Flag("Actief", default=True)
    checked_at = Day("Gecontroleerd op")

    def settle(self, document: Document) -> None:
        if "addressSecret" not in document:
            self.fill(document, "addressSecret", document.get("organisationKind") == "shelter")
