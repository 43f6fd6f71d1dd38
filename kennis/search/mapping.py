"""The fields of the index, read from `index_mappings/entries.json`: the one file behind both engines and the facets.

The file is the body with which Elasticsearch makes its index. Its `_meta` says for people and for Kennis what each
field is for; the embedded engine makes its schema from the same properties.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from kennis import resources
from kennis.content.vocabulary import vocabularies
from kennis.errors import BadSetup

# At the head of every text field of every document, so that both engines count the same documents and lengths
# (search.md 6). It is no word character: no analysed text or query can hold it.
MARKER = "¶"

Type = Literal["text", "keyword", "integer", "boolean"]
Sorting = Literal["vocabulary", "count", "label"]
TYPES = ("text", "keyword", "integer", "boolean")
WEIGHTS = ("A", "B", "C", "-")
SORTINGS = ("vocabulary", "count", "label")


@dataclass(frozen=True, slots=True)
class FacetMeta:
    """`size` is how many values an engine counts, `shown` how many are shown of it; `needs_one`: only when one
    value of that other facet is selected is this one worth showing."""

    labels: Mapping[str, str]
    number: int
    sorting: Sorting
    size: int
    vocabularies: tuple[str, ...]
    is_default: bool
    on_cards: bool
    shown: int | None
    needs_one: str | None


@dataclass(frozen=True, slots=True)
class Field:
    """`has_positions` is needed for phrases; `is_column` for counting and ordering by it."""

    name: str
    type: Type
    has_positions: bool
    is_column: bool
    purpose: str
    weight: str
    facet: FacetMeta | None


@dataclass(frozen=True)
class IndexMapping:
    """`version` changes with the number in the file and with any property: an index of another one is not read."""

    version: str
    fields: Mapping[str, Field]
    facets: Mapping[str, FacetMeta]
    body: Mapping[str, Any]

    @property
    def text_fields(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields.values() if f.type == "text")


def _broken(path: Path, nl: str, en: str) -> BadSetup:
    return BadSetup(
        f"Het bestand {path} deugt niet: {nl}. Zet de versie uit de installatie terug.",
        f"The file {path} is broken: {en}. Put back the version of the installation.",
    )


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _broken(path, "het is niet te lezen", f"it cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise _broken(path, f"het is geen geldige JSON ({error})", f"it is not valid JSON ({error})") from error


def _facet(raw: Mapping[str, Any]) -> FacetMeta:
    labels, sorting, size = raw["label"], raw["sort"], raw["size"]
    if not (labels["nl"] and labels["en"]) or sorting not in SORTINGS or not isinstance(size, int) or size < 1:
        raise ValueError("label, sort or size")
    unknown = [name for name in raw["vocabularies"] if name not in vocabularies()]
    if unknown:
        raise ValueError(f"vocabulary {unknown[0]}")
    return FacetMeta(
        labels=MappingProxyType(dict(labels)),
        number=int(raw["number"]),
        sorting=sorting,
        size=size,
        vocabularies=tuple(raw["vocabularies"]),
        is_default=bool(raw["isDefault"]),
        on_cards=bool(raw["onCards"]),
        shown=raw.get("shown"),
        needs_one=raw.get("needsOne"),
    )


def _field(name: str, properties: Mapping[str, Any], meta: Mapping[str, Any]) -> Field:
    kind, weight, purpose = properties["type"], meta["weight"], meta["purpose"]
    if kind not in TYPES or weight not in WEIGHTS or not purpose:
        raise ValueError("type, weight or purpose")
    if kind == "text" and properties.get("analyzer") != "whitespace":
        raise ValueError("a text field holds ready tokens: analyzer whitespace")
    return Field(
        name=name,
        type=kind,
        has_positions=kind == "text" and properties.get("index_options", "positions") == "positions",
        is_column=kind != "text" and properties.get("doc_values", True),
        purpose=str(purpose),
        weight=weight,
        facet=_facet(meta["facet"]) if "facet" in meta else None,
    )


def _fields(path: Path, mappings: Mapping[str, Any]) -> dict[str, Field]:
    properties, described = mappings["properties"], mappings["_meta"]["fields"]
    if set(properties) != set(described):
        odd = ", ".join(sorted(set(properties) ^ set(described)))
        raise _broken(path, f"velden zonder beschrijving of andersom: {odd}", f"not described, or no field: {odd}")
    fields = {}
    for name, raw in properties.items():
        try:
            fields[name] = _field(name, raw, described[name])
        except (KeyError, TypeError, ValueError) as error:
            raise _broken(path, f"veld {name} klopt niet ({error})", f"field {name} is wrong ({error})") from error
    return fields


def load(path: Path) -> IndexMapping:
    """Read and check the file; BadSetup names the file and the field."""
    body = _read(path)
    try:
        mappings = body["mappings"]
        number, is_strict = int(mappings["_meta"]["version"]), mappings["dynamic"] == "strict"
        fields = _fields(path, mappings)
    except (KeyError, TypeError, ValueError) as error:
        raise _broken(path, f"er ontbreekt iets ({error})", f"something is missing ({error})") from error
    if not is_strict:
        raise _broken(path, "dynamic moet strict zijn", "dynamic must be strict")
    digest = hashlib.sha256(json.dumps(mappings["properties"], sort_keys=True).encode()).hexdigest()[:8]
    facets = sorted(((f.facet.number, f.name, f.facet) for f in fields.values() if f.facet), key=lambda f: f[:2])
    return IndexMapping(
        version=f"{number}-{digest}",
        fields=MappingProxyType(fields),
        facets=MappingProxyType({name: facet for _, name, facet in facets}),
        body=MappingProxyType(body),
    )


@cache
def mapping() -> IndexMapping:
    """The mapping of this installation, read once."""
    return load(resources.path("index_mappings") / "entries.json")
