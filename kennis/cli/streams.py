"""The standard streams, made ready before anything is opened: a file or database must never take the place of one."""

import io
import os
import sys

from kennis.errors import BadSetup

STDIN, STDOUT, STDERR = range(3)


def prepare() -> None:
    """Where stdin or stderr is closed nothing is read or told; BadSetup where stdout is, for a result would be lost.
    A terminal that cannot show a sign gets its number."""
    while (filled := os.open(os.devnull, os.O_RDWR)) <= STDERR:
        # For the processes of a server too.
        os.set_inheritable(filled, True)
    os.close(filled)
    if sys.stdin is None:
        sys.stdin = os.fdopen(STDIN, encoding="utf-8", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(STDERR, "w", encoding="utf-8", closefd=False)
    if sys.stdout is None:
        sys.stdout = os.fdopen(STDOUT, "w", encoding="utf-8", closefd=False)
        raise BadSetup(
            "De uitvoer (stdout) is gesloten; stuur haar naar een bestand of naar /dev/null.",
            "The output (stdout) is closed; send it to a file or to /dev/null.",
        )
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
