"""Threads that do a part of a search beside the one that answers: as many as there are processors."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Threads:
    """Begin at the first work, in the process that has it: a fork copies no threads."""

    def __init__(self) -> None:
        self._held: tuple[int, ThreadPoolExecutor] | None = None
        self._making = threading.Lock()

    def submit(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> Future[T]:
        """What may be cancelled as long as nobody has begun with it; nobody does once the threads were closed."""
        try:
            return self._pool().submit(work, *args, **named)
        except RuntimeError:
            return Future()

    def _pool(self) -> ThreadPoolExecutor:
        held = self._held
        if held is not None and held[0] == os.getpid():
            return held[1]
        with self._making:
            if self._held is None or self._held[0] != os.getpid():
                pool = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="search")
                self._held = (os.getpid(), pool)
            return self._held[1]

    def close(self) -> None:
        """Threads end once their work is done; a later search begins new ones."""
        held, self._held = self._held, None
        if held is not None and held[0] == os.getpid():
            held[1].shutdown(wait=False, cancel_futures=True)
