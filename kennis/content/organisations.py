"""Organisations: made and changed by editors, never deleted; a change of name reaches every entry that links one."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kennis.access import policy
from kennis.access.policy import Actor
from kennis.content import audit, kinds, linking, mergers, publication, slugs
from kennis.content.context import Context
from kennis.content.lifecycle import PUBLIC
from kennis.errors import Conflict, Invalid, Moved, NotFound, PreconditionFailed, Problem, Text
from kennis.store import state
from kennis.store.models import Entry, ExternalIdRow, Organisation
from kennis.store.rows import insert_rows

# So many entries are looked at in one go when an organisation changes: what is in memory stays small (guess).
BATCH = 500
UNKNOWN = Text("Deze organisatie bestaat niet.", "There is no such organisation.")
CIRCLE = Text("Zo hoort een organisatie bij zichzelf.", "This would make it a part of itself.")
WENT_ITSELF = Text("Deze is zelf samengevoegd; noem waarin.", "This one was merged itself; name into what.")
SECRET = Text(
    "Het adres wordt geheim, maar staat nog in kennis die deze organisatie noemt.",
    "The address becomes secret, but still stands in entries that name this organisation.",
)


def get(session: Session, organisation_id: str) -> Organisation:
    """Moved, with the id to go to, once it was merged into another."""
    found = session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound()
    living = mergers.survivor(session, found)
    if living is not found:
        raise Moved(living.id)
    return found


def named(session: Session, name: str) -> Organisation:
    """Of this id or slug, as people give it."""
    wanted = select(Organisation.id).where((Organisation.id == name) | (Organisation.slug == name))
    found = session.scalar(wanted) if name.isprintable() else None
    if found is None:
        raise NotFound(UNKNOWN)
    return get(session, found)


def create(session: Session, document: Mapping[str, Any], actor: Actor, context: Context) -> Organisation:
    policy.check(actor, "organisations")
    content = _read(document, {}, context)
    made = Organisation(
        id=str(uuid.uuid4()),
        slug=free_slug(session, slugs.slugify(content["name"])),
        content=content,
        created_at=context.stamp,
        updated_at=context.stamp,
        created_by=actor.id,
        last_changed_by=actor.id,
        row_version=1,
    )
    _check_links(session, made.id, content)
    session.add(made)
    _store_external_ids(session, made)
    audit.record(session, context, actor, "create_organisation", made.id)
    session.flush()
    return made


def revise(
    session: Session,
    organisation_id: str,
    document: Mapping[str, Any],
    actor: Actor,
    context: Context,
    *,
    expected: int | None = None,
) -> Organisation:
    """Its slug stays, for it is the value of a facet. Everything that names it is rendered and indexed again."""
    policy.check(actor, "organisations")
    found = _expected(session, organisation_id, expected)
    content = _read(document, system_fields(session, found), context)
    if content != found.content:
        replace(session, found, content, actor, context)
    return found


def replace(session: Session, found: Organisation, content: dict[str, Any], actor: Actor, context: Context) -> None:
    """The step behind `revise`, for content that was read already."""
    _check_links(session, found.id, content)
    _check_secrecy(session, found, content, "/addressSecret")
    rewrite(session, found, content, actor, context)
    announce(session, context, found.id)


def rewrite(session: Session, found: Organisation, content: dict[str, Any], actor: Actor, context: Context) -> None:
    """Nothing is checked or announced: for who did the one, and will do the other, for many at once."""
    _change(session, found, content, actor, context)
    audit.record(session, context, actor, "revise_organisation", found.id)


def _expected(session: Session, organisation_id: str, expected: int | None) -> Organisation:
    """The row, locked until the end of the transaction; `expected` None: the caller did not read before."""
    session.get(Organisation, organisation_id, with_for_update=True)
    found = get(session, organisation_id)
    if expected is not None and expected != found.row_version:
        raise PreconditionFailed()
    return found


def merge(
    session: Session, organisation_id: str, into_id: str, actor: Actor, context: Context, *, expected: int | None = None
) -> Organisation:
    """The one lives on in the other, which answers to its names; links to the old one lead to the new one."""
    policy.check(actor, "organisations")
    gone = _expected(session, organisation_id, expected)
    try:
        into = get(session, into_id)
    except NotFound:
        raise Invalid([Problem(UNKNOWN, "/intoId")]) from None
    except Moved:
        raise Invalid([Problem(WENT_ITSELF, "/intoId")]) from None
    if gone.id == into.id:
        raise Conflict(Text("Samenvoegen met zichzelf kan niet.", "It cannot be merged into itself."))
    if mergers.would_reveal(gone.content, into.content):
        raise Invalid([Problem(mergers.REVEALS, "/intoId")])
    _check_secrecy(session, gone, into.content, "/intoId")
    named = mergers.with_names_of(into.content, gone.content, context.today.year)
    _change(session, into, kinds.load_organisation(named, today=context.today), actor, context)
    lead(session, gone, into.id, actor, context)
    announce(session, context, gone.id, into.id)
    return into


def lead(session: Session, gone: Organisation, into_id: str, actor: Actor, context: Context) -> None:
    """To the one it goes into, and tells who keeps which lives on as which. Nothing is checked, announced or named: as
    with `rewrite`."""
    state.raise_generation(session)
    gone.merged_into_id = into_id
    gone.row_version += 1
    gone.updated_at = context.stamp
    audit.record(session, context, actor, "merge_organisation", gone.id, into_id)


def predecessors(session: Session, organisation_id: str) -> list[str]:
    """Names of organisations that went into this one directly."""
    wanted = select(Organisation.content).where(Organisation.merged_into_id == organisation_id)
    return sorted(content["name"] for content in session.scalars(wanted))


def system_fields(session: Session, found: Organisation) -> dict[str, Any]:
    """What an answer says of it beside its content, for comparing with what comes back."""
    fields = {"id": found.id, "slug": found.slug, "updatedAt": found.updated_at}
    earlier = predecessors(session, found.id)
    return fields | ({"mergedFrom": earlier} if earlier else {})


def _read(document: Mapping[str, Any], known: Mapping[str, Any], context: Context) -> dict[str, Any]:
    unchanged = {n for n in kinds.ORGANISATION.system & document.keys() if n in known and document[n] == known[n]}
    kept = {k: v for k, v in document.items() if k not in unchanged}
    return kinds.load_organisation(kept, today=context.today)


def _check_links(session: Session, organisation_id: str, content: Mapping[str, Any]) -> None:
    problems = []
    parent_id = content.get("parentId")
    if parent_id is not None and session.get(Organisation, parent_id) is None:
        problems.append(Problem(UNKNOWN, "/parentId"))
    elif parent_id is not None and _is_within(session, parent_id, organisation_id):
        problems.append(Problem(CIRCLE, "/parentId"))
    named = [x["id"] for x in content.get("externalIds", ())]
    wanted = select(ExternalIdRow).where(
        ExternalIdRow.kind == linking.ORGANISATION,
        ExternalIdRow.external_id.in_(named),
        ExternalIdRow.owner_id != organisation_id,
    )
    taken = {(row.system, row.external_id) for row in session.scalars(wanted)}
    for position, external in enumerate(content.get("externalIds", ())):
        if (external["system"], external["id"]) in taken:
            problems.append(Problem(linking.TAKEN, f"/externalIds/{position}/id"))
    if problems:
        raise Invalid(problems)


def _is_within(session: Session, start: str, goal: str) -> bool:
    seen: set[str] = set()
    at: str | None = start
    while at is not None and at not in seen:
        if at == goal:
            return True
        seen.add(at)
        row = session.get(Organisation, at)
        at = row.content.get("parentId") if row else None
    return False


def _check_secrecy(session: Session, found: Organisation, becoming: Mapping[str, Any], pointer: str) -> None:
    """`becoming`: what it is to hold, or what it goes into."""
    hides = becoming.get("addressSecret") and not found.content.get("addressSecret")
    if hides and is_given_away(session, found.id):
        raise Invalid([Problem(SECRET, pointer)])


def is_given_away(session: Session, organisation_id: str) -> bool:
    """Whether its address stands in what is public and names it, or names what went into it. An address that becomes
    secret must first go from there (content-model.md 3.6)."""
    ids = linking.linked_entries(session, [organisation_id])
    wanted = select(Entry.kind, Entry.content).where(Entry.status.in_(PUBLIC))
    return any(
        kinds.address_problems(row.kind, row.content, is_secret=True)
        for start in range(0, len(ids), BATCH)
        for row in session.execute(wanted.where(Entry.id.in_(ids[start : start + BATCH])))
    )


def _change(session: Session, found: Organisation, content: dict[str, Any], actor: Actor, context: Context) -> None:
    found.content = content
    found.row_version += 1
    found.updated_at = context.stamp
    found.last_changed_by = actor.id
    _store_external_ids(session, found)


def _store_external_ids(session: Session, found: Organisation) -> None:
    session.flush()
    session.execute(delete(ExternalIdRow).where(ExternalIdRow.owner_id == found.id))
    rows = [
        linking.external_id_row(linking.ORGANISATION, named, found.id) for named in found.content.get("externalIds", ())
    ]
    if rows:
        insert_rows(session, ExternalIdRow, rows)


def announce(session: Session, context: Context, *organisation_ids: str) -> None:
    """Once for all that changed in a step, so that what names several of them is rendered once."""
    session.flush()
    ids = linking.linked_entries(session, organisation_ids)
    for start in range(0, len(ids), BATCH):
        among = Entry.id.in_(ids[start : start + BATCH])
        public = session.scalars(select(Entry.id).where(among, Entry.status.in_(PUBLIC)))
        publication.announce(session, context, dict.fromkeys(public, publication.UPDATED))


def free_slug(session: Session, wish: str) -> str:
    """Slugs of organisations are a space of their own: values of a facet, no addresses of pages."""
    number, slug = 1, wish
    while session.scalar(select(Organisation.id).where(Organisation.slug == slug)) is not None:
        number += 1
        slug = slugs.numbered(wish, number)
    return slug


def document(organisation: Organisation) -> dict[str, Any]:
    """As it is exported and sent."""
    merged = {"mergedIntoId": organisation.merged_into_id} if organisation.merged_into_id else {}
    return {"id": organisation.id, "slug": organisation.slug, **organisation.content, **merged}
