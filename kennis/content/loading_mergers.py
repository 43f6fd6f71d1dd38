"""What an import means for organisations that went, or now go, into one another: worked out before it is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.content import mergers, organisations
from kennis.content.organisation_arrivals import MERGED, OrganisationArrival
from kennis.content.tying import LineProblem
from kennis.errors import Problem
from kennis.store.models import Organisation


@dataclass(frozen=True, slots=True)
class Plan:
    """How it will be: which went into which, of all; and the content of those that arrive, and of those they live on
    in."""

    merged: Mapping[str, str | None]
    contents: Mapping[str, Mapping[str, Any]]

    def end_of(self, organisation_id: str) -> str:
        return mergers.end_of(self.merged, organisation_id)

    def is_secret(self, organisation_id: str) -> bool:
        """What does not exist is not: that is told elsewhere."""
        return bool(self.contents.get(organisation_id, {}).get("addressSecret"))


def make_plan(session: Session, arrived: Sequence[OrganisationArrival]) -> Plan:
    merged = {a.id: a.merged_into_id for a in arrived if not a.stays} | _merged(session)
    contents = {a.id: a.content if a.row is None or not a.stays else a.row.content for a in arrived}
    ends = {mergers.end_of(merged, i) for i in contents} - contents.keys()
    if ends:
        rows = session.execute(select(Organisation.id, Organisation.content).where(Organisation.id.in_(ends)))
        contents |= {row.id: row.content for row in rows}
    return Plan(merged, contents)


def _merged(session: Session) -> dict[str, str | None]:
    """What is merged already. It stays so, whatever a file says."""
    rows = session.execute(
        select(Organisation.id, Organisation.merged_into_id).where(Organisation.merged_into_id.is_not(None))
    )
    return {row.id: row.merged_into_id for row in rows}


def check_secrecy(
    session: Session, arrived: Sequence[OrganisationArrival], plan: Plan, found: list[LineProblem]
) -> None:
    """Of what is there and becomes secret, by itself or by going into one that is (content-model.md 3.6)."""
    for arrival in arrived:
        if arrival.row is None or arrival.row.merged_into_id is not None or arrival.stays:
            continue
        end = plan.end_of(arrival.id)
        hides = plan.is_secret(end) and not arrival.row.content.get("addressSecret")
        if hides and organisations.is_given_away(session, arrival.id):
            pointer = "/addressSecret" if end == arrival.id else f"/{MERGED}"
            found.append(LineProblem(arrival.line, Problem(organisations.SECRET, pointer)))
