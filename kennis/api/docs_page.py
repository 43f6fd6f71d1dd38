"""The OpenAPI document in the order in which a person reads it; the template only writes it down."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kennis.api import problems


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    place: str
    is_required: bool
    shape: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """`schema` is the name of the schema of its content, empty without one."""

    status: str
    text: str
    media_types: str
    schema: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One operation."""

    id: str
    method: str
    path: str
    summary: str
    text: str
    parameters: tuple[Parameter, ...]
    body: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Property:
    name: str
    shape: str
    is_required: bool
    text: str


@dataclass(frozen=True, slots=True)
class Schema:
    """`example` is JSON, empty without one."""

    name: str
    text: str
    properties: tuple[Property, ...]
    example: str


@dataclass(frozen=True, slots=True)
class DocsPage:
    """`about`: paragraphs of one line, lists of several. `groups`: tag, its description and operations."""

    title: str
    version: str
    about: tuple[tuple[str, ...], ...]
    server: str
    contact: Mapping[str, str]
    groups: tuple[tuple[str, str, tuple[Shown, ...]], ...]
    problems: tuple[problems.ProblemKind, ...]
    schemas: tuple[Schema, ...]


def page(document: Mapping[str, Any]) -> DocsPage:
    shown = [
        (operation["tags"][0], _operation(document, method, path, operation))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method != "parameters"
    ]
    info = document["info"]
    return DocsPage(
        title=info["title"],
        version=info["version"],
        about=tuple(_block(part) for part in info["description"].replace("`", "").strip().split("\n\n")),
        server=document["servers"][0]["url"],
        contact=info["contact"],
        groups=tuple(
            (tag["name"], tag.get("description", ""), tuple(one for name, one in shown if name == tag["name"]))
            for tag in document["tags"]
        ),
        problems=problems.KINDS,
        schemas=tuple(_schema(document, name) for name in sorted(document["components"]["schemas"])),
    )


def _block(text: str) -> tuple[str, ...]:
    lines = text.split("\n")
    return tuple(line.removeprefix("- ") for line in lines) if text.startswith("- ") else (" ".join(lines),)


def _operation(document: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]) -> Shown:
    shared = document["paths"][path].get("parameters", ())
    content = operation.get("requestBody", {}).get("content", {})
    return Shown(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        text=operation["description"].replace("`", ""),
        parameters=tuple(_parameter(_resolved(document, p)) for p in (*shared, *operation.get("parameters", ()))),
        body=next((_shape(media["schema"]) for media in content.values()), ""),
        answers=tuple(_answer(status, _resolved(document, r)) for status, r in operation["responses"].items()),
    )


def _resolved(document: Mapping[str, Any], thing: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in thing:
        return thing
    found: Any = document
    for step in thing["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    resolved: Mapping[str, Any] = found
    return resolved


def _parameter(one: Mapping[str, Any]) -> Parameter:
    places = {"query": "vraag", "path": "adres", "header": "header"}
    text = one.get("description", "Kenmerk van het item." if one["name"] == "id" else "")
    return Parameter(one["name"], places[one["in"]], one.get("required", False), _shape(one["schema"]), text)


def _answer(status: str, response: Mapping[str, Any]) -> Answer:
    content = response.get("content", {})
    names = [name for media in content.values() if (name := media.get("schema", {}).get("$ref", ""))]
    return Answer(status, response["description"], ", ".join(content), _name(names[0]) if names else "")


def _name(pointer: str) -> str:
    return pointer.rpartition("/")[2]


def _schema(document: Mapping[str, Any], name: str) -> Schema:
    schema, example = document["components"]["schemas"][name], document["components"]["examples"].get(name)
    required = schema.get("required", ())
    properties = tuple(
        Property(key, _shape(one), key in required, one.get("description", one.get("title", "")))
        for key, one in schema.get("properties", {}).items()
    )
    text = schema.get("description", "") or ", ".join(_options(schema))
    written = json.dumps(example["value"], ensure_ascii=False, indent=2) if example else ""
    return Schema(name, text, properties, written)


def _shape(schema: Mapping[str, Any]) -> str:
    """A schema in a few words; names of other schemas stand in it as they are."""
    if "$ref" in schema:
        return _name(schema["$ref"])
    if options := list(_options(schema)):
        return " of ".join(options)
    if schema.get("type") == "array":
        return f"lijst van {_shape(schema.get('items', {}))}"
    kinds = schema.get("type", "iets")
    words = " of ".join(kinds) if isinstance(kinds, list) else str(kinds)
    if "enum" in schema:
        listed = [str(code) for code in schema["enum"]]
        # More codes than this are read at /vocabularies, not in a table: guess.
        return ", ".join(listed) if len(listed) <= 12 else f"code ({len(listed)} mogelijk)"
    return f"{words} ({schema['format']})" if "format" in schema else words


def _options(schema: Mapping[str, Any]) -> Iterator[str]:
    for key in ("anyOf", "oneOf", "allOf"):
        yield from (_shape(one) for one in schema.get(key, ()))
