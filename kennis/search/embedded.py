"""The search engine inside the process: tantivy on a folder. Nothing else to install, and nothing else to run.

What it must respect stands in search.md section 5. The opened index is replaced as a whole, never changed: a
search keeps the one it began with.
"""

import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import tantivy

from kennis.errors import BadSetup, SearchBroken, SearchUnavailable
from kennis.search.beside import Threads
from kennis.search.counting import grouped
from kennis.search.embedded_compile import Compiler, make_schema
from kennis.search.embedded_files import IndexFolder, Pointer, explain
from kennis.search.embedded_reading import counts, group, id_at, ranked, terms_of, total
from kennis.search.embedded_writing import FreshFolder, open_index, versions_in, write_batch
from kennis.search.mapping import MARKER, IndexMapping
from kennis.search.port import (
    RELEVANCE,
    Alone,
    Build,
    Condition,
    EngineStatus,
    Found,
    Refused,
    SearchRequest,
    SearchResult,
    Write,
)
from kennis.search.tree import MatchAll

# How old a view of the index may be when nobody says that it changed (search.md 5).
RELOAD_SECONDS = 1.0
NAME = "embedded"
# Handing over costs 0.1 ms: a tenth of a search among 10,000 documents, which it makes a fifth quicker, and a fiftieth
# of one among 100,000, which it makes two fifths quicker (measured on two cores). Between them is a guess.
BESIDE_FROM = 30_000
# What tantivy raises, for it is written in Rust.
PANIC = "PanicException"


@dataclass(frozen=True, slots=True)
class Opened:
    """One index as seen at one moment, by one process."""

    pointer: Pointer
    stamp: tuple[int, int]
    process: int
    index: tantivy.Index
    searcher: tantivy.Searcher


