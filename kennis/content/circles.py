"""Finds circles among the relations that must not have any (part of, variant of, successor of)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.content.vocabulary import vocabularies
from kennis.store.models import RelationRow

Edges = Mapping[str, Collection[str]]


def find(session: Session, batch: Sequence[tuple[str, Sequence[Mapping[str, Any]]]]) -> list[tuple[str, str]]:
    """(entry id, pointer of the relation) for each that closes a circle, given what is stored of the others."""
    found = []
    for term in vocabularies()["relation-kinds"]:
        if not term.extra.get("noCircles"):
            continue
        new = {source: [r["targetId"] for r in relations if r["kind"] == term.code] for source, relations in batch}
        if not any(new.values()):
            continue
        edges = _edges(session, term.code, new)
        for source, relations in batch:
            for position, relation in enumerate(relations):
                target = relation["targetId"]
                if relation["kind"] == term.code and target != source and reaches(edges, target, source):
                    found.append((source, f"/relations/{position}/targetId"))
    return found


def _edges(session: Session, kind: str, new: Mapping[str, Sequence[str]]) -> Edges:
    """The edges that can be reached from the new ones; a document of the batch replaces what is stored of it."""
    edges: dict[str, list[str]] = defaultdict(list, {source: list(targets) for source, targets in new.items()})
    frontier = {t for targets in new.values() for t in targets} - edges.keys()
    while frontier:
        rows = session.execute(
            select(RelationRow.source_id, RelationRow.target_id).where(
                RelationRow.kind == kind, RelationRow.source_id.in_(frontier)
            )
        ).all()
        for source, target in rows:
            edges[source].append(target)
        seen = edges.keys() | frontier
        frontier = {target for _, target in rows} - seen
    return edges


def reaches(edges: Edges, start: str, goal: str) -> bool:
    waiting: list[str] = [start]
    seen: set[str] = set()
    while waiting:
        node = waiting.pop()
        if node == goal:
            return True
        if node not in seen:
            seen.add(node)
            waiting.extend(_next(edges, node))
    return False


def _next(edges: Edges, node: str) -> Iterable[str]:
    return edges.get(node, ())
