"""The two answers of an entry as marshmallow schemas: what `rendering.py` writes fast, defined field by field.

`dump` of what `told` gives equals the rendered bytes, and nothing that is not declared here goes out.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, cast

from marshmallow import Schema, fields

from kennis.content.derived import Derived
from kennis.content.fields import Code, ContentField
from kennis.content.fields_nested import ContentSchema, Many, Part
from kennis.content.fields_values import OrganisationId
from kennis.content.kinds import KINDS, schema
from kennis.content.rendering import content_properties, links, moment, named_organisations, shown_content, worked_out
from kennis.content.views import EntryView
from kennis.content.vocabulary import vocabularies

Document = dict[str, Any]
AnyField = fields.Field[Any]


def told(view: EntryView, derived: Derived, today: date, public_url: str) -> Document:
    """Everything either shape draws on, with bare codes; what the entry does not have is absent."""
    stored = {
        "publishedAt": view.published_at and moment(view, view.published_at),
        "checkedAt": view.checked_at,
        "checkedBy": view.checked_by,
        "reviewDue": view.review_due,
        "appliedMarks": list(view.approved_marks),
        "reviews": list(view.reviews),
        "passedTracks": list(view.passed_tracks),
    }
    return {
        **shown_content(view, today),
        "id": view.id,
        "slug": view.slug,
        "kind": view.kind,
        "status": view.status,
        "version": view.version,
        "createdAt": moment(view, view.created_at),
        "updatedAt": moment(view, view.updated_at),
        **{name: value for name, value in stored.items() if value},
        "derived": worked_out(derived),
        "links": links(view, public_url),
        "names": {i: o.name for i, o in view.organisations.items()},
        "linked": named_organisations(view),
        "recognitionFacet": derived.recognition_facet,
    }


class Coded(fields.Field[Any]):
    """A code with its label in the language of the answer."""

    def __init__(self, vocabulary: str, language: str, **options: Any) -> None:
        self.vocabulary, self.language = vocabulary, language
        code = {"type": "string", "enum": list(vocabularies()[vocabulary].codes)}
        properties = {"code": code, "label": {"type": "string"}}
        facts = {"type": "object", "properties": properties, "required": list(properties)}
        super().__init__(metadata=facts, **options)

    def _serialize(self, value: Any, *_where: Any, **_options: Any) -> Any:
        if value is None:
            return None
        return {"code": str(value), "label": vocabularies()[self.vocabulary].label(str(value), self.language)}


def _coded_list(vocabulary: str, language: str, **options: Any) -> fields.List[Any]:
    """Empty rather than absent, so that a reader need not ask."""
    return fields.List(Coded(vocabulary, language), dump_default=list, **options)


def _worked_out(name: str) -> AnyField:
    return fields.Raw(attribute=f"derived.{name}")


def _links() -> AnyField:
    address = {"type": "string", "format": "uri"}
    return fields.Nested(Schema.from_dict({n: fields.Raw(metadata=address) for n in ("self", "html")}, name="Links"))


# Card


@cache
def card_schema(kind: str, language: str) -> Schema:
    """In lists: every code with its label."""
    declared = KINDS[kind]
    shape: dict[str, AnyField] = {
        "id": fields.Raw(),
        "kind": Coded("kinds", language),
        "title": fields.Raw(),
        "summary": fields.Raw(),
        "topics": _coded_list("topics", language),
        "targetGroups": _coded_list("target-groups", language),
        "audiences": _coded_list("audiences", language),
        "organisations": fields.Raw(attribute="linked"),
        "regions": _coded_list("regions", language),
        "language": Coded("languages", language),
        "licence": Coded("licences", language),
        "publishedAt": fields.Raw(dump_default=None),
        "updatedAt": fields.Raw(),
    }
    if declared.is_assessed:
        shape |= _assessment(language)
    shape["checkedAt"] = fields.Raw(dump_default=None)
    shape |= {"isStale": _worked_out("isStale"), "isExpired": _worked_out("isExpired"), "isExample": fields.Raw()}
    shape["contentWarnings"] = _coded_list("content-warnings", language)
    if declared.has_channels:
        shape["channels"] = fields.List(fields.Nested(_channel(language)), dump_default=list)
        shape["isAlwaysOpen"] = fields.Function(_is_always_open)
    return _made(f"{declared.schema.__name__.removesuffix('Schema')}Card", {**shape, "links": _links()})


def _assessment(language: str) -> dict[str, AnyField]:
    recognition: dict[str, AnyField] = {
        "scheme": Coded("recognition-schemes", language),
        "level": Coded("recognition-levels", language),
        "foreignLevel": fields.Raw(),
        "status": Coded("recognition-statuses", language),
        "awarded": fields.Raw(),
        "validUntil": fields.Raw(),
    }
    return {
        "recognition": fields.Nested(Schema.from_dict(recognition, name="Leading"), attribute="derived.recognition"),
        "evidenceBand": Coded("evidence-bands", language, attribute="derived.evidenceBand"),
        "evidenceDirection": Coded("evidence-directions", language, attribute="derived.evidenceDirection"),
    }


def _channel(language: str) -> Schema:
    of = cast(Part, cast(Many, _field("help-offer", "channels")).inner).document
    shape = {str(f.data_key): _outward(f) for f in of.load_fields.values()}
    shape |= {"kind": Coded("channel-kinds", language), "languages": fields.List(Coded("languages", language))}
    return _made("CardChannel", shape)


def _is_always_open(entry: Document) -> bool:
    return any(channel.get("isAlwaysOpen", False) for channel in entry.get("channels", ()))


def _field(kind: str, name: str) -> AnyField:
    return next(f for f in schema(kind).load_fields.values() if f.data_key == name)


def _made(name: str, shape: Mapping[str, AnyField]) -> Schema:
    return Schema.from_dict(dict(shape), name=name)()


# Full


@cache
def full_schema(kind: str, language: str) -> Schema:
    """One entry: bare codes, with what is read-only beside them."""
    shape: dict[str, AnyField] = {name: fields.Raw() for name in ("id", "slug", "kind")}
    shape |= {name: _outward(_field(kind, name)) for name in content_properties(kind)}
    system = (
        "status version createdAt updatedAt publishedAt checkedAt checkedBy reviewDue appliedMarks reviews passedTracks"
    )
    shape |= {name: fields.Raw() for name in system.split()}
    shape |= {"derived": fields.Nested(_derived()), "links": _links()}
    shape["labels"] = fields.Function(lambda entry: _labels(kind, entry, language))
    return _made(KINDS[kind].schema.__name__.removesuffix("Schema"), shape)


def _outward(field: AnyField) -> AnyField:
    """The same field for an answer: values go out as they are stored, properties in the order of the model."""
    if isinstance(field, Many):
        return fields.List(_outward(field.inner), metadata=field.metadata)
    if isinstance(field, Part):
        inner = {str(f.data_key): _outward(f) for f in field.document.load_fields.values()}
        return fields.Nested(_made(type(field.document).__name__, inner), metadata=field.metadata)
    return fields.Raw(metadata=field.metadata)


def _derived() -> Schema:
    names = (
        "evidenceBand evidenceDirection evidenceRank evidenceConflict ageBands recognition recognitionStatus "
        "isExpired isStale isConfirmed evidenceType year"
    )
    return _made("Derived", {name: fields.Raw() for name in names.split()})


def _labels(kind: str, entry: Document, language: str) -> Document:
    found = {"kind": _label("kinds", entry["kind"], language), "status": _label("statuses", entry["status"], language)}
    derived = entry["derived"]
    beside: dict[str, tuple[str, Any]] = {
        "ageBands": ("age-bands", derived["ageBands"]),
        "evidenceType": ("evidence-types", derived["evidenceType"]),
        "evidenceBand": ("evidence-bands", derived["evidenceBand"]),
        "evidenceDirection": ("evidence-directions", derived["evidenceDirection"]),
        "recognition": ("recognition-levels", entry["recognitionFacet"]),
        "recognitionStatus": ("recognition-statuses", derived["recognitionStatus"]),
    }
    told = {name: _label(*of, language) for name, of in beside.items() if of[1] not in (None, ())}
    return {**found, **_within(schema(kind), entry, entry["names"], language), **told}


def _label(vocabulary: str, code: Any, language: str) -> Any:
    if isinstance(code, list | tuple):
        return [_label(vocabulary, one, language) for one in code]
    return vocabularies()[vocabulary].label(str(code), language)


def _within(of: ContentSchema, entry: Document, names: Mapping[str, str], language: str) -> Document:
    found: Document = {}
    for field in of.load_fields.values():
        name = str(field.data_key)
        one = field.inner if isinstance(field, Many) else field
        if name not in entry:
            continue
        if isinstance(one, Code):
            found[name] = _label(one.vocabulary_name, entry[name], language)
        elif isinstance(one, Part):
            items = entry[name] if isinstance(field, Many) else [entry[name]]
            for inner in one.document.load_fields.values():
                labels = [_of_part(cast(ContentField, inner), item, names, language) for item in items]
                if None not in labels:
                    found[f"{name}.{inner.data_key}"] = labels if isinstance(field, Many) else labels[0]
    return found


def _of_part(field: ContentField, item: Document, names: Mapping[str, str], language: str) -> str | None:
    value = item.get(str(field.data_key))
    if isinstance(field, OrganisationId):
        return names.get(value, value) if isinstance(value, str) else None
    if not isinstance(field, Code):
        return None
    return item.get(field.label_from or "") if value is None else str(_label(field.vocabulary_name, value, language))
