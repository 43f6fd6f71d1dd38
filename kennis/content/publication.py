"""The one place where what the public may read changes: fragments, outbox, change record and generation together.

Everything here runs inside the caller's transaction. `announce` is called once, last, with all entries touched.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from kennis.content import kinds, rendering
from kennis.content.context import Context
from kennis.content.derived import Derived
from kennis.content.lifecycle import PUBLIC
from kennis.content.reading import COLUMNS, Row, make_views
from kennis.content.views import EntryView
from kennis.store import state
from kennis.store.models import Change, Entry, FragmentRow, IndexJob, RelationRow
from kennis.store.rows import insert_rows

# What partners are told (models.Change).
FIRST, UPDATED, GONE_ARCHIVED, REMOVED, GONE_WITHDRAWN = "published", "updated", "archived", "removed", "withdrawn"


def announce(session: Session, context: Context, actions: Mapping[str, str]) -> None:
    """Make the public state of these entries equal to their rows. `actions`: what to tell about each."""
    if not actions:
        return
    state.raise_generation(session)
    session.flush()
    ids = list(actions)
    session.execute(
        update(Entry)
        .where(Entry.id.in_(ids))
        .values(index_version=Entry.index_version + 1, rendering=Entry.rendering + 1)
        .execution_options(synchronize_session=False)
    )
    rows = session.execute(select(*COLUMNS).where(Entry.id.in_(ids)).order_by(Entry.id)).mappings().all()
    store_fragments(session, context, make_views(session, rows), replacing=ids)
    tell(session, context, rows, actions)
    for entry in [e for e in session if isinstance(e, Entry) and e.id in actions]:
        session.expire(entry, ["index_version", "rendering"])


def announce_with_neighbours(session: Session, context: Context, entry_id: str, action: str) -> None:
    """For a step that makes an entry visible or hides it: those that name it show or drop the relation at once."""
    announce(session, context, {entry_id: action} | dict.fromkeys(neighbours(session, [entry_id]), UPDATED))


def neighbours(session: Session, ids: Collection[str]) -> list[str]:
    """Public entries that hold a relation to one of these, themselves left out."""
    wanted = (
        select(RelationRow.source_id)
        .join(Entry, Entry.id == RelationRow.source_id)
        .where(RelationRow.target_id.in_(ids), Entry.status.in_(PUBLIC))
        .distinct()
    )
    return [found for found in session.scalars(wanted) if found not in ids]


def store_fragments(
    session: Session, context: Context, views: Iterable[EntryView], *, replacing: Collection[str] = ()
) -> None:
    """Render and keep the fragments; of `replacing` the old ones go first, also where no new ones come."""
    if replacing:
        session.execute(
            delete(FragmentRow).where(FragmentRow.entry_id.in_(replacing)).execution_options(synchronize_session=False)
        )
    insert_rows(session, FragmentRow, [fragment_row(context, view) for view in views if view.status in PUBLIC])


def fragment_row(context: Context, view: EntryView, derived: Derived | None = None) -> dict[str, Any]:
    """Of an entry that is public. `derived` when it was worked out for the day of the context already."""
    made = rendering.render_all(view, context.today, context.public_url, derived)
    return {
        "entry_id": view.id,
        "partner_use": view.partner_use,
        "holds_until": made.holds_until.isoformat() if made.holds_until else None,
        "render_version": rendering.render_version(context.public_url),
        **made.pieces,
    }


def tell(session: Session, context: Context, rows: Sequence[Row], actions: Mapping[str, str]) -> None:
    """An index job and a change record per entry, in the order of their ids."""
    if not rows:
        return
    moments = {kind: context.stamp_for(only_day=of.is_entrusted) for kind, of in kinds.KINDS.items()}
    insert_rows(
        session,
        IndexJob,
        [{"entry_id": r["id"], "index_version": r["index_version"], "created": moments[r["kind"]]} for r in rows],
    )
    insert_rows(
        session,
        Change,
        [
            {
                "entry_id": r["id"],
                "kind": r["kind"],
                "action": actions[r["id"]],
                "version": r["version"],
                "partner_use": r["partner_use"],
                "at": moments[r["kind"]],
            }
            for r in rows
        ],
    )
