"""Asking Elasticsearch: requests as it wants them, and answers as the port promises them. Knows no client."""

import zlib
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from kennis.errors import SearchUnavailable
from kennis.search.counting import grouped
from kennis.search.elastic_compile import Json, every, query
from kennis.search.mapping import MARKER
from kennis.search.port import RELEVANCE, WINDOW, Condition, FacetCount, Found, SearchRequest, SearchResult, rounded
from kennis.search.ties import MARGIN, page_of
from kennis.search.tree import MatchAll

# What of an answer crosses the network; the filter holds for errors too. The id stands last in the order of every hit.
WANTED = "timed_out,_shards.failed,hits.total.value,hits.hits.sort,aggregations,error.type,status"
# The engine gives up after this, a little before the client does (guess).
ENGINE_TIMEOUT = "4s"
# Documents and buckets in one answer when all are read (guesses; Elasticsearch allows 10,000 and 65,536).
SCAN_SIZE, TERMS_SIZE = 5_000, 10_000
# The same tokens as the field itself, kept in columns so that they can be counted (index_mappings/entries.json).
COUNTED = "terms"
TOTAL = "facets"
Ask = Callable[[Json], Mapping[str, Any]]


def search(ask: Ask, request: SearchRequest) -> SearchResult:
    """One call, unless ties at an edge of the page run on beyond the margin."""
    if request.sort != RELEVANCE:
        answer = checked(ask(body(request, request.offset, request.limit)))
        hits = tuple(Found(hit["sort"][-1], 0.0) for hit in _hits(answer))
        return SearchResult(hits, total(answer), _facets(answer, request))
    start = max(request.offset - MARGIN, 0)
    size = min(request.offset - start + request.limit + MARGIN, WINDOW - start) if request.limit else 0
    answer = checked(ask(body(request, start, size)))
    page = _ranked(ask, request, answer, start, size) if size else ()
    return SearchResult(page, total(answer), _facets(answer, request))


def _ranked(ask: Ask, request: SearchRequest, answer: Mapping[str, Any], start: int, size: int) -> tuple[Found, ...]:
    """Beyond the window nothing is seen: a tie across its edge has there the order of the unrounded scores."""
    while True:
        hits = [hit["sort"] for hit in _hits(answer)]
        scores, ids = _rounded([score for score, _ in hits]), [entry_id for _, entry_id in hits]
        is_last = len(hits) < size or start + size == WINDOW
        first = request.offset - start
        page = page_of(scores, ids, first, request.limit, starts_whole=start == 0, ends_whole=is_last)
        if page is not None:
            return page
        start, size = 0, min((start + size) * 4, WINDOW)
        answer = checked(ask(_hits_only(body(request, start, size))))


def _rounded(scores: Sequence[float]) -> list[float]:
    """The engine counts in single precision and writes the shortest number that means the same: 8500.295 for
    8500.294921875. Rounded as it is written, it would be another score than that of the other engine."""
    return [rounded(score) for score in array("f", scores)]


def body(request: SearchRequest, start: int, size: int) -> Json:
    """What is selected binds hits after counting, for each facet is counted without its own selection. Stored fields
    stay closed: to read an id there, the engine unpacks a block of whole documents for every hit, which takes half the
    time of a search (decision 21). The order has it in columns."""
    is_split = bool(request.facets and request.selections)
    bound = request.required if is_split else (*request.required, *request.selections)
    made: Json = {
        "query": query(request.tree, bound, request.excluded),
        "from": start,
        "size": size,
        "stored_fields": "_none_",
        "track_total_hits": True,
        "timeout": ENGINE_TIMEOUT,
        "sort": _order(request.sort),
    }
    if is_split:
        made["post_filter"] = every(request.selections)
    if request.facets:
        made["aggs"] = _counting(request)
    return made


def address(alias: str) -> str:
    """Of every search there; which copy is asked comes behind it."""
    options = {"filter_path": WANTED, "allow_partial_search_results": "false", "preference": ""}
    return f"/{quote(alias)}/_search?{urlencode(options, safe=',')}"


def sent(asked: Json) -> tuple[str, bytes]:
    """Which copy of the index is asked, and the body. The same words go to the same copy: copies score a little apart
    when they hold other deleted documents, and a page must not repeat what the page before it showed. It is named by
    a number, never by the words."""
    words = orjson.dumps(asked["query"])
    return f"q{zlib.crc32(words):08x}", orjson.dumps({**asked, "query": orjson.Fragment(words)})


def _order(sort: str) -> list[Json]:
    if sort == "id":
        return [{"id": "asc"}]
    return [{"_score": "desc"} if sort == RELEVANCE else {sort: "asc"}, {"id": "asc"}]


def _counting(request: SearchRequest) -> Json:
    if not request.selections:
        return {TOTAL: {"filter": {"match_all": {}}, "aggs": _terms_of(request.facets)}}
    return {
        str(n): {"filter": every(selections), "aggs": _terms_of(facets)}
        for n, (facets, selections) in enumerate(grouped(request))
    }


def _terms_of(facets: Sequence[FacetCount]) -> Json:
    return {f.field: {"terms": {"field": f.field, "size": f.size}} for f in facets}


def _hits_only(asked: Json) -> Json:
    return {name: value for name, value in asked.items() if name != "aggs"}


def checked(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """A 200 may hold a part of the answer only: that is no answer."""
    if answer.get("timed_out") or answer.get("_shards", {}).get("failed"):
        raise SearchUnavailable()
    return answer


def _hits(answer: Mapping[str, Any]) -> list[Any]:
    return list(answer.get("hits", {}).get("hits", ()))


def total(answer: Mapping[str, Any]) -> int:
    return int(answer["hits"]["total"]["value"])


def _facets(answer: Mapping[str, Any], request: SearchRequest) -> Mapping[str, Mapping[str, int]]:
    counted: dict[str, dict[str, int]] = {}
    for group in answer.get("aggregations", {}).values():
        for name, part in group.items():
            if isinstance(part, dict):
                counted[name] = {str(b["key"]): int(b["doc_count"]) for b in part["buckets"]}
    return {facet.field: counted[facet.field] for facet in request.facets}


def all_terms(ask: Ask, field: str, excluded: Sequence[Condition]) -> dict[str, int]:
    """Bucket after bucket: the vocabulary of a large index is more than one answer may hold."""
    found: dict[str, int] = {}
    source = {"sources": [{"term": {"terms": {"field": f"{field}.{COUNTED}"}}}], "size": TERMS_SIZE}
    asked: Json = {"query": query(MatchAll(), (), excluded), "size": 0, "aggs": {TOTAL: {"composite": source}}}
    while True:
        part = checked(ask(asked))["aggregations"][TOTAL]
        found |= {b["key"]["term"]: int(b["doc_count"]) for b in part["buckets"]}
        if "after_key" not in part:
            found.pop(MARKER, None)
            return found
        source["after"] = part["after_key"]


def all_versions(ask: Ask, view: str) -> Iterator[tuple[str, int]]:
    """Id and version of every document of a view (a point in time), which stays the same all the while."""
    asked: Json = {
        "size": SCAN_SIZE, "_source": False, "version": True, "track_total_hits": False,
        "sort": ["_shard_doc"], "pit": {"id": view, "keep_alive": "1m"},
    }  # fmt: skip
    while hits := _hits(checked(ask(asked))):
        yield from ((hit["_id"], int(hit["_version"])) for hit in hits)
        asked["search_after"] = hits[-1]["sort"]
