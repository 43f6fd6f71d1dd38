"""`kennis vocabulary`: the closed lists, to look up a code while writing a file."""

from collections.abc import Iterator
from difflib import get_close_matches

import click

from kennis.cli.output import language, print_json, print_table
from kennis.content.vocabulary import Vocabulary, vocabularies
from kennis.errors import NotFound, Text


@click.group()
def vocabulary() -> None:
    """Controlled vocabularies: the codes that fields accept. De vaste lijsten met codes."""


@vocabulary.command("list")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def list_(name: str | None, as_json: bool) -> None:
    """Show all vocabularies, or the terms of the one called NAME.

    Toon alle lijsten, of de termen van de lijst NAME. Example: kennis vocabulary list topics
    """
    lists = vocabularies()
    if name is None:
        columns, rows = ("name", "label", "terms"), [_summary(v) for v in lists.values()]
    elif name in lists:
        columns, rows = ("code", "label", "parent"), list(_terms(lists[name]))
    else:
        raise _unknown(name)
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(rows)


def _summary(chosen: Vocabulary) -> tuple[str, str, str]:
    return chosen.name, chosen.labels[language()], str(len(chosen.terms))


def _terms(chosen: Vocabulary) -> Iterator[tuple[str, str, str]]:
    for term in chosen.terms:
        yield term.code, chosen.label(term.code, language()), term.parent or ""


def _unknown(name: str) -> NotFound:
    nearest = get_close_matches(name, list(vocabularies()), n=1)
    nl, en = (f" Bedoelt u {nearest[0]}?", f" Did you mean {nearest[0]}?") if nearest else ("", "")
    return NotFound(Text(f"Er is geen lijst {name}.{nl}", f"There is no vocabulary {name}.{en}"))
