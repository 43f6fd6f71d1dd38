"""The thread that applies the outbox to one index: woken after each change, and now and then by itself.

When the engine is down or has too much to do it waits longer each time, never at the same moments as others, and asks
less of it. Nothing is lost meanwhile: what waits stands in the outbox.
"""

import random
import threading
from collections.abc import Callable

from kennis import logs
from kennis.errors import KennisError, SearchBusy
from kennis.search.indexing import BATCH, Indexer

# Changes of other processes are seen after so many seconds (guess).
POLL_SECONDS = 2.0
# After a failure it waits longer each time, at most so long (guesses).
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
# How long the batch in hand may take when the process stops: a call to a server has this time (guess).
STOP_SECONDS = 60.0

log = logs.Log(__name__)
Chance = Callable[[float, float], float]


class Pace:
    """How much at once, and how long to wait after a failure. `chance(a, b)` gives a number between them."""

    def __init__(self, chance: Chance = random.uniform) -> None:
        self._chance = chance
        self.size = BATCH
        self._pause = FIRST_PAUSE
        self._was_busy = False

    def went_well(self) -> None:
        """Back to full batches step by step: who was too busy for one may still be."""
        self.size = min(self.size * 2, BATCH)
        self._pause = FIRST_PAUSE
        self._was_busy = False

    def failed(self, error: Exception) -> float:
        """Seconds to wait: between half and all of a time that doubles."""
        is_busy = isinstance(error, SearchBusy)
        if is_busy:
            self.size = max(self.size // 2, 1)
            if not self._was_busy:
                # It answers again: how long it was away says nothing of how long it is busy.
                self._pause = FIRST_PAUSE
        self._was_busy = is_busy
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE)
        return self._chance(pause / 2, pause)


class IndexThread:
    """Start it after the fork of a serving process. A killed one loses nothing: the next start catches up. Without
    being woken it looks every `poll` seconds."""

    def __init__(self, indexer: Indexer, chance: Chance = random.uniform, poll: float = POLL_SECONDS) -> None:
        self._indexer = indexer
        self._poll = poll
        self._pace = Pace(chance)
        self._has_caught_up = False
        self._refused = 0
        self._woken = indexer.woken
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="index", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Cheap; call it after a commit that added jobs."""
        self._woken.set()

    def ask_to_stop(self) -> None:
        """After the batch in hand; what comes after that waits for the next start. Returns at once."""
        self._stopping.set()
        self._woken.set()

    def stop(self, timeout: float = STOP_SECONDS) -> None:
        """`ask_to_stop`, and wait for it."""
        self.ask_to_stop()
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self) -> None:
        is_failing = False
        while not self._stopping.is_set():
            try:
                self._apply()
            except Exception as error:
                self._tell(error)
                is_failing = True
                # Not for `wake`: every change would then be another try.
                self._stopping.wait(self._pace.failed(error))
                continue
            if is_failing:
                log.info("indexing goes on", engine=self._indexer.name)
                is_failing = False
            self._woken.wait(self._poll)
            self._woken.clear()

    def _apply(self) -> None:
        if not self._has_caught_up:
            # The start may have met an engine that did not answer, or one without an index: made up for here.
            self._indexer.prepare()
            self._has_caught_up = True
        while not self._stopping.is_set() and self._indexer.apply_pending(self._pace.size):
            self._pace.went_well()
            self._tell_refused()

    def _tell_refused(self) -> None:
        """An alarm when there are more dead letters than before."""
        refused = self._indexer.lag().refused
        if refused > self._refused:
            log.error("documents are refused", engine=self._indexer.name, dead_letters=refused)
        self._refused = refused

    def _tell(self, error: Exception) -> None:
        """Sentences of our own hold no input; of any other error only its name is told (safety.md V36)."""
        reason = str(error) if isinstance(error, KennisError) else type(error).__name__
        log.error("indexing waits", engine=self._indexer.name, reason=reason)
