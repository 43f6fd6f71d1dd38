"""`kennis search`: how good the answers are."""

from pathlib import Path
from typing import Any

import click

from kennis import clock, resources
from kennis.cli.opening import parts
from kennis.cli.output import print_json, print_table, say, tell
from kennis.errors import BadSetup
from kennis.search import evaluation

# The judged queries of the project; they lie in a checkout only, for they are about the seed.
JUDGEMENTS = resources.PACKAGE.parent / "tests" / "search" / "judgements.csv"


@click.group()
def search() -> None:
    """Search: measure it. Zoeken: meten hoe goed het gaat."""


@search.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON: the averages and every query.")
def evaluate(file: Path | None, as_json: bool) -> None:
    """Ask the judged queries of a CSV FILE and compare with the judgement. Meet hoe goed de antwoorden zijn.

    Columns: query, slug, grade (0-3), mustNot (yes or empty). Without FILE: the judgements of the project, which need
    the seed in the database. Prints nDCG@10 per query, the worst first, then the averages.
    """
    judged = _judged(file or _judgements())
    with parts() as kennis:
        names = {name for one in judged for name in (*one.grades, *one.must_not)}
        with kennis.store.reading() as session:
            known = {entry_id: name for name, entry_id in evaluation.ids_of(session, names).items()}
        _warn_of(sorted(names - set(known.values())))
        report = evaluation.evaluate(judged, evaluation.asking(kennis.finder, known, clock.today()))
    if as_json:
        print_json(_document(report))
    else:
        _show(report)


def _judgements() -> Path:
    if not JUDGEMENTS.is_file():
        raise BadSetup(
            "Deze installatie heeft geen eigen oordelen; noem een bestand: kennis search evaluate FILE",
            "This installation has no judgements of its own; name a file: kennis search evaluate FILE",
        )
    return JUDGEMENTS


def _judged(path: Path) -> list[evaluation.Judged]:
    judged = evaluation.read(path)
    if not judged:
        raise BadSetup(f"In {path} staat geen enkele vraag.", f"There is no query in {path}.")
    return judged


def _warn_of(unknown: list[str]) -> None:
    """Such a judgement says nothing about the search, and a grade for it pulls the average down."""
    if unknown:
        names = ", ".join(unknown[:10])
        tell(
            f"Deze namen uit het bestand zijn hier niet gepubliceerd ({len(unknown)}): {names}.",
            f"These names in the file are not published here ({len(unknown)}): {names}.",
        )


def _document(report: evaluation.Report) -> dict[str, Any]:
    queries = [
        {"query": s.query, "ndcg": round(s.ndcg, 4), "isHit": s.is_hit, "violations": list(s.violations)}
        for s in report.scores
    ]
    averages = {"ndcg": round(report.ndcg, 4), "hitRate": round(report.hit_rate, 4), "violations": report.violations}
    return averages | {"queries": queries}


def _show(report: evaluation.Report) -> None:
    rows = [("nDCG@10", "top 3", "query")]
    for s in sorted(report.scores, key=lambda s: s.ndcg):
        never = f"  (not at the top: {', '.join(s.violations)})" if s.violations else ""
        rows.append((f"{s.ndcg:.3f}", "yes" if s.is_hit else "no", s.query + never))
    print_table(rows)
    numbers = (len(report.scores), report.ndcg, report.hit_rate, report.violations)
    say(
        "{} vragen: nDCG@10 {:.3f}, goed antwoord in de eerste drie {:.0%}, verboden bovenaan {}.".format(*numbers),
        "{} queries: nDCG@10 {:.3f}, good answer in the first three {:.0%}, forbidden at the top {}.".format(*numbers),
    )
