"""From which day an entry is stale and from which it is expired, and when its answers change (content-model.md 5.5)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from kennis import clock
from kennis.content.kinds import KINDS, Kind, Limit, is_expired
from kennis.content.lifecycle import ARCHIVED, PUBLISHED
from kennis.content.views import EntryView

# The archive reason of what nobody looked at for too long.
NOT_CHECKED = "not-checked"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ends:
    """First days; None is never. Of a kind whose check date counts, an entry that nobody checked is both already."""

    stale_from: date | None
    expired_from: date | None


def ends(view: EntryView, leading: Mapping[str, Any] | None) -> Ends:
    """`leading` is the leading recognition, whose end makes an assessed entry expired."""
    kind = KINDS[view.kind]
    return Ends(_reached(view, kind.stale), _expired_from(view, kind, leading))


def has_left(kind: str, status: str, checked_at: str | None, today: date) -> bool:
    """Whether the day alone has put a published entry out of every answer. The daily job archives it; until it has
    been, readers take it for archived all the same: an old number must not depend on a job."""
    if status != PUBLISHED or not KINDS[kind].is_hidden_when_expired:
        return False
    return checked_at is None or is_expired(kind, checked_at, today)


def as_read(view: EntryView, today: date) -> EntryView:
    """The view as readers may have it on this day."""
    if has_left(view.kind, view.status, view.checked_at, today):
        return replace(view, status=ARCHIVED, archive_reason=NOT_CHECKED)
    return view


def _reached(view: EntryView, limit: Limit | None) -> date | None:
    if limit is None:
        return None
    since = view.checked_at if limit.since == "checkedAt" else view.review_due
    if since is not None:
        return limit.after(date.fromisoformat(since))
    # Without a date nobody has looked: where help depends on it that is as bad as looking long ago.
    return date.min if limit.since == "checkedAt" else None


def _expired_from(view: EntryView, kind: Kind, leading: Mapping[str, Any] | None) -> date | None:
    if kind.is_assessed:
        until = leading.get("validUntil") if leading else None
        return date.fromisoformat(until) + _DAY if until else None
    return _reached(view, kind.expired)


def last_day(session: Mapping[str, Any]) -> date:
    """The day in the Netherlands on which a session ends: it is shown through that day."""
    return clock.today(datetime.fromisoformat(session.get("endsAt", session["startsAt"])))


def coming(sessions: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """Sessions that are not over."""
    return [session for session in sessions if last_day(session) >= today]


def holds_until(view: EntryView, found: Ends, today: date) -> date | None:
    """The first day after today on which anything worked out may differ; a day too early does no harm."""
    return min((day for day in _turning_days(view, found) if day > today), default=None)


def _turning_days(view: EntryView, found: Ends) -> Iterator[date]:
    if found.stale_from is not None:
        yield found.stale_from
    if found.expired_from is not None:
        yield found.expired_from
    for recognition in view.content.get("recognitions", ()):
        if "validUntil" in recognition:
            yield date.fromisoformat(recognition["validUntil"]) + _DAY
    for session in view.content.get("sessions", ()):
        yield last_day(session) + _DAY
