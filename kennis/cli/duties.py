"""What a server does beside answering: keep the index, send mail, and once a day do what depends on the day.

All processes start this thread; a lock of the kernel lets one of them work. When that one ends, also by kill -9,
the next takes over.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from kennis import clock, logs
from kennis.cli import post
from kennis.cli.opening import context
from kennis.content import refreshing
from kennis.errors import KennisError
from kennis.installation import Kennis
from kennis.search.background import STOP_SECONDS, IndexThread

# How often it looks whether another day has begun, and whether its turn has come (guesses).
LOOK_SECONDS = 60.0
TURN_SECONDS = 1.0
LOCK = "duties.lock"
# Who searches may miss a change for so long before it is an alarm (guess).
LATE_SECONDS = 300

log = logs.Log(__name__)


class Duties:
    def __init__(self, kennis: Kennis) -> None:
        self._kennis = kennis
        self._threads = [IndexThread(indexer) for indexer in kennis.indexers]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="duties", daemon=True)

    def start(self) -> None:
        """Beside what the process does otherwise."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Returns at once."""
        self._stopping.set()

    def stop(self) -> None:
        """Lets the batch in hand finish."""
        self.ask_to_stop()
        self._thread.join(STOP_SECONDS)

    def run(self) -> None:
        """Until it is asked to stop; waits first while another process has the duties."""
        with _turn(self._kennis.config.data_dir, self._stopping) as is_ours:
            if not is_ours:
                return
            for thread in self._threads:
                thread.start()
            done: date | None = None
            while not self._stopping.is_set():
                done = self._refresh(done)
                self._look_at_lag()
                post.send(self._kennis, self._stopping.is_set)
                self._stopping.wait(LOOK_SECONDS)
            for thread in self._threads:
                thread.ask_to_stop()
            for thread in self._threads:
                thread.stop()

    def _refresh(self, done: date | None) -> date | None:
        """The day for which it was done. A failure is told and tried again at the next look."""
        today = clock.today()
        if done == today:
            return done
        try:
            is_mailing = bool(self._kennis.config.smtp_url)
            refreshing.refresh(self._kennis.store, context(self._kennis.config), is_mailing=is_mailing)
        except KennisError as error:
            log.error("the daily refresh waits", reason=str(error))
            return done
        except Exception as error:
            log.error("the daily refresh failed", **logs.places(error))
            return done
        for thread in self._threads:
            thread.wake()
        return today

    def _look_at_lag(self) -> None:
        """An alarm at every look for as long as it lasts."""
        for indexer in self._kennis.indexers:
            try:
                lag = indexer.lag()
            except KennisError as error:
                log.error("the outbox cannot be read", reason=str(error))
                return
            if lag.seconds > LATE_SECONDS:
                log.error("the index is late", engine=indexer.name, jobs=lag.waiting, seconds=lag.seconds)


@contextmanager
def _turn(folder: Path, stopping: threading.Event) -> Iterator[bool]:
    """Wait until no other process of this installation has the duties; False when this one stops before that."""
    folder.mkdir(parents=True, exist_ok=True)
    file = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        is_told = False
        while not _locked(file):
            if not is_told:
                log.info("standing by", reason="another process keeps the index")
                is_told = True
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
