"""Both engines side by side through HTTP, and Elasticsearch asked the same without Kennis."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kennis.search.port import SearchResult
from tools.bench import bulk, cluster, data, installed, raw, recording, turns
from tools.bench.cluster import Node
from tools.bench.data import Corpus
from tools.bench.queries import queries
from tools.bench.raw import Question
from tools.bench.recording import Asked
from tools.bench.searching import PER_ROUND, QUICK_PER_ROUND, ROUNDS, UNCACHED, WARM_UP
from tools.bench.servers import Server
from tools.bench.table import Figure, at_least, at_most
from tools.bench.turns import Both, Side

RAW, ELASTIC, EMBEDDED = "raw Elasticsearch", "Kennis on Elasticsearch", "Kennis embedded"
SEED = 17
Serve = Callable[[Path, Mapping[str, str]], AbstractContextManager[Server]]
# What is told as not measured without a server.
NEED_A_SERVER = (f"{ELASTIC} / raw", f"{RAW} / {EMBEDDED}", "rebuild / raw bulk")
# Below so many questions of a sort, its figure would be chance (guess).
LEAST = 20


@dataclass(frozen=True, slots=True)
class Measured:
    """What one size gave. `matches`: entries found by all questions together. `equal`: how many of all `asked` have
    the same page and total from both engines, None with one engine."""

    count: int
    seen: dict[str, Both]
    matches: int
    asked: int
    equal: int | None

    @property
    def label(self) -> str:
        return f"{self.count:,} entries"


def both_engines(corpora: Sequence[Corpus], *, quick: bool) -> Iterator[list[Figure]]:
    """Without a server the embedded engine alone, and the reason."""
    size, found = QUICK_PER_ROUND if quick else PER_ROUND, []
    with cluster.node() as node:
        if isinstance(node, str):
            yield [Figure(name, "not measured", note=node) for name in NEED_A_SERVER]
        for corpus in corpora:
            with TemporaryDirectory(dir=data.cache_folder()) as name:
                folder = _copied(corpus, Path(name))
                if isinstance(node, Node):
                    yield bulk.rates(folder, node, f"{corpus.count:,} entries")
                found.append(measured(corpus, folder, node, queries(WARM_UP + ROUNDS * size, SEED), size))
            yield figures(found[-1])
    yield growth(found)


def _copied(corpus: Corpus, folder: Path) -> Path:
    """For the Kennis on Elasticsearch, which writes down how far it is."""
    return Path(
        shutil.copytree(installed.installation(corpus), folder / "kennis", ignore=shutil.ignore_patterns("index"))
    )


def measured(
    corpus: Corpus, folder: Path, node: Node | str, words: Sequence[str], size: int, serve: Serve = installed.serving
) -> Measured:
    """One connection at a time, every question another one, no page kept: as in searching.py."""
    own = installed.installation(corpus)
    asked = recording.engine_requests(own, words)
    results = _embedded_results(own, asked)
    with ExitStack() as stack:
        sides = [turns.kennis(EMBEDDED, stack.enter_context(serve(own, UNCACHED)))]
        questions, equal = [Question(q) for q in words], None
        if isinstance(node, Node):
            questions, others = raw.questions(node, words, asked)
            equal = sum(_is_same(ours, theirs) for ours, theirs in zip(results, others, strict=True))
            server = stack.enter_context(serve(folder, {**UNCACHED, **node.settings}))
            sides = [turns.raw(RAW, node.port), turns.kennis(ELASTIC, server), *sides]
        seen = _warm_and_ask(sides, questions, size)
    matches = sum(result.total for answers in results for result in answers)
    return Measured(corpus.count, seen, matches, len(words), equal)


def _warm_and_ask(sides: Sequence[Side], questions: Sequence[Question], size: int) -> dict[str, Both]:
    turns.alternate(sides, questions[:WARM_UP], WARM_UP)
    return turns.alternate(sides, questions[WARM_UP:], size)


def _embedded_results(folder: Path, asked: Sequence[Asked]) -> list[list[SearchResult]]:
    engine = recording.opened(folder)
    results = [[engine.search(request) for request in requests] for requests in asked]
    engine.close()
    return results


def _is_same(ours: Sequence[SearchResult], theirs: Sequence[SearchResult]) -> bool:
    return [_page(r) for r in ours] == [_page(r) for r in theirs]


def _page(result: SearchResult) -> tuple[int, list[str]]:
    return result.total, [hit.id for hit in result.hits]


def figures(found: Measured) -> list[Figure]:
    times = [_times(name, seen, found) for name, seen in found.seen.items()]
    if RAW not in found.seen:
        return times
    alone, through, embedded = (found.seen[name] for name in (RAW, ELASTIC, EMBEDDED))
    return [
        *times,
        _ratio(alone, through, found.label),
        _added(through, found.label),
        at_least(f"{RAW} / {EMBEDDED}, p50, {found.label}", alone.all.p50 / embedded.all.p50, 2, "x",
                 f"p99 {alone.all.p99 / embedded.all.p99:.1f}x"),
    ]  # fmt: skip


def _times(name: str, seen: Both, found: Measured) -> Figure:
    note = f"p99 {seen.all.p99:.1f} ms, {len(seen.all.times)} distinct queries"
    if seen.all.cpu:
        note += f", CPU {seen.all.cpu_each:.2f} ms"
    if name == RAW:
        note += f"; {found.equal} of {found.asked} pages are the same in both engines"
    return Figure(f"{name} p50, {found.label}", f"{seen.all.p50:.2f} ms", note=note)


def _ratio(alone: Both, through: Both, label: str) -> Figure:
    name, count = f"p50 {ELASTIC} / raw, queries of 5 ms and more, {label}", len(alone.slow.times)
    if count < LEAST:
        return Figure(name, "not measured", note=f"{count} of the queries take 5 ms raw")
    p50, p99 = (through.slow.p50, alone.slow.p50), (through.slow.p99, alone.slow.p99)
    note = f"{p50[0]:.1f} against {p50[1]:.1f} ms, p99 {p99[0]:.1f} against {p99[1]:.1f}; {count} queries"
    return at_most(name, p50[0] / p50[1], 1.15, "x", note)


def _added(through: Both, label: str) -> Figure:
    name, count = f"CPU added by Kennis, queries under 5 ms, {label}", len(through.quick.times)
    if count < LEAST:
        return Figure(name, "not measured", note=f"{count} of the queries take less than 5 ms raw")
    return at_most(name, through.quick.cpu_each, 1, " ms", f"all of its process; {count} queries")


def growth(found: Sequence[Measured]) -> list[Figure]:
    """From the smallest to the largest size: the time may grow as the number of matches does."""
    if len(found) < 2:
        return []
    least, most = min(found, key=lambda m: m.count), max(found, key=lambda m: m.count)
    matches = most.matches / least.matches
    return [
        at_most(f"growth of {name} p50, {least.count:,} to {most.label}",
                most.seen[name].all.p50 / least.seen[name].all.p50, round(matches, 1), "x", "goal: as the matches grow")
        for name in most.seen
        if name != RAW
    ]  # fmt: skip
