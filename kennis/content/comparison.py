"""Entries beside one another, property by property, in the order of the content model (sections 2 and 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kennis.content import kinds
from kennis.content.labelling import property_label

# Names, long reading and housekeeping: nothing that one entry has more or less of than another.
NOT_COMPARED = frozenset(
    {"title", "alternativeTitles", "body", "language", "externalIds", "relations", "contributor", "licence"}
    | {"sources", "contact"}
)


@dataclass(frozen=True, slots=True)
class Cell:
    """`label` is what a reader sees for codes: one label or a list; None when the value speaks for itself."""

    value: Any
    label: Any


@dataclass(frozen=True, slots=True)
class Row:
    """One property; a cell per entry in the order asked, None where it has none."""

    name: str
    label: str
    cells: tuple[Cell | None, ...]


def rows(documents: Sequence[Mapping[str, Any]], language: str) -> list[Row]:
    """`documents` are full entries with their `labels`. Properties that none of them has are left out."""
    return [
        Row(name, label, tuple(_cell(document, name) for document in documents))
        for name, label in _properties([document["kind"] for document in documents], language).items()
        if any(name in document for document in documents)
    ]


def _properties(kind_codes: Sequence[str], language: str) -> dict[str, str]:
    """Name -> label: what all kinds share first, then the fields of each kind in the order they were asked."""
    found: dict[str, str] = {}
    for code in dict.fromkeys(kind_codes):
        for field in kinds.schema(code).fields.values():
            name = str(field.data_key)
            if name not in NOT_COMPARED:
                found.setdefault(name, property_label(name, field.metadata.get("title", name), language))
    return found


def _cell(document: Mapping[str, Any], name: str) -> Cell | None:
    if name not in document:
        return None
    return Cell(document[name], document.get("labels", {}).get(name))
