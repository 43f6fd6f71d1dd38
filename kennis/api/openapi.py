"""The OpenAPI document of the API: what flask-smorest gathers, made whole.

A bare flask-smorest document lacks the version header and says application/json for errors. What holds for every
operation is added here, once, so that no route can forget it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from http import HTTPStatus
from typing import Any

import orjson
from apispec import APISpec
from flask import Flask

from kennis.api import examples, openapi_entries, problems
from kennis.api.framework import API_VERSION, PREFIX, PathsBelowPrefix, PublicApi
from kennis.api.openapi_schemas import ANSWERS, SHARED
from kennis.api.openapi_work import WORK
from kennis.api.routing import Operation
from kennis.config import Config

OPENAPI_VERSION = "3.1.0"
TITLE = "Kennis"
ABOUT = """\
Kennis over huiselijk geweld, kindermishandeling, seksueel geweld, ouderenmishandeling en schadelijke praktijken:
interventies, methoden, geleerde lessen, ervaringsverhalen, trainingen en hulpaanbod. Lezen kan zonder sleutel.

- Elk item noemt zijn gebruiksrecht en zijn bronnen.
- Elk antwoord heeft een `ETag`; stuur die mee als `If-None-Match` en u krijgt 304 zolang er niets verandert.
- Wie iets intrekt, trekt het overal in: 410 betekent dat u het ook bij u verwijdert.
- Fouten zijn `application/problem+json`, alle fouten tegelijk, in het Nederlands of Engels.

