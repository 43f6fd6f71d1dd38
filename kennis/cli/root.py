"""The command `kennis` itself: finds the module of a command only when that command is asked for.

`kennis --version` so imports neither Flask nor SQLAlchemy, and a command starts with what it needs itself.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NoReturn

import click

from kennis import __version__
from kennis.cli import failures


@dataclass(frozen=True, slots=True)
class Listed:
    """`target` is the module and attribute of a command; `summary` begins its help (a test compares them)."""

    target: str
    summary: str


# A new command is a line here.
COMMANDS: Mapping[str, Listed] = {
    "demo": Listed("demo:demo", "Show Kennis with its own content on http://127.0.0.1:8000."),
    "serve": Listed("serve:serve", "Serve the pages and the API until stopped (Ctrl-C or SIGTERM)."),
    "worker": Listed(
        "worker:worker", "Keep the index, send mail, and do daily what depends on the day, until stopped."
    ),
    "db": Listed("database:db", "The database: make or update its tables."),
    "seed": Listed("seed:seed", "Load the content that comes with Kennis; all of it or nothing."),
    "import": Listed("exchange:import_", 'Load entries and organisations from an NDJSON FILE ("-": stdin).'),
    "export": Listed("exchange:export", 'Write organisations and public entries as NDJSON to FILE ("-": stdout).'),
    "entry": Listed("entry:entry", "One entry: write it and take it through review."),
    "account": Listed("account:account", "Accounts: who works here, and as what."),
    "key": Listed("key:key", "Keys: with which programs use the API."),
    "audit": Listed("audit:audit", "Show who did what, and who tried to."),
    "review": Listed("review:review", "Review: what has to be checked, and by whom."),
    "index": Listed("index:index", "The search index: status, catching up, checking, building anew."),
    "refresh": Listed("refresh:refresh", "Do what depends on the day."),
    "mail": Listed("mail:mail", "Mail: what waits for the mail server, and whether that takes it."),
    "vocabulary": Listed("vocabulary:vocabulary", "Controlled vocabularies: the codes that fields accept."),
    "search": Listed("search:search", "Search: measure it."),
    "doctor": Listed("doctor:doctor", "Say what is wrong with settings, files, database, index and versions."),
    "openapi": Listed("openapi:openapi", "Write the OpenAPI 3.1 document of the API to stdout."),
}
DEBUG = "--debug"


class Commands(click.Group):
    """A group whose commands are imported when they are called, not when they are listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click gives it
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].target.split(":")
        command = getattr(import_module(f"kennis.cli.{module}"), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, listed.summary) for name, listed in COMMANDS.items()])

    def main(self, args: Sequence[str] | None = None, *rest: Any, **named: Any) -> NoReturn:
        """Run and leave the process; every error becomes a sentence and an exit code here (failures.py)."""
        given = list(sys.argv[1:] if args is None else args)
        named["standalone_mode"] = False
        sys.exit(failures.run(lambda: super(Commands, self).main(given, *rest, **named), traces=DEBUG in given))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="kennis %(version)s")
@click.option(DEBUG, is_flag=True, expose_value=False, help="Show where an error came from.")
def kennis() -> None:
    """Share knowledge about violence in dependency relations.

    Deel kennis over geweld in afhankelijkheidsrelaties. Begin met: kennis demo

    Settings are environment variables that start with KENNIS_; docs/reference/settings.md lists them. Messages come
    in Dutch, or in English with KENNIS_LANGUAGE=en. The exit code is 0 when all went well, 2 when something must be
    mended first (nothing was changed then), 1 after an error in Kennis itself.
    """
