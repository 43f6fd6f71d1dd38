"""Errors outside /v1 as pages in plain Dutch, with the way on. Nothing of what was typed is repeated."""

from dataclasses import dataclass

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.routing import RequestRedirect

from kennis.api.problems import fault_of
from kennis.api.refusing import report
from kennis.errors import Moved
from kennis.web import forms, rendering, visitors


@dataclass(frozen=True, slots=True)
class Told:
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Way:
    text: str
    address: str


TOLD = {
    401: Told("U bent niet ingelogd", "Log in om dit te zien. Misschien is uw vorige sessie verlopen."),
    403: Told("Dit mag u hier niet doen", "Uw account geeft daar geen toegang toe. Vraag het aan de beheerder."),
    404: Told("Deze pagina is er niet", "Misschien is het adres niet goed overgenomen, of is de pagina verplaatst."),
    410: Told("Deze pagina is weggehaald", "Wat hier stond is ingetrokken. Het komt niet terug."),
    429: Told("Dit is te vaak geprobeerd", "Wacht even en probeer het dan opnieuw."),
    503: Told("Dit werkt nu even niet", "Er is een storing bij ons. Probeer het over een paar minuten nog eens."),
}
STALE = Told("Dit formulier is verlopen", "Er is niets opgeslagen. Open de pagina opnieuw en vul alles nog eens in.")
OUR_FAULT = Told("Er ging iets mis", "Dat lag aan ons. Probeer het over een paar minuten nog eens.")
YOUR_FAULT = Told("Dit kan hier niet", "Deze vraag kunnen wij niet beantwoorden. Ga terug en probeer het anders.")


def answer_error(error: Exception) -> ResponseReturnValue:
    """Also for what the framework refuses; a thing that moved is found at its present address."""
    if isinstance(error, Moved):
        return redirect(f"{request.path.rpartition('/')[0]}/{error.target}", 301)
    if isinstance(error, RequestRedirect):
        return error
    fault = fault_of(error)
    told = TOLD.get(fault.status, OUR_FAULT if fault.status >= 500 else YOUR_FAULT)
    way = None
    if isinstance(error, forms.StaleForm):
        told, way = STALE, Way("Open de pagina opnieuw", visitors.page_of_form(request.path))
    elif fault.status == 401:
        way = Way("Inloggen", f"{visitors.LOG_IN}?{visitors.NEXT}={visitors.word_of(request.path)}")
    response: Response = rendering.html("failure.html", status=fault.status, told=told, way=way)
    response.headers.extend({**fault.headers, **report(error, fault.status)})
    return rendering.private(response)
