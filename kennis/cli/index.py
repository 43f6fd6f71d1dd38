"""`kennis index`: the search index, which can be made anew from the database at any time."""

import click

from kennis.cli.failures import WRONG
from kennis.cli.opening import parts
from kennis.cli.output import print_table, progress, say
from kennis.search.indexing import Drift


@click.group()
def index() -> None:
    """The search index: status, catching up, checking, building anew. De zoekindex."""


@index.command()
def rebuild() -> None:
    """Build a new index beside the old one and switch when it is right. Bouw de index opnieuw op.

    Searches go on all the time; after a failure or a kill the old index stays.
    """
    with parts() as kennis, progress("Index opbouwen", "Building the index") as shown:
        number = kennis.indexer.rebuild(shown)
    say(f"De index is nieuw: {number} documenten.", f"The index is new: {number} documents.")


@index.command()
def sync() -> None:
    """Apply the changes that wait for the index. Werk de index bij.

    A server does this by itself. Builds the index first when there is none of this version.
    """
    with parts() as kennis, progress("Index bijwerken", "Bringing the index up to date") as shown:
        number = kennis.indexer.catch_up(shown)
    say(f"De index is bij: {number} wijzigingen verwerkt.", f"The index is up to date: {number} changes applied.")


@index.command()
@click.option("--fix", is_flag=True, help="Mend what differs.")
def check(fix: bool) -> None:
    """Compare the index with the database; exit code 2 when they differ and --fix was not given.

    Vergelijk de index met de database. Lists the ids that are missing, stale (another version) or orphan (not to be
    found any more); changes that still wait are not counted, `kennis index sync` applies them.
    """
    with parts() as kennis:
        drift = kennis.indexer.check(fix=fix)
    _show(drift)
    if drift and not fix:
        say("Herstel dit met: kennis index check --fix", "Mend this with: kennis index check --fix")
        raise click.exceptions.Exit(WRONG)


def _show(drift: Drift) -> None:
    if not drift:
        say("De index is gelijk aan de database.", "The index equals the database.")
        return
    named = (("missing", drift.missing), ("stale", drift.stale), ("orphan", drift.orphan))
    print_table([(word, entry_id) for word, ids in named for entry_id in ids])


@index.command()
def status() -> None:
    """Show engine, versions, size and how many changes wait; exit code 2 when there is no index to search.

    Toon de stand van de index.
    """
    with parts() as kennis:
        found = kennis.indexer.status()
    engine = found.engine
    print_table(
        [
            ("engine", engine.engine),
            ("ready", "yes" if engine.is_ready else "no"),
            ("index", engine.index),
            ("documents", str(engine.documents)),
            ("mapping", engine.mapping_version),
            ("analysis", engine.analysis_version),
            ("position", str(found.position)),
            ("waiting", str(found.waiting)),
        ]
    )
    if not engine.is_ready:
        say(engine.problem_nl, engine.problem_en)
        raise click.exceptions.Exit(WRONG)
