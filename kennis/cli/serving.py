"""Running the server: granian with worker processes. What must be right first stands in preparing.py."""

import multiprocessing
import os
import signal
import sys
from dataclasses import dataclass
from tempfile import TemporaryDirectory

import click

from kennis import logs
from kennis.cli.failures import WRONG
from kennis.cli.output import say
from kennis.config import Config

# With the engine in the process more threads only wait for each other (performance.md).
THREADS = 2
# A request that takes longer than this when the server stops is cut off (guess).
STOP_SECONDS = 10
APPLICATION = "kennis.cli.application:application"


@dataclass(frozen=True, slots=True)
class Listening:
    host: str
    port: int
    processes: int = 1
    threads: int = THREADS

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def run(config: Config, listening: Listening) -> None:
    """Until SIGTERM or Ctrl-C; requests under way are finished. Worker processes read the settings themselves."""
    with TemporaryDirectory(prefix="kennis-metrics-") as folder:
        if config.metrics == "on":
            # Where the library of the metrics lets processes count together; it looks when it is loaded.
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        _serve(config, listening)


def _serve(config: Config, listening: Listening) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # Not fork: this process has had threads of the engine, and a fork copies locks but not who would release them.
    multiprocessing.set_start_method("spawn", force=True)
    os.environ["KENNIS_DATA_DIR"] = str(config.data_dir)
    os.environ["KENNIS_DATABASE_URL"] = config.database_url
    # One key for all processes, also where this start made it.
    os.environ["KENNIS_SECRET_KEY"] = config.with_key().secret_key
    server = Granian(
        APPLICATION,
        address=listening.host,
        port=listening.port,
        interface=Interfaces.WSGI,
        workers=listening.processes,
        blocking_threads=listening.threads,
        websockets=False,
        factory=True,
        log_access=False,
        log_level=LogLevels.warning,
        log_dictconfig=logs.configuration(config.env),
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )
    where = listening.address
    say(f"Kennis draait op {where} (stoppen: Ctrl-C).", f"Kennis serves {where} (stop: Ctrl-C).")
    # What was printed must not wait in a buffer while the server runs.
    sys.stdout.flush()
    try:
        server.serve()
    except SystemExit as stopped:
        # The worker has told why on stderr.
        raise click.exceptions.Exit(WRONG if stopped.code else 0) from stopped
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
