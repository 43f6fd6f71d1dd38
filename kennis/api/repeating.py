"""What is made by a POST, once: the same request under the same Idempotency-Key gives the same answer again."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, request
from sqlalchemy.orm import Session

from kennis.access import answered
from kennis.access.answered import Answered
from kennis.api import identity, links, receiving
from kennis.api.answering import PRIVATE, kennis
from kennis.api.negotiation import JSON
from kennis.content.context import Context


@dataclass(frozen=True, slots=True)
class Made:
    """`path` is where it stands below /v1; `entry_id` the entry with which the answer must go when that is erased."""

    body: bytes
    path: str
    etag: str
    entry_id: str | None = None


def once(make: Callable[[Session], Made], context: Context) -> Response:
    """In the transaction of the deed, so that of two at once one makes it and the other is told."""
    who, key = identity.known_caller(), receiving.repeat_key()
    asked = b"\n".join((request.method.encode(), request.full_path.encode(), receiving.sent()))

    def done(session: Session) -> Answered:
        earlier = answered.recall(session, who.actor.id, key, asked, context.now) if key else None
        if earlier is not None:
            return earlier
        made = make(session)
        place = links.address(kennis().config.public_url, made.path, {})
        answer = Answered(201, {"ETag": f'"{made.etag}"', "Location": place}, made.body)
        if key:
            answered.keep(session, who.actor.id, key, asked, answer, context.now, entry_id=made.entry_id)
        return answer

    answer = kennis().store.write(done)
    kennis().wake()
    return Response(answer.body, answer.status, {**answer.headers, "Cache-Control": PRIVATE}, mimetype=JSON)
