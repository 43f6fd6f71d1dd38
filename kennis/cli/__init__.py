"""The commands of Kennis, a file per group: thin calls into the domain. At once is imported only what each needs."""

from kennis import collecting
from kennis.cli import stopping
from kennis.cli.root import kennis


def main() -> None:
    """The entry point of the program `kennis`; always ends with SystemExit."""
    collecting.seldom(collecting.OF_A_COMMAND)
    stopping.tidily()
    kennis(prog_name="kennis")
