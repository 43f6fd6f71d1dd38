"""What a server does beside answering: keep the index, and once a day what depends on the day.

All processes start this thread; a lock of the kernel lets one of them work. When that one ends, also by kill -9,
the next takes over.
"""

import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from kennis import clock
from kennis.cli.opening import context
from kennis.content import refreshing
from kennis.errors import KennisError
from kennis.installation import Kennis
from kennis.search.background import IndexThread

# How often it looks whether another day has begun, and whether its turn has come (guesses).
LOOK_SECONDS = 60.0
TURN_SECONDS = 1.0
LOCK = "duties.lock"

log = logging.getLogger(__name__)


class Duties:
    def __init__(self, kennis: Kennis) -> None:
        self._kennis = kennis
        self._index = IndexThread(kennis.indexer)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="duties", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Lets the batch in hand finish."""
        self._stopping.set()
        self._thread.join(LOOK_SECONDS)

    def _run(self) -> None:
        with _turn(self._kennis.config.data_dir, self._stopping) as is_ours:
            if not is_ours:
                return
            self._index.start()
            done: date | None = None
            while not self._stopping.is_set():
                done = self._refresh(done)
                self._stopping.wait(LOOK_SECONDS)
            self._index.stop()

    def _refresh(self, done: date | None) -> date | None:
        """The day for which it was done. A failure is told and tried again at the next look."""
        today = clock.today()
        if done == today:
            return done
        try:
            refreshing.refresh(self._kennis.store, context(self._kennis.config))
        except KennisError as error:
            log.error("the daily refresh waits: %s", error)
            return done
        except Exception:
            log.exception("the daily refresh failed")
            return done
        self._index.wake()
        return today


@contextmanager
def _turn(folder: Path, stopping: threading.Event) -> Iterator[bool]:
    """Wait until no other process of this installation has the duties; False when this one stops before that."""
    folder.mkdir(parents=True, exist_ok=True)
    file = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while not _locked(file):
            if stopping.wait(TURN_SECONDS):
                yield False
                return
        yield True
    finally:
        os.close(file)


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
