"""What was raised becomes a response: the one place under /v1 where errors get a status."""

import secrets
import time
from collections.abc import Mapping

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.routing import RequestRedirect

from kennis import logs
from kennis.api import problems
from kennis.api.answering import kennis
from kennis.api.framework import PREFIX
from kennis.api.negotiation import language
from kennis.errors import KennisError, Moved

LOG = logs.Log(__name__)
# Of an error that we did not foresee, so that who meets it can say which one it was. Random and made here: one that a
# caller could choose would follow a person from answer to answer.
REQUEST_ID = "X-Request-Id"
# An index that comes back does so within a minute (guess).
RETRY_SECONDS = "30"
# The same cause is not logged again before that.
QUIET_SECONDS = 60.0
TOLD: dict[str, float] = {}


def answer_error(error: Exception) -> ResponseReturnValue:
    """A problem document; a thing that moved becomes a redirect to where it stands now."""
    if isinstance(error, Moved):
        return Response(status=308, headers={"Location": _moved_to(error.target)})
    if isinstance(error, RequestRedirect):
        return error
    fault = problems.fault_of(error)
    told = report(error, fault.status)
    body = problems.document(
        fault, language=language(), path=request.path, docs=f"{kennis().config.public_url}{PREFIX}/docs"
    )
    headers = {**fault.headers, **told}
    return Response(body, fault.status, headers, mimetype=problems.MEDIA_TYPE)


def _moved_to(target: str) -> str:
    """This address with another name in the place of the one that was asked for, which a step may follow."""
    asked = {str(value).lower() for value in (request.view_args or {}).values()}
    parts = request.path.split("/")
    place = next((n for n, part in enumerate(parts) if part.lower() in asked), len(parts) - 1)
    parts[place] = target
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    return "/".join(parts) + query


def _was_told(words: str) -> bool:
    """Within the last minute, by this process."""
    now = time.monotonic()
    if now - TOLD.get(words, -QUIET_SECONDS) < QUIET_SECONDS:
        return True
    TOLD[words] = now
    return False


def report(error: Exception, status: int) -> Mapping[str, str]:
    """The headers that go with it. Logged is where it went wrong, without the message of the error: that may hold what
    somebody typed (V36). A cause that is known is told in its own words, which hold no input, and once in a while: each
    reader of an outage meets it."""
    if status == 403:
        LOG.warning("refused", endpoint=request.endpoint)
    if status < 500:
        return {}
    if isinstance(error, KennisError):
        if not _was_told(str(error)):
            LOG.error("cannot answer", error=type(error).__name__, reason=str(error))
        return {"Retry-After": RETRY_SECONDS} if status == 503 else {}
    number = secrets.token_hex(8)
    LOG.error("failed", endpoint=request.endpoint, request=number, **logs.places(error))
    return {REQUEST_ID: number}
