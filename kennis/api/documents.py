"""The description of the API: as OpenAPI for machines, and as a page of our own for people."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from flask import Response, current_app, render_template

from kennis.api import openapi, queries
from kennis.api.answering import encoded, respond
from kennis.api.negotiation import JSON, media_type
from kennis.api.pages import Answer
from kennis.api.routing import Operation, Routes, json_of

YAML = "application/yaml"
HTML = "text/html"


def as_json(_: Mapping[str, Any]) -> Response:
    return _respond(media_type())


def as_yaml(_: Mapping[str, Any]) -> Response:
    return _respond(media_type((YAML,)))


def docs(_: Mapping[str, Any]) -> Response:
    response = _respond(media_type((HTML,)))
    # The style stands in the page; its hash lets it through without opening the door for any other.
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
    return response


def _respond(form: str) -> Response:
    """The document follows from code and settings alone, so each form is written once in a process."""
    written: dict[str, bytes] = current_app.extensions[openapi.EXTENSION].written
    if form not in written:
        written[form] = _WRITERS[form](openapi.document(current_app))
    body = written[form]
    return respond(hashlib.sha256(body).hexdigest()[:32], form, lambda: Answer(body), media_type=form)


def yaml_of(document: dict[str, Any]) -> bytes:
    # The dumper in C is ten times faster; it is not in every build of the library.
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return yaml.dump(document, Dumper=dumper, allow_unicode=True, sort_keys=False).encode()


def _as_page(document: dict[str, Any]) -> bytes:
    # Made once in a process, if anybody asks.
    from kennis.api import docs_page

    return render_template("api_docs.html", page=docs_page.page(document), style=_style()).encode()


_WRITERS: Mapping[str, Callable[[dict[str, Any]], bytes]] = {JSON: encoded, YAML: yaml_of, HTML: _as_page}


@cache
def _style() -> str:
    return (Path(__file__).parent / "templates" / "api_docs.css").read_text("utf-8")


def blueprint() -> Routes:
    routes = Routes("beschrijving", "De beschrijving van deze API.", template_folder="templates")
    routes.read("/openapi.json", as_json, queries.language("OpenApiJsonLanguage"), Operation(
        id="getOpenApiJson",
        summary="Dit document als JSON",
        description="OpenAPI 3.1, te lezen zonder sleutel en vanaf elke site.",
        answers=json_of("OpenApi"),
    ))  # fmt: skip
    routes.read("/openapi.yaml", as_yaml, queries.language("OpenApiYamlLanguage"), Operation(
        id="getOpenApiYaml",
        summary="Dit document als YAML",
        description="Hetzelfde document.",
        answers={YAML: "OpenApi"},
    ))  # fmt: skip
    routes.read("/docs", docs, queries.language("DocsLanguage"), Operation(
        id="getDocs",
        summary="Leesbare beschrijving",
        description="Gemaakt uit ditzelfde document, zonder script en zonder andere sites.",
        answers={HTML: None},
    ))  # fmt: skip
    return routes
