"""Whole-process CPU against engine CPU, and what other servers need for the same queries on the same data."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools.bench import alike, installed, load, recording, rivals, servers
from tools.bench.data import Corpus, cache_folder
from tools.bench.load import Load
from tools.bench.queries import queries
from tools.bench.servers import Server
from tools.bench.table import Figure, at_least, at_most
from tools.ports import free_port

# Rounds alternate between engine and server, so that a noisy neighbour hits both.
ROUNDS = 5
WARM_UP = 40
# Every request of the run is another query, so no cache of words, trees or pages helps.
PER_ROUND = 200
QUICK_PER_ROUND = 60
UNCACHED = {"KENNIS_PAGE_CACHE": "0"}
# Datasette needs up to seconds for a query at 100,000.
SLOW_QUERIES, QUICK_SLOW_QUERIES = 40, 12
RIVAL_QUERIES, QUICK_RIVAL_QUERIES = 200, 60
RIVAL_SECONDS = 90.0
CONNECTIONS = 2


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU seconds of a server for these requests, and what the clients saw."""

    cpu: float
    load: Load

    @property
    def each(self) -> float:
        return 1000 * self.cpu / self.load.requests


def _spend(server: Server, paths: Sequence[str], connections: int) -> Spent:
    before = server.cpu()
    seen = load.run(server.port, paths, connections=connections, seconds=RIVAL_SECONDS)
    if not seen.is_whole:
        raise RuntimeError(f"not all requests were answered: {dict(seen.statuses)}")
    return Spent(server.cpu() - before, seen)


def whole_against_engine(corpus: Corpus, *, quick: bool) -> list[Figure]:
    """One connection: client and server take turns, as the engine alone does. With more, server and clients share
    the caches of few cores, and the ratio would measure the machine."""
    size = QUICK_PER_ROUND if quick else PER_ROUND
    folder = installed.installation(corpus)
    words = queries(WARM_UP + ROUNDS * size)
    asked = recording.engine_requests(folder, words)
    engine, alone, whole, slowest = recording.opened(folder), 0.0, 0.0, 0.0
    with installed.serving(folder, UNCACHED) as server:
        recording.replay(engine, asked[:WARM_UP])
        _spend(server, [installed.search_path(q) for q in words[:WARM_UP]], 1)
        for start in range(WARM_UP, len(words), size):
            alone += recording.replay(engine, asked[start : start + size])
            spent = _spend(server, [installed.search_path(q) for q in words[start : start + size]], 1)
            whole, slowest = whole + spent.cpu, max(slowest, spent.load.p95)
    engine.close()
    requests, label = ROUNDS * size, f"{corpus.count:,} entries"
    return [
        Figure(f"engine CPU a search, {label}", f"{1000 * alone / requests:.2f} ms"),
        Figure(f"whole process CPU a search, {label}", f"{1000 * whole / requests:.2f} ms",
               note=f"{requests} distinct queries, one connection, p95 {1000 * slowest:.1f} ms"),
        at_most(f"whole process / engine, {label}", whole / alone, 1.35, "x"),
    ]  # fmt: skip


def against_rivals(corpus: Corpus, *, quick: bool) -> list[Figure]:
    """Throughput a core: requests per second of CPU. The rates on the wall stand in the note."""
    file = alike.tables(corpus)
    slow = queries(QUICK_SLOW_QUERIES if quick else SLOW_QUERIES, seed=11)
    many = queries(QUICK_RIVAL_QUERIES if quick else RIVAL_QUERIES, seed=12)
    environment = {**os.environ, "KENNIS_BENCH_TABLES": str(file)}

    def ours(words: Sequence[str]) -> Spent:
        with installed.serving(installed.installation(corpus), UNCACHED) as server:
            _spend(server, [installed.search_path(q) for q in queries(WARM_UP)], CONNECTIONS)
            return _spend(server, [installed.search_path(q) for q in words], CONNECTIONS)

    def theirs(
        command: Callable[[int], list[str]], ready: str, path: Callable[[str], str], words: Sequence[str]
    ) -> Spent:
        port = free_port()
        log = cache_folder() / "rival.log"
        with servers.running(command(port), port=port, ready=ready, log=log, environment=environment) as server:
            _spend(server, [path(q) for q in words[:3]], CONNECTIONS)
            return _spend(server, [path(q) for q in words], CONNECTIONS)

    folder = installed.installation(corpus)
    expressions = [alike.expression(asked) for asked in recording.engine_requests(folder, many)]
    datasette = theirs(
        lambda port: rivals.datasette_command(rivals.tables(corpus), port), "/rivals.json", rivals.datasette_path, slow
    )
    bare = theirs(rivals.flask_command, "/ready", rivals.flask_path, many)
    same = theirs(rivals.flask_command, "/ready", rivals.alike_path, expressions)
    mine = ours(many)
    return [
        _ratio(f"throughput / Datasette, {corpus.count:,} entries", ours(slow), datasette, 50),
        _ratio(f"throughput / Flask + FTS5 that finds the same, {corpus.count:,} entries", mine, same, 10),
        _ratio(f"throughput / Flask + FTS5 that finds words as written, {corpus.count:,} entries", mine, bare, 10),
    ]


def _ratio(name: str, ours: Spent, theirs: Spent, goal: float) -> Figure:
    note = (
        f"CPU {ours.each:.1f} against {theirs.each:.1f} ms; on the wall {ours.load.rate:.0f} against "
        f"{theirs.load.rate:.1f}/s, p50 {1000 * ours.load.p50:.1f} against {1000 * theirs.load.p50:.1f} ms"
    )
    return at_least(name, theirs.each / ours.each, goal, "x", note)
