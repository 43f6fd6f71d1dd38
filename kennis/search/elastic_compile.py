"""Translates the query tree and conditions into the query language of Elasticsearch. No meaning, and no client."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from kennis.search.port import AnyOf, Both, Condition, Within
from kennis.search.tree import (
    And,
    Constant,
    DisMax,
    FieldPhrase,
    FieldTerm,
    MatchAll,
    MatchNone,
    MinShould,
    Node,
    Not,
    Or,
    Prefix,
    Scored,
    Weighted,
)

Json: TypeAlias = dict[str, Any]


def query(tree: Node, required: Iterable[Condition] = (), excluded: Iterable[Condition] = ()) -> Json:
    """Conditions find and leave out; they never score."""
    filters, refused = [condition(c) for c in required], [condition(c) for c in excluded]
    if not filters and not refused:
        return node(tree)
    return {"bool": {"must": [node(tree)], "filter": filters, "must_not": refused}}


def node(tree: Node) -> Json:
    match tree:
        case FieldTerm(field, term, boost):
            return {"term": {field: {"value": term, "boost": boost}}}
        case DisMax(clauses, tie_breaker):
            return {"dis_max": {"queries": [node(c) for c in clauses], "tie_breaker": tie_breaker}}
        case And(clauses):
            return _every(clauses)
        case Or(clauses):
            return _some(clauses, 1)
        case Scored(clause, extras):
            extra = [node(e) for e in extras]
            return {"bool": {"must": [node(clause)], "should": extra, "minimum_should_match": 0}}
        case Constant(clause, score):
            return {"constant_score": {"filter": node(clause), "boost": score}}
        case FieldPhrase(field, terms, boost):
            # Tokens hold no space, and the field's analyzer is whitespace: they come out as they go in.
            return {"match_phrase": {field: {"query": " ".join(terms), "boost": boost}}}
        case MinShould(clauses, minimum):
            return _some(clauses, minimum)
        case Weighted(clause, boost):
            return {"bool": {"must": [node(clause)], "boost": boost}}
        case Prefix(field, prefix, boost):
            return {"constant_score": {"filter": {"prefix": {field: {"value": prefix}}}, "boost": boost}}
        case MatchAll():
            return {"match_all": {"boost": 0.0}}
        case MatchNone():
            return {"match_none": {}}
        case Not():
            return _every((MatchAll(), tree))


def _some(clauses: Sequence[Node], minimum: int) -> Json:
    return {"bool": {"should": [node(c) for c in clauses], "minimum_should_match": minimum}}


def _every(clauses: Sequence[Node]) -> Json:
    return {
        "bool": {
            "must": [node(c) for c in clauses if not isinstance(c, Not)],
            "must_not": [node(c.clause) for c in clauses if isinstance(c, Not)],
        }
    }


def condition(wanted: Condition) -> Json:
    match wanted:
        case AnyOf(field, values):
            return {"terms": {field: list(values)}}
        case Within(field, least, most):
            limits = {name: day for name, day in (("gte", least), ("lte", most)) if day is not None}
            return {"range": {field: limits}} if limits else {"exists": {"field": field}}
        case Both(conditions):
            return every(conditions)


def every(conditions: Iterable[Condition]) -> Json:
    return {"bool": {"filter": [condition(c) for c in conditions]}}
