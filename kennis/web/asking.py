"""What the search page was asked: lenient where the API is strict. What is unknown is left out, what is long is cut."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from kennis import clock
from kennis.content.slugs import is_slug
from kennis.content.vocabulary import vocabularies
from kennis.search.answers import Find
from kennis.search.mapping import mapping
from kennis.search.port import RELEVANCE, WINDOW

PAGE_SIZE = 20
LAST_PAGE = WINDOW // PAGE_SIZE
# The same bound as in the API, where longer is 400 (safety.md V03).
LONGEST_WORDS = 500
# More values of one facet than any list on the page has: guess.
MOST_VALUES = 100
# The parameter with which a button takes a filter away in a search whose words are not in the address.
WITHOUT = "zonder"
SORTS = {
    RELEVANCE: "Beste resultaat",
    "evidence": "Sterkste bewijs eerst",
    "newest": "Nieuwste eerst",
    "updated": "Laatst bijgewerkt",
    "checked": "Laatst gecontroleerd",
    "title": "Titel A-Z",
}
SINCE = {"updatedSince": "Bijgewerkt sinds", "publishedSince": "Nieuw sinds"}
EXPIRED = "includeExpired"
_YES_NO = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Asked:
    """`find` is the question as every surface asks it. `is_traceless`: the words came in the body of a POST and may
    not stand in any address of the answer (safety.md V31)."""

    find: Find
    is_traceless: bool

    @property
    def is_start(self) -> bool:
        """Nothing was asked yet: the page then shows the ways in."""
        ask = self.find
        return not (ask.q or ask.filters or ask.updated_since or ask.published_since or ask.page > 1 or ask.sort)


def read(form: MultiDict[str, str], *, is_traceless: bool = False) -> Asked:
    words = " ".join(_last(form, "q")[:LONGEST_WORDS].split())
    sort = _last(form, "sort")
    filters = _filters(form)
    return Asked(
        Find(
            q=words,
            filters=filters,
            updated_since=_day(_last(form, "updatedSince")),
            published_since=_day(_last(form, "publishedSince")),
            include_expired=_YES_NO.get(_last(form, EXPIRED)),
            sort=sort if sort in SORTS else None,
            page=_page(_last(form, "page")),
            page_size=PAGE_SIZE,
            facets=shown_facets(filters),
            highlight=bool(words),
            language="nl",
            surface="pages",
        ),
        is_traceless,
    )


def shown_facets(filters: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The facets of the page in their order; some make sense only when one value of another is chosen."""
    return tuple(
        name
        for name, facet in mapping().facets.items()
        if name in filters or facet.needs_one is None or len(filters.get(facet.needs_one, ())) == 1
    )


def _last(form: MultiDict[str, str], name: str) -> str:
    """The last one counts: a button stands below the box whose value it replaces."""
    values = form.getlist(name)
    return values[-1] if values else ""


def _filters(form: MultiDict[str, str]) -> dict[str, tuple[str, ...]]:
    taken_away = set(form.getlist(WITHOUT))
    filters = {}
    for name in mapping().facets:
        codes = sorted({code for code in form.getlist(name)[:MOST_VALUES] if _exists(name, code)})
        if kept := tuple(code for code in codes if f"{name}:{code}" not in taken_away):
            filters[name] = kept
    return filters


def _exists(facet: str, code: str) -> bool:
    names = mapping().facets[facet].vocabularies
    return any(code in vocabularies()[name] for name in names) if names else is_slug(code)


def _day(text: str) -> date | None:
    try:
        return clock.day(text)
    except ValueError:
        return None


def _page(text: str) -> int:
    # int() takes digits of every script and numbers of any length; a page has at most three.
    if not (text.isascii() and text.isdigit()):
        return 1
    return min(max(int(text), 1), LAST_PAGE) if len(text) <= 3 else LAST_PAGE


def parameters(asked: Asked, **changed: str | int | None) -> Iterator[tuple[str, str]]:
    """The question as pairs for an address or hidden fields, in one order; `page` is left out unless changed to."""
    ask = asked.find
    plain: dict[str, object] = {
        "q": ask.q or None,
        "updatedSince": ask.updated_since,
        "publishedSince": ask.published_since,
        EXPIRED: None if ask.include_expired is None else str(ask.include_expired).lower(),
        "sort": ask.sort,
    }
    for name, value in (plain | changed).items():
        if value is not None:
            yield name, str(value)
    for name, codes in ask.filters.items():
        for code in codes:
            yield name, code
