"""An engine of which every search is timed; what is measured has no word of the search in it."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from kennis.search.port import (
    Alone,
    Build,
    Condition,
    EngineStatus,
    Refused,
    SearchEngine,
    SearchRequest,
    SearchResult,
    Write,
)

# Name of the engine, seconds, whether it answered.
Observe = Callable[[str, float, bool], None]


class Measured:
    """Fulfils the protocol by another engine."""

    def __init__(self, inner: SearchEngine, observe: Observe) -> None:
        self._inner = inner
        self._observe = observe

    @property
    def name(self) -> str:
        return self._inner.name

    def search(self, request: SearchRequest) -> SearchResult:
        begun, has_answered = time.perf_counter(), False
        try:
            result = self._inner.search(request)
            has_answered = True
        finally:
            self._observe(self.name, time.perf_counter() - begun, has_answered)
        return result

    def terms(self, field: str, excluded: Sequence[Condition]) -> dict[str, int]:
        return self._inner.terms(field, excluded)

    def versions(self) -> dict[str, int]:
        return self._inner.versions()

    def refresh(self) -> None:
        self._inner.refresh()

    def writing(self) -> AbstractContextManager[None]:
        return self._inner.writing()

    def write(self, batch: Sequence[Write]) -> Refused:
        return self._inner.write(batch)

    def mend(self, batch: Sequence[Write]) -> Refused:
        return self._inner.mend(batch)

    def rebuild(self, fill: Build, finish: Build, *, keep_previous: bool, alone: Alone | None = None) -> None:
        self._inner.rebuild(fill, finish, keep_previous=keep_previous, alone=alone)

    def roll_back(self) -> bool:
        return self._inner.roll_back()

    def status(self) -> EngineStatus:
        return self._inner.status()

    def close(self) -> None:
        self._inner.close()
