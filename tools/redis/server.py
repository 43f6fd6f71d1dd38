"""One server in a folder of its own: on a free port of loopback, with a password, as an unprivileged user."""

import os
import secrets
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tools.elasticsearch.places import UNPRIVILEGED_GROUP, UNPRIVILEGED_USER, ToolFault, is_root
from tools.ports import free_port

LOOPBACK = "127.0.0.1"
# Starting takes a tenth of a second; a machine that needs longer than this hangs (guess).
MOST_SECONDS = 20.0
SETTINGS = """\
bind {loopback}
port {port}
requirepass {password}
dir {folder}
pidfile {folder}/pid
logfile {folder}/log
daemonize yes
save ""
appendonly no
"""


@dataclass(frozen=True, slots=True)
class Server:
    """`folder` holds `redis.conf`, which only its owner reads for it has the password, `pid` and `log`."""

    program: Path
    folder: Path

    @property
    def url(self) -> str:
        settings = dict(line.split(maxsplit=1) for line in self._settings.read_text("ascii").splitlines())
        return f"redis://:{settings['requirepass']}@{LOOPBACK}:{settings['port']}/0"

    @property
    def _settings(self) -> Path:
        return self.folder / "redis.conf"

    def is_running(self) -> bool:
        return self._settings.is_file() and self._ask("PING") == b"+PONG"

    def start(self) -> None:
        """With the settings of its folder, when it was stopped there before."""
        if not self._settings.is_file():
            self._make()
        done = subprocess.run(
            [self.program, self._settings],
            user=UNPRIVILEGED_USER if is_root() else None,
            group=UNPRIVILEGED_GROUP if is_root() else None,
            extra_groups=[] if is_root() else None,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0 or not self._comes(is_running=True):
            raise ToolFault(f"Redis did not start: {(done.stderr or self._log()).strip()}")

    def _make(self) -> None:
        self.folder.mkdir(parents=True, mode=0o755)
        self._settings.touch(mode=0o600)
        told = SETTINGS.format(loopback=LOOPBACK, port=free_port(), password=secrets.token_hex(16), folder=self.folder)
        self._settings.write_text(told, "ascii")
        if is_root():
            for path in (self.folder, self._settings):
                shutil.chown(path, UNPRIVILEGED_USER, UNPRIVILEGED_GROUP)

    def stop(self) -> None:
        self._ask("SHUTDOWN NOSAVE")
        if not self._comes(is_running=False):
            raise ToolFault("Redis did not stop.")

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _comes(self, *, is_running: bool) -> bool:
        end = time.monotonic() + MOST_SECONDS
        while self.is_running() != is_running:
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True

    def _ask(self, command: str) -> bytes:
        """The last line of the answer; nothing when nobody answers."""
        _, _, rest = self.url.partition("://:")
        password, _, where = rest.partition("@")
        port = int(where.rpartition(":")[2].partition("/")[0])
        try:
            with socket.create_connection((LOOPBACK, port), timeout=2) as wire:
                wire.sendall(f"AUTH {password}\r\n{command}\r\nQUIT\r\n".encode())
                lines = wire.makefile("rb").read().splitlines()
        except OSError:
            return b""
        return lines[1] if len(lines) > 1 else b""

    def _log(self) -> str:
        log = self.folder / "log"
        lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
        return lines[-1] if lines else "it did not say why"


def program() -> Path:
    """Of Redis, or of Valkey, which does the same; ToolFault when there is neither."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    raise ToolFault("Redis is not installed (Debian: apt-get install redis-server).")
