""" "We apply this here": marks of organisations on lessons and methods, shown once an editor approved them."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from kennis.access.policy import Actor
from kennis.api import at_work, examples, identity, links, names, queries, receiving, repeating
from kennis.api.answering import context, encoded, kennis, respond, tagged
from kennis.api.items import of_kind
from kennis.api.negotiation import JSON, language, media_type
from kennis.api.pages import Answer
from kennis.api.repeating import Made
from kennis.api.routing import Operation, Routes, json_of
from kennis.content import kinds, private, public, reading
from kennis.content import marks as domain
from kennis.content.kinds import KINDS, Kind
from kennis.content.views import OrganisationView
from kennis.errors import NotFound
from kennis.store.models import AppliedMark, Entry


def marks(arguments: Mapping[str, Any], kind: Kind, entry_id: str) -> Response:
    media_type()
    reader = _reader()
    with kennis().store.reading() as session:
        entry = public.find(session, kind.code, entry_id, kennis().today(), partners=True)
        found = domain.listed(session, entry_id, reader) if entry.is_published else []
        items = _shown(session, found, kind)
    place = links.address(kennis().config.public_url, _place(kind, entry_id), arguments)
    return _answer({"items": items, "links": {"self": place}}, place, is_private=reader is not None)


def _reader() -> Actor | None:
    """Who may see more than everybody, None for everybody."""
    who = identity.caller()
    return who.actor if who is not None and "read" in who.scopes else None


def mark(arguments: Mapping[str, Any], kind: Kind, entry_id: str) -> Response:
    media_type()
    reader = _reader()
    with kennis().store.reading() as session:
        if not public.find(session, kind.code, entry_id, kennis().today(), partners=True).is_published:
            raise NotFound()
        (told,) = _shown(session, [domain.find(session, entry_id, str(arguments["markId"]), reader)], kind)
    return _answer(told, told["links"]["self"], is_private=reader is not None)


def _answer(told: Mapping[str, Any], place: str, *, is_private: bool) -> Response:
    body = encoded(told)
    tag = hashlib.sha256(body).hexdigest()[:32]
    return tagged(body, tag) if is_private else respond(tag, place, lambda: Answer(body))


def _place(kind: Kind, entry_id: str, *below: str) -> str:
    return "/".join((f"/{kind.collection}/{entry_id}/marks", *below))


def _shown(session: Session, found: Sequence[AppliedMark], kind: Kind) -> list[dict[str, Any]]:
    organisations = reading.organisations(session, [one.organisation_id for one in found])
    return [_told(one, organisations[one.organisation_id], kind) for one in found]


def _told(one: AppliedMark, organisation: OrganisationView, kind: Kind) -> dict[str, Any]:
    told = {
        "id": one.id,
        "organisationId": organisation.id,
        "labels": {"organisationId": organisation.name},
        "appliedOn": one.applied_on,
        **({"note": one.note} if one.note else {}),
        "isApproved": one.is_approved,
    }
    address = links.address(kennis().config.public_url, _place(kind, one.entry_id, one.id), {})
    return told | {"links": {"self": address}}


def add(kind: Kind, query: Mapping[str, Any], entry_id: str) -> Response:
    media_type()
    language(query)
    who, now = identity.known_caller(), context()
    given = kinds.load_mark(receiving.document(), today=now.today)

    def made(session: Session) -> Made:
        private.require_known(session, kind.code, entry_id, who.actor, copy=False)
        one = domain.mark(session, entry_id, given, who.actor, now)
        body = encoded(_shown(session, [one], kind)[0])
        return Made(body, _place(kind, entry_id, one.id), hashlib.sha256(body).hexdigest()[:32], entry_id)

    return repeating.once(made, now)


def approve(kind: Kind, query: Mapping[str, Any], entry_id: str, mark_id: str) -> Response:
    """On the version of the entry that If-Match names, for an entry shows its marks."""
    media_type()
    who, tags, spoken = identity.known_caller(), receiving.wanted_versions(), language(query)

    def taken(session: Session) -> tuple[bytes, str]:
        entry = private.require_known(session, kind.code, entry_id, who.actor, copy=False)
        expected = at_work.expected(tags, entry)
        one = domain.approve_mark(session, entry_id, mark_id, who.actor, context(), expected=expected)
        session.flush()
        return encoded(_shown(session, [one], kind)[0]), at_work.tag(session.get_one(Entry, entry_id), spoken)

    body, tag = kennis().store.write(taken)
    kennis().wake()
    return tagged(body, tag)


def blueprint() -> Routes:
    routes = Routes("toepassingen", "Organisaties die een les of methode toepassen.")
    for kind in KINDS.values():
        if kind.takes_marks:
            _declare_reads(routes, kind, names.pascal(kind.code), names.dutch(kind.code))
            _declare_writes(routes, kind, names.pascal(kind.code), names.dutch(kind.code))
    return routes


def _declare_reads(routes: Routes, kind: Kind, name: str, dutch: str) -> None:
    path = f"/{kind.collection}/<uuid:id>/marks"
    routes.read(path, of_kind(kind, marks), queries.language(f"{name}MarksLanguage"), Operation(
        id=f"listMarksOf{name}",
        summary=f"Wie dit toepast ({dutch})",
        description="Met een sleutel ook wat nog op de redactie wacht: voor wie het meldde en voor de redactie.",
        answers=json_of("Marks"),
        refuses=(404, 410),
        may_take_key=True,
    ))  # fmt: skip
    routes.read(f"{path}/<uuid:markId>", of_kind(kind, mark), queries.language(f"{name}MarkLanguage"), Operation(
        id=f"getMarkOf{name}",
        summary=f"Eén melding dat een organisatie dit toepast ({dutch})",
        description="Wat nog op de redactie wacht, ziet alleen wie het meldde en de redactie, met een sleutel.",
        answers=json_of("Mark"),
        refuses=(404, 410),
        may_take_key=True,
    ))  # fmt: skip


def _declare_writes(routes: Routes, kind: Kind, name: str, dutch: str) -> None:
    path, query = f"/{kind.collection}/<uuid:id>/marks", queries.language(f"{name}MarkWriteLanguage")

    def added(arguments: Mapping[str, Any], *, id: UUID) -> Response:
        return add(kind, arguments, str(id))

    def approved(arguments: Mapping[str, Any], *, id: UUID, markId: UUID) -> Response:
        return approve(kind, arguments, str(id), str(markId))

    shared: dict[str, Any] = {"answers": json_of("Mark"), "is_conditional": False, "refuses": (404, 409, 410)}
    routes.keyed("POST", path, added, query, Operation(
        id=f"markUseOf{name}",
        summary=f"Meld dat uw organisatie dit toepast ({dutch})",
        description="Eén melding per organisatie, bij wat gepubliceerd is. Zichtbaar zodra de redactie haar goedkeurt.",
        sends={JSON: "MarkBody"},
        example=examples.MARK,
        policy="mark",
        succeeds=(201,),
        may_be_repeated=True,
        **shared,
    ))  # fmt: skip
    routes.keyed("POST", f"{path}/<uuid:markId>/_approve", approved, query, Operation(
        id=f"approveMarkOf{name}",
        summary=f"Keur een melding goed ({dutch})",
        description="Voor de redactie; daarna ziet iedereen haar. Stuur bij If-Match de ETag mee van het item.",
        policy="approve_mark",
        needs_version=True,
        **shared,
    ))  # fmt: skip
