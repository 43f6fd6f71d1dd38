"""The bare connections of a reader: one per thread, closed all together."""

import threading
import time
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    def close(self) -> None: ...


C = TypeVar("C", bound=Closable)


class Held(Generic[C]):
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opened: list[C] = []
        self._local = threading.local()

    def mine(self, seconds: float | None = None) -> C | None:
        """That of this thread; one that was kept for longer than so many seconds is closed and forgotten."""
        kept: tuple[C, float] | None = getattr(self._local, "kept", None)
        if kept is None:
            return None
        if seconds is None or time.monotonic() - kept[1] < seconds:
            return kept[0]
        self.forget(kept[0])
        return None

    def keep(self, connection: C) -> C:
        with self._lock:
            self._opened.append(connection)
        self._local.kept = (connection, time.monotonic())
        return connection

    def forget(self, connection: C) -> None:
        """Closed; the next time this thread has none."""
        with self._lock:
            if connection in self._opened:
                self._opened.remove(connection)
        self._local.kept = None
        connection.close()

    def close(self) -> None:
        with self._lock:
            opened, self._opened = self._opened, []
        for connection in opened:
            connection.close()
        self._local = threading.local()
