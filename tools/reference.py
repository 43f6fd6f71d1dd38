"""Writes `docs/reference/`: what can be read from the code, so that it is never written twice.

`python -m tools.reference` writes the pages anew; with `--check` it only compares, and ends with 1 on a difference.
"""

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from kennis.api.openapi import document
from kennis.app import create_app
from kennis.cli.root import kennis
from kennis.config import SETTINGS, Config
from kennis.content.vocabulary import Vocabulary, vocabularies
from kennis.search.mapping import mapping

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
METHODS = ("get", "head", "post", "put", "patch", "delete")


def pages() -> dict[str, str]:
    """File name -> text of every page."""
    return {name: "\n".join(page()).rstrip() + "\n" for name, page in PAGES.items()}


def _head(title: str, *about: str) -> Iterator[str]:
    yield f"# {title}"
    yield ""
    yield "Made by `make reference`; do not edit."
    yield ""
    for paragraph in about:
        yield paragraph
        yield ""


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"
    yield ""


def settings() -> Iterator[str]:
    yield from _head("Settings", "Environment variables, read once at the start. An empty one means the default.")
    rows = [(f"`{s.name}`", f"`{s.default}`" if s.default else "", s.help) for s in SETTINGS]
    yield from _table(("setting", "default", "meaning"), rows)


def commands() -> Iterator[str]:
    yield from _head("Commands", *_paragraphs(kennis))
    for name, command in walk(kennis, "kennis"):
        yield f"## {name}"
        yield ""
        yield f"`{_usage(name, command)}`"
        yield ""
        for paragraph in _paragraphs(command):
            yield paragraph
            yield ""
        options = [p for p in command.params if isinstance(p, click.Option)]
        if options:
            yield from _table(("option", "default", "meaning"), map(_option, options))


def walk(group: click.Group, prefix: str) -> Iterator[tuple[str, click.Command]]:
    """Every command below the group under its full name, groups before what is in them."""
    context = click.Context(group, info_name=prefix)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{prefix} {name}", command
        if isinstance(command, click.Group):
            yield from walk(command, f"{prefix} {name}")


def _paragraphs(command: click.Command) -> list[str]:
    text = inspect.cleandoc(command.help or "")
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]


def _usage(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name)
    return " ".join([name, *command.collect_usage_pieces(context)])


def _option(option: click.Option) -> tuple[str, str, str]:
    names = ", ".join(option.opts)
    value = "" if option.is_flag else f" {option.make_metavar(click.Context(click.Command('kennis')))}"
    given = "" if option.is_flag or not isinstance(option.default, str | int) else f"`{option.default}`"
    return f"`{names}{value}`", "required" if option.required else given, option.help or ""


def lists() -> Iterator[str]:
    yield from _head("Vocabularies", "Closed lists of codes. They are data: `seed/vocabularies/`.")
    for name, vocabulary in sorted(vocabularies().items()):
        yield f"## {name}"
        yield ""
        yield f"{vocabulary.labels['nl']} / {vocabulary.labels['en']}"
        yield ""
        yield from _table(("code", "label (nl)", "label (en)", "narrower than"), _terms(vocabulary))


def _terms(vocabulary: Vocabulary) -> Iterator[tuple[str, str, str, str]]:
    for term in vocabulary.terms:
        yield f"`{term.code}`", term.labels["nl"], term.labels["en"], f"`{term.parent}`" if term.parent else ""


def fields() -> Iterator[str]:
    yield from _head(
        "Fields of the index",
        f"From `index_mappings/entries.json`, version {mapping().version}: the one mapping of both engines.",
    )
    rows = [(f"`{f.name}`", f.type, f.weight, "yes" if f.facet else "", f.purpose) for f in mapping().fields.values()]
    yield from _table(("field", "type", "weight", "facet", "purpose"), rows)


def endpoints() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        # A fixed address: the page must not depend on who makes it.
        made = document(create_app(Config.from_env({"KENNIS_DATA_DIR": folder})))
    yield from _head("Endpoints", "From the OpenAPI document (`kennis openapi`), below `/v1`.")
    rows = [
        (f"`{method.upper()} {path}`", operation["operationId"], operation.get("summary", ""))
        for path, operations in made["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    ]
    yield from _table(("endpoint", "operation", "summary"), rows)


PAGES: Mapping[str, Callable[[], Iterator[str]]] = {
    "commands.md": commands,
    "settings.md": settings,
    "vocabularies.md": lists,
    "mapping.md": fields,
    "endpoints.md": endpoints,
}


def main(arguments: Sequence[str]) -> int:
    differing = [name for name, text in pages().items() if not _is_same(FOLDER / name, text)]
    if "--check" in arguments:
        for name in differing:
            print(f"docs/reference/{name} differs from the code; run: make reference", file=sys.stderr)
        return 1 if differing else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


def _is_same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