This API can be read in English too: `lang=en` or `Accept-Language: en`.
"""
EXTENSION = "kennis-openapi"
# Every operation has parameters, so every one may refuse them; a key that does not work is refused also where none is
# needed; what goes wrong by itself may go wrong everywhere.
ALWAYS = (400, 401, 406, 500, 503)

# What a refusal of a search may tell.
FAULTS = [
    {"parameter": "page_size", "detail": "Deze parameter bestaat niet; bedoelde u pageSize?"},
    {"parameter": "lang", "detail": "Deze waarde bestaat niet; kies uit: nl, en."},
]

HEADERS: dict[str, dict[str, Any]] = {
    "API-Version": {"description": "Volledige versie van de API.", "required": True,
                    "schema": {"type": "string", "examples": [API_VERSION]}},
    "ETag": {"description": "Kenmerk van dit antwoord, voor If-None-Match.", "required": True,
             "schema": {"type": "string"}},
    "Cache-Control": {"description": "no-cache: bewaren mag, maar vraag met If-None-Match of het nog klopt.",
                      "schema": {"type": "string"}},
    "Vary": {"description": "Waarvan het antwoord afhangt.", "schema": {"type": "string"}},
    "Link": {"description": "Deze, volgende en vorige bladzijde (RFC 8288).", "schema": {"type": "string"}},
    "Location": {"description": "Waar het nu staat.", "required": True,
                 "schema": {"type": "string", "format": "uri-reference"}},
    "Allow": {"description": "Welke methoden dit adres kent.", "schema": {"type": "string"}},
    "RateLimit-Limit": {"description": "Hoeveel vragen u in deze periode mag stellen.",
                        "schema": {"type": "integer"}},
    "RateLimit-Remaining": {"description": "Hoeveel daarvan u nog over heeft.", "schema": {"type": "integer"}},
    "RateLimit-Reset": {"description": "Na hoeveel seconden de periode voorbij is.", "schema": {"type": "integer"}},
    "Retry-After": {"description": "Na hoeveel seconden u het opnieuw kunt proberen.",
                    "schema": {"type": "integer"}},
    "WWW-Authenticate": {"description": "Hoe u zich bekend maakt: `Bearer` en dan uw sleutel.",
                         "schema": {"type": "string"}},
    "X-Request-Id": {"description": "Willekeurig nummer van deze fout: noem het als u haar meldt.",
                     "schema": {"type": "string"}},
    "Kennis-Demo": {"description": "true bij een demonstratie: gebruik deze gegevens niet.",
                    "schema": {"type": "string", "enum": ["true"]}},
}  # fmt: skip
LIMITS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
# Beside the version of the API.
OF_REFUSALS: Mapping[int, Sequence[str]] = {
    401: ("WWW-Authenticate",), 405: ("Allow",), 429: (*LIMITS, "Retry-After"), 500: ("X-Request-Id",),
    503: ("Retry-After",),
}  # fmt: skip
REQUEST_HEADERS: dict[str, dict[str, Any]] = {
    "AcceptLanguage": {"name": "Accept-Language", "in": "header", "schema": {"type": "string"},
                       "description": "nl (standaard) of en; lang gaat voor.", "example": "nl"},
    "IfNoneMatch": {"name": "If-None-Match", "in": "header", "schema": {"type": "string"},
                    "description": "ETag van het antwoord dat u al heeft: 304 als er niets veranderd is."},
    "IfMatch": {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"},
                "description": "ETag van wat u gelezen heeft: 412 als het intussen veranderd is, 428 als dit "
                "ontbreekt. Alleen het deel voor het eerste streepje telt.", "example": '"4-0-nl-json"'},
    "IdempotencyKey": {"name": "Idempotency-Key", "in": "header",
                       "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
                       "description": "Een eigen, willekeurig kenmerk van deze vraag. Stuurt u haar binnen een dag nog "
                       "eens, dan krijgt u hetzelfde antwoord en ontstaat er niets dubbel.",
                       "example": "6f2c1c1e-5b0a-4c0e-9a53-2f6f1f0d7a11"},
}  # fmt: skip
KEY = "Key"
SECURITY: dict[str, Any] = {
    "type": "http",
    "scheme": "bearer",
    "description": "Een sleutel van Kennis, in de header Authorization. Een sleutel geeft de rechten van het account "
    "erachter, beperkt tot zijn bereik: read, contribute, review, edit, moderate, webhooks, admin.",
}
# What an operation with a key may refuse beside what it names itself.
WITH_KEY = (403,)
WITH_BODY = (413, 415)
WITH_VERSION = (412, 428)
DESCRIBED = {200: "Het antwoord.", 201: "Gemaakt; Location zegt waar.", 204: "Gedaan; er is niets te vertellen."}


def start(app: Flask, config: Config) -> PublicApi:
    """The document before anything is described: about whom and where."""
    described = PublicApi(
        app,
        title=TITLE,
        version=API_VERSION,
        openapi_version=OPENAPI_VERSION,
        flask_plugin=PathsBelowPrefix(),
        info={
            "description": ABOUT,
            "contact": {"name": config.contact_name, "email": config.contact_email, "url": config.public_url},
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        servers=[{"url": server(config.public_url), "description": "Deze installatie."}],
    )
    app.extensions[EXTENSION] = described
    return described


def _components(spec: APISpec) -> None:
    """What routes name."""
    for name, schema in {**SHARED, **ANSWERS, **WORK}.items():
        spec.components.schema(name, schema)
    openapi_entries.describe(spec)
    for name, header in HEADERS.items():
        spec.components.header(name, header)
    for name, value in examples.of_answers().items():
        spec.components.example(name, {"value": value})
    for name, parameter in REQUEST_HEADERS.items():
        spec.components.parameter(name, parameter["in"], parameter)
    spec.components.security_scheme(KEY, SECURITY)


def server(public_url: str) -> str:
    """The address partners use. On a machine of one's own there is no https; then it is relative to the document,
    which says the same without promising a plain-text service (ADR: servers use https)."""
    return f"{public_url}{PREFIX}" if public_url.startswith("https://") else PREFIX


def document(app: Flask) -> dict[str, Any]:
    """The whole document as JSON values; made anew at each call."""
    described: PublicApi = app.extensions[EXTENSION]
    described.describe(_components)
    made: dict[str, Any] = deepcopy(described.spec.to_dict())
    components = made["components"]
    components["responses"] = {HTTPStatus(kind.status).name: _refusal(kind) for kind in problems.KINDS}
    for path in made["paths"].values():
        for method, operation in path.items():
            if method != "parameters":
                _complete(operation, described.operations[operation["operationId"]], method)
    _share_parameters(made)
    return made


def _share_parameters(made: dict[str, Any]) -> None:
    """A parameter that is the same in several operations stands in the document once."""
    lists = [o["parameters"] for path in made["paths"].values() for m, o in path.items() if m != "parameters"]
    seen = Counter(_written(parameter) for parameters in lists for parameter in parameters)
    shared: dict[str, Any] = made["components"]["parameters"]
    for parameters in lists:
        for place, parameter in enumerate(parameters):
            name = parameter.get("name", "")
            key = name[:1].upper() + name[1:]
            if name and seen[_written(parameter)] > 1 and shared.setdefault(key, parameter) == parameter:
                parameters[place] = {"$ref": f"#/components/parameters/{key}"}


def _written(parameter: Mapping[str, Any]) -> bytes:
    return orjson.dumps(parameter, option=orjson.OPT_SORT_KEYS)


def _refusal(kind: problems.ProblemKind) -> dict[str, Any]:
    example: dict[str, Any] = {
        "type": f"https://kennis.example{PREFIX}/docs#fout-{kind.code}",
        "title": kind.title.nl,
        "status": kind.status,
        "detail": kind.detail.nl,
        "instance": f"{PREFIX}/entries",
    }
    if kind.status == 400:
        example["errors"] = FAULTS
    if kind.status == 409:
        example["allowed"] = ["_submit", "DELETE"]
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    return {
        "description": f"{kind.title.nl}. {kind.detail.nl}",
        "headers": _headers("API-Version", *OF_REFUSALS.get(kind.status, ())),
        "content": {problems.MEDIA_TYPE: content},
    }


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _complete(told: dict[str, Any], operation: Operation, method: str) -> None:
    responses = told["responses"]
    limits = LIMITS if operation.counts_as else ()
    for status in (*ALWAYS, *((429,) if limits else ()), *_refused(operation, method)):
        responses[str(status)] = {"$ref": f"#/components/responses/{HTTPStatus(status).name}"}
    parameters = told.setdefault("parameters", [])
    parameters += [{"$ref": f"#/components/parameters/{name}"} for name in _request_headers(operation)]
    if operation.is_conditional:
        responses["304"] = {
            "description": "Er is niets veranderd.",
            "headers": _headers("API-Version", "ETag", "Cache-Control", "Vary", *limits),
        }
    if operation.redirects:
        responses["308"] = {"description": "Staat nu ergens anders.", "headers": _headers("API-Version", "Location")}
    for status in operation.succeeds:
        _succeed(responses[str(status)], operation, status, is_paged=_is_paged(told))
    told["responses"] = dict(sorted(responses.items()))
    if operation.takes_key or operation.may_take_key:
        scopes = [] if operation.scope is None else [operation.scope]
        told["security"] = [*([] if operation.takes_key else [{}]), {KEY: scopes}]


def _refused(operation: Operation, method: str) -> tuple[int, ...]:
    if not operation.takes_key:
        return operation.refuses
    return (
        *operation.refuses,
        *WITH_KEY,
        *(WITH_BODY if method != "get" else ()),
        *(WITH_VERSION if operation.needs_version else ()),
    )


def _request_headers(operation: Operation) -> list[str]:
    wanted = {
        "AcceptLanguage": True,
        "IfNoneMatch": operation.is_conditional,
        "IfMatch": operation.needs_version,
        "IdempotencyKey": operation.may_be_repeated,
    }
    return [name for name, is_wanted in wanted.items() if is_wanted]


def _succeed(response: dict[str, Any], operation: Operation, status: int, *, is_paged: bool) -> None:
    wanted = {
        "API-Version": True,
        "Cache-Control": True,
        "Vary": True,
        "Kennis-Demo": True,
        "ETag": operation.is_conditional or (operation.takes_key and status != 204),
        "Link": is_paged,
        "Location": status == 201,
    }
    limits = LIMITS if operation.counts_as else ()
    response["headers"] = _headers(*(name for name, is_wanted in wanted.items() if is_wanted), *limits)
    response["description"] = DESCRIBED[status]
    for media_type, media in response.get("content", {}).items():
        # Of an entry that may be archived too, the example is the whole one.
        named = operation.shows.get(media_type) or (operation.answers[media_type] or "").removesuffix("OrArchived")
        if named in examples.of_answers():
            media["examples"] = {named: {"$ref": f"#/components/examples/{named}"}}


def _is_paged(told: Mapping[str, Any]) -> bool:
    return any(parameter.get("name") == "page" for parameter in told["parameters"])
