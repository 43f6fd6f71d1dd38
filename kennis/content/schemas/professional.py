"""Intervention, method and lesson: what professionals and researchers know (content-model.md 3.1-3.3)."""

from kennis.content.fields import Code, Line, Markdown, PlainText
from kennis.content.fields_nested import Many, Part
from kennis.content.fields_values import Day, Flag, Int
from kennis.content.parts import (
    ContactSchema,
    EvidenceBandOverrideSchema,
    EvidenceSchema,
    FollowUpSchema,
    MaterialSchema,
    OrganisationLinkSchema,
    RecognitionSchema,
    SourceSchema,
    StepSchema,
    codes,
    texts,
    year,
)
from kennis.content.schemas.entry import EntrySchema
from kennis.content.schemas.rules import COMMON, override_day_has_come, relations_from
from kennis.content.vocabulary import Term


def is_about_training(term: Term) -> bool:
    return term.code in ("yes", "no", "advised", "unknown")


def organisations(least: int) -> Many:
    return Many(
        Part(OrganisationLinkSchema, "Organisatie"), "Organisaties", least, 20, unique=("organisationId", "role")
    )


def evidence() -> Many:
    return Many(Part(EvidenceSchema, "Onderzoek"), "Onderzoek", 0, 50)


def recognitions() -> Many:
    one = Part(RecognitionSchema, "Erkenning")
    return Many(one, "Erkenning", 0, 20, unique=("bodyId", "scheme", "awarded"))


class InterventionSchema(EntrySchema):
    rules = (*COMMON, override_day_has_come, relations_from("intervention"))

    organisations = organisations(1)
    sources = Many(Part(SourceSchema, "Bron"), "Bronnen", 1, 50)
    intervention_kind = Code("Vorm", "intervention-kinds", required=True)
    problem = PlainText("Aanleiding", 20, 2000, required=True, weight="C")
    goal = PlainText("Doel", 20, 1000, required=True, weight="B")
    sub_goals = texts("Subdoelen", 10, 3, 300, weight="C")
    approach = Markdown("Aanpak", 50, 8000, required=True, weight="C")
    indications = PlainText("Wanneer wel", 3, 2000, weight="C")
    # Not searched: words about whom it is not for must not bring it up for them.
    contra_indications = PlainText("Wanneer niet", 3, 2000)
    intermediate_groups = codes("Intermediaire doelgroep", "audiences", 0, 8)
    prevention_level = Code("Soort preventie", "prevention-levels")
    duration_band = Code("Duur", "duration-bands")
    session_count = Int("Aantal bijeenkomsten", 1, 500, example=17)
    intensity = PlainText("Intensiteit", 3, 200, weight="C", example="wekelijks 2 uur")
    materials = Many(Part(MaterialSchema, "Materiaal"), "Materiaal", 0, 30)
    staff_requirements = PlainText("Nodige deskundigheid", 3, 2000, weight="C")
    training_required = Code("Training verplicht", "answers", only=is_about_training)
    conditions = PlainText("Randvoorwaarden", 3, 2000, weight="C")
    costs = PlainText("Kosten", 3, 1000, weight="C")
    cost_band = Code("Kosten per deelnemer of gezin", "cost-bands")
    theory = PlainText("Onderbouwing", 20, 4000, weight="C")
    working_elements = texts("Werkzame elementen", 15, 3, 300, weight="C")
    evidence = evidence()
    recognitions = recognitions()
    evidence_band_override = Part(EvidenceBandOverrideSchema, "Bewijsband, aangepast")
    delivered_by_count = Int("Aantal uitvoerders", 0, 10_000, example=21)
    used_since = year("In gebruik sinds", example=2013)
    transferability = Code("Overdraagbaarheid", "transferability")
    contact = Part(ContactSchema, "Contact", required=True)


class MethodSchema(EntrySchema):
    rules = (*COMMON, override_day_has_come, relations_from("method"))

    method_kind = Code("Soort methode", "method-kinds", required=True)
    purpose = PlainText("Doel", 20, 1000, required=True, weight="B")
    when_to_use = PlainText("Wanneer wel", 10, 2000, required=True, weight="C")
    # Not searched, as contra_indications of an intervention.
    when_not = PlainText("Wanneer niet", 3, 2000)
    steps = Many(Part(StepSchema, "Stap"), "Stappen", 1, 20)
    time_needed = Code("Benodigde tijd", "duration-bands")
    tools = Many(Part(MaterialSchema, "Hulpmiddel"), "Hulpmiddelen", 0, 30)
    legal_basis = PlainText("Wettelijke basis", 3, 1000, weight="C", example="Wet verplichte meldcode")
    staff_requirements = PlainText("Nodige deskundigheid", 3, 2000, weight="C")
    training_required = Code("Training verplicht", "answers", only=is_about_training)
    prevention_level = Code("Soort preventie", "prevention-levels")
    pitfalls = PlainText("Valkuilen", 3, 2000, weight="C")
    example = PlainText(
        "Voorbeeld uit de praktijk", 20, 4000, weight="C", description="Verzonnen of onherkenbaar gemaakt."
    )
    evidence = evidence()
    recognitions = recognitions()
    evidence_band_override = Part(EvidenceBandOverrideSchema, "Bewijsband, aangepast")
    contact = Part(ContactSchema, "Contact", required=True)


class LessonSchema(EntrySchema):
    rules = (*COMMON, relations_from("lesson"))

    target_groups = codes("Doelgroep", "target-groups", 0, 8)
    lesson_kind = Code("Soort les", "lesson-kinds", required=True)
    context = PlainText("Wat was de situatie", 20, 2000, required=True, weight="C")
    intended = PlainText("Wat was de bedoeling", 3, 2000, weight="C")
    what_happened = PlainText("Wat gebeurde er", 20, 4000, required=True, weight="C")
    why = PlainText("Waardoor kwam dat", 3, 2000, weight="C")
    lesson = PlainText("Wat hebben we geleerd", 20, 400, required=True, weight="B", description="Eén bewering.")
    recommendation = PlainText("Advies", 10, 400, required=True, weight="B", description="In de gebiedende wijs.")
    recommended_to = codes("Advies aan", "audiences", 1, 12)
    is_instructional = Flag(
        "Uitvoerbaar", required=True, description="true zegt wat te doen, false alleen wat gezien is."
    )
    basis = codes("Waarop gebaseerd", "evidence-types", 1, 6)
    transfer_conditions = PlainText("Geldt wanneer", 3, 1000, weight="C")
    event_date = Day("Datum", example="2019-06-05")
    event_name = Line("Gebeurtenis", 3, 200, weight="C")
    follow_up = Part(FollowUpSchema, "Vervolg")
