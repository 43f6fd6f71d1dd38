"""What ties entries to each other, to organisations and to names here and elsewhere: checked and stored in batches."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, delete, select, type_coerce
from sqlalchemy.orm import Session

from kennis.content import circles, kinds, mentions, mergers, reading, titles
from kennis.content.context import Context
from kennis.content.relations import fits, pair_of
from kennis.content.views import OrganisationView
from kennis.content.vocabulary import Term, vocabularies
from kennis.errors import Invalid, Problem, Text
from kennis.store.models import (
    AppliedMark,
    Entry,
    ExternalIdRow,
    OrganisationLinkRow,
    RelationRow,
    TitleWord,
    WorkingCopy,
)
from kennis.store.rows import insert_rows

ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Linked:
    """A document about to be stored under this id."""

    id: str
    kind: str
    content: Mapping[str, Any]
    checked_by: str | None = None


def check(
    session: Session, entry_id: str, kind: str, content: Mapping[str, Any], checked_by: str | None = None
) -> None:
    """Raise Invalid with every link that cannot be made."""
    found = problems(session, [Linked(entry_id, kind, content, checked_by)])[entry_id]
    if found:
        raise Invalid(found)


def problems(
    session: Session, batch: Sequence[Linked], known: Mapping[str, OrganisationView] | None = None
) -> dict[str, list[Problem]]:
    """Per id all that is wrong with its links. Documents of the batch may name each other.

    `known`: all organisations that they name, when the caller has asked for them.
    """
    found: dict[str, list[Problem]] = {linked.id: [] for linked in batch}
    kinds_of = _kinds_of_targets(session, batch)
    organisations = organisations_of(session, batch) if known is None else known
    taken = _taken_external_ids(session, batch)
    pairs = _taken_pairs(session, batch)
    for linked in batch:
        found[linked.id] += _relation_problems(linked, kinds_of, pairs)
        found[linked.id] += _organisation_problems(linked, organisations)
        found[linked.id] += _external_id_problems(linked, taken)
    for entry_id, pointer in circles.find(session, [(b.id, b.content.get("relations", ())) for b in batch]):
        found[entry_id].append(Problem(CIRCLE, pointer))
    return found


UNKNOWN_TARGET = Text("Deze kennis bestaat niet (meer).", "There is no such entry (any more).")
ITSELF = Text("Een relatie naar zichzelf kan niet.", "An entry has no relation to itself.")
TWICE = Text("Deze twee hebben deze relatie al.", "These two have this relation already.")
CIRCLE = Text("Met deze relatie ontstaat een kring.", "This relation would close a circle.")
UNKNOWN_ORGANISATION = Text("Deze organisatie bestaat niet.", "There is no such organisation.")
TAKEN = Text("Dit kenmerk hoort al bij iets anders.", "This external id belongs to something else already.")


def _relation_problems(linked: Linked, kinds_of: Mapping[str, str], pairs: dict[str, str]) -> Iterator[Problem]:
    for position, relation in enumerate(linked.content.get("relations", ())):
        pointer = f"/relations/{position}"
        target, term = relation["targetId"], vocabularies()["relation-kinds"][relation["kind"]]
        if target == linked.id:
            yield Problem(ITSELF, f"{pointer}/targetId")
        elif target not in kinds_of:
            yield Problem(UNKNOWN_TARGET, f"{pointer}/targetId")
        elif not fits(term, linked.kind, kinds_of[target]):
            yield Problem(_unfit(term, linked.kind, kinds_of[target]), f"{pointer}/kind")
        elif (pair := pair_of(relation["kind"], linked.id, target)) and pairs.setdefault(pair, linked.id) != linked.id:
            yield Problem(TWICE, f"{pointer}/targetId")


def _unfit(term: Term, source: str, target: str) -> Text:
    return Text(
        f"De relatie {term.code} kan niet van {source} naar {target}.",
        f"The relation {term.code} does not run from {source} to {target}.",
    )


def _organisation_problems(linked: Linked, known: Mapping[str, OrganisationView]) -> Iterator[Problem]:
    for pointer, organisation_id in mentions.organisations(linked.content):
        if organisation_id not in known:
            yield Problem(UNKNOWN_ORGANISATION, pointer)
    if linked.checked_by and linked.checked_by != mentions.EDITORS and linked.checked_by not in known:
        yield Problem(UNKNOWN_ORGANISATION, "/checkedBy")
    linked_to = (known.get(link["organisationId"]) for link in linked.content.get("organisations", ()))
    is_secret = any(organisation is not None and organisation.address_secret for organisation in linked_to)
    yield from kinds.address_problems(linked.kind, linked.content, is_secret=is_secret)


def _external_id_problems(linked: Linked, taken: dict[tuple[str, str, str], str]) -> Iterator[Problem]:
    for position, named in enumerate(linked.content.get("externalIds", ())):
        if taken.setdefault((linked.kind, named["system"], named["id"]), linked.id) != linked.id:
            yield Problem(TAKEN, f"/externalIds/{position}/id")


def _kinds_of_targets(session: Session, batch: Sequence[Linked]) -> dict[str, str]:
    own = {linked.id: linked.kind for linked in batch}
    targets = {r["targetId"] for linked in batch for r in linked.content.get("relations", ())} - own.keys()
    if not targets:
        return own
    rows = session.execute(select(Entry.id, Entry.kind).where(Entry.id.in_(targets)))
    return own | {row.id: row.kind for row in rows}


def organisations_of(session: Session, batch: Sequence[Linked]) -> dict[str, OrganisationView]:
    """All that these documents name, as they are now, by the id that is named."""
    return reading.organisations(session, {i for linked in batch for i in organisation_ids(linked)})


def organisation_ids(linked: Linked) -> set[str]:
    """All that the document names, and who checked it when that is an organisation."""
    named = mentions.organisation_ids(linked.content)
    if linked.checked_by and linked.checked_by != mentions.EDITORS:
        named.add(linked.checked_by)
    return named


def _taken_external_ids(session: Session, batch: Sequence[Linked]) -> dict[tuple[str, str, str], str]:
    named = {x["id"] for linked in batch for x in linked.content.get("externalIds", ())}
    if not named:
        return {}
    rows = session.scalars(select(ExternalIdRow).where(ExternalIdRow.external_id.in_(named)))
    return {(row.kind, row.system, row.external_id): row.owner_id for row in rows}


def _taken_pairs(session: Session, batch: Sequence[Linked]) -> dict[str, str]:
    pairs = {
        pair
        for linked in batch
        for r in linked.content.get("relations", ())
        if (pair := pair_of(r["kind"], linked.id, r["targetId"]))
    }
    if not pairs:
        return {}
    rows = session.execute(select(RelationRow.pair, RelationRow.source_id).where(RelationRow.pair.in_(pairs)))
    return {row.pair: row.source_id for row in rows if row.pair}


def store(session: Session, entry: Entry) -> None:
    """Make the rows of one entry equal to its document."""
    store_many(session, [Linked(entry.id, entry.kind, entry.content, entry.checked_by)], replacing=[entry.id])


def store_many(session: Session, batch: Iterable[Linked], *, replacing: Collection[str] = ()) -> None:
    """Rows for the links of these documents; of `replacing` the old rows go first."""
    session.flush()
    if replacing:
        _delete_rows(session, replacing)
    rows: dict[type, list[dict[str, Any]]] = defaultdict(list)
    for linked in batch:
        for relation in linked.content.get("relations", ()):
            kind, target = relation["kind"], relation["targetId"]
            pair = pair_of(kind, linked.id, target)
            rows[RelationRow].append({"source_id": linked.id, "kind": kind, "target_id": target, "pair": pair})
        for named in linked.content.get("externalIds", ()):
            rows[ExternalIdRow].append(external_id_row(linked.kind, named, linked.id))
        named_by = sorted(organisation_ids(linked))
        for position, words in enumerate(titles.of_all_titles(linked.content)):
            of_one = {"entry_id": linked.id, "position": position, "size": len(words)}
            rows[TitleWord] += [{"word": word, **of_one} for word in words]
        rows[OrganisationLinkRow] += [{"entry_id": linked.id, "organisation_id": i} for i in named_by]
    for table, made in rows.items():
        if made:
            insert_rows(session, table, made)


def external_id_row(kind: str, named: Mapping[str, Any], owner_id: str) -> dict[str, Any]:
    return {"kind": kind, "system": named["system"], "external_id": named["id"], "owner_id": owner_id}


def _delete_rows(session: Session, ids: Collection[str]) -> None:
    for statement in (
        delete(RelationRow).where(RelationRow.source_id.in_(ids)),
        delete(ExternalIdRow).where(ExternalIdRow.owner_id.in_(ids)),
        delete(TitleWord).where(TitleWord.entry_id.in_(ids)),
        delete(OrganisationLinkRow).where(OrganisationLinkRow.entry_id.in_(ids)),
    ):
        session.execute(statement.execution_options(synchronize_session=False))


def forget(session: Session, ids: Collection[str], context: Context) -> None:
    """Take these ids out of every document that names them: they are about to go for good."""
    session.flush()
    sources = select(RelationRow.source_id).where(RelationRow.target_id.in_(ids), RelationRow.source_id.not_in(ids))
    for entry in session.scalars(select(Entry).where(Entry.id.in_(sources))).all():
        entry.content = without(entry.content, ids)
        entry.row_version += 1
        entry.updated_at = max(entry.updated_at, context.stamp_for(only_day=True))
    for gone in ids:
        # No row links a working copy to what it names; there are few of them.
        for copy in session.scalars(
            select(WorkingCopy).where(type_coerce(WorkingCopy.content, String).contains(gone))
        ).all():
            copy.content = without(copy.content, ids)
            copy.row_version += 1
    session.flush()
    session.execute(
        delete(RelationRow).where(RelationRow.target_id.in_(ids)).execution_options(synchronize_session=False)
    )
    _delete_rows(session, ids)


def without(content: Mapping[str, Any], gone: Collection[str]) -> dict[str, Any]:
    """The document without relations to these ids."""
    kept = [r for r in content.get("relations", ()) if r["targetId"] not in gone]
    rest = {name: value for name, value in content.items() if name != "relations"}
    return rest | {"relations": kept} if kept else rest


def linked_entries(session: Session, organisation_ids: Collection[str]) -> list[str]:
    """Entries that anywhere name one of these organisations or one that went into it, or that carry its mark."""
    ids = mergers.with_predecessors(session, organisation_ids)
    named = select(OrganisationLinkRow.entry_id).where(OrganisationLinkRow.organisation_id.in_(ids))
    marked = select(AppliedMark.entry_id).where(AppliedMark.organisation_id.in_(ids))
    return sorted({*session.scalars(named), *session.scalars(marked)})
