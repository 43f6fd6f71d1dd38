"""How an entry read before: its published versions, and what one says differently from another.

Everybody may read those of what is published, except of stories and help offers; the rest is for owner and editors
(content-model.md 7.3). The text of a suppressed version is kept nowhere, so nothing shows a word of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.access import policy
from kennis.access.policy import Actor
from kennis.content import differences, mentions, public, reading, texts
from kennis.content.differences import Change
from kennis.content.kinds import KINDS
from kennis.content.lifecycle import PUBLIC, PUBLISHED
from kennis.content.views import EntryView
from kennis.errors import Gone, Hidden, Invalid, NotFound, Problem, Text
from kennis.store.models import Entry, Revision

SUPPRESSED = Text("De tekst van deze versie is verwijderd.", "The text of this version was removed.")
NO_EARLIER = Text("Noem de versie om mee te vergelijken.", "Name the version to compare with.")
UNKNOWN = Text("Deze versie is er niet.", "There is no such version.")


@dataclass(frozen=True, slots=True)
class History:
    """An entry whose versions this reader may see. `is_private`: as somebody at work on it, where the public may not.
    `version` is the present one."""

    id: str
    kind: str
    version: int
    row_version: int
    is_private: bool


@dataclass(frozen=True, slots=True)
class Version:
    """`is_suppressed`: the text of this version had to go and is kept nowhere."""

    version: int
    published_at: str
    is_suppressed: bool


def find(session: Session, kind: str, entry_id: str, today: date) -> History:
    """For everybody, under /v1."""
    entry = public.find(session, kind, entry_id, today, partners=True)
    if not (entry.is_published and KINDS[kind].has_public_revisions):
        raise NotFound()
    return History(entry.id, kind, entry.version, entry.row_version, is_private=False)


def find_at_work(session: Session, kind: str, entry_id: str, actor: Actor) -> History:
    """For owner and editors, in any status. Hidden for others: that there is such an entry may be told to nobody."""
    entry = session.scalar(select(Entry).where(Entry.id == entry_id, Entry.kind == kind))
    if entry is None:
        public.refuse(session, kind, entry_id)
    if not policy.decide(actor, "read", texts.facts(entry, entry)).is_allowed:
        raise Hidden()
    return History(entry.id, kind, entry.version, entry.row_version, is_private=True)


def versions(session: Session, history: History) -> list[Version]:
    """The newest first; none of what was never published."""
    wanted = (
        select(Revision.version, Revision.made_at, Revision.suppressed_at)
        .where(Revision.entry_id == history.id)
        .order_by(Revision.version.desc())
    )
    return [Version(row.version, row.made_at, row.suppressed_at is not None) for row in session.execute(wanted)]


def as_it_was(session: Session, history: History, version: int) -> EntryView:
    """The entry as this version said it while it was published. Relations to what the reader may not see now are
    hidden."""
    row = _row(session, history, version)
    content = _content(row)
    (present,) = reading.view(session, [history.id])
    return replace(
        present,
        status=PUBLISHED,
        version=version,
        content=content,
        updated_at=row.made_at,
        approved_marks=(),
        hidden_relations=frozenset(_targets(content)) - _titles(session, history, _targets(content)).keys(),
    )


def compared(session: Session, history: History, version: int, other: int | None) -> int:
    """With which version this one is compared: `other`, or the one before it. Cheap; raises what `difference` would."""
    _content(_row(session, history, version))
    wanted = _before(session, history, version) if other is None else other
    row = None if wanted is None else session.get(Revision, (history.id, wanted))
    if row is None:
        raise Invalid([Problem(NO_EARLIER if wanted is None else UNKNOWN, parameter="with")])
    _content(row)
    return row.version


def difference(session: Session, history: History, version: int, other: int, language: str) -> list[Change]:
    """What `version` says differently from `other`."""
    later, earlier = (_content(_row(session, history, one)) for one in (version, other))
    targets = _titles(session, history, _targets(later) | _targets(earlier))
    named = mentions.organisation_ids(later) | mentions.organisation_ids(earlier)
    names = {i: organisation.name for i, organisation in reading.organisations(session, named).items()}
    then, now = (_without(content, _targets(content) - targets.keys()) for content in (earlier, later))
    return differences.between(history.kind, then, now, {**targets, **names}, language)


def _before(session: Session, history: History, version: int) -> int | None:
    older = [one.version for one in versions(session, history) if one.version < version]
    return max(older, default=None)


def _row(session: Session, history: History, version: int) -> Revision:
    row = session.get(Revision, (history.id, version))
    if row is None:
        raise NotFound()
    return row


def _content(row: Revision) -> Mapping[str, Any]:
    if row.content is None:
        raise Gone(SUPPRESSED)
    return row.content


def _targets(content: Mapping[str, Any]) -> set[str]:
    return {relation["targetId"] for relation in content.get("relations", ())}


def _titles(session: Session, history: History, ids: set[str]) -> dict[str, str]:
    """Of those that the reader may see: the public what is public, who works on the entry all that it names."""
    wanted = select(Entry.id, Entry.content).where(Entry.id.in_(ids))
    if not history.is_private:
        wanted = wanted.where(Entry.status.in_(PUBLIC), Entry.partner_use)
    return {row.id: row.content["title"] for row in session.execute(wanted)}


def _without(content: Mapping[str, Any], hidden: set[str]) -> Mapping[str, Any]:
    if not hidden:
        return content
    kept = [relation for relation in content["relations"] if relation["targetId"] not in hidden]
    return {**content, "relations": kept} if kept else {name: v for name, v in content.items() if name != "relations"}
