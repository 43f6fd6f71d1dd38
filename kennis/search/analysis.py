"""Dutch text to tokens: the one analyser, for both engines, at index and at query time (search.md 1).

Pure but for a memory of words. A token depends on the folded word alone, so that accents, capitals and apostrophes
cannot matter (T16). Engines get ready tokens; `ANALYSIS_VERSION` is part of the name of every index.
"""

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import snowballstemmer

from kennis.search.compounds import Splitter
from kennis.search.folding import fold_word, phone_token, word_pattern
from kennis.search.wordlists import Override, WordLists, word_lists

# Raise it whenever the golden files change: an index with other tokens must be rebuilt.
ANALYSIS_VERSION = "3"
# Some 200 bytes a word; Dutch text of 100,000 entries holds about this many different written words. Guess.
REMEMBERED_WORDS = 100_000
# Only the words at hand: enough for those of one document (guess).
REMEMBERED_LEMMAS = 4_096
# Two vowels that may be written with a diaeresis on the second one: patienten, patiënten.
DIAERESIS = re.compile(r"(?<=[aeiou])[aeiou]")
WITH_DIAERESIS = str.maketrans("aeiou", "äëïöü")
# Shorter words in -ies are no plurals: kies, vlies, advies.
LEAST_PLURAL = 6
ARTICLES = frozenset({"de", "het", "een"})
# Endings before which a lost apostrophe is tried: babys, fotos, taxis.
OPEN_VOWELS = "aiouy"


@dataclass(frozen=True, slots=True)
class Word:
    """What is known of one written word. `term` is None for a stop word; `folded` is empty when nothing is left."""

    folded: str
    term: str | None
    parts: tuple[str, ...] = ()
    finds_by_parts: bool = True
    is_noise: bool = False
    is_protected: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """`source[start:end]` is the word as it was written."""

    term: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """A word where it stands in a text."""

    word: Word
    start: int
    end: int


class _Studied(dict[str, Word]):
    """Words that were met, each studied at its first meeting. A memory that also keeps the order in which they were
    last met costs twice as much a word; this one begins anew when it is full."""

    def __init__(self, study: Callable[[str], Word], most: int) -> None:
        self._study = study
        self._most = most

    def __missing__(self, raw: str) -> Word:
        if len(self) >= self._most:
            self.clear()
        word = self[raw] = self._study(raw)
        return word


class Analyser:
    """Bound to one set of word lists. Safe to share between threads."""

    def __init__(self, lists: WordLists, remembered_words: int = REMEMBERED_WORDS) -> None:
        # Here and not above: see there.
        from kennis.search import dictionary

        self._lists = lists
        self._known_lemma, self._guess = dictionary.lemma_of, dictionary.guess
        self._find = word_pattern(lists.protected)
        self._stemmer = snowballstemmer.stemmer("dutch_porter")
        self._stemming = threading.Lock()  # the stemmer keeps its word in itself
        # One word is asked for its lemma and its parts several times while it is studied.
        self._lemma = lru_cache(maxsize=REMEMBERED_LEMMAS)(self._looked_up)
        self._split = lru_cache(maxsize=REMEMBERED_LEMMAS)(Splitter(lists.parts, self._lemma).split)
        self.word = _Studied(self._study, remembered_words).__getitem__

    def words(self, text: str) -> Iterator[Found]:
        """Every word that leaves something behind, stop words too, in order."""
        for match in self._find.of(text).finditer(text):
            word = self.word(match.group())
            if word.folded:
                yield Found(word, match.start(), match.end())

    def read(self, text: str) -> list[Word]:
        """As `words`, without the places: the fast way for whole documents."""
        return [word for word in map(self.word, self._find.words(text)) if word.folded]

    def _study(self, raw: str) -> Word:
        literal = self._lists.protected.get(raw.lower())
        if literal:
            return Word(literal, literal, is_protected=True)
        if raw[0] in "+0" and (raw[0] == "+" or len(raw) >= 8) and not raw[-1].isalpha():
            digits = phone_token(raw)
            return Word(digits, digits, is_protected=True)
        return self._ordinary(fold_word(raw))

    def _ordinary(self, folded: str) -> Word:
        literal = self._lists.protected.get(folded)
        if literal:
            return Word(literal, literal, is_protected=True)
        if not folded or folded in self._lists.stopwords:
            return Word(folded, None)
        term, override = self._term(folded), self._lists.overrides.get(folded)
        is_noise = folded in self._lists.noise or term in self._lists.noise
        if override:
            parts = tuple(self._term(part) for part in override.parts)
            return Word(folded, term, parts, override.finds_by_parts, is_noise)
        return Word(folded, term, self._parts(folded), is_noise=is_noise)

    def _term(self, folded: str) -> str:
        override: Override | None = self._lists.overrides.get(folded)
        if override:
            return override.token
        lemma = self._base(folded)
        # A lemma may be a word of the override table itself: oude -> oud, vaders -> vader.
        override = self._lists.overrides.get(lemma)
        if override:
            return override.token
        with self._stemming:
            return str(self._stemmer.stemWord(lemma))

    def _looked_up(self, folded: str) -> str:
        """The base form, folded. Signs that folding took away are tried again, for the dictionary is spelt rightly."""
        if not folded.isalpha():
            return folded
        lemma = self._known_lemma(folded)
        if lemma is not None:
            return _checked(folded, fold_word(lemma))
        for spelling in _spellings(folded):
            lemma = self._known_lemma(spelling)
            if lemma is not None:
                return _checked(folded, fold_word(lemma))
        return _checked(folded, fold_word(self._guess(folded)))

    def _base(self, folded: str) -> str:
        """The lemma; of a word that the dictionary does not know, as a compound or by its ending."""
        lemma = self._lemma(folded)
        if lemma != folded:
            return lemma
        compound = self._split(folded)
        if compound:
            return compound.base
        return folded[:-1] if folded.endswith("ies") and len(folded) > LEAST_PLURAL else folded

    def _parts(self, folded: str) -> tuple[str, ...]:
        compound = self._split(folded) or self._split(self._lemma(folded))
        return tuple(self._term(part) for part in compound.parts) if compound else ()


