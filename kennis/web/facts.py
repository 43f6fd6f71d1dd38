"""Properties of an entry as labelled values for a page. The schema knows the label and the type; nothing else does."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from kennis.content.fields import Code, ContentField, Line, Markdown, PlainText
from kennis.content.fields_nested import ContentSchema, Many, Part
from kennis.content.fields_values import Day, Flag, Int, Moment, Number, PartialDate
from kennis.content.vocabulary import vocabularies
from kennis.web import dutch, markup

# A whole number that cannot be smaller is a year, and years have no point after the thousand.
FIRST_YEAR = 1900


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with short values."""

    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A block of its own: `shape` says how the template shows `value`, `name` is the property."""

    name: str
    label: str
    shape: str
    value: Any


def fact(schema: ContentSchema, content: Mapping[str, Any], name: str) -> Fact | None:
    """None when the entry does not hold it."""
    if content.get(name) is None:
        return None
    field = field_of(schema, name)
    return Fact(label(field), tuple(texts(field, content[name])))


def facts(schema: ContentSchema, content: Mapping[str, Any], names: Iterable[str]) -> list[Fact]:
    return [found for name in names if (found := fact(schema, content, name))]


def section(schema: ContentSchema, content: Mapping[str, Any], name: str) -> Section | None:
    if content.get(name) is None:
        return None
    field, value = field_of(schema, name), content[name]
    if isinstance(field, Part):
        return Section(name, label(field), name, described(field.document, value))
    if isinstance(field, Many) and isinstance(field.inner, Part):
        inner = field.inner.document
        return Section(name, label(field), name, [described(inner, item) for item in value])
    if isinstance(field, Many):
        return Section(name, label(field), "list", list(texts(field, value)))
    if isinstance(field, Markdown):
        return Section(name, label(field), "markup", markup.from_markdown(value, top=3))
    return Section(name, label(field), "text", markup.paragraphs("\n\n".join(texts(field, value))))


def sections(schema: ContentSchema, content: Mapping[str, Any], names: Iterable[str]) -> list[Section]:
    return [found for name in names if (found := section(schema, content, name))]


def described(schema: ContentSchema, part: Mapping[str, Any]) -> dict[str, Any]:
    """Every property of a sub-object, absent ones None, and under `labels` the words of each that is there."""
    words = {name: ", ".join(texts(field_of(schema, name), value)) for name, value in part.items()}
    return {**dict.fromkeys(str(field.data_key) for field in schema.load_fields.values()), **part, "labels": words}


def field_of(schema: ContentSchema, name: str) -> Any:
    return next(field for field in schema.load_fields.values() if field.data_key == name)


def label(field: Any) -> str:
    return str(cast(ContentField, field).metadata["title"])


def texts(field: Any, value: Any) -> Iterable[str]:
    if isinstance(field, Many):
        return [text for item in value for text in texts(field.inner, item)]
    if isinstance(field, Code):
        return [field.vocabulary[value].labels["nl"]]
    for kind, written in _WRITTEN:
        if isinstance(field, kind):
            return [written(field, value)]
    return [str(value)]


def _yes_no(_: Any, value: bool) -> str:
    return vocabularies()["answers"]["yes" if value else "no"].labels["nl"]


def _whole(field: Int, value: int) -> str:
    return str(value) if field.least >= FIRST_YEAR else dutch.number(value)


_WRITTEN: tuple[tuple[type, Callable[[Any, Any], str]], ...] = (
    (Flag, _yes_no),
    (Int, _whole),
    (Number, lambda _, value: dutch.number(value)),
    (Day, lambda _, value: dutch.day(value)),
    (PartialDate, lambda _, value: dutch.partial_day(value)),
    (Moment, lambda _, value: dutch.moment(value)),
    (Line, lambda _, value: str(value)),
    (PlainText, lambda _, value: str(value)),
)
