"""How database and index differ, and what the index refused on the way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kennis.errors import BadSetup
from kennis.search.port import Refused, Write

# A new index may lack so many documents, or this share when that is more: then they are odd, and not the index (guess).
FEW_REFUSED, FEW_OF = 10, 100


@dataclass(frozen=True, slots=True)
class Drift:
    """Ids that differ between database and index: not in it, in it in another version, in it without reason, and
    not in it because the engine refuses them (dead letters)."""

    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    orphan: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.orphan or self.refused)


def compare(
    expected: Mapping[str, int], held: Mapping[str, int], waiting: Iterable[str], refused: Iterable[str]
) -> Drift:
    """What waits in the outbox is no drift."""
    skipped, known = frozenset(waiting), frozenset(refused)
    return Drift(
        missing=tuple(sorted(expected.keys() - held.keys() - skipped - known)),
        stale=tuple(sorted(i for i in expected.keys() & held.keys() - skipped if expected[i] != held[i])),
        orphan=tuple(sorted(held.keys() - expected.keys() - skipped)),
        refused=tuple(sorted(known - skipped)),
    )


def require_fit(drift: Drift, size: int) -> None:
    """BadSetup when a new index is not right. A few documents that are refused do not hold up all others."""
    counts = (len(drift.missing), len(drift.stale), len(drift.orphan), len(drift.refused))
    if not any(counts[:3]) and counts[3] <= max(FEW_REFUSED, size // FEW_OF):
        return
    raise BadSetup(
        "De nieuwe zoekindex is niet gelijk aan de database ({} ontbreken, {} verouderd, {} te veel, {} geweigerd) en "
        "is weggegooid; de oude blijft. Draai opnieuw: kennis index rebuild".format(*counts),
        "The new index differs from the database ({} missing, {} stale, {} orphan, {} refused) and was removed; the "
        "old one stays. Run again: kennis index rebuild".format(*counts),
    )


class Refusals:
    """Which version was written last of each entry, and why it was refused if it was."""

    def __init__(self) -> None:
        self.versions: dict[str, int] = {}
        self.reasons: dict[str, str] = {}

    def note(self, writes: Sequence[Write], refused: Refused) -> None:
        for write in writes:
            self.reasons.pop(write.id, None)
            self.versions[write.id] = write.version
        self.reasons.update(refused)
