"""What breaks a partner is found; what is added is not in the way."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tools.openapi_diff import breaking

Json = dict[str, Any]
OLD: Json = {
    "info": {"version": "1.0.0"},
    "paths": {
        "/things": {
            "get": {
                "parameters": [
                    {"name": "q", "in": "query", "schema": {"type": "string", "maxLength": 500}},
                    {"name": "kind", "in": "query", "schema": {"type": "array", "items": {"enum": ["a", "b"]}}},
                ],
                "responses": {"200": {"content": {"application/json": {}, "text/turtle": {}}}, "404": {}},
            },
            "post": {
                "requestBody": {
                    "required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ask"}}}
                },
                "responses": {"200": {}},
            },
        }
    },
    "components": {
        "schemas": {
            "Thing": {
                "type": "object", "required": ["id"],
                "properties": {"id": {"type": "string"}, "kind": {"type": "string", "enum": ["a", "b"]}},
            },
            "Ask": {"type": "object", "properties": {"q": {"type": "string", "maxLength": 500}}},
        }
    },
}  # fmt: skip


def get(document: Json) -> Json:
    return document["paths"]["/things"]["get"]  # type: ignore[no-any-return]


def thing(document: Json) -> Json:
    return document["components"]["schemas"]["Thing"]  # type: ignore[no-any-return]


def ask(document: Json) -> Json:
    return document["components"]["schemas"]["Ask"]  # type: ignore[no-any-return]


BREAKS: list[tuple[str, Callable[[Json], Any]]] = [
    ("path /things is gone", lambda d: d["paths"].pop("/things")),
    ("operation GET /things is gone", lambda d: d["paths"]["/things"].pop("get")),
    ("response 404 is gone", lambda d: get(d)["responses"].pop("404")),
    ("200 as text/turtle is gone", lambda d: get(d)["responses"]["200"]["content"].pop("text/turtle")),
    ("parameter q is gone", lambda d: get(d)["parameters"].pop(0)),
    ("parameter q is newly required", lambda d: get(d)["parameters"][0].update(required=True)),
    ("parameter page is newly required", lambda d: get(d)["parameters"].append(
        {"name": "page", "in": "query", "required": True, "schema": {}})),
    ("maxLength is lower", lambda d: get(d)["parameters"][0]["schema"].update(maxLength=100)),
    ("value b is not accepted any more", lambda d: get(d)["parameters"][1]["schema"]["items"]["enum"].remove("b")),
    ("schema Thing is gone", lambda d: d["components"]["schemas"].pop("Thing")),
    ("property kind is gone", lambda d: thing(d)["properties"].pop("kind")),
    ("value b is gone", lambda d: thing(d)["properties"]["kind"]["enum"].remove("b")),
    ("property id may now be absent", lambda d: thing(d).pop("required")),
    ("the type changed", lambda d: thing(d)["properties"]["id"].update(type="integer")),
    ("property q is newly required", lambda d: ask(d).update(required=["q"])),
    ("maxLength is lower", lambda d: ask(d)["properties"]["q"].update(maxLength=10)),
]  # fmt: skip


@pytest.mark.parametrize(("told", "change"), BREAKS)
def test_a_break_is_named(told: str, change: Callable[[Json], Any]) -> None:
    new = copy.deepcopy(OLD)
    change(new)
    assert any(told in line for line in breaking(OLD, new))


ADDS: list[Callable[[Json], Any]] = [
    lambda d: d["paths"].update({"/more": {"get": {"responses": {}}}}),
    lambda d: get(d)["parameters"].append({"name": "page", "in": "query", "schema": {}}),
    lambda d: get(d)["parameters"][0]["schema"].update(maxLength=1000),
    lambda d: get(d)["parameters"][1]["schema"]["items"]["enum"].append("c"),
    lambda d: get(d)["responses"].update({"410": {}}),
    lambda d: thing(d)["properties"].update(more={"type": "string"}),
    lambda d: thing(d)["required"].append("kind"),
    lambda d: thing(d)["properties"]["kind"]["enum"].append("c"),
    lambda d: ask(d)["properties"].update(more={"type": "string"}),
]


@pytest.mark.parametrize("change", ADDS)
def test_what_is_added_breaks_nobody(change: Callable[[Json], Any]) -> None:
    new = copy.deepcopy(OLD)
    change(new)
    assert breaking(OLD, new) == []
