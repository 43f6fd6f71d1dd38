"""The one search, from what was asked to a page of results: what the API and the pages call, and all they call."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import kennis
from kennis.config import Config
from kennis.content import public, reading, rendering
from kennis.search import analysis, facets, gaps, limits, similar, suggesting
from kennis.search.answers import (
    Facet,
    FacetValue,
    Find,
    GapMap,
    Hit,
    Page,
    SuggestedFilter,
    Suggestion,
    Surface,
    Understood,
)
from kennis.search.index_state import IndexState
from kennis.search.marking import mark_up
from kennis.search.needs import Kind as Need
from kennis.search.port import RELEVANCE, WINDOW, AnyOf, Condition, SearchEngine, SearchRequest, SearchResult
from kennis.search.query import Parsed
from kennis.search.ranking import need_of, ranked
from kennis.search.showing import Shown, show
from kennis.search.tree import MatchAll, Node
from kennis.search.understood import suggested_filters
from kennis.store import Store

__all__ = [
    "Facet",
    "FacetValue",
    "Find",
    "Finder",
    "GapMap",
    "Hit",
    "Page",
    "SuggestedFilter",
    "Suggestion",
    "Understood",
]

# The facet whose values are slugs of organisations.
ORGANISATION = "organisation"
# Fewer entries than this with all the words, and most of the words are enough; then also a correction is offered.
HANDFUL = 5
SORTS = {
    "newest": "sortNewest",
    "updated": "sortUpdated",
    "checked": "sortChecked",
    "title": "sortTitle",
    "evidence": "sortEvidence",
}
# Fetched for each suggestion wanted: some may just have been withdrawn.
SPARE = 2


class Finder:
    """Made once per process. Safe to share between threads; it keeps nothing of who asks what."""

    def __init__(self, store: Store, engine: SearchEngine, config: Config, *, is_standby: bool = False) -> None:
        """`is_standby`: its answers say that they are degraded."""
        self.is_standby = is_standby
        self._store = store
        self._engine = engine
        self._public_url = config.public_url
        self._state = IndexState(store, engine)

    @property
    def name(self) -> str:
        """Of the engine: part of every ETag of what it answers."""
        return self._engine.name

    def etag(self, ask: Find, today: date) -> str:
        """The same as long as the answer is; no search is done. Give it to the cache before calling `find`."""
        ask = self.present(ask)
        rendered = rendering.render_version(self._public_url)
        versions = (kennis.__version__, rendered, analysis.ANALYSIS_VERSION, self._engine.name)
        filters = tuple(sorted((name, tuple(dict.fromkeys(v))) for name, v in ask.filters.items() if v))
        asked = (
            ask.q, filters, ask.updated_since, ask.published_since, ask.include_expired, ask.sort, ask.page,
            ask.page_size, ask.facets, ask.highlight, ask.shape, ask.language, ask.surface,
        )  # fmt: skip
        known = repr((self._store.generation(), versions, today, asked))
        return hashlib.blake2b(known.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def present(self, ask: Find) -> Find:
        """The same question, with organisations that went into another under the slug they live on by: all that is
        asked here is read so, and who shows what was asked shows this."""
        slugs = ask.filters.get(ORGANISATION)
        if not slugs:
            return ask
        self._state.look()
        living = self._state.living()
        present = tuple(dict.fromkeys(living.get(slug, slug) for slug in slugs))
        return ask if present == slugs else replace(ask, filters={**ask.filters, ORGANISATION: present})

    # Searching

    def find(self, ask: Find, today: date) -> Page:
        """SearchUnavailable when the engine does not answer; Invalid for a filter that does not exist."""
        ask = self.present(ask)
        self._state.look()
        parsed = self._state.parse(ask)
        need = need_of(parsed.help_kind, ask.filters.get("audience", ()))
        request = self._request(ask, parsed, need, today)
        result, is_relaxed, is_scarce = self._search(ask, parsed, need, request, today)
        shown = self._show([hit.id for hit in result.hits], ask, today)
        return Page(
            total=result.total,
            page=ask.page,
            page_size=ask.page_size,
            sort=_sort(ask, parsed, need),
            hits=self._hits(shown, result, ask, parsed),
            facets=self._facets(result, ask),
            understood=_understood(ask, parsed, is_relaxed=is_relaxed),
            did_you_mean=self._state.correction(parsed, today) if is_scarce else None,
            help=need is not None,
            degraded=self.is_standby,
        )

    def _request(self, ask: Find, parsed: Parsed, need: Need | None, today: date) -> SearchRequest:
        offset = (ask.page - 1) * ask.page_size
        sort = _sort(ask, parsed, need)
        return SearchRequest(
            tree=ranked(parsed.tree, ask.q, need) if sort == RELEVANCE else parsed.tree,
            selections=limits.selections(ask.filters),
            required=limits.required(ask),
            excluded=limits.excluded(ask, today),
            facets=facets.to_count(facets.default_facets() if ask.facets is None else ask.facets),
            sort=_key(sort, parsed, need),
            offset=min(offset, WINDOW),
            limit=max(min(ask.page_size, WINDOW - offset), 0),
        )

    def _search(
        self, ask: Find, parsed: Parsed, need: Need | None, request: SearchRequest, today: date
    ) -> tuple[SearchResult, bool, bool]:
        """The result; whether the words were relaxed; whether words found next to nothing."""
        if isinstance(parsed.tree, MatchAll):
            return self._state.search(request, today), False, False
        result = self._engine.search(request)
        if result.total >= HANDFUL:
            return result, False, False
        # Counted over the words and the surface alone: choosing a filter never changes how words are read.
        is_counted = not request.selections and not request.required and request.excluded == _usual(ask.surface, today)
        strict = result.total if is_counted else self._count(parsed.tree, ask.surface, today)
        if strict >= HANDFUL:
            return result, False, False
        if parsed.relaxed_tree is None:
            return result, False, True
        tree = parsed.relaxed_tree
        if not is_counted and self._count(tree, ask.surface, today) <= strict:
            return result, False, True
        tree_asked = ranked(tree, ask.q, need) if request.sort == RELEVANCE else tree
        wider = self._engine.search(replace(request, tree=tree_asked))
        return (result, False, True) if is_counted and wider.total <= strict else (wider, True, True)

    def _count(self, tree: Node, surface: Surface, today: date) -> int:
        return self._engine.search(SearchRequest(tree, excluded=_usual(surface, today), limit=0)).total

    # From ids to what is shown

    def _show(self, ids: Sequence[str], ask: Find, today: date) -> Shown:
        return show(
            self._store, ids, today,
            shape=ask.shape, language=ask.language, surface=ask.surface, public_url=self._public_url,
        )  # fmt: skip

    def _hits(self, shown: Shown, result: SearchResult, ask: Find, parsed: Parsed) -> tuple[Hit, ...]:
        marked = mark_up(self._store, list(shown), parsed, ask.surface) if ask.highlight else {}
        return tuple(Hit(hit.id, shown[hit.id], marked.get(hit.id, {})) for hit in result.hits if hit.id in shown)

    def _facets(self, result: SearchResult, ask: Find) -> tuple[Facet, ...]:
        others = {}
        if facets.needs_labels(result.facets, ask.filters):
            others = {slug: named.name for slug, named in self._state.organisations().items()}
        return facets.make_facets(result.facets, ask.filters, facets.Labels(ask.language, others))

    # What else is found by the index

    def suggest(self, q: str, *, language: str, surface: Surface, today: date, limit: int = 8) -> list[Suggestion]:
        """Values of facets first, then titles; each title is one that the database shows now."""
        words = suggesting.typed(q)
        if not words:
            return []
        self._state.look()
        ask = Find(language=language, surface=surface)
        counted = self._state.counts(suggesting.FACETS, surface, today)
        values = suggesting.values(words, counted, self._state.organisations(), language)[:limit]
        wanted = limit - len(values)
        tree = suggesting.entries(words)
        request = SearchRequest(tree, excluded=limits.excluded(ask, today), limit=max(wanted * SPARE, 1))
        ids = [hit.id for hit in self._engine.search(request).hits]
        shown = self._show(ids, ask, today)
        return [*values, *suggesting.titles((i, shown[i]) for i in ids if i in shown)][:limit]

    def similar(self, entry_id: str, *, surface: Surface, language: str, today: date, limit: int = 6) -> list[Hit]:
        """NotFound or Gone when the entry itself may not be read here."""
        self._state.look()
        with self._store.reading() as session:
            public.find_any(session, entry_id, today, partners=surface == "partners")
            (view,) = reading.view(session, [entry_id])
        ask = Find(language=language, surface=surface)
        request = SearchRequest(similar.like(view), excluded=limits.excluded(ask, today), limit=limit * SPARE)
        ids = [hit.id for hit in self._engine.search(request).hits]
        shown = self._show(ids, ask, today)
        return [Hit(i, shown[i], {}) for i in ids if i in shown][:limit]

    def gaps(self, rows: str, columns: str, ask: Find, today: date) -> GapMap:
        """Filters of `ask` bind every cell, those of the rows and columns too; its paging means nothing here."""
        gaps.check(rows, columns)
        ask = self.present(ask)
        self._state.look()
        parsed = self._state.parse(ask)
        bound = (*limits.required(ask), *limits.selections(ask.filters))

        def count(row: AnyOf | None) -> SearchResult:
            required = bound if row is None else (*bound, row)
            return self._engine.search(
                SearchRequest(
                    parsed.tree,
                    required=required,
                    excluded=limits.excluded(ask, today),
                    facets=facets.to_count((columns,)),
                    limit=0,
                )
            )

        return gaps.make_map(rows, columns, ask.language, count)


def _usual(surface: Surface, today: date) -> tuple[Condition, ...]:
    """What is left out when nothing is chosen."""
    return limits.excluded(Find(surface=surface), today)


def _sort(ask: Find, parsed: Parsed, need: Need | None) -> str:
    return ask.sort or (RELEVANCE if _has_scores(parsed, need) else "newest")


def _key(sort: str, parsed: Parsed, need: Need | None) -> str:
    """Where nothing has a score, relevance is the order of ids."""
    if sort == RELEVANCE:
        return RELEVANCE if _has_scores(parsed, need) else "id"
    return SORTS[sort]


def _has_scores(parsed: Parsed, need: Need | None) -> bool:
    """Also without words, when somebody asks for themselves: help then comes first (T22)."""
    return parsed.has_scores or need is not None


def _understood(ask: Find, parsed: Parsed, *, is_relaxed: bool) -> Understood:
    return Understood(
        words=parsed.words,
        phrases=parsed.phrases,
        excluded=parsed.excluded,
        relaxed=is_relaxed,
        replaced=parsed.replaced,
        suggested_filters=suggested_filters(ask.q, parsed.mentions, parsed.need, ask.language, ask.filters),
    )
