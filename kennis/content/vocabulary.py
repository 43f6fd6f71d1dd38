"""Controlled vocabularies: closed lists with labels, synonyms and parents, read from `seed/vocabularies/`.

SKOS (https://www.w3.org/TR/skos-reference/): labels are preferred labels, synonyms alternative labels, hidden
labels are searched and never shown, parent is the broader term.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeGuard

from rapidfuzz import fuzz, process

from kennis import resources
from kennis.errors import BadSetup

CODE = re.compile(r"-?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)?")
TERM_KEYS = frozenset(
    {"code", "labels", "synonyms", "hidden", "parent", "group", "notation", "order", "level", "isRetired"}
    | {"replacedBy", "note"}
)
# What must be there: fields, facets and steps name them.
NAMES = (
    "access-kinds", "age-bands", "answers", "archive-reasons", "audience-groups", "audiences", "backgrounds",
    "channel-kinds", "content-warnings", "cost-bands", "duration-bands", "evidence-bands", "evidence-directions",
    "evidence-types", "external-systems", "follow-up-statuses", "intervention-kinds", "kinds", "languages",
    "lesson-kinds", "licences", "material-kinds", "method-kinds", "narrator-roles", "offer-kinds",
    "organisation-kinds", "organisation-roles", "periods", "prevention-levels", "programmes", "recognition-levels",
    "recognition-schemes", "recognition-statuses", "regions", "reject-reasons", "relation-kinds", "review-tracks",
    "risk-levels", "roles", "settings", "source-kinds", "statuses", "target-groups", "topics", "training-forms",
    "transferability",
)  # fmt: skip
# Below this similarity (0-100) a "did you mean" would puzzle more than it helps: guess.
NEAREST_CUTOFF = 60.0


@dataclass(frozen=True, slots=True)
class Term:
    """One code of a vocabulary; `extra` holds facts of that vocabulary only, such as the span of an age band."""

    code: str
    labels: Mapping[str, str]
    synonyms: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    parent: str | None = None
    group: str | None = None
    notation: str | None = None
    order: int = 0
    level: int | None = None
    is_retired: bool = False
    replaced_by: str | None = None
    note: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Vocabulary:
    """A closed list in its own order."""

    name: str
    labels: Mapping[str, str]
    version: str
    terms: tuple[Term, ...]
    _by_code: Mapping[str, Term] = field(repr=False, default_factory=dict)

    def get(self, code: str) -> Term | None:
        return self._by_code.get(code)

    def __getitem__(self, code: str) -> Term:
        return self._by_code[code]

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self._by_code)

    def label(self, code: str, language: str) -> str:
        """The label in that language, Dutch where it has none; an unknown code is its own label."""
        term = self._by_code.get(code)
        return code if term is None else term.labels.get(language) or term.labels["nl"]

    def nearest(self, text: str) -> str | None:
        """The valid code that looks most like a wrong one, by code or Dutch label; None when nothing does."""
        choices = {t.code: t.code for t in self.terms} | {t.labels["nl"].lower(): t.code for t in self.terms}
        found = process.extractOne(text.lower(), list(choices), scorer=fuzz.WRatio, score_cutoff=NEAREST_CUTOFF)
        return choices[found[0]] if found else None

    def path(self, code: str) -> tuple[str, ...]:
        """The term with its ancestors, the broadest first."""
        term = self._by_code[code]
        return (*self.path(term.parent), code) if term.parent else (code,)

    def children(self, code: str) -> tuple[str, ...]:
        return tuple(t.code for t in self.terms if t.parent == code)

    def descendants(self, code: str) -> tuple[str, ...]:
        """All narrower terms, at any depth, without the term itself."""
        below = self.children(code)
        return (*below, *(d for c in below for d in self.descendants(c)))


class Vocabularies(Mapping[str, Vocabulary]):
    """All vocabularies by name; `version` changes with any byte of any file, `places` maps towns to regions."""

    def __init__(self, lists: Mapping[str, Vocabulary], places: Mapping[str, str], version: str) -> None:
        self._lists = MappingProxyType(dict(lists))
        self.places = MappingProxyType(dict(places))
        self.version = version

    def __getitem__(self, name: str) -> Vocabulary:
        return self._lists[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lists)

    def __len__(self) -> int:
        return len(self._lists)


def folded(text: str) -> str:
    """Lower case without accents and doubled spaces: how names of places are compared."""
    plain = text.lower()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    return " ".join(plain.split())


def _broken(path: Path, nl: str, en: str) -> BadSetup:
    return BadSetup(
        f"Het bestand {path} deugt niet: {nl}. Zet de versie uit de installatie terug.",
        f"The file {path} is broken: {en}. Put back the version of the installation.",
    )


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _broken(path, "het is niet te lezen", f"it cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise _broken(path, f"het is geen geldige JSON ({error})", f"it is not valid JSON ({error})") from error


def _are_labels(raw: Any) -> TypeGuard[dict[str, str]]:
    return isinstance(raw, dict) and all(isinstance(raw.get(x), str) and raw[x].strip() for x in ("nl", "en"))


def _are_words(raw: Any) -> bool:
    return isinstance(raw, list) and all(isinstance(word, str) and word.strip() for word in raw)


def _term(path: Path, order: int, raw: Any) -> Term:
    if not isinstance(raw, dict) or not isinstance(raw.get("code"), str) or not CODE.fullmatch(raw["code"]):
        raise _broken(path, f"term {order} heeft geen geldige code", f"term {order} has no valid code")
    code, labels = raw["code"], raw.get("labels")
    if not _are_labels(labels):
        raise _broken(path, f"{code} mist een label nl of en", f"{code} lacks a label nl or en")
    for key in ("synonyms", "hidden"):
        if not _are_words(raw.get(key, [])):
            raise _broken(path, f"{code}: {key} is geen lijst van woorden", f"{code}: {key} is no list of words")
    return Term(
        code=code,
        labels=MappingProxyType(labels),
        synonyms=tuple(raw.get("synonyms", ())),
        hidden=tuple(raw.get("hidden", ())),
        parent=raw.get("parent"),
        group=raw.get("group"),
        notation=raw.get("notation"),
        order=order,
        level=raw.get("level"),
        is_retired=bool(raw.get("isRetired", False)),
        replaced_by=raw.get("replacedBy"),
        note=raw.get("note"),
        extra=MappingProxyType({k: v for k, v in raw.items() if k not in TERM_KEYS}),
    )


def _is_above_itself(term: Term, by_code: Mapping[str, Term]) -> bool:
    """Or below a circle of others."""
    above = term.parent
    for _ in by_code:
        if above is None or above == term.code:
            break
        above = by_code[above].parent
    return above is not None


def _vocabulary(path: Path) -> Vocabulary:
    raw = _json(path)
    if not isinstance(raw, dict) or raw.get("name") != path.stem or not isinstance(raw.get("terms"), list):
        raise _broken(path, "naam of termen ontbreken", "its name or terms are missing")
    if not _are_labels(raw.get("labels")):
        raise _broken(path, "labels ontbreken", "its labels are missing")
    terms = tuple(_term(path, order, term) for order, term in enumerate(raw["terms"]))
    by_code = {t.code: t for t in terms}
    if len(by_code) != len(terms):
        raise _broken(path, "een code komt twee keer voor", "a code occurs twice")
    for term in terms:
        for other in (term.parent, term.replaced_by):
            if other is not None and not (isinstance(other, str) and other in by_code):
                raise _broken(path, f"{term.code} verwijst naar {other}", f"{term.code} points to unknown {other}")
    for term in terms:
        if _is_above_itself(term, by_code):
            raise _broken(path, f"{term.code} staat boven zichzelf", f"{term.code} stands above itself")
    return Vocabulary(path.stem, MappingProxyType(raw["labels"]), str(raw.get("version", 1)), terms, by_code)


def _places(path: Path, regions: Vocabulary) -> dict[str, str]:
    raw = _json(path)
    if not isinstance(raw, dict) or not all(_are_words(v) for v in raw.values()):
        raise _broken(path, "het is geen lijst van plaatsen per regio", "it is no list of places per region")
    for region in raw:
        if region not in regions:
            raise _broken(path, f"regio {region} bestaat niet", f"there is no region {region}")
    return {folded(name): region for region, names in raw.items() for name in names}


def load(folder: Path) -> Vocabularies:
    """Read every `*.json` in the folder (about 50 small files) and `places.json`; BadSetup names a broken one."""
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    if not files:
        raise BadSetup(
            f"De map {folder} met woordenlijsten ontbreekt of is leeg; installeer Kennis opnieuw.",
            f"The folder {folder} with vocabularies is missing or empty; install Kennis again.",
        )
    for name in NAMES:
        if folder / f"{name}.json" not in files:
            raise _broken(folder / f"{name}.json", "het ontbreekt", "it is missing")
    digest = hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()[:12]
    lists = {f.stem: _vocabulary(f) for f in files if f.stem != "places"}
    return Vocabularies(lists, _places(folder / "places.json", lists["regions"]), digest)


@cache
def vocabularies() -> Vocabularies:
    """The vocabularies of this installation, read once."""
    return load(resources.path("seed") / "vocabularies")
