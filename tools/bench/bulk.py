"""Filling an index of Elasticsearch: a rebuild through Kennis against the same documents sent raw."""

import time
from collections.abc import Generator
from contextlib import closing
from itertools import islice
from pathlib import Path
from statistics import median

from kennis import clock
from kennis.installation import assemble
from kennis.search import elastic_indices
from kennis.search.elastic_writing import WANTED, Form, lines
from kennis.search.mapping import mapping
from tools.bench import installed
from tools.bench.cluster import Node
from tools.bench.raw import Wire
from tools.bench.table import Figure

# Of each, in turns.
TURNS = 2
# Calls before the first turn that are not counted: a server that has just started is slow (guess).
WARM_CALLS = 10


def rates(folder: Path, node: Node, label: str) -> list[Figure]:
    """The last turn is Kennis's own: its index is there to be searched."""
    raw, whole, cpu = [], [], []
    _raw(folder, node, WARM_CALLS)
    for _ in range(TURNS):
        count, seconds = _raw(folder, node)
        raw.append(count / seconds)
        before, start = time.process_time(), time.perf_counter()
        parts = assemble(installed.config(folder, node.settings))
        made = parts.indexers[0].rebuild(keep_previous=False)
        whole.append(made / (time.perf_counter() - start))
        cpu.append(1000 * (time.process_time() - before) / made)
        parts.engine.close()
        parts.store.close()
        if made != count:
            raise RuntimeError(f"{count} documents were sent raw and {made} by Kennis")
    ratio, ours, theirs = median(whole) / median(raw), median(whole), median(raw)
    note = f"{ours:,.0f} against {theirs:,.0f}/s; {median(cpu):.2f} ms CPU each in Kennis: read, analyse, send, check"
    return [Figure(f"rebuild / raw bulk, {label}", f"{ratio:.2f}x", note=note)]


def _raw(folder: Path, node: Node, calls: int | None = None) -> tuple[int, float]:
    """How many documents, and the seconds of the calls alone: making their lines is not counted."""
    connection, wire, names = node.connection(), Wire(node), node.names("-raw")
    count, seconds = 0, 0.0
    with connection.explained(), closing(_bodies(folder)) as bodies:
        client = connection.client()
        index = elastic_indices.create(client, names, mapping())
        for body, size in islice(bodies, calls):
            start = time.perf_counter()
            answer = wire.post(f"/{index}/_bulk?filter_path={WANTED}", body, "application/x-ndjson")
            seconds, count = seconds + time.perf_counter() - start, count + size
            if answer.get("errors"):
                raise RuntimeError("Elasticsearch refused documents that were sent raw")
        start = time.perf_counter()
        elastic_indices.settle(client, index)
        seconds += time.perf_counter() - start
        elastic_indices.remove(client, index)
    connection.close()
    wire.close()
    return count, seconds


def _bodies(folder: Path) -> Generator[tuple[bytes, int], None, None]:
    """What a rebuild sends, call by call, with the number of documents."""
    form = Form(mapping())
    for made in installed.documents(folder, clock.today()):
        groups = [b"\n".join(group) + b"\n" for group in lines(form, made)]
        yield b"".join(groups), len(made)
