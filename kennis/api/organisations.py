"""Organisations, found by any name they have or had; made, changed and merged by editors."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from kennis.api import examples, identity, links, queries, receiving, repeating
from kennis.api.answering import context, encoded, etag_of, kennis, respond, tagged
from kennis.api.negotiation import JSON, language, media_type
from kennis.api.pages import Answer
from kennis.api.repeating import Made
from kennis.api.routing import Operation, Routes, json_of
from kennis.content import directory
from kennis.content import organisations as domain
from kennis.content.directory import ListedOrganisation
from kennis.content.vocabulary import vocabularies
from kennis.store.models import Organisation

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
        body = encoded(_whole(session, found, spoken))
    place = links.address(kennis().config.public_url, f"{BASE}/{id}", arguments)
    return respond(_tag(found.row_version, body), place, lambda: Answer(body))


def _whole(session: Session, found: ListedOrganisation, spoken: str) -> dict[str, Any]:
    earlier = domain.predecessors(session, found.id)
    return _shown(found, spoken) | ({"mergedFrom": earlier} if earlier else {})


def _tag(row_version: int, body: bytes) -> str:
    """Its first part is what If-Match compares."""
    return f"{row_version}-{hashlib.sha256(body).hexdigest()[:16]}"


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


def create(arguments: Mapping[str, Any]) -> Response:
    media_type()
    who, spoken, body = identity.known_caller(), language(arguments), receiving.document()
    surroundings = context()

    def made(session: Session) -> Made:
        done = domain.create(session, body, who.actor, surroundings)
        told = encoded(_whole(session, directory.find(session, done.id), spoken))
        return Made(told, f"{BASE}/{done.id}", _tag(done.row_version, told))

    return repeating.once(made, surroundings)


def replace(arguments: Mapping[str, Any], id: UUID) -> Response:
    body = receiving.document()

    def step(session: Session, **named: Any) -> Organisation:
        return domain.revise(session, str(id), body, **named)

    return _take(step, arguments, str(id))


def merge(arguments: Mapping[str, Any], body: Mapping[str, Any], id: UUID) -> Response:
    def step(session: Session, **named: Any) -> Organisation:
        return domain.merge(session, str(id), body["intoId"], **named)

    return _take(step, arguments, str(id))


def _take(step: Callable[..., Organisation], arguments: Mapping[str, Any], organisation_id: str) -> Response:
    """On the version that If-Match names; the answer is the organisation it led to."""
    media_type()
    who, tags, spoken = identity.known_caller(), receiving.wanted_versions(), language(arguments)

    def taken(session: Session) -> tuple[ListedOrganisation, bytes]:
        present = domain.get(session, organisation_id)
        done = step(session, actor=who.actor, context=context(), expected=receiving.expected(tags, present.row_version))
        session.flush()
        found = directory.find(session, done.id)
        return found, encoded(_whole(session, found, spoken))

    found, body = kennis().store.write(taken)
    kennis().wake()
    place = links.address(kennis().config.public_url, f"{BASE}/{found.id}", {})
    return tagged(body, _tag(found.row_version, body), headers=[("Content-Location", place)])


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
    _declare_writes(routes)
    return routes


def _declare_writes(routes: Routes) -> None:
    query = queries.language("OrganisationWriteLanguage")
    shared: dict[str, Any] = {
        "answers": json_of("Organisation"), "policy": "organisations", "is_conditional": False, "needs_version": True,
    }  # fmt: skip
    routes.keyed("POST", BASE, create, query, Operation(
        id="createOrganisation",
        summary="Voeg een organisatie toe",
        description="Voor de redactie. Met `Idempotency-Key` ontstaat er ook bij herhalen maar één.",
        sends={JSON: "OrganisationBody"},
        example=examples.ORGANISATION,
        succeeds=(201,),
        refuses=(409,),
        may_be_repeated=True,
        **shared | {"needs_version": False},
    ))  # fmt: skip
    routes.keyed("PUT", f"{BASE}/<uuid:id>", replace, query, Operation(
        id="replaceOrganisation",
        summary="Vervang de gegevens van een organisatie",
        description="Voor de redactie. Alles wat haar noemt, toont daarna de nieuwe naam; het webadres blijft. Stuur "
        "bij If-Match de ETag mee van wat u las.",
        sends={JSON: "OrganisationBody"},
        example=examples.ORGANISATION,
        refuses=(404,),
        redirects=True,
        **shared,
    ))  # fmt: skip
    routes.keyed("POST", f"{BASE}/<uuid:id>/_merge", merge, query, Operation(
        id="mergeOrganisation",
        summary="Voeg een organisatie samen met een andere",
        description="Deze organisatie gaat op in de andere, die voortaan ook naar haar namen luistert. Het antwoord is "
        "die andere. Kan niet ongedaan worden gemaakt. Stuur bij If-Match de ETag mee van de organisatie die opgaat.",
        example={"intoId": examples.ORGANISATION_ID},
        refuses=(404, 409),
        redirects=True,
        **shared,
    ), body=queries.merging("Merging"))  # fmt: skip
