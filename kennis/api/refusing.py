"""What was raised becomes a response: the one place under /v1 where errors get a status."""

import logging
import traceback

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.routing import RequestRedirect

from kennis.api import problems
from kennis.api.answering import kennis
from kennis.api.framework import PREFIX
from kennis.api.negotiation import language
from kennis.errors import Moved

LOG = logging.getLogger(__name__)


def answer_error(error: Exception) -> ResponseReturnValue:
    """A problem document; a thing that moved becomes a redirect to where it stands now."""
    if isinstance(error, Moved):
        return Response(status=308, headers={"Location": request.path.rsplit("/", 1)[0] + "/" + error.target})
    if isinstance(error, RequestRedirect):
        return error
    fault = problems.fault_of(error)
    if fault.status >= 500:
        report(error)
    body = problems.document(
        fault, language=language(), path=request.path, docs=f"{kennis().config.public_url}{PREFIX}/docs"
    )
    return Response(body, fault.status, list(fault.headers.items()), mimetype=problems.MEDIA_TYPE)


def report(error: Exception) -> None:
    """Where it went wrong, without the message of the error: that may hold what somebody typed (V36)."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    LOG.error("%s in %s\n%s", type(error).__name__, request.endpoint, frames)
