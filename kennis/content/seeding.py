"""Loading `seed/` into a database: what is missing is made, what the seed made before is brought up to date.

What people changed since is left alone. All of it, or nothing: a broken file leaves the database as it was.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis import resources
from kennis.content import exchange, kinds, seed_files
from kennis.content.arrivals import Loading
from kennis.content.context import Context
from kennis.content.documents import CHECKED_AT
from kennis.content.exchange import BATCH, Progress, Report, Transaction, silent
from kennis.content.loading import Loader
from kennis.content.mentions import EDITORS
from kennis.content.publishing import keeps_check_date
from kennis.content.seed_files import Seed, SeedDocument
from kennis.errors import BadSetup
from kennis.store import Store
from kennis.store.models import Organisation

ACCOUNT = "seed"


def seed(
    store: Store,
    context: Context,
    *,
    folder: Path | None = None,
    checked_on: date | None = None,
    checked_by: str = EDITORS,
    progress: Progress = silent,
) -> Report:
    """`checked_on`: the day on which `checked_by` (slug or id of an organisation, or `editors`) looked at the pages
    of the providers; without it what asks for that is loaded as archived, and a later run publishes it."""
    files = seed_files.read(folder or resources.path("seed"))
    if checked_on is not None:
        require_recent(checked_on, context.today)
    report = Report()
    with store.transaction() as session:
        who = _who(session, files, checked_by)
        loader = Loader(Loading(ACCOUNT, checked_on, who, only_ours=True), context)
        _load(session, files, loader, report, progress)
    return report


def require_recent(checked_on: date, today: date) -> None:
    """A check is worth what its day is worth: the strictest kind decides (content-model.md 7.1)."""
    if checked_on > today:
        raise BadSetup(
            f"De controledatum {checked_on} moet nog komen; geef een dag tot en met vandaag.",
            f"The check date {checked_on} is still to come; give a day up to today.",
        )
    for kind in kinds.KINDS.values():
        if not keeps_check_date(kind.code):
            continue
        for problem in kinds.publishing_problems(kind.code, {}, checked_at=checked_on.isoformat(), today=today):
            if problem.pointer == f"/{CHECKED_AT}":
                raise BadSetup(
                    f"De controledatum {checked_on} is te oud. {problem.message.nl} Kijk opnieuw en geef die dag.",
                    f"The check date {checked_on} is too old. {problem.message.en} Look again and give that day.",
                )


def _who(session: Session, files: Seed, checked_by: str) -> str:
    if checked_by == EDITORS:
        return EDITORS
    known = files.organisation_ids.get(checked_by) or session.scalar(
        select(Organisation.id).where((Organisation.slug == checked_by) | (Organisation.id == checked_by))
    )
    if known is None and checked_by not in files.organisation_ids.values():
        raise BadSetup(
            f"De organisatie {checked_by} bestaat niet; geef een slug, een id of {EDITORS}.",
            f"There is no organisation {checked_by}; give a slug, an id or {EDITORS}.",
        )
    return known or checked_by


def _load(session: Session, files: Seed, loader: Loader, report: Report, progress: Progress) -> None:
    documents = [*files.organisations, *files.entries]
    transaction = _savepoints(session)
    numbered = list(enumerate(documents))
    cuts = [len(files.organisations), *range(len(files.organisations) + BATCH, len(documents), BATCH), len(documents)]
    start = 0
    for end in cuts:
        exchange.store_batch(loader, transaction, report, [(n, d.body) for n, d in numbered[start:end]])
        _require_sound(documents, report)
        report.lines = start = end
        progress(end)
    exchange.tie_up(loader, transaction, report)
    _require_sound(documents, report)


def _savepoints(session: Session) -> Transaction:
    @contextmanager
    def savepoint() -> Iterator[Session]:
        with session.begin_nested():
            yield session

    return savepoint


def _require_sound(documents: list[SeedDocument], report: Report) -> None:
    problems = [*report.problems, *report.untied]
    if problems:
        first = problems[0]
        raise seed_files.blame(documents[first.line], first.problem)
