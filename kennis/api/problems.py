"""Every error under /v1 as application/problem+json (RFC 9457), in the language of the caller."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import quote

import orjson
from werkzeug.exceptions import HTTPException

from kennis import errors
from kennis.errors import Text

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """`code` is the anchor of its explanation in the documentation, and so the end of the problem's `type`."""

    status: int
    code: str
    title: Text
    detail: Text


def _kind(status: int, code: str, title: tuple[str, str], detail: tuple[str, str]) -> ProblemKind:
    return ProblemKind(status, code, Text(*title), Text(*detail))


KINDS: tuple[ProblemKind, ...] = (
    _kind(400, "ongeldig", ("Ongeldige vraag", "Invalid request"),
          ("De vraag klopt niet. Bij errors staat wat er anders moet.",
           "The request is not valid. The errors say what must change.")),
    _kind(401, "onbekend", ("Niet bekend", "Unauthorized"),
          ("Hiervoor is een geldige sleutel nodig, in de header Authorization.",
           "This takes a valid key, in the header Authorization.")),
    _kind(403, "verboden", ("Niet toegestaan", "Forbidden"), ("Dit mag u niet doen.", "You may not do this.")),
    _kind(404, "niet-gevonden", ("Niet gevonden", "Not found"),
          ("Op dit adres staat niets.", "There is nothing at this address.")),
    _kind(405, "methode", ("Methode niet toegestaan", "Method not allowed"),
          ("Dit adres kent deze methode niet. Bij Allow staat welke wel kan.",
           "This address does not know this method. Allow lists those it does.")),
    _kind(406, "niet-leverbaar", ("Niet leverbaar in deze vorm", "Not acceptable"),
          ("Dit is er niet in een vorm die bij Accept gevraagd wordt.",
           "This does not exist in a form that Accept asks for.")),
    _kind(409, "conflict", ("Dit kan nu niet", "Conflict"),
          ("De stap past niet bij de stand van zaken.", "The step does not fit the present state.")),
    _kind(410, "ingetrokken", ("Ingetrokken", "Gone"),
          ("Dit is ingetrokken en komt niet terug.", "This was withdrawn and will not return.")),
    _kind(412, "veranderd", ("Intussen veranderd", "Precondition failed"),
          ("Dit is intussen veranderd. Lees het opnieuw.", "This was changed meanwhile. Read it again.")),
    _kind(413, "te-groot", ("Te veel ingestuurd", "Content too large"),
          ("De inhoud van de vraag is groter dan toegestaan.", "The body of the request is larger than allowed.")),
    _kind(415, "verkeerd-type", ("Verkeerd soort inhoud", "Unsupported media type"),
          ("Stuur de inhoud als application/json, niet samengeperst; bij PATCH als application/merge-patch+json.",
           "Send the body as application/json, not compressed; with PATCH as application/merge-patch+json.")),
    _kind(428, "voorwaarde-nodig", ("If-Match ontbreekt", "Precondition required"),
          ("Stuur bij If-Match de ETag mee van wat u gelezen heeft.", "Send the ETag of what you read as If-Match.")),
    _kind(429, "te-vaak", ("Te vaak", "Too many requests"),
          ("Dit is te vaak gevraagd. Bij Retry-After staat na hoeveel seconden het weer kan.",
           "This was asked too often. Retry-After tells after how many seconds it can be asked again.")),
    _kind(500, "storing", ("Storing", "Internal server error"),
          ("Er ging bij ons iets mis. Probeer het straks nog eens.",
           "Something went wrong on our side. Please try again later.")),
    _kind(503, "niet-beschikbaar", ("Tijdelijk niet beschikbaar", "Service unavailable"),
          ("Dit werkt op dit moment niet. Probeer het straks nog eens.",
           "This does not work at the moment. Please try again later.")),
)  # fmt: skip
_BY_STATUS: Mapping[int, ProblemKind] = {kind.status: kind for kind in KINDS}

# One place where domain errors become statuses (style.md 4.8).
STATUS_OF: tuple[tuple[type[errors.KennisError], int], ...] = (
    (errors.Invalid, 400),
    (errors.Unauthorized, 401),
    (errors.Forbidden, 403),
    (errors.NotFound, 404),
    (errors.Gone, 410),
    (errors.Conflict, 409),
    (errors.PreconditionFailed, 412),
    (errors.PreconditionRequired, 428),
    (errors.TooManyTries, 429),
    (errors.SearchUnavailable, 503),
    (errors.LoginUnavailable, 503),
    (errors.BadSetup, 503),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes out for an error: status, words and headers; `problems` only with 400, `allowed` only with 409."""

    status: int
    detail: Text | None = None
    problems: Sequence[errors.Problem] = ()
    allowed: Sequence[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def kind_of(status: int) -> ProblemKind:
    """The words of a status; one that Kennis never gives itself is told by its English name in both languages."""
    known = _BY_STATUS.get(status)
    if known is not None:
        return known
    phrase = HTTPStatus(status).phrase
    return ProblemKind(status, "anders", Text(phrase, phrase), Text(phrase, phrase))


def fault_of(error: Exception) -> Fault:
    """Anything raised as what may be told: an unexpected error becomes a bare 500, settings and paths stay inside."""
    if isinstance(error, (errors.BadSetup, errors.SearchBroken)):
        return Fault(503)
    if isinstance(error, errors.KennisError):
        status = next((status for known, status in STATUS_OF if isinstance(error, known)), 500)
        told, possible = getattr(error, "problems", ()), getattr(error, "allowed", ())
        return Fault(status, error.message, told, possible, _headers(error))
    if isinstance(error, HTTPException) and error.code is not None and error.code >= 400:
        allowed = getattr(error, "valid_methods", None)
        return Fault(error.code, headers={"Allow": ", ".join(sorted(allowed))} if allowed else {})
    return Fault(500)


def _headers(error: errors.KennisError) -> Mapping[str, str]:
    """What RFC 9110 asks beside a 401 and a 429."""
    if isinstance(error, errors.Unauthorized):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, errors.TooManyTries):
        return {"Retry-After": str(error.retry_after_seconds)}
    return {}


def document(fault: Fault, *, language: str, path: str, docs: str) -> bytes:
    """The JSON of a problem; `docs` is the address of our documentation, `path` goes out without the query."""
    kind = kind_of(fault.status)
    told = {
        "type": f"{docs}#fout-{kind.code}",
        "title": kind.title.in_language(language),
        "status": fault.status,
        "detail": (fault.detail or kind.detail).in_language(language),
        "instance": quote(path, safe="/-._~"),
    }
    if fault.problems:
        told["errors"] = [_told(problem, language) for problem in fault.problems]
    if fault.allowed:
        told["allowed"] = list(fault.allowed)
    return orjson.dumps(told)


def _told(problem: errors.Problem, language: str) -> dict[str, str]:
    where = {"pointer": problem.pointer, "parameter": problem.parameter}
    return {k: v for k, v in where.items() if v is not None} | {"detail": problem.message.in_language(language)}
