"""One entry, by its id: as it is, and what belongs to it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from flask import Response

from kennis.api import at_work, envelopes, help_block, links, names, queries
from kennis.api.answering import encoded, etag_of, kennis, respond
from kennis.api.entries import SURFACE, shown
from kennis.api.negotiation import JSON, language, media_type
from kennis.api.pages import Answer
from kennis.api.routing import Operation, Routes, View, json_of
from kennis.content import public
from kennis.content.kinds import KINDS, Kind
from kennis.content.public import PublicRelation
from kennis.errors import Gone, NotFound
from kennis.partners.linked_data import JSON_LD, schema_org
from kennis.search.find import Finder

# Words of the media types in an ETag, where a slash or plus would be a nuisance.
FORMS = {JSON: "json", JSON_LD: "ld"}
Subject = Callable[[Mapping[str, Any], Kind, str], Response]


def of_kind(kind: Kind, answer: Subject) -> View:
    """A view for the collection of this kind."""

    def read(arguments: Mapping[str, Any], id: UUID, **more: Any) -> Response:
        return answer({**arguments, **more}, kind, str(id))

    return read


def item(arguments: Mapping[str, Any], kind: Kind, entry_id: str) -> Response:
    form, spoken, today = media_type(tuple(FORMS)), language(arguments), kennis().today()
    try:
        with kennis().store.reading() as session:
            entry = public.find(session, kind.code, entry_id, today, partners=True)
    except (NotFound, Gone) as refusal:
        return at_work.read_instead(kind, entry_id, spoken, refusal)
    held = kennis().store.fragments([entry_id], "full", spoken, surface=SURFACE)
    if entry_id not in held:
        raise NotFound()
    holds_until = held[entry_id][1]
    # From the day its stored bytes do not hold any more, the answer may change with every day.
    day = [today.isoformat()] if holds_until is not None and holds_until <= today.isoformat() else []
    parts = [entry.row_version, entry.rendering, *day, spoken, FORMS[form]]
    place = links.address(kennis().config.public_url, f"/{kind.collection}/{entry_id}", arguments)

    def make() -> Answer:
        body = shown([entry_id], "full", spoken)[entry_id]
        if form == JSON_LD:
            return Answer(encoded(schema_org(orjson.loads(body))))
        told = {"help": help_block.block(spoken)} if kind.shows_help and entry.is_published else {}
        return Answer(envelopes.with_properties(body, told) if told else body)

    return respond("-".join(map(str, parts)), place, make, media_type=form)


def related(arguments: Mapping[str, Any], kind: Kind, entry_id: str) -> Response:
    media_type()
    spoken = language(arguments)
    place = links.address(kennis().config.public_url, f"/{kind.collection}/{entry_id}/related", arguments)
    with kennis().store.reading() as session:
        entry = public.find(session, kind.code, entry_id, kennis().today(), partners=True)
        stored, inverse = public.relations(session, entry, kennis().today(), partners=True)

    def make(finder: Finder) -> Answer:
        today = kennis().today()
        near = finder.similar(entry_id, surface=SURFACE, language=spoken, today=today) if entry.is_published else []
        kinds = (kind, *(KINDS[relation.other.kind] for relation in (*stored, *inverse)))
        needs_help = any(one.shows_help for one in kinds)
        rest = {"help": help_block.block(spoken) if needs_help else None, "links": {"self": place}}
        return Answer(b"".join((
            b'{"stored":', _relations(stored, spoken), b',"inverse":', _relations(inverse, spoken),
            b',"similar":', envelopes.items(near), b",", encoded(rest)[1:],
        )))  # fmt: skip

    return kennis().standby.answer(
        lambda finder: respond(etag_of("related", finder.name, entry_id, spoken), place, lambda: make(finder))
    )


def _relations(relations: Sequence[PublicRelation], spoken: str) -> bytes:
    """The far side as a card; an archived one has none and shows its six properties."""
    by_shape: dict[str, list[str]] = {"card": [], "full": []}
    for relation in relations:
        by_shape["card" if relation.other.is_published else "full"].append(relation.other.id)
    entries = {key: body for shape, ids in by_shape.items() for key, body in shown(ids, shape, spoken).items()}
    joined = [
        _relation(relation, spoken)[:-1] + b',"entry":' + entries[relation.other.id] + b"}"
        for relation in relations
        if relation.other.id in entries
    ]
    return b"[" + b",".join(joined) + b"]"


def _relation(relation: PublicRelation, spoken: str) -> bytes:
    kind = {"code": relation.kind, "label": relation.labels.get(spoken) or relation.labels["nl"]}
    return encoded({"kind": kind} | ({"note": relation.note} if relation.note else {}))


def blueprint() -> Routes:
    routes = Routes("items", "Eén item, met wat erbij hoort.")
    for kind in KINDS.values():
        _declare(routes, kind, names.pascal(kind.code), names.dutch(kind.code))
    return routes


def _declare(routes: Routes, kind: Kind, name: str, dutch: str) -> None:
    path = f"/{kind.collection}/<uuid:id>"
    routes.read(path, of_kind(kind, item), queries.language(f"{name}Language"), Operation(
        id=f"get{name}",
        summary=f"Eén item van de soort {dutch}",
        description="Alle velden met kale codes; `labels` en `derived` staan ernaast. Van een gearchiveerd item "
        "alleen id, kind, title, status, archiveReason en replacedById. Ook als schema.org (`application/ld+json`). "
        "Wie aan een item werkt, leest het met een sleutel in elke status.",
        answers={JSON: f"{name}OrArchived", JSON_LD: "LinkedData"},
        refuses=(404, 410),
        may_take_key=True,
    ))  # fmt: skip
    routes.read(f"{path}/related", of_kind(kind, related), queries.language(f"{name}RelatedLanguage"), Operation(
        id=f"getRelatedOf{name}",
        summary=f"Wat bij dit item hoort ({dutch})",
        description="Drie lijsten: relaties die dit item noemt, relaties waarin het genoemd wordt, en items die erop "
        "lijken.",
        answers=json_of("Related"),
        refuses=(404, 410),
    ))  # fmt: skip
