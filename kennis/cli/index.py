"""`kennis index`: the search index, which can be made anew from the database at any time."""

import click

from kennis.cli.failures import WRONG
from kennis.cli.indexers import each
from kennis.cli.opening import parts
from kennis.cli.output import print_table, progress, say
from kennis.search.drift import Drift
from kennis.search.indexing import Indexer, IndexStatus


@click.group()
def index() -> None:
    """The search index: status, catching up, checking, building anew. De zoekindex."""


@index.command()
def rebuild() -> None:
    """Build a new index beside the old one and switch when it is right. Bouw de index opnieuw op.

    Searches go on all the time; after a failure or a kill the old index stays.
    """
    with parts() as kennis, progress("Index opbouwen", "Building the index") as shown:
        for _, number in each(kennis, lambda indexer: indexer.rebuild(shown)):
            say(f"De index is nieuw: {number} documenten.", f"The index is new: {number} documents.")


@index.command()
def sync() -> None:
    """Apply the changes that wait for the index. Werk de index bij.

    A server does this by itself. Builds the index first when there is none of this version.
    """
    with parts() as kennis, progress("Index bijwerken", "Bringing the index up to date") as shown:
        for _, number in each(kennis, lambda indexer: indexer.catch_up(shown)):
            say(
                f"De index is bij: {number} wijzigingen verwerkt.",
                f"The index is up to date: {number} changes applied.",
            )


@index.command()
@click.option("--fix", is_flag=True, help="Mend what differs.")
def check(fix: bool) -> None:
    """Compare the index with the database; exit code 2 when they differ and --fix could or should not mend it.

    Vergelijk de index met de database. Lists the ids that are missing, stale (another version), orphan (not to be
    found any more) or refused by the engine; changes that still wait are not counted, `kennis index sync` applies them.
    """
    is_wrong = False
    with parts() as kennis:
        for indexer, drift in each(kennis, lambda one: one.check(fix=fix)):
            _show(indexer, drift)
            if drift.refused:
                say("Waarom geweigerd: kennis index dead-letters", "Why refused: kennis index dead-letters")
            is_wrong = is_wrong or bool(drift.refused or (drift and not fix))
            if drift and not fix:
                say("Herstel dit met: kennis index check --fix", "Mend this with: kennis index check --fix")
    if is_wrong:
        raise click.exceptions.Exit(WRONG)


def _show(indexer: Indexer, drift: Drift) -> None:
    if not drift:
        say(f"De index ({indexer.name}) is gelijk aan de database.", f"The index ({indexer.name}) equals the database.")
        return
    named = (
        ("missing", drift.missing), ("stale", drift.stale), ("orphan", drift.orphan), ("refused", drift.refused),
    )  # fmt: skip
    print_table([(word, entry_id) for word, ids in named for entry_id in ids])


@index.command(name="dead-letters")
@click.option("--retry", is_flag=True, help="Offer them to the engine again.")
def dead_letters(retry: bool) -> None:
    """List the entries that the engine refuses, and why; exit code 2 when there are any.

    Toon de items die de zoekmachine weigert. Such an entry cannot be found, but is read and shared as before. One line
    each: engine, id, version, day, name of the error and of the field. An entry leaves the list when a later change or
    --retry of it goes well. With --retry the exit code is 0: they wait again, and a server or `kennis index sync`
    applies them.
    """
    with parts() as kennis:
        if retry:
            number = sum(number for _, number in each(kennis, lambda one: one.send_again()))
            say(f"Opnieuw aangeboden: {number}.", f"Offered again: {number}.")
            return
        found = [letter for indexer in kennis.indexers for letter in indexer.letters()]
    if not found:
        say("De zoekmachine weigert niets.", "The engine refuses nothing.")
        return
    print_table([(one.engine, one.id, str(one.version), one.day, one.reason) for one in found])
    say("Probeer opnieuw met: kennis index dead-letters --retry", "Try again with: kennis index dead-letters --retry")
    raise click.exceptions.Exit(WRONG)


@index.command()
def status() -> None:
    """Show engine, versions, size and how many changes wait; exit code 2 when there is no index to search.

    Toon de stand van de index.
    """
    with parts() as kennis:
        states = [indexer.status() for indexer in kennis.indexers]
    for state in states:
        _tell(state)
    if not all(state.engine.is_ready for state in states):
        raise click.exceptions.Exit(WRONG)


def _tell(found: IndexStatus) -> None:
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
            ("waiting", str(found.lag.waiting)),
            ("refused", str(found.lag.refused)),
        ]
    )
    if not engine.is_ready:
        say(engine.problem_nl, engine.problem_en)
