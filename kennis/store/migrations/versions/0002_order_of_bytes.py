"""PostgreSQL compares text by its bytes, as SQLite does.

The order of a language differs between servers and between versions of one: lists would differ between databases, and
an index made under another version would silently miss rows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _collate('"C"')


def downgrade() -> None:
    _collate('"default"')


def _collate(collation: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    found = sa.inspect(connection)
    for table in sorted(set(found.get_table_names()) - {"alembic_version"}):
        texts = [column["name"] for column in found.get_columns(table) if isinstance(column["type"], sa.Text)]
        if texts:
            changes = ", ".join(f'ALTER COLUMN "{name}" TYPE text COLLATE {collation}' for name in texts)
            op.execute(f'ALTER TABLE "{table}" {changes}')
