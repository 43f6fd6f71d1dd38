"""How many entries a second one core takes in: read, check, render, store, index."""

import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from kennis import clock, collecting
from kennis.content import exchange
from kennis.content.context import Context
from kennis.content.derived import Worked
from kennis.content.loading import Stored
from kennis.installation import assemble
from kennis.store import Store
from tools.bench import data, installed
from tools.bench.data import Corpus
from tools.bench.installed import Cost
from tools.bench.table import Figure, at_least


def rates(corpus: Corpus) -> list[Figure]:
    """Both ways end with every entry stored and found: by the command itself, and in this process, where it can be
    told what indexing takes of it."""
    with TemporaryDirectory(dir=data.cache_folder()) as folder:
        by_command = installed.load(Path(folder) / "command", corpus.lines)
        whole, index = by_function(Path(folder) / "function", corpus.lines)
    store_ms, index_ms = (1000 * seconds / corpus.count for seconds in (whole.cpu - index, index))
    parts = f"store {store_ms:.2f} + index {index_ms:.2f} ms CPU each"
    return [
        _rate(f"import by command, {corpus.count:,} entries", corpus, by_command, "kennis import --rebuild"),
        _rate(f"import by function, {corpus.count:,} entries", corpus, whole, parts),
    ]


def _rate(name: str, corpus: Corpus, cost: Cost, note: str) -> Figure:
    return at_least(name, corpus.count / cost.cpu, 1000, "/s a core", f"{note}; {corpus.count / cost.wall:,.0f}/s wall")


def by_function(folder: Path, lines: Path) -> tuple[Cost, float]:
    """Cost of all of it, and the seconds of CPU that went to the index."""
    config = installed.config(folder)
    parts = assemble(config, Store(config.database_url, is_loading=True))
    parts.store.upgrade()
    collecting.seldom(collecting.OF_A_COMMAND)
    storing = 0.0

    def feed(stored: Stored) -> None:
        nonlocal storing

        def timed(fresh: Sequence[Worked]) -> None:
            nonlocal storing
            before = time.process_time()
            stored(fresh)
            storing -= time.process_time() - before

        start = time.process_time()
        with lines.open("rb") as source:
            now = Context(clock.now(), config.public_url)
            report = exchange.import_lines(parts.store, source, now, stored=timed)
        storing += time.process_time() - start
        if report.problems:
            raise RuntimeError(f"generated entries were refused: {report.problems[:3]}")

    cpu, wall = time.process_time(), time.perf_counter()
    parts.indexer.rebuild(feed=feed)
    whole = Cost(time.process_time() - cpu, time.perf_counter() - wall)
    parts.engine.close()
    parts.store.close()
    return whole, whole.cpu - storing
