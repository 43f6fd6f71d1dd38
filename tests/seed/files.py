"""The seed files as they stand on disk, for the tests of their text."""

import csv
import json
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.source import ROOT

SEED = ROOT / "seed"
# The texts from which the project grew lie beside the checkout, where they are at all.
SOURCES = ROOT.parent / "shared" / "seed-documents"


@cache
def entries() -> dict[Path, dict[str, Any]]:
    return {f: tomllib.loads(f.read_text("utf-8")) for f in sorted((SEED / "entries").rglob("*.toml"))}


def of_kind(collection: str) -> list[dict[str, Any]]:
    return [entry for path, entry in entries().items() if path.parent.name == collection]


@cache
def organisations() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((SEED / "organisations.json").read_text("utf-8"))
    return loaded


def gaps() -> list[dict[str, str]]:
    with (SEED / "gaps.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def texts(document: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every piece of text in a document with the path that leads to it."""
    if isinstance(document, str):
        yield path, document
    elif isinstance(document, Mapping):
        for key, value in document.items():
            yield from texts(value, f"{path}/{key}")
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield from texts(value, f"{path}/{index}")
