"""The tables, but for those about people.

Moments are stored as `2026-03-01T09:00:00Z`, days as `2026-03-01`: both sort as text and go out as they are.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kennis.store.base import Content, Table


def _of_entry(**more: Any) -> Mapped[str]:
    """A column that names the entry its row belongs to, and goes with it."""
    return mapped_column(ForeignKey("entries.id", ondelete="CASCADE"), **more)


class Entry(Table):
    """`content` holds what the public may read once published; everything else about the entry is a column."""

    __tablename__ = "entries"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str]
    version: Mapped[int] = mapped_column(default=0)
    row_version: Mapped[int] = mapped_column(default=1)
    index_version: Mapped[int] = mapped_column(default=0)
    rendering: Mapped[int] = mapped_column(default=0)
    content: Mapped[Content]
    created_at: Mapped[str]
    updated_at: Mapped[str]
    published_at: Mapped[str | None]
    checked_at: Mapped[str | None]
    checked_by: Mapped[str | None]
    review_due: Mapped[str | None]
    archive_reason: Mapped[str | None]
    replaced_by_id: Mapped[str | None]
    partner_use: Mapped[bool] = mapped_column(default=True)
    editorial_note: Mapped[str | None]
    created_by: Mapped[str]
    owned_by: Mapped[str | None]
    last_changed_by: Mapped[str]
    editor_id: Mapped[str | None]
    override_by: Mapped[str | None]
    __table_args__ = (Index("ix_entries_kind_status_checked_at", "kind", "status", "checked_at"),)


class Tombstone(Table):
    """All that stays of a withdrawn entry, for ever (safety.md G5); `index_version` outranks a late index write."""

    __tablename__ = "tombstones"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    withdrawn_on: Mapped[str]
    consent_version: Mapped[str | None]
    index_version: Mapped[int]


class Revision(Table):
    """A published version. `content` is empty once suppressed: what had to go is not kept."""

    __tablename__ = "revisions"
    entry_id: Mapped[str] = _of_entry(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[Content | None]
    origin: Mapped[str]
    made_at: Mapped[str]
    made_by: Mapped[str]
    suppressed_at: Mapped[str | None]
    suppressed_by: Mapped[str | None]


class WorkingCopy(Table):
    """The next version of a published entry while it is written and reviewed (content-model.md 7.3)."""

    __tablename__ = "working_copies"
    entry_id: Mapped[str] = _of_entry(primary_key=True)
    status: Mapped[str]
    row_version: Mapped[int] = mapped_column(default=1)
    content: Mapped[Content]
    checked_at: Mapped[str | None]
    checked_by: Mapped[str | None]
    created_at: Mapped[str]
    updated_at: Mapped[str]
    created_by: Mapped[str]
    last_changed_by: Mapped[str]
    editor_id: Mapped[str | None]
    override_by: Mapped[str | None]


class FragmentRow(Table):
    """Public JSON bytes of an entry, made at write time; good until the end of the day before `holds_until`.

    What a full entry says in every language stands in `full_common`, the rest in the column of a language (`PIECES`).
    An archived entry has no card.
    """

    __tablename__ = "fragments"
    entry_id: Mapped[str] = _of_entry(primary_key=True)
    partner_use: Mapped[bool]
    holds_until: Mapped[str | None] = mapped_column(index=True)
    render_version: Mapped[str]
    # Cards first: lists of them are read most, and SQLite reads a row from its beginning.
    card_nl: Mapped[bytes | None]
    card_en: Mapped[bytes | None]
    full_common: Mapped[bytes]
    full_nl: Mapped[bytes]
    full_en: Mapped[bytes]


# Shape and language -> columns whose bytes, one behind the other, are that fragment.
PIECES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("card", "nl"): ("card_nl",),
    ("card", "en"): ("card_en",),
    ("full", "nl"): ("full_common", "full_nl"),
    ("full", "en"): ("full_common", "full_en"),
}


class RelationRow(Table):
    """`pair` is filled for symmetric kinds only and makes the unordered pair unique."""

    __tablename__ = "relations"
    source_id: Mapped[str] = _of_entry(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    target_id: Mapped[str] = mapped_column(ForeignKey("entries.id"), primary_key=True, index=True)
    pair: Mapped[str | None] = mapped_column(unique=True)


class ExternalIdRow(Table):
    """Names elsewhere; `kind` is that of the entry, or `organisation`."""

    __tablename__ = "external_ids"
    kind: Mapped[str] = mapped_column(primary_key=True)
    system: Mapped[str] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    owner_id: Mapped[str] = mapped_column(index=True)


class TitleWord(Table):
    """A word of one of the titles of an entry (content/titles.py); `size` is how many words that title has."""

    __tablename__ = "title_words"
    word: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = _of_entry(primary_key=True, index=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int]


class OrganisationLinkRow(Table):
    """Every organisation an entry names anywhere, so that a change of its name reaches the entry."""

    __tablename__ = "organisation_links"
    entry_id: Mapped[str] = _of_entry(primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True, index=True)


class FormerSlug(Table):
    """Addresses an entry had once: they redirect."""

    __tablename__ = "former_slugs"
    slug: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = _of_entry(index=True)


class ErasedSlug(Table):
    """Keyed hash of an address that was erased, so that it answers 410 and is never given again."""

    __tablename__ = "erased_slugs"
    digest: Mapped[str] = mapped_column(primary_key=True)


class Organisation(Table):
    __tablename__ = "organisations"
    id: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    content: Mapped[Content]
    merged_into_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    row_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[str]
    updated_at: Mapped[str]
    created_by: Mapped[str]
    last_changed_by: Mapped[str]


class ReviewTask(Table):
    """A track that is asked for the text under review: of the entry, or (`is_copy`) of its working copy."""

    __tablename__ = "review_tasks"
    entry_id: Mapped[str] = _of_entry(primary_key=True)
    is_copy: Mapped[bool] = mapped_column(primary_key=True)
    track: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    asked_on: Mapped[str]


class Review(Table):
    """`version` is the version the judged text has or will have once published."""

    __tablename__ = "reviews"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    entry_id: Mapped[str] = _of_entry(index=True)
    track: Mapped[str]
    outcome: Mapped[str]
    note: Mapped[str | None]
    background: Mapped[str | None]
    reviewer_id: Mapped[str]
    version: Mapped[int]
    reviewed_on: Mapped[str]


class AppliedMark(Table):
    """ "We apply this here": of an organisation, on a lesson or method; public once approved."""

    __tablename__ = "applied_marks"
    id: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = _of_entry()
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    applied_on: Mapped[str]
    note: Mapped[str | None]
    is_approved: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[str]
    __table_args__ = (UniqueConstraint("entry_id", "organisation_id"),)


class IndexJob(Table):
    """The outbox: a row for every write that changes what may be found. Numbers are never used again."""

    __tablename__ = "index_jobs"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    entry_id: Mapped[str]
    index_version: Mapped[int]
    created: Mapped[str]
    __table_args__ = ({"sqlite_autoincrement": True},)


class DeadLetter(Table):
    """What an engine refuses for good: the outbox went on without it. `reason` is the name of the error and of the
    field, never a word of the entry; `created` is a day, for the entry may be a story (safety.md R7)."""

    __tablename__ = "dead_letters"
    engine: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(primary_key=True)
    index_version: Mapped[int]
    reason: Mapped[str]
    created: Mapped[str]


class Change(Table):
    """What partners must know, in the order it happened: `published`, `updated`, `archived`, `removed`, `withdrawn`."""

    __tablename__ = "changes"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    entry_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    action: Mapped[str]
    version: Mapped[int]
    partner_use: Mapped[bool]
    at: Mapped[str]
    __table_args__ = ({"sqlite_autoincrement": True},)


class Audit(Table):
    """Who did what to which id, or tried to: `outcome` is done, refused or failed. `detail` holds codes and numbers,
    never content."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[str]
    actor_id: Mapped[str]
    operation: Mapped[str]
    subject_id: Mapped[str] = mapped_column(index=True)
    detail: Mapped[str | None]
    outcome: Mapped[str] = mapped_column(default="done", server_default="done")


class State(Table):
    """Facts about the database as a whole: generation, demo mark, position of each engine in the outbox ..."""

    __tablename__ = "state"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
