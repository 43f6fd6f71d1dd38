"""Generated data in a cache folder outside the checkout, kept under a hash of what made it."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kennis import clock
from kennis.content.rendering import render_version
from kennis.content.vocabulary import vocabularies
from kennis.search.analysis import ANALYSIS_VERSION
from kennis.search.mapping import mapping
from tools.bench import entries, text

# Sources whose change gives other data.
GENERATOR = ("words.py", "text.py", "entries.py")
HERE = Path(entries.__file__).parent
KENNIS = Path(clock.__file__).parent


def cache_folder() -> Path:
    """KENNIS_BENCH_CACHE, else `kennis-bench` in the cache folder of the user."""
    given = os.environ.get("KENNIS_BENCH_CACHE")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(given) if given else base / "kennis-bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]


def _generator_digest() -> str:
    """With the month: a help offer that nobody checked for longer would not be published."""
    month = f"{clock.today():%Y-%m}"
    sources = [(HERE / name).read_bytes() for name in GENERATOR]
    return _digest(*sources, repr(text.seed_words()).encode(), vocabularies().version.encode(), month.encode())


def _stored_digest() -> str:
    """What a stored installation depends on beside its entries."""
    sources = [*sorted((KENNIS / "store" / "migrations" / "versions").glob("*.py")), KENNIS / "search" / "document.py"]
    versions = (render_version(""), ANALYSIS_VERSION, mapping().version)
    return _digest(*(f.read_bytes() for f in sources), *(v.encode() for v in versions))


@dataclass(frozen=True, slots=True)
class Corpus:
    """So many generated entries; `folder` holds everything made of them."""

    count: int
    folder: Path

    @property
    def lines(self) -> Path:
        return self.folder / "entries.ndjson"

    @property
    def installation(self) -> Path:
        """Data folder of a Kennis that holds them."""
        return self.folder / f"kennis-{_stored_digest()}"

    @property
    def tables(self) -> Path:
        """SQLite file of the rivals."""
        return self.folder / "rivals.db"

    @property
    def alike(self) -> Path:
        """The same with what the engine of Kennis holds."""
        return self.folder / f"alike-{_stored_digest()}.db"


def corpus(count: int) -> Corpus:
    """Generates the file when it is not there yet (about 10 s for 100,000), and removes what older sources made."""
    made = Corpus(count, cache_folder() / f"{count}-{_generator_digest()}")
    remove_others(made.folder, f"{count}-*")
    made.folder.mkdir(parents=True, exist_ok=True)
    if not made.lines.exists():
        with unfinished(made.lines) as path, path.open("wb") as out:
            out.writelines(entries.lines(count, clock.today()))
    return made


def remove_others(kept: Path, pattern: str) -> None:
    for other in kept.parent.glob(pattern):
        if other != kept:
            remove(other)


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """A place to write to that gets its name only when the work is done; a half one is removed."""
    draft = path.with_name(path.name + ".unfinished")
    remove(draft)
    try:
        yield draft
        draft.rename(path)
    finally:
        remove(draft)


def remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
