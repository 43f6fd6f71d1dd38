"""A day as an option of a command."""

from datetime import date

import click

from kennis import clock


class Day(click.ParamType[date]):
    """`2026-11-24` and nothing else, so that day and month are never swapped."""

    name = "yyyy-mm-dd"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return clock.day(value)
        except ValueError:
            self.fail(f"{value!r} is geen dag / is not a day; example: 2026-11-24.", param, ctx)


DAY = Day()
