"""Story, training and help offer: what was lived, what can be learned and where help is (content-model.md 3.4-3.6)."""

from collections.abc import Iterator

from marshmallow import ValidationError

from kennis.content.fields import Code, ContentField, Line, Markdown, PlainText, Url
from kennis.content.fields_nested import Document, Fault, Many, Part
from kennis.content.fields_values import Day, Flag, Int, Number, Uuid
from kennis.content.parts import (
    AccreditationSchema,
    ContributorSchema,
    SessionSchema,
    WaitingTimeSchema,
    codes,
    texts,
)
from kennis.content.parts_channels import ChannelSchema
from kennis.content.schemas.addresses import in_offer
from kennis.content.schemas.entry import EntrySchema
from kennis.content.schemas.professional import organisations
from kennis.content.schemas.rules import (
    COMMON,
    background_of,
    check_date_has_come,
    has_provider,
    narrator_is_unnamed,
    relations_from,
    says_what_helped,
)
from kennis.content.vocabulary import Term
from kennis.errors import Text

# Who tells as an adult; a band that begins below this age is not offered.
ADULT = 18
NOT_A_CHECKER = Text("Geef een organisatie-id of “editors”.", "Give the id of an organisation or “editors”.")


def is_grown_up(term: Term) -> bool:
    return bool(term.extra["from"] >= ADULT)


def is_country_or_province(term: Term) -> bool:
    """A safety region could make a writer recognisable."""
    return term.code == "nl" or term.parent == "nl"


def is_plain_answer(term: Term) -> bool:
    return term.code in ("yes", "no", "unknown")


class StorySchema(EntrySchema):
    rules = (*COMMON, narrator_is_unnamed, relations_from("story"))
    whole = (says_what_helped,)

    body = Markdown("Tekst", 200, 8000, required=True, weight="C")
    regions = codes("Regio", "regions", 1, 25, default=["nl"], only=is_country_or_province)
    contributor = Part(ContributorSchema, "Inzender", description="Volgt uit narratorRole en mag ontbreken.")
    licence = Code("Gebruiksrecht", "licences", default="story-no-quote")
    content_warnings = codes("Let op", "content-warnings", 1, 6)
    # Not searched: a name is no subject (search trap T13).
    pseudonym = Line("Schuilnaam", 2, 30, default="Anoniem", description="Liefst één woord.")
    narrator_role = Code("Ik ben", "narrator-roles", required=True)
    narrator_age_band = Code("Leeftijd nu", "age-bands", only=is_grown_up)
    what_helped = PlainText("Wat hielp", 3, 2000, weight="C")
    what_did_not_help = PlainText("Wat niet hielp", 3, 2000, weight="C")
    advice_to_others = PlainText("Boodschap aan anderen", 3, 2000, weight="C")
    advice_to_professionals = PlainText("Boodschap aan hulpverleners", 3, 2000, weight="C")
    hope_message = PlainText("Woorden van hoop", 3, 300, weight="C", example="Het wordt beter.")
    period = Code("Wanneer", "periods")
    is_example = Flag("Voorbeeldverhaal (verzonnen)", default=False)

    def settle(self, document: Document) -> None:
        super().settle(document)
        if "narratorRole" in document and "contributor" not in document:
            background = background_of(document["narratorRole"])
            self.fill(document, "contributor", {"background": background})


class TrainingSchema(EntrySchema):
    rules = (*COMMON, check_date_has_come, relations_from("training"))
    whole = (has_provider,)

    organisations = organisations(1)
    training_form = Code("Vorm", "training-forms", required=True)
    learning_goals = texts("Leerdoelen", 15, 3, 300, weight="B")
    duration_hours = Number("Duur in uren", 0.5, 2000, example=20)
    price_band = Code("Prijs per deelnemer", "cost-bands")
    price_note = PlainText("Toelichting prijs", 3, 300, weight="C", example="inclusief lunch")
    accreditations = Many(Part(AccreditationSchema, "Accreditatie"), "Accreditatie of keurmerk", 0, 10)
    max_participants = Int("Groepsgrootte", 1, 1000, example=16)
    prerequisites = PlainText("Vooraf nodig", 3, 1000, weight="C")
    sessions = Many(Part(SessionSchema, "Datum"), "Data", 0, 100)
    url = Url("Aanmelden", required=True, example="https://aanbieder.example/training")
    checked_at = Day("Gecontroleerd op", required=True)


class Checker(ContentField):
    """Who looked: the id of an organisation, or `editors`."""

    def __init__(self, label: str, **options: object) -> None:
        forms = [{"type": "string", "format": "uuid"}, {"type": "string", "const": "editors"}]
        super().__init__(label, anyOf=forms, example="editors", required=bool(options.get("required")))

    def parse(self, value: object) -> str:
        if value == "editors":
            return "editors"
        try:
            return Uuid("").parse(value)
        except ValidationError:
            raise ValidationError([NOT_A_CHECKER]) from None


def keeps_its_secret(document: Document) -> Iterator[Fault]:
    if document.get("addressSecret"):
        yield from in_offer(document)


class HelpOfferSchema(EntrySchema):
    checks = (keeps_its_secret,)
    rules = (*COMMON, check_date_has_come, relations_from("help-offer"))

    organisations = organisations(1)
    offer_kind = Code("Soort hulp", "offer-kinds", required=True)
    channels = Many(
        Part(ChannelSchema, "Kanaal"), "Bereikbaar via", 1, 10, description="Leeg mag alleen als het is gearchiveerd."
    )
    referral_needed = Code("Verwijzing nodig", "answers", required=True, only=is_plain_answer)
    anonymous_possible = Code("Kan anoniem", "answers", required=True, only=is_plain_answer)
    cost = PlainText("Kosten", 3, 300, weight="C", example="gratis")
    waiting_time = Part(WaitingTimeSchema, "Wachttijd")
    accessibility = PlainText("Toegankelijkheid", 3, 1000, weight="C", example="tolk mogelijk")
    safety_note = PlainText("Veilig contact", 3, 500, weight="C", example="bel vanaf een veilige telefoon")
    address_secret = Flag("Geheim adres", default=False, description="true verbiedt elk adres.")
    sessions = Many(Part(SessionSchema, "Datum"), "Data", 0, 100)
    checked_at = Day("Gecontroleerd op", required=True)
    checked_by = Checker("Gecontroleerd door", required=True)
