"""How many entries a second one core takes in: read, check, render, store, index."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from kennis import clock
from kennis.app import assemble
from kennis.content import exchange
from kennis.content.context import Context
from tools.bench import data, installed
from tools.bench.data import Corpus
from tools.bench.installed import Cost
from tools.bench.table import Figure, at_least


def rates(corpus: Corpus) -> list[Figure]:
    with TemporaryDirectory(dir=data.cache_folder()) as folder:
        by_command = installed.load(Path(folder) / "command", corpus.lines)
        steps = by_function(Path(folder) / "function", corpus.lines)
    store, index = steps
    parts = f"store {1000 * store.cpu / corpus.count:.2f} + index {1000 * index.cpu / corpus.count:.2f} ms CPU each"
    return [
        _rate(f"import by command, {corpus.count:,} entries", corpus, by_command, "import and index rebuild"),
        _rate(f"import by function, {corpus.count:,} entries", corpus, store + index, parts),
    ]


def _rate(name: str, corpus: Corpus, cost: Cost, note: str) -> Figure:
    return at_least(name, corpus.count / cost.cpu, 1000, "/s a core", f"{note}; {corpus.count / cost.wall:,.0f}/s wall")


def by_function(folder: Path, lines: Path) -> tuple[Cost, Cost]:
    """Cost of storing and of indexing."""
    config = installed.config(folder)
    parts = assemble(config)
    parts.store.upgrade()
    clocks = [(time.process_time(), time.perf_counter())]
    with lines.open("rb") as source:
        report = exchange.import_lines(parts.store, source, Context(clock.now(), config.public_url))
    if report.problems:
        raise RuntimeError(f"generated entries were refused: {report.problems[:3]}")
    clocks.append((time.process_time(), time.perf_counter()))
    parts.indexer.rebuild()
    clocks.append((time.process_time(), time.perf_counter()))
    parts.engine.close()
    parts.store.close()
    (a, b), (c, d), (e, f) = clocks
    return Cost(c - a, d - b), Cost(e - c, f - d)
