"""What a repeated query and a 304 cost against an answer that is made, and that neither asks the engine."""

from http.client import HTTPConnection

from kennis.app import create_app
from tools.bench import installed, load
from tools.bench.data import Corpus
from tools.bench.load import HOST
from tools.bench.queries import queries
from tools.bench.recording import Recorder
from tools.bench.servers import Server
from tools.bench.table import Figure, at_least

# Below the 512 answers that are kept by default.
DISTINCT, QUICK_DISTINCT = 400, 100
ROUNDS = 5


def repeated_against_uncached(corpus: Corpus, *, quick: bool) -> list[Figure]:
    folder, words = installed.installation(corpus), queries(QUICK_DISTINCT if quick else DISTINCT, seed=13)
    paths = [installed.search_path(q) for q in words]
    with installed.serving(folder) as server:
        load.run(server.port, [installed.search_path(q) for q in queries(40, seed=14)], connections=1)
        first = _each(server, paths, None, 1)
        again = _each(server, paths, None, ROUNDS)
        tags = _etags(server.port, paths)
        unchanged = _each(server, paths, tags, ROUNDS)
    asked = calls_of_repeats(corpus, words[:20])
    name = f"{corpus.count:,} entries"
    return [
        at_least(f"repeated query / uncached, {name}", first / again, 6, "x",
                 f"CPU {first:.2f} against {again:.3f} ms; {asked[0]} engine calls in 20 repeats"),
        at_least(f"304 / uncached, {name}", first / unchanged, 6, "x",
                 f"CPU {unchanged:.3f} ms; {asked[1]} engine calls in 20 requests"),
    ]  # fmt: skip


def _each(server: Server, paths: list[str], tags: list[str] | None, rounds: int) -> float:
    """Milliseconds of CPU a request."""
    before, count = server.cpu(), 0
    for _ in range(rounds):
        seen = load.run(server.port, paths, connections=1, etags=tags)
        if set(seen.statuses) != {304 if tags else 200}:
            raise RuntimeError(f"unexpected answers: {dict(seen.statuses)}")
        count += seen.requests
    return 1000 * (server.cpu() - before) / count


def _etags(port: int, paths: list[str]) -> list[str]:
    connection, tags = HTTPConnection(HOST, port), []
    for path in paths:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        tags.append(answer.headers["ETag"])
    connection.close()
    return tags


def calls_of_repeats(corpus: Corpus, words: list[str]) -> tuple[int, int]:
    """Searches that reach the engine when a query is repeated, and when its ETag comes along: both must be 0."""
    config = installed.config(installed.installation(corpus))
    engine = Recorder(config.index_dir)
    client = create_app(config, engine=engine).test_client()
    tags = {q: client.get(installed.search_path(q)).headers["ETag"] for q in words}
    engine.asked.clear()
    statuses = {client.get(installed.search_path(q)).status_code for q in words}
    repeats = len(engine.asked)
    statuses |= {
        client.get(installed.search_path(q), headers={"If-None-Match": tag}).status_code for q, tag in tags.items()
    }
    if statuses != {200, 304}:
        raise RuntimeError(f"unexpected answers: {sorted(statuses)}")
    return repeats, len(engine.asked) - repeats
