"""Servers under test: start one, wait until it answers, read its CPU and memory from /proc, stop it."""

import os
import signal
import subprocess  # nosec B404
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tools.bench.load import HOST

START_SECONDS = 120.0
STOP_SECONDS = 10.0
# At rest: hardly any CPU for a while (guesses).
QUIET_SECONDS, QUIET_SHARE = 1.0, 0.05
TICKS = os.sysconf("SC_CLK_TCK")
LOG_TAIL = 2000


@dataclass(frozen=True, slots=True)
class Server:
    pid: int
    port: int

    def tree(self) -> list[int]:
        """The process and everything it started."""
        parents: dict[int, list[int]] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
        found, queue = [], [self.pid]
        while queue:
            found.append(queue.pop())
            queue += parents.get(found[-1], [])
        return found

    def cpu(self) -> float:
        """Seconds of user and system time so far, of the whole tree."""
        total = 0.0
        for pid in self.tree():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / TICKS
        return total

    def settle(self) -> None:
        """Wait until it has done what it does at its start; RuntimeError when that takes too long."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            before = self.cpu()
            time.sleep(QUIET_SECONDS)
            if self.cpu() - before <= QUIET_SHARE * QUIET_SECONDS:
                return
        raise RuntimeError(f"the server did not come to rest in {START_SECONDS:.0f} s")

    def memory(self, kind: str = "Pss") -> float:
        """Resident megabytes of the whole tree, pages shared between processes divided (PSS). `Pss_Anon`: without
        mapped files, which the system may drop."""
        kilobytes = 0
        for pid in self.tree():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith(f"{kind}:"):
                    kilobytes += int(line.split()[1])
        return kilobytes / 1024


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def running(
    command: Sequence[str], *, port: int, ready: str, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """The server in a process group of its own; `ready` must answer 200 before work begins. `environment` is
    all it gets, None the caller's. Ends the group."""
    with log.open("wb") as out:
        process = subprocess.Popen(list(command), stdout=out, stderr=out, env=environment, start_new_session=True)  # nosec B603
    try:
        _wait(process, port, ready, log)
        yield Server(process.pid, port)
    finally:
        _stop(process)


def _wait(process: "subprocess.Popen[bytes]", port: int, ready: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while not _answers(port, ready):
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the server does not answer; end of its log:\n{log.read_text()[-LOG_TAIL:]}")
        time.sleep(0.1)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(STOP_SECONDS)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
