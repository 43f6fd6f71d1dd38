"""The gap map: for each value of one facet the counts of another, so that empty cells show where knowledge lacks."""

from collections.abc import Callable, Iterator

from kennis.content.vocabulary import Term, vocabularies
from kennis.errors import Invalid, Problem, Text
from kennis.search.answers import GapMap, GapRow
from kennis.search.mapping import FacetMeta, mapping
from kennis.search.port import AnyOf, SearchResult

# What the map is for (content-model.md 10): subjects and people against how sure we are, or what kind it is.
ROWS = ("topic", "audience", "targetGroup")
COLUMNS = ("recognition", "evidenceBand", "kind")


def check(rows: str, columns: str) -> None:
    """Invalid, both faults at once."""
    problems = [
        Problem(
            Text(f"{name} kan hier niet; kies uit: {', '.join(allowed)}.",
                 f"{name} is not possible here; choose one of: {', '.join(allowed)}."),
            parameter=parameter,
        )
        for parameter, name, allowed in (("rows", rows, ROWS), ("columns", columns, COLUMNS))
        if name not in allowed
    ]  # fmt: skip
    if problems:
        raise Invalid(problems)


def make_map(rows: str, columns: str, language: str, count: Callable[[AnyOf | None], SearchResult]) -> GapMap:
    """One search per row, without hits; `count` answers the columns under one more condition."""
    facets = mapping().facets
    across = list(_terms(facets[columns]))
    made = []
    for term in _terms(facets[rows]):
        found = count(AnyOf(rows, (term.code,)))
        counts = found.facets[columns]
        cells = tuple(counts.get(column.code, 0) for column in across)
        made.append(GapRow(term.code, _label(term, language), found.total, cells))
    heads = tuple((column.code, _label(column, language)) for column in across)
    return GapMap(rows, columns, heads, tuple(made), count(None).total)


def _terms(meta: FacetMeta) -> Iterator[Term]:
    for name in meta.vocabularies:
        yield from (term for term in vocabularies()[name] if not term.is_retired)


def _label(term: Term, language: str) -> str:
    return term.labels.get(language) or term.labels["nl"]
