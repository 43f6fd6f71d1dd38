"""Which engine answers: the first, or while that one fails the one that stands by (KENNIS_SEARCH_FALLBACK)."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from kennis import logs
from kennis.errors import SearchUnavailable
from kennis.search.find import Finder

T = TypeVar("T")
# So long the first engine is left alone after a failure, then one request tries it again (guess).
REST_SECONDS = 10.0

log = logs.Log(__name__)


class Standby:
    """Made once per process; safe to share between threads. Without `second` a failure stays a failure."""

    def __init__(
        self, first: Finder, second: Finder | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._first = first
        self._second = second
        self._clock = clock
        self._rests_until: float | None = None
        self._lock = threading.Lock()

    def answer(self, step: Callable[[Finder], T]) -> T:
        """Take the whole step with one engine, its ETag too, so that no answer is kept under the ETag of another."""
        if self._second is None:
            return step(self._first)
        if self._may_try():
            try:
                made = step(self._first)
            except SearchUnavailable as error:
                self._rest(error)
            else:
                self._recover()
                return made
        return step(self._second)

    @property
    def is_degraded(self) -> bool:
        return self._rests_until is not None

    def _may_try(self) -> bool:
        """After a rest it is one request that tries and may have to wait; the others go on as they were."""
        with self._lock:
            if self._rests_until is None:
                return True
            if self._clock() < self._rests_until:
                return False
            self._rests_until = self._clock() + REST_SECONDS
            return True

    def _rest(self, error: SearchUnavailable) -> None:
        with self._lock:
            is_new = self._rests_until is None
            self._rests_until = self._clock() + REST_SECONDS
        if is_new:
            log.error("search is degraded", engine=self._first.name, reason=str(error))

    def _recover(self) -> None:
        with self._lock:
            was_degraded, self._rests_until = self._rests_until is not None, None
        if was_degraded:
            log.info("search is whole again", engine=self._first.name)
