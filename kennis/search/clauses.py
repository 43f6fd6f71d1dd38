"""Words to clauses: which fields a word is sought in, and what each find is worth.

Scores are BM25 times a boost, plus constants. BM25 depends on how rare a word is in that one field, so a boost alone
cannot promise that a title outranks a body (T12): the constants (tiers) do. All numbers only matter in proportion.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from kennis.search.synonyms import Alternative, Code
from kennis.search.tree import And, Constant, DisMax, FieldPhrase, FieldTerm, Node, Or, Weighted

# Weight classes A, B, C of content-model.md: among finds of one class the order of BM25 holds.
TITLE_BOOST, SUMMARY_BOOST, BODY_BOOST = 2.0, 1.5, 1.0
# Measured: parts at full weight lowered hit@1 from .856 to .846, at 0.2 they raise recall and cost nothing.
PARTS_BOOST = 0.2
FIELDS = {
    "title": TITLE_BOOST,
    "names": TITLE_BOOST,
    "summary": SUMMARY_BOOST,
    "body": BODY_BOOST,
    "labelText": BODY_BOOST,
}
PARTS = ("titleParts", "summaryParts", "bodyParts")
# All words in the title (or names), or all of them at least in the summary, gains so much once: T12. BM25 of a word is
# at most 2.2 * ln(1 + entries / 1.5) a unit of boost: 19 for 10,000 entries. So a summary is above what a body can
# have (19 and a tenth of the labels), a title above what a summary can have (22 + 28.5 + 3.8). Per word instead of
# once they cost two points of nDCG: a common word in a title then outweighed what an entry is about.
TITLE_TIER, SUMMARY_TIER = 35.0, 22.0
# What the other fields add to the best one: a tenth, as the measurement of equal ranking had it (search.md 6).
TIE_BREAKER = 0.1
# The parts of a typed compound, all of them somewhere in the entry, against the compound itself. Guess.
SPLIT_WEIGHT = 0.4
# Clauses are plain values: those of words that are often sought are made once. Guess.
REMEMBERED = 2_000
# All typed words side by side in the title or the summary. Guess: less than a tier.
SIDE_BY_SIDE_TITLE, SIDE_BY_SIDE_SUMMARY = 10.0, 5.0


def either(clauses: Sequence[Node]) -> Node:
    """The best of several; one stays as it is."""
    return clauses[0] if len(clauses) == 1 else DisMax(tuple(clauses), TIE_BREAKER)


def every(clauses: Sequence[Node]) -> Node:
    """All of several; one stays as it is."""
    return clauses[0] if len(clauses) == 1 else And(tuple(clauses))


@lru_cache(maxsize=REMEMBERED)
def word(term: str, *, with_parts: bool = True) -> Node:
    """An entry that holds the token; with parts also one that holds a compound of it."""
    fields: list[Node] = [FieldTerm(name, term, boost) for name, boost in FIELDS.items()]
    if with_parts:
        fields += [FieldTerm(name, term, PARTS_BOOST) for name in PARTS]
    return either(fields)


@lru_cache(maxsize=REMEMBERED)
def phrase(terms: tuple[str, ...]) -> Node:
    """An entry that holds the tokens side by side, within one text."""
    if len(terms) == 1:
        return word(terms[0], with_parts=False)
    return either([FieldPhrase(name, terms, boost) for name, boost in FIELDS.items()])


def tiers(terms: Sequence[str]) -> tuple[Node, ...]:
    """Extras for all words in title or names, and for all of them there or in the summary: an entry may gain both."""
    titles = [Or((FieldTerm("title", t), FieldTerm("names", t))) for t in terms]
    both = [Or((FieldTerm("title", t), FieldTerm("names", t), FieldTerm("summary", t))) for t in terms]
    return (Constant(every(titles), TITLE_TIER), Constant(every(both), SUMMARY_TIER))


def compound(parts: Iterable[str]) -> Node:
    """An entry that holds all parts of a typed compound, apart or in other compounds (T3)."""
    return Weighted(every([word(part) for part in dict.fromkeys(parts)]), SPLIT_WEIGHT)


def alternative(other: Alternative) -> Node:
    """Other words of the same meaning, at their lower weight."""
    return Weighted(phrase(other.terms), other.weight)


@lru_cache(maxsize=REMEMBERED)
def coded(codes: tuple[Code, ...]) -> Node:
    """An entry that has one of the codes; several count as the best of them, so that ranks order entries (T2)."""
    clauses = tuple(Constant(FieldTerm(c.field, c.code), c.score) for c in codes)
    return clauses[0] if len(clauses) == 1 else DisMax(clauses, 0.0)


def side_by_side(terms: tuple[str, ...]) -> tuple[Node, ...]:
    """Extras for words that stand together as they were typed."""
    return (
        Constant(FieldPhrase("title", terms), SIDE_BY_SIDE_TITLE),
        Constant(FieldPhrase("summary", terms), SIDE_BY_SIDE_SUMMARY),
    )


def anywhere(term: str) -> Node:
    """For exclusion: an entry with the word in any searched text; compounds of it stay."""
    return Or(tuple(FieldTerm(name, term) for name in FIELDS))


def literal(folded: tuple[str, ...]) -> Node:
    """The words exactly as written (folded), side by side: quotation marks, and words that are stop words only."""
    return FieldTerm("exact", folded[0]) if len(folded) == 1 else FieldPhrase("exact", folded)
