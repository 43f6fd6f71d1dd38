"""Folders of the embedded index: which one is current, who may write, what is left over. Knows no tantivy.

<index folder>/current.json    names the folder that is searched and the one before it; replaced atomically
<index folder>/<name>/         one index
<index folder>/place           names this folder in the database, where machines have an index each
<index folder>/write.lock, rebuild.lock    held while somebody writes or rebuilds, in any process
"""

import errno
import fcntl
import json
import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from kennis.errors import BadSetup, KennisError, SearchBroken, SearchUnavailable, Text

POINTER = "current.json"


@dataclass(frozen=True, slots=True)
class Pointer:
    """What `current.json` says."""

    folder: str
    mapping_version: str
    analysis_version: str
    previous: str | None = None


class IndexFolder:
    """One installation's indices. Locks are of the kernel: they end with the process that holds them, kill -9 too."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held = threading.local()
        self._place = ""

    def place(self) -> str:
        """A name that no other folder has, made once. Who copies the folder leaves the file `place` out."""
        if not self._place:
            with self.locked("place"):
                path = self.path / "place"
                if not path.exists():
                    beside = self.path / "place.new"
                    beside.write_text(secrets.token_hex(4), encoding="ascii")
                    beside.replace(path)
                self._place = path.read_text(encoding="ascii")
        return self._place

    def pointer(self) -> Pointer | None:
        """None when there is no index yet; BadSetup when the file is damaged."""
        path = self.path / POINTER
        try:
            return Pointer(**json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, OSError) as error:
            raise BadSetup(
                f"Het bestand {path} is beschadigd of niet te lezen; gooi de map {self.path} weg en draai: "
                "kennis index rebuild",
                f"The file {path} is damaged or cannot be read; remove the folder {self.path} and run: "
                "kennis index rebuild",
            ) from error

    def stamp(self) -> tuple[int, int]:
        """Changes with every switch; cheap."""
        try:
            found = os.stat(self.path / POINTER)
        except OSError:
            return (0, 0)
        return (found.st_ino, found.st_mtime_ns)

    def point_to(self, pointer: Pointer) -> None:
        """Atomic and durable: a reader sees the old file or the new one, also after a power cut."""
        beside = self.path / f"{POINTER}.new"
        with beside.open("w", encoding="utf-8") as file:
            json.dump(asdict(pointer), file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path / POINTER)
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def make(self, name: str) -> Path:
        path = self.path / name
        path.mkdir(parents=True)
        return path

    def remove(self, name: str) -> None:
        shutil.rmtree(self.path / name, ignore_errors=True)

    def tidy(self) -> None:
        """Remove what a killed rebuild left and older indices; only for who holds the rebuild lock."""
        pointer = self.pointer()
        kept = {pointer.folder, pointer.previous} if pointer else set()
        for path in self.path.iterdir():
            if path.is_dir() and path.name not in kept:
                self.remove(path.name)

    @contextmanager
    def locked(self, name: str, *, wait: bool = True) -> Iterator[None]:
        """May be entered again by the thread that holds it. Not waiting: SearchUnavailable when another has it."""
        held: set[str] = self._held.__dict__.setdefault("names", set())
        if name in held:
            yield
            return
        file = self._open_lock(name)
        try:
            self._lock(file, wait)
            held.add(name)
            try:
                yield
            finally:
                held.discard(name)
        finally:
            os.close(file)

    def _open_lock(self, name: str) -> int:
        self.path.mkdir(parents=True, exist_ok=True)
        return os.open(self.path / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _lock(self, file: int, wait: bool) -> None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SearchUnavailable(
                Text(
                    "De zoekindex wordt al opnieuw opgebouwd; wacht tot dat klaar is.",
                    "The index is already being rebuilt; wait until that is done.",
                )
            ) from error


def explain(error: BaseException, path: Path) -> KennisError:
    """The sentence for a fault of the disk, else for damaged files. tantivy tells the number of the fault in words."""
    number = error.errno if isinstance(error, OSError) else None
    words = str(error)
    if number in (errno.ENOSPC, errno.EDQUOT) or "os error 28" in words or "No space left" in words:
        return BadSetup(
            f"Er is geen ruimte meer voor de zoekindex in {path}; maak schijfruimte vrij en draai: kennis index sync",
            f"There is no space left for the index in {path}; free some disk space and run: kennis index sync",
        )
    denied = ("os error 13", "os error 30", "Permission denied", "Read-only file system")
    if number in (errno.EACCES, errno.EPERM, errno.EROFS) or any(d in words for d in denied):
        return BadSetup(
            f"De map {path} van de zoekindex is niet schrijfbaar; geef deze gebruiker schrijfrecht.",
            f"The folder {path} of the index is not writable; give this user write permission.",
        )
    if number in (errno.ENOTDIR, errno.EEXIST):
        return BadSetup(
            f"{path} is geen map voor de zoekindex; haal het weg en draai: kennis index rebuild",
            f"{path} is no folder for the index; remove it and run: kennis index rebuild",
        )
    return SearchBroken(
        f"De zoekindex in {path} is beschadigd of niet te lezen; bouw hem opnieuw met: kennis index rebuild",
        f"The index in {path} is damaged or cannot be read; rebuild it with: kennis index rebuild",
    )
