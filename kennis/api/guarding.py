"""What stands before every view that takes a key: who asks, may the key do this, and a note of what was refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from flask import Response, request
from sqlalchemy.orm import Session

from kennis import clock
from kennis.access import audit
from kennis.api import identity, receiving
from kennis.api.answering import kennis
from kennis.errors import Forbidden, Hidden

View = Callable[..., Response]


def guarded(view: View, operation: str, *, is_entrusted: bool, is_read: bool) -> View:
    """Nothing that came along is looked at before the key is known. A write that fails is told to the audit as well; of
    a read only that it was refused: somebody who mistypes an id changes nothing."""
    attempt = refusals if is_read else attempts

    @wraps(view)
    def called(*arguments: Any, **named: Any) -> Response:
        identity.known_caller()
        with attempt(operation, is_entrusted=is_entrusted):
            identity.require(operation, is_entrusted=is_entrusted)
            return view(*arguments, **named)

    return called


def without_body(view: View) -> View:
    @wraps(view)
    def called(*arguments: Any, **named: Any) -> Response:
        receiving.nothing()
        return view(*arguments, **named)

    return called


@contextmanager
def attempts(operation: str, *, is_entrusted: bool) -> Iterator[None]:
    """What is refused or fails here stands in the audit, in a transaction of its own, for that of the try is undone:
    who tried which operation on which id, or in which collection."""

    def seen(_: Session) -> tuple[str, str]:
        # Around a story only the day is kept (safety.md R16).
        moment = f"{kennis().today().isoformat()}T00:00:00Z" if is_entrusted else clock.stamp(clock.now())
        return moment, str((request.view_args or {}).get("id") or request.path.split("/")[2])

    with audit.attempt(kennis().store, identity.known_caller().actor.id, operation, seen):
        yield


@contextmanager
def refusals(operation: str, *, is_entrusted: bool) -> Iterator[None]:
    """Only what is refused, or answered as if nothing were there."""
    found: Forbidden | Hidden | None = None
    try:
        yield
    except (Forbidden, Hidden) as error:
        found = error
    if found is not None:
        with attempts(operation, is_entrusted=is_entrusted):
            raise found
