"""Sentences with what must be marked in them, and how a detector does on them."""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from kennis.stories.marks import KINDS, Mark
from kennis.stories.privacy import PersonalDataDetector

FILE = Path(__file__).with_name("golden.txt")
_EXPECTED = re.compile(r"\{([a-z-]+):([^}]*)\}")
Span = tuple[str, int, int]


@dataclass(frozen=True)
class Sentence:
    text: str
    expected: tuple[Span, ...]


@dataclass
class Score:
    """Found, missed and wrong marks by kind, and the sentences that show the last two."""

    found: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    shown: list[str] = field(default_factory=list)

    def recall(self, kind: str) -> float:
        return self.found[kind] / (self.found[kind] + self.missed[kind])

    def precision(self, kind: str) -> float:
        return self.found[kind] / (self.found[kind] + self.wrong[kind])

    def table(self) -> str:
        rows = [
            f"{kind:15} {self.precision(kind):9.2f} {self.recall(kind):6.2f} {self.found[kind]:5}" for kind in KINDS
        ]
        return "\n".join(["kind            precision recall found", *rows, *self.shown])


def _sentence(line: str) -> Sentence:
    text, expected, behind = "", [], 0
    for match in _EXPECTED.finditer(line):
        text += line[behind : match.start()]
        expected.append((match[1], len(text), len(text) + len(match[2])))
        text += match[2]
        behind = match.end()
    return Sentence(text + line[behind:], tuple(expected))


def sentences() -> list[Sentence]:
    lines = FILE.read_text("utf-8").splitlines()
    return [_sentence(line) for line in lines if line and not line.startswith("#")]


def _covers(mark: Mark, span: Span) -> bool:
    return mark.kind == span[0] and mark.start <= span[1] and mark.end >= span[2]


def score(detector: PersonalDataDetector) -> Score:
    result = Score()
    for sentence in sentences():
        marks = detector.scan(sentence.text)
        for span in sentence.expected:
            is_found = any(_covers(mark, span) for mark in marks)
            (result.found if is_found else result.missed)[span[0]] += 1
            if not is_found:
                result.shown.append(f"missed {span[0]}: {sentence.text}")
        for mark in marks:
            if not any(_covers(mark, span) for span in sentence.expected):
                result.wrong[mark.kind] += 1
                result.shown.append(f"wrong {mark.kind} “{sentence.text[mark.start : mark.end]}”: {sentence.text}")
    return result
