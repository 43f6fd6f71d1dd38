"""Reads `index_mappings/nl/synonyms.txt`: rules as plain data, checked against the vocabularies, not yet applied."""

from dataclasses import dataclass, field
from pathlib import Path

from kennis.content.vocabulary import Vocabularies
from kennis.data_lines import broken, lines
from kennis.errors import BadSetup

# Which keyword field of the index holds the codes of which vocabulary.
VOCABULARY_OF = {
    "topic": "topics",
    "targetGroup": "target-groups",
    "audience": "audiences",
    "setting": "settings",
    "region": "regions",
    "kind": "kinds",
}
# What a rule may name beside these; the labels of such a vocabulary are no words of entries.
RULES_ONLY = {"evidenceDirection": "evidence-directions"}
Ranked = tuple[tuple[tuple[str, str], ...], ...]


@dataclass
class SynonymRules:
    """`stands` holds, per phrase, (field, code) pairs in ranks, the first rank counting most."""

    equals: list[tuple[str, ...]] = field(default_factory=list)
    finds: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    stands: list[tuple[str, Ranked]] = field(default_factory=list)
    replaces: list[tuple[str, str]] = field(default_factory=list)
    alone: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, path: Path, vocabularies: Vocabularies) -> None:
        self._path = path
        self._vocabularies = vocabularies
        self.rules = SynonymRules()

    def line(self, number: int, text: str) -> None:
        if text.startswith("alone:"):
            self.rules.alone += self._list(number, text.removeprefix("alone:"), ",")
        elif "~>" in text:
            left, right = self._two(number, text, "~>")
            self.rules.replaces.append((left, right))
        elif "=>" in text:
            left, right = self._two(number, text, "=>")
            self.rules.stands.append((left, self._ranks(number, right)))
        elif "->" in text:
            left, right = self._two(number, text, "->")
            self.rules.finds.append((left, tuple(self._list(number, right, ","))))
        else:
            self._equal(number, text)

    def _equal(self, number: int, text: str) -> None:
        phrases = self._list(number, text, "=")
        if len(phrases) < 2:
            nl, en = "verwacht wordt '=', '->', '=>', '~>' of 'alone:'", "expected is '=', '->', '=>', '~>' or 'alone:'"
            raise self._broken(number, nl, en)
        self.rules.equals.append(tuple(phrases))

    def _two(self, number: int, text: str, arrow: str) -> tuple[str, str]:
        left, _, right = (part.strip() for part in text.partition(arrow))
        if not left or not right or arrow in right:
            raise self._broken(number, f"links en rechts van '{arrow}' hoort iets", f"'{arrow}' needs two sides")
        return left, right

    def _list(self, number: int, text: str, separator: str) -> list[str]:
        items = [item.strip() for item in text.split(separator)]
        if not all(items):
            raise self._broken(number, "er staat een lege plek in de rij", "the list has an empty place")
        return items

    def _ranks(self, number: int, text: str) -> Ranked:
        return tuple(
            tuple(self._code(number, code) for code in self._list(number, rank, "="))
            for rank in self._list(number, text, ">")
        )

    def _code(self, number: int, text: str) -> tuple[str, str]:
        name, _, code = text.partition(":")
        vocabulary = (VOCABULARY_OF | RULES_ONLY).get(name)
        if vocabulary is None or code not in self._vocabularies[vocabulary]:
            raise self._broken(number, f"'{text}' bestaat niet", f"there is no '{text}'")
        return name, code

    def _broken(self, number: int, nl: str, en: str) -> BadSetup:
        return broken(self._path, number, nl, en)


def read(path: Path, vocabularies: Vocabularies) -> SynonymRules:
    """All rules of the file; BadSetup names file and line of the first broken one."""
    reader = _Reader(path, vocabularies)
    for number, text in lines(path):
        reader.line(number, text)
    return reader.rules
