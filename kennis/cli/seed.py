"""`kennis seed`: the content to start with."""

from datetime import date

import click

from kennis.cli.days import DAY
from kennis.cli.opening import context, database
from kennis.cli.output import Progress, progress
from kennis.cli.reporting import show_report
from kennis.content import exchange, seeding
from kennis.content.context import Context
from kennis.content.exchange import Report
from kennis.content.mentions import EDITORS
from kennis.store import Store


@click.command()
@click.option("--checked-on", type=DAY, default=None, help="Day on which somebody looked at the providers' pages.")
@click.option("--checked-by", default=EDITORS, show_default=True, metavar="ORGANISATION",
              help="Who looked: slug or id of an organisation.")  # fmt: skip
def seed(checked_on: date | None, checked_by: str) -> None:
    """Load the content that comes with Kennis; all of it or nothing. Laad de inhoud die bij Kennis zit.

    Without --checked-on, trainings and help offers are loaded as archived (not-checked), for nobody has looked yet; a
    later run with a date publishes them. What people changed since is left alone. An empty database gets its tables
    first.
    """
    with database(make=True) as (config, store):
        report = load(store, context(config), checked_on, checked_by)
    show_report(report)


def load(store: Store, now: Context, checked_on: date | None, checked_by: str) -> Report:
    """With a bar on a terminal; `kennis demo` loads this way too."""
    with progress("Inhoud laden", "Loading content") as shown:
        return seeding.seed(store, now, checked_on=checked_on, checked_by=checked_by, progress=_steps(shown))


def _steps(shown: Progress) -> exchange.Progress:
    return lambda lines: shown(lines, lines)
