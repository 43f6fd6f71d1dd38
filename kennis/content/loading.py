"""Loading many entries at once: one query per batch for each thing that must be looked up, core inserts for the rest.

What is new is written by `kennis.content.loading_rows`, what is known already goes through
`kennis.content.reloading`. A batch is stored whole or not at all.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.access.policy import Actor, system
from kennis.content import linking, loading_rows, publication, reloading, tying
from kennis.content.arrivals import Arrival, Loading
from kennis.content.context import Context
from kennis.content.derived import Worked
from kennis.content.linking import Linked
from kennis.content.tying import LineProblem, Tie
from kennis.content.views import OrganisationView
from kennis.errors import Invalid, Problem, Text
from kennis.store.models import Entry, ExternalIdRow, Tombstone

TWICE = Text("Dit staat al eerder in het bestand.", "This stands in the file already.")
WITHDRAWN = Text("Dit is ingetrokken en komt niet terug.", "This was withdrawn and will not return.")
OTHER_KIND = Text("Onder dit id staat iets van een andere soort.", "Under this id stands something of another kind.")


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
class Prepared:
    """A batch that was looked at and may be written when it has no problems. `organisations`: those it names, as they
    are now; another batch asks again, for others write in between. `left_out`: so many are left alone already."""

    arrivals: Sequence[Arrival]
    known: Mapping[str, Entry]
    ties: Mapping[str, Tie]
    problems: Sequence[LineProblem]
    organisations: Mapping[str, OrganisationView]
    left_out: int


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a batch, its new entries as they were stored, and the ids that were left alone."""

    counts: Counts
    fresh: Sequence[Worked]
    kept: Collection[str]


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
        named = len(arrivals)
        if self.loading.only_ours:
            arrivals = _without_withdrawn(session, arrivals)
        problems = self._identify(session, arrivals, known)
        ties = self._tie_up(session, arrivals)
        linked = [Linked(a.id, a.kind, a.content, a.checked_by) for a in arrivals]
        organisations = linking.organisations_of(session, linked)
        found = linking.problems(session, linked, organisations)
        problems += [LineProblem(a.line, p) for a in arrivals for p in found[a.id]]
        return Prepared(arrivals, known, ties, problems, organisations, named - len(arrivals))

    def write(self, session: Session, prepared: Prepared) -> Written:
        """Raises Refused when a known entry cannot take what arrives; the caller rolls back."""
        known = prepared.known
        fresh = [a for a in prepared.arrivals if a.id not in known]
        worked = loading_rows.insert_fresh(session, self.context, self.loading.account, fresh, prepared.organisations)
        counts, kept = self._reload(session, [a for a in prepared.arrivals if a.id in known], known)
        counts.add(Counts(created=len(fresh), kept=prepared.left_out))
        return Written(counts, worked, kept)

    def remember(self, prepared: Prepared, written: Written) -> None:
        """To be called once the batch is stored for good."""
        self._seen.update(a.id for a in prepared.arrivals)
        self.ids.update((a.named_id, a.id) for a in prepared.arrivals)
        self.ties |= {i: tie for i, tie in prepared.ties.items() if i not in written.kept}
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
        return {arrival.id: tie for arrival in arrivals if (tie := tying.tie_of(arrival, ids, there)) is not None}

    def _there(self, session: Session, arrivals: Sequence[Arrival], ids: Mapping[str, str]) -> set[str]:
        named = {r["targetId"] for a in arrivals for r in a.content.get("relations", ())}
        named |= {a.replaced_by_id for a in arrivals if a.replaced_by_id}
        asked = {ids.get(i, i) for i in named}
        there = asked & {a.id for a in arrivals}
        missing = asked - there
        if missing:
            there |= set(session.scalars(select(Entry.id).where(Entry.id.in_(missing))))
        return there

    def _reload(
        self, session: Session, arrivals: Sequence[Arrival], known: Mapping[str, Entry]
    ) -> tuple[Counts, set[str]]:
        counts, problems, kept = Counts(), [], set()
        actions: dict[str, str] = {}
        for arrival in arrivals:
            try:
                outcome = reloading.reload(session, known[arrival.id], arrival, self.loading, self.actor, self.context)
            except Invalid as error:
                problems += [LineProblem(arrival.line, p) for p in error.problems]
                continue
            if outcome.action is not None:
                actions[arrival.id] = outcome.action
            if outcome is reloading.KEPT:
                kept.add(arrival.id)
            setattr(counts, outcome.word, getattr(counts, outcome.word) + 1)
        if problems:
            raise Refused(problems)
        publication.announce(session, self.context, actions)
        return counts, kept

    def tie(self, session: Session, ids: Collection[str]) -> list[LineProblem]:
        """The second pass: returns what could not be tied."""
        return tying.tie(session, {i: self.ties[i] for i in ids}, self.ids, self.context)


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


def _without_withdrawn(session: Session, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """What was withdrawn stays away, and nothing that arrives names it any more."""
    ids = {a.id for a in arrivals} | {r["targetId"] for a in arrivals for r in a.content.get("relations", ())}
    ids |= {a.replaced_by_id for a in arrivals if a.replaced_by_id}
    gone = set(session.scalars(select(Tombstone.id).where(Tombstone.id.in_(ids))))
    if gone:
        for arrival in arrivals:
            arrival.content = linking.without(arrival.content, gone)
            arrival.replaced_by_id = None if arrival.replaced_by_id in gone else arrival.replaced_by_id
    return [arrival for arrival in arrivals if arrival.id not in gone]
