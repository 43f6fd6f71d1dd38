"""Does somebody ask for themselves? Rules as data (`index_mappings/nl/help.toml`) tell who: victim, bystander or
perpetrator. What was typed is neither kept nor passed on (safety.md)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from kennis.search import toml_rules
from kennis.search.analysis import fold
from kennis.search.folding import fold_word
from kennis.search.wordlists import folder

Kind = Literal["victim", "bystander", "perpetrator"]
WHO: Mapping[str, Kind | Literal["none"]] = {
    "victim": "victim",
    "bystander": "bystander",
    "perpetrator": "perpetrator",
    "none": "none",
}
# So many other words may stand where a pattern says `*`: "mijn man heeft me vannacht weer geslagen". Guess.
GAP = 5
# Nothing stands before, or behind: what means distress alone may be a topic in a longer title.
EDGES: Mapping[str, str] = {"^": r"(?<=\A )", "$": r"\Z"}
PIECE = re.compile(r"(?:<\w+>|\([^)]*\))\??|\*|\S+")


@dataclass(frozen=True, slots=True)
class Need:
    """`because` is the part of the query that shows it. Acute words alone are no first person, but help comes
    first as for a victim."""

    kind: Kind
    is_first_person: bool
    because: str


@dataclass(frozen=True, slots=True)
class Rule:
    """`need` none: a professional asks, and the rules after this one do not count."""

    need: Kind | Literal["none"]
    is_first_person: bool
    pattern: re.Pattern[str]


def need(text: str) -> Need | None:
    """The first rule that fits, in the order of the file; None when nobody asks for themselves."""
    tokens = fold(text)
    said = " " + "".join(f"{token.term} " for token in tokens)
    for rule in rules():
        match = rule.pattern.search(said)
        if match is None:
            continue
        if rule.need == "none":
            return None
        first = said.count(" ", 0, match.start() + 1) - 1
        last = said.count(" ", 0, match.end()) - 2
        because = text[tokens[first].start : tokens[last].end]
        return Need(rule.need, rule.is_first_person, because)
    return None


def read(path: Path) -> tuple[Rule, ...]:
    """BadSetup names the file and the pattern that is wrong."""
    raw = toml_rules.load(path)
    sets: dict[str, str] = {}
    for name, words in raw.get("sets", {}).items():
        sets[name] = _alternatives(path, sets, words)
    found = tuple(_rule(path, sets, table) for table in toml_rules.tables(path, raw, "rules"))
    if not found:
        # An emptied file would take away the help without a word.
        raise toml_rules.broken(path, "er staat geen enkele regel in", "it holds no rule at all")
    return found


def _rule(path: Path, sets: Mapping[str, str], table: Mapping[str, Any]) -> Rule:
    name = toml_rules.word(path, table, "need")
    who = WHO.get(name)
    if who is None:
        raise toml_rules.broken(path, f"'{name}' is geen vraag om hulp", f"'{name}' is no kind of need")
    patterns = toml_rules.words(path, table, "patterns")
    joined = _any(path, sets, [PIECE.findall(p) for p in patterns])
    return Rule(who, bool(table.get("first_person", True)), re.compile(f"(?<= ){joined}"))


def _any(path: Path, sets: Mapping[str, str], patterns: Sequence[Sequence[str]]) -> str:
    """What they begin with alike is looked for once: this runs at every word of every search."""
    begun: dict[str, list[Sequence[str]]] = {}
    for first, *rest in patterns:
        begun.setdefault(first, []).append(rest)
    ways = []
    for first, rests in begun.items():
        longer = [rest for rest in rests if rest]
        ends = "" if not longer else _any(path, sets, longer) + ("" if len(longer) == len(rests) else "?")
        ways.append(_piece(path, sets, first) + ends)
    return f"(?:{'|'.join(ways)})"


def _piece(path: Path, sets: Mapping[str, str], piece: str) -> str:
    """Every word of the text is followed by one space, so every piece of a pattern ends in one."""
    if piece in EDGES:
        return EDGES[piece]
    if piece == "*":
        return rf"(?:\S+ ){{0,{GAP}}}?"
    if piece.endswith("?"):
        return f"(?:{_piece(path, sets, piece[:-1])})?"
    if piece.startswith("<"):
        if piece[1:-1] not in sets:
            raise toml_rules.broken(path, f"de groep {piece} bestaat niet", f"there is no set {piece}")
        return sets[piece[1:-1]]
    if piece.startswith("("):
        return _alternatives(path, sets, piece[1:-1].split("|"))
    if set(piece) & set("()|<>"):
        raise toml_rules.broken(path, f"'{piece}' staat los of genest", f"'{piece}' stands loose or nested")
    return _word(piece)


def _alternatives(path: Path, sets: Mapping[str, str], phrases: Any) -> str:
    if not isinstance(phrases, list) or not all(isinstance(p, str) and p.strip() for p in phrases):
        raise toml_rules.broken(path, "een groep is geen lijst van woorden", "a set is no list of words")
    return f"(?:{'|'.join(''.join(_piece(path, sets, w) for w in p.split()) for p in phrases)})"


def _word(word: str) -> str:
    """With a star behind it: every word that begins like this."""
    return re.escape(fold_word(word)) + (r"\S* " if word.endswith("*") else " ")


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of this installation, read once."""
    return read(folder() / "help.toml")
