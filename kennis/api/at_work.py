"""Answers that show an entry to who works on it: in any status, as the text is stored, for nobody to keep."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import orjson
from flask import Response, request
from sqlalchemy.orm import Session

from kennis.api import envelopes, guarding, help_block, identity, links
from kennis.api.answering import PRIVATE, kennis, private
from kennis.api.negotiation import media_type
from kennis.content import derived, reading, rendering
from kennis.content import private as texts_at_work
from kennis.content.kinds import KINDS, Kind
from kennis.content.lifecycle import PUBLIC
from kennis.content.texts import Written
from kennis.errors import Gone, Hidden, NotFound
from kennis.store.models import Entry, WorkingCopy

DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Shown:
    """`path` is where it stands below /v1."""

    body: bytes
    etag: str
    path: str

    def response(self, status: int, headers: Mapping[str, str]) -> Response:
        told = {"ETag": f'"{self.etag}"', **headers}
        response = private(self.body, headers=list(told.items()))
        response.status_code = status
        return response


def mark(text: Written) -> str:
    """What an entity tag of this text begins with, and all of it that counts in If-Match. A working copy names its day
    of birth as well: another one may come after it, and counts from one again."""
    if isinstance(text, WorkingCopy):
        born = "".join(letter for letter in text.created_at if letter.isdigit())
        return f"{text.row_version}-{DRAFT}{born}"
    return str(text.row_version)


def expected(tags: Collection[str] | None, text: Written) -> int:
    """The row version to give to a step: that of the text when one of the tags was made from it, else one that never
    was. `tags` None: any version will do."""
    wanted = mark(text).split("-")
    if tags is None or any(_first(tag, text) == wanted for tag in tags):
        return text.row_version
    return 0


def _first(tag: str, text: Written) -> list[str]:
    parts = tag.split("-")
    if isinstance(text, WorkingCopy):
        return parts[:2]
    return parts[:1] if not (len(parts) > 1 and parts[1].startswith(DRAFT)) else []


def show(session: Session, entry: Entry, text: Written, spoken: str, today: date) -> Shown:
    """What is public is shown as everybody has it, with the same tag."""
    kind = KINDS[entry.kind]
    path = f"/{kind.collection}/{entry.id}"
    if isinstance(text, WorkingCopy):
        path += f"/{DRAFT}"
        tag = f"{mark(text)}-{spoken}-json"
    else:
        tag = f"{mark(text)}-{entry.rendering}-{spoken}-json"
    if text.status in PUBLIC:
        body = _public(session, entry, spoken, today)
    else:
        body = _private(session, entry, text, spoken, today, path)
    if kind.shows_help:
        body = envelopes.with_properties(body, {"help": help_block.block(spoken)})
    return Shown(body, tag, path)


def _public(session: Session, entry: Entry, spoken: str, today: date) -> bytes:
    (view,) = reading.view(session, [entry.id])
    url = kennis().config.public_url
    return rendering.render(view, today, language=spoken, shape="full", public_url=url).body


def _private(session: Session, entry: Entry, text: Written, spoken: str, today: date, path: str) -> bytes:
    view = texts_at_work.view(session, entry, text)
    url = kennis().config.public_url
    # date.min: sessions that are over stand in it too, so that sending back what was read loses none.
    document = rendering.full(view, derived.derive(view, today), date.min, spoken, url)
    document["links"] = {**document["links"], "self": links.address(url, path, {})}
    return orjson.dumps(document)


def read(kind: Kind, entry_id: str, spoken: str, *, copy: bool) -> Response:
    media_type()
    who = identity.known_caller()
    with kennis().store.reading() as session:
        entry, text = texts_at_work.find(session, kind.code, entry_id, who.actor, copy=copy)
        shown = show(session, entry, text, spoken, kennis().today())
    if request.if_none_match.contains_weak(shown.etag):
        headers = {"ETag": f'"{shown.etag}"', "Cache-Control": PRIVATE}
        response = Response(status=304, headers=headers)
        del response.headers["Content-Type"]
        return response
    return shown.response(200, {})


def read_instead(kind: Kind, entry_id: str, spoken: str, refusal: NotFound | Gone) -> Response:
    """Where the public has nothing: what who works on it may read, else the same refusal as everybody has."""
    who = identity.caller()
    if who is None or "read" not in who.scopes:
        raise refusal
    try:
        with guarding.refusals("read"):
            return read(kind, entry_id, spoken, copy=False)
    except Hidden:
        raise refusal from None


def tag(entry: Entry, spoken: str) -> str:
    """What an answer about the entry itself has as its ETag now, for steps that answer with something else."""
    return f"{mark(entry)}-{entry.rendering}-{spoken}-json"
