"""Loading what is there already: nothing when it is the same, else a new version, as the system account."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.access.policy import Actor
from kennis.content import audit, linking, publication, publishing, reviewing, tracks
from kennis.content.arrivals import Arrival, Loading, cleared
from kennis.content.context import Context
from kennis.content.documents import CHECKED_AT
from kennis.content.expiry import NOT_CHECKED
from kennis.content.lifecycle import ARCHIVED, PUBLIC, PUBLISHED
from kennis.content.reading import IMPORTED
from kennis.errors import Invalid, Problem, Text
from kennis.store.models import Entry, Review, ReviewTask

BUSY = Text("Hieraan wordt gewerkt: het is niet gepubliceerd.", "This is being worked on: it is not published.")

CHECKED_LATER = Text(
    "De tekst is anders, en hier is later bij de aanbieder gekeken. Kijk opnieuw en geef die dag.",
    "The text differs, and somebody looked at the provider's page here since. Look again and give that day.",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`action`: what is still to be announced about the entry; None when there is nothing, or it was done."""

    word: Literal["updated", "unchanged", "kept"]
    action: str | None = None


UNCHANGED, KEPT = Outcome("unchanged"), Outcome("kept")


def reload(
    session: Session, entry: Entry, arrival: Arrival, loading: Loading, actor: Actor, context: Context
) -> Outcome:
    """Raises Invalid when the entry is under review, or may not be published as it arrives."""
    if loading.only_ours and entry.last_changed_by != loading.account:
        return KEPT
    if entry.status not in PUBLIC:
        if loading.only_ours:
            return KEPT
        raise Invalid([Problem(BUSY, "/id")])
    if entry.status == PUBLISHED:
        if _says_more_than_was_checked(entry, arrival):
            if loading.only_ours:
                return KEPT
            raise Invalid([Problem(CHECKED_LATER, f"/{CHECKED_AT}")])
        return _reload_published(session, entry, arrival, actor, context)
    if arrival.status == PUBLISHED and entry.archive_reason == NOT_CHECKED:
        return _publish_checked(session, entry, arrival, actor, context)
    if arrival.status == PUBLISHED:
        return KEPT
    return _reload_archived(session, entry, arrival, actor, context)


def _reload_published(session: Session, entry: Entry, arrival: Arrival, actor: Actor, context: Context) -> Outcome:
    is_archiving = arrival.status == ARCHIVED and not arrival.is_waiting_for_a_check
    is_newer = _is_checked_later(entry, arrival)
    if entry.content == arrival.content and not is_newer and not is_archiving:
        return UNCHANGED
    if entry.content != arrival.content or is_newer:
        _take_over(entry, arrival, actor, keep_check=not is_newer)
        publishing.new_version(session, entry, actor, context, origin=publishing.LOADED)
        # What was passed was so of the text before it.
        tracks.close(session, entry.id, is_copy=False)
        _record_tracks(session, entry, entry.version, actor, context)
    if is_archiving:
        entry.status, entry.archive_reason = ARCHIVED, arrival.archive_reason
        entry.replaced_by_id = arrival.replaced_by_id
        entry.row_version += 1
    audit.of_entry(session, context, actor, "load", entry, entry.status)
    return Outcome("updated", publication.GONE_ARCHIVED if is_archiving else publication.UPDATED)


def _says_more_than_was_checked(entry: Entry, arrival: Arrival) -> bool:
    """Other text of an offer, that nobody compared with the provider's page since it was compared here."""
    if not publishing.keeps_check_date(entry.kind) or entry.content == arrival.content:
        return False
    return arrival.is_waiting_for_a_check or (arrival.checked_at or "") < (entry.checked_at or "")


def _is_checked_later(entry: Entry, arrival: Arrival) -> bool:
    return arrival.checked_at is not None and arrival.checked_at > (entry.checked_at or "")


def _take_over(entry: Entry, arrival: Arrival, actor: Actor, *, keep_check: bool) -> None:
    entry.content = arrival.content
    entry.last_changed_by = actor.id
    if not keep_check:
        entry.checked_at, entry.checked_by = arrival.checked_at, arrival.checked_by or entry.checked_by


def _record_tracks(session: Session, entry: Entry, version: int, actor: Actor, context: Context) -> None:
    session.add_all(
        Review(
            entry_id=entry.id,
            track=track,
            outcome=IMPORTED,
            reviewer_id=actor.id,
            version=version,
            reviewed_on=context.today.isoformat(),
        )
        for track in tracks.concerned(entry.kind, entry.content)
    )


def _publish_checked(session: Session, entry: Entry, arrival: Arrival, actor: Actor, context: Context) -> Outcome:
    """Somebody has looked: through the same steps as by hand, with every track recorded as imported."""
    reviewing.restore(session, entry.id, actor, context)
    _take_over(entry, arrival, actor, keep_check=False)
    tasks = session.scalars(select(ReviewTask).where(ReviewTask.entry_id == entry.id, ~ReviewTask.is_copy))
    for task in tasks:
        task.state = tracks.APPROVED
    _record_tracks(session, entry, entry.version + 1, actor, context)
    publishing.publish(session, entry.id, actor, context, cleared=cleared(entry.kind))
    return Outcome("updated")


def _reload_archived(session: Session, entry: Entry, arrival: Arrival, actor: Actor, context: Context) -> Outcome:
    is_same = entry.content == arrival.content and entry.archive_reason == arrival.archive_reason
    if is_same and arrival.replaced_by_id in (None, entry.replaced_by_id):
        return UNCHANGED
    _take_over(entry, arrival, actor, keep_check=True)
    entry.archive_reason = arrival.archive_reason
    entry.replaced_by_id = arrival.replaced_by_id or entry.replaced_by_id
    entry.row_version += 1
    entry.updated_at = context.stamp
    linking.store(session, entry)
    audit.of_entry(session, context, actor, "load", entry, entry.status)
    return Outcome("updated", publication.GONE_ARCHIVED)
