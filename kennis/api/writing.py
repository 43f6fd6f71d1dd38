"""Making and changing entries, and the working copies of published ones (content-model.md 7.3)."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from kennis.api import at_work, hints, identity, links, receiving, repeating
from kennis.api.answering import PRIVATE, kennis
from kennis.api.answering import context as surroundings
from kennis.api.at_work import Shown
from kennis.api.negotiation import language, media_type
from kennis.api.repeating import Made
from kennis.content import entries, patching, private
from kennis.content.documents import body_of
from kennis.content.kinds import Kind
from kennis.content.texts import Written
from kennis.store.models import Entry, WorkingCopy

# A step on a text that was found, locked and may be known: session, text, and what every step of content/entries.py
# takes by name.
Step = Callable[..., Any]


def create(arguments: Mapping[str, Any], kind: Kind) -> Response:
    """The same request under the same key gives the same answer and makes nothing more."""
    media_type()
    who, spoken = identity.known_caller(), language(arguments)
    body, context = receiving.document(), surroundings()

    def made(session: Session) -> Made:
        entry = entries.create(session, kind.code, body, who.actor, context)
        shown = at_work.show(session, entry, entry, spoken, context.today)
        return Made(shown.body, shown.path, shown.etag, entry.id)

    response = repeating.once(made, context)
    hints.add(response, response.headers["Location"].rpartition("/")[2], who.actor, spoken)
    return response


def _address(path: str) -> str:
    return links.address(kennis().config.public_url, path, {})


def take(step: Step, arguments: Mapping[str, Any], kind: Kind, entry_id: str, *, copy: bool) -> Response:
    """Take the step in a transaction of its own, on the version that If-Match names, and show what it led to."""
    media_type()
    who, tags, spoken = identity.known_caller(), receiving.wanted_versions(), language(arguments)
    context = surroundings()

    def taken(session: Session) -> tuple[Shown | None, bool]:
        text = private.require_known(session, kind.code, entry_id, who.actor, copy=copy)
        done = step(session, text, actor=who.actor, context=context, expected=at_work.expected(tags, text))
        session.flush()
        if not isinstance(done, Entry | WorkingCopy) or done not in session:
            return None, False
        entry = done if isinstance(done, Entry) else session.get_one(Entry, done.entry_id)
        is_new = isinstance(done, WorkingCopy) and not copy
        return at_work.show(session, entry, done, spoken, context.today), is_new

    shown, is_new = kennis().store.write(taken)
    kennis().wake()
    if shown is None:
        return Response(status=204, headers={"Cache-Control": PRIVATE})
    if is_new:
        return shown.response(201, {"Location": _address(shown.path)})
    # Publishing a working copy shows the entry it went into; of other steps the text that was named.
    return shown.response(200, {"Content-Location": _address(shown.path)})


def replace(arguments: Mapping[str, Any], kind: Kind, entry_id: str, *, copy: bool) -> Response:
    body = receiving.document()

    def step(session: Session, _: Written, **named: Any) -> Any:
        return entries.revise(session, entry_id, body, copy=copy, **named)

    return take(step, arguments, kind, entry_id, copy=copy)


def patch(arguments: Mapping[str, Any], kind: Kind, entry_id: str, *, copy: bool) -> Response:
    """The patch is laid upon the text as it is stored, inside the transaction."""
    changes = receiving.document(receiving.MERGE_PATCH)

    def step(session: Session, text: Written, **named: Any) -> Any:
        body = patching.merged(body_of(kind.code, text), changes)
        return entries.revise(session, entry_id, body, copy=copy, **named)

    return take(step, arguments, kind, entry_id, copy=copy)


def delete(arguments: Mapping[str, Any], kind: Kind, entry_id: str, *, copy: bool) -> Response:
    def step(session: Session, _: Written, **named: Any) -> Any:
        return entries.delete(session, entry_id, copy=copy, **named)

    return take(step, arguments, kind, entry_id, copy=copy)
