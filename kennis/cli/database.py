"""`kennis db`: the tables and their version."""

import click

from kennis.cli.opening import settings
from kennis.cli.output import print_table, say
from kennis.store import Store
from kennis.store.problems import name_of
from kennis.store.schema import HEAD


@click.group()
def db() -> None:
    """The database: make or update its tables. De database: tabellen maken of bijwerken."""


@db.command()
def upgrade() -> None:
    """Make the tables, or bring them to this version; all of it or nothing. Maak de tabellen of werk ze bij.

    Make a backup first when the database holds data.
    """
    config = settings()
    store = Store(config.database_url)
    try:
        before = store.revision()
        store.upgrade()
    finally:
        store.close()
    name = name_of(config.database_url)
    if before == HEAD:
        say(f"{name} was al bij (versie {HEAD}).", f"{name} was up to date (version {HEAD}).")
    else:
        say(f"{name} heeft nu versie {HEAD}.", f"{name} now has version {HEAD}.")


@db.command()
def status() -> None:
    """Show which database this is and its version; exit code 2 when it needs `db upgrade`. Toon de versie."""
    config = settings()
    store = Store(config.database_url)
    try:
        found = store.revision()
        print_table([("database", name_of(config.database_url)), ("version", found or "-"), ("wanted", HEAD)])
        store.check()
    finally:
        store.close()
