"""Kennis as an operator has it: commands in processes of their own, on a data folder in the cache."""

import os
import resource
import subprocess  # nosec B404
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote

from kennis.config import Config
from kennis.content import reading
from kennis.search.document import document
from kennis.search.indexing import BATCH
from kennis.search.port import IndexDocument
from kennis.store import Store
from tools.bench import data, servers
from tools.bench.data import Corpus
from tools.bench.servers import Server
from tools.ports import free_port

KENNIS = (sys.executable, "-m", "kennis")
READY = "/v1/health/ready"
# The shape of performance.md for the embedded engine: one process with two blocking threads.
SERVE = ("serve", "--processes", "1", "--threads", "2")
# Limits are counted as for everybody, and are never reached.
MOST = "1000000"


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of all processors together, and by the clock on the wall."""

    cpu: float
    wall: float


def settings(folder: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a Kennis process: nothing of the caller's own KENNIS_ settings."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("KENNIS_")}
    return {**clean, "KENNIS_DATA_DIR": str(folder), "KENNIS_LIMIT": MOST, **(more or {})}


def config(folder: Path, more: Mapping[str, str] | None = None) -> Config:
    return Config.from_env({k: v for k, v in settings(folder, more).items() if k.startswith("KENNIS_")})


def command(folder: Path, *words: str) -> Cost:
    """Run `kennis ...` to its end; RuntimeError with its last words when it fails."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([*KENNIS, *words], env=settings(folder), capture_output=True, text=True, check=False)  # nosec B603
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"kennis {' '.join(words)}: {done.stderr[-2000:]}")
    return Cost(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall)


def load(folder: Path, lines: Path) -> Cost:
    """Everything that makes entries findable: tables, checks, rendering, storing, index."""
    return command(folder, "import", "--rebuild", str(lines))


def installation(corpus: Corpus) -> Path:
    """The data folder with these entries; made once (a minute or two for 100,000) and kept."""
    made = corpus.installation
    data.remove_others(made, "kennis-*")
    if not made.exists():
        with data.unfinished(made) as draft:
            draft.mkdir()
            load(draft, corpus.lines)
    return made


def documents(folder: Path, today: date) -> Iterator[list[IndexDocument]]:
    """What a rebuild of the index writes, batch by batch."""
    with closing(Store(config(folder).database_url)) as store:
        with store.reading() as session:
            ids = list(reading.published_versions(session))
        for start in range(0, len(ids), BATCH):
            with store.reading() as session:
                views = reading.view(session, ids[start : start + BATCH], is_shown=False)
            yield [made for view in views if (made := document(view, today)) is not None]


@contextmanager
def serving(folder: Path, more: Mapping[str, str] | None = None) -> Iterator[Server]:
    """At rest: the work of the day, 3 s for 100,000 entries, is done."""
    port = free_port()
    words = [*KENNIS, *SERVE, "--host", "127.0.0.1", "--port", str(port)]
    log = data.cache_folder() / "kennis.log"
    with servers.running(words, port=port, ready=READY, log=log, environment=settings(folder, more)) as server:
        server.settle()
        yield server


def search_path(query: str) -> str:
    """The four default facets, 20 cards, no highlights: all defaults."""
    return f"/v1/entries?q={quote(query)}"
