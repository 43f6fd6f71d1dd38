"""Data files of plain lines, with comments behind a #: how they are read, and what is said of a line that is wrong."""

from collections.abc import Iterator
from pathlib import Path

from kennis.errors import BadSetup


def broken(path: Path, number: int, nl: str, en: str) -> BadSetup:
    """The error for a bad line, with the way out."""
    return BadSetup(
        f"Regel {number} van {path} deugt niet: {nl}. Verbeter de regel of zet het bestand uit de installatie terug.",
        f"Line {number} of {path} is broken: {en}. Correct the line or put back the file of the installation.",
    )


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """The numbered lines that say something, without comments."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetup(
            f"Het bestand {path} is niet te lezen ({error}). Zet het bestand uit de installatie terug.",
            f"The file {path} cannot be read ({error}). Put back the file of the installation.",
        ) from error
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.split("#", 1)[0].strip()
        if content:
            yield number, content