class EmbeddedEngine:
    """`has_siblings`: machines that share our database may have an index of their own, which we do not write.
    `beside_from`: from so many documents on facets are counted beside the search, in a thread of their own."""

    def __init__(
        self,
        path: Path,
        mapping: IndexMapping,
        analysis_version: str,
        *,
        has_siblings: bool = False,
        beside_from: int = BESIDE_FROM,
    ) -> None:
        self._files = IndexFolder(path)
        self._has_siblings = has_siblings
        self._mapping = mapping
        self._analysis_version = analysis_version
        self._schema = make_schema(mapping)
        self._compiler = Compiler(self._schema)
        self._opened: Opened | None = None
        self._looked_at = 0.0
        self._opening = threading.Lock()
        self._beside_from = beside_from
        self._threads = Threads()

    @property
    def name(self) -> str:
        """Of this index: the position in the outbox is kept under it."""
        return f"{NAME}:{self._files.place()}" if self._has_siblings else NAME

    # Searching

    def search(self, request: SearchRequest) -> SearchResult:
        searcher = self._current().searcher
        with self._explained():
            query = self._compiler.query(request.tree, (*request.required, *request.selections), request.excluded)
            if request.limit and request.facets and searcher.num_docs >= self._beside_from:
                return self._search_beside(searcher, query, request)
            hits, found = self._hits(searcher, query, request)
            return SearchResult(hits, found, self._facets(searcher, query, request))

    def _search_beside(self, searcher: tantivy.Searcher, query: tantivy.Query, request: SearchRequest) -> SearchResult:
        """Hits and facets at the same time. While all threads are busy this thread counts itself, so that nobody waits
        for the search of somebody else."""
        counting = self._threads.submit(self._facets, searcher, query, request)
        try:
            hits, found = self._hits(searcher, query, request)
        except BaseException:
            counting.cancel()
            raise
        facets = self._facets(searcher, query, request) if counting.cancel() else counting.result()
        return SearchResult(hits, found, facets)

    def _hits(
        self, searcher: tantivy.Searcher, query: tantivy.Query, request: SearchRequest
    ) -> tuple[tuple[Found, ...], int]:
        if request.limit == 0:
            return (), total(searcher.search(query, 1))
        if request.sort == RELEVANCE:
            return ranked(searcher, query, request.offset, request.limit)
        result = searcher.search(
            query,
            request.limit,
            offset=request.offset,
            order_by_field=request.sort,
            order=tantivy.Order.Asc,
        )
        return tuple(Found(id_at(searcher, address), 0.0) for _, address in result.hits), total(result)

    def _facets(
        self, searcher: tantivy.Searcher, query: tantivy.Query, request: SearchRequest
    ) -> Mapping[str, Mapping[str, int]]:
        if not request.facets:
            return {}
        if not request.selections:
            merged = counts(searcher.aggregate(query, terms_of(request.facets)))
            return {facet.field: merged[facet.field] for facet in request.facets}
        unselected = self._compiler.query(request.tree, request.required, request.excluded)
        groups = grouped(request)
        counted = searcher.aggregate(unselected, {str(n): group(*g) for n, g in enumerate(groups)})
        merged = {}
        for n in range(len(groups)):
            merged |= counts(counted[str(n)])
        return {facet.field: merged[facet.field] for facet in request.facets}

    def terms(self, field: str, excluded: Sequence[Condition]) -> dict[str, int]:
        searcher = self._current().searcher
        with self._explained():
            visible = self._compiler.query(MatchAll(), (), excluded)
            found = searcher.terms_with_prefix(field, "", visible)
        return {term: count for term, count in found if term != MARKER and count > 0}

    def versions(self) -> dict[str, int]:
        opened = self._current()
        with self._explained():
            return versions_in(opened.searcher)

    # The index that is open

    def refresh(self) -> None:
        self._looked_at = 0.0

    def _current(self) -> Opened:
        opened, now = self._opened, time.monotonic()
        if opened is not None and opened.process == os.getpid() and now - self._looked_at < RELOAD_SECONDS:
            return opened
        with self._opening:
            self._opened = self._look_again(self._opened)
            self._looked_at = now
            return self._opened

    def _look_again(self, opened: Opened | None) -> Opened:
        stamp = self._files.stamp()
        with self._explained():
            if opened is not None and opened.stamp == stamp and opened.process == os.getpid():
                opened.index.reload()
                return Opened(opened.pointer, stamp, opened.process, opened.index, opened.index.searcher())
            pointer = self._fit_pointer()
            index = open_index(self._files.path / pointer.folder)
            return Opened(pointer, stamp, os.getpid(), index, index.searcher())

    def _fit_pointer(self) -> Pointer:
        pointer = self._files.pointer()
        if pointer is None or not self._is_fit(pointer):
            raise unfit(self._files.path, pointer)
        return pointer

    def _is_fit(self, pointer: Pointer) -> bool:
        wanted = (self._mapping.version, self._analysis_version)
        return (pointer.mapping_version, pointer.analysis_version) == wanted

    # Writing

    def writing(self) -> AbstractContextManager[None]:
        return self._files.locked("write")

    def write(self, batch: Sequence[Write]) -> Refused:
        return self._write(batch, any_version=False)

    def mend(self, batch: Sequence[Write]) -> Refused:
        return self._write(batch, any_version=True)

    def _write(self, batch: Sequence[Write], *, any_version: bool) -> Refused:
        with self._explained(), self.writing():
            # The index is opened afresh: another process may have switched or written since.
            path = self._files.path / self._fit_pointer().folder
            refused = write_batch(path, self._schema, batch, any_version=any_version)
        self.refresh()
        return refused

    def rebuild(self, fill: Build, finish: Build, *, keep_previous: bool, alone: Alone | None = None) -> None:
        with self._explained(), self._files.locked("rebuild", wait=False):
            self._files.tidy()
            name = f"{self._mapping.version}-{self._analysis_version}-{time.time_ns()}"
            try:
                self._build(name, fill, finish, keep_previous, alone or self.writing)
            except BaseException:
                self._files.remove(name)
                raise
            self._files.tidy()
        self.refresh()

    def _build(self, name: str, fill: Build, finish: Build, keep: bool, alone: Alone) -> None:
        fresh = FreshFolder(self._files.make(name), self._schema)
        try:
            fill(fresh)
            with alone():
                finish(fresh)
                fresh.close()
                old = self._files.pointer()
                previous = old.folder if old and keep and self._is_fit(old) else None
                self._files.point_to(Pointer(name, self._mapping.version, self._analysis_version, previous))
        finally:
            fresh.discard()

    def roll_back(self) -> bool:
        with self._explained(), self._files.locked("rebuild", wait=False), self.writing():
            pointer = self._files.pointer()
            if pointer is None or pointer.previous is None:
                return False
            versions = (pointer.mapping_version, pointer.analysis_version)
            self._files.point_to(Pointer(pointer.previous, *versions))
            self._files.tidy()
        self.refresh()
        return True

    def status(self) -> EngineStatus:
        versions = (self._mapping.version, self._analysis_version)
        try:
            opened = self._current()
        except (SearchUnavailable, BadSetup) as error:
            return EngineStatus(NAME, False, 0, *versions, str(self._files.path), error.message.nl, error.message.en)
        return EngineStatus(NAME, True, opened.searcher.num_docs, *versions, opened.pointer.folder)

    def close(self) -> None:
        self._opened = None
        self._threads.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """tantivy raises ValueError for nearly everything, and panics over files that say what cannot be: no Exception,
        and of a class that has no name to import. Faults of ours (TypeError, KeyError) pass."""
        try:
            yield
        except BaseException as error:
            if isinstance(error, OSError | ValueError) or type(error).__name__ == PANIC:
                raise explain(error, self._files.path) from error
            raise


def unfit(path: Path, pointer: Pointer | None) -> SearchBroken:
    """Why the index cannot be read, and the way out."""
    if pointer is None:
        return SearchBroken(
            f"Er is nog geen zoekindex in {path}; maak die met: kennis index rebuild",
            f"There is no index in {path} yet; make it with: kennis index rebuild",
        )
    return SearchBroken(
        f"De zoekindex in {path} is van een andere versie van Kennis; bouw hem opnieuw met: kennis index rebuild",
        f"The index in {path} belongs to another version of Kennis; rebuild it with: kennis index rebuild",
    )
