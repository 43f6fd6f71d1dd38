"""A page of the search as the template shows it: cards, filters as a form, and every way on from here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kennis.content.fields_dates import add_months
from kennis.content.vocabulary import vocabularies
from kennis.search.answers import Facet, FacetValue, Page
from kennis.search.port import RELEVANCE
from kennis.web import dutch
from kennis.web.asking import EXPIRED, LAST_PAGE, SINCE, SORTS, Asked, parameters
from kennis.web.cards import Card, card
from kennis.web.moves import Move, add, change, drop

REGION, COUNTRY = "region", "nl"
NEWEST = "newest"
# Facets whose box stands open before anything was chosen: the first question of most readers (guess).
OPEN_FACETS = ("kind",)
# What most readers choose by; the other facets wait behind one more step (guess).
FIRST_FACETS = ("kind", "topic", "targetGroup", "audience", "recognition", "ageBand", "region")
# Months back, and the words for it (content-model.md 10).
PERIODS = ((1, "de afgelopen maand"), (6, "het afgelopen half jaar"), (12, "het afgelopen jaar"), (24, "2 jaar"))
# Page numbers shown on both sides of this one.
NEARBY = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """One checkbox, with those of narrower values below it."""

    code: str
    label: str
    count: str
    is_selected: bool
    narrower: tuple["Choice", ...] = ()

    @property
    def is_open(self) -> bool:
        return any(choice.is_selected or choice.is_open for choice in self.narrower)


@dataclass(frozen=True, slots=True)
class Box:
    """One facet as a fieldset. `groups` are pairs of a heading (empty: none) and choices."""

    name: str
    label: str
    is_open: bool
    selected: int
    groups: tuple[tuple[str, tuple[Choice, ...]], ...]


@dataclass(frozen=True, slots=True)
class Since:
    """A choice of one day; `days` are triples of value, words and whether it is the chosen one."""

    name: str
    label: str
    days: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Results:
    """`hidden` are parameters that the form sends along unseen. `country` leads to offers for the whole country.
    `way_back` leads from a page behind the last one to those that there are; else it is empty."""

    asked: Asked
    total: int
    total_words: str
    cards: tuple[Card, ...]
    boxes: tuple[Box, ...]
    more_boxes: tuple[Box, ...]
    since: tuple[Since, ...]
    hidden: tuple[tuple[str, str], ...]
    active: tuple[Move, ...]
    suggested: tuple[tuple[Move, str], ...]
    spelling: Move | None
    replaced: tuple[tuple[str, str], ...]
    is_relaxed: bool
    asks_help: bool
    is_degraded: bool
    country: Move | None
    sorts: tuple[tuple[str, str, bool], ...]
    pages: tuple[tuple[Move, bool], ...]
    previous: Move | None
    next: Move | None
    place: str
    way_back: tuple[Move, ...]

    @property
    def is_start(self) -> bool:
        return self.asked.is_start


def results(asked: Asked, page: Page, today: date) -> Results:
    ask, understood = asked.find, page.understood
    boxes = [_box(facet) for facet in page.facets if facet.values]
    last = last_page(page)
    is_behind = page.total > 0 and page.page > last
    return Results(
        asked=asked,
        total=page.total,
        total_words=total_words(page.total),
        cards=tuple(card(hit.fragment, hit.highlights) for hit in page.hits),
        boxes=tuple(box for box in boxes if box.name in FIRST_FACETS or box.selected),
        more_boxes=tuple(box for box in boxes if box.name not in FIRST_FACETS and not box.selected),
        since=tuple(_since(asked, name, label, today) for name, label in SINCE.items()),
        hidden=((EXPIRED, str(ask.include_expired).lower()),) if ask.include_expired is not None else (),
        active=tuple(_active(asked, page.facets)),
        suggested=tuple(_suggested(asked, page)),
        spelling=change(asked, page.did_you_mean, "q", page.did_you_mean) if page.did_you_mean else None,
        replaced=understood.replaced,
        is_relaxed=understood.relaxed,
        asks_help=page.help,
        is_degraded=page.degraded,
        country=_country(asked, page.facets),
        sorts=tuple(_sorts(page, is_ranked=bool(ask.q) or page.help)),
        pages=() if is_behind else tuple(_pages(asked, page)),
        previous=change(asked, "Vorige", "page", page.page - 1) if 1 < page.page <= last else None,
        next=change(asked, "Volgende", "page", page.page + 1) if page.page < last else None,
        place="Deze pagina is er niet" if is_behind else f"Pagina {min(page.page, last)} van {dutch.number(last)}",
        way_back=tuple(_way_back(asked, last)) if is_behind else (),
    )


def _sorts(page: Page, *, is_ranked: bool) -> Iterator[tuple[str, str, bool]]:
    """The order that holds without a choice has no value: it changes as soon as there are words or a need."""
    usual = RELEVANCE if is_ranked else NEWEST
    for code, label in SORTS.items():
        if is_ranked or code != RELEVANCE:
            yield "" if code == usual else code, label, code == page.sort


def total_words(total: int) -> str:
    if total == 0:
        return "Geen resultaten"
    return "1 resultaat" if total == 1 else f"{dutch.number(total)} resultaten"


def last_page(page: Page) -> int:
    return min(LAST_PAGE, max(1, -(-page.total // page.page_size)))


def _choice(value: FacetValue, narrower: tuple[Choice, ...] = ()) -> Choice:
    return Choice(value.code, value.label, dutch.number(value.count), value.selected, narrower)


def _tree(values: tuple[FacetValue, ...]) -> tuple[Choice, ...]:
    """Narrower values below their parent when that is there; the country is a value of its own, not a parent."""
    codes = {value.code for value in values} - {COUNTRY}
    below: dict[str, list[FacetValue]] = {}
    for value in values:
        if value.parent in codes:
            below.setdefault(value.parent, []).append(value)
    return tuple(
        _choice(value, tuple(_choice(child) for child in below.get(value.code, ())))
        for value in values
        if value.parent not in codes
    )


def _groups(facet: Facet) -> Iterator[tuple[str, tuple[Choice, ...]]]:
    """In the order of the groups of readers; values without a group stand first, without a heading."""
    terms = vocabularies()["audience-groups"]
    for code, label in (("", ""), *((term.code, term.labels["nl"]) for term in terms)):
        values = tuple(value for value in facet.values if (value.group or "") == code)
        if values:
            yield label, _tree(values)


def _box(facet: Facet) -> Box:
    selected = sum(value.selected for value in facet.values)
    return Box(facet.name, facet.label, bool(selected) or facet.name in OPEN_FACETS, selected, tuple(_groups(facet)))


def _since(asked: Asked, name: str, label: str, today: date) -> Since:
    chosen = dict(parameters(asked)).get(name, "")
    days = {add_months(today, -months).isoformat(): words for months, words in PERIODS}
    if chosen and chosen not in days:
        days = {chosen: dutch.day(chosen), **days}
    return Since(name, label, tuple((day, words, day == chosen) for day, words in days.items()))


def _active(asked: Asked, facets: tuple[Facet, ...]) -> Iterator[Move]:
    """What is chosen, each with the way to take it away."""
    for facet in facets:
        for value in facet.values:
            if value.selected:
                yield drop(asked, f"{facet.label}: {value.label}", facet.name, value.code)
    chosen = dict(parameters(asked))
    for name, label in SINCE.items():
        if name in chosen:
            yield drop(asked, f"{label} {dutch.day(chosen[name])}", name, chosen[name])
    if EXPIRED in chosen:
        words = "Met verlopen informatie" if asked.find.include_expired else "Zonder verlopen informatie"
        yield drop(asked, words, EXPIRED, chosen[EXPIRED])


def _suggested(asked: Asked, page: Page) -> Iterator[tuple[Move, str]]:
    labels: Mapping[str, str] = {facet.name: facet.label for facet in page.facets}
    for found in page.understood.suggested_filters:
        if found.code not in asked.find.filters.get(found.parameter, ()):
            words = f"{labels.get(found.parameter, '')}: {found.label}".removeprefix(": ")
            yield add(asked, words, found.parameter, found.code), found.because


def _country(asked: Asked, facets: tuple[Facet, ...]) -> Move | None:
    """Whoever chose a region may also want what is there for the whole country (content-model.md 8.7)."""
    chosen = asked.find.filters.get(REGION, ())
    if not chosen or COUNTRY in chosen:
        return None
    counts = {value.code: value.count for facet in facets if facet.name == REGION for value in facet.values}
    if not counts.get(COUNTRY):
        return None
    return add(asked, f"ook landelijk aanbod ({dutch.number(counts[COUNTRY])})", REGION, COUNTRY)


def _pages(asked: Asked, page: Page) -> Iterator[tuple[Move, bool]]:
    last = last_page(page)
    shown = {1, last, *range(max(1, page.page - NEARBY), min(last, page.page + NEARBY) + 1)}
    for number in sorted(shown) if last > 1 else ():
        yield change(asked, dutch.number(number), "page", number), number == page.page


def _way_back(asked: Asked, last: int) -> Iterator[Move]:
    yield change(asked, "Naar de eerste pagina", "page", 1)
    if last > 1:
        yield change(asked, f"Naar de laatste pagina ({dutch.number(last)})", "page", last)
