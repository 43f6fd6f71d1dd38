"""Keys of programs: what one's own can do, and those of everybody for an admin. Their text is shown once."""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema
from sqlalchemy.orm import Session

from kennis import clock
from kennis.access import accounts, policy
from kennis.access import keys as domain
from kennis.api import examples, identity, links, queries, receiving
from kennis.api.answering import PRIVATE, encoded, kennis, tagged
from kennis.api.negotiation import language, media_type
from kennis.api.routing import Operation, Routes, json_of
from kennis.errors import Invalid, NotFound, PreconditionFailed, Problem, Text
from kennis.store.people import ApiKey

BASE = "/keys"
NO_ACCOUNT = Text("Dit account bestaat niet.", "There is no such account.")


def keys(arguments: Mapping[str, Any]) -> Response:
    media_type()
    language(arguments)
    policy.check(identity.known_caller().actor, "keys")
    page, size = arguments.get("page", 1), arguments.get("pageSize", queries.PAGE_SIZE)
    with kennis().store.reading() as session:
        total, found = domain.listed(session, arguments.get("accountId"), page, size)
        items = [shown(session, one) for one in found]
    told = links.paging(kennis().config.public_url, BASE, arguments, page=page, page_size=size, total=total)
    body = encoded({"total": total, "page": page, "pageSize": size, "items": items, "links": told})
    return tagged(body, _digest(body), headers=links.header(told))


def own(arguments: Mapping[str, Any]) -> Response:
    return _one(arguments, identity.known_caller().key_id)


def key(arguments: Mapping[str, Any], id: UUID) -> Response:
    policy.check(identity.known_caller().actor, "keys")
    return _one(arguments, str(id))


def _one(arguments: Mapping[str, Any], key_id: str) -> Response:
    media_type()
    language(arguments)
    with kennis().store.reading() as session:
        found = domain.find(session, key_id)
        return tagged(encoded(shown(session, found)), tag(found))


def shown(session: Session, one: ApiKey) -> dict[str, Any]:
    """Days only, and never its text: of that nothing is kept."""
    account = accounts.find(session, one.account_id)
    days = {"expiresOn": one.expires_on, "lastUsedOn": one.last_used_on, "revokedOn": one.revoked_on}
    usual = kennis().config.limit
    return {
        "id": one.id,
        "prefix": one.prefix,
        "name": one.name,
        "scopes": one.scopes.split(),
        "account": {"id": account.id, "role": account.role, "background": account.background},
        "createdOn": one.created_on,
        **{name: day for name, day in days.items() if day is not None},
        "limits": {"perMinute": usual if one.limit_per_minute is None else one.limit_per_minute},
        "links": {"self": links.address(kennis().config.public_url, f"{BASE}/{one.id}", {})},
    }


def tag(one: ApiKey) -> str:
    """Of a key nothing changes but that it is used and ends; its use is no version."""
    return f"{2 if one.revoked_on else 1}-{one.prefix}"


def issue(query: Mapping[str, Any], body: Mapping[str, Any]) -> Response:
    """Not kept for an Idempotency-Key: that would keep the key itself."""
    media_type()
    language(query)
    who = identity.known_caller()

    def made(session: Session) -> tuple[dict[str, Any], str]:
        try:
            account = accounts.find(session, body["accountId"])
        except NotFound:
            raise Invalid([Problem(NO_ACCOUNT, "/accountId")]) from None
        one, text = domain.issue(
            session, account, name=body["name"], scopes=body["scopes"], expires_on=body.get("expiresOn"),
            limit_per_minute=body.get("limitPerMinute"), now=clock.now(), by=who.actor,
        )  # fmt: skip
        return shown(session, one) | {"key": text}, tag(one)

    told, etag = kennis().store.write(made)
    return tagged(encoded(told), etag, status=201, headers=[("Location", told["links"]["self"])])


def revoke(query: Mapping[str, Any], id: UUID) -> Response:
    return _revoke(query, str(id))


def revoke_own(query: Mapping[str, Any]) -> Response:
    return _revoke(query, identity.known_caller().key_id)


def _revoke(query: Mapping[str, Any], key_id: str) -> Response:
    language(query)
    who, tags = identity.known_caller(), receiving.wanted_versions()

    def taken(session: Session) -> None:
        found = domain.find(session, key_id)
        if tags is not None and tag(found) not in tags:
            raise PreconditionFailed()
        domain.revoke(session, found, now=clock.now(), by=who.actor)

    kennis().store.write(taken)
    return Response(status=204, headers={"Cache-Control": PRIVATE})


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def blueprint() -> Routes:
    routes, query = Routes("sleutels", "Sleutels voor programma's."), queries.language("KeyLanguage")
    _declare_own(routes, query)
    _declare_all(routes, query)
    return routes


def _declare_own(routes: Routes, query: Schema) -> None:
    of_anybody: dict[str, Any] = {"policy": "own_key", "is_conditional": False}
    routes.keyed("GET", f"{BASE}/me", own, query, Operation(
        id="getOwnKey",
        summary="De sleutel waarmee u dit vraagt",
        description="Bereik, laatste dag, laatste gebruik en hoeveel vragen per minuut mogen.",
        answers=json_of("Key"),
        **of_anybody,
    ))  # fmt: skip
    routes.keyed("DELETE", f"{BASE}/me", revoke_own, query, Operation(
        id="revokeOwnKey",
        summary="Trek de sleutel in waarmee u dit vraagt",
        description="Meteen en voorgoed, bijvoorbeeld als hij is uitgelekt. `If-Match: *` mag.",
        answers={},
        succeeds=(204,),
        needs_version=True,
        **of_anybody,
    ))  # fmt: skip


def _declare_all(routes: Routes, query: Schema) -> None:
    of_admin: dict[str, Any] = {"policy": "keys", "is_conditional": False}
    routes.keyed("GET", BASE, keys, queries.keys("KeysQuery"), Operation(
        id="listKeys",
        summary="Alle sleutels",
        description="Voor een beheerder. De nieuwste eerst, ook ingetrokken sleutels.",
        answers=json_of("Keys"),
        **of_admin,
    ))  # fmt: skip
    routes.keyed("POST", BASE, issue, query, Operation(
        id="issueKey",
        summary="Geef een sleutel uit",
        description="Voor een beheerder. De sleutel staat alleen in dit antwoord; niemand kan hem daarna nog opvragen. "
        "Daarom geldt hier geen `Idempotency-Key`: trek in wat dubbel ontstond.",
        answers=json_of("NewKey"),
        example=examples.KEY,
        succeeds=(201,),
        **of_admin,
    ), body=queries.new_key("KeyBody"))  # fmt: skip
    routes.keyed("GET", f"{BASE}/<uuid:id>", key, query, Operation(
        id="getKey",
        summary="Eén sleutel",
        description="Voor een beheerder.",
        answers=json_of("Key"),
        refuses=(404,),
        **of_admin,
    ))  # fmt: skip
    routes.keyed("DELETE", f"{BASE}/<uuid:id>", revoke, query, Operation(
        id="revokeKey",
        summary="Trek een sleutel in",
        description="Voor een beheerder. Meteen en voorgoed; hij blijft in de lijst staan. `If-Match: *` mag.",
        answers={},
        succeeds=(204,),
        refuses=(404,),
        needs_version=True,
        **of_admin,
    ))  # fmt: skip
