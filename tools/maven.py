"""Gets a server for tests with Maven and unpacks it, once per machine. A half one is noticed and fetched again."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.elasticsearch.places import ToolFault

# The downloads are hundreds of megabytes; a network slower than this is not one to test on (guess).
MOST_SECONDS = 1800
# What a whole server has. Written last: a killed run leaves a server without it.
STAMP = "whole"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Server:
    """`pom` names the artifact and unpacks it; `artifact` is its folder in a Maven repository. `inside` is a pattern
    for the folder of the server in what was unpacked, `needed` are parts without which it is not whole, and `empty`
    folders that it wants to find. `properties` are those that `pom` asks for."""

    title: str
    name: str
    pom: Path
    artifact: Path
    inside: str
    needed: tuple[str, ...]
    megabytes: int
    empty: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()


def server_home(server: Server, cache: Path, say: Say) -> Path:
    """The unpacked server of an earlier run, or a new one. ToolFault names what is missing or failed."""
    home = cache / server.name
    if is_whole(server, home):
        return home
    if home.exists():
        say(f"{home} is not whole; it is removed and fetched again.")
        shutil.rmtree(home)
    half = cache / f"{server.name}.half"
    if half.exists():
        say("An earlier download was not finished; starting again.")
        shutil.rmtree(half)
    say(f"Fetching {server.title} with Maven into {cache} ({server.megabytes} MB, once) ...")
    _fetch(server, cache, half)
    _take_out(server, half, home)
    return home


def is_whole(server: Server, home: Path) -> bool:
    return (home / STAMP).is_file() and not _missing(server, home)


def _missing(server: Server, home: Path) -> list[str]:
    return [name for name in server.needed if not (home / name).exists()]


def _fetch(server: Server, cache: Path, half: Path) -> None:
    if shutil.which("mvn") is None:
        raise ToolFault("Maven is not installed (Debian: apt-get install maven).")
    repository = cache / "maven"
    command = ["mvn", "-q", "-B", "-C", "-f", str(server.pom), f"-Dmaven.repo.local={repository}",
               f"-Dunpacked={half}", *(f"-D{given}" for given in server.properties), "process-resources"]  # fmt: skip
    log = cache / "maven.log"
    try:
        with log.open("wb") as output:
            done = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, timeout=MOST_SECONDS, check=False)
        failed = done.returncode != 0
    except subprocess.TimeoutExpired:
        failed = True
    if failed:
        # A broken file would be taken for a whole one by the next run.
        shutil.rmtree(repository / server.artifact, ignore_errors=True)
        shutil.rmtree(half, ignore_errors=True)
        raise ToolFault(f"Maven could not fetch the server: {_first_error(log)} (all of it: {log}). Run it again.")


def _first_error(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").splitlines()
    errors = [line.removeprefix("[ERROR]").strip() for line in lines if line.startswith("[ERROR]")]
    return (errors or lines or ["no answer in time"])[0]


def _take_out(server: Server, half: Path, home: Path) -> None:
    found = sorted(half.glob(server.inside))
    absent = _missing(server, found[0]) if found else [server.inside]
    if absent:
        broken = half.parent / "maven" / server.artifact
        raise ToolFault(f"The download has no {absent[0]}; remove {broken} and run it again.")
    for name in server.empty:
        (found[0] / name).mkdir(exist_ok=True)
    _open_for_reading(found[0])
    (found[0] / STAMP).touch()
    found[0].rename(home)
    shutil.rmtree(half)


def _open_for_reading(folder: Path) -> None:
    for inner, _, files in os.walk(folder):
        os.chmod(inner, 0o755)  # nosec B103
        for name in files:
            path = Path(inner, name)
            path.chmod(path.stat().st_mode | 0o444)
