"""An engine that fails when it is told to, over one that works. Fulfils the protocol."""

from collections.abc import Callable, Sequence
from pathlib import Path

from kennis.errors import SearchBusy, SearchUnavailable
from kennis.search.analysis import ANALYSIS_VERSION
from kennis.search.embedded import EmbeddedEngine
from kennis.search.mapping import mapping
from kennis.search.port import (
    Alone,
    Build,
    EngineStatus,
    FreshIndex,
    IndexDocument,
    Refused,
    Removal,
    SearchRequest,
    SearchResult,
    Write,
)

WHY = "mapper_parsing_exception: published"


class FaultyEngine(EmbeddedEngine):
    """`is_down`: answers and takes nothing. `refuses`: ids it will never take. `most`: writes it takes at once.
    `once_rebuilt`: what others do between the switch to a new index and the end of the rebuild."""

    name = "faulty"  # type: ignore[assignment]  # its own place in the outbox

    def __init__(self, path: Path) -> None:
        super().__init__(path, mapping(), ANALYSIS_VERSION)
        self.is_down = False
        self.refuses: set[str] = set()
        self.most = 1_000_000
        self.asked = 0
        self.sizes: list[int] = []
        self.once_rebuilt: Callable[[], object] = lambda: None

    def search(self, request: SearchRequest) -> SearchResult:
        self.asked += 1
        if self.is_down:
            raise SearchUnavailable()
        return super().search(request)

    def status(self) -> EngineStatus:
        if self.is_down:
            return EngineStatus(self.name, False, 0, "", "", "", "weg", "gone", is_down=True)
        return super().status()

    def write(self, batch: Sequence[Write]) -> Refused:
        self.sizes.append(len(batch))
        if self.is_down:
            raise SearchUnavailable()
        if len(batch) > self.most:
            raise SearchBusy()
        super().write(self.accepted(batch))
        return self.refusals(batch)

    def mend(self, batch: Sequence[Write]) -> Refused:
        super().mend(self.accepted(batch))
        return self.refusals(batch)

    def rebuild(self, fill: Build, finish: Build, *, keep_previous: bool, alone: Alone | None = None) -> None:
        super().rebuild(
            lambda fresh: fill(Picky(self, fresh)),
            lambda fresh: finish(Picky(self, fresh)),
            keep_previous=keep_previous,
            alone=alone,
        )
        self.once_rebuilt()

    def accepted(self, batch: Sequence[Write]) -> list[Write]:
        return [Removal(w.id, w.version) if w.id in self.refusals(batch) else w for w in batch]

    def refusals(self, batch: Sequence[Write]) -> dict[str, str]:
        return {w.id: WHY for w in batch if w.id in self.refuses and isinstance(w, IndexDocument)}


class Picky:
    """A new index of the faulty engine."""

    def __init__(self, engine: FaultyEngine, fresh: FreshIndex) -> None:
        self._engine = engine
        self._fresh = fresh

    def write(self, batch: Sequence[Write]) -> Refused:
        self._fresh.write(self._engine.accepted(batch))
        return self._engine.refusals(batch)

    def versions(self) -> dict[str, int]:
        return self._fresh.versions()
