"""Archiving: out of search, feeds and export, with a reason, and where there is one with a successor (7.1)."""

from sqlalchemy.orm import Session

from kennis.access.policy import Actor
from kennis.content import audit, circles, linking, publication, publishing, relations, reviewing, texts
from kennis.content.context import Context
from kennis.content.lifecycle import PUBLISHED
from kennis.content.vocabulary import vocabularies
from kennis.errors import Invalid, Problem, Text
from kennis.store.models import Entry, WorkingCopy

MERGED = "merged"
SUCCESSOR = "successor-of"
# An entry holds at most this many relations (content-model.md 2).
MOST_RELATIONS = 50
INTO_WHAT = Text("Noem waarin dit is opgegaan.", "Name what this was merged into.")
NO_SUCCESSOR = Text("Deze opvolger bestaat niet.", "There is no such successor.")


def archive(
    session: Session,
    entry_id: str,
    reason: str,
    actor: Actor,
    context: Context,
    *,
    replaced_by_id: str | None = None,
    expected: int | None = None,
) -> Entry:
    """By id it still answers, with reason and successor only; the successor of a merged one says so itself."""
    entry, _, target = texts.begin(session, "archive", entry_id, actor, expected)
    reviewing.require_code("archive-reasons", reason)
    successor = _successor(session, entry, reason, replaced_by_id)
    entry.status = target or entry.status
    entry.archive_reason, entry.replaced_by_id = reason, replaced_by_id
    texts.touch(entry, entry, actor, context)
    audit.of_entry(session, context, actor, "archive", entry, reason)
    actions = {entry.id: publication.GONE_ARCHIVED}
    if successor is not None and _succeed(session, successor, entry, actor, context):
        actions[successor.id] = publication.UPDATED
    publication.announce(session, context, actions)
    return entry


def _successor(session: Session, entry: Entry, reason: str, replaced_by_id: str | None) -> Entry | None:
    found = session.get(Entry, replaced_by_id) if replaced_by_id else None
    wrong = None
    if reason == MERGED and replaced_by_id is None:
        wrong = INTO_WHAT
    elif replaced_by_id is not None and (found is None or found.id == entry.id):
        wrong = NO_SUCCESSOR
    if wrong is not None:
        raise Invalid([Problem(wrong, "/replacedById")])
    return found if reason == MERGED else None


def _succeed(session: Session, successor: Entry, gone: Entry, actor: Actor, context: Context) -> bool:
    """Whether a public relation was added. Nothing is added where the two kinds cannot succeed each other."""
    relation = {"kind": SUCCESSOR, "targetId": gone.id}
    copy = session.get(WorkingCopy, successor.id)
    if copy is not None and _takes(session, successor, copy.content.get("relations", []), gone):
        copy.content = copy.content | {"relations": [*copy.content.get("relations", []), relation]}
        copy.row_version += 1
    held = successor.content.get("relations", [])
    if not _takes(session, successor, held, gone):
        return False
    successor.content = successor.content | {"relations": [*held, relation]}
    if successor.status != PUBLISHED:
        successor.row_version += 1
        linking.store(session, successor)
        return False
    publishing.new_version(session, successor, actor, context, origin=publishing.UPKEEP)
    return True


def _takes(session: Session, successor: Entry, held: list[dict[str, str]], gone: Entry) -> bool:
    term = vocabularies()["relation-kinds"][SUCCESSOR]
    is_there = any(r["kind"] == SUCCESSOR and r["targetId"] == gone.id for r in held)
    if is_there or len(held) >= MOST_RELATIONS or not relations.fits(term, successor.kind, gone.kind):
        return False
    wished = [*held, {"kind": SUCCESSOR, "targetId": gone.id}]
    return not circles.find(session, [(successor.id, wished)])
