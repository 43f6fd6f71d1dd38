"""An engine that notes what it is asked, so that the same requests can be given to the engine alone."""

import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from kennis import clock
from kennis.installation import assemble
from kennis.search.analysis import ANALYSIS_VERSION
from kennis.search.answers import Find
from kennis.search.embedded import EmbeddedEngine
from kennis.search.mapping import mapping
from kennis.search.port import SearchRequest, SearchResult
from tools.bench import installed

Asked = tuple[SearchRequest, ...]


class Recorder(EmbeddedEngine):
    """Every search goes on to the real engine."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, mapping(), ANALYSIS_VERSION)
        self.asked: list[SearchRequest] = []

    def search(self, request: SearchRequest) -> SearchResult:
        self.asked.append(request)
        return super().search(request)


def engine_requests(folder: Path, queries: Sequence[str]) -> list[Asked]:
    """What the engine is asked for each query: mostly one request; relaxing and counting make more."""
    config = installed.config(folder)
    engine = Recorder(config.index_dir)
    parts = assemble(config, engine=engine)
    today: date = clock.today()
    made = []
    for query in queries:
        engine.asked.clear()
        parts.finder.find(Find(q=query), today)
        made.append(tuple(engine.asked))
    parts.store.close()
    engine.close()
    return made


def that_gave_the_page(asked: Asked) -> SearchRequest:
    """The last one that asked for entries: counting, of what a correction would find, comes after it."""
    return [request for request in asked if request.limit][-1]


def opened(folder: Path) -> EmbeddedEngine:
    return EmbeddedEngine(installed.config(folder).index_dir, mapping(), ANALYSIS_VERSION)


def replay(engine: EmbeddedEngine, asked: Sequence[Asked]) -> float:
    """CPU seconds of the engine alone."""
    before = time.process_time()
    for requests in asked:
        for request in requests:
            engine.search(request)
    return time.process_time() - before
