"""The schemas tell OpenAPI what they enforce, and their examples are accepted."""

from collections.abc import Iterator
from typing import Any

import pytest
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from openapi_schema_validator import OAS31Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from kennis.content import kinds, shapes
from kennis.content.fields import Code
from kennis.content.fields_nested import ContentSchema, Many, Part
from kennis.content.kinds import KINDS
from tests.factories import make_entry, make_organisation, make_typical


def described(*schemas: Any) -> dict[str, Any]:
    spec = APISpec("Kennis", "1.0.0", "3.1.0", plugins=[MarshmallowPlugin()])
    for name, schema in schemas:
        spec.components.schema(name, schema=schema)
    document: dict[str, Any] = spec.to_dict()
    return document


def faults(openapi: dict[str, Any], name: str, document: Any) -> list[str]:
    registry = Registry().with_resource("urn:kennis", Resource(openapi, DRAFT202012))
    schema = {"$ref": f"urn:kennis#/components/schemas/{name}"}
    checker = OAS31Validator.FORMAT_CHECKER
    return [e.message for e in OAS31Validator(schema, registry=registry, format_checker=checker).iter_errors(document)]


def every_field(of: ContentSchema, path: str = "") -> Iterator[tuple[str, Any]]:
    for field in of.load_fields.values():
        here = f"{path}/{field.data_key}"
        yield here, field
        one = field.inner if isinstance(field, Many) else field
        if isinstance(field, Many):
            yield f"{here}/*", one
        if isinstance(one, Part):
            yield from every_field(one.document, here)


SCHEMAS = [*((code, kinds.schema(code)) for code in KINDS), ("organisation", kinds.organisation_schema())]
FIELDS = [(f"{code}{path}", field) for code, of in SCHEMAS for path, field in every_field(of)]


@pytest.mark.req("V08")
@pytest.mark.parametrize(("path", "field"), FIELDS, ids=[path for path, _ in FIELDS])
def test_every_field_has_a_dutch_label_and_a_bound(path: str, field: Any) -> None:
    facts = field.metadata
    assert facts["title"]
    bounded = {"maxLength", "maximum", "maxItems", "enum", "format", "pattern", "anyOf"} & facts.keys()
    assert bounded or facts.get("type") == "boolean" or isinstance(field, Part)


@pytest.mark.parametrize(("path", "field"), FIELDS, ids=[path for path, _ in FIELDS])
def test_examples_are_accepted(path: str, field: Any) -> None:
    for example in field.metadata.get("examples", ()):
        assert field.parse(example) == example


@pytest.mark.parametrize("code", KINDS)
def test_what_the_schema_accepts_is_valid_by_its_openapi_description(code: str) -> None:
    openapi = described(("Whole", kinds.schema(code)), ("Draft", kinds.schema(code, draft=True)))
    for document in (make_entry(code), make_typical(code)):
        assert faults(openapi, "Whole", document) == []
    assert faults(openapi, "Draft", {"title": "Een begin", "language": "nl"}) == []
    assert faults(openapi, "Whole", {"title": "Een begin"})


def test_organisations_are_described_as_well() -> None:
    openapi = described(("Organisation", kinds.organisation_schema()))
    assert faults(openapi, "Organisation", make_organisation()) == []
    assert faults(openapi, "Organisation", make_organisation(organisationKind="fout"))


def test_bounds_and_codes_stand_in_the_description() -> None:
    properties = described(("Lesson", kinds.schema("lesson")))["components"]["schemas"]["Lesson"]["properties"]
    assert (properties["title"]["minLength"], properties["title"]["maxLength"]) == (3, 150)
    assert properties["eventDate"]["format"] == "date"
    assert properties["language"]["default"] == "nl"
    assert (properties["topics"]["minItems"], properties["topics"]["maxItems"]) == (1, 6)
    assert "partnergeweld" in properties["topics"]["items"]["enum"]
    assert properties["recommendedTo"]["uniqueItems"] is True


def test_facet_values_and_stored_codes_are_kept_apart() -> None:
    recognition = kinds.schema("intervention").fields["recognitions"].inner.document  # type: ignore[attr-defined]
    level = next(f for f in recognition.load_fields.values() if f.data_key == "level")
    assert isinstance(level, Code)
    assert not {"niet-beoordeeld", "buitenlands"} & level.codes


@pytest.mark.parametrize("code", KINDS)
def test_a_kind_made_twice_is_the_same_instance(code: str) -> None:
    assert kinds.schema(code) is kinds.schema(code)
    assert shapes.card_schema(code, "nl") is shapes.card_schema(code, "nl")
