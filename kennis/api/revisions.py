"""How an entry read before, what changed between two versions, and taking a version out of sight."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema
from sqlalchemy.orm import Session

from kennis.api import at_work, guarding, identity, links, names, queries, receiving
from kennis.api.answering import context, encoded, etag_of, kennis, respond, tagged
from kennis.api.items import Subject, of_kind
from kennis.api.negotiation import language, media_type
from kennis.api.pages import Answer
from kennis.api.routing import Operation, Routes, json_of
from kennis.content import entries, history, private, rendering
from kennis.content.comparison import Cell
from kennis.content.differences import Change
from kennis.content.history import History, Version
from kennis.content.kinds import KINDS, Kind
from kennis.errors import NotFound
from kennis.store.models import Entry


def _history(session: Session, kind: Kind, entry_id: str) -> History:
    """As everybody sees it; what is not public, as who works on it does."""
    if not kind.has_public_revisions:
        return history.find_at_work(session, kind.code, entry_id, identity.known_caller().actor)
    try:
        return history.find(session, kind.code, entry_id, kennis().today())
    except NotFound:
        who = identity.caller()
        if who is None or "read" not in who.scopes:
            raise
        with guarding.refusals("read"):
            return history.find_at_work(session, kind.code, entry_id, who.actor)


def _place(kind: Kind, entry_id: str, *below: object) -> str:
    return "/".join((f"/{kind.collection}/{entry_id}/revisions", *map(str, below)))


def revisions(arguments: Mapping[str, Any], kind: Kind, entry_id: str) -> Response:
    media_type()
    with kennis().store.reading() as session:
        seen = _history(session, kind, entry_id)
        found = history.versions(session, seen)
    place = links.address(kennis().config.public_url, _place(kind, entry_id), arguments)

    def make() -> Answer:
        listed = [_listed(one, found, kind, entry_id) for one in found]
        return Answer(encoded({"items": listed, "links": {"self": place}}))

    return _answer(seen, ("revisions",), place, make)


def _listed(one: Version, all_of_them: Sequence[Version], kind: Kind, entry_id: str) -> dict[str, Any]:
    address = links.address(kennis().config.public_url, _place(kind, entry_id, one.version), {})
    is_first = one.version == min(other.version for other in all_of_them)
    return {
        "version": one.version,
        "publishedAt": one.published_at,
        "isSuppressed": one.is_suppressed,
        "links": {"self": address, **({} if is_first else {"differences": f"{address}/differences"})},
    }


def revision(arguments: Mapping[str, Any], kind: Kind, entry_id: str) -> Response:
    media_type()
    spoken, version = language(arguments), int(arguments["version"])
    url = kennis().config.public_url
    with kennis().store.reading() as session:
        seen = _history(session, kind, entry_id)
        then = history.as_it_was(session, seen, version)
    place = links.address(url, _place(kind, entry_id, version), _asked(arguments))

    def make() -> Answer:
        return Answer(rendering.render(then, kennis().today(), language=spoken, shape="full", public_url=url).body)

    return _answer(seen, ("revision", version, spoken), place, make)


def differences(arguments: Mapping[str, Any], kind: Kind, entry_id: str) -> Response:
    media_type()
    spoken, version = language(arguments), int(arguments["version"])
    with kennis().store.reading() as session:
        seen = _history(session, kind, entry_id)
        other = history.compared(session, seen, version, arguments.get("with"))
    place = links.address(kennis().config.public_url, _place(kind, entry_id, version, "differences"), _asked(arguments))

    def make() -> Answer:
        with kennis().store.reading() as session:
            items = [shown(one) for one in history.difference(session, seen, version, other, spoken)]
        return Answer(encoded({"version": version, "with": other, "items": items, "links": {"self": place}}))

    return _answer(seen, ("differences", version, other, spoken), place, make)


def _asked(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if name != "version"}


def shown(change: Change) -> dict[str, Any]:
    """What a change does not have is left out."""
    told: dict[str, Any] = {"pointer": change.pointer, "label": change.label, "change": change.change}
    more = {
        "subject": change.subject,
        "before": _cell(change.before),
        "after": _cell(change.after),
        "pieces": [{"change": piece.change, "text": piece.text} for piece in change.pieces],
        "parts": [shown(part) for part in change.parts],
        "isReordered": change.is_reordered,
    }
    return told | {name: value for name, value in more.items() if value}


def _cell(cell: Cell | None) -> dict[str, Any] | None:
    return None if cell is None else {"value": cell.value, **({"label": cell.label} if cell.label else {})}


def _answer(seen: History, of: tuple[object, ...], place: str, make: Callable[[], Answer]) -> Response:
    etag = etag_of(seen.id, seen.row_version, *of)
    return tagged(make().body, etag) if seen.is_private else respond(etag, place, make)


def suppress(kind: Kind, query: Mapping[str, Any], entry_id: str, version: int) -> Response:
    """On the version of the entry that If-Match names."""
    media_type()
    who, tags, spoken = identity.known_caller(), receiving.wanted_versions(), language(query)

    def taken(session: Session) -> tuple[bytes, str]:
        text = private.require_known(session, kind.code, entry_id, who.actor, copy=False)
        expected = at_work.expected(tags, text)
        entries.suppress_revision(session, entry_id, version, who.actor, context(), expected=expected)
        seen = history.find_at_work(session, kind.code, entry_id, who.actor)
        all_of_them = history.versions(session, seen)
        (told,) = (one for one in all_of_them if one.version == version)
        return encoded(_listed(told, all_of_them, kind, entry_id)), at_work.tag(
            session.get_one(Entry, entry_id), spoken
        )

    body, tag = kennis().store.write(taken)
    return tagged(body, tag)


def blueprint() -> Routes:
    routes = Routes("versies", "Hoe een item eerder luidde, en wat er tussen twee versies veranderde.")
    for kind in KINDS.values():
        _declare(routes, kind, names.pascal(kind.code), names.dutch(kind.code))
    return routes


def _declare(routes: Routes, kind: Kind, name: str, dutch: str) -> None:
    path = f"/{kind.collection}/<uuid:id>/revisions"
    one = f"{path}/<int(min=1, max={queries.MOST_VERSIONS}):version>"
    _read(routes, kind, path, revisions, queries.language(f"{name}RevisionsLanguage"), Operation(
        id=f"listRevisionsOf{name}",
        summary=f"Gepubliceerde versies ({dutch})",
        description=f"De nieuwste eerst. {_WHO[kind.has_public_revisions]}",
        answers=json_of("Revisions"),
    ))  # fmt: skip
    _read(routes, kind, one, revision, queries.language(f"{name}RevisionLanguage"), Operation(
        id=f"getRevisionOf{name}",
        summary=f"Eén eerdere versie ({dutch})",
        description="Zoals de tekst toen luidde; wat is afgeleid, is afgeleid naar vandaag. 410 als de tekst van deze "
        f"versie is verwijderd. {_WHO[kind.has_public_revisions]}",
        answers=json_of(name),
    ))  # fmt: skip
    _read(routes, kind, f"{one}/differences", differences, queries.differences(f"{name}Differences"), Operation(
        id=f"listDifferencesOf{name}",
        summary=f"Wat er in een versie veranderde ({dutch})",
        description="Per veld wat erbij kwam, wegging of anders werd: teksten per zin en woord, lijsten per item. "
        f"Zonder `with` vergeleken met de versie ervoor. {_WHO[kind.has_public_revisions]}",
        answers=json_of("Differences"),
    ))  # fmt: skip

    def suppressed(arguments: Mapping[str, Any], *, id: UUID, version: int) -> Response:
        return suppress(kind, arguments, str(id), version)

    routes.keyed("POST", f"{one}/_suppress", suppressed, queries.language(f"{name}SuppressLanguage"), Operation(
        id=f"suppressRevisionOf{name}",
        summary=f"Verwijder de tekst van een eerdere versie ({dutch})",
        description="Voor de redactie, als er een verkeerd nummer of een naam in staat. De tekst is dan nergens meer; "
        "dat de versie er was, blijft te zien. Stuur bij If-Match de ETag mee van het item.",
        answers=json_of("Revision"),
        refuses=(404, 409, 410),
        policy="suppress",
        is_entrusted=kind.is_entrusted,
        is_conditional=False,
        needs_version=True,
    ))  # fmt: skip


# Whether revisions of a kind are public -> who may read them.
_WHO = {
    True: "Van wat niet gepubliceerd is alleen voor wie het beheert en voor de redactie.",
    False: "Alleen voor wie het item beheert en voor de redactie.",
}


def _read(routes: Routes, kind: Kind, rule: str, answer: Subject, query: Schema, operation: Operation) -> None:
    if kind.has_public_revisions:
        routes.read(rule, of_kind(kind, answer), query, replace(operation, refuses=(404, 410), may_take_key=True))
    else:
        told = replace(
            operation, refuses=(404, 410), policy="read", is_entrusted=kind.is_entrusted, is_conditional=False
        )
        routes.keyed("GET", rule, of_kind(kind, answer), query, told)
