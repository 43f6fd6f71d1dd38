"""Logging in with a password, and logging out."""

from flask import Response, request

from kennis.access import account_facts, accounts, sessions
from kennis.errors import TooManyTries, Unauthorized
from kennis.web import cookies, forms, leaving, visitors
from kennis.web.account_page import page, plain, slowed, to, waiting
from kennis.web.forms import Fault
from kennis.web.rendering import kennis

OUT = "/account/uitgelogd"


def log_in() -> Response:
    """The form, or for who is logged in already the page that was asked for."""
    word = request.args.get(visitors.NEXT)
    return to(visitors.after(word)) if visitors.visitor() else login_form(word)


def try_to_log_in() -> Response:
    """What is wrong is told in the form, with the address as it was typed."""
    email, password = request.form.get("email", "").strip(), request.form.get("password", "")
    word = request.form.get(visitors.NEXT)
    missing = [] if email else [Fault("email", "Vul uw e-mailadres in.")]
    missing += [] if password else [Fault("password", "Vul uw wachtwoord in.")]
    if missing:
        return login_form(word, status=400, email=email, faults=missing)
    try:
        account = accounts.log_in(
            kennis().store, email, password, kennis().now(), kennis().cost, whence=visitors.whence()
        )
        return visitors.welcome(account, word)
    except Unauthorized as error:
        return login_form(word, status=401, email=email, faults=[Fault("email", error.message.nl)])
    except TooManyTries as error:
        return slowed(login_form(word, status=429, email=email, faults=[Fault("", waiting(error))]), error)


def login_form(word: str | None, *, status: int = 200, email: str = "", faults: list[Fault] | None = None) -> Response:
    shown = page(
        "account_login.html",
        status=status,
        word=visitors.known(word),
        email=email,
        longest=account_facts.LONGEST_EMAIL,
        faults=faults or [],
        is_elsewhere=bool(kennis().config.oidc_issuer),
    )
    if status == 401:
        # RFC 9110 asks for one with every 401; because of this one no browser asks for a password itself.
        shown.headers["WWW-Authenticate"] = "Bearer"
    return shown


def log_out() -> Response:
    """On the server, and in the browser all that is ours (V32). Who is not logged in has nothing to guard."""
    if visitor := visitors.visitor():
        forms.check()
        kennis().store.write(lambda session: sessions.end(session, visitor.token, kennis().now()))
    response = to(OUT)
    response.headers["Clear-Site-Data"] = leaving.EVERYTHING
    cookies.drop(response, cookies.SESSION, forms.COOKIE)
    return response


def logged_out() -> Response:
    """Sets no cookie: it says that there is none any more."""
    return plain("account_out.html", is_elsewhere=bool(kennis().config.oidc_issuer))
