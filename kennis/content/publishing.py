"""Publishing: the step from a judged text to a public version (content-model.md 7.1)."""

from dataclasses import replace
from datetime import date

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kennis.access import policy
from kennis.access.policy import Actor
from kennis.content import audit, clearance, documents, kinds, lifecycle, linking, publication, slugs, texts, tracks
from kennis.content.clearance import Clearance
from kennis.content.context import Context
from kennis.content.fields_dates import add_months
from kennis.content.lifecycle import PUBLISHED
from kennis.content.texts import Written
from kennis.errors import Conflict, Invalid, Text
from kennis.store.models import Entry, FormerSlug, Revision, WorkingCopy

# Why a version was made (Revision.origin).
REVIEWED, UPKEEP, LOADED = "reviewed", "upkeep", "loaded"


def publish(
    session: Session,
    entry_id: str,
    actor: Actor,
    context: Context,
    *,
    copy: bool = False,
    expected: int | None = None,
    cleared: Clearance | None = None,
) -> Entry:
    """Make the judged text public. `cleared` is asked for kinds whose texts are entrusted (stories)."""
    entry, text = texts.find_written(session, entry_id, copy=copy)
    _may_publish(entry, text, actor, context, cleared)
    lifecycle.require("publish", text.status, is_copy=copy)
    if copy:
        _require_published(entry)
    texts.expect(text, expected)
    _require_fit(session, entry, text, actor, context, cleared)
    tracks.require_done(session, entry.id, context.today, is_copy=copy)
    was_hidden = entry.status != PUBLISHED
    _adopt(session, entry, text)
    tracks.settle(session, entry.id, is_copy=copy)
    new_version(session, entry, actor, context, origin=REVIEWED)
    audit.of_entry(session, context, actor, "publish", entry, str(entry.version))
    announce_version(session, context, entry, was_hidden=was_hidden)
    return entry


def _may_publish(entry: Entry, text: Written, actor: Actor, context: Context, cleared: Clearance | None) -> None:
    """Four eyes; the only editor of an installation may publish a story he edited, but not one at elevated risk."""
    facts = texts.facts(entry, text)
    is_calm = cleared is not None and cleared.risk != clearance.ELEVATED
    if facts.is_entrusted and context.has_single_editor and is_calm:
        facts = replace(facts, made_by=frozenset())
    policy.check(actor, "publish", facts)


def _require_published(entry: Entry) -> None:
    if entry.status != PUBLISHED:
        raise Conflict(
            Text("De gepubliceerde versie staat er niet meer.", "The published version is no longer there."),
            ("DELETE",),
        )


def _require_fit(
    session: Session, entry: Entry, text: Written, actor: Actor, context: Context, cleared: Clearance | None
) -> None:
    """Whole, well linked, and in line with the rules of its kind, also when those became stricter meanwhile."""
    documents.require_whole(entry.kind, text, context.today)
    linking.check(session, entry.id, entry.kind, text.content, text.checked_by)
    declared = kinds.KINDS[entry.kind]
    faults = kinds.publishing_problems(
        entry.kind, text.content, checked_at=text.checked_at, owned_by=entry.owned_by, today=context.today
    )
    if faults:
        raise Invalid(faults)
    if declared.is_entrusted:
        entry.partner_use = clearance.require(cleared, text.content, actor).may_go_to_partners


def _adopt(session: Session, entry: Entry, text: Written) -> None:
    if not isinstance(text, WorkingCopy):
        return
    entry.content = text.content
    if (text.checked_at or "") >= (entry.checked_at or ""):
        # Else somebody confirmed the published version while the copy was written.
        entry.checked_at, entry.checked_by = text.checked_at, text.checked_by
    entry.last_changed_by, entry.override_by = text.last_changed_by, text.override_by
    session.delete(text)


def new_version(session: Session, entry: Entry, actor: Actor, context: Context, *, origin: str) -> None:
    """The row as it stands becomes the next public version: number, dates, address, revision and links."""
    moment = context.stamp_for(only_day=texts.is_entrusted(entry))
    _readdress(session, entry)
    entry.version += 1
    entry.row_version += 1
    entry.status = PUBLISHED
    entry.updated_at = moment
    entry.published_at = entry.published_at or moment
    entry.archive_reason = entry.replaced_by_id = None
    if origin == REVIEWED and not keeps_check_date(entry.kind):
        entry.checked_at = context.today.isoformat()
    entry.review_due = review_due(entry.kind, entry.checked_at)
    session.add(
        Revision(
            entry_id=entry.id,
            version=entry.version,
            content=documents.body_of(entry.kind, entry),
            origin=origin,
            made_at=moment,
            made_by=actor.id,
        )
    )
    session.flush()
    linking.store(session, entry)


def keeps_check_date(kind: str) -> bool:
    """Whether only somebody who looked may move the check date: it is then part of the text (5.5)."""
    return documents.CHECKED_AT in kinds.schema(kind).names


def review_due(kind: str, checked_at: str | None) -> str | None:
    if checked_at is None:
        return None
    return add_months(date.fromisoformat(checked_at), kinds.KINDS[kind].review_months).isoformat()


def _readdress(session: Session, entry: Entry) -> None:
    """A new title gives a new address; the one readers know redirects from now on."""
    previous = session.get(Revision, (entry.id, entry.version))
    if previous is None or previous.content is None or previous.content["title"] == entry.content["title"]:
        return
    wish = slugs.wished(kinds.KINDS[entry.kind], entry.id, entry.content)
    chosen = slugs.choose(session, {entry.id: wish})[entry.id]
    if chosen == entry.slug:
        return
    session.execute(delete(FormerSlug).where(FormerSlug.slug == chosen))
    session.add(FormerSlug(slug=entry.slug, entry_id=entry.id))
    entry.slug = chosen


def announce_version(session: Session, context: Context, entry: Entry, *, was_hidden: bool) -> None:
    if was_hidden:
        publication.announce_with_neighbours(session, context, entry.id, publication.FIRST)
    else:
        publication.announce(session, context, {entry.id: publication.UPDATED})
