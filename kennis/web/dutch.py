"""Dates, numbers and ages as Dutch readers write them: 21 november 2026, 1.234 (safety.md A12)."""

from datetime import date, datetime

from kennis import clock

MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip


def day(value: str | date) -> str:
    """A day, or the day in the Netherlands of a moment such as `2026-11-20T23:30:00Z`."""
    if isinstance(value, str):
        value = clock.today(datetime.fromisoformat(value)) if "T" in value else date.fromisoformat(value)
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def partial_day(value: str) -> str:
    """As exact as it is known: `2016`, `september 2016` or `1 september 2016`."""
    if len(value) == len("2016"):
        return value
    if len(value) == len("2016-09"):
        return f"{MONTHS[int(value[5:7]) - 1]} {value[:4]}"
    return day(value)


def moment(value: str) -> str:
    """A moment in Dutch time: `4 maart 2027, 09.30 uur`."""
    local = datetime.fromisoformat(value).astimezone(clock.netherlands())
    return f"{day(local.date())}, {local:%H.%M} uur"


def number(value: float) -> str:
    """`1.234` and `0,5`."""
    whole = f"{value:,}" if isinstance(value, int) or not value.is_integer() else f"{int(value):,}"
    return whole.translate(str.maketrans(",.", ".,"))


def ages(least: int | None, limit: int | None) -> str:
    """The span as a reader counts it: `limit` is the first age that no longer belongs to it (content-model.md 5.2)."""
    if least is None and limit is None:
        return ""
    start = least if least is not None else -1
    if limit is None:
        return "alle leeftijden" if start < 0 else f"vanaf {start} jaar"
    if start < 0:
        return f"zwangerschap tot {limit} jaar" if limit > 0 else "zwangerschap"
    return f"{start} jaar" if limit == start + 1 else f"{start} tot en met {limit - 1} jaar"


def capitalize_first(text: str) -> str:
    """The first letter large and the rest as it was, unlike `str.capitalize`."""
    return text[:1].upper() + text[1:]
