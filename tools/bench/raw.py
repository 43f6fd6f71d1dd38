"""What Kennis asks of Elasticsearch, sent as it is: the same bodies and options, with nothing of Kennis in between."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import orjson

from kennis.search import elastic_reading
from kennis.search.elastic_compile import Json
from kennis.search.port import SearchResult
from tools.bench.cluster import Node
from tools.bench.load import HOST, Step
from tools.bench.recording import Asked

TIMEOUT = 120.0
# From here the goal is a ratio of times; below it, a sum of CPU (performance.md).
SLOW_SECONDS = 0.005
# The least of so many tries tells which it is: a busy machine makes everything slow now and then.
TRIES = 3


@dataclass(frozen=True, slots=True)
class Question:
    """One query of a reader; `steps`: what Elasticsearch is asked for it, mostly one request."""

    words: str
    steps: tuple[Step, ...] = ()
    is_slow: bool = False


class Wire:
    """One connection to the node."""

    def __init__(self, node: Node) -> None:
        self._connection = HTTPConnection(HOST, node.port, timeout=TIMEOUT)

    def post(self, path: str, body: bytes, kind: str = "application/json") -> Mapping[str, Any]:
        self._connection.request("POST", path, body, {"Content-Type": kind})
        answer = self._connection.getresponse()
        read: Mapping[str, Any] = orjson.loads(answer.read())
        if answer.status != 200:
            raise RuntimeError(f"Elasticsearch answers {answer.status} to {path}: {read.get('error')}")
        return read

    def close(self) -> None:
        self._connection.close()


def step(index: str, asked: Json) -> Step:
    """As the adapter sends it (elastic.py)."""
    copy, body = elastic_reading.sent(asked)
    return f"{elastic_reading.address(index)}{copy}", "", body.decode()


def questions(
    node: Node, words: Sequence[str], asked: Sequence[Asked]
) -> tuple[list[Question], list[list[SearchResult]]]:
    """Asks once for what is sent, which may depend on answers, and then again to tell slow from quick."""
    wire, made, results = Wire(node), [], []
    for query, requests in zip(words, asked, strict=True):
        sent: list[Step] = []

        def ask(body: Json, sent: list[Step] = sent) -> Mapping[str, Any]:
            sent.append(step(node.names().read, body))
            return _send(wire, sent[-1])

        results.append([elastic_reading.search(ask, request) for request in requests])
        made.append(Question(query, tuple(sent), min(_seconds(wire, sent) for _ in range(TRIES)) >= SLOW_SECONDS))
    wire.close()
    return made, results


def _seconds(wire: Wire, steps: Sequence[Step]) -> float:
    start = time.perf_counter()
    for one in steps:
        _send(wire, one)
    return time.perf_counter() - start


def _send(wire: Wire, one: Step) -> Mapping[str, Any]:
    path, _, body = one
    return wire.post(path, body.encode())
