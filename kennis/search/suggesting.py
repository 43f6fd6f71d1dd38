"""Suggestions while somebody types: titles of entries, and values of a few facets by label or name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import orjson

from kennis.content.vocabulary import Term
from kennis.search import analysis
from kennis.search.answers import Suggestion
from kennis.search.document import FIRST, PREFIX_LEAST, PREFIX_MOST
from kennis.search.facets import Counts, term_of
from kennis.search.mapping import mapping
from kennis.search.tree import And, Constant, FieldTerm, Node, Scored

# Values of these facets are offered beside titles.
FACETS = ("topic", "targetGroup", "organisation")
# At most this share of a list is values of facets: titles are what most people look for (guess).
MOST_VALUES = 3
# A title that begins with what is typed stands above one that holds it.
BEGINS_SCORE = 100.0


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation as suggestions know it."""

    name: str
    names: tuple[str, ...]


def typed(text: str) -> list[str]:
    """The folded words; none when there is too little to go by."""
    words = [token.term for token in analysis.fold(text)]
    return words if any(len(word) >= PREFIX_LEAST for word in words) else []


def entries(words: list[str]) -> Node:
    """Entries of which title or names hold a word that begins with each of these."""
    beginnings = [word[:PREFIX_MOST] for word in words if len(word) >= PREFIX_LEAST]
    wanted = And(tuple(FieldTerm("titlePrefix", b) for b in beginnings))
    return Scored(wanted, (Constant(FieldTerm("titlePrefix", FIRST + beginnings[0]), BEGINS_SCORE),))


def titles(fragments: Iterable[tuple[str, bytes]]) -> list[Suggestion]:
    return [Suggestion("entry", orjson.loads(body)["title"], entry_id) for entry_id, body in fragments]


def values(
    words: list[str], counts: Mapping[str, Counts], organisations: Mapping[str, Named], language: str
) -> list[Suggestion]:
    """Values with at least one result; the label is shown, whichever synonym matched."""
    found: list[tuple[bool, int, Suggestion]] = []
    for facet in FACETS:
        for code, count in counts.get(facet, {}).items():
            label, names = _named(facet, code, organisations, language)
            fits = [begins for name in names if (begins := _matches(words, name)) is not None]
            if fits:
                found.append((not any(fits), -count, Suggestion(facet, label, code)))
    found.sort(key=lambda f: (f[0], f[1], f[2].text))
    return [suggestion for _, _, suggestion in found[:MOST_VALUES]]


def _named(facet: str, code: str, organisations: Mapping[str, Named], language: str) -> tuple[str, tuple[str, ...]]:
    term = term_of(mapping().facets[facet], code)
    if term is not None:
        return term.labels.get(language) or term.labels["nl"], tuple(_names(term))
    named = organisations.get(code, Named(code, ()))
    return named.name, (named.name, *named.names)


def _names(term: Term) -> Iterator[str]:
    yield from term.labels.values()
    yield from term.synonyms
    yield from term.hidden


def _matches(words: list[str], name: str) -> bool | None:
    """Whether the name begins with the first word; None when a word is the beginning of none in it."""
    held = [token.term for token in analysis.fold(name)]
    if not all(any(word.startswith(typed_word) for word in held) for typed_word in words):
        return None
    return bool(held) and held[0].startswith(words[0])
