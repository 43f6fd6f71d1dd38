"""Rows to views: what rendering, the index document and the pages work on. Always in batches, never one by one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from kennis.content import mentions, mergers
from kennis.content.lifecycle import PUBLIC, PUBLISHED
from kennis.content.tracks import PASSED
from kennis.content.views import EntryView, OrganisationView
from kennis.store.models import AppliedMark, Entry, IndexJob, Organisation, RelationRow, Review, ReviewTask

# A row as the query gives it, or as the loader is about to store it.
Row = Mapping[str, Any] | RowMapping
PublicPart = Mapping[str, Any]
# The columns a view is made of, in one place for the query and for rows that are not stored yet.
COLUMNS = (
    Entry.id, Entry.kind, Entry.slug, Entry.status, Entry.version, Entry.row_version, Entry.index_version,
    Entry.content, Entry.created_at, Entry.updated_at, Entry.published_at, Entry.checked_at, Entry.checked_by,
    Entry.review_due, Entry.archive_reason, Entry.replaced_by_id, Entry.partner_use,
)  # fmt: skip
_NAMES = tuple(column.key for column in COLUMNS)
# Outcomes of reviews that the public may know of, as track and month.
APPROVED, IMPORTED, CHANGES_REQUESTED = "approved", "imported", "changes-requested"
PUBLIC_OUTCOMES = (APPROVED, IMPORTED)


@dataclass
class Surroundings:
    """What a batch of entries names outside itself."""

    organisations: Mapping[str, OrganisationView] = field(default_factory=dict)
    hidden: Mapping[str, frozenset[str]] = field(default_factory=dict)
    marks: Mapping[str, tuple[PublicPart, ...]] = field(default_factory=dict)
    reviews: Mapping[str, tuple[PublicPart, ...]] = field(default_factory=dict)
    passed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def view(self, row: Row) -> EntryView:
        content: Mapping[str, Any] = row["content"]
        named = mentions.organisation_ids(content) | {row["checked_by"] or ""}
        return EntryView(
            **{name: row[name] for name in _NAMES},
            organisations={i: self.organisations[i] for i in named if i in self.organisations},
            approved_marks=self.marks.get(row["id"], ()),
            reviews=self.reviews.get(row["id"], ()),
            passed_tracks=self.passed.get(row["id"], ()),
            hidden_relations=self.hidden.get(row["id"], frozenset()),
        )


def view(session: Session, ids: Collection[str], *, is_shown: bool = True) -> list[EntryView]:
    """Views of entries in any status, in the order asked; unknown and withdrawn ones are left out. Not shown: without
    reviews, passed tracks and hidden relations, which cost as much as all the rest and by which nothing is found."""
    rows = {row["id"]: row for row in session.execute(select(*COLUMNS).where(Entry.id.in_(ids))).mappings()}
    return make_views(session, [rows[i] for i in ids if i in rows], is_shown=is_shown)


def published_versions(session: Session) -> dict[str, int]:
    """Id -> version in the index of all that may be found, by id; two columns only, so a million is still quick."""
    wanted = select(Entry.id, Entry.index_version).where(Entry.status == PUBLISHED).order_by(Entry.id)
    return {row[0]: row[1] for row in session.execute(wanted)}


def pending_jobs(session: Session, after: int, limit: int) -> list[IndexJob]:
    """The outbox behind a position, in order; the indexer reads the current row, never a payload."""
    wanted = select(IndexJob).where(IndexJob.id > after).order_by(IndexJob.id).limit(limit)
    return list(session.scalars(wanted))


def make_views(session: Session, rows: Sequence[Row], *, is_shown: bool = True) -> list[EntryView]:
    around = surroundings(session, rows, is_shown=is_shown)
    return [around.view(row) for row in rows]


def surroundings(session: Session, rows: Sequence[Row], *, is_shown: bool) -> Surroundings:
    ids = [row["id"] for row in rows]
    named = {i for row in rows for i in mentions.organisation_ids(row["content"])}
    named |= {row["checked_by"] for row in rows if row["checked_by"]}
    marks = _marks(session, ids)
    named |= {mark["organisationId"] for of_one in marks.values() for mark in of_one}
    if not is_shown:
        return Surroundings(organisations(session, named), marks=marks)
    return Surroundings(
        organisations(session, named), hidden_relations(session, ids), marks, _reviews(session, ids),
        _passed(session, ids),
    )  # fmt: skip


def organisations(session: Session, ids: Iterable[str]) -> dict[str, OrganisationView]:
    """By the id that was asked; one that was merged shows the one it went into."""
    asked = set(ids)
    if not asked:
        return {}
    found = {row.id: row for row in session.scalars(select(Organisation).where(Organisation.id.in_(asked)))}
    while missing := {r.merged_into_id for r in found.values() if r.merged_into_id} - found.keys():
        found |= {row.id: row for row in session.scalars(select(Organisation).where(Organisation.id.in_(missing)))}
    links = {row.id: row.merged_into_id for row in found.values()}
    living = {i: found[mergers.end_of(links, i)] for i in asked if i in found}
    return {i: organisation_view(row.id, row.slug, row.content) for i, row in living.items()}


def organisation_view(organisation_id: str, slug: str, content: Mapping[str, Any]) -> OrganisationView:
    return OrganisationView(
        id=organisation_id,
        slug=slug,
        name=content["name"],
        names=tuple(names_of(content)),
        address_secret=bool(content.get("addressSecret", False)),
        website=content.get("website"),
    )


def names_of(content: Mapping[str, Any]) -> list[str]:
    """Abbreviation, alternative and former names, in that order."""
    names = [content["abbreviation"]] if "abbreviation" in content else []
    return [*names, *content.get("alternativeNames", ()), *(n["name"] for n in content.get("formerNames", ()))]


def hidden_relations(session: Session, ids: Collection[str]) -> dict[str, frozenset[str]]:
    """Per entry the targets of its relations that may not be shown where everybody reads."""
    wanted = (
        select(RelationRow.source_id, RelationRow.target_id)
        .join(Entry, Entry.id == RelationRow.target_id)
        .where(RelationRow.source_id.in_(ids), Entry.status.not_in(PUBLIC) | ~Entry.partner_use)
    )
    hidden: dict[str, set[str]] = defaultdict(set)
    for source_id, target_id in session.execute(wanted):
        hidden[source_id].add(target_id)
    return {source_id: frozenset(targets) for source_id, targets in hidden.items()}


def _marks(session: Session, ids: Collection[str]) -> dict[str, tuple[PublicPart, ...]]:
    wanted = (
        select(AppliedMark)
        .where(AppliedMark.entry_id.in_(ids), AppliedMark.is_approved)
        .order_by(AppliedMark.applied_on, AppliedMark.id)
    )
    marks: dict[str, list[PublicPart]] = defaultdict(list)
    for mark in session.scalars(wanted):
        note = {"note": mark.note} if mark.note else {}
        marks[mark.entry_id].append(
            {"organisationId": mark.organisation_id, "appliedOn": mark.applied_on} | note | {"isApproved": True}
        )
    return {entry_id: tuple(of_one) for entry_id, of_one in marks.items()}


def _reviews(session: Session, ids: Collection[str]) -> dict[str, tuple[PublicPart, ...]]:
    """The newest public review of each track."""
    wanted = (
        select(Review.entry_id, Review.track, Review.outcome, Review.reviewed_on)
        .where(Review.entry_id.in_(ids), Review.outcome.in_(PUBLIC_OUTCOMES))
        .order_by(Review.id)
    )
    newest: dict[str, dict[str, PublicPart]] = defaultdict(dict)
    for row in session.execute(wanted):
        newest[row.entry_id][row.track] = public_review(row.track, row.outcome, row.reviewed_on)
    return {entry_id: tuple(tracks.values()) for entry_id, tracks in newest.items()}


def _passed(session: Session, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Of the published text: a round that runs has tasks of the working copy, or of a text that nobody reads."""
    wanted = (
        select(ReviewTask.entry_id, ReviewTask.track)
        .join(Entry, Entry.id == ReviewTask.entry_id)
        .where(
            ReviewTask.entry_id.in_(ids),
            ~ReviewTask.is_copy,
            ReviewTask.state == PASSED,
            Entry.status == PUBLISHED,
        )
        .order_by(ReviewTask.track)
    )
    passed: dict[str, list[str]] = defaultdict(list)
    for entry_id, track in session.execute(wanted):
        passed[entry_id].append(track)
    return {entry_id: tuple(tracks) for entry_id, tracks in passed.items()}


def public_review(track: str, outcome: str, reviewed_on: str) -> dict[str, Any]:
    """Who judged and what they wrote is internal; track and month are public."""
    return {"track": track, "reviewedOn": reviewed_on[:7], "imported": outcome == IMPORTED}
