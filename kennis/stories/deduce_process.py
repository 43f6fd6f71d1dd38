"""The extra detector deduce (LGPL-3.0-or-later), in a process of its own: it takes more than a gigabyte of memory.

Installed by hand: `pip install "kennis[deduce]"`. It starts in half a minute, and takes about five the first time, when
it builds its lists in its own folder. It knows lists of names and places, so it marks what has no cue beside it. CI
does not install it: what it marks (tests/unit/stories/test_privacy.py) is tested only where somebody did.
No setting chooses it yet: it waits for the desk where stories are moderated, which is to say which detector looks.
"""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from importlib.util import find_spec
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Self

from kennis.errors import BadSetup
from kennis.stories.marks import LIKELY, Kind, Mark, settled
from kennis.stories.privacy import Detector

# What it calls a number or a date is left to our own: it takes help numbers and account numbers for telephones.
_KINDS: dict[str, Kind] = {"persoon": "name", "patient": "name", "locatie": "address"}
# Longer than its very first start (seconds): guess.
LONGEST_WAIT = 900.0

Found = list[tuple[str, int, int]]


def is_installed() -> bool:
    return find_spec("deduce") is not None


@cache
def _deduce() -> Any:
    """Of the worker process, which lives as long as its detector."""
    import deduce

    return deduce.Deduce()


def _find(text: str) -> Found | None:
    """In the worker process. None instead of an error: what is raised there travels with the text in it (P6)."""
    try:
        return [(a.tag, a.start_char, a.end_char) for a in _deduce().deidentify(text).annotations]
    except Exception:
        return None


class Worker:
    """A function in a process of its own, one text at a time. When it takes longer than it may, the process is ended:
    nobody waits for it, not even who closes this."""

    def __init__(self, find: Callable[[str], Found | None]) -> None:
        self._find = find
        self._has_hung = False
        self._pool = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
        self._pid = self._pool.submit(os.getpid)

    def ask(self, text: str, longest_wait: float = LONGEST_WAIT) -> Found | None:
        """None when nothing is known of the text: it failed, took too long, or there is no process any more."""
        try:
            return self._pool.submit(self._find, text).result(timeout=longest_wait)
        except BrokenProcessPool:
            return None
        except TimeoutError:
            self._has_hung = True
            self._end()
            return None

    def _end(self) -> None:
        if self._pid.done() and self._pid.exception() is None:
            os.kill(self._pid.result(), signal.SIGTERM)

    def close(self) -> None:
        self._pool.shutdown(wait=not self._has_hung, cancel_futures=True)


class DeduceDetector:
    """Our own marks and those of deduce; to be closed, for it holds a process."""

    def __init__(self) -> None:
        if not is_installed():
            raise BadSetup(
                'De detector deduce is niet geïnstalleerd. Voer uit: pip install "kennis[deduce]"',
                'The detector deduce is not installed. Run: pip install "kennis[deduce]"',
            )
        self._own = Detector()
        self._worker = Worker(_find)

    def scan(self, text: str) -> list[Mark]:
        marks = [Mark(_KINDS[tag], start, end, LIKELY) for tag, start, end in self._ask(text) if tag in _KINDS]
        return settled([*self._own.scan(text), *marks])

    def _ask(self, text: str) -> Found:
        found = self._worker.ask(text)
        if found is None:
            raise BadSetup(
                "De detector deduce geeft geen antwoord. Sluit hem en begin een nieuwe, of gebruik de eigen detector.",
                "The detector deduce gives no answer. Close it and begin a new one, or use our own detector.",
            )
        return found

    def close(self) -> None:
        self._worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
