"""What depends on the day: run at start and once a day. May run twice, and may be interrupted anywhere."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from kennis.access import policy
from kennis.access.policy import Actor
from kennis.content import audit, digests, kinds, linking, publication, reminding, rendering, withdrawal
from kennis.content.context import Context
from kennis.content.expiry import NOT_CHECKED, has_left
from kennis.content.fields_dates import add_months
from kennis.content.lifecycle import PUBLISHED, REJECTED
from kennis.content.succession import archive
from kennis.store import Store
from kennis.store.models import Entry, FragmentRow

ACCOUNT = "daily"
# So many entries are rendered in one transaction: others can write in between (guess).
BATCH = 200
# A rejected text is kept so long for its author (content-model.md 7.1).
REJECTED_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Refreshed:
    """`reminded` counts what somebody is to be told, `digests` the mails that were made of it."""

    rendered: int
    archived: int
    erased: int
    reminded: int = 0
    digests: int = 0


def refresh(store: Store, context: Context, *, is_mailing: bool = False) -> Refreshed:
    """Archive what nobody checked for too long, erase what was rejected long ago, note who must be told what, render
    what no longer holds. `is_mailing`: there is a mail server, so that the week's mail is made as well."""
    actor = policy.system(ACCOUNT)
    policy.check(actor, "refresh")
    archived = _archive_unchecked(store, context, actor)
    erased = _erase_rejected(store, context, actor)
    reminded = reminding.note(store, context)
    digests_made = digests.queue_all(store, context) if is_mailing else 0
    return Refreshed(_render(store, context), archived, erased, reminded, digests_made)


def _archive_unchecked(store: Store, context: Context, actor: Actor) -> int:
    done = 0
    with store.reading() as session:
        ids = [i for kind in kinds.KINDS.values() if kind.is_hidden_when_expired
               for i in _expired(session, kind.code, context)]  # fmt: skip
    for part in _parts(ids):
        with store.transaction() as session:
            for entry in session.scalars(select(Entry).where(Entry.id.in_(part), Entry.status == PUBLISHED)).all():
                # Somebody may have confirmed it meanwhile.
                if has_left(entry.kind, entry.status, entry.checked_at, context.today):
                    archive(session, entry.id, NOT_CHECKED, actor, context)
                    done += 1
    return done


def _expired(session: Session, kind: str, context: Context) -> list[str]:
    wanted = select(Entry.id, Entry.checked_at).where(Entry.kind == kind, Entry.status == PUBLISHED)
    return [
        row.id
        for row in session.execute(wanted.order_by(Entry.id))
        if has_left(kind, PUBLISHED, row.checked_at, context.today)
    ]


def _erase_rejected(store: Store, context: Context, actor: Actor) -> int:
    limit = add_months(context.today, -REJECTED_MONTHS).isoformat()
    wanted = select(Entry).where(Entry.status == REJECTED, Entry.updated_at < limit)
    with store.transaction() as session:
        entries = session.scalars(wanted).all()
        for entry in entries:
            _erase(session, entry, actor, context)
    return len(entries)


def _erase(session: Session, entry: Entry, actor: Actor, context: Context) -> None:
    if entry.version:
        withdrawal.bury(session, entry, context)
    else:
        linking.forget(session, [entry.id], context)
        session.delete(entry)
    audit.of_entry(session, context, actor, "erase_rejected", entry)


def _render(store: Store, context: Context) -> int:
    with store.reading() as session:
        ids = list(session.scalars(outlived(context)))
    for part in _parts(ids):
        with store.transaction() as session:
            still = session.scalars(select(Entry.id).where(Entry.id.in_(part)))
            publication.announce(session, context, dict.fromkeys(still, publication.UPDATED))
    return len(ids)


def outlived(context: Context) -> Select[str]:
    """Entries of which the fragments no longer hold, by their day or because rendering itself changed."""
    return (
        select(FragmentRow.entry_id)
        .where(
            or_(
                FragmentRow.holds_until <= context.today.isoformat(),
                FragmentRow.render_version != rendering.render_version(context.public_url),
            )
        )
        .order_by(FragmentRow.entry_id)
    )


def _parts(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
