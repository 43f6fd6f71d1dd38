"""Where downloads and running servers lie: never in the checkout, and readable for the user that runs the server."""

import fcntl
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

CACHE_VARIABLE = "KENNIS_TEST_CACHE"
# Elasticsearch refuses to run as root; this user needs no password, no home and no rights.
UNPRIVILEGED_USER, UNPRIVILEGED_GROUP = "nobody", "nogroup"


class ToolFault(Exception):
    """What went wrong, in one sentence with the way out."""


def is_root() -> bool:
    return os.geteuid() == 0


def cache_folder(environment: Mapping[str, str]) -> Path:
    """The home of root is closed to the user that runs the server, so root keeps its cache where systems do."""
    if given := environment.get(CACHE_VARIABLE):
        return Path(given).expanduser().resolve()
    if given := environment.get("XDG_CACHE_HOME"):
        return Path(given).expanduser().resolve() / "kennis"
    return Path("/var/cache/kennis") if is_root() else Path("~/.cache/kennis").expanduser()


def prepare(folder: Path) -> Path:
    """The folder, made when it is missing; ToolFault when the unprivileged user could not get there."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    except OSError as error:
        raise ToolFault(
            f"{folder} cannot be made ({error.strerror}); set {CACHE_VARIABLE} to another folder."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ToolFault(f"{folder} is not writable; set {CACHE_VARIABLE} to another folder.")
    if is_root() and (closed := closed_to_others(folder)):
        raise ToolFault(
            f"{closed} is closed to the user {UNPRIVILEGED_USER}, who runs the server; set {CACHE_VARIABLE} to a "
            "folder that everybody may enter."
        )
    return folder


def closed_to_others(folder: Path) -> Path | None:
    """The first folder on the way that not everybody may enter."""
    way = (*reversed(folder.resolve().parents), folder.resolve())
    return next((step for step in way if not step.stat().st_mode & stat.S_IXOTH), None)


@contextmanager
def locked(cache: Path) -> Iterator[None]:
    """One command at a time per cache, of all servers that Maven fetches: they share its repository and folders."""
    with (cache / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
