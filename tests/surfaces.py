"""Every public surface that shows words or entries of others, so that no promise is tested on half of them.

A surface is a function of an installation (`Library`) and a word, and gives all text and every id that a reader of
it may see. A new surface adds one line to `SURFACES`; the tests of T21 and T23 and of withdrawal then walk it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kennis.api.queries import SHAPES
from kennis.app import create_app
from kennis.content.kinds import KINDS
from kennis.search.answers import Find, Surface
from tests import templates
from tests.search.library import Library
from tests.web.dom import parse


@dataclass(frozen=True)
class Seen:
    """What a reader saw: everything readable in one text, and the ids."""

    text: str
    ids: frozenset[str]


Look = Callable[[Library, str], Seen]
# The two lists of relations beside an entry.
SIDES = ("stored", "inverse")
KINDS_OF_READER: tuple[Surface, ...] = ("partners", "pages")


def search(library: Library, word: str) -> Seen:
    """The words themselves, everything there is, and every facet, with and without what has expired."""
    pages = [
        library.find(q, surface=reader, include_expired=expired, page_size=100, highlight=True,
                     facets=("kind", "topic", "organisation", "audience"))
        for q in (word, "")
        for reader in KINDS_OF_READER
        for expired in (None, True)
    ]  # fmt: skip
    hits = [hit for page in pages for hit in page.hits]
    text = " ".join(hit.fragment.decode() + str(hit.highlights) for hit in hits)
    counted = " ".join(f"{v.code} {v.label} {v.count}" for page in pages for f in page.facets for v in f.values)
    return Seen(f"{text} {counted}", frozenset(hit.id for hit in hits))


def suggestions(library: Library, word: str) -> Seen:
    found = [
        suggestion
        for reader in KINDS_OF_READER
        for length in range(2, len(word) + 1)
        for suggestion in library.finder.suggest(
            word[:length], language="nl", surface=reader, limit=50, today=library.context.today
        )
    ]
    return Seen(" ".join(s.text for s in found), frozenset(s.code for s in found))


def spelling(library: Library, word: str) -> Seen:
    """Words one letter off, for which the right one is offered when it is known."""
    typos = [word[:n] + word[n + 1 :] for n in range(1, len(word))]
    offers = [library.find(typo, surface=reader).did_you_mean or "" for typo in typos for reader in KINDS_OF_READER]
    return Seen(" ".join(offers), frozenset())


def similar(library: Library, word: str) -> Seen:
    """More like each entry that is found."""
    hits = []
    for reader in KINDS_OF_READER:
        for hit in library.finder.find(Find(surface=reader, page_size=100), library.context.today).hits:
            hits += library.finder.similar(hit.id, surface=reader, language="nl", limit=50, today=library.context.today)
    return Seen(" ".join(hit.fragment.decode() for hit in hits), frozenset(hit.id for hit in hits))


def gap_map(library: Library, word: str) -> Seen:
    maps = [
        library.finder.gaps("topic", "kind", Find(q=q, surface=reader), library.context.today)
        for q in (word, "")
        for reader in KINDS_OF_READER
    ]
    return Seen(" ".join(f"{row.code} {row.counts}" for m in maps for row in m.rows if row.total), frozenset())


def api(library: Library, word: str) -> Seen:
    """Every list of /v1. What only repeats the question (`understood`, links to itself) is left out."""
    app = create_app(library.config, store=library.store, engine=library.engine, today=lambda: library.context.today)
    client = app.test_client()
    paths = ["/v1/entries", *(f"/v1/{kind.collection}" for kind in KINDS.values())]
    asked = [{"q": q, "includeExpired": e, "fields": f} for q in (word, "") for e in ("true", "false") for f in SHAPES]
    answers = [client.get(path, query_string={**query, "pageSize": "100"}).json for path in paths for query in asked]
    answers.append(client.post("/v1/entries/_search", json={"q": word, "highlight": True}).json)
    items = [item for answer in answers for item in answer["items"]]
    for address in {item["links"]["self"].removeprefix(library.config.public_url) for item in items}:
        related = client.get(f"{address}/related").json
        items += [*related["similar"], *(relation["entry"] for side in SIDES for relation in related[side])]
    suggested = [
        found for n in range(2, len(word) + 1) for found in client.get(f"/v1/suggestions?q={word[:n]}").json["items"]
    ]
    offers = [client.get(f"/v1/entries?q={word[:n]}{word[n + 1 :]}").json["didYouMean"] for n in range(1, len(word))]
    facets = [answer["facets"] for answer in answers]
    ids = {item["id"] for item in items} | {found["code"] for found in suggested}
    return Seen(f"{items} {facets} {suggested} {offers}", frozenset(ids))


def pages(library: Library, word: str) -> Seen:
    """What a person reads: the search page in both ways of asking, and every entry that it leads to."""
    app = create_app(library.config, store=library.store, engine=library.engine, today=lambda: library.context.today)
    client = templates.share(app).test_client()
    asked = [{"q": q, "includeExpired": expired} for q in (word, "") for expired in ("true", "")]
    answers = [answer for form in asked for answer in (client.get("/", query_string=form), client.post("/", data=form))]
    answers += [client.get("/", query_string={"q": word[:n] + word[n + 1 :]}) for n in range(1, len(word))]
    trees = [parse(answer.text) for answer in answers]
    links = [
        a.attributes["href"]
        for tree in trees
        for title in tree.all("h3", class_="kennis-card__title")
        for a in title.all("a")
    ]
    codes = [box.attributes["value"] for tree in trees for box in tree.all("input", type="checkbox")]
    trees += [parse(client.get(link).text) for link in sorted(set(links))]
    links += [a.attributes["href"] for tree in trees for a in tree.one("main").all("a")]
    texts = [tree.one("main").text for tree in trees]
    return Seen(" ".join([*texts, *codes]), frozenset(link.rpartition("/")[2] for link in links))


SURFACES: Mapping[str, Look] = {
    "search": search,
    "suggestions": suggestions,
    "spelling": spelling,
    "similar": similar,
    "gaps": gap_map,
    "api": api,
    "pages": pages,
}
