"""Reading an index of tantivy: hits in an order that every engine gives, and counts per facet in one call."""

from collections.abc import Mapping, Sequence
from typing import Any

import tantivy

from kennis.search.embedded_compile import filter_text
from kennis.search.port import AnyOf, FacetCount, Found, rounded
from kennis.search.ties import MARGIN, tie_begins, tie_ends


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
    first = tie_begins(scores, offset)
    last = len(scores) if end >= len(scores) else tie_ends(scores, end)
    found = [Found(id_at(searcher, hits[n][1]), scores[n]) for n in range(first, last)]
    found.sort(key=lambda hit: (-hit.score, hit.id))
    return tuple(found[offset - first : end - first]), total(result)


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
