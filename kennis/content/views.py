"""What is read of an entry: one frozen value that rendering, the index document and the derived fields work on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """An organisation as an entry shows it; `names` are abbreviation, alternative and former names."""

    id: str
    slug: str
    name: str
    names: tuple[str, ...] = ()
    address_secret: bool = False
    website: str | None = None


@dataclass(frozen=True, slots=True)
class EntryView:
    """One version of an entry, with everything of other rows that its answers need.

    Moments are `2026-03-01T09:00:00Z`, days `2026-03-01`. `organisations` is keyed by the id the content names,
    and holds the organisation that lives on when it was merged. `reviews` hold `track`, `reviewedOn` (month) and
    `imported` only; `passed_tracks` were asked and nobody answered. `hidden_relations` are ids of targets that may not
    be shown on this surface.
    """

    id: str
    kind: str
    slug: str
    status: str
    version: int
    row_version: int
    index_version: int
    content: Mapping[str, Any]
    created_at: str
    updated_at: str
    published_at: str | None = None
    checked_at: str | None = None
    checked_by: str | None = None
    review_due: str | None = None
    archive_reason: str | None = None
    replaced_by_id: str | None = None
    partner_use: bool = True
    organisations: Mapping[str, OrganisationView] = field(default_factory=dict)
    approved_marks: tuple[Mapping[str, Any], ...] = ()
    reviews: tuple[Mapping[str, Any], ...] = ()
    passed_tracks: tuple[str, ...] = ()
    hidden_relations: frozenset[str] = frozenset()
