"""Reading an index of tantivy: hits in an order that every engine gives, and counts per facet in one call."""

from collections.abc import Mapping, Sequence
from typing import Any

import tantivy

from kennis.search.embedded_compile import filter_text
from kennis.search.port import AnyOf, FacetCount, Found, SearchRequest, rounded

# Hits fetched beyond the page, so that ties at its end are seen; the group of a longer tie is fetched whole (guess).
MARGIN = 20


def total(result: tantivy.SearchResult) -> int:
    return int(result.count)  # type: ignore[attr-defined]  # forgotten in tantivy's own stubs


def id_at(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> str:
    return str(searcher.doc(address).get_first("id"))


def ranked(searcher: tantivy.Searcher, query: tantivy.Query, offset: int, limit: int) -> tuple[tuple[Found, ...], int]:
    """tantivy breaks ties by its own order of documents: fetch past the page until the last tie on it is whole."""
    end, size = offset + limit, offset + limit + MARGIN
    while True:
        result = searcher.search(query, size)
        hits = result.hits  # made anew at every look
        scores = [rounded(score) for score, _ in hits]
        if len(scores) < size or scores[-1] < scores[end - 1]:
            break
        size = min(size * 4, total(result) + 1)
    first = _start_of_tie(scores, offset)
    last = len(scores) if end >= len(scores) else _start_of_tie(scores, end, forward=True)
    found = [Found(id_at(searcher, hits[n][1]), scores[n]) for n in range(first, last)]
    found.sort(key=lambda hit: (-hit.score, hit.id))
    return tuple(found[offset - first : end - first]), total(result)


def _start_of_tie(scores: Sequence[float], at: int, *, forward: bool = False) -> int:
    """Where the run of equal scores around position `at` begins; forward: where the run before it has ended."""
    if forward:
        while at < len(scores) and scores[at] == scores[at - 1]:
            at += 1
        return at
    while 0 < at < len(scores) and scores[at] == scores[at - 1]:
        at -= 1
    return at


def grouped(request: SearchRequest) -> list[tuple[list[FacetCount], tuple[AnyOf, ...]]]:
    """Facets with the selections they are counted under. All that nothing is selected in share one group."""
    chosen = {s.field for s in request.selections}
    groups = [([f for f in request.facets if f.field not in chosen], request.selections)]
    groups += [
        ([facet], tuple(s for s in request.selections if s.field != facet.field))
        for facet in request.facets
        if facet.field in chosen
    ]
    return [group for group in groups if group[0]]


def group(facets: Sequence[FacetCount], selections: tuple[AnyOf, ...]) -> dict[str, Any]:
    return {"filter": filter_text(selections) if selections else "*", "aggs": terms_of(facets)}


def terms_of(facets: Sequence[FacetCount]) -> dict[str, Any]:
    return {f.field: {"terms": {"field": f.field, "size": f.size}} for f in facets}


def counts(answer: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    return {
        name: {str(b["key"]): int(b["doc_count"]) for b in part["buckets"]}
        for name, part in answer.items()
        if isinstance(part, dict)
    }
