"""Starts a Keycloak with the realm of the tests, waits until it answers, and stops it."""

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.elasticsearch.places import UNPRIVILEGED_GROUP, UNPRIVILEGED_USER, ToolFault, is_root
from tools.ports import free_port

LOOPBACK, REALM = "127.0.0.1", "kennis"
REALM_FILE = Path(__file__).with_name("realm.json")
STATE = "keycloak.json"
# Without a bound it takes what part of the machine Java likes; this was enough for all tests.
HEAP = "-Xms64m -Xmx512m"
# Measured on two cores: 1 minute with other work beside it, 3 with a load of 13.
START_SECONDS, STOP_SECONDS, PAUSE = 480.0, 30.0, 0.5


@dataclass(frozen=True, slots=True)
class Running:
    """`folder` holds a copy of the server, for it writes beside its own libraries."""

    folder: str
    port: int

    @property
    def issuer(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/realms/{REALM}"

    @property
    def home(self) -> Path:
        return Path(self.folder) / "server"

    @property
    def log(self) -> Path:
        return Path(self.folder) / "start.log"

    def save(self) -> None:
        (Path(self.folder) / STATE).write_text(json.dumps(asdict(self)), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Running | None":
        """None when none was started here, or what is written of it is damaged."""
        try:
            return cls(**json.loads((folder / STATE).read_text("utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def answers(self) -> bool:
        """With its realm, not only with an open port."""
        try:
            with urllib.request.urlopen(f"{self.issuer}/.well-known/openid-configuration", timeout=5) as answer:  # nosec B310
                found = json.load(answer)
                return bool(found["issuer"] == self.issuer)
        except (OSError, ValueError, KeyError, TypeError):
            return False


def start(home: Path, java_home: Path, folder: Path, port: int) -> Running:
    """A fresh server without anything of an earlier one; returns when it answers. ToolFault with its own words, and
    nothing left running."""
    shutil.rmtree(folder, ignore_errors=True)
    running = Running(str(folder), port or free_port())
    shutil.copytree(home, running.home)
    (running.home / "data" / "import").mkdir(parents=True)
    shutil.copyfile(REALM_FILE, running.home / "data" / "import" / REALM_FILE.name)
    running.save()
    if is_root():
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, UNPRIVILEGED_USER, UNPRIVILEGED_GROUP)
    launched = _launch(java_home, running)
    try:
        _wait(running, launched)
    except BaseException:
        launched.kill()
        stop(running)
        raise
    return running


def _launch(java_home: Path, running: Running) -> subprocess.Popen[bytes]:
    command = [
        "sh", str(running.home / "bin" / "kc.sh"), "start-dev", f"--http-host={LOOPBACK}",
        f"--http-port={running.port}", "--import-realm",
    ]  # fmt: skip
    if is_root():
        user = [f"--reuid={UNPRIVILEGED_USER}", f"--regid={UNPRIVILEGED_GROUP}", "--clear-groups"]
        command = ["setpriv", *user, *command]
    environment = {
        "PATH": os.environ.get("PATH", os.defpath), "JAVA_HOME": str(java_home), "HOME": running.folder,
        "JAVA_OPTS_KC_HEAP": HEAP, "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    with running.log.open("wb") as log:
        # A session of its own: Ctrl-C for the command that started it is not for the server.
        return subprocess.Popen(
            command, cwd=running.home, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )


def _wait(running: Running, launched: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while not running.answers():
        if launched.poll() is not None:
            raise ToolFault(f"Keycloak did not start: {_last_words(running)}")
        if time.monotonic() > until:
            raise ToolFault(f"Keycloak did not answer within {START_SECONDS:.0f} s: {_last_words(running)}")
        time.sleep(PAUSE)


def _last_words(running: Running) -> str:
    lines = [line for line in running.log.read_text("utf-8", "replace").splitlines() if line.strip()]
    told = [line for line in lines if "ERROR" in line or "Exception" in line]
    return f"{(told or lines or ['no word'])[-1].strip()} (all of it: {running.log})"


def stop(running: Running) -> bool:
    """False when it did not run. One that does not listen is killed."""
    found = _processes(running)
    for pid in found:
        _signal(pid, signal.SIGTERM)
    until = time.monotonic() + STOP_SECONDS
    while alive := _processes(running):
        if time.monotonic() > until:
            for pid in alive:
                _signal(pid, signal.SIGKILL)
        time.sleep(PAUSE / 5)
    return bool(found)


def is_ours(pid: int, running: Running) -> bool:
    """Whether the process of this number is that server or its start script: numbers are used again."""
    try:
        path = Path(f"/proc/{pid}")
        line = (path / "cmdline").read_bytes()
        has_ended = (path / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False
    return not has_ended and str(running.home).encode() in line and (b"kc.sh" in line or b"java" in line)


def _processes(running: Running) -> list[int]:
    """Also those of a start that was killed."""
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [pid for pid in pids if is_ours(pid, running)]


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
