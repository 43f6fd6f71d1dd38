"""Loading many entries at once: one query per batch for each thing that must be looked up, core inserts for the rest.

What is new is written by `kennis.content.loading_rows`, what is known already goes through
`kennis.content.reloading`. A batch is stored whole or not at all.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.access.policy import Actor, system
from kennis.content import linking, loading_rows, publication, reloading, succession
from kennis.content.arrivals import Arrival, Loading
from kennis.content.context import Context
from kennis.content.derived import Worked
from kennis.content.linking import Linked
from kennis.content.views import OrganisationView
from kennis.errors import Invalid, Problem, Text
from kennis.store.models import Entry, ExternalIdRow, Revision, Tombstone

TWICE = Text("Dit staat al eerder in het bestand.", "This stands in the file already.")
WITHDRAWN = Text("Dit is ingetrokken en komt niet terug.", "This was withdrawn and will not return.")
OTHER_KIND = Text("Onder dit id staat iets van een andere soort.", "Under this id stands something of another kind.")


@dataclass(frozen=True, slots=True)
class LineProblem:
    line: int
    problem: Problem


class Refused(Exception):
    """Nothing of the batch is stored; holds what is wrong with it."""

    def __init__(self, problems: Sequence[LineProblem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)


@dataclass(slots=True)
class Counts:
    """`kept`: known entries that were left alone, because people changed or archived them."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0

    def add(self, other: "Counts") -> None:
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.kept += other.kept


@dataclass(frozen=True, slots=True)
class Tie:
    """What waits for the second pass, because its other end comes later in the file. None: nothing of the sort."""

    line: int
    relations: list[dict[str, Any]] | None
    replaced_by_id: str | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch that was looked at and may be written when it has no problems. `organisations`: those it names, as they
    are now; another batch asks again, for others write in between."""

    arrivals: Sequence[Arrival]
    known: Mapping[str, Entry]
    ties: Mapping[str, Tie]
    problems: Sequence[LineProblem]
    organisations: Mapping[str, OrganisationView]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a batch, and its new entries as they were stored."""

    counts: Counts
    fresh: Sequence[Worked]


Stored = Callable[[Sequence[Worked]], None]


def unheard(_stored: Sequence[Worked]) -> None:
    """Nobody waits for what was stored."""


