"""What is kept in memory of one state of the index: counts of the empty query, organisations, the spelling.

All of it belongs to a generation (store/state.py) and goes with it. Nothing of any query is kept.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from kennis.content import mergers
from kennis.content.reading import names_of
from kennis.search import facets, lag, limits, spelling, synonyms
from kennis.search.analysis import fold
from kennis.search.answers import Find, Surface
from kennis.search.port import SearchEngine, SearchRequest, SearchResult
from kennis.search.query import Parsed, parse
from kennis.search.suggesting import Named
from kennis.search.synonyms import Synonyms
from kennis.search.tree import FieldTerm, MatchAll
from kennis.store import Store
from kennis.store.models import Organisation

Counts = Mapping[str, Mapping[str, int]]
# Spelling knows only what may go to partners, whoever asks (safety.md).
SPELLING_SURFACE: Surface = "partners"


class IndexState:
    def __init__(self, store: Store, engine: SearchEngine) -> None:
        self._store = store
        self._engine = engine
        self._generation: int | None = None
        self._counts: dict[tuple[Surface, date, tuple[str, ...]], Counts] = {}
        self._organisations: tuple[dict[str, Named], Mapping[str, str]] | None = None
        self._synonyms: tuple[dict[str, Named], Synonyms] | None = None
        self._speller = spelling.Speller()
        self._lock = threading.Lock()

    def look(self) -> None:
        """At the start of each answer: when anything public changed, forget, and see what the indexer wrote."""
        generation = self._store.generation()
        if generation == self._generation:
            return
        with self._lock:
            self._engine.refresh()
            self._counts = {}
            self._organisations = None
            self._generation = generation

    def search(self, request: SearchRequest, today: date) -> SearchResult:
        """A search without words: its counts are those of the start page, unless something is chosen."""
        surface = _surface_of_start(request, today)
        if surface is None:
            return self._engine.search(request)
        counts = self.counts([f.field for f in request.facets], surface, today)
        return replace(self._engine.search(replace(request, facets=())), facets=counts)

    def counts(self, names: Iterable[str], surface: Surface, today: date) -> Counts:
        """Counts over everything this surface shows on this day, made once."""
        wanted = tuple(names)
        key = (surface, today, wanted)
        held, kept = self._counts, self._counts.get(key)
        if kept is None:
            excluded = limits.excluded(Find(surface=surface), today)
            request = SearchRequest(MatchAll(), excluded=excluded, facets=facets.to_count(wanted), limit=0)
            kept = held[key] = self._engine.search(request).facets
        return kept

    def organisations(self) -> dict[str, Named]:
        """All by slug: names are no secret, and only those that are counted are shown."""
        return self._known_organisations()[0]

    def living(self) -> Mapping[str, str]:
        """Slugs of organisations that went into another: that of the one they live on in."""
        return self._known_organisations()[1]

    def _known_organisations(self) -> tuple[dict[str, Named], Mapping[str, str]]:
        known = self._organisations
        if known is None:
            with self._store.reading() as session:
                rows = session.execute(
                    select(Organisation.id, Organisation.slug, Organisation.content, Organisation.merged_into_id)
                ).all()
            named = {row.slug: Named(row.content["name"], tuple(names_of(row.content))) for row in rows}
            links, slugs = {row.id: row.merged_into_id for row in rows}, {row.id: row.slug for row in rows}
            living = {slugs[i]: slugs[mergers.end_of(links, i)] for i, into in links.items() if into is not None}
            known = self._organisations = (named, living)
        return known

    def parse(self, ask: Find) -> Parsed:
        """With the names of the organisations of this database, former ones too. What is chosen as filter has no
        part in it: else choosing a value would not give what its count said."""
        return parse(ask.q, known=self._known() if ask.q else None)

    def _known(self) -> Synonyms:
        organisations, held = self.organisations(), self._synonyms
        if held is None or (held[0] is not organisations and held[0] != organisations):
            names = tuple((slug, (named.name, *named.names)) for slug, named in organisations.items())
            held = self._synonyms = (organisations, synonyms.of(names))
        return held[1]

    def correction(self, parsed: Parsed, today: date) -> str | None:
        """A better spelling of the query; none while an entry that left the public is still in the index."""
        if lag.removal_waits(self._store, self._engine.name):
            return None
        excluded = limits.excluded(Find(surface=SPELLING_SURFACE), today)

        def is_found(word: str) -> bool:
            request = SearchRequest(FieldTerm("exact", word), excluded=excluded, limit=0)
            return self._engine.search(request).total > 0

        dictionary = self._speller.dictionary((self._generation, today), lambda: self._engine.terms("exact", excluded))
        words = [(t.term, t.start, t.end) for t in fold(parsed.text) if t.term in parsed.spelling_words]
        return spelling.corrected(dictionary, parsed.text, words, is_found)


def _surface_of_start(request: SearchRequest, today: date) -> Surface | None:
    """The surface of which this is the start page; None when anything is asked or chosen."""
    if not isinstance(request.tree, MatchAll) or request.selections or request.required:
        return None
    surfaces: tuple[Surface, ...] = ("partners", "pages")
    return next((s for s in surfaces if request.excluded == limits.excluded(Find(surface=s), today)), None)
