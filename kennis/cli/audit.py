"""`kennis audit`: the trail of what was done, refused and failed."""

from datetime import date
from typing import Any

import click

from kennis.access import accounts
from kennis.access import audit as trails
from kennis.cli.days import DAY
from kennis.cli.opening import database
from kennis.cli.output import print_json, print_table
from kennis.store.models import Audit


@click.command()
@click.option("--subject", default=None, metavar="ID", help="Only what was about this entry, account or key.")
@click.option("--actor", default=None, metavar="EMAIL|ID", help="Only what this account did or tried.")
@click.option("--operation", default=None, metavar="NAME", help="Only this step, such as publish or log_in.")
@click.option("--outcome", type=click.Choice(trails.OUTCOMES), default=None, help="Only what ended so.")
@click.option("--since", type=DAY, default=None, help="Only from this day on (UTC).")
@click.option("--limit", "most", type=click.IntRange(1), default=100, show_default=True, help="At most so many lines.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON document per line instead of a table.")
def audit(actor: str | None, since: date | None, most: int, as_json: bool, **wanted: str | None) -> None:
    """Show who did what, and who tried to. Toon wie wat deed of probeerde, het nieuwste eerst.

    Ids and codes only, never content. Of stories only the day is known. A failed login is of `nobody`.
    """
    with database() as (_, store), store.reading() as session:
        actor_id = accounts.named(session, actor).id if actor and "@" in actor else actor
        rows = trails.trail(
            session, subject_id=wanted["subject"], actor_id=actor_id, operation=wanted["operation"],
            outcome=wanted["outcome"], since=since, most=most,
        )  # fmt: skip
    if not as_json:
        print_table([(r.at, r.outcome, r.operation, r.actor_id, r.subject_id, r.detail or "") for r in rows])
        return
    for row in rows:
        print_json(_shown(row), pretty=False)


def _shown(row: Audit) -> dict[str, Any]:
    return {
        "at": row.at,
        "actorId": row.actor_id,
        "operation": row.operation,
        "subjectId": row.subject_id,
        "outcome": row.outcome,
        "detail": row.detail,
    }
