"""A search engine in plain Python over the documents, slow and plain to see through: what every engine must answer.

BM25 as in Lucene and tantivy (k1 1.2, b 0.75, field lengths rounded to a byte as both store them), so that the order
by relevance is checked too, not only what is found.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kennis.search.port import RELEVANCE, AnyOf, Both, Condition, IndexDocument, SearchRequest, Within, rounded
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

K1, B = 1.2, 0.75
# The part of a score that the sums of an engine may lose (guess: four times the last of 24 bits).
LOST = 2.0**-22


@dataclass(frozen=True)
class Answer:
    """`roundings`: of each id of an order by relevance what its score may be rounded to, the higher one first. They
    differ where it is so near the middle of two that the sum of an engine may fall on the other side."""

    ids: list[str]
    roundings: Mapping[str, tuple[float, float]]
    total: int
    facets: dict[str, dict[str, int]]

    def may_be_in_order(self, ids: Sequence[str]) -> bool:
        """The same ids, each behind the one before it under one of its roundings."""
        if not self.roundings or set(ids) != set(self.ids):
            return list(ids) == self.ids
        place = (-math.inf, "")
        for i in ids:
            later = [(-score, i) for score in self.roundings[i] if (-score, i) > place]
            if not later:
                return False
            place = later[0]
        return len(ids) == len(self.ids)


def _roundings(score: float) -> tuple[float, float]:
    """Engines add up in 24 bits, a few of them lost on the way; we in 53."""
    return rounded(score * (1 + LOST)), rounded(score * (1 - LOST))


def stored_length(length: int) -> int:
    """Lengths up to 40 are kept; above that four significant bits are (Lucene's SmallFloat.intToByte4)."""
    if length < 40:
        return length
    rest = length - 24
    shift = max(rest.bit_length() - 4, 0)
    return 24 + ((rest >> shift) << shift)


class Oracle:
    def __init__(self, documents: Sequence[IndexDocument]) -> None:
        self.documents = list(documents)
        self.tokens = [
            {name: _tokens(value) for name, value in d.fields.items() if isinstance(value, str | list)}
            for d in self.documents
        ]
        self.counted = [{name: Counter(tokens) for name, tokens in fields.items()} for fields in self.tokens]
        self.answers: dict[SearchRequest, Answer] = {}
        self.scores: dict[Node, dict[int, float]] = {}
        self.lengths: Counter[str] = Counter()
        self.frequency: Counter[tuple[str, str]] = Counter()
        for fields in self.tokens:
            for name, tokens in fields.items():
                self.lengths[name] += len(tokens)
                self.frequency.update((name, term) for term in set(tokens))

    def answer(self, request: SearchRequest) -> Answer:
        """Kept, for every engine is asked the same."""
        if request not in self.answers:
            self.answers[request] = self._answer(request)
        return self.answers[request]

    def _answer(self, request: SearchRequest) -> Answer:
        scores = {n: score for n, score in self._found(request.tree).items() if self._is_bound(n, request)}
        chosen = [n for n in scores if all(self.holds(s, n) for s in request.selections)]
        if request.sort == RELEVANCE:
            chosen.sort(key=lambda n: (-rounded(scores[n]), self.documents[n].id))
        else:
            chosen.sort(key=lambda n: str(self.documents[n].fields[request.sort]))
        page = chosen[request.offset : request.offset + request.limit]
        facets = {f.field: self._counts(f.field, list(scores), request) for f in request.facets}
        near = {self.documents[n].id: _roundings(scores[n]) for n in page} if request.sort == RELEVANCE else {}
        return Answer([self.documents[n].id for n in page], near, len(chosen), facets)

    def _found(self, tree: Node) -> dict[int, float]:
        """Kept, for the same words are asked with many filters, and page by page."""
        if tree not in self.scores:
            scored = ((n, self.score(tree, n)) for n in range(len(self.documents)))
            self.scores[tree] = {n: score for n, score in scored if score is not None}
        return self.scores[tree]

    def _is_bound(self, n: int, request: SearchRequest) -> bool:
        if not all(self.holds(c, n) for c in request.required):
            return False
        return not any(self.holds(c, n) for c in request.excluded)

    def _counts(self, field: str, matching: list[int], request: SearchRequest) -> dict[str, int]:
        others = [s for s in request.selections if s.field != field]
        counts: Counter[str] = Counter()
        for n in matching:
            if all(self.holds(s, n) for s in others):
                counts.update(set(_values(self.documents[n].fields.get(field))))
        return dict(counts)

    def holds(self, condition: Condition, n: int) -> bool:
        if isinstance(condition, Both):
            return all(self.holds(c, n) for c in condition.conditions)
        value = self.documents[n].fields.get(condition.field)
        if isinstance(condition, AnyOf):
            held = [value] if isinstance(value, bool) else _values(value)
            return any(v in held for v in condition.values)
        assert isinstance(condition, Within)
        if not isinstance(value, int):
            return False
        return (condition.least or 0) <= value <= (condition.most or 99_999_999)

    def score(self, node: Node, n: int) -> float | None:
        """None: not found."""
        match node:
            case MatchAll():
                return 0.0
            case MatchNone():
                return None
            case FieldTerm(field, term, boost):
                return self._bm25(field, [term], n, boost)
            case FieldPhrase(field, terms, boost):
                return self._bm25(field, list(terms), n, boost)
            case Prefix(field, prefix, boost):
                held = self.tokens[n].get(field, [])
                return boost if any(t.startswith(prefix) for t in held) else None
            case Constant(clause, score):
                return None if self.score(clause, n) is None else score
            case Weighted(clause, boost):
                found = self.score(clause, n)
                return None if found is None else found * boost
            case Not():
                return None if self.score(node.clause, n) is not None else 0.0
            case And(clauses):
                return self._at_least(clauses, len(clauses), n)
            case Or(clauses):
                return self._at_least(clauses, 1, n)
            case MinShould(clauses, minimum):
                return self._at_least(clauses, minimum, n)
            case DisMax(clauses, tie_breaker):
                found_scores = [s for c in clauses if (s := self.score(c, n)) is not None]
                best = max(found_scores, default=None)
                return None if best is None else best + tie_breaker * (sum(found_scores) - best)
            case Scored(clause, extras):
                found = self.score(clause, n)
                return None if found is None else found + sum(self.score(e, n) or 0.0 for e in extras)
        raise TypeError(node)

    def _at_least(self, clauses: Sequence[Node], minimum: int, n: int) -> float | None:
        found = [s for c in clauses if (s := self.score(c, n)) is not None]
        return sum(found) if len(found) >= minimum else None

    def _bm25(self, field: str, terms: list[str], n: int, boost: float) -> float | None:
        counted = self.counted[n].get(field)
        if counted is None or not all(t in counted for t in terms):
            return None
        tokens, span = self.tokens[n][field], len(terms)
        frequency = counted[terms[0]]
        if span > 1:
            frequency = sum(tokens[i : i + span] == terms for i in range(len(tokens) - span + 1))
        if not frequency:
            return None
        size = len(self.documents)
        idf = sum(math.log(1 + (size - f + 0.5) / (f + 0.5)) for f in (self.frequency[field, t] for t in terms))
        norm = K1 * (1 - B + B * stored_length(len(tokens)) / (self.lengths[field] / size))
        return boost * idf * (1 + K1) * frequency / (frequency + norm)


def _tokens(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else value.split(" ")


def _values(value: object) -> list[str]:
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, str) else []
