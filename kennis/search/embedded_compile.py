"""Translates the query tree and conditions into queries of tantivy, and the mapping into its schema. No meaning."""

import re
from collections.abc import Iterable, Sequence

import tantivy
from tantivy import Occur, Query

from kennis.search.mapping import IndexMapping
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

# The external version of the row, which Elasticsearch keeps as `_version` of its own.
VERSION = "_version"
# Days are yyyymmdd; both ends are given, for an open range scans more.
FIRST_DAY, LAST_DAY = 0, 99_999_999
Clauses = list[tuple[Occur, Query]]


def make_schema(mapping: IndexMapping) -> tantivy.Schema:
    """Analyzers are not stored in an index: only the two that tantivy brings itself are used, whitespace and raw.
    Nothing is stored but id and version, for stored text outlives its entry until a merge (search.md 5)."""
    builder = tantivy.SchemaBuilder()
    for field in mapping.fields.values():
        if field.type == "text":
            option = "position" if field.has_positions else "freq"
            builder.add_text_field(field.name, tokenizer_name="whitespace", index_option=option)
        elif field.type == "keyword":
            builder.add_text_field(
                field.name,
                stored=field.name == "id",
                fast=field.is_column,
                tokenizer_name="raw",
                index_option="basic",
            )
        elif field.type == "integer":
            builder.add_integer_field(field.name, indexed=True, fast=True)
        else:
            builder.add_boolean_field(field.name, indexed=True, fast=True)
    builder.add_unsigned_field(VERSION, stored=True, indexed=False, fast=True)
    return builder.build()


class Compiler:
    """Bound to one schema. Trees and conditions come from our own code: an unknown node is a fault of ours."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema

    def query(
        self, tree: Node, required: Iterable[Condition] = (), excluded: Iterable[Condition] = ()
    ) -> tantivy.Query:
        """Conditions find and leave out; they never score."""
        clauses: Clauses = [(Occur.Must, self.node(tree))]
        clauses += [(Occur.Must, Query.const_score_query(self.condition(c), 0.0)) for c in required]
        clauses += [(Occur.MustNot, self.condition(c)) for c in excluded]
        return clauses[0][1] if len(clauses) == 1 else Query.boolean_query(clauses)

    def node(self, node: Node) -> tantivy.Query:
        match node:
            case FieldTerm(field, term, boost):
                return self._boosted(self._term(field, term), boost)
            case DisMax(clauses, tie_breaker):
                return Query.disjunction_max_query([self.node(c) for c in clauses], tie_breaker)
            case And(clauses):
                return self._all(clauses)
            case Or(clauses):
                return Query.boolean_query([(Occur.Should, self.node(c)) for c in clauses])
            case Scored(clause, extras):
                shoulds: Clauses = [(Occur.Should, self.node(e)) for e in extras]
                return Query.boolean_query([(Occur.Must, self.node(clause)), *shoulds])
            case Constant(clause, score):
                return Query.const_score_query(self.node(clause), score)
            case FieldPhrase(field, terms, boost):
                phrase: list[str | tuple[int, str]] = list(terms)
                return self._boosted(Query.phrase_query(self._schema, field, phrase), boost)
            case MinShould(clauses, minimum):
                return Query.boolean_query([(Occur.Should, self.node(c)) for c in clauses], minimum)
            case _:
                return self._rare(node)

    def _rare(self, node: Node) -> tantivy.Query:
        match node:
            case Weighted(clause, boost):
                return self._boosted(self.node(clause), boost)
            case Prefix(field, prefix, boost):
                pattern = re.escape(prefix) + ".*"
                return Query.const_score_query(Query.regex_query(self._schema, field, pattern), boost)
            case MatchAll():
                return Query.const_score_query(Query.all_query(), 0.0)
            case MatchNone():
                return Query.empty_query()
            case Not():
                return self._all((MatchAll(), node))
        raise TypeError(f"no query for {type(node).__name__}")

    def _all(self, clauses: Sequence[Node]) -> tantivy.Query:
        return Query.boolean_query(
            [
                (Occur.MustNot, self.node(c.clause)) if isinstance(c, Not) else (Occur.Must, self.node(c))
                for c in clauses
            ]
        )

    def _boosted(self, query: tantivy.Query, boost: float) -> tantivy.Query:
        return query if boost == 1.0 else Query.boost_query(query, boost)

    def _term(self, field: str, term: str | bool) -> tantivy.Query:
        # Without positions: they cost time and matter to phrases only.
        return Query.term_query(self._schema, field, term, index_option="freq")

    def condition(self, condition: Condition) -> tantivy.Query:
        match condition:
            case AnyOf(field, values):
                if len(values) == 1:
                    return self._term(field, values[0])
                return Query.boolean_query([(Occur.Should, self._term(field, v)) for v in values])
            case Within(field, least, most):
                return self._within(field, least, most)
            case Both(conditions):
                return Query.boolean_query([(Occur.Must, self.condition(c)) for c in conditions])

    def _within(self, field: str, least: int | None, most: int | None) -> tantivy.Query:
        low, high = FIRST_DAY if least is None else least, LAST_DAY if most is None else most
        # Through the inverted index: a few hundred days at most, instead of a look at every document.
        kind = tantivy.FieldType.Integer
        return Query.range_query(self._schema, field, kind, low, high, use_inverted_index=True)


def filter_text(selections: Iterable[AnyOf]) -> str:
    """The query string a `filter` aggregation wants; values are quoted, so whatever they hold stays a value."""
    return " AND ".join(f"({s.field}: IN [{' '.join(_quoted(v) for v in s.values)}])" for s in selections)


def _quoted(value: str | bool) -> str:
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
