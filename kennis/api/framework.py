"""Where Kennis differs from flask-smorest: strict input, 400 for what is invalid, problems instead of its errors.

Its own error handler takes over the whole app and may meet `headers=None`; it is never registered. The one handler
stands in `app.py` and branches on the path.
"""

import http
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any, NoReturn

from apispec import APISpec
from flask import Flask, Request
from flask_smorest import Api, Blueprint
from flask_smorest.spec.plugins import FlaskPlugin
from marshmallow import RAISE, Schema, ValidationError
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy

from kennis.api import problems, receiving
from kennis.content.nearest import nearest_name
from kennis.errors import Invalid, Problem, Text

PREFIX = "/v1"
# Version of the interface, not of the software; CHANGELOG.md tells partners. A breaking change is a new prefix.
API_VERSION = "1.0.0"
_REPEATED = Text("Geef deze parameter één keer.", "Give this parameter once.")
_INVALID = Text("Deze waarde klopt niet.", "This value is not valid.")
_MISSING = Text("Dit is verplicht.", "This is required.")


class StrictParser(FlaskParser):
    """Refuses what it does not know and what is given twice, and reports all faults at once."""

    DEFAULT_VALIDATION_STATUS = 400
    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE, "json": RAISE}  # noqa: RUF012

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """A parameter that came twice is handed on as a list, which no single-valued field accepts."""
        multiple = _multiple(schema)
        return {name: values if name in multiple or len(values) > 1 else values[0] for name, values in req.args.lists()}

    def load_json(self, req: Request, schema: Schema) -> Any:  # noqa: ARG002
        """An empty body is an empty object where everything in it may be left out."""
        if getattr(schema, "may_be_absent", False) and not receiving.sent():
            return {}
        body = receiving.document()
        receiving.spoken(body)
        return body

    def handle_error(self, error: ValidationError, req: Request, schema: Schema, **_: Any) -> NoReturn:
        ((location, messages),) = error.messages_dict.items()
        found = [p for name, told in messages.items() for p in _problems(location, str(name), told, req, schema)]
        raise Invalid(found) from error


@cache
def _multiple(schema: Schema) -> frozenset[str]:
    """Names that may come more than once. Schemas are made once per route, so there are few of them."""
    return frozenset(MultiDictProxy({}, schema).multiple_keys)


def _problems(location: str, name: str, told: Any, req: Request, schema: Schema) -> list[Problem]:
    known = {field.data_key or key: field for key, field in schema.fields.items()}
    if name not in known:
        return [_problem(location, [name], _unknown(name, known.keys(), location))]
    if location == "query" and len(req.args.getlist(name)) > 1 and not getattr(known[name], "is_multiple", False):
        return [_problem(location, [name], _REPEATED)]
    if isinstance(told, Mapping):
        return [_problem(location, [name, str(i)], _text(messages)) for i, messages in told.items()]
    return [_problem(location, [name], _text(told))]


def _problem(location: str, path: Sequence[str], message: Text) -> Problem:
    if location == "query":
        return Problem(message, parameter=path[0])
    return Problem(message, pointer="".join("/" + p.replace("~", "~0").replace("/", "~1") for p in path))


def _text(messages: Any) -> Text:
    """Our fields speak in pairs; what marshmallow itself says is absence, or a null or list where none belongs."""
    first = messages[0] if isinstance(messages, list) else messages
    if isinstance(first, Text):
        return first
    return _MISSING if first == "Missing data for required field." else _INVALID


def _unknown(name: str, known: Collection[str], location: str) -> Text:
    nl, en = ("parameter", "parameter") if location == "query" else ("eigenschap", "property")
    close = nearest_name(name, known)
    if close:
        return Text(f"Deze {nl} bestaat niet; bedoelde u {close}?", f"There is no such {en}; did you mean {close}?")
    return Text(f"Deze {nl} bestaat niet.", f"There is no such {en}.")


class PathsBelowPrefix(FlaskPlugin):  # type: ignore[misc]
    """The address of the server in the document ends in /v1, so its paths must not repeat it."""

    @staticmethod
    def flaskpath2openapi(path: str) -> str:
        return str(FlaskPlugin.flaskpath2openapi(path)).removeprefix(PREFIX)


class PublicApi(Api):  # type: ignore[misc]  # flask-smorest has no types
    """The document of the API; answers to errors are made elsewhere. `operations` by operationId; `written` keeps
    the document in each form it is served in. Routes work from the start; they are described when the document is first
    asked for, which takes longer than all the rest of a start."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, app: Flask, **spec: Any) -> None:
        self.operations: dict[str, Any] = {}
        self.written: dict[str, bytes] = {}
        self._untold: list[Blueprint] = []
        self._is_told = False
        self._telling = threading.Lock()
        super().__init__(app, spec_kwargs=spec)

    def register_blueprint(self, blp: Blueprint, **options: Any) -> None:
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp, **options)
        self._untold.append(blp)

    def describe(self, components: Callable[[APISpec], None]) -> None:
        """Once: `components` first, for routes refer to them."""
        with self._telling:
            if self._is_told:
                return
            components(self.spec)
            for blueprint in self._untold:
                blueprint.register_views_in_doc(self, self._app, self.spec, name=blueprint.name, parameters=None)
                self.spec.tag({"name": blueprint.name, "description": blueprint.description})
            self._is_told = True

    def _register_error_handlers(self) -> None:
        """None of its own: see the docstring of this module."""

    def _register_responses(self) -> None:
        content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for kind in problems.KINDS:
            name = http.HTTPStatus(kind.status).name
            told = {"description": f"{kind.title.nl}. {kind.detail.nl}", "content": content}
            self.spec.components.response(name, told, lazy=True)
