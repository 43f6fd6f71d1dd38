"""What time it is. Domain functions take the moment as an argument; only surfaces and commands ask here."""

import re
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@cache
def netherlands() -> ZoneInfo:
    return ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """The moment in UTC, cut to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def today(moment: datetime | None = None) -> date:
    """The calendar day in the Netherlands, on which every date-only rule of Kennis counts (content-model.md 1)."""
    return (moment or now()).astimezone(netherlands()).date()


def day(text: str) -> date:
    """`2026-03-01`; ValueError for any other form. Python's own reader also takes `2026-W09-7`, and `20260301`
    with two characters behind it that it drops."""
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def moment(text: str) -> datetime:
    """Of a stamp, in UTC."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")


def stamp(moment: datetime) -> str:
    """A moment as it is stored and sent: `2026-03-01T09:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
