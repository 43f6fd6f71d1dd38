"""`kennis review`: what has to be looked at again, for who has no mail or wants to see what the mail will say."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import click

from kennis import clock
from kennis.access import accounts
from kennis.cli.days import DAY
from kennis.cli.opening import database
from kennis.cli.output import print_json, say
from kennis.content import reminding
from kennis.content.kinds import KINDS
from kennis.content.reminding import Found

# As wide as the longest day, cause, kind and id; titles and addresses are free.
_WIDTHS = (10, 27, 12, 36)


@click.group()
def review() -> None:
    """Review: what has to be checked, and by whom. De controle."""


@review.command()
@click.option("--on", "day", type=DAY, default=None, help="As it will be on this day, if nobody does anything; today.")
@click.option("--for", "who", default=None, metavar="EMAIL|ID", help="Only what this account is reminded of.")
@click.option("--format", "form", type=click.Choice(("table", "ndjson")), default="table", show_default=True,
              help="A table, or one JSON object a line.")  # fmt: skip
def due(day: date | None, who: str | None, form: str) -> None:
    """List what is due: check dates, recognitions, follow-ups, review tracks, what came back. Toon wat aandacht vraagt.

    A line is the day since when, the cause, kind, id and title of the entry, and the addresses of who is told. Of a
    story the title is not shown. In the order of ids, while it is found: there may be many.
    """
    number = 0
    with database() as (_, store):
        with store.reading() as session:
            addresses = {account.id: account.email for account in accounts.all_accounts(session)}
            account_id = accounts.named(session, who).id if who is not None else None
        for found in reminding.find(store, day or clock.today()):
            if account_id is None or account_id in found.told:
                _show(found, addresses, form)
                number += 1
    if form == "table" and not number:
        say("Er is niets aan controle toe.", "Nothing is due.")


def _show(found: Found, addresses: Mapping[str, str], form: str) -> None:
    facts, told = found.facts, [addresses[account_id] for account_id in found.told if account_id in addresses]
    title = None if KINDS[facts.kind].is_entrusted else facts.content["title"]
    day = found.due.due_on.isoformat()
    if form == "ndjson":
        line: dict[str, Any] = {"dueOn": day, "about": found.due.about, "id": facts.id, "kind": facts.kind}
        print_json({**line, "title": title, "for": told}, pretty=False)
        return
    cells = (day, found.due.about, facts.kind, facts.id)
    fixed = (cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True))
    click.echo("  ".join([*fixed, title or "-", ", ".join(told) or "-"]))
