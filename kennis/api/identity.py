"""Who asks: the key in the Authorization header, looked up once a request. Cookies are never looked at (decision 0009).

A request without that header costs nothing here: no read of the database, and it is nobody's.
"""

from flask import g, request

from kennis import logs
from kennis.access import keys, policy
from kennis.access.keys import Caller
from kennis.api.answering import kennis
from kennis.api.framework import PREFIX
from kennis.errors import Text, Unauthorized

LOG = logs.Log(__name__)
# Looked up where the server put it: every request passes here twice, and building its headers costs more.
HEADER = "HTTP_AUTHORIZATION"
SCHEME = "bearer"
NO_BEARER = Text(
    "Stuur bij Authorization het woord Bearer, een spatie en uw sleutel.",
    "Send the word Bearer, a space and your key as Authorization.",
)


def caller() -> Caller | None:
    """None without the header; Unauthorized when it holds no key that works. Its actor has the rights of the account
    cut down to the scopes of the key."""
    if HEADER not in request.environ:
        return None
    if "caller" not in g:
        g.caller = _looked_up(request.environ[HEADER])
    if isinstance(g.caller, Unauthorized):
        raise g.caller
    found: Caller = g.caller
    return found


def _looked_up(header: str) -> Caller | Unauthorized:
    """Once a request; a refusal is logged without anything of what was sent."""
    try:
        return _authenticated(header)
    except Unauthorized as refused:
        LOG.warning("key refused", endpoint=request.endpoint)
        return refused


def _authenticated(header: str) -> Caller:
    scheme, _, text = header.partition(" ")
    if scheme.lower() != SCHEME or not text.strip():
        raise Unauthorized(NO_BEARER)
    return keys.authenticate(kennis().store, text.strip(), kennis().today())


def known_caller() -> Caller:
    """For what nobody may do without a key: Unauthorized without the header as well."""
    found = caller()
    if found is None:
        raise Unauthorized()
    return found


def require(operation: str, *, is_entrusted: bool = False) -> Caller:
    """The caller, whose key has the scope of this operation. Whether this account may do it to this entry is for the
    domain to say."""
    found = known_caller()
    policy.check_scope(found.scopes, operation, is_entrusted=is_entrusted)
    return found


def look() -> None:
    """Before every request under /v1: a key that does not work is told so, also where none is needed. Who sends one
    expects it to count."""
    if HEADER in request.environ and request.path.startswith(PREFIX + "/"):
        caller()
