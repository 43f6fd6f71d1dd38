"""Labels beside bare codes: which properties of a kind hold codes or organisations, found once in its schema."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from kennis.content.fields import Code, ContentField
from kennis.content.fields_nested import ContentSchema, Many, Part
from kennis.content.fields_values import OrganisationId
from kennis.content.kinds import schema
from kennis.content.views import OrganisationView
from kennis.content.vocabulary import vocabularies

Organisations = Mapping[str, OrganisationView]
Labels = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Place:
    """One property that is labelled: `recognitions.level`. `vocabulary` None: it names organisations.

    Codes that may be absent from items of a list have no label there, for labels stand in the order of the items;
    unless `label_from` names a property that stands in for them.
    """

    name: str
    outer: str
    inner: str | None
    is_list: bool
    vocabulary: str | None
    label_from: str | None


@cache
def places(kind: str) -> tuple[Place, ...]:
    return tuple(_places(schema(kind)))


def _places(of: ContentSchema) -> Iterator[Place]:
    for field in of.load_fields.values():
        name, is_list = cast(str, field.data_key), isinstance(field, Many)
        one = cast("ContentField | Part", field.inner if isinstance(field, Many) else field)
        if isinstance(one, Part):
            yield from _places_within(one.document, name, is_list=is_list)
        elif isinstance(one, Code):
            yield Place(name, name, None, is_list, one.vocabulary_name, None)


def _places_within(of: ContentSchema, outer: str, *, is_list: bool) -> Iterator[Place]:
    for field in of.load_fields.values():
        name = cast(str, field.data_key)
        if isinstance(field, OrganisationId):
            yield Place(f"{outer}.{name}", outer, name, is_list, None, None)
        elif isinstance(field, Code) and (field.required or field.label_from or not is_list):
            yield Place(f"{outer}.{name}", outer, name, is_list, field.vocabulary_name, field.label_from)


@cache
def table(vocabulary: str, language: str) -> Mapping[str, str]:
    """Code -> label of a whole vocabulary: one look-up per code instead of three."""
    terms = vocabularies()[vocabulary]
    return {code: terms.label(code, language) for code in terms.codes}


@cache
def _steps(kind: str, language: str) -> tuple[tuple[str, str, Callable[[Any, Mapping[str, str]], Any], Any], ...]:
    return tuple(
        (p.name, p.outer, _reader(p), table(p.vocabulary, language) if p.vocabulary else None) for p in places(kind)
    )


def _reader(place: Place) -> Callable[[Any, Mapping[str, str]], Any]:
    inner, other = place.inner, place.label_from or ""
    if inner is None:
        return _labels_of_codes if place.is_list else _label_of_code
    if not place.is_list:
        return lambda part, words: words.get(part[inner], part[inner]) if inner in part else None
    if other:
        return lambda parts, words: [words[p[inner]] if inner in p else p.get(other, "") for p in parts]
    return lambda parts, words: [words.get(p[inner], p[inner]) for p in parts]


def _label_of_code(code: str, words: Mapping[str, str]) -> str:
    return words.get(code, code)


def _labels_of_codes(codes: list[str], words: Mapping[str, str]) -> list[str]:
    return [words.get(code, code) for code in codes]


def labels(kind: str, content: Mapping[str, Any], organisations: Organisations, language: str) -> Labels:
    """Property -> label, or labels in the order of its items; within sub-objects under `property.inner`."""
    found: Labels = {}
    names = {i: o.name for i, o in organisations.items()}
    for name, outer, read, words in _steps(kind, language):
        value = content.get(outer)
        if value is not None:
            label = read(value, names if words is None else words)
            if label is not None:
                found[name] = label
    return found


def property_label(name: str, dutch: str, language: str) -> str:
    """English labels of properties are their names in words (content-model.md 4)."""
    if language != "en":
        return dutch
    return re.sub(r"(?<=[a-z])([A-Z])", lambda m: " " + m[1].lower(), name).capitalize()
