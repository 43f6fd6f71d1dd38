"""The same questions to several servers in turns, so that a noisy neighbour hits all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from tools.bench import installed, load
from tools.bench.load import Load
from tools.bench.raw import Question
from tools.bench.servers import Server


@dataclass(frozen=True, slots=True)
class Side:
    """One server; `cpu` counts its seconds, where that is to be seen."""

    name: str
    ask: Callable[[Sequence[Question]], Load]
    cpu: Callable[[], float] = lambda: 0.0


@dataclass(slots=True)
class Seen:
    """Times and CPU of one side in seconds, all rounds together; what is computed of them is in milliseconds."""

    times: list[float] = field(default_factory=list)
    cpu: float = 0.0

    def __add__(self, other: "Seen") -> "Seen":
        return Seen(self.times + other.times, self.cpu + other.cpu)

    @property
    def p50(self) -> float:
        return 1000 * median(self.times)

    @property
    def p99(self) -> float:
        return 1000 * load.within(sorted(self.times), 0.99)

    @property
    def cpu_each(self) -> float:
        return 1000 * self.cpu / len(self.times)


@dataclass(frozen=True, slots=True)
class Both:
    """Quick and slow questions apart: each sort has a goal of its own."""

    quick: Seen = field(default_factory=Seen)
    slow: Seen = field(default_factory=Seen)

    @property
    def all(self) -> Seen:
        return self.quick + self.slow


def kennis(name: str, server: Server) -> Side:
    """Through Kennis, as a reader asks it."""

    def ask(asked: Sequence[Question]) -> Load:
        return load.run(server.port, [installed.search_path(q.words) for q in asked], connections=1)

    return Side(name, ask, server.cpu)


def raw(name: str, port: int) -> Side:
    return Side(name, lambda asked: load.post(port, [q.steps for q in asked]))


def alternate(sides: Sequence[Side], questions: Sequence[Question], size: int) -> dict[str, Both]:
    """Round after round of `size` questions, each round begun by another side."""
    seen = {side.name: Both() for side in sides}
    for number, start in enumerate(range(0, len(questions), size)):
        part, first = questions[start : start + size], number % len(sides)
        for side in (*sides[first:], *sides[:first]):
            _ask(side, [q for q in part if not q.is_slow], seen[side.name].quick)
            _ask(side, [q for q in part if q.is_slow], seen[side.name].slow)
    return seen


def _ask(side: Side, asked: Sequence[Question], seen: Seen) -> None:
    if not asked:
        return
    before = side.cpu()
    found = side.ask(asked)
    if set(found.statuses) != {200} or found.requests != len(asked):
        raise RuntimeError(f"{side.name}: {found.requests} of {len(asked)} answered, {dict(found.statuses)}")
    seen.cpu += side.cpu() - before
    seen.times += found.times
