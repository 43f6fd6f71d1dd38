"""The thread of a serving process that applies the outbox: woken after each change, and now and then by itself."""

import logging
import threading

from kennis.errors import KennisError
from kennis.search.indexing import Indexer

# Changes of other processes are seen after so many seconds (guess).
POLL_SECONDS = 2.0
# After a failure it waits longer each time, at most so long (guesses).
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0

log = logging.getLogger(__name__)


class IndexThread:
    """Start it after the fork of a serving process. A killed one loses nothing: the next start catches up."""

    def __init__(self, indexer: Indexer) -> None:
        self._indexer = indexer
        self._woken = threading.Event()
        self._is_stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="index", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Cheap; call it after a commit that added jobs."""
        self._woken.set()

    def stop(self, timeout: float = 10.0) -> None:
        """Lets the batch in hand finish."""
        self._is_stopping = True
        self._woken.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._is_stopping:
            try:
                self._indexer.apply_all()
                pause = FIRST_PAUSE
                self._woken.wait(POLL_SECONDS)
            except KennisError as error:
                log.error("indexing waits: %s", error)
                self._woken.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception:
                # The outbox keeps what could not be applied; the site goes on answering.
                log.exception("indexing failed")
                self._woken.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            self._woken.clear()
