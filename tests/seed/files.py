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
PLAN = ROOT / "tests" / "seed" / "plan"
# The texts from which the project grew lie beside the checkout, where they are at all.
SOURCES = ROOT.parent / "shared" / "seed-documents"
NO_WORDS = ("/id", "/slug", "/target", "/replacedById")


@cache
def entries() -> dict[Path, dict[str, Any]]:
    return {f: tomllib.loads(f.read_text("utf-8")) for f in sorted((SEED / "entries").rglob("*.toml"))}


def of_kind(collection: str) -> list[dict[str, Any]]:
    return [entry for path, entry in entries().items() if path.parent.name == collection]


def bodies() -> Iterator[tuple[str, str, str]]:
    """Collection, slug and body of every entry, and of its older versions."""
    for path, entry in entries().items():
        for version in (entry, *entry.get("revisions", [])):
            yield path.parent.name, entry["slug"], version["body"]


@cache
def organisations() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((SEED / "organisations.json").read_text("utf-8"))
    return loaded


def gaps() -> list[dict[str, str]]:
    with (SEED / "gaps.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def told() -> Iterator[tuple[str, str, str]]:
    """Every text that a reader may see: file, place in it and words. Ids, slugs and marks of others are no words."""
    named = [*((str(e["slug"]), e) for e in entries().values()), *((str(o["slug"]), o) for o in organisations())]
    for slug, document in [*named, ("gaps.csv", {"gaps": gaps()})]:
        for path, text in texts(document):
            if "/externalIds/" not in path and not path.endswith(NO_WORDS):
                yield slug, path, text


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
