"""The extra detector deduce (LGPL-3.0-or-later), in a process of its own: it takes more than a gigabyte of memory.

Installed by hand: `pip install "kennis[deduce]"`. It starts in half a minute, and takes about five the first time, when
it builds its lists in its own folder. It knows lists of names and places, so it marks what has no cue beside it.
"""

from concurrent.futures import Future, ProcessPoolExecutor
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


class DeduceDetector:
    """Our own marks and those of deduce; to be closed, for it holds a process. One text at a time."""

    def __init__(self) -> None:
        if not is_installed():
            raise BadSetup(
                'De detector deduce is niet geïnstalleerd. Voer uit: pip install "kennis[deduce]"',
                'The detector deduce is not installed. Run: pip install "kennis[deduce]"',
            )
        self._own = Detector()
        self._worker = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))

    def scan(self, text: str) -> list[Mark]:
        marks = [Mark(_KINDS[tag], start, end, LIKELY) for tag, start, end in self._ask(text) if tag in _KINDS]
        return settled([*self._own.scan(text), *marks])

    def _ask(self, text: str) -> Found:
        asked: Future[Found | None] = self._worker.submit(_find, text)
        try:
            found = asked.result(timeout=LONGEST_WAIT)
        except (BrokenProcessPool, TimeoutError):
            found = None
        if found is None:
            raise BadSetup(
                "De detector deduce is gestopt. Start Kennis opnieuw, of gebruik de eigen detector.",
                "The detector deduce stopped. Start Kennis anew, or use our own detector.",
            ) from None
        return found

    def close(self) -> None:
        self._worker.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
