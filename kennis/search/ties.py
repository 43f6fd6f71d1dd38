"""The order among equal scores, decided once for both engines: by id, after rounding (port.py)."""

from collections.abc import Sequence

from kennis.search.port import Found

# Hits fetched beyond the page, so that ties at its end are seen; the group of a longer tie is fetched whole (guess).
MARGIN = 20


def tie_begins(scores: Sequence[float], at: int) -> int:
    """Where the run of equal scores around position `at` begins."""
    while 0 < at < len(scores) and scores[at] == scores[at - 1]:
        at -= 1
    return at


def tie_ends(scores: Sequence[float], at: int) -> int:
    """Where the run of equal scores that holds the position before `at` has ended."""
    while 0 < at < len(scores) and scores[at] == scores[at - 1]:
        at += 1
    return at


def page_of(
    scores: Sequence[float], ids: Sequence[str], first: int, limit: int, *, starts_whole: bool, ends_whole: bool
) -> tuple[Found, ...] | None:
    """The page from position `first` of a part of all hits, by rounded score and id; None when a tie runs over an
    edge of the part that is not the edge of all hits."""
    if not scores:
        return () if ends_whole else None
    end = first + limit
    begin = tie_begins(scores, min(first, len(scores)))
    stop = tie_ends(scores, end) if end < len(scores) else len(scores)
    if (begin == 0 and not starts_whole) or (stop == len(scores) and not ends_whole):
        return None
    group = sorted(range(begin, stop), key=lambda n: (-scores[n], ids[n]))
    return tuple(Found(ids[n], scores[n]) for n in group[first - begin : end - begin])
