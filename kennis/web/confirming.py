"""Proving once more who one is, before what a thief of the session could go on with after it ended."""

from collections.abc import Callable

from flask import Response, request

from kennis.access import sessions
from kennis.errors import TooManyTries, Unauthorized
from kennis.store.people import Account
from kennis.web.account_page import slowed, waiting
from kennis.web.forms import Fault
from kennis.web.rendering import kennis
from kennis.web.visitors import Visitor

FIELD = "current"
LONG_AGO = "U bent te lang geleden ingelogd om dit te doen. Log opnieuw in bij uw organisatie."


def has_password(visitor: Visitor) -> bool:
    return visitor.account.password_hash is not None


def is_logged_in_anew(visitor: Visitor) -> bool:
    """All that can be asked of who logs in elsewhere only."""
    with kennis().store.reading() as session:
        return sessions.is_new(session, visitor.token, kennis().now())


def missing(visitor: Visitor) -> list[Fault]:
    is_asked = has_password(visitor) and not request.form.get(FIELD)
    return [Fault(FIELD, "Vul uw huidige wachtwoord in.")] if is_asked else []


def confirm(visitor: Visitor, form: Callable[..., Response]) -> Account | Response:
    """The account as it was proven, for `accounts.as_proven`; or the form again, with what was wrong. A wrong password
    has the waits of a login. Call it outside any transaction."""
    if not has_password(visitor):
        is_proven = is_logged_in_anew(visitor)
        return visitor.account if is_proven else form(visitor, status=403, faults=[Fault("", LONG_AGO)])
    password, now = request.form[FIELD], kennis().now()
    try:
        return sessions.confirm_password(kennis().store, visitor.token, password, now, kennis().cost)
    except Unauthorized:
        return form(visitor, status=400, faults=[Fault(FIELD, "Dit is niet uw huidige wachtwoord.")])
    except TooManyTries as error:
        return slowed(form(visitor, status=429, faults=[Fault("", waiting(error))]), error)
