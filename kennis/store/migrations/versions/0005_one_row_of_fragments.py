"""One row of fragments an entry: what a full entry says in every language was kept twice."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
# By its bytes, as all text since 0002.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
# So many entries at once stay in memory.
PAGE = 500
LANGUAGES = ("nl", "en")
OLD = "old_fragments"
COMMON = ("partner_use", "holds_until", "render_version")
Row = dict[str, Any]


def upgrade() -> None:
    _set_aside()
    pieces = [
        *(sa.Column(f"card_{language}", sa.LargeBinary(), nullable=True) for language in LANGUAGES),
        sa.Column("full_common", sa.LargeBinary(), nullable=False),
        *(sa.Column(f"full_{language}", sa.LargeBinary(), nullable=False) for language in LANGUAGES),
    ]
    _fill(_create(pieces, ["entry_id"]), lambda rows: [_joined(rows)])


def downgrade() -> None:
    _set_aside()
    keys = [sa.Column(name, TEXT, nullable=False) for name in ("shape", "language")]
    made = _create([*keys, sa.Column("body", sa.LargeBinary(), nullable=False)], ["entry_id", "shape", "language"])
    _fill(made, lambda rows: _apart(rows[0]))


def _set_aside() -> None:
    op.drop_index(op.f("ix_fragments_holds_until"), "fragments")
    op.rename_table("fragments", OLD)
    if op.get_bind().dialect.name == "postgresql":
        for name in ("pk", "fk"):
            ending = "_entry_id" if name == "fk" else ""
            op.execute(f"ALTER TABLE {OLD} RENAME CONSTRAINT {name}_fragments{ending} TO {name}_{OLD}{ending}")


def _create(own: Iterable[sa.Column[Any]], key: list[str]) -> sa.Table:
    made = op.create_table(
        "fragments",
        sa.Column("entry_id", TEXT, nullable=False),
        sa.Column("partner_use", sa.Boolean(), nullable=False),
        sa.Column("holds_until", TEXT, nullable=True),
        sa.Column("render_version", TEXT, nullable=False),
        *own,
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_fragments_entry_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_fragments")),
    )
    op.create_index(op.f("ix_fragments_holds_until"), "fragments", ["holds_until"])
    return made


def _fill(made: sa.Table, change: Callable[[list[Row]], list[Row]]) -> None:
    """From the rows of each entry in the table that was set aside, which goes."""
    connection = op.get_bind()
    old = sa.Table(OLD, sa.MetaData(), autoload_with=connection)
    last = ""
    while True:
        ids = sa.select(old.c.entry_id).where(old.c.entry_id > last).distinct().order_by(old.c.entry_id).limit(PAGE)
        found = list(connection.execute(ids).scalars())
        if not found:
            break
        of_page = sa.select(old).where(old.c.entry_id.in_(found)).order_by(old.c.entry_id)
        rows = [dict(row) for row in connection.execute(of_page).mappings()]
        op.bulk_insert(made, [new for _, of in groupby(rows, lambda row: row["entry_id"]) for new in change(list(of))])
        last = found[-1]
    op.drop_table(OLD)


def _joined(rows: list[Row]) -> Row:
    """Labels go to the end, behind what is the same in both languages."""
    bodies = {(row["shape"], row["language"]): row["body"] for row in rows}
    made = {"entry_id": rows[0]["entry_id"], **{name: rows[0][name] for name in COMMON}}
    for language in LANGUAGES:
        made[f"card_{language}"] = bodies.get(("card", language))
        document = orjson.loads(bodies["full", language])
        labels = document.pop("labels", None)
        made["full_common"] = orjson.dumps(document)[:-1]
        made[f"full_{language}"] = b"}" if labels is None else b"," + orjson.dumps({"labels": labels})[1:]
    return made


def _apart(row: Row) -> list[Row]:
    made = []
    for language in LANGUAGES:
        bodies = {"full": row["full_common"] + row[f"full_{language}"], "card": row[f"card_{language}"]}
        keys = {"entry_id": row["entry_id"], "language": language, **{name: row[name] for name in COMMON}}
        made += [{**keys, "shape": shape, "body": body} for shape, body in bodies.items() if body is not None]
    return made
