"""`kennis doctor`: what is wrong with this installation, and what to do about it."""

import click

from kennis import __version__
from kennis.cli import checks
from kennis.cli.failures import WRONG
from kennis.cli.output import print_table, say, words


@click.command()
def doctor() -> None:
    """Say what is wrong with settings, files, database, index and versions. Wat mankeert eraan?

    Each fault comes with what to do about it. Changes nothing. Exit code 2 when something must be mended.
    """
    found = checks.all_checks()
    print_table(
        [("kennis", "", __version__)] + [(c.subject, "ok" if c.is_well else "WRONG", words(c.finding)) for c in found]
    )
    if all(c.is_well for c in found):
        say("Alles is in orde.", "All is well.")
        return
    say("Herstel wat hierboven bij WRONG staat, van boven naar beneden.",
        "Mend what is marked WRONG above, from the top down.")  # fmt: skip
    raise click.exceptions.Exit(WRONG)
