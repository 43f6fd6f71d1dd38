"""Which organisation lives on when one went into another (content-model.md 9)."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.errors import Text
from kennis.store.models import Organisation

REVEALS = Text(
    "Het adres van deze organisatie is geheim. Maak eerst dat van de andere geheim.",
    "The address of this organisation is secret. Make that of the other one secret first.",
)


def would_reveal(gone: Mapping[str, Any], into: Mapping[str, Any]) -> bool:
    """Whether a secret address could be shown after the merger, for what lives on decides (content-model.md 3.6)."""
    return bool(gone.get("addressSecret")) and not into.get("addressSecret")


def end_of(links: Mapping[str, str | None], start: str) -> str:
    """The id where a chain of mergers ends. No step makes a circle; of one that a database holds all the same, the
    least id lives on, wherever the chain enters it."""
    passed: dict[str, None] = {}
    at = start
    while (following := links.get(at)) is not None:
        if at in passed:
            order = list(passed)
            return min(order[order.index(at) :])
        passed[at] = None
        at = following
    return at


def survivor(session: Session, organisation: Organisation) -> Organisation:
    links: dict[str, str | None] = {}
    at = organisation
    while at.id not in links:
        links[at.id] = at.merged_into_id
        if at.merged_into_id is not None:
            at = session.get_one(Organisation, at.merged_into_id)
    return session.get_one(Organisation, end_of(links, organisation.id))


def with_predecessors(session: Session, ids: Collection[str]) -> set[str]:
    """These, and all that went into one of them, in however many steps; a query per step."""
    found, newest = set(ids), set(ids)
    while newest:
        wanted = select(Organisation.id).where(Organisation.merged_into_id.in_(newest))
        newest = set(session.scalars(wanted)) - found
        found |= newest
    return found


def with_names_of(into: Mapping[str, Any], gone: Mapping[str, Any], year: int) -> dict[str, Any]:
    """The merged one's name becomes a former name of the survivor, until this year; its other names alternative ones.
    A survivor that has them all stays the same, so that giving them once more changes nothing."""
    formers = list(into.get("formerNames", ()))
    held = {former["name"] for former in formers}
    for former in (*gone.get("formerNames", ()), {"name": gone["name"], "untilYear": year}):
        if former["name"] not in held:
            held.add(former["name"])
            formers.append(former)
    abbreviation = [gone["abbreviation"]] if "abbreviation" in gone else []
    others = dict.fromkeys([*into.get("alternativeNames", ()), *gone.get("alternativeNames", ()), *abbreviation])
    return {**into, "formerNames": formers} | ({"alternativeNames": list(others)} if others else {})
