"""Calendar sums on ISO dates, as content-model.md counts them."""

import calendar
from datetime import date
from functools import lru_cache

# Many entries are checked on one day (guess).
REMEMBERED_SUMS = 4_096


def first_day(partial: str) -> str:
    """The ISO date that a partial date (`2016`, `2016-09`) counts as in comparisons."""
    return partial + "-01-01"[len(partial) - 4 :] if len(partial) < 10 else partial


@lru_cache(maxsize=REMEMBERED_SUMS)
def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last of a shorter month: 31 August and 6 months is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
