"""One server in a folder of its own: made with initdb, started and stopped with pg_ctl, as an unprivileged user."""

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.elasticsearch.places import UNPRIVILEGED_GROUP, UNPRIVILEGED_USER, ToolFault, is_root
from tools.ports import free_port

OLDEST = 15
LOOPBACK = "127.0.0.1"
USER = "tester"
DATABASE = "kennis_test"
DEBIAN_VERSIONS = Path("/usr/lib/postgresql")
# Starting and stopping take a second; a machine that needs longer than this hangs (guess).
MOST_SECONDS = "60"
# The data is thrown away, so nothing waits for the disk. Every other setting is that of users.
SETTINGS = {
    "listen_addresses": f"'{LOOPBACK}'",
    "unix_socket_directories": "''",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "shared_buffers": "'256MB'",
    # No value of a row is written to the log (docs/operations.md).
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True, slots=True)
class Server:
    """`folder` holds `data`, `log`, and `password`, which only its owner reads."""

    programs: Path
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def url(self) -> str:
        password = (self.folder / "password").read_text("ascii").strip()
        return f"postgresql+psycopg://{USER}:{password}@{LOOPBACK}:{self._port()}/{DATABASE}"

    def _port(self) -> int:
        return int((self.data / "postmaster.pid").read_text("ascii").splitlines()[3])

    def is_running(self) -> bool:
        return (self.data / "PG_VERSION").is_file() and self._pg_ctl("status", check=False) == 0

    def start(self) -> None:
        """Make the data when there is none or a half, and start on a free port."""
        if not (self.folder / "whole").is_file():
            self._make()
        self._pg_ctl("start", "-w", "-l", str(self.log), "-o", f"-p {free_port()}")
        there = self._run("psql", self._here("postgres"), "-tAc", "SELECT datname FROM pg_database").split()
        if DATABASE not in there:
            self._run("createdb", "--maintenance-db", self._here("postgres"), DATABASE)

    def stop(self) -> None:
        """What is under way is broken off: it is test data. The data stays for the next start."""
        self._pg_ctl("stop", "-w", "-m", "fast")

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make(self) -> None:
        self.remove()
        self.folder.mkdir(parents=True, mode=0o755)
        password = self.folder / "password"
        password.touch(mode=0o600)
        password.write_text(secrets.token_hex(16) + "\n", "ascii")
        if is_root():
            for path in (self.folder, password):
                shutil.chown(path, UNPRIVILEGED_USER, UNPRIVILEGED_GROUP)
        # Not the order of bytes but that of Dutch: what forgets to ask for its own order is found by the tests.
        self._run("initdb", "-D", str(self.data), "-U", USER, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
                  "--locale-provider=icu", "--icu-locale=nl-NL", "-A", "scram-sha-256",
                  f"--pwfile={password}")  # fmt: skip
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
        (self.folder / "whole").touch()

    def _here(self, database: str) -> str:
        return f"host={LOOPBACK} port={self._port()} user={USER} dbname={database}"

    def _pg_ctl(self, *arguments: str, check: bool = True) -> int:
        done = self._start("pg_ctl", "-D", str(self.data), "-t", MOST_SECONDS, *arguments)
        if check and done.returncode != 0:
            raise ToolFault(
                f"PostgreSQL did not {arguments[0]}: {_last_line(self.log, done.stderr)} "
                "(throw its data away with: python -m tools.postgres remove)"
            )
        return done.returncode

    def _run(self, program: str, *arguments: str) -> str:
        done = self._start(program, *arguments)
        if done.returncode != 0:
            raise ToolFault(f"{program} failed: {done.stderr.strip()}")
        return done.stdout.strip()

    def _start(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Output goes to a file of the server's own: a pipe would stay open as long as the server runs."""
        password = (self.folder / "password").read_text("ascii").strip() if (self.folder / "password").exists() else ""
        environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PGPASSWORD": password}
        is_lasting = "start" in arguments
        return subprocess.run(
            [str(self.programs / program), *arguments],
            user=UNPRIVILEGED_USER if is_root() else None,
            group=UNPRIVILEGED_GROUP if is_root() else None,
            extra_groups=[] if is_root() else None,
            env=environment,
            cwd=self.folder,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if is_lasting else subprocess.PIPE,
            stderr=subprocess.DEVNULL if is_lasting else subprocess.PIPE,
            check=False,
        )


def programs(searched: Sequence[Path] = ()) -> Path:
    """The folder with the programs of the newest PostgreSQL; ToolFault when there is none or an old one."""
    found = {version: path for path in searched or _candidates() if (version := _version(path))}
    if not found:
        raise ToolFault("PostgreSQL is not installed (Debian: apt-get install postgresql).")
    newest = max(found)
    if newest < OLDEST:
        raise ToolFault(f"PostgreSQL {newest} in {found[newest]} is too old; Kennis needs {OLDEST} or newer.")
    return found[newest]


def _candidates() -> Iterator[Path]:
    """Debian keeps them off the PATH, a folder per version."""
    yield from DEBIAN_VERSIONS.glob("*/bin")
    if on_path := shutil.which("initdb"):
        yield Path(on_path).resolve().parent


def _version(folder: Path) -> int | None:
    try:
        said = subprocess.run([folder / "initdb", "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return None
    number = re.search(r"(\d+)", said)
    return int(number.group()) if number else None


def _last_line(log: Path, otherwise: str | None) -> str:
    lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
    return lines[-1] if lines else (otherwise or "it did not say why").strip()
