"""What a person typed -> query tree (search.md 3). Never an error, whatever is typed; no engine ever parses text.

Every word is wanted (`tree`); when that finds too little, most of them are enough (`relaxed_tree`). Whoever asks for
themselves finds help offers even when no word fits. What goes first beside the words is the matter of `ranking.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kennis.search import clauses, needs, synonyms, typed, understood
from kennis.search.analysis import Found, analyser, exact_name, fold
from kennis.search.document import OF_ORGANISATION
from kennis.search.synonyms import Code, Synonyms
from kennis.search.tree import And, Constant, FieldTerm, MatchAll, MinShould, Node, Not, Or, Scored, Weighted
from kennis.search.typed import Group, Typed

# "minimum should match about 70 %": rounded down, so that of two words one is enough.
ENOUGH = 0.7
# A word that is never demanded still helps a little. Guess.
OPTIONAL_WEIGHT = 0.1
# What an entry gains by the filter that the words name: as much as by a topic (synonyms.py).
FILTER_SCORE = 15.0
# More words than this: their synonyms and parts stay out, for such a text says enough by itself (and Elasticsearch
# refuses more than some thousand clauses). Guess.
MANY_GROUPS, MOST_GROUPS = 12, 32
LONGEST_SIDE_BY_SIDE = 6
HELP_OFFER = FieldTerm("kind", "help-offer")


@dataclass(frozen=True)
class Parsed:
    """How the words were read. `relaxed_tree` is None when there is nothing to relax; `terms_for_highlight` holds
    tokens (two or more with spaces: only together); `spelling_words` those that may be misspelt, as typed, folded.
    `mentions` are the filters that words name, `need` what the words say of who asks; `help_kind` is set for a
    first-person need, for acute words, and for a personal audience as filter. `has_scores`: something is sought, be it
    stop words only; what is only excluded gives no score."""

    text: str
    words: tuple[str, ...]
    phrases: tuple[str, ...]
    excluded: tuple[str, ...]
    tree: Node
    replaced: tuple[tuple[str, str], ...]
    mentions: tuple[understood.Mention, ...]
    need: needs.Need | None
    help_kind: needs.Kind | None
    terms_for_highlight: frozenset[str]
    spelling_words: tuple[str, ...]
    has_scores: bool
    relax: Callable[[], Node] | None = field(repr=False, compare=False)

    @cached_property
    def relaxed_tree(self) -> Node | None:
        """Made when it is asked for: most searches find enough without it."""
        return self.relax() if self.relax else None


def parse(text: str, *, audiences: Sequence[str] = (), known: Synonyms | None = None) -> Parsed:
    """Words are read as Dutch whatever the language of the reader. `audiences` are those chosen as filter; `known` the
    synonyms with the organisations of this database."""
    known = synonyms.default() if known is None else known
    taken = typed.take_apart(text, known)
    mentions = understood.rules().mentions(text)
    only_filters = [m for m in mentions if m.only_filter]
    spans = [(m.start, m.end) for m in only_filters]
    groups = typed.groups(taken, known, lambda found: _is_within(found, spans))[:MOST_GROUPS]
    required, optional = _demanded(groups)
    need = needs.need(text)
    help_kind = _help_kind(need, audiences)
    strict, relaxed = _strict_and_relaxed(required, only_filters)
    if help_kind and relaxed:
        # Who asks for help writes sentences: most of the words are enough at once.
        strict, relaxed = relaxed, []
    terms = tuple(term for group in required for term in group.terms)
    frame = _Frame(taken, terms, optional, help_kind)
    return Parsed(
        text=text,
        words=tuple(w.folded for g in groups for w in g.words if w.term or not g.terms),
        phrases=taken.phrases,
        excluded=taken.excluded,
        tree=_tree(frame, strict),
        replaced=taken.replaced,
        mentions=mentions,
        need=need,
        help_kind=help_kind,
        terms_for_highlight=_marked(taken, groups),
        spelling_words=_may_be_misspelt(required),
        has_scores=bool(taken.words or taken.phrases),
        relax=(lambda: _tree(frame, relaxed)) if relaxed else None,
    )


def _strict_and_relaxed(
    groups: Sequence[Group], mentions: Sequence[understood.Mention]
) -> tuple[list[Node], list[Node]]:
    """All words; and most of the words, of each also the topic above its own, when that is any wider."""
    if not groups:
        return [], []
    wanted = [_group(g, len(groups)) for g in groups]
    if mentions and all(g.is_optional for g in groups):
        return [Or((clauses.every(wanted), _named(mentions)))], []
    above = [g.unit.broader if g.unit else () for g in groups]
    wider = [Or((node, clauses.coded(codes))) if codes else node for node, codes in zip(wanted, above, strict=True)]
    enough = max(int(len(wanted) * ENOUGH), 1)
    if enough < len(wanted):
        return [clauses.every(wanted)], [MinShould(tuple(wider), enough)]
    return [clauses.every(wanted)], [clauses.every(wider)] if any(above) else []


def _named(mentions: Sequence[understood.Mention]) -> Node:
    """The entries that the filters hold which the words name, when they name nothing else: "goed onderbouwd"."""
    codes: dict[str, dict[Code, None]] = {}
    for mention in mentions:
        codes.setdefault(mention.parameter, {}).update(
            {Code(mention.parameter, c, FILTER_SCORE): None for c in mention.codes}
        )
    return clauses.every([clauses.coded(tuple(of_one)) for of_one in codes.values()])


def _is_within(found: Found, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= found.start and found.end <= end for start, end in spans)


def _demanded(groups: Sequence[Group]) -> tuple[list[Group], list[Group]]:
    """Optional words are demanded after all when there are no others."""
    required = [g for g in groups if not g.is_optional]
    return (required, [g for g in groups if g.is_optional]) if required else (list(groups), [])


def _help_kind(need: needs.Need | None, audiences: Sequence[str]) -> needs.Kind | None:
    """What is chosen counts more than what the words seem to say."""
    chosen = (kind for kind, audience in understood.AUDIENCE_OF.items() if audience in audiences)
    return next(chosen, need.kind if need else None)


def _group(group: Group, of: int) -> Node:
    """One word or unit: as typed, by its parts, by other words, by its codes. A stop word that stands for something
    ("OM") is sought by that alone: as typed it is in nearly every text."""
    alternatives, codes = (group.unit.alternatives, group.unit.codes) if group.unit else ((), ())
    found = [clauses.every([clauses.word(term) for term in dict.fromkeys(group.terms)])] if group.terms else []
    if of <= MANY_GROUPS:
        if len(group.words) == 1 and group.words[0].parts and group.words[0].finds_by_parts:
            found.append(clauses.compound(group.words[0].parts))
        found += [clauses.alternative(other) for other in alternatives]
    if not found and not codes:
        found = [clauses.literal(tuple(w.folded for w in group.words))]
    coded = [clauses.coded(codes)] if codes else []
    nodes = [clauses.either(found), *coded] if found else coded
    return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the strict and the relaxed tree have in common."""

    taken: Typed
    terms: tuple[str, ...]
    optional: Sequence[Group]
    help_kind: needs.Kind | None


