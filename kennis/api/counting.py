"""How often somebody came within a window of time: counted in this process, or in Redis for several together.

A window begins with the first request and lasts its time, so nobody waits longer than that and not all wait for the
same moment. What is kept of somebody is a number under a name that is given here, until the window ends.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kennis import logs

LOG = logs.Log(__name__)
# Names held at once; a flood of addresses takes at most so many times 200 bytes. The oldest goes first (guess).
MOST_NAMES = 100_000
# Windows that ended are thrown away this often.
SWEEP_SECONDS = 60.0
# How long a Redis that does not answer is left alone.
REST_SECONDS = 10.0
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Count:
    """`used` includes the request that is being counted; `seconds` is what is left of the window."""

    used: int
    seconds: float


class NotCounted(Exception):
    """Redis did not answer; the message is the name of an error, without its words."""


class Counts(Protocol):
    def add(self, name: str, seconds: int) -> Count:
        """One more under this name, in a window of so many seconds."""


class Own:
    """In the memory of this process."""

    def __init__(self, clock: Clock = time.monotonic, most: int = MOST_NAMES) -> None:
        self._clock, self._most = clock, most
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[int, float]] = {}
        self._sweep_at = clock() + SWEEP_SECONDS

    def add(self, name: str, seconds: int) -> Count:
        now = self._clock()
        with self._lock:
            used, ends = self._windows.get(name, (0, 0.0))
            if ends <= now:
                used, ends = 0, now + seconds
                self._make_room(name, now)
            self._windows[name] = (used + 1, ends)
        return Count(used + 1, ends - now)

    def _make_room(self, name: str, now: float) -> None:
        """For a window that begins: it goes to the end, so that the first ones are the oldest."""
        self._windows.pop(name, None)
        if now >= self._sweep_at:
            self._sweep_at = now + SWEEP_SECONDS
            self._windows = {one: window for one, window in self._windows.items() if window[1] > now}
        if len(self._windows) >= self._most:
            del self._windows[next(iter(self._windows))]

    def __len__(self) -> int:
        return len(self._windows)


class Shared:
    """Elsewhere, for several processes; while that does not answer, in this process. Nobody is refused or let in
    because of an outage, and nobody waits for it more than once in ten seconds."""

    def __init__(self, elsewhere: Counts, clock: Clock = time.monotonic) -> None:
        self._elsewhere, self._clock = elsewhere, clock
        self._own = Own(clock)
        self._rests_until: float | None = None

    def add(self, name: str, seconds: int) -> Count:
        rests_until, now = self._rests_until, self._clock()
        if rests_until is not None:
            if now < rests_until:
                return self._own.add(name, seconds)
            # Others go on without while this one tries.
            self._rests_until = now + REST_SECONDS
        try:
            count = self._elsewhere.add(name, seconds)
        except NotCounted as error:
            if rests_until is None and self._rests_until is None:
                LOG.warning("limits are counted apart", reason=str(error))
            self._rests_until = self._clock() + REST_SECONDS
            return self._own.add(name, seconds)
        if rests_until is not None:
            self._rests_until = None
            LOG.info("limits are counted together again")
        return count
