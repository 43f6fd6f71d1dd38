"""The rows of entries that are new: all of a batch in one statement per table."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from kennis.content import kinds, linking, publication, publishing, reading, slugs, tracks
from kennis.content.arrivals import Arrival
from kennis.content.context import Context
from kennis.content.derived import Worked, derive
from kennis.content.documents import CHECKED_AT, CHECKED_BY
from kennis.content.lifecycle import PUBLISHED
from kennis.content.linking import Linked
from kennis.content.reading import IMPORTED, Surroundings
from kennis.content.views import OrganisationView
from kennis.store import state
from kennis.store.models import Audit, Entry, FragmentRow, Review, Revision
from kennis.store.rows import insert_rows

Row = dict[str, Any]


def insert_fresh(
    session: Session,
    context: Context,
    account: str,
    arrivals: Sequence[Arrival],
    organisations: Mapping[str, OrganisationView],
) -> list[Worked]:
    """Entry, revisions, imported reviews, links, fragments, jobs, change records and audit: no flush per row.
    `organisations` are all that the arrivals name."""
    if not arrivals:
        return []
    state.raise_generation(session)
    rows = entry_rows(session, context, account, arrivals)
    insert_rows(session, Entry, rows)
    insert_rows(session, Revision, [r for a in arrivals for r in _revision_rows(context, account, a)])
    insert_rows(session, Review, [r for a in arrivals for r in _review_rows(context, account, a)])
    linking.store_many(session, [Linked(a.id, a.kind, a.content, a.checked_by) for a in arrivals])
    around = _surroundings(session, context, arrivals, organisations)
    views = [around.view(row) for row in rows]
    worked = [(view, derive(view, context.today)) for view in views]
    insert_rows(session, FragmentRow, [publication.fragment_row(context, *one) for one in worked])
    actions = {a.id: publication.FIRST if a.status == PUBLISHED else publication.GONE_ARCHIVED for a in arrivals}
    publication.tell(session, context, rows, actions)
    insert_rows(session, Audit, [_audit_row(context, account, a) for a in arrivals])
    return worked


def entry_rows(session: Session, context: Context, account: str, arrivals: Sequence[Arrival]) -> list[Row]:
    chosen = slugs.choose(session, {a.id: a.slug for a in arrivals})
    return [_entry_row(context, account, arrival, chosen[arrival.id]) for arrival in arrivals]


def _entry_row(context: Context, account: str, arrival: Arrival, slug: str) -> Row:
    moment = context.stamp_for(only_day=kinds.KINDS[arrival.kind].is_entrusted)
    checked_at = checked_day(arrival, context)
    return {
        "id": arrival.id,
        "kind": arrival.kind,
        "slug": slug,
        "status": arrival.status,
        "version": len(arrival.revisions) + 1,
        "row_version": 1,
        "index_version": 1,
        "rendering": 1,
        "content": arrival.content,
        "created_at": moment,
        "updated_at": moment,
        "published_at": moment,
        "checked_at": checked_at,
        "checked_by": arrival.checked_by,
        "review_due": publishing.review_due(arrival.kind, checked_at),
        "archive_reason": arrival.archive_reason,
        "replaced_by_id": arrival.replaced_by_id,
        "partner_use": True,
        "created_by": account,
        "owned_by": account,
        "last_changed_by": account,
    }


def checked_day(arrival: Arrival, context: Context) -> str | None:
    """Kinds for which nobody has to look at the provider's page count as checked by being published."""
    if publishing.keeps_check_date(arrival.kind):
        return arrival.checked_at
    return arrival.checked_at or context.today.isoformat()


def _revision_rows(context: Context, account: str, arrival: Arrival) -> list[Row]:
    contents = [*(given.content for given in arrival.revisions), whole(arrival)]
    moment = context.stamp_for(only_day=kinds.KINDS[arrival.kind].is_entrusted)
    return [
        {
            "entry_id": arrival.id,
            "version": version,
            "content": content,
            "origin": publishing.LOADED,
            "made_at": moment,
            "made_by": account,
        }
        for version, content in enumerate(contents, start=1)
    ]


def whole(arrival: Arrival) -> Row:
    """The document with its check dates where its kind has them in the body, as revisions keep it."""
    if not publishing.keeps_check_date(arrival.kind):
        return arrival.content
    checked = {CHECKED_AT: arrival.checked_at, CHECKED_BY: arrival.checked_by}
    return arrival.content | {k: v for k, v in checked.items() if v is not None}


def _review_rows(context: Context, account: str, arrival: Arrival) -> list[Row]:
    return [
        {
            "entry_id": arrival.id,
            "track": track,
            "outcome": IMPORTED,
            "reviewer_id": account,
            "version": len(arrival.revisions) + 1,
            "reviewed_on": context.today.isoformat(),
        }
        for track in tracks.concerned(arrival.kind, arrival.content)
    ]


def _surroundings(
    session: Session, context: Context, arrivals: Sequence[Arrival], organisations: Mapping[str, OrganisationView]
) -> Surroundings:
    """What the views of this batch need: new entries have no marks, and every track counts as judged."""
    related = [a.id for a in arrivals if a.content.get("relations")]
    hidden = reading.hidden_relations(session, related) if related else {}
    month = context.today.isoformat()
    reviews = {
        a.id: tuple(reading.public_review(t, IMPORTED, month) for t in tracks.concerned(a.kind, a.content))
        for a in arrivals
    }
    return Surroundings(organisations, hidden, reviews=reviews)


def _audit_row(context: Context, account: str, arrival: Arrival) -> Row:
    moment = context.stamp_for(only_day=kinds.KINDS[arrival.kind].is_entrusted)
    return {
        "at": moment,
        "actor_id": account,
        "operation": "load",
        "subject_id": arrival.id,
        "detail": arrival.status,
    }
