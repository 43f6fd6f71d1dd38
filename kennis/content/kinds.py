"""The six kinds: everything in which one kind differs from another is declared here, and nowhere else.

A seventh kind is a schema, a vocabulary of sub-kinds, a template and one `Kind` below.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

from marshmallow import ValidationError

from kennis import clock
from kennis.content.fields_dates import add_months
from kennis.content.fields_nested import ContentSchema, Document, Fault, Many, part, problems, put
from kennis.content.parts import AppliedMarkSchema
from kennis.content.schemas import addresses, publishing
from kennis.content.schemas.entry import DRAFT_NEEDS, SYSTEM, WORKED_OUT, EntrySchema
from kennis.content.schemas.organisation import OrganisationSchema
from kennis.content.schemas.personal import HelpOfferSchema, StorySchema, TrainingSchema
from kennis.content.schemas.professional import InterventionSchema, LessonSchema, MethodSchema
from kennis.content.schemas.publishing import Candidate, PublishingRule
from kennis.errors import Invalid, Problem

__all__ = ["KINDS", "ORGANISATION", "SYSTEM", "WORKED_OUT", "EntrySchema", "Kind", "Limit"]

# What a fixed exception to completeness is: set by an editor for a reason, not filled in by a writer.
NOT_FOR_COMPLETENESS = frozenset({"evidenceBandOverride", "externalIds"})
# May be absent in an entry that is loaded as archived (content-model.md 3.6 and 7.1).
ARCHIVED_LACKS = frozenset({"checkedAt", "checkedBy", "channels"})


@dataclass(frozen=True, slots=True)
class Limit:
    """A day that lies so far behind a date of the entry (content-model.md 5.5)."""

    since: Literal["checkedAt", "reviewDue"]
    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        return add_months(day, self.months) + timedelta(days=self.days)


@dataclass(frozen=True)
class Kind:
    """`stale` None: never. `expired` None: by the leading recognition where the kind is assessed, else never.

    `page` is the Dutch path. `is_entrusted`: the text comes from a submission, so its moments are cut to the day,
    it needs a clearance to be published and its address holds no words. `is_hidden_when_expired`: in no result at
    all; `is_left_out_when_expired`: only in those that ask for it. `reminded`: when its owner is first asked whether
    all still holds. `year_field` comes first in the derived year.
    """

    code: str
    collection: str
    page: str
    schema: type[EntrySchema]
    sub_kind: str
    sub_kind_vocabulary: str
    review_months: int
    stale: Limit | None
    expired: Limit | None = None
    reminded: Limit = Limit("reviewDue", months=-1)
    publishing_rules: tuple[PublishingRule, ...] = ()
    is_assessed: bool = False
    is_entrusted: bool = False
    is_hidden_when_expired: bool = False
    is_left_out_when_expired: bool = False
    needs_organisation: bool = False
    takes_marks: bool = False
    has_public_revisions: bool = True
    shows_help: bool = False
    has_channels: bool = False
    year_field: str | None = None

    @property
    def slug_is_id(self) -> bool:
        return self.is_entrusted

    @property
    def page_is_id(self) -> bool:
        """The address of its page tells nobody what the page is about (safety.md X5)."""
        return self.shows_help

    @property
    def optional_fields(self) -> tuple[str, ...]:
        return _optional_fields(self.code)


_REVIEW_AND_THREE_MONTHS = Limit("reviewDue", months=3)

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "intervention", "interventions", "interventies", InterventionSchema,
            "interventionKind", "intervention-kinds",
            review_months=24, stale=_REVIEW_AND_THREE_MONTHS, publishing_rules=(publishing.is_proven,),
            is_assessed=True, needs_organisation=True, year_field="usedSince",
        ),
        Kind(
            "method", "methods", "methodes", MethodSchema, "methodKind", "method-kinds",
            review_months=24, stale=_REVIEW_AND_THREE_MONTHS, publishing_rules=(publishing.is_proven,),
            is_assessed=True, takes_marks=True,
        ),
        Kind(
            "lesson", "lessons", "lessen", LessonSchema, "lessonKind", "lesson-kinds",
            review_months=36, stale=_REVIEW_AND_THREE_MONTHS,
            publishing_rules=(publishing.has_recommendation, publishing.is_looked_after),
            takes_marks=True, year_field="eventDate",
        ),
        Kind(
            "story", "stories", "verhalen", StorySchema, "narratorRole", "narrator-roles",
            review_months=60, stale=None, publishing_rules=(publishing.has_warnings,),
            is_entrusted=True, has_public_revisions=False, shows_help=True,
        ),
        Kind(
            "training", "trainings", "trainingen", TrainingSchema, "trainingForm", "training-forms",
            review_months=12, stale=Limit("checkedAt", months=12), expired=Limit("checkedAt", months=24),
            publishing_rules=(publishing.checked_within(90),),
            needs_organisation=True, is_left_out_when_expired=True,
        ),
        Kind(
            "help-offer", "help-offers", "hulp", HelpOfferSchema, "offerKind", "offer-kinds",
            review_months=6, stale=Limit("checkedAt", days=180), expired=Limit("checkedAt", days=365),
            reminded=Limit("reviewDue", days=-7),
            publishing_rules=(publishing.checked_within(30), publishing.can_be_reached),
            needs_organisation=True, is_hidden_when_expired=True, has_public_revisions=False, shows_help=True,
            has_channels=True,
        ),
    )
}  # fmt: skip


def by_collection(name: str) -> Kind | None:
    """The kind behind a path of the API, such as `help-offers`."""
    return next((kind for kind in KINDS.values() if kind.collection == name), None)


@cache
def schema(kind: str, *, draft: bool = False, archived: bool = False) -> EntrySchema:
    """One instance for the whole process. A draft needs only what `DRAFT_NEEDS` names."""
    whole = KINDS[kind].schema
    if not (draft or archived):
        return whole()
    required = {f.data_key for f in schema(kind).load_fields.values() if f.required and f.data_key is not None}
    facts: dict[str, Any] = {"needed": frozenset(required - ARCHIVED_LACKS)}
    if draft:
        facts = {"needed": DRAFT_NEEDS, "whole": ()}
    name = whole.__name__.replace("Schema", "DraftSchema" if draft else "ArchivedSchema")
    variant: type[EntrySchema] = type(name, (whole,), facts)
    return variant()


@cache
def organisation_schema() -> OrganisationSchema:
    return OrganisationSchema()


ORGANISATION = OrganisationSchema


def load(
    kind: str,
    document: Mapping[str, Any],
    *,
    draft: bool = False,
    archived: bool = False,
    accept_system: Collection[str] = (),
    today: date | None = None,
) -> Document:
    """The content as it is stored, or Invalid with every problem at once.

    Of training and help offer it holds `checkedAt` and `checkedBy`, which the caller moves to their columns.
    `accept_system` names read-only properties that the caller has compared and that are dropped here. `archived`
    bears the absence of what an archived help offer or training may lack.
    """
    given = {k: v for k, v in document.items() if k not in accept_system} if accept_system else document
    return _load(schema(kind, draft=draft, archived=archived), given, today)


def load_organisation(document: Mapping[str, Any], *, today: date | None = None) -> Document:
    return _load(organisation_schema(), document, today)


def load_mark(document: Mapping[str, Any], *, today: date) -> Document:
    return _load(part(AppliedMarkSchema), document, today)


def _load(of: ContentSchema, document: Mapping[str, Any], today: date | None) -> Document:
    try:
        return of.parse(document, today or clock.today())
    except ValidationError as error:
        raise Invalid(list(problems(error.messages))) from None


def _as_problems(faults: Collection[Fault]) -> list[Problem]:
    tree: Document = {}
    for path, text in faults:
        put(tree, path, text)
    return list(problems(tree))


def publishing_problems(
    kind: str,
    content: Mapping[str, Any],
    *,
    checked_at: str | None = None,
    owned_by: str | None = None,
    today: date,
) -> list[Problem]:
    """What keeps this sound content from being published: the kind rules of content-model.md 7.1."""
    candidate = Candidate(content, today, checked_at, owned_by)
    return _as_problems([fault for rule in KINDS[kind].publishing_rules for fault in rule(candidate)])


def address_problems(kind: str, content: Mapping[str, Any], *, is_secret: bool) -> list[Problem]:
    """Where content gives an address away although an organisation linked to it keeps its address secret."""
    if not is_secret:
        return []
    find = addresses.in_offer if KINDS[kind].has_channels else addresses.in_texts
    return _as_problems(list(find(dict(content))))


def is_expired(kind: str, checked_at: str, today: date) -> bool:
    """Whether a check date alone puts the entry out of the results (training, help offer)."""
    limit = KINDS[kind].expired
    return limit is not None and limit.after(date.fromisoformat(checked_at)) <= today


@cache
def _optional_fields(kind: str) -> tuple[str, ...]:
    """All that a writer may leave out and that no default fills."""
    fields = schema(kind).load_fields.values()
    return tuple(
        str(f.data_key)
        for f in fields
        if not f.required
        and getattr(f, "default", None) is None
        and f.data_key not in NOT_FOR_COMPLETENESS
        and not (isinstance(f, Many) and f.least > 0)
    )
