"""From an ETag to a response: 304 when the caller has it, kept bytes when we have it, else made now."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from flask import Response, current_app, request

from kennis import clock
from kennis.api.negotiation import JSON
from kennis.api.pages import Answer, KeptAnswers
from kennis.content.context import Context
from kennis.content.rendering import render_version
from kennis.installation import EXTENSION, Kennis

ANSWERS = "kennis-answers"
PUBLIC = "no-cache"
PRIVATE = "private, no-store"


def kennis() -> Kennis:
    """The parts this app was made with."""
    parts: Kennis = current_app.extensions[EXTENSION]
    return parts


def context() -> Context:
    """The surroundings of a step that is taken now."""
    config = kennis().config
    return Context(clock.now(), config.public_url, has_single_editor=config.single_editor == "yes")


def respond(etag: str, place: str, make: Callable[[], Answer], *, media_type: str = JSON) -> Response:
    """`etag` must change with everything the body depends on but `place`, the canonical address; `make` is only
    called when neither the caller nor this process has the answer."""
    if request.if_none_match.contains_weak(etag):
        return _tagged(Response(status=304), etag)
    kept: KeptAnswers = current_app.extensions[ANSWERS]
    answer = kept.get((etag, place))
    if answer is None:
        answer = make()
        kept.put((etag, place), answer)
    return _tagged(Response(answer.body, mimetype=media_type, headers=list(answer.headers)), etag)


def _tagged(response: Response, etag: str) -> Response:
    response.headers["ETag"] = f'"{etag}"'
    response.headers["Cache-Control"] = PUBLIC
    if response.status_code == 304:
        del response.headers["Content-Type"]
    return response


def etag_of(*parts: Any) -> str:
    """For answers that follow from the published entries of this moment and these parts."""
    rendered = render_version(kennis().config.public_url)
    facts = [kennis().store.generation(), rendered, kennis().today().isoformat(), *parts]
    return hashlib.sha256(orjson.dumps(facts, default=str)).hexdigest()[:32]


def private(body: bytes, *, media_type: str = JSON, headers: Sequence[tuple[str, str]] = ()) -> Response:
    """An answer that nobody may keep."""
    return Response(body, mimetype=media_type, headers=[*headers, ("Cache-Control", PRIVATE)])


def tagged(body: bytes, etag: str, *, status: int = 200, headers: Sequence[tuple[str, str]] = ()) -> Response:
    """For the caller alone; the tag is for If-Match."""
    response = private(body, headers=[("ETag", f'"{etag}"'), *headers])
    response.status_code = status
    return response


def encoded(document: object) -> bytes:
    return orjson.dumps(document)
