"""The addresses of logging in and of one's own account, each with its policy. Nothing is changed by a GET (V18)."""

from collections.abc import Callable

from flask import Blueprint, Flask, Response, current_app, request

from kennis.api.allowances import LOGIN
from kennis.installation import ALLOWANCES, EXTENSION, LOG_IN, OWN_ACCOUNT, POLICIES, Kennis
from kennis.web import account, account_checks, account_keys, account_password, elsewhere, forms, login, visitors

View = Callable[..., Response]
# Whether there is anything to guard there it decides itself.
LOG_OUT = "logout"
ROUTES: tuple[tuple[str, str, str, View, str], ...] = (
    ("GET", "/account", "overview", account.overview, OWN_ACCOUNT),
    ("GET", "/account/inloggen", "login", login.log_in, LOG_IN),
    ("POST", "/account/inloggen", "try_login", login.try_to_log_in, LOG_IN),
    ("POST", "/account/uitloggen", LOG_OUT, login.log_out, LOG_IN),
    ("GET", login.OUT, "logged_out", login.logged_out, LOG_IN),
    ("GET", "/account/elders", "go_elsewhere", elsewhere.go, LOG_IN),
    ("GET", elsewhere.BACK, "come_back", elsewhere.come_back, LOG_IN),
    ("GET", "/account/wachtwoord", "password", account_password.form, OWN_ACCOUNT),
    ("POST", "/account/wachtwoord", "change_password", account_password.change, OWN_ACCOUNT),
    ("GET", "/account/nakijken", "checks", account_checks.overview, OWN_ACCOUNT),
    ("POST", "/account/nakijken/<uuid:entry_id>", "confirm", account_checks.confirm, OWN_ACCOUNT),
    ("GET", "/account/sleutels", "keys", account_keys.form, OWN_ACCOUNT),
    ("POST", "/account/sleutels", "make_key", account_keys.make, OWN_ACCOUNT),
    ("POST", "/account/sleutels/<key_id>/intrekken", "revoke_key", account_keys.take_back, OWN_ACCOUNT),
)
# Where something can be tried.
TRIED = ("try_login", "change_password", "make_key", "go_elsewhere", "come_back")


def _guard() -> None:
    """Before every view here, so that none can forget it: an own page is for who is logged in, and a form is ours.
    OPTIONS has no view: Flask answers which methods there are."""
    if request.method != "OPTIONS" and current_app.extensions[POLICIES][request.endpoint] == OWN_ACCOUNT:
        visitors.logged_in()
    if request.method == "POST" and request.endpoint != f"{request.blueprint}.{LOG_OUT}":
        forms.check()


def register(app: Flask) -> None:
    kennis: Kennis = app.extensions[EXTENSION]
    elsewhere.register(app, kennis.config)
    blueprint = Blueprint("account", __name__)
    blueprint.before_request(_guard)
    for method, address, name, view, _ in ROUTES:
        blueprint.add_url_rule(address, name, view, methods=[method])
    app.register_blueprint(blueprint)
    app.extensions[POLICIES].update({f"{blueprint.name}.{name}": policy for _, _, name, _, policy in ROUTES})
    app.extensions[ALLOWANCES].update({f"{blueprint.name}.{name}": LOGIN for name in TRIED})
