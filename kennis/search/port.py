"""What every search engine must do, and the frozen values that cross the border. No engine type ever does."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from kennis.search.tree import Node

FieldValue: TypeAlias = str | int | bool | list[str]
# Deeper than this no engine pages (search.md 5): reading everything is what the change feed is for.
WINDOW = 10_000
RELEVANCE = "relevance"
# Scores of the two engines are equal to 6e-7 (search.md 6); so many significant digits are kept before ties are
# broken by id. Constants of a thousand lift whole groups (find.py): within them 0.01 is still far above the noise.
SIGNIFICANT_DIGITS = 4
LEAST_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of these values in a keyword or boolean field."""

    field: str
    values: tuple[str | bool, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """A day as integer yyyymmdd between these, both included; None: no limit on that side."""

    field: str
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Both:
    """All of these conditions together."""

    conditions: tuple["Condition", ...]


Condition: TypeAlias = AnyOf | Within | Both


@dataclass(frozen=True, slots=True)
class FacetCount:
    """Count the values of this field, at most `size` of them."""

    field: str
    size: int


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """`selections` are what the reader chose per facet: each facet is counted under all of them but its own.
    `required` and `excluded` bind hits and counts alike. `sort` names a field of unique keys (ascending) or is
    RELEVANCE: score, then id. `limit` 0 asks for counts only."""

    tree: Node
    selections: tuple[AnyOf, ...] = ()
    required: tuple[Condition, ...] = ()
    excluded: tuple[Condition, ...] = ()
    facets: tuple[FacetCount, ...] = ()
    sort: str = RELEVANCE
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Found:
    """An id and its rounded score; 0 when the order is not relevance."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """`facets` holds only values that occur; the total is exact."""

    hits: tuple[Found, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """What is written of an entry: ready tokens, codes, days. `version` is the external version of the row."""

    id: str
    version: int
    fields: Mapping[str, FieldValue]


@dataclass(frozen=True, slots=True)
class Removal:
    """The entry may not be found any more."""

    id: str
    version: int


Write: TypeAlias = IndexDocument | Removal
# Id -> why, of documents that the engine will never take: the name of the error and of the field, no word of an entry.
Refused: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """`problem` says in words why it is not ready, and the way out. `is_down`: whether it has an index cannot be
    known now, so that building one is not the way out."""

    engine: str
    is_ready: bool
    documents: int
    mapping_version: str
    analysis_version: str
    index: str
    problem_nl: str = ""
    problem_en: str = ""
    is_down: bool = False


class FreshIndex(Protocol):
    """A new index before the switch: nobody searches it yet."""

    def write(self, batch: Sequence[Write]) -> Refused: ...

    def versions(self) -> dict[str, int]: ...


Build: TypeAlias = Callable[[FreshIndex], None]
Alone: TypeAlias = Callable[[], AbstractContextManager[None]]


class SearchEngine(Protocol):
    """Every call may raise SearchUnavailable; as SearchBroken (or BadSetup) when an operator can mend it."""

    @property
    def name(self) -> str: ...

    def search(self, request: SearchRequest) -> SearchResult: ...

    def terms(self, field: str, excluded: Sequence[Condition]) -> dict[str, int]:
        """Every token of the field with its number of documents, the marker and excluded documents left out."""
        ...

    def versions(self) -> dict[str, int]:
        """Id -> version of every document: what the check compares with the database."""
        ...

    def refresh(self) -> None:
        """From now on see what other processes wrote before this call."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """One writer at a time, over all processes. Rows read from the database inside are still the newest when
        they are written: so a late writer never brings back what another one removed."""
        ...

    def write(self, batch: Sequence[Write]) -> Refused:
        """Durable and searchable here when it returns. A version older than the one in the index is left out. What
        is refused for good leaves the index, for the words of its older version may no longer hold; all else of the
        batch is written. SearchBusy when the engine can take a smaller batch, or this one later."""
        ...

    def mend(self, batch: Sequence[Write]) -> Refused:
        """As `write`, whatever versions the index holds: for entries of which it says what never was right. Only
        inside `writing`, with rows that were read inside."""
        ...

    def rebuild(self, fill: Build, finish: Build, *, keep_previous: bool, alone: Alone | None = None) -> None:
        """`fill` works while others write to the old index; `finish` and the switch happen under `alone` (without it
        under `writing`), so that no write falls between them. `finish` raises when the new index is not right; on
        any failure the new index is removed."""
        ...

    def roll_back(self) -> bool:
        """Return to the index before the last rebuild, if it was kept; the caller then replays the outbox."""
        ...

    def status(self) -> EngineStatus: ...

    def close(self) -> None: ...


def rounded(score: float) -> float:
    """The score as far as both engines agree on it: ties of rounded scores are broken by id."""
    if score == 0:
        return 0.0
    if score >= 10 ** (SIGNIFICANT_DIGITS - LEAST_DECIMALS):
        return round(score, LEAST_DECIMALS)
    return float(f"{score:.{SIGNIFICANT_DIGITS - 1}e}")