@dataclass
class Loader:
    """One import. Remembers over its batches which id became which, and what still has to be tied. `stored` is called
    with the new entries of a batch once they are stored for good.

    `organisation_ids`: those that have another id here than in the file; `organisations_seen`: ids here.
    """

    loading: Loading
    context: Context
    stored: Stored = unheard
    ids: dict[str, str] = field(default_factory=dict)
    ties: dict[str, Tie] = field(default_factory=dict)
    organisation_ids: dict[str, str] = field(default_factory=dict)
    organisations_seen: set[str] = field(default_factory=set)
    _seen: set[str] = field(default_factory=set)

    @property
    def actor(self) -> Actor:
        return system(self.loading.account)

    def prepare(self, session: Session, arrivals: Sequence[Arrival]) -> Prepared:
        """Match, tie and check a batch; nothing is written."""
        if self.organisation_ids:
            for arrival in arrivals:
                arrival.rename_organisations(self.organisation_ids)
        known = _match(session, arrivals)
        problems = self._identify(session, arrivals, known)
        ties = self._tie_up(session, arrivals)
        linked = [Linked(a.id, a.kind, a.content, a.checked_by) for a in arrivals]
        organisations = linking.organisations_of(session, linked)
        found = linking.problems(session, linked, organisations)
        problems += [LineProblem(a.line, p) for a in arrivals for p in found[a.id]]
        return Prepared(arrivals, known, ties, problems, organisations)

    def write(self, session: Session, prepared: Prepared) -> Written:
        """Raises Refused when a known entry cannot take what arrives; the caller rolls back."""
        known = prepared.known
        fresh = [a for a in prepared.arrivals if a.id not in known]
        worked = loading_rows.insert_fresh(session, self.context, self.loading.account, fresh, prepared.organisations)
        counts = Counts(created=len(fresh))
        counts.add(self._reload(session, [a for a in prepared.arrivals if a.id in known], known))
        return Written(counts, worked)

    def remember(self, prepared: Prepared, written: Written) -> None:
        """To be called once the batch is stored for good."""
        self._seen.update(a.id for a in prepared.arrivals)
        self.ids.update((a.named_id, a.id) for a in prepared.arrivals)
        self.ties |= prepared.ties
        self.stored(written.fresh)

    def _identify(self, session: Session, arrivals: Sequence[Arrival], known: Mapping[str, Entry]) -> list[LineProblem]:
        ids = [a.id for a in arrivals]
        gone = set(session.scalars(select(Tombstone.id).where(Tombstone.id.in_(ids))))
        problems, seen = [], set(self._seen)
        for arrival in arrivals:
            text = None
            if arrival.id in gone:
                text = WITHDRAWN
            elif arrival.id in seen:
                text = TWICE
            elif arrival.id in known and known[arrival.id].kind != arrival.kind:
                text = OTHER_KIND
            if text is not None:
                problems.append(LineProblem(arrival.line, Problem(text, "/id")))
            seen.add(arrival.id)
        return problems

    def _tie_up(self, session: Session, arrivals: Sequence[Arrival]) -> dict[str, Tie]:
        """Point relations and successors to the ids of this database; those that are not there yet wait."""
        ids = self.ids | {a.named_id: a.id for a in arrivals}
        there = self._there(session, arrivals, ids)
        return {arrival.id: tie for arrival in arrivals if (tie := _tie(arrival, ids, there)) is not None}

    def _there(self, session: Session, arrivals: Sequence[Arrival], ids: Mapping[str, str]) -> set[str]:
        named = {r["targetId"] for a in arrivals for r in a.content.get("relations", ())}
        named |= {a.replaced_by_id for a in arrivals if a.replaced_by_id}
        asked = {ids.get(i, i) for i in named}
        there = asked & {a.id for a in arrivals}
        missing = asked - there
        if missing:
            there |= set(session.scalars(select(Entry.id).where(Entry.id.in_(missing))))
        return there

    def _reload(self, session: Session, arrivals: Sequence[Arrival], known: Mapping[str, Entry]) -> Counts:
        counts, problems = Counts(), []
        actions: dict[str, str] = {}
        for arrival in arrivals:
            try:
                outcome = reloading.reload(session, known[arrival.id], arrival, self.loading, self.actor, self.context)
            except Invalid as error:
                problems += [LineProblem(arrival.line, p) for p in error.problems]
                continue
            if outcome.action is not None:
                actions[arrival.id] = outcome.action
            setattr(counts, outcome.word, getattr(counts, outcome.word) + 1)
        if problems:
            raise Refused(problems)
        publication.announce(session, self.context, actions)
        return counts

    # The second pass

    def tie(self, session: Session, ids: Collection[str]) -> None:
        """Add the relations and successors that waited. Versions stay: this is still the same loading."""
        ties = {i: self.ties[i] for i in ids}
        entries = {e.id: e for e in session.scalars(select(Entry).where(Entry.id.in_(ties)))}
        contents = {i: self._tied(entries[i].content, tie) for i, tie in ties.items()}
        found = linking.problems(session, [Linked(i, entries[i].kind, contents[i]) for i in ties])
        problems = [LineProblem(ties[i].line, p) for i in ties for p in found[i]]
        problems += self._unknown_successors(session, ties)
        if problems:
            raise Refused(problems)
        for entry_id, tie in ties.items():
            _store_tie(session, entries[entry_id], contents[entry_id], self._here(tie.replaced_by_id))
        publication.announce(session, self.context, dict.fromkeys(ties, publication.UPDATED))

    def _here(self, named: str | None) -> str | None:
        return self.ids.get(named, named) if named else None

    def _tied(self, content: Mapping[str, Any], tie: Tie) -> dict[str, Any]:
        if tie.relations is None:
            return dict(content)
        return {**content, "relations": [r | {"targetId": self._here(r["targetId"])} for r in tie.relations]}

    def _unknown_successors(self, session: Session, ties: Mapping[str, Tie]) -> list[LineProblem]:
        asked = {self._here(t.replaced_by_id) for t in ties.values()} - {None}
        there = set(session.scalars(select(Entry.id).where(Entry.id.in_(asked))))
        return [
            LineProblem(tie.line, Problem(succession.NO_SUCCESSOR, "/replacedById"))
            for tie in ties.values()
            if tie.replaced_by_id and self._here(tie.replaced_by_id) not in there
        ]


def _tie(arrival: Arrival, ids: Mapping[str, str], there: Collection[str]) -> Tie | None:
    named = arrival.content.get("relations", [])
    relations = [r if ids.get(r["targetId"]) in (None, r["targetId"]) else r | {"targetId": ids[r["targetId"]]}
                 for r in named]  # fmt: skip
    ready = [r for r in relations if r["targetId"] in there]
    if relations:
        arrival.content = {**arrival.content, "relations": ready}
        if not ready:
            del arrival.content["relations"]
    successor = arrival.replaced_by_id
    if successor is not None:
        arrival.replaced_by_id = ids.get(successor, successor)
    waits = arrival.replaced_by_id is not None and arrival.replaced_by_id not in there
    if len(ready) == len(relations) and not waits:
        return None
    return Tie(arrival.line, relations if relations != ready else None, successor if waits else None)


def _store_tie(session: Session, entry: Entry, content: dict[str, Any], successor: str | None) -> None:
    entry.content = content
    entry.replaced_by_id = successor or entry.replaced_by_id
    revision = session.get(Revision, (entry.id, entry.version))
    if revision is not None and revision.content is not None and "relations" in content:
        revision.content = {**revision.content, "relations": content["relations"]}
    linking.store(session, entry)


def _match(session: Session, arrivals: Sequence[Arrival]) -> dict[str, Entry]:
    """Known entries by id: matched by external id first, then by id. The arrivals take over the id they match."""
    named = {x["id"] for a in arrivals for x in a.content.get("externalIds", ())}
    if named:
        rows = session.scalars(select(ExternalIdRow).where(ExternalIdRow.external_id.in_(named)))
        owners = {(row.kind, row.system, row.external_id): row.owner_id for row in rows}
        for arrival in arrivals:
            for x in arrival.content.get("externalIds", ()):
                arrival.id = owners.get((arrival.kind, x["system"], x["id"]), arrival.id)
    wanted = select(Entry).where(Entry.id.in_([a.id for a in arrivals]))
    return {entry.id: entry for entry in session.scalars(wanted)}
