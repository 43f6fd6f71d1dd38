"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_subject_id"), "audit", ["subject_id"], unique=False)
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("partner_use", sa.Boolean(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_changes_entry_id"), "changes", ["entry_id"], unique=False)
    op.create_table(
        "entries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("index_version", sa.Integer(), nullable=False),
        sa.Column("rendering", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("published_at", sa.Text(), nullable=True),
        sa.Column("checked_at", sa.Text(), nullable=True),
        sa.Column("checked_by", sa.Text(), nullable=True),
        sa.Column("review_due", sa.Text(), nullable=True),
        sa.Column("archive_reason", sa.Text(), nullable=True),
        sa.Column("replaced_by_id", sa.Text(), nullable=True),
        sa.Column("partner_use", sa.Boolean(), nullable=False),
        sa.Column("editorial_note", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("owned_by", sa.Text(), nullable=True),
        sa.Column("last_changed_by", sa.Text(), nullable=False),
        sa.Column("editor_id", sa.Text(), nullable=True),
        sa.Column("override_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("slug", name=op.f("uq_entries_slug")),
    )
    op.create_index("ix_entries_kind_status_checked_at", "entries", ["kind", "status", "checked_at"], unique=False)
    op.create_table(
        "erased_slugs",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_erased_slugs")),
    )
    op.create_table(
        "external_ids",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "system", "external_id", name=op.f("pk_external_ids")),
    )
    op.create_index(op.f("ix_external_ids_owner_id"), "external_ids", ["owner_id"], unique=False)
    op.create_table(
        "index_jobs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("index_version", sa.Integer(), nullable=False),
        sa.Column("created", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_jobs")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("merged_into_id", sa.Text(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("last_changed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["merged_into_id"], ["organisations.id"], name=op.f("fk_organisations_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisations_slug")),
    )
    op.create_index(op.f("ix_organisations_merged_into_id"), "organisations", ["merged_into_id"], unique=False)
    op.create_table(
        "state",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_state")),
    )
    op.create_table(
        "tombstones",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("withdrawn_on", sa.Text(), nullable=False),
        sa.Column("consent_version", sa.Text(), nullable=True),
        sa.Column("index_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstones")),
    )
    op.create_table(
        "applied_marks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("applied_on", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("is_approved", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_applied_marks_entry_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_applied_marks_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applied_marks")),
        sa.UniqueConstraint("entry_id", "organisation_id", name=op.f("uq_applied_marks_entry_id_organisation_id")),
    )
    op.create_index(op.f("ix_applied_marks_organisation_id"), "applied_marks", ["organisation_id"], unique=False)
    op.create_table(
        "former_slugs",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_former_slugs_entry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_former_slugs")),
    )
    op.create_index(op.f("ix_former_slugs_entry_id"), "former_slugs", ["entry_id"], unique=False)
    op.create_table(
        "fragments",
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("partner_use", sa.Boolean(), nullable=False),
        sa.Column("holds_until", sa.Text(), nullable=True),
        sa.Column("render_version", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_fragments_entry_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", "shape", "language", name=op.f("pk_fragments")),
    )
    op.create_index(op.f("ix_fragments_holds_until"), "fragments", ["holds_until"], unique=False)
    op.create_table(
        "organisation_links",
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_organisation_links_entry_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_organisation_links_organisation_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", "organisation_id", name=op.f("pk_organisation_links")),
    )
    op.create_index(
        op.f("ix_organisation_links_organisation_id"), "organisation_links", ["organisation_id"], unique=False
    )
    op.create_table(
        "relations",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target_id", sa.Text(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["entries.id"], name=op.f("fk_relations_source_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["target_id"], ["entries.id"], name=op.f("fk_relations_target_id")),
        sa.PrimaryKeyConstraint("source_id", "kind", "target_id", name=op.f("pk_relations")),
        sa.UniqueConstraint("pair", name=op.f("uq_relations_pair")),
    )
    op.create_index(op.f("ix_relations_target_id"), "relations", ["target_id"], unique=False)
    op.create_table(
        "review_tasks",
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("is_copy", sa.Boolean(), nullable=False),
        sa.Column("track", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_review_tasks_entry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", "is_copy", "track", name=op.f("pk_review_tasks")),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("track", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("background", sa.Text(), nullable=True),
        sa.Column("reviewer_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reviewed_on", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_reviews_entry_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_entry_id"), "reviews", ["entry_id"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("suppressed_at", sa.Text(), nullable=True),
        sa.Column("suppressed_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_revisions_entry_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", "version", name=op.f("pk_revisions")),
    )
    op.create_table(
        "working_copies",
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.Text(), nullable=True),
        sa.Column("checked_by", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("last_changed_by", sa.Text(), nullable=False),
        sa.Column("editor_id", sa.Text(), nullable=True),
        sa.Column("override_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_working_copies_entry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_working_copies")),
    )
    op.bulk_insert(
        sa.table("state", sa.column("key", sa.Text), sa.column("value", sa.Text)),
        [{"key": "generation", "value": "0"}],
    )


def downgrade() -> None:
    op.drop_table("working_copies")
    op.drop_table("revisions")
    op.drop_index(op.f("ix_reviews_entry_id"), table_name="reviews")
    op.drop_table("reviews")
    op.drop_table("review_tasks")
    op.drop_index(op.f("ix_relations_target_id"), table_name="relations")
    op.drop_table("relations")
    op.drop_index(op.f("ix_organisation_links_organisation_id"), table_name="organisation_links")
    op.drop_table("organisation_links")
    op.drop_index(op.f("ix_fragments_holds_until"), table_name="fragments")
    op.drop_table("fragments")
    op.drop_index(op.f("ix_former_slugs_entry_id"), table_name="former_slugs")
    op.drop_table("former_slugs")
    op.drop_index(op.f("ix_applied_marks_organisation_id"), table_name="applied_marks")
    op.drop_table("applied_marks")
    op.drop_table("tombstones")
    op.drop_table("state")
    op.drop_index(op.f("ix_organisations_merged_into_id"), table_name="organisations")
    op.drop_table("organisations")
    op.drop_table("index_jobs")
    op.drop_index(op.f("ix_external_ids_owner_id"), table_name="external_ids")
    op.drop_table("external_ids")
    op.drop_table("erased_slugs")
    op.drop_index("ix_entries_kind_status_checked_at", table_name="entries")
    op.drop_table("entries")
    op.drop_index(op.f("ix_changes_entry_id"), table_name="changes")
    op.drop_table("changes")
    op.drop_index(op.f("ix_audit_subject_id"), table_name="audit")
    op.drop_table("audit")
