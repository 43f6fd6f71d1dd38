"""Organisations, found by any name they have or had."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Response

from kennis.api import links, queries
from kennis.api.answering import encoded, etag_of, kennis, respond
from kennis.api.negotiation import language, media_type
from kennis.api.pages import Answer
from kennis.api.routing import Operation, Routes, json_of
from kennis.content import directory
from kennis.content.directory import ListedOrganisation
from kennis.content.vocabulary import vocabularies

BASE = "/organisations"
# Coded properties of an organisation and their vocabularies.
CODED = {"organisationKind": "organisation-kinds", "regions": "regions"}


def organisations(arguments: Mapping[str, Any]) -> Response:
    media_type()
    url, spoken = kennis().config.public_url, language(arguments)
    page, size = arguments.get("page", 1), arguments.get("pageSize", queries.PAGE_SIZE)

    def make() -> Answer:
        with kennis().store.reading() as session:
            total, found = directory.search(session, arguments.get("q", ""), page, size)
        told = links.paging(url, BASE, arguments, page=page, page_size=size, total=total)
        items = [_shown(one, spoken) for one in found]
        body = {"total": total, "page": page, "pageSize": size, "items": items, "links": told}
        return Answer(encoded(body), links.header(told))

    return respond(etag_of("organisations", _mark(), spoken), links.address(url, BASE, arguments), make)


def organisation(arguments: Mapping[str, Any], id: UUID) -> Response:
    media_type()
    spoken = language(arguments)
    with kennis().store.reading() as session:
        found = directory.find(session, str(id))
        earlier = directory.predecessors(session, found.id)
    place = links.address(kennis().config.public_url, f"{BASE}/{id}", arguments)
    answer = Answer(encoded(_shown(found, spoken) | ({"mergedFrom": earlier} if earlier else {})))
    return respond(etag_of("organisation", _mark(), spoken), place, lambda: answer)


def _mark() -> str:
    with kennis().store.reading() as session:
        return directory.mark(session)


def _shown(one: ListedOrganisation, spoken: str) -> dict[str, Any]:
    url = kennis().config.public_url
    return {
        "id": one.id,
        "slug": one.slug,
        **one.content,
        "updatedAt": one.updated_at,
        "labels": {name: _label(one.content[name], name, spoken) for name in CODED if name in one.content},
        "links": {
            "self": links.address(url, f"{BASE}/{one.id}", {}),
            "entries": links.address(url, "/entries", {"organisation": (one.slug,)}),
        },
    }


def _label(codes: str | Sequence[str], name: str, spoken: str) -> str | list[str]:
    listed = vocabularies()[CODED[name]]
    return listed.label(codes, spoken) if isinstance(codes, str) else [listed.label(code, spoken) for code in codes]


def blueprint() -> Routes:
    routes = Routes("organisaties", "Organisaties, met vroegere namen.")
    routes.read(BASE, organisations, queries.organisations("OrganisationsQuery"), Operation(
        id="listOrganisations",
        summary="Zoek organisaties",
        description="Op naam; ook een afkorting of een vroegere naam vindt de organisatie van nu.",
        answers=json_of("Organisations"),
    ))  # fmt: skip
    routes.read(f"{BASE}/<uuid:id>", organisation, queries.language("OrganisationLanguage"), Operation(
        id="getOrganisation",
        summary="Eén organisatie",
        description="Het id van een organisatie die is opgegaan in een andere, leidt met 308 naar die andere.",
        answers=json_of("Organisation"),
        refuses=(404,),
        redirects=True,
    ))  # fmt: skip
    return routes
