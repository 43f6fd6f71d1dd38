"""The second pass of an import: relations and successors whose other end comes later in the file."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.content import linking, publication, succession
from kennis.content.arrivals import Arrival
from kennis.content.context import Context
from kennis.content.lifecycle import PUBLIC
from kennis.content.linking import Linked
from kennis.errors import Problem
from kennis.store.models import Entry, Revision

Relation = dict[str, Any]
RELATIONS = "/relations/"


@dataclass(frozen=True, slots=True)
class LineProblem:
    line: int
    problem: Problem


@dataclass(frozen=True, slots=True)
class Tie:
    """What waits of one entry: all its relations as the file has them, its successor. None: nothing of the sort."""

    line: int
    relations: list[Relation] | None
    replaced_by_id: str | None


def tie_of(arrival: Arrival, ids: Mapping[str, str], there: Collection[str]) -> Tie | None:
    """Leaves in the arrival what is there already, under its id here (`ids`, by the id in the file)."""
    named = arrival.content.get("relations", [])
    relations = [_here(r, ids) for r in named]
    ready = [r for r in relations if r["targetId"] in there]
    if relations:
        arrival.content = {**arrival.content, "relations": ready}
        if not ready:
            del arrival.content["relations"]
    successor = arrival.replaced_by_id
    here = ids.get(successor, successor) if successor is not None else None
    waits = here is not None and here not in there
    arrival.replaced_by_id = None if waits else here
    if len(ready) == len(relations) and not waits:
        return None
    return Tie(arrival.line, relations if relations != ready else None, successor if waits else None)


def tie(session: Session, ties: Mapping[str, Tie], ids: Mapping[str, str], context: Context) -> list[LineProblem]:
    """Make every link that can be made, and return what is wrong with the others, by their place in the file. Entries
    that went meanwhile, or are being worked on, are passed over. Versions stay: this is still the same loading."""
    wanted = select(Entry).where(Entry.id.in_(ties), Entry.status.in_(PUBLIC))
    entries = {e.id: e for e in session.scalars(wanted)}
    waiting = {i: one for i, one in ties.items() if i in entries}
    relations, untied = _sound_relations(session, entries, waiting, ids)
    successors, unknown = _successors(session, waiting, ids)
    changed = [i for i in waiting if _store(session, entries[i], relations.get(i), successors.get(i))]
    publication.announce(session, context, dict.fromkeys(changed, publication.UPDATED))
    return [*untied, *unknown]


def _here(relation: Relation, ids: Mapping[str, str]) -> Relation:
    named = relation["targetId"]
    return relation if ids.get(named, named) == named else relation | {"targetId": ids[named]}


def _sound_relations(
    session: Session, entries: Mapping[str, Entry], ties: Mapping[str, Tie], ids: Mapping[str, str]
) -> tuple[dict[str, list[Relation]], list[LineProblem]]:
    """One that is wrong goes, and the others are looked at again without it."""
    offered = {
        i: {place: _here(relation, ids) for place, relation in enumerate(one.relations)}
        for i, one in ties.items()
        if one.relations is not None
    }
    untied: list[LineProblem] = []
    while wrong := list(_wrong(session, entries, offered)):
        for entry_id, place, problem in wrong:
            untied.append(LineProblem(ties[entry_id].line, problem))
            offered[entry_id].pop(place, None)
    return {i: list(of.values()) for i, of in offered.items()}, untied


def _wrong(
    session: Session, entries: Mapping[str, Entry], offered: Mapping[str, Mapping[int, Relation]]
) -> Iterator[tuple[str, int, Problem]]:
    batch = [Linked(i, entries[i].kind, {"relations": list(of.values())}) for i, of in offered.items()]
    for entry_id, problems in linking.problems(session, batch).items():
        for problem in problems:
            number, *rest = (problem.pointer or "").removeprefix(RELATIONS).split("/")
            place = list(offered[entry_id])[int(number)]
            yield entry_id, place, replace(problem, pointer="/".join([f"{RELATIONS}{place}", *rest]))


def _successors(
    session: Session, ties: Mapping[str, Tie], ids: Mapping[str, str]
) -> tuple[dict[str, str], list[LineProblem]]:
    asked = {i: ids.get(named, named) for i, one in ties.items() if (named := one.replaced_by_id)}
    there = set(session.scalars(select(Entry.id).where(Entry.id.in_(asked.values()))))
    unknown = [
        LineProblem(ties[i].line, Problem(succession.NO_SUCCESSOR, "/replacedById"))
        for i, successor in asked.items()
        if successor not in there
    ]
    return {i: successor for i, successor in asked.items() if successor in there}, unknown


def _store(session: Session, entry: Entry, relations: list[Relation] | None, successor: str | None) -> bool:
    """Whether anything became different."""
    is_same = relations is None or relations == entry.content.get("relations", [])
    if is_same and successor in (None, entry.replaced_by_id):
        return False
    entry.replaced_by_id = successor or entry.replaced_by_id
    entry.row_version += 1
    if not is_same:
        entry.content = {**entry.content, "relations": relations}
        revision = session.get(Revision, (entry.id, entry.version))
        if revision is not None and revision.content is not None:
            revision.content = {**revision.content, "relations": relations}
        linking.store(session, entry)
    return True
