"""A new index that is filled while entries are being stored: what goes wrong with the one does not stop the other."""

from collections.abc import Callable, Sequence

from kennis.content.derived import Worked
from kennis.content.loading import Stored

# Stores entries, and calls what it is given with the new ones of each batch after its commit.
Feed = Callable[[Stored], None]


class Unfed(Exception):
    """What the feed itself raised, carried past those who put faults of an engine in words."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


def take(feed: Feed, put: Stored) -> None:
    """Everything is stored, also when the index fails half-way: that is raised at the end. Unfed when storing fails."""
    faults: list[Exception] = []

    def hand(stored: Sequence[Worked]) -> None:
        if faults:
            return
        try:
            put(stored)
        except Exception as error:
            faults.append(error)

    try:
        feed(hand)
    except Exception as error:
        raise Unfed(error) from error
    if faults:
        raise faults[0]
