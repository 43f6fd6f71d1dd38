"""How a route is declared: rule, view, parameters, what it answers and who may use it, in one call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema

from kennis.api.allowances import READ, Allowance
from kennis.api.framework import StrictParser
from kennis.api.negotiation import JSON
from kennis.installation import PUBLIC_READ

View = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Operation:
    """`answers` maps media types to names of component schemas (None: any content); `refuses` are the statuses
    beyond those that every operation may give (openapi.py). `example` is one of the body that is sent; `shows` maps
    media types to examples of the answer that are not named after its schema (examples.py). `counts_as` says how often
    it may be asked, None: as often as one likes."""

    id: str
    summary: str
    description: str
    answers: Mapping[str, str | None]
    refuses: tuple[int, ...] = ()
    redirects: bool = False
    is_conditional: bool = True
    example: Mapping[str, Any] = field(default_factory=dict)
    shows: Mapping[str, str] = field(default_factory=dict)
    counts_as: Allowance | None = READ


def json_of(schema: str) -> dict[str, str | None]:
    return {JSON: schema}


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


class Routes(Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    """A blueprint that parses strictly and knows the policy of each of its endpoints."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, description: str, **options: Any) -> None:
        super().__init__(name, __name__, description=description, **options)
        self.policies: dict[str, str] = {}
        self.allowances: dict[str, Allowance | None] = {}
        self.operations: dict[str, Operation] = {}

    def read(self, rule: str, view: View, query: Schema, operation: Operation, *, body: Schema | None = None) -> None:
        """Declare a public read: GET, or POST when the question stands in a body."""
        if body is not None:
            example = dict(operation.example)
            view = self.arguments(body, location="json", required=True, example=example)(view)
        view = self.arguments(query, location="query")(view)
        for media_type, schema in operation.answers.items():
            told = reference(schema) if schema else {"type": "string"}
            view = self.alt_response(200, schema=told, content_type=media_type, success=True)(view)
        view = self.doc(operationId=operation.id, summary=operation.summary, description=operation.description)(view)
        self.add_url_rule(rule, operation.id, view, methods=["GET" if body is None else "POST"])
        self.policies[f"{self.name}.{operation.id}"] = PUBLIC_READ
        self.allowances[f"{self.name}.{operation.id}"] = operation.counts_as
        self.operations[operation.id] = operation
