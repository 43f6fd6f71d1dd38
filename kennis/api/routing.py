"""How a route is declared: rule, view, parameters, what it answers and who may use it, in one call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema

from kennis.access import policy
from kennis.api import guarding
from kennis.api.allowances import READ, Allowance
from kennis.api.framework import StrictParser
from kennis.api.negotiation import JSON
from kennis.installation import PUBLIC_READ

View = Callable[..., Response]
NO_CONTENT = 204


@dataclass(frozen=True, slots=True)
class Operation:
    """`answers` maps media types to names of component schemas (None: any content); `refuses` are the statuses
    beyond those that every operation of its sort may give (openapi.py). `example` is one of the body that is sent;
    `shows` maps media types to examples of the answer that are not named after its schema (examples.py).
    `counts_as` says how often it may be asked, None: as often as one likes.

    Of what takes a key: `policy` is a key of `POLICY`, `succeeds` the statuses with the answer (204 has none), `sends`
    maps media types of the body to component schemas where no marshmallow schema reads it.
    """

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
    policy: str = PUBLIC_READ
    is_entrusted: bool = False
    succeeds: tuple[int, ...] = (200,)
    sends: Mapping[str, str] = field(default_factory=dict)
    needs_version: bool = False
    may_be_repeated: bool = False
    may_take_key: bool = False

    @property
    def takes_key(self) -> bool:
        return self.policy != PUBLIC_READ

    @property
    def scope(self) -> str | None:
        """Of the key it takes, None for any; of a read that shows more with a key, the scope that does."""
        return policy.scope_of(self.policy if self.takes_key else "read", is_entrusted=self.is_entrusted)


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
        self._declare("GET" if body is None else "POST", rule, self._parsing(view, query, body, operation), operation)

    def keyed(
        self, method: str, rule: str, view: View, query: Schema, operation: Operation, *, body: Schema | None = None
    ) -> None:
        """Declare what takes a key: a write, or a read of what is not public. Nothing that came along is looked at
        before the key is known and has the scope of the operation; what is refused is told to the audit (guarding.py).
        The view is called with the query, the body that `body` reads, and what the address names; without `body` and
        `sends` a body is refused. It finds out who asks with `identity.known_caller`."""
        if body is None and not operation.sends and method != "GET":
            view = guarding.without_body(view)
        view = self._parsing(view, query, body, operation)
        view = guarding.guarded(view, operation.policy, is_entrusted=operation.is_entrusted, is_read=method == "GET")
        self._declare(method, rule, view, operation)

    def _parsing(self, view: View, query: Schema, body: Schema | None, operation: Operation) -> View:
        if body is not None:
            example = dict(operation.example)
            is_required = not getattr(body, "may_be_absent", False)
            view = self.arguments(body, location="json", required=is_required, example=example)(view)
        parsing: View = self.arguments(query, location="query")(view)
        return parsing

    def _declare(self, method: str, rule: str, view: View, operation: Operation) -> None:
        told: dict[str, Any] = {
            "operationId": operation.id,
            "summary": operation.summary,
            "description": operation.description,
            "responses": {str(status): _content(operation.answers, status) for status in operation.succeeds},
        }
        if operation.sends:
            sent = _content(operation.sends)["content"]
            for media in sent.values():
                media["example"] = dict(operation.example)
            told["requestBody"] = {"required": True, "content": sent}
        self.add_url_rule(rule, operation.id, self.doc(**told)(view), methods=[method])
        self.policies[f"{self.name}.{operation.id}"] = operation.policy
        self.allowances[f"{self.name}.{operation.id}"] = operation.counts_as
        self.operations[operation.id] = operation


def _content(schemas: Mapping[str, str | None], status: int = 200) -> dict[str, Any]:
    if status == NO_CONTENT:
        return {}
    return {
        "content": {form: {"schema": reference(name) if name else {"type": "string"}} for form, name in schemas.items()}
    }