def _checked(folded: str, lemma: str) -> str:
    """The dictionary takes some men for women: onderzoeker -> onderzoekster, but onderzoekers -> onderzoeker."""
    is_other = folded.endswith("er") and lemma.endswith("ster")
    return folded if is_other or not lemma else lemma


def _spellings(folded: str) -> Iterator[str]:
    """With the signs that folding may have taken away."""
    for pair in DIAERESIS.finditer(folded):
        yield folded[: pair.start()] + pair.group().translate(WITH_DIAERESIS) + folded[pair.end() :]
    if len(folded) > 3 and folded[-1] == "s" and folded[-2] in OPEN_VOWELS:
        yield f"{folded[:-1]}'s"


def _accented(word: str) -> Iterator[str]:
    """With an accent on one e."""
    for at, letter in enumerate(word):
        if letter == "e":
            yield from (word[:at] + accented + word[at + 1 :] for accented in "éèê")


@cache
def analyser() -> Analyser:
    """The analyser with the lists of this installation; the first word takes about 0.3 s (the dictionary)."""
    return Analyser(word_lists())


def fold(text: str) -> list[Token]:
    """Every word as it was written, folded, stop words too: the field `exact`, phrases and spelling."""
    return [Token(found.word.folded, found.start, found.end) for found in analyser().words(text)]


def terms(words: Iterable[Word]) -> str:
    """The stems, with a space between each and the next, as an index takes them; stop words have none."""
    return " ".join([word.term for word in words if word.term])


def parts(words: Iterable[Word]) -> str:
    """The parts of those that are compounds, as `terms`."""
    return " ".join([part for word in words if word.parts for part in word.parts])


def folded(words: Iterable[Word]) -> str:
    """All words as they were written but for their signs, as `terms`."""
    return " ".join([word.folded for word in words])


def analyze_words(text: str) -> list[str]:
    """The stemmed words alone."""
    return [word.term for word in analyser().read(text) if word.term is not None]


def exact_name(text: str) -> str:
    """A whole title or name as one keyword (`exactNames`), without leading article and without spaces: "kracht werk"
    is Krachtwerk. A query is compared in the same form."""
    return in_one_word([word.folded for word in analyser().read(text)])


def in_one_word(name: Sequence[str]) -> str:
    """As `exact_name`, of a name that was read already: its folded words."""
    return "".join(name[1:] if len(name) > 1 and name[0] in ARTICLES else name)


def is_dutch(word: str) -> bool:
    """Whether a dictionary of Dutch holds this written word: then it is no typing mistake. A sign that was left out is
    none either: cafe, creche."""
    from kennis.search import dictionary

    return any(map(dictionary.holds, (word, *_spellings(word), *_accented(word))))
