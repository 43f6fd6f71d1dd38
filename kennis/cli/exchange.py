"""`kennis import` and `kennis export`: content as NDJSON, one document per line, through files or pipes."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from kennis.cli.documents import PIPE
from kennis.cli.failures import WRONG
from kennis.cli.indexers import each
from kennis.cli.opening import context, database, parts, settings
from kennis.cli.output import Progress, progress, say, tell
from kennis.cli.reporting import show_report
from kennis.content import exchange
from kennis.content.exchange import Report
from kennis.content.loading import Stored
from kennis.errors import KennisError
from kennis.search.indexing import Indexer
from kennis.store import Store, moving

# The bar moves once per so many lines: drawing costs more than reading (guess).
LINES_PER_STEP = 200
# Permissions of a new file; the second as far as the umask allows.
OWNER_ONLY, ANYBODY = 0o600, 0o666


@click.command("import")
@click.argument("file")
@click.option("--dry-run", is_flag=True, help="Check everything, store nothing.")
@click.option("--full", is_flag=True, help="FILE is a full export; the database must be empty.")
@click.option("--rebuild", is_flag=True, help="Build the index anew meanwhile: the quickest way for a large FILE.")
def import_(file: str, dry_run: bool, full: bool, rebuild: bool) -> None:
    """Load entries and organisations from an NDJSON FILE ("-": stdin). Lees items en organisaties in.

    One JSON document per line, as `kennis export` writes them; organisations first. A line is matched with what is
    there by external id, then by id. A batch (2,000 entries) with a fault is not stored at all; every fault is told on
    stderr with its line and field, and the exit code is then 2. Mend the file and run it again: what was stored already
    is left as it is. An empty database gets its tables first (not in a dry run).

    What is imported can be found once a server or `kennis index sync` has brought the index up to date. --rebuild
    leaves a new index behind instead, without reading back what it stored.

    --full reads what `kennis export --full` wrote: everything or nothing, with the same ids, versions and numbers.
    """
    if full + dry_run + rebuild > 1:
        raise click.UsageError("--full, --dry-run en --rebuild gaan niet samen / do not go together.")
    if full:
        _import_full(file)
        return
    with _reading(file) as (source, size), progress("Inlezen", "Importing") as shown:
        lines = _watched(source, size, shown)
        report = _import_and_index(lines) if rebuild else _import(lines, dry_run=dry_run)
    if show_report(report, dry_run=dry_run):
        raise click.exceptions.Exit(WRONG)


def _import(lines: Iterator[bytes], *, dry_run: bool) -> Report:
    with database(make=not dry_run, trial=dry_run, is_loading=True) as (config, store):
        return exchange.import_lines(store, lines, context(config), dry_run=dry_run)


def _import_and_index(lines: Iterator[bytes]) -> Report:
    """Every index of the installation is new at the end; only the first is fed with what is stored. What was stored is
    told also when an index fails: it can be found once there is one again."""
    reports = []
    with parts(make=True, is_loading=True) as kennis:

        def feed(stored: Stored) -> None:
            reports.append(exchange.import_lines(kennis.store, lines, context(kennis.config), stored=stored))

        waiting = [feed]

        def rebuilt(indexer: Indexer) -> int:
            return indexer.rebuild(feed=waiting.pop() if waiting else None)

        try:
            list(each(kennis, rebuilt))
        except (KennisError, OSError):
            for report in reports:
                show_report(report)
            raise
    return reports[0]


@click.command()
@click.argument("file")
@click.option("--published-only", is_flag=True, help="Leave out archived entries.")
@click.option("--full", is_flag=True, help="The whole database, to move to another: drafts, revisions, audit and all.")
def export(file: str, published_only: bool, full: bool) -> None:
    """Write organisations and public entries as NDJSON to FILE ("-": stdout). Schrijf alles weg als NDJSON.

    What is written can be read back with `kennis import`. Stories that may not go to partners stay out. FILE is
    replaced only when all of it was written. Guard a --full one like the database: it holds what nobody may read yet.
    """
    if full and published_only:
        raise click.UsageError("--full en --published-only gaan niet samen / do not go together.")
    number = 0
    with database() as (_, store), store.reading() as session, _writing(file, is_private=full) as target:
        lines = moving.export(session) if full else exchange.export(session, include_archived=not published_only)
        for line in lines:
            target.write(line)
            number += 1
    if file != PIPE:
        say(f"{number} regels geschreven naar {file}.", f"{number} lines written to {file}.")


def _import_full(file: str) -> None:
    config = settings()
    store = Store(config.database_url, is_loading=True)
    try:
        with _reading(file) as (source, size), progress("Inlezen", "Importing") as shown:
            number = moving.load(store, _watched(source, size, shown))
    finally:
        store.close()
    say(f"{number} rijen overgezet. Bouw nu de index: kennis index rebuild",
        f"{number} rows moved. Now build the index: kennis index rebuild")  # fmt: skip


@contextmanager
def _reading(file: str) -> Iterator[tuple[BinaryIO, int]]:
    """With its size, 0 for a pipe: then there is no telling how far it is."""
    if file == PIPE:
        if sys.stdin.isatty():
            tell("Kennis leest nu van het toetsenbord; sluit af met Ctrl-D.", "Reading from the keyboard; end: Ctrl-D.")
        yield sys.stdin.buffer, 0
        return
    path = Path(file)
    with path.open("rb") as source:
        yield source, path.stat().st_size


def _watched(source: BinaryIO, size: int, shown: Progress) -> Iterator[bytes]:
    done = 0
    for number, line in enumerate(source, start=1):
        yield line
        done += len(line)
        if number % LINES_PER_STEP == 0:
            shown(done, max(size, done))
    shown(done, max(done, 1))


@contextmanager
def _writing(file: str, *, is_private: bool = False) -> Iterator[BinaryIO]:
    """A regular file appears under its name only when it is whole and on the disk, where a symbolic link leads if it is
    one; pipes and devices take it as is."""
    if file == PIPE:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(file)
    if path.exists() and not path.is_file():
        with path.open("wb") as target:
            yield target
        return
    path = path.resolve() if path.is_symlink() else path
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.touch(mode=OWNER_ONLY if is_private else ANYBODY)
        with beside.open("wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        beside.replace(path)
    except OSError as error:
        # The caller knows nothing of the file beside it, and a full disk does not say where it is.
        error.filename, error.filename2 = file, None
        raise
    finally:
        beside.unlink(missing_ok=True)
