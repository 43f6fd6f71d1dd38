"""Counts of an engine as facets for readers: labels, order, what is selected, what is shown of it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kennis.content.vocabulary import Term, folded, vocabularies
from kennis.search.answers import Facet, FacetValue
from kennis.search.mapping import FacetMeta, mapping
from kennis.search.port import FacetCount

Counts = Mapping[str, int]
Filters = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Labels:
    """How values are named. `others` holds labels of values that no vocabulary knows, such as organisations."""

    language: str
    others: Mapping[str, str]


def default_facets() -> tuple[str, ...]:
    return tuple(name for name, facet in mapping().facets.items() if facet.is_default)


def to_count(names: Iterable[str]) -> tuple[FacetCount, ...]:
    """A repeated name counts once; the caller has refused unknown ones."""
    return tuple(FacetCount(name, mapping().facets[name].size) for name in dict.fromkeys(names))


def needs_labels(counts: Mapping[str, Counts], filters: Filters) -> set[str]:
    """Values of facets without a vocabulary: their labels stand in the database."""
    free = [name for name in counts if not mapping().facets[name].vocabularies]
    return {code for name in free for code in (*counts[name], *filters.get(name, ()))}


def make_facets(counts: Mapping[str, Counts], filters: Filters, labels: Labels) -> tuple[Facet, ...]:
    """In the order asked. A facet that makes sense only beside one value of another is empty without it."""
    return tuple(_facet(name, mapping().facets[name], found, filters, labels) for name, found in counts.items())


def _facet(name: str, meta: FacetMeta, counts: Counts, filters: Filters, labels: Labels) -> Facet:
    label = meta.labels.get(labels.language) or meta.labels["nl"]
    selected = filters.get(name, ())
    if meta.needs_one and not selected and len(filters.get(meta.needs_one, ())) != 1:
        return Facet(name, label, 0, ())
    known = _known(name, labels.language)
    placed = [(known.get(code) or _unknown(code, labels), count) for code, count in counts.items()]
    placed += [(known.get(code) or _unknown(code, labels), 0) for code in dict.fromkeys(selected) if code not in counts]
    if meta.sorting == "count":
        placed.sort(key=_by_count)
    else:
        placed.sort(key=_by_place)
    values = [
        FacetValue(value.code, value.label, count, value.code in selected, value.parent, value.group)
        for value, count in _shown(meta, placed, selected)
    ]
    return Facet(name, label, len(counts), tuple(values))


@dataclass(frozen=True, slots=True)
class _Value:
    """What never changes of a value: made once per language, for it is needed in every answer."""

    code: str
    label: str
    place: tuple[float, str, str]
    parent: str | None
    group: str | None


_Placed = tuple[_Value, int]


def _by_count(placed: _Placed) -> tuple[int, tuple[float, str, str]]:
    return -placed[1], placed[0].place


def _by_place(placed: _Placed) -> tuple[float, str, str]:
    return placed[0].place


def _unknown(code: str, labels: Labels) -> _Value:
    label = labels.others.get(code, code)
    return _Value(code, label, (math.inf, folded(label), code), None, None)


@cache
def _known(name: str, language: str) -> dict[str, _Value]:
    """The values of the vocabularies of a facet; of a code in two of them the first counts."""
    meta = mapping().facets[name]
    found: dict[str, _Value] = {}
    for vocabulary in meta.vocabularies:
        for term in vocabularies()[vocabulary]:
            label = term.labels.get(language) or term.labels["nl"]
            # By count or label: the label decides; else the order of the vocabulary.
            order = float(term.order) if meta.sorting == "vocabulary" else math.inf
            place = (order, folded(label), term.code)
            found.setdefault(term.code, _Value(term.code, label, place, term.parent, term.group))
    return found


def term_of(meta: FacetMeta, code: str) -> Term | None:
    """The first vocabulary of the facet that knows the code."""
    return next((t for name in meta.vocabularies if (t := vocabularies()[name].get(code))), None)


def _shown(meta: FacetMeta, placed: list[_Placed], selected: Sequence[str]) -> list[_Placed]:
    """The most frequent ones; what is selected stays, so that it can be taken away again."""
    if meta.shown is None or len(placed) <= meta.shown:
        return placed
    return [*placed[: meta.shown], *(p for p in placed[meta.shown :] if p[0].code in selected)]
