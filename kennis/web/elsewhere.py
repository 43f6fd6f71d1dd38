"""Logging in at the server of an organisation: there and back again (docs/operations.md, decision 18)."""

from dataclasses import asdict, dataclass
from datetime import timedelta

from flask import Flask, Response, current_app, request

from kennis.access import linking, oidc
from kennis.config import Config
from kennis.errors import KennisError, NotFound, Unauthorized
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
        seal = Seal(config.with_key().secret_key, "login elsewhere")
        app.extensions[EXTENSION] = Elsewhere(oidc.Provider(config, config.public_url + BACK), seal)


def go() -> Response:
    """To the login server. Changes nothing here, so a link is enough; a form may not lead to another host (V16)."""
    try:
        address, pending = _elsewhere().provider.begin(kennis().now())
    except KennisError as error:
        return _told(error)
    kept = asdict(pending) | {visitors.NEXT: visitors.known(request.args.get(visitors.NEXT))}
    response = to(address)
    sealed = _elsewhere().seal.close(kept, kennis().now(), PATIENCE)
    cookies.put(response, COOKIE, sealed, int(PATIENCE.total_seconds()))
    return response


def come_back() -> Response:
    """With the answer of the login server, which holds once: what this browser remembered of it goes, come what may."""
    try:
        response = _let_in()
    except KennisError as error:
        response = _told(error)
    cookies.drop(response, COOKIE)
    return response


def _let_in() -> Response:
    now, config = kennis().now(), kennis().config
    kept = _elsewhere().seal.open(request.cookies.get(COOKIE, ""), now)
    if kept is None:
        raise Unauthorized(oidc.REFUSED)
    word = kept.pop(visitors.NEXT)
    person = _elsewhere().provider.finish(oidc.Pending(**kept), request.args, now)
    return visitors.welcome(linking.admit(kennis().store, person, config.oidc_roles, now), word)


def _told(error: KennisError) -> Response:
    """In the page where somebody can begin again."""
    if isinstance(error, NotFound):
        raise error
    status = 401 if isinstance(error, Unauthorized) else 503
    return login_form(None, status=status, faults=[Fault("", error.message.nl)])


def _elsewhere() -> Elsewhere:
    """NotFound where passwords are the only way in."""
    found: Elsewhere | None = current_app.extensions.get(EXTENSION)
    if found is None:
        raise NotFound()
    return found
