"""Waiting for what another thread or process does."""

import time
from collections.abc import Callable

# A process may need this long on a busy machine.
PATIENCE = 60.0


def wait_until(is_so: Callable[[], bool], what: str = "what was waited for", seconds: float = PATIENCE) -> float:
    """How long it took."""
    start = time.monotonic()
    while not is_so():
        assert time.monotonic() - start < seconds, f"not in time: {what}"
        time.sleep(0.02)
    return time.monotonic() - start
