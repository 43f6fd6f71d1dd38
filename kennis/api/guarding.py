"""What stands before every view that takes a key: who asks, may the key do this, and a note of what was refused."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from typing import Any

from flask import Response, request

from kennis.api import identity, receiving
from kennis.api.answering import context, kennis
from kennis.content import audit, kinds
from kennis.errors import Forbidden, Hidden

View = Callable[..., Response]


def guarded(view: View, operation: str, *, is_entrusted: bool, is_read: bool) -> View:
    """Nothing that came along is looked at before the key is known. A write that fails is told to the audit as well; of
    a read only that it was refused: somebody who mistypes an id changes nothing."""
    attempt = refusals if is_read else attempts

    @wraps(view)
    def called(*arguments: Any, **named: Any) -> Response:
        identity.known_caller()
        with attempt(operation):
            identity.require(operation, is_entrusted=is_entrusted)
            return view(*arguments, **named)

    return called


def without_body(view: View) -> View:
    @wraps(view)
    def called(*arguments: Any, **named: Any) -> Response:
        receiving.nothing()
        return view(*arguments, **named)

    return called


def attempts(operation: str) -> AbstractContextManager[None]:
    """What is refused or fails here stands in the audit, in a transaction of its own, for that of the try is undone:
    who tried which operation on which id, or in which collection."""
    found = (request.view_args or {}).get("id")
    kind = kinds.by_collection(request.path.split("/")[2])
    subject = str(found) if found else kind.code if kind else None
    return audit.attempt(kennis().store, context(), identity.known_caller().actor, operation, subject)


@contextmanager
def refusals(operation: str) -> Iterator[None]:
    """Only what is refused, or answered as if nothing were there."""
    found: Forbidden | Hidden | None = None
    try:
        yield
    except (Forbidden, Hidden) as error:
        found = error
    if found is not None:
        with attempts(operation):
            raise found
