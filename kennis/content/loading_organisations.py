"""Organisations of an import: all in one batch, for they may name each other in any order."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.content import audit, linking, organisations, slugs
from kennis.content.loading import TWICE, Counts, Loader
from kennis.content.loading_mergers import Plan, check_secrecy, give_names, make_plan
from kennis.content.organisation_arrivals import (
    MERGED,
    PARENT,
    OrganisationArrival,
    match,
    owners_of_external_ids,
    read_organisation,
)
from kennis.content.tying import LineProblem
from kennis.errors import Problem
from kennis.store.models import ExternalIdRow, Organisation
from kennis.store.rows import insert_rows


def load_organisations(
    session: Session,
    bodies: Sequence[tuple[int, Mapping[str, Any]]],
    loader: Loader,
    found: list[LineProblem],
) -> Counts:
    """Store what is new or changed; adds to `found` what is wrong, and the caller rolls back."""
    counts = Counts()
    arrived = [a for line, body in bodies if (a := read_organisation(line, body, loader, found)) is not None]
    if not arrived:
        return counts
    match(session, arrived, loader)
    plan = make_plan(session, arrived)
    _check(session, arrived, plan, loader, found)
    if found:
        return counts
    named = give_names(arrived, plan, loader, found)
    check_secrecy(session, arrived, plan, found)
    if found:
        return counts
    fresh = [a for a in arrived if a.row is None]
    _insert(session, fresh, loader)
    counts.created = len(fresh)
    changed = [a.id for a in arrived if a.row is not None and _reload(session, a.row, a, loader, counts)]
    _merge(session, arrived, loader)
    _name(session, named, loader)
    if changed or named:
        organisations.announce(session, loader.context, *changed, *named)
    return counts


def _check(
    session: Session,
    arrived: Sequence[OrganisationArrival],
    plan: Plan,
    loader: Loader,
    found: list[LineProblem],
) -> None:
    there = {a.id for a in arrived}
    named = {i for a in arrived for i in (a.content.get(PARENT), a.merged_into_id) if i} - there
    there |= set(session.scalars(select(Organisation.id).where(Organisation.id.in_(named))))
    parents = _parents(session, arrived)
    for arrival in arrived:
        if arrival.id in loader.organisations_seen:
            found.append(LineProblem(arrival.line, Problem(TWICE, "/id")))
        loader.organisations_seen.add(arrival.id)
        given = ((PARENT, arrival.content.get(PARENT), parents), (MERGED, arrival.merged_into_id, plan.merged))
        for name, target, of_all in given:
            if target is not None and target not in there:
                found.append(LineProblem(arrival.line, Problem(organisations.UNKNOWN, f"/{name}")))
            elif target is not None and target == of_all.get(arrival.id) and _comes_back(of_all, arrival.id):
                found.append(LineProblem(arrival.line, Problem(organisations.CIRCLE, f"/{name}")))
    _check_external_ids(session, arrived, found)


def _parents(session: Session, arrived: Sequence[OrganisationArrival]) -> dict[str, str | None]:
    """As they will be stored, of these and of all above them."""
    links: dict[str, str | None] = {}
    for arrival in arrived:
        content = arrival.row.content if arrival.row is not None and arrival.stays else arrival.content
        links[arrival.id] = content.get(PARENT)
    while above := {i for i in links.values() if i is not None} - links.keys():
        rows = session.execute(select(Organisation.id, Organisation.content).where(Organisation.id.in_(above)))
        links |= dict.fromkeys(above) | {row.id: row.content.get(PARENT) for row in rows}
    return links


def _comes_back(links: Mapping[str, str | None], start: str) -> bool:
    at, steps = links.get(start), 0
    while at is not None and at != start and steps <= len(links):
        at, steps = links.get(at), steps + 1
    return at == start


def _check_external_ids(session: Session, arrived: Sequence[OrganisationArrival], found: list[LineProblem]) -> None:
    owners = owners_of_external_ids(session, arrived)
    for arrival in arrived:
        for position, x in enumerate(arrival.content.get("externalIds", ())):
            if owners.setdefault((x["system"], x["id"]), arrival.id) != arrival.id:
                found.append(LineProblem(arrival.line, Problem(linking.TAKEN, f"/externalIds/{position}/id")))


def _insert(session: Session, fresh: Sequence[OrganisationArrival], loader: Loader) -> None:
    if not fresh:
        return
    taken = set(session.scalars(select(Organisation.slug)))
    stamp, account = loader.context.stamp, loader.loading.account
    rows = []
    for arrival in fresh:
        wish = arrival.slug or slugs.slugify(arrival.content["name"])
        slug, number = wish, 1
        while slug in taken:
            number += 1
            slug = slugs.numbered(wish, number)
        taken.add(slug)
        rows.append(
            {
                "id": arrival.id,
                "slug": slug,
                "content": arrival.content,
                "row_version": 1,
                "created_at": stamp,
                "updated_at": stamp,
                "created_by": account,
                "last_changed_by": account,
            }
        )
    insert_rows(session, Organisation, rows)
    external = [
        linking.external_id_row(linking.ORGANISATION, x, a.id) for a in fresh for x in a.content.get("externalIds", ())
    ]
    if external:
        insert_rows(session, ExternalIdRow, external)
    for arrival in fresh:
        audit.record(session, loader.context, loader.actor, "load_organisation", arrival.id)


def _reload(session: Session, row: Organisation, arrival: OrganisationArrival, loader: Loader, counts: Counts) -> bool:
    """Whether anything changes."""
    is_same = row.content == arrival.content
    if arrival.stays:
        if is_same and row.merged_into_id is not None:
            counts.unchanged += 1
        else:
            counts.kept += 1
        return False
    if is_same and arrival.merged_into_id is None:
        counts.unchanged += 1
        return False
    if not is_same:
        organisations.rewrite(session, row, arrival.content, loader.actor, loader.context)
    counts.updated += 1
    return True


def _merge(session: Session, arrived: Sequence[OrganisationArrival], loader: Loader) -> None:
    """Once all are there: they may be merged into one another."""
    for arrival in arrived:
        if arrival.merged_into_id is not None and not arrival.stays:
            gone = session.get_one(Organisation, arrival.id)
            organisations.lead(session, gone, arrival.merged_into_id, loader.actor, loader.context)
    session.flush()


def _name(session: Session, named: Mapping[str, dict[str, Any]], loader: Loader) -> None:
    """Who changed it last stays known: that decides what a later loading may change."""
    for living, content in named.items():
        row = session.get_one(Organisation, living)
        row.content = content
        row.row_version += 1
        row.updated_at = loader.context.stamp