def _tree(frame: _Frame, words: list[Node]) -> Node:
    taken = frame.taken
    wanted = [*words, *_quoted(taken.phrases)] or _only_stop_words(taken)
    excluded = [Not(node) for node in map(_excluded, taken.excluded) if node is not None]
    if not wanted:
        return And((MatchAll(), *excluded)) if excluded else MatchAll()
    extras = _extras(frame)
    found = clauses.every(wanted)
    found = Scored(found, tuple(extras)) if extras else found
    if len(frame.terms) > 1:
        # The mean of the words, so that constants beside them (ranking.py) weigh the same for one word and for ten.
        found = Weighted(found, 1 / len(frame.terms))
    if frame.terms:
        found = Scored(found, clauses.tiers(frame.terms))
    others = [*([] if excluded else _by_name(taken.text)), *_help_offers(frame.help_kind)]
    found = Or((found, *others)) if others else found
    return And((found, *excluded)) if excluded else found


def _quoted(phrases: Sequence[str]) -> list[Node]:
    """Exactly these words; where they stand matters as it does for words without quotes."""
    nodes: list[Node] = []
    for phrase in phrases:
        words = [found.word for found in analyser().words(phrase)]
        terms = tuple(word.term for word in words if word.term is not None)
        exact = clauses.literal(tuple(word.folded for word in words))
        nodes.append(Scored(exact, (clauses.phrase(terms),)) if terms else exact)
    return nodes


def _only_stop_words(taken: Typed) -> list[Node]:
    """A title such as "Wie wat waar" is found by what nobody else would search for (T9)."""
    folded = tuple(dict.fromkeys(found.word.folded for found in taken.words))
    if not folded:
        return []
    each = clauses.every([FieldTerm("exact", word) for word in folded])
    return [Scored(each, (clauses.literal(folded),)) if len(folded) > 1 else each]


def _excluded(text: str) -> Node | None:
    words = [found.word for found in analyser().words(text)]
    if not words:
        return None
    term = words[0].term
    return clauses.anywhere(term) if len(words) == 1 and term else clauses.literal(tuple(w.folded for w in words))


def _by_name(text: str) -> list[Node]:
    """An entry of exactly this name, or of an organisation of this name, is found whatever its other words (T10);
    what that is worth stands in ranking.py."""
    name = exact_name(text)
    names = (name, OF_ORGANISATION + name) if name else ()
    return [Constant(FieldTerm("exactNames", n), 0.0) for n in names]


def _help_offers(kind: needs.Kind | None) -> list[Node]:
    """Help offers for who asks, whether or not their words fit."""
    if kind is None:
        return []
    return [Constant(And((HELP_OFFER, FieldTerm("audience", understood.AUDIENCE_OF[kind]))), 0.0)]


def _extras(frame: _Frame) -> list[Node]:
    is_short = 1 < len(frame.terms) <= LONGEST_SIDE_BY_SIDE
    extras = list(clauses.side_by_side(frame.terms)) if is_short else []
    extras += [Weighted(clauses.word(term), OPTIONAL_WEIGHT) for group in frame.optional for term in group.terms]
    return extras


def _marked(taken: Typed, groups: Sequence[Group]) -> frozenset[str]:
    """Tokens to mark in a text. Stop words only when nothing else was typed."""
    marked: set[str] = set()
    for group in groups:
        marked.update(group.terms or (() if group.unit else (w.folded for w in group.words)))
        marked.update(" ".join(other.terms) for other in (group.unit.alternatives if group.unit else ()))
        marked.update(" ".join(w.parts) for w in group.words if w.parts and w.finds_by_parts)
    for phrase in taken.phrases:
        words = [found.word for found in analyser().words(phrase)]
        marked.update([w.term for w in words if w.term] or [w.folded for w in words])
    return frozenset(marked) or frozenset(token.term for token in fold(taken.text))


def _may_be_misspelt(groups: Sequence[Group]) -> tuple[str, ...]:
    words = [w for g in groups if g.unit is None for w in g.words]
    return tuple(dict.fromkeys(w.folded for w in words if w.term and not w.is_protected and w.folded.isalpha()))
