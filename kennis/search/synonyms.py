"""What a word or group of words in a query also means: other words, and codes of the vocabularies.

Built once from the vocabularies, `synonyms.txt` and the names of organisations. A unit is one or more words next to
each other, found by their tokens (stop words as they stand): "huiselijk geweld" is one, "geweld huiselijk" is not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from kennis.content.vocabulary import Term, Vocabularies, vocabularies
from kennis.search.analysis import Word, analyser
from kennis.search.synonym_lines import VOCABULARY_OF, SynonymRules, read
from kennis.search.wordlists import folder

# How much an entry gains by having the code itself; less than a word in the summary, more than one in the body
# (query.py). Topics say what it is about, the others for whom and where: guesses in that order.
CODE_SCORES = {
    "topic": 15.0,
    "evidenceDirection": 15.0,
    "organisation": 12.0,
    "targetGroup": 9.0,
    "region": 9.0,
    "audience": 6.0,
    "setting": 6.0,
    "kind": 6.0,
}
# Every next rank after '>' counts this much of the one before: enough to order entries of equal text (T2, T14).
RANK = 0.7
# Lower than 1, so that the typed word wins with equal text: abbreviations and names nearly equal, a label of a topic
# for its synonym less, lay words least certain. Guesses.
EQUAL, LAY, LABEL = 0.8, 0.5, 0.4
# More other words than this make a query slow and vague. Guess.
MOST_ALTERNATIVES = 8
# Words of these vocabularies are synonyms of one another in running text too; of the others only the code counts.
IN_TEXT = ("topic", "targetGroup")
PERSONAL = "personal"
# Topics that only hold others together: what stands below one of them is not near to the rest of it.
COLLECTIONS = frozenset({"aanpak", "overig-geweld"})
# A label such as "Stalking en ex-partnergeweld" is no phrase that a text would use.
COMPOSED = (" en ", " of ", "(", ":", ",")
# Of vocabularies and rules together some 1,100, and the names of organisations come with them. Guess.
KEPT_PHRASES = 4096
# With organisations as they are, as they were a moment ago, and without.
KEPT_STATES = 3
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A value of a keyword field of the index, with what it adds to the score."""

    field: str
    code: str
    score: float


@dataclass(frozen=True, slots=True)
class Alternative:
    """Other words, as tokens without stop words; two or more stand for a phrase."""

    terms: Key
    weight: float


@dataclass(frozen=True, slots=True)
class Unit:
    """What `length` words together mean. `is_alone`: its codes count only when nothing else is typed."""

    length: int
    codes: tuple[Code, ...]
    alternatives: tuple[Alternative, ...]
    is_alone: bool
    is_place: bool

    @property
    def broader(self) -> tuple[Code, ...]:
        """The topics above: what is near when there is nothing, or next to nothing, on the topic itself."""
        above = ((c.code.rpartition(".")[0], c.score) for c in self.codes if c.field == "topic")
        return tuple(Code("topic", code, score * RANK) for code, score in above if code and code not in COLLECTIONS)


@dataclass
class _Draft:
    codes: dict[tuple[str, str], float] = field(default_factory=dict)
    others: dict[Key, float] = field(default_factory=dict)
    is_alone: bool = False
    is_place: bool = False

    def add_other(self, terms: Key, weight: float) -> None:
        self.others[terms] = max(weight, self.others.get(terms, 0.0))


@lru_cache(KEPT_PHRASES)
def _words(text: str) -> tuple[Word, ...]:
    """Most phrases stand in several rules, and all but a few are the same after a name has changed."""
    return tuple(found.word for found in analyser().words(text))


def key_of(words: Iterable[Word]) -> Key:
    """Tokens, and stop words as they stand: how units are looked up."""
    return tuple(word.term or word.folded for word in words)


def longest_by_first(keys: Iterable[Key]) -> Mapping[str, int]:
    """How many words a phrase has at most that begins with this one: most words begin none."""
    longest: dict[str, int] = {}
    for key in keys:
        if key:
            longest[key[0]] = max(len(key), longest.get(key[0], 0))
    return MappingProxyType(longest)


def _terms(text: str) -> Key:
    return tuple(word.term for word in _words(text) if word.term)


class Synonyms:
    """Read-only and safe to share; make a new one when names of organisations change."""

    def __init__(self, units: Mapping[Key, Unit], places: Mapping[Key, Unit], replaced: Mapping[Key, str]) -> None:
        self._units = units
        self._places = places
        self._replaced = replaced
        self._longest = longest_by_first((*units, *places))
        self._longest_mistake = longest_by_first(replaced)

    def at(self, words: Sequence[Word], start: int) -> Unit | None:
        """The longest unit that begins with the word at this place."""
        first = words[start]
        longest = max(self._longest.get(first.term or first.folded, 0), self._longest.get(first.folded, 0))
        for end in range(min(len(words), start + longest), start, -1):
            part = words[start:end]
            unit = self._units.get(key_of(part)) or self._places.get(tuple(w.folded for w in part))
            if unit:
                return unit
        return None

    def replacement(self, words: Sequence[Word], start: int) -> tuple[int, str] | None:
        """How many words from this place are a known mistake, and what is meant."""
        longest = self._longest_mistake.get(words[start].term or words[start].folded, 0)
        for end in range(min(len(words), start + longest), start, -1):
            meant = self._replaced.get(key_of(words[start:end]))
            if meant is not None:
                return end - start, meant
        return None


