"""People at the desk, and short ways to bring an entry where a test wants it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.access.policy import Actor
from kennis.content import clearance, entries, kinds, organisations, reading, tracks
from kennis.content.context import Context
from kennis.store import Store
from kennis.store.models import Entry
from tests.factories import make_entry, make_organisation

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
CONTEXT = Context(NOW, "https://kennis.example")
AUTHOR = Actor("author", "contributor", "professional")
OTHER = Actor("other", "contributor", "volunteer")
EDITOR = Actor("editor", "editor", "policy")
SECOND = Actor("second", "editor", "policy")
RESEARCHER = Actor("researcher", "reviewer", "researcher")
WORKER = Actor("worker", "reviewer", "professional")
EXPERT = Actor("expert", "reviewer", "experience-expert")
ADMIN = Actor("admin", "admin")
REVIEWERS = {"editorial": EDITOR, "science": RESEARCHER, "practice": WORKER, "experience": EXPERT}


def later(days: int = 0, **more: int) -> Context:
    return Context(NOW + timedelta(days=days, **more), CONTEXT.public_url)


def an_organisation(session: Session, **overrides: Any) -> str:
    return organisations.create(session, make_organisation(**overrides), EDITOR, CONTEXT).id


def a_document(session: Session, kind: str, **overrides: Any) -> dict[str, Any]:
    """A whole document of which every organisation exists."""
    organisation_id = _first_organisation(session)
    made: dict[str, Any] = _with_organisation(make_entry(kind, **overrides), organisation_id)
    return made


def _first_organisation(session: Session) -> str:
    from kennis.store.models import Organisation

    found = session.scalar(select(Organisation.id).order_by(Organisation.created_at, Organisation.id))
    return found or an_organisation(session)


def _with_organisation(value: Any, organisation_id: str) -> Any:
    if isinstance(value, dict):
        return {
            name: organisation_id
            if name in ("organisationId", "bodyId")
            else _with_organisation(inner, organisation_id)
            for name, inner in value.items()
        }
    return [_with_organisation(inner, organisation_id) for inner in value] if isinstance(value, list) else value


def a_draft(session: Session, kind: str = "method", actor: Actor | None = None, **overrides: Any) -> Entry:
    writer = actor or (EDITOR if kinds.KINDS[kind].is_entrusted else AUTHOR)
    return entries.create(session, kind, a_document(session, kind, **overrides), writer, CONTEXT)


def approve_all(session: Session, entry_id: str, context: Context = CONTEXT, *, copy: bool = False) -> None:
    for task in tracks.tasks(session, entry_id, is_copy=copy):
        if task.state == tracks.OPEN:
            reviewer = REVIEWERS[task.track]
            if task.track == "editorial" and _wrote(session, entry_id, reviewer, copy=copy):
                reviewer = SECOND
            entries.approve(session, entry_id, task.track, reviewer, context, copy=copy)


def _wrote(session: Session, entry_id: str, actor: Actor, *, copy: bool) -> bool:
    from kennis.content import texts

    entry, text = texts.find_written(session, entry_id, copy=copy)
    return actor.id in texts.facts(entry, text).made_by


def cleared(entry: Entry) -> clearance.Clearance | None:
    if not kinds.KINDS[entry.kind].is_entrusted:
        return None
    return clearance.Clearance(may_publish=True, may_go_to_partners=True, editors=frozenset({"editor"}))


def bring_to_review(session: Session, entry: Entry, context: Context = CONTEXT) -> Entry:
    entries.submit(session, entry.id, EDITOR, context)
    entries.take(session, entry.id, EDITOR, context)
    return entry


def published(session: Session, kind: str = "method", context: Context = CONTEXT, **overrides: Any) -> Entry:
    entry = a_draft(session, kind, **overrides)
    bring_to_review(session, entry, context)
    approve_all(session, entry.id, context)
    return entries.publish(session, entry.id, SECOND, context, cleared=cleared(entry))


def shown(store: Store, entry_id: str, shape: str = "card", language: str = "nl") -> bytes | None:
    found = store.fragments([entry_id], shape, language)
    return found[entry_id][0] if entry_id in found else None


def jobs(session: Session) -> list[tuple[str, int]]:
    return [(job.entry_id, job.index_version) for job in reading.pending_jobs(session, 0, 10_000)]
