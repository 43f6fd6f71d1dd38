"""How the outcome of an import or of seeding is told."""

from kennis.cli.output import say, tell
from kennis.content.exchange import Report
from kennis.content.loading import Counts
from kennis.content.tying import LineProblem


def show_report(report: Report, *, dry_run: bool = False) -> bool:
    """Problems on stderr, one per line, numbers on stdout; whether there was any problem."""
    for found in [*report.problems, *report.untied]:
        tell(*_problem(found))
    if dry_run:
        say("Proef: er is niets opgeslagen.", "Dry run: nothing was stored.")
    say(*_numbers("Organisaties", "Organisations", report.organisations))
    say(*_numbers("Items", "Entries", report.entries))
    if report.problems:
        tell(
            f"Fouten: {len(report.problems)}. De groepen regels waarin ze staan zijn niet opgeslagen.",
            f"Faults: {len(report.problems)}. The batches of lines that hold them were not stored.",
        )
    if report.untied:
        tell(
            f"Verwijzingen die niet konden: {len(report.untied)}. De items zelf zijn wel opgeslagen.",
            f"Links that could not be made: {len(report.untied)}. The entries themselves were stored.",
        )
    return bool(report.problems or report.untied)


def _numbers(nl: str, en: str, counts: Counts) -> tuple[str, str]:
    new, changed, same, left = counts.created, counts.updated, counts.unchanged, counts.kept
    return (
        f"{nl}: {new} nieuw, {changed} bijgewerkt, {same} gelijk, {left} met rust gelaten.",
        f"{en}: {new} new, {changed} updated, {same} unchanged, {left} left alone.",
    )


def _problem(found: LineProblem) -> tuple[str, str]:
    place = f" {found.problem.pointer}" if found.problem.pointer else ""
    message = found.problem.message
    return f"regel {found.line}{place}: {message.nl}", f"line {found.line}{place}: {message.en}"