class _Builder:
    def __init__(self, known: Vocabularies) -> None:
        self._known = known
        self._units: dict[Key, _Draft] = {}
        self._places: dict[Key, _Draft] = {}

    def unit(self, text: str) -> _Draft:
        return self._units.setdefault(key_of(_words(text)), _Draft())

    def add_vocabularies(self) -> None:
        for name, vocabulary in VOCABULARY_OF.items():
            for term in self._known[vocabulary]:
                if not term.is_retired and term.group != PERSONAL:
                    self._add_term(name, term)
        for place, region in self._known.places.items():
            draft = self._places.setdefault(tuple(w.folded for w in _words(place)), _Draft(is_place=True))
            draft.codes[("region", region)] = CODE_SCORES["region"]

    def _add_term(self, name: str, term: Term) -> None:
        label, others = term.labels["nl"], (*term.synonyms, *term.hidden)
        for phrase in (label, *others, term.labels["en"]):
            draft = self.unit(phrase)
            draft.codes[(name, term.code)] = CODE_SCORES[name]
            draft.is_place |= name == "region"
        if name not in IN_TEXT:
            return
        for other in others:
            if not any(sign in label for sign in COMPOSED):
                self.unit(other).add_other(_terms(label), LABEL)
        for synonym in term.synonyms:
            self.unit(label).add_other(_terms(synonym), LABEL)

    def add_rules(self, rules: SynonymRules) -> None:
        for phrase, ranks in rules.stands:
            self.unit(phrase).codes = {
                (name, code): CODE_SCORES[name] * RANK**number
                for number, rank in enumerate(ranks)
                for name, code in rank
            }
        for phrases in rules.equals:
            self._join(phrases)
        for phrase, others in rules.finds:
            self._find(self.unit(phrase), others)
        for phrase in rules.alone:
            words = _words(phrase)
            # Only what is known already: an empty unit would stand in front of the place of that name.
            for draft in (self._units.get(key_of(words)), self._places.get(tuple(w.folded for w in words))):
                if draft:
                    draft.is_alone = True

    def _find(self, draft: _Draft, others: Sequence[str]) -> None:
        """Other words, and what they stand for unless this one stands for something itself."""
        has_own = bool(draft.codes)
        for other in others:
            draft.add_other(_terms(other), LAY)
            known = self._units.get(key_of(_words(other)))
            if known and not has_own:
                draft.codes |= {code: score * LAY for code, score in known.codes.items()}

    def _join(self, phrases: Sequence[str], weight: float = EQUAL) -> None:
        drafts = [self.unit(phrase) for phrase in phrases]
        codes: dict[tuple[str, str], float] = {}
        for draft in drafts:
            for code, score in draft.codes.items():
                codes[code] = max(score, codes.get(code, 0.0))
        for draft in drafts:
            draft.codes = dict(codes)
            for phrase in phrases:
                draft.add_other(_terms(phrase), weight)

    def add_organisations(self, organisations: Mapping[str, Sequence[str]]) -> None:
        for slug, names in organisations.items():
            known = [name for name in dict.fromkeys(names) if _terms(name)]
            for name in known:
                draft = self.unit(name)
                draft.codes[("organisation", slug)] = CODE_SCORES["organisation"]
                for other in known:
                    draft.add_other(_terms(other), EQUAL)

    def synonyms(self, replaced: Iterable[tuple[str, str]]) -> Synonyms:
        return Synonyms(
            MappingProxyType({key: _finished(key, d) for key, d in self._units.items() if key}),
            MappingProxyType({key: _finished(key, d) for key, d in self._places.items() if key}),
            MappingProxyType({key_of(_words(wrong)): right for wrong, right in replaced}),
        )


def _finished(key: Key, draft: _Draft) -> Unit:
    others = sorted(
        ((terms, weight) for terms, weight in draft.others.items() if terms and terms != key),
        key=lambda other: -other[1],
    )
    return Unit(
        length=len(key),
        codes=tuple(Code(name, code, score) for (name, code), score in draft.codes.items()),
        alternatives=tuple(Alternative(terms, weight) for terms, weight in others[:MOST_ALTERNATIVES]),
        is_alone=draft.is_alone,
        is_place=draft.is_place,
    )


def build(known: Vocabularies, organisations: Mapping[str, Sequence[str]] = MappingProxyType({})) -> Synonyms:
    """`organisations`: slug -> present name, then abbreviation, other and former names. Takes some 10 ms, the first
    time of a process longer."""
    builder = _Builder(known)
    rules = read(folder() / "synonyms.txt", known)
    builder.add_vocabularies()
    builder.add_organisations(organisations)
    builder.add_rules(rules)
    return builder.synonyms(rules.replaces)


@lru_cache(KEPT_STATES)
def of(organisations: tuple[tuple[str, Key], ...] = ()) -> Synonyms:
    """With the vocabularies of this Kennis and these organisations: slug and names of each. Those of the newest states
    are kept: an engine and the one that stands by ask for the same."""
    return build(vocabularies(), dict(organisations))


def default() -> Synonyms:
    """Without organisations: for tools and tests; a search uses those of its database."""
    return of()
