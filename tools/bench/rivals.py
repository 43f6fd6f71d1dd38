"""The other servers: the same entries as plain tables, for Datasette and for a bare Flask app with SQLite FTS5."""

import json
import sqlite3
import subprocess  # nosec B404
import sys
import venv
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from kennis.content.arrivals import ORGANISATION
from kennis.content.vocabulary import vocabularies
from tools.bench import data
from tools.bench.data import Corpus

DATASETTE = "0.65.5"
SCHEMA = """
create table entries (rowid integer primary key, id text, kind text, recognition text, topic text, audience text,
    title text, summary text, body text);
create table facet_values (entry integer, facet text, value text, primary key (entry, facet, value)) without rowid;
create virtual table entries_fts using fts5(title, summary, body, content="entries",
    tokenize='unicode61 remove_diacritics 2');
"""
AFTER = """
insert into entries_fts(entries_fts) values ('rebuild');
insert into entries_fts(entries_fts) values ('optimize');
create index entries_kind on entries(kind);
create index entries_recognition on entries(recognition);
analyze;
vacuum;
"""
# Datasette stops counting a facet after 0.2 s and a query after 1 s: it would win by not answering.
DATASETTE_OPTIONS = (
    ("facet_time_limit_ms", "20000"),
    ("sql_time_limit_ms", "20000"),
    ("suggest_facets", "off"),
    ("default_page_size", "20"),
    ("default_facet_size", "50"),
)
SHOWN = ("id", "kind", "recognition", "topic", "audience", "title", "summary")


def tables(corpus: Corpus) -> Path:
    """The SQLite file with its full-text index, made once per corpus."""
    if not corpus.tables.exists():
        with data.unfinished(corpus.tables) as path, closing(sqlite3.connect(path)) as connection:
            connection.executescript(SCHEMA)
            with connection:
                for number, document in enumerate(_entries(corpus)):
                    _insert(connection, number, document)
            connection.executescript(AFTER)
    return corpus.tables


def _entries(corpus: Corpus) -> Iterator[dict[str, Any]]:
    with corpus.lines.open("rb") as lines:
        for line in lines:
            document = orjson.loads(line)
            if document["kind"] != ORGANISATION:
                yield document


def _insert(connection: sqlite3.Connection, number: int, document: Mapping[str, Any]) -> None:
    facets = _facets(document)
    single = (facets["kind"][0], facets["recognition"][0])
    lists = (json.dumps(facets["topic"]), json.dumps(facets["audience"]))
    texts = (document["title"], document["summary"], "\n".join(_texts(document)))
    connection.execute(
        "insert into entries values (?, ?, ?, ?, ?, ?, ?, ?, ?)", (number, document["id"], *single, *lists, *texts)
    )
    rows = [(number, facet, value) for facet, values in facets.items() for value in values]
    connection.executemany("insert into facet_values values (?, ?, ?)", rows)


def _facets(document: Mapping[str, Any]) -> dict[str, list[str]]:
    topics = vocabularies()["topics"]
    recognitions = document.get("recognitions") or [{"level": "niet-beoordeeld"}]
    return {
        "kind": [document["kind"]],
        "recognition": [recognitions[0]["level"]],
        "topic": sorted({part for code in document["topics"] for part in topics.path(code)}),
        "audience": sorted({*document["audiences"], *document.get("recommendedTo", ())}),
    }


def _texts(value: Any) -> Iterator[str]:
    """Every sentence and phrase, also in lists and sub-objects; codes and addresses have no space in them."""
    if isinstance(value, str):
        if " " in value:
            yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def datasette_command(file: Path, port: int) -> list[str]:
    """Installs Datasette in an environment of its own, outside the checkout, when it is not there."""
    settings = [part for name, value in DATASETTE_OPTIONS for part in ("--setting", name, value)]
    return [str(_datasette()), "serve", "--immutable", str(file), "--port", str(port), *settings]


def _datasette() -> Path:
    folder = data.cache_folder() / f"datasette-{DATASETTE}"
    program, stamp = folder / "bin" / "datasette", folder / "installed"
    if not stamp.exists():
        venv.create(folder, clear=True, with_pip=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, f"datasette=={DATASETTE}", "setuptools<81"], check=True)  # nosec B603
        stamp.touch()
    return program


def datasette_path(query: str) -> str:
    """The table page as JSON: the first 20 hits, their number and the same four facets."""
    columns = "".join(f"&_col={name}" for name in SHOWN)
    facets = "&_facet=kind&_facet=recognition&_facet_array=topic&_facet_array=audience"
    return f"/rivals/entries.json?_search={quote(query)}{facets}{columns}&_size=20&_shape=objects"


def flask_command(port: int) -> list[str]:
    """The same server with the same two blocking threads as Kennis."""
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    threads = ["--blocking-threads", "2", "--no-ws", "--log-level", "warning"]
    return [sys.executable, "-m", "granian", *options, *threads, "tools.bench.bare:app"]


def flask_path(query: str) -> str:
    return f"/entries?q={quote(query)}"


def alike_path(expression: str) -> str:
    return f"/alike?q={quote(expression)}"
