"""Load generator: plain keep-alive connections, each in a process of its own, on the loopback only.

`python -m tools.bench.load` reads its orders as JSON from the standard input and prints one JSON line.
"""

import json
import subprocess  # nosec B404
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import median

# Bounds that no order may pass: this must never become a tool to load another machine, or for ever.
HOST = "127.0.0.1"
MOST_CONNECTIONS = 8
MOST_SECONDS = 120.0
TIMEOUT = 30.0


# A path, the tag of the answer that the client has, and what is sent; empty: none, and a GET.
Step = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Load:
    """What the clients saw: sorted times, and `seconds` of the longest of them."""

    times: Sequence[float]
    seconds: float
    statuses: Mapping[int, int]
    size: float

    @property
    def requests(self) -> int:
        return len(self.times)

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    @property
    def p50(self) -> float:
        return median(self.times)

    @property
    def p95(self) -> float:
        return within(self.times, 0.95)

    @property
    def is_whole(self) -> bool:
        return set(self.statuses) <= {200, 304}


def within(times: Sequence[float], share: float) -> float:
    """The time in which this share of them was answered; they are sorted."""
    return times[int(len(times) * share)]


def run(
    port: int,
    paths: Sequence[str],
    *,
    connections: int = 2,
    seconds: float = 60.0,
    etags: Sequence[str] | None = None,
) -> Load:
    """Ask every path once, spread over the connections; stop early when the time is up. With `etags` each path goes
    with the tag of the answer that the client has."""
    count = min(connections, MOST_CONNECTIONS)
    asked = [[(path, tag, "")] for path, tag in zip(paths, etags or [""] * len(paths), strict=True)]
    return _run([{"port": port, "asked": asked[i::count], "seconds": seconds} for i in range(count)])


def post(port: int, asked: Sequence[Sequence[Step]], *, seconds: float = 60.0) -> Load:
    """Over one connection. What takes several steps counts as one request, with their time together."""
    return _run([{"port": port, "asked": asked, "seconds": seconds}])


def _run(orders: Sequence[Mapping[str, object]]) -> Load:
    clients = [_start(order) for order in orders]
    return _merged([json.loads(client.communicate()[0]) for client in clients])


def _start(order: Mapping[str, object]) -> "subprocess.Popen[str]":
    """Its orders are in the pipe and the pipe is closed: all clients begin at once."""
    command = [sys.executable, "-m", "tools.bench.load"]
    client = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # nosec B603
    if client.stdin is not None:
        client.stdin.write(json.dumps(order))
        client.stdin.close()
        client.stdin = None
    return client


def _merged(answers: Sequence[Mapping[str, object]]) -> Load:
    statuses: Counter[int] = Counter()
    times: list[float] = []
    size, longest = 0, 0.0
    for answer in answers:
        statuses.update({int(s): n for s, n in dict(answer["statuses"]).items()})  # type: ignore[call-overload]
        times += answer["times"]  # type: ignore[arg-type]
        size += int(str(answer["bytes"]))
        longest = max(longest, float(str(answer["seconds"])))
    times.sort()
    if not times:
        raise RuntimeError("no client answered")
    return Load(times, longest, dict(statuses), size / len(times))


def _ask(port: int, asked: Sequence[Sequence[Step]], seconds: float) -> dict[str, object]:
    connection = HTTPConnection(HOST, port, timeout=TIMEOUT)
    statuses: Counter[int] = Counter()
    times, size, start = [], 0, time.perf_counter()
    for steps in asked:
        before = time.perf_counter()
        if before - start > seconds:
            break
        for path, tag, body in steps:
            headers = {"If-None-Match": tag} if tag else {"Content-Type": "application/json"} if body else {}
            connection.request("POST" if body else "GET", path, body.encode() or None, headers)
            answer = connection.getresponse()
            size += len(answer.read())
            statuses[answer.status] += 1
        times.append(time.perf_counter() - before)
    return {"statuses": statuses, "times": times, "bytes": size, "seconds": time.perf_counter() - start}


def main() -> None:
    order = json.load(sys.stdin)
    seconds = min(float(order["seconds"]), MOST_SECONDS)
    print(json.dumps(_ask(int(order["port"]), order["asked"], seconds)))


if __name__ == "__main__":
    main()
