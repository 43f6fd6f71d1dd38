"""A line of an import as an organisation to load: read and matched with what is there, nothing stored yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.content import arrivals, kinds, linking, slugs
from kennis.content.arrivals import Loading
from kennis.content.loading import Loader
from kennis.content.tying import LineProblem
from kennis.errors import Invalid, Problem
from kennis.store.models import ExternalIdRow, Organisation

MERGED, PARENT = "mergedIntoId", "parentId"


@dataclass(slots=True)
class OrganisationArrival:
    """`id` becomes that of the organisation it is matched with. `row` is that organisation, None for a new one;
    `stays`: it is left as it is, for people changed it or it went into another, which answers to its names."""

    line: int
    id: str
    slug: str | None
    content: dict[str, Any]
    merged_into_id: str | None
    row: Organisation | None = None
    stays: bool = False


def read_organisation(
    line: int, body: Mapping[str, Any], loader: Loader, found: list[LineProblem]
) -> OrganisationArrival | None:
    """None, and what is wrong added to `found`."""
    problems: list[Problem] = []
    organisation_id = arrivals.read_id(body, problems)
    content: dict[str, Any] = {}
    try:
        kept = {k: v for k, v in body.items() if k not in ("id", "slug", "kind", MERGED)}
        content = kinds.load_organisation(kept, today=loader.context.today)
    except Invalid as error:
        problems += error.problems
    merged = arrivals.read_reference(body, MERGED, problems)
    found += [LineProblem(line, problem) for problem in problems]
    if problems:
        return None
    slug = body.get("slug")
    wish = slug if isinstance(slug, str) and slugs.is_slug(slug) else None
    return OrganisationArrival(line, organisation_id, wish, content, merged)


def match(session: Session, arrived: Sequence[OrganisationArrival], loader: Loader) -> None:
    """By the first external id that is known, then by id; whatever names one of the file's ids then names the
    organisation here."""
    owners = owners_of_external_ids(session, arrived)
    for arrival in arrived:
        names = [(x["system"], x["id"]) for x in arrival.content.get("externalIds", ())]
        here = next((owners[name] for name in names if name in owners), arrival.id)
        if here != arrival.id:
            loader.organisation_ids[arrival.id] = here
            arrival.id = here
    ids = loader.organisation_ids
    for arrival in arrived if ids else ():
        arrival.merged_into_id = ids.get(arrival.merged_into_id or "", arrival.merged_into_id)
        parent = arrival.content.get(PARENT)
        if parent in ids:
            arrival.content[PARENT] = ids[parent]
    _find_rows(session, arrived, loader)


def _find_rows(session: Session, arrived: Sequence[OrganisationArrival], loader: Loader) -> None:
    wanted = select(Organisation).where(Organisation.id.in_([a.id for a in arrived]))
    rows = {row.id: row for row in session.scalars(wanted)}
    for arrival in arrived:
        row = arrival.row = rows.get(arrival.id)
        arrival.stays = row is not None and (row.merged_into_id is not None or _is_of_people(row, loader.loading))


def _is_of_people(row: Organisation, loading: Loading) -> bool:
    return loading.only_ours and row.last_changed_by != loading.account


def owners_of_external_ids(session: Session, arrived: Sequence[OrganisationArrival]) -> dict[tuple[str, str], str]:
    wanted = select(ExternalIdRow).where(
        ExternalIdRow.kind == linking.ORGANISATION,
        ExternalIdRow.external_id.in_([x["id"] for a in arrived for x in a.content.get("externalIds", ())]),
    )
    return {(row.system, row.external_id): row.owner_id for row in session.scalars(wanted)}
