"""How much work something is, by the processor's clock.

A test runs beside others, on a machine that may be slow for a while: a first run reads lists, any run may come to
collect the garbage of the tests before it. What explodes does so every time, so one good run of a few is enough.
"""

import time
from collections.abc import Callable
from typing import TypeVar

TRIES = 3
T = TypeVar("T")


def within(seconds: float, work: Callable[[], T], clock: Callable[[], float] = time.process_time) -> T:
    """What the work gives in its first run that takes no more than this, of a few. On the wall (`time.perf_counter`)
    waiting counts too, and what else the machine does."""
    taken = []
    for _ in range(TRIES):
        start = clock()
        result = work()
        taken.append(clock() - start)
        if taken[-1] <= seconds:
            return result
    raise AssertionError(f"more than {seconds} s: {taken}")


def grows_at_most(times: float, work: Callable[[int], object], short: int, long: int, spare: float) -> bool:
    """Whether `work(long)` takes at most so many times what `work(short)` does, and some seconds to spare."""
    return any(_seconds(work, long) <= times * _seconds(work, short) + spare for _ in range(TRIES))


def _seconds(work: Callable[[int], object], size: int) -> float:
    start = time.process_time()
    work(size)
    return time.process_time() - start
