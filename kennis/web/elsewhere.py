"""Logging in at the server of an organisation: there and back again (docs/operations.md, decision 18)."""

from dataclasses import asdict, dataclass
from datetime import timedelta

from flask import Flask, Response, after_this_request, current_app, request

from kennis.access import linking, oidc
from kennis.api.refusing import RETRY_SECONDS
from kennis.config import Config
from kennis.errors import LoginUnavailable, NotFound, Unauthorized
from kennis.web import cookies, visitors
from kennis.web.account_page import to
from kennis.web.forms import Fault
from kennis.web.login import login_form
from kennis.web.rendering import kennis
from kennis.web.sealing import Seal

EXTENSION = "kennis-login-server"
# What a login under way must remember; it is gone after one answer.
COOKIE = "__Host-kennis-login"
BACK = "/account/terug"
# Within which somebody must be back (guess: long enough to look for a telephone).
PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    provider: oidc.Provider
    seal: Seal


def register(app: Flask, config: Config) -> None:
    """BadSetup when the settings of the login server cannot be right; the server itself is asked at the first login."""
    linking.check_settings(config)
    if config.oidc_issuer:
        seal = Seal(config.secret_key, "login elsewhere")
        app.extensions[EXTENSION] = Elsewhere(oidc.Provider(config, config.public_url + BACK), seal)


def go() -> Response:
    """To the login server. Changes nothing here, so a link is enough; a form may not lead to another host (V16)."""
    try:
        address, pending = _elsewhere().provider.begin(kennis().now())
    except (Unauthorized, LoginUnavailable) as error:
        return _told(error)
    kept = asdict(pending) | {visitors.NEXT: visitors.known(request.args.get(visitors.NEXT))}
    response = to(address)
    sealed = _elsewhere().seal.close(kept, kennis().now(), PATIENCE)
    cookies.put(response, COOKIE, sealed, int(PATIENCE.total_seconds()))
    return response


def come_back() -> Response:
    """With the answer of the login server, which holds once: what this browser remembered of it goes, come what may."""
    parts = _elsewhere()
    after_this_request(_forgetting)
    try:
        return _let_in(parts)
    except (Unauthorized, LoginUnavailable) as error:
        return _told(error)


def _forgetting(response: Response) -> Response:
    cookies.drop(response, COOKIE)
    return response


def _let_in(parts: Elsewhere) -> Response:
    now, config = kennis().now(), kennis().config
    kept = parts.seal.open(request.cookies.get(COOKIE, ""), now)
    if kept is None:
        raise Unauthorized(oidc.REFUSED)
    word = kept.pop(visitors.NEXT)
    person = parts.provider.finish(oidc.Pending(**kept), request.args, now)
    return visitors.welcome(linking.admit(kennis().store, person, config.oidc_roles, now), word)


def _told(error: Unauthorized | LoginUnavailable) -> Response:
    """In the page where somebody can begin again. Other errors are not told here: they may name files and servers."""
    faults = [Fault("", error.message.nl)]
    if isinstance(error, Unauthorized):
        return login_form(None, status=401, faults=faults)
    shown = login_form(None, status=503, faults=faults)
    shown.headers["Retry-After"] = RETRY_SECONDS
    return shown


def _elsewhere() -> Elsewhere:
    """NotFound where passwords are the only way in."""
    found: Elsewhere | None = current_app.extensions.get(EXTENSION)
    if found is None:
        raise NotFound()
    return found
