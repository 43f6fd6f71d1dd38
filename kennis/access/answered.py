"""Answers kept for a day under the key that a client chose, so that who sends a request again makes nothing twice.

Of key and request only a digest is kept. The answer goes with the entry it is about: what is erased must not stay here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import orjson
from sqlalchemy import delete
from sqlalchemy.orm import Session

from kennis import clock
from kennis.errors import Conflict, Text
from kennis.store.people import AnsweredRequest

KEPT = timedelta(days=1)
_OTHER_REQUEST = Text(
    "Dit kenmerk hoort al bij een andere vraag. Kies een nieuw kenmerk.",
    "This key belongs to another request already. Choose a new one.",
)


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    headers: Mapping[str, str]
    body: bytes


def recall(session: Session, account_id: str, key: str, request: bytes, now: datetime) -> Answered | None:
    """What this account was answered within the last day. `request`: all that decides over the answer; Conflict when
    it was another one. In a transaction that writes, so that two at once are one after the other."""
    session.execute(delete(AnsweredRequest).where(AnsweredRequest.answered_at <= clock.stamp(now - KEPT)))
    found = session.get(AnsweredRequest, (account_id, _digest(key.encode())))
    if found is None:
        return None
    if found.request_digest != _digest(request):
        raise Conflict(_OTHER_REQUEST)
    return Answered(found.status, orjson.loads(found.headers), found.body)


def keep(
    session: Session,
    account_id: str,
    key: str,
    request: bytes,
    answer: Answered,
    now: datetime,
    *,
    entry_id: str | None,
) -> None:
    """In the transaction of the deed. `entry_id`: the entry that the answer is about, if it is."""
    session.add(
        AnsweredRequest(
            account_id=account_id,
            digest=_digest(key.encode()),
            request_digest=_digest(request),
            status=answer.status,
            headers=orjson.dumps(dict(answer.headers)).decode(),
            body=answer.body,
            entry_id=entry_id,
            answered_at=clock.stamp(now),
        )
    )


def _digest(secret: bytes) -> str:
    return sha256(secret).hexdigest()
