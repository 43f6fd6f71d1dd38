"""What commands print: results on stdout, words for people on stderr, a bar only where somebody is watching."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
import orjson

from kennis.errors import Text

Progress = Callable[[int, int], None]


def language() -> str:
    """That of KENNIS_LANGUAGE; Dutch too when that is wrong, for the sentence that says so."""
    return "en" if os.environ.get("KENNIS_LANGUAGE") == "en" else "nl"


def words(text: Text) -> str:
    """On one line. A sign that cannot be seen gets its number: what is repeated of a file steers no terminal."""
    said = text.in_language(language())
    return said if said.isprintable() else "".join(map(_visible, said))


def _visible(sign: str) -> str:
    return sign if sign.isprintable() else sign.encode("unicode_escape").decode()


def say(nl: str, en: str) -> None:
    """A line of the result itself, on stdout."""
    click.echo(words(Text(nl, en)))


def tell(nl: str, en: str) -> None:
    """A remark beside the result, on stderr: stdout may be a pipe."""
    click.echo(words(Text(nl, en)), err=True)


def say_wrong(text: Text) -> None:
    click.echo(words(text), err=True)


def print_json(document: Any, *, pretty: bool = True) -> None:
    """On one line (not pretty) or with two spaces; ends with a newline, and is UTF-8 whatever the terminal is."""
    option = orjson.OPT_APPEND_NEWLINE | (orjson.OPT_INDENT_2 if pretty else 0)
    click.echo(orjson.dumps(document, option=option), nl=False)


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their longest word, two spaces between; the last one is free."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1] if rows else []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        click.echo("  ".join([*cells, row[-1]]).rstrip())


@contextmanager
def progress(nl: str, en: str) -> Iterator[Progress]:
    """A callback (done, total) that draws a bar on a terminal; elsewhere it does nothing, so that logs stay clean."""
    label = words(Text(nl, en))
    if not sys.stderr.isatty():
        yield _silent
        return
    with click.progressbar(length=1, label=label, file=sys.stderr, show_pos=True) as bar:

        def draw(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield draw


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""
