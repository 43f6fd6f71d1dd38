"""What a step needs to know of its surroundings: the moment, the address of the site, how the desk is staffed."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from kennis import clock


@dataclass(frozen=True)
class Context:
    """`has_single_editor` is the setting that lets the only editor publish a story he edited (content-model.md 7.1)."""

    now: datetime
    public_url: str
    has_single_editor: bool = False

    @cached_property
    def today(self) -> date:
        return clock.today(self.now)

    @cached_property
    def stamp(self) -> str:
        return clock.stamp(self.now)

    def stamp_for(self, *, only_day: bool) -> str:
        """Moments around a story are cut to the day: its hour could point to its writer (content-model.md 2)."""
        return f"{self.today.isoformat()}T00:00:00Z" if only_day else self.stamp
