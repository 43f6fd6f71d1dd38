"""Both engines behind the whole search: the same pages, highlights, corrections, suggestions and neighbours.

What the pages hold is proven elsewhere, on the embedded engine; here Elasticsearch must give the very same.
"""

from typing import Any

import pytest

from kennis.config import Config
from kennis.search.answers import Find
from kennis.search.find import SORTS, Finder
from kennis.search.mapping import mapping
from kennis.search.port import SearchEngine
from kennis.store import Store
from tests.search.corpus import TODAY

# Wider than what is typed: names, lay words, compounds, typos, phrases, exclusions, phone numbers, nonsense, the
# longest query there may be.
QUERIES = (
    "", "huiselijk geweld", "Oranje Huis", "mda++", "!jes", "0800-2000", "veilig thuis", "AMK", "kindermishandeling",
    "mijn man slaat me wat moet ik doen", "mijn buurvrouw wordt geslagen", "ik sla mijn vrouw", "ouderenmishandeling",
    "oudermishandeling", "eergerelateerd geweld meisjes", "plegers", "noodknop", "kindermishandleing", "huisleijk",
    '"huiselijk geweld" -kinderen', "-opvang", '"wie wat waar"', "wie wat waar", "training meldcode", "xyzzy qwrtp",
    "goed onderbouwd groepswerk voor kinderen van 8 jaar in Almere",
    "*:*", 'AND OR NOT ( ) [ ] { } ~ ^ \\ "', "é ö ß ﬁ",
    "geweld " * 62, " ".join(f"woord{n} huiselijk-geweld" for n in range(20))[:500],
)  # fmt: skip
ASKS: tuple[dict[str, Any], ...] = (
    *({"q": q, "highlight": True} for q in QUERIES),
    *({"q": "geweld", "sort": sort, "page": page} for sort in SORTS for page in (1, 2)),
    *({"q": "geweld", "page": page, "page_size": 7} for page in (2, 3, 40, 1429)),
    {"q": "aanpak", "facets": tuple(mapping().facets), "filters": {"kind": ("method", "lesson")}},
    {"filters": {"topic": ("kindermishandeling",), "audience": ("politie", "wijkteam")}, "facets": ("topic", "kind")},
    {"q": "gezin", "filters": {"audience": ("slachtoffer",)}, "include_expired": True},
    {"q": "gezin", "include_expired": False, "updated_since": TODAY.replace(year=2025), "language": "en"},
    {"published_since": TODAY.replace(month=1), "page_size": 50, "shape": "full"},
    {"filters": {"kind": ("nergens",)}},
)  # fmt: skip


@pytest.fixture(scope="module")
def finders(whole: Store, embedded: SearchEngine, elasticsearch: SearchEngine) -> tuple[Finder, Finder]:
    config = Config.from_env({})
    return Finder(whole, embedded, config), Finder(whole, elasticsearch, config)


@pytest.mark.parametrize("surface", ["partners", "pages"])
def test_every_page_is_the_same(finders: tuple[Finder, Finder], surface: str) -> None:
    here, there = finders
    for ask in ASKS:
        wanted = Find(**{"surface": surface, **ask})
        assert there.find(wanted, TODAY) == here.find(wanted, TODAY), ask


def test_corrections_are_offered_alike(finders: tuple[Finder, Finder]) -> None:
    here, there = finders
    offered = [finder.find(Find(q="kindermishandleing"), TODAY).did_you_mean for finder in (here, there)]
    assert offered == ["kindermishandeling"] * 2


def test_suggestions_are_the_same(finders: tuple[Finder, Finder]) -> None:
    here, there = finders
    found = 0
    for typed in (
        "k",
        "ki",
        "kind",
        "hui",
        "huiselijk gew",
        "oranje",
        "de ora",
        "veilig th",
        "mov",
        "*",
        "ouder",
        "tr",
    ):
        wanted = here.suggest(typed, language="nl", surface="partners", today=TODAY)
        assert there.suggest(typed, language="nl", surface="partners", today=TODAY) == wanted, typed
        found += len(wanted)
    assert found > 30


def test_neighbours_and_gaps_are_the_same(finders: tuple[Finder, Finder], whole: Store) -> None:
    here, there = finders
    for hit in here.find(Find(q="geweld", page_size=15), TODAY).hits:
        wanted = here.similar(hit.id, surface="partners", language="nl", today=TODAY)
        assert there.similar(hit.id, surface="partners", language="nl", today=TODAY) == wanted
    gaps = [finder.gaps("topic", "recognition", Find(q="geweld"), TODAY) for finder in finders]
    assert gaps[0] == gaps[1]
