"""The query tree: what `query.parse` makes and what each engine compiles. Plain data, no engine, no meaning.

Finding and scoring are apart: `Scored` finds what its clause finds, its extras only add to the score. Every leaf
names a field of `index_mappings/entries.json` and holds ready tokens (`analysis.py`): an adapter only translates.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every entry, with score 0 (an empty query, or exclusions only)."""


@dataclass(frozen=True, slots=True)
class MatchNone:
    """Nothing at all."""


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """One token in one field, scored by BM25 times the boost (in a keyword field use it inside `Constant`)."""

    field: str
    term: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class FieldPhrase:
    """These tokens next to each other and in this order; always two or more (one is a `FieldTerm`)."""

    field: str
    terms: tuple[str, ...]
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Tokens that begin like this; scores 1 times the boost, whatever the engine would say."""

    field: str
    prefix: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class And:
    """All of them; `Not` may stand among the clauses. Scores are added."""

    clauses: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them; scores of those that match are added."""

    clauses: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """None of it; only ever inside `And` beside at least one clause that finds (maybe `MatchAll`)."""

    clause: "Node"


@dataclass(frozen=True, slots=True)
class DisMax:
    """At least one; the best score plus `tie_breaker` times the other scores."""

    clauses: tuple["Node", ...]
    tie_breaker: float


@dataclass(frozen=True, slots=True)
class Weighted:
    """The clause with its whole score multiplied."""

    clause: "Node"
    boost: float


@dataclass(frozen=True, slots=True)
class Constant:
    """Finds what the clause finds, with this score for each."""

    clause: "Node"
    score: float


@dataclass(frozen=True, slots=True)
class MinShould:
    """At least `minimum` of the clauses; scores of those that match are added."""

    clauses: tuple["Node", ...]
    minimum: int


@dataclass(frozen=True, slots=True)
class Scored:
    """Finds exactly what `clause` finds; each extra that matches as well adds its score."""

    clause: "Node"
    extras: tuple["Node", ...]


Node: TypeAlias = (
    MatchAll
    | MatchNone
    | FieldTerm
    | FieldPhrase
    | Prefix
    | And
    | Or
    | Not
    | DisMax
    | Weighted
    | Constant
    | MinShould
    | Scored
)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in order; a `Scored` gives its clause first."""
    match node:
        case And(clauses) | Or(clauses) | DisMax(clauses, _) | MinShould(clauses, _):
            return clauses
        case Not(clause) | Weighted(clause, _) | Constant(clause, _):
            return (clause,)
        case Scored(clause, extras):
            return (clause, *extras)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, top first."""
    yield node
    for child in children(node):
        yield from walk(child)
