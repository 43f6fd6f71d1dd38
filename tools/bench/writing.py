"""A single durable write through the domain against the least that durability costs on this disk."""

import os
import shutil
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import select

from kennis import clock
from kennis.access.policy import system
from kennis.content import upkeep
from kennis.content.context import Context
from kennis.content.lifecycle import PUBLISHED
from kennis.installation import assemble
from kennis.store import Store
from kennis.store.models import Entry
from tools.bench import data, installed
from tools.bench.data import Corpus
from tools.bench.table import Figure, at_most

WRITES = 100
# About what one confirmation adds to the log of the database.
BLOCK = os.urandom(16 * 1024)


def durable_write(corpus: Corpus) -> list[Figure]:
    """Confirming an entry: revision, fragments, index job, change record and audit in one transaction. Floor and
    write take turns, on one disk."""
    with TemporaryDirectory(dir=data.cache_folder()) as name:
        folder = Path(name) / "kennis"
        shutil.copytree(installed.installation(corpus), folder)
        floor, write = _medians(folder)
    note = f"{write:.2f} against {floor:.2f} ms; {WRITES} confirmed entries"
    return [at_most(f"durable write / fsync, {corpus.count:,} entries", write / floor, 4, "x", note)]


def _medians(folder: Path) -> tuple[float, float]:
    """Milliseconds on the wall, of floor and write."""
    parts = assemble(installed.config(folder))
    context = Context(clock.now(), parts.config.public_url)
    floors, writes = [], []
    with (folder / "floor").open("wb") as file:
        for entry_id in _methods(parts.store):
            start = time.perf_counter()
            file.write(BLOCK)
            file.flush()
            os.fsync(file.fileno())
            middle = time.perf_counter()
            with parts.store.transaction() as session:
                upkeep.confirm(session, entry_id, system("bench"), context)
            floors.append(middle - start)
            writes.append(time.perf_counter() - middle)
    parts.store.close()
    return 1000 * median(floors), 1000 * median(writes)


def _methods(store: Store) -> list[str]:
    with store.reading() as session:
        wanted = select(Entry.id).where(Entry.status == PUBLISHED, Entry.kind == "method").limit(WRITES)
        return list(session.scalars(wanted))
