"""What every entry has (content-model.md 2), and what saving settles for all kinds alike."""

from typing import ClassVar

from kennis.content.fields import Code, Line, Markdown, PlainText
from kennis.content.fields_nested import ContentSchema, Document, Many, Part, Rule
from kennis.content.fields_values import Int
from kennis.content.parts import (
    ContributorSchema,
    ExternalIdSchema,
    OrganisationLinkSchema,
    RelationSchema,
    SourceSchema,
    codes,
    texts,
)
from kennis.content.schemas.rules import COMMON
from kennis.content.vocabulary import Term, vocabularies

# Read-only in answers, ignored in bodies (content-model.md 1).
WORKED_OUT = frozenset({"labels", "derived", "links", "help", "hints", "advice"})
_SYSTEM = (
    "id slug kind status version createdAt updatedAt publishedAt reviewDue archiveReason replacedById partnerUse "
    "reviews passedTracks appliedMarks ageBands checkedAt checkedBy "
)
SYSTEM = frozenset(_SYSTEM.split())
# A draft is little more than a title (content-model.md 7.1).
DRAFT_NEEDS = frozenset({"title", "language"})


def is_not_for_stories_only(term: Term) -> bool:
    return term.code != "story-no-quote"


class EntrySchema(ContentSchema):
    """The common fields. A kind adds its own below them, so that they keep the order of the model."""

    ignored = WORKED_OUT
    system = SYSTEM
    rules: ClassVar[tuple[Rule, ...]] = COMMON

    title = Line("Titel", 3, 150, required=True, weight="A", example="De Oranje Huis-aanpak")
    alternative_titles = texts("Andere namen", 20, 2, 150, weight="A")
    summary = PlainText("Samenvatting", 50, 600, required=True, weight="B")
    summary_plain = PlainText("In eenvoudige taal", 50, 600, weight="B", description="Taalniveau B1.")
    body = Markdown("Tekst", 1, 40_000, weight="C")
    language = Code("Taal", "languages", default="nl")
    topics = codes("Onderwerpen", "topics", 1, 6)
    target_groups = codes("Doelgroep", "target-groups", 1, 8)
    audiences = codes("Voor wie is deze informatie", "audiences", 1, 12)
    age_min = Int("Leeftijd vanaf", -1, 120, description="-1 is de zwangerschap.", example=4)
    age_max = Int("Leeftijd tot", 0, 121, description="De leeftijd die niet meer wordt bereikt.", example=12)
    settings = codes("Plaats van uitvoering", "settings", 0, 8)
    regions = codes("Regio", "regions", 1, 25, default=["nl"])
    organisations = Many(
        Part(OrganisationLinkSchema, "Organisatie"), "Organisaties", 0, 20, unique=("organisationId", "role")
    )
    programmes = codes("Programma", "programmes", 0, 5)
    sources = Many(Part(SourceSchema, "Bron"), "Bronnen", 0, 50)
    external_ids = Many(Part(ExternalIdSchema, "Kenmerk elders"), "Kenmerken elders", 0, 20, unique=("system", "id"))
    relations = Many(Part(RelationSchema, "Relatie"), "Gerelateerd", 0, 50, unique=("kind", "targetId"))
    contributor = Part(ContributorSchema, "Inzender", required=True)
    licence = Code("Gebruiksrecht", "licences", required=True, only=is_not_for_stories_only)
    content_warnings = codes("Let op", "content-warnings", 0, 6)

    def settle(self, document: Document) -> None:
        """A parent topic says nothing beside its child, so it goes (content-model.md 5.1)."""
        topics = document.get("topics", ())
        if len(topics) > 1:
            vocabulary = vocabularies()["topics"]
            parents = {parent for code in topics for parent in vocabulary.path(code)[:-1]}
            if parents:
                document["topics"] = [code for code in topics if code not in parents]
