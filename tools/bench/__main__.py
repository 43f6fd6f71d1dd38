"""`python -m tools.bench`: measure and print."""

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from subprocess import CalledProcessError  # nosec B404

from kennis.errors import KennisError
from tools.bench import data, engines, footprint, importing, repeating, searching, table, writing
from tools.bench.table import Figure

SIZES = (10_000, 100_000)
# Importing and writing are measured on the smallest size: their cost hardly depends on what is there.
QUICK_IMPORT = 2_000
QUICK_SIZES = (10_000,)
Measure = Callable[[Sequence[int], bool], Iterator[list[Figure]]]


def _search(sizes: Sequence[int], quick: bool) -> Iterator[list[Figure]]:
    for size in sizes:
        yield searching.whole_against_engine(data.corpus(size), quick=quick)


def _rivals(sizes: Sequence[int], quick: bool) -> Iterator[list[Figure]]:
    for size in sizes:
        yield searching.against_rivals(data.corpus(size), quick=quick)


def _repeat(sizes: Sequence[int], quick: bool) -> Iterator[list[Figure]]:
    yield repeating.repeated_against_uncached(data.corpus(max(sizes)), quick=quick)


def _import(sizes: Sequence[int], quick: bool) -> Iterator[list[Figure]]:
    yield importing.rates(data.corpus(QUICK_IMPORT if quick else min(sizes)))


def _memory(sizes: Sequence[int], _: bool) -> Iterator[list[Figure]]:
    yield footprint.memory(data.corpus(max(sizes)))


def _start(_: Sequence[int], __: bool) -> Iterator[list[Figure]]:
    yield footprint.start()


def _write(sizes: Sequence[int], _: bool) -> Iterator[list[Figure]]:
    yield writing.durable_write(data.corpus(min(sizes)))


def _elastic(sizes: Sequence[int], quick: bool) -> Iterator[list[Figure]]:
    yield from engines.both_engines([data.corpus(size) for size in sizes], quick=quick)


MEASURES: dict[str, Measure] = {
    "start": _start,
    "import": _import,
    "search": _search,
    "repeat": _repeat,
    "memory": _memory,
    "write": _write,
    "elastic": _elastic,
    "rivals": _rivals,
}


def _measured(name: str, sizes: Sequence[int], quick: bool) -> list[Figure]:
    """A measurement that fails (no network for Datasette, say) is told in the table; the others go on."""
    figures: list[Figure] = []
    try:
        for found in MEASURES[name](sizes, quick):
            figures += found
            print(table.show(found), file=sys.stderr, flush=True)
    except (RuntimeError, OSError, CalledProcessError, KennisError) as error:
        figures.append(Figure(name, "failed", is_met=False, note=str(error).strip().splitlines()[-1]))
        print(error, file=sys.stderr, flush=True)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description="Figures beside their goals.")
    parser.add_argument("--entries", type=int, nargs="+", help="sizes; 10000 100000 without --quick")
    parser.add_argument("--quick", action="store_true", help="10,000 entries and few requests: a look, no verdict")
    parser.add_argument("--only", choices=MEASURES, nargs="+", help="these measurements alone")
    chosen = parser.parse_args()
    sizes = chosen.entries or (QUICK_SIZES if chosen.quick else SIZES)
    print(
        f"{platform.python_version()} on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start", flush=True
    )
    figures: list[Figure] = []
    for name in chosen.only or MEASURES:
        start = time.perf_counter()
        figures += _measured(name, sizes, chosen.quick)
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    print(table.show(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
