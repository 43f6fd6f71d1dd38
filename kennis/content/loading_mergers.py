"""What an import means for organisations that went, or now go, into one another: worked out before it is stored."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.content import kinds, mergers, organisations
from kennis.content.loading import Loader
from kennis.content.organisation_arrivals import MERGED, OrganisationArrival
from kennis.content.tying import LineProblem
from kennis.errors import Invalid, Problem
from kennis.store.models import Organisation

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """How it will be: of all organisations which went into which, `predecessors` the same turned round; the content of
    those that arrive, of those they live on in, and of all that went into these."""

    merged: Mapping[str, str | None]
    predecessors: Mapping[str, Sequence[str]]
    contents: Mapping[str, Content]

    def end_of(self, organisation_id: str) -> str:
        return mergers.end_of(self.merged, organisation_id)

    def is_secret(self, organisation_id: str) -> bool:
        """What does not exist is not: that is told elsewhere."""
        return bool(self.contents.get(organisation_id, {}).get("addressSecret"))


def make_plan(session: Session, arrived: Sequence[OrganisationArrival]) -> Plan:
    merged = {a.id: a.merged_into_id for a in arrived if not a.stays} | _merged(session)
    predecessors: dict[str, list[str]] = defaultdict(list)
    for gone, into in sorted(merged.items()):
        if into is not None:
            predecessors[into].append(gone)
    contents: dict[str, Content] = {a.id: a.row.content if a.row and a.stays else a.content for a in arrived}
    ends = {mergers.end_of(merged, i) for i in contents}
    missing = {*ends, *(i for end in ends for i in _all_of(predecessors, end))} - contents.keys()
    if missing:
        rows = session.execute(select(Organisation.id, Organisation.content).where(Organisation.id.in_(missing)))
        contents |= {row.id: row.content for row in rows}
    return Plan(merged, predecessors, contents)


def _merged(session: Session) -> dict[str, str | None]:
    """What is merged already. It stays so, whatever a file says."""
    rows = session.execute(
        select(Organisation.id, Organisation.merged_into_id).where(Organisation.merged_into_id.is_not(None))
    )
    return {row.id: row.merged_into_id for row in rows}


def _all_of(predecessors: Mapping[str, Sequence[str]], organisation_id: str) -> Iterator[str]:
    """All that went into it, those that did so directly first."""
    seen = {organisation_id}
    newest = [organisation_id]
    while newest:
        newest = [gone for into in newest for gone in predecessors.get(into, ()) if gone not in seen]
        seen.update(newest)
        yield from newest


def check_secrecy(
    session: Session, arrived: Sequence[OrganisationArrival], plan: Plan, found: list[LineProblem]
) -> None:
    """Of what is there and becomes secret, by itself or by going into one that is, and of what is secret and would go
    into one that is not (content-model.md 3.6)."""
    for arrival in arrived:
        if arrival.stays:
            continue
        end = plan.end_of(arrival.id)
        if end != arrival.id and mergers.would_reveal(_held(arrival), plan.contents.get(end, {})):
            found.append(LineProblem(arrival.line, Problem(mergers.REVEALS, f"/{MERGED}")))
        if arrival.row is None:
            continue
        hides = plan.is_secret(end) and not arrival.row.content.get("addressSecret")
        if hides and organisations.is_given_away(session, arrival.id):
            pointer = "/addressSecret" if end == arrival.id else f"/{MERGED}"
            found.append(LineProblem(arrival.line, Problem(organisations.SECRET, pointer)))


def _held(arrival: OrganisationArrival) -> Content:
    """As it is here, for a file that calls it open may be older."""
    return arrival.row.content if arrival.row is not None else arrival.content


def give_names(
    arrived: Sequence[OrganisationArrival], plan: Plan, loader: Loader, found: list[LineProblem]
) -> dict[str, dict[str, Any]]:
    """Those that live on keep and get the names of all that went into them, also when a file does not say so. Content
    that arrives is completed; that of others, which only now are gone into, is returned by id."""
    coming = {a.id: a for a in arrived if not a.stays}
    outside: dict[str, dict[str, Any]] = {}
    led = {plan.end_of(arrival.id): arrival for arrival in reversed(coming.values())}
    for living, leading in led.items():
        arrival = coming.get(living)
        try:
            content = _with_names(living, arrival, plan, loader)
        except Invalid as error:
            if arrival is not None:
                found += [LineProblem(arrival.line, problem) for problem in error.problems]
            else:
                found += [LineProblem(leading.line, Problem(p.message, f"/{MERGED}")) for p in error.problems]
            continue
        if arrival is not None:
            arrival.content = content
        elif content != plan.contents[living]:
            outside[living] = content
    return outside


def _with_names(living: str, arrival: OrganisationArrival | None, plan: Plan, loader: Loader) -> dict[str, Any]:
    """With the years that the survivor has for names it was given before. Raises Invalid when it gets too many."""
    given, today = plan.contents[living], loader.context.today
    content = dict(given)
    for gone in _all_of(plan.predecessors, living):
        content = mergers.with_names_of(content, plan.contents[gone], today.year)
    if content == given:
        return content
    stored = arrival.row.content if arrival is not None and arrival.row is not None else {}
    told = {former["name"]: former for of_one in (stored, given) for former in of_one.get("formerNames", ())}
    content["formerNames"] = [told.get(former["name"], former) for former in content["formerNames"]]
    return kinds.load_organisation(content, today=today)
