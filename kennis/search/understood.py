"""Words of a query that name a filter: suggested, shown and removable, never silently applied (search.md 3).

The rules are data (`index_mappings/nl/understood.toml`); labels and synonyms come from the vocabularies.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kennis.content.vocabulary import Vocabularies, Vocabulary, vocabularies
from kennis.search import ages, needs, synonym_lines, toml_rules
from kennis.search.analysis import Found, analyser
from kennis.search.answers import SuggestedFilter
from kennis.search.mapping import mapping
from kennis.search.synonyms import PERSONAL, Key, key_of, longest_by_first
from kennis.search.typed import BEFORE_PLACE
from kennis.search.wordlists import folder

# More suggestions than this are noise. Guess.
MOST_SUGGESTIONS = 6
NO_FILTERS: Mapping[str, Sequence[str]] = MappingProxyType({})
# The audience that somebody belongs to who speaks for him- or herself.
AUDIENCE_OF: Mapping[needs.Kind, str] = {
    "victim": "slachtoffer-zelf",
    "bystander": "omstander-zelf",
    "perpetrator": "pleger-zelf",
}


@dataclass(frozen=True, slots=True)
class Mention:
    """`text[start:end]` names these values of a parameter. `only_filter`: no text of an entry holds these words."""

    parameter: str
    codes: tuple[str, ...]
    start: int
    end: int
    only_filter: bool


@dataclass(frozen=True, slots=True)
class _Says:
    parameter: str
    codes: tuple[str, ...]
    only_filter: bool


@dataclass(frozen=True, slots=True)
class _Phase:
    low: int
    high: int


@dataclass(frozen=True)
class Rules:
    """Phrases by their tokens, places by their folded words: the `ambiguous` ones only after "in" and the like."""

    says: Mapping[Key, tuple[_Says, ...]]
    places: Mapping[Key, _Says]
    ambiguous: frozenset[Key]
    phases: Mapping[Key, _Phase]
    ages: ages.AgeRules
    age_bands: Vocabulary
    longest: Mapping[str, int]
    longest_phase: Mapping[str, int]

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """In the order of the text; the longest phrase wins, and one phrase may name several parameters."""
        found = list(analyser().words(text))
        named = [*self._phrases(found), *self._ages(text, found)]
        return tuple(sorted(named, key=lambda m: m.start))

    def _phrases(self, found: Sequence[Found]) -> Iterator[Mention]:
        at = 0
        while at < len(found):
            length, said = self._longest_at(found, at)
            start, end = found[at].start, found[at + length - 1].end
            yield from (Mention(s.parameter, s.codes, start, end, s.only_filter) for s in said)
            at += length

    def _longest_at(self, found: Sequence[Found], at: int) -> tuple[int, tuple[_Says, ...]]:
        first = found[at].word
        longest = max(self.longest.get(first.term or first.folded, 0), self.longest.get(first.folded, 0))
        for end in range(min(len(found), at + longest), at, -1):
            words = [f.word for f in found[at:end]]
            said = self.says.get(key_of(words), ()) if any(w.term for w in words) else ()
            place = self.places.get(tuple(w.folded for w in words))
            if place and (len(found) == end - at or not self._is_ordinary(found, at, end)):
                said = (*said, *(() if any(s.parameter == "region" for s in said) else (place,)))
            if said:
                return end - at, said
        return 1, ()

    def _is_ordinary(self, found: Sequence[Found], at: int, end: int) -> bool:
        is_named = at > 0 and found[at - 1].word.folded in BEFORE_PLACE
        return not is_named and tuple(f.word.folded for f in found[at:end]) in self.ambiguous

    def _ages(self, text: str, found: Sequence[Found]) -> Iterator[Mention]:
        for age in self.ages.find(text):
            codes = ages.bands(age.low, age.high, self.age_bands)
            if codes:
                yield Mention("ageBand", codes, age.start, age.end, True)
        for at, first in enumerate(found):
            for end in range(min(len(found), at + self.longest_phase.get(first.word.term or "", 0)), at, -1):
                phase = self.phases.get(key_of(f.word for f in found[at:end]))
                if phase:
                    codes = ages.bands(phase.low, phase.high, self.age_bands)
                    yield Mention("ageBand", codes, first.start, found[end - 1].end, False)
                    break


def read(path: Path, known: Vocabularies, ordinary: Iterable[str]) -> Rules:
    """`ordinary` are the names of places that may as well be words. BadSetup names the file and the wrong rule."""
    raw = toml_rules.load(path)
    says: dict[Key, list[_Says]] = {}
    for rule in toml_rules.tables(path, raw, "labels"):
        name = toml_rules.word(path, rule, "parameter")
        vocabulary = toml_rules.word(path, rule, "vocabulary")
        if vocabulary not in known:
            raise toml_rules.broken(path, f"'{vocabulary}' bestaat niet", f"there is no '{vocabulary}'")
        for phrase, code in _labels(known[vocabulary]):
            _add(says, phrase, _Says(name, (code,), bool(rule.get("only_filter"))))
    for rule in toml_rules.tables(path, raw, "says"):
        said = _said(path, rule)
        for phrase in toml_rules.words(path, rule, "words"):
            _add(says, phrase, said)
    counted, places = toml_rules.table(path, raw, "ages"), _places(known)
    phases = _phases(path, counted)
    return Rules(
        says=MappingProxyType({key: tuple(value) for key, value in says.items()}),
        places=places,
        ambiguous=frozenset(tuple(f.word.folded for f in analyser().words(word)) for word in ordinary),
        phases=phases,
        ages=_age_rules(path, counted),
        age_bands=known["age-bands"],
        longest=longest_by_first((*says, *places)),
        longest_phase=longest_by_first(phases),
    )


def _labels(vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    for term in vocabulary:
        if term.group != PERSONAL and not term.is_retired:
            for phrase in (term.labels["nl"], term.labels["en"], *term.synonyms, *term.hidden):
                yield phrase, term.code


def _said(path: Path, rule: Mapping[str, Any]) -> _Says:
    name, codes = toml_rules.word(path, rule, "parameter"), toml_rules.words(path, rule, "codes")
    facet = mapping().facets.get(name)
    for code in codes:
        if facet is None or not any(code in vocabularies()[v] for v in facet.vocabularies):
            raise toml_rules.broken(path, f"{name}={code} bestaat niet", f"there is no {name}={code}")
    return _Says(name, codes, bool(rule.get("only_filter")))


def _add(says: dict[Key, list[_Says]], phrase: str, said: _Says) -> None:
    key = _key(phrase)
    if any(word for word in key) and said not in says.setdefault(key, []):
        says[key].append(said)


def _key(phrase: str) -> Key:
    return key_of(found.word for found in analyser().words(phrase))


def _places(known: Vocabularies) -> Mapping[Key, _Says]:
    found = {}
    for place, region in known.places.items():
        key = tuple(f.word.folded for f in analyser().words(place))
        found[key] = _Says("region", (region,), False)
    return MappingProxyType(found)


def _phases(path: Path, counted: Mapping[str, Any]) -> Mapping[Key, _Phase]:
    phases = {}
    for phase in toml_rules.tables(path, counted, "phase"):
        span = _Phase(toml_rules.number(path, phase, "from"), toml_rules.number(path, phase, "to", ages.OLDEST))
        for phrase in toml_rules.words(path, phase, "words"):
            phases[_key(phrase)] = span
    return MappingProxyType(phases)


def _age_rules(path: Path, counted: Mapping[str, Any]) -> ages.AgeRules:
    who = {
        word.lower(): toml_rules.number(path, rule, "from", 0)
        for rule in toml_rules.tables(path, counted, "who")
        for word in toml_rules.words(path, rule, "words")
    }
    return ages.AgeRules(tuple(counted.get("not_before", ())), tuple(counted.get("not_after", ())), who)


@cache
def rules() -> Rules:
    """The rules of this installation, read once."""
    known = vocabularies()
    return read(folder() / "understood.toml", known, synonym_lines.read(folder() / "synonyms.txt", known).alone)


def suggested_filters(
    text: str,
    mentions: Iterable[Mention],
    need: needs.Need | None,
    language: str = "nl",
    active: Mapping[str, Sequence[str]] = NO_FILTERS,
) -> tuple[SuggestedFilter, ...]:
    """What the words of a query name, without what is chosen already. Somebody who speaks for him- or herself is
    offered the pages made for that, first."""
    suggested: dict[tuple[str, str], SuggestedFilter] = {}
    if need and need.is_first_person:
        _suggest(suggested, "audience", (AUDIENCE_OF[need.kind],), need.because, language)
    for mention in mentions:
        because = text[mention.start : mention.end].strip()
        _suggest(suggested, mention.parameter, mention.codes, because, language)
    wanted = [s for (name, code), s in suggested.items() if code not in active.get(name, ())]
    return tuple(wanted[:MOST_SUGGESTIONS])


def _suggest(
    into: dict[tuple[str, str], SuggestedFilter], name: str, codes: Iterable[str], because: str, language: str
) -> None:
    for code in codes:
        label = next(
            vocabularies()[v].label(code, language)
            for v in mapping().facets[name].vocabularies
            if code in vocabularies()[v]
        )
        into.setdefault((name, code), SuggestedFilter(name, code, label, because))
