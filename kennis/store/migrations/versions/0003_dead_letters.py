"""What a search engine refuses for good, so that the outbox can go on without it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
# By its bytes, as all text since 0002.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "dead_letters",
        sa.Column("engine", TEXT, nullable=False),
        sa.Column("entry_id", TEXT, nullable=False),
        sa.Column("index_version", sa.Integer(), nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("created", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("engine", "entry_id", name=op.f("pk_dead_letters")),
    )


def downgrade() -> None:
    op.drop_table("dead_letters")
