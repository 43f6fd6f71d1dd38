"""What is asked of a search and what it answers: frozen values, the same for the API and the pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple

Surface = Literal["partners", "pages"]
Shape = Literal["card", "full"]
NO_FILTERS: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True)
class Find:
    """One search. `filters` is keyed by facet name; several values of one facet mean any of them.

    `include_expired` None: the rule of each kind holds (content-model.md 5.5). `sort` None: relevance with words,
    newest without. `facets` None: the default ones; empty: none. `updated_since` and `published_since` include
    their day.
    """

    q: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NO_FILTERS)
    updated_since: date | None = None
    published_since: date | None = None
    include_expired: bool | None = None
    sort: str | None = None
    page: int = 1
    page_size: int = 20
    facets: tuple[str, ...] | None = None
    highlight: bool = False
    shape: Shape = "card"
    language: str = "nl"
    surface: Surface = "partners"


class FacetValue(NamedTuple):
    """`count`: how many results choosing this value gives (with what is chosen in other facets). A tuple, for an
    answer holds some 90 of them and a frozen dataclass takes three times as long to make."""

    code: str
    label: str
    count: int  # type: ignore[assignment]  # of results, not of values in a tuple
    selected: bool
    parent: str | None
    group: str | None


@dataclass(frozen=True, slots=True)
class Facet:
    """`distinct`: how many values occur, also those that are not shown."""

    name: str
    label: str
    distinct: int
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class SuggestedFilter:
    """A filter that words of the query name; nothing is filtered until the reader chooses it."""

    parameter: str
    code: str
    label: str
    because: str


@dataclass(frozen=True, slots=True)
class Understood:
    """How the words were read. `relaxed`: too few entries hold all of them, so most of them are enough.
    `replaced`: pairs of what was typed and what it was read as."""

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    relaxed: bool = False
    replaced: tuple[tuple[str, str], ...] = ()
    suggested_filters: tuple[SuggestedFilter, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """`fragment` is one JSON object as bytes; highlights are HTML-escaped, by property."""

    id: str
    fragment: bytes
    highlights: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Page:
    """`total` is exact; a page may hold fewer hits than its size while a removal waits to reach the index.
    `help`: the fixed help block stands first (112, 0800-2000). `degraded`: the engine that stands by answered, and
    what was published just now may be missing."""

    total: int
    page: int
    page_size: int
    sort: str
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    understood: Understood
    did_you_mean: str | None
    help: bool
    degraded: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`kind` is `entry` (`code` is its id), or the name of the facet of which `code` is a value."""

    kind: str
    text: str
    code: str


@dataclass(frozen=True, slots=True)
class GapRow:
    """One value of the rows with its counts in the order of the columns."""

    code: str
    label: str
    total: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GapMap:
    """Where knowledge is missing: counts per cell, zeros included. `columns` are pairs of code and label."""

    rows_facet: str
    columns_facet: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[GapRow, ...]
    total: int
