"""The commands of Kennis, a file per group: thin calls into the domain. Only `kennis.cli.root` is imported at once."""

from kennis import collecting
from kennis.cli.root import kennis


def main() -> None:
    """The entry point of the program `kennis`; always ends with SystemExit."""
    collecting.seldom(collecting.OF_A_COMMAND)
    kennis(prog_name="kennis")
