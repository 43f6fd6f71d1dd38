"""python -m tools.postgres start|stop|status|remove: what `make postgres` and `make postgres-stop` call."""

import argparse
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.elasticsearch.places import ToolFault, cache_folder, prepare
from tools.postgres.server import Server, programs

# The tests read this name.
VARIABLE = "KENNIS_TEST_DATABASE_URL"


@contextmanager
def locked(cache: Path) -> Iterator[None]:
    """One command at a time: two would make the same data."""
    with (cache / "postgres.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def obey(command: str, cache: Path) -> None:
    server = Server(programs(), cache / "running" / "postgres")
    with locked(cache):
        is_running = server.is_running()
        if command in ("stop", "remove"):
            if is_running:
                server.stop()
            if command == "remove":
                server.remove()
            say("Stopped." if is_running else "Nothing was running.")
            return
        if command == "status" and not is_running:
            raise ToolFault("No PostgreSQL runs here; start one with: make postgres")
        if not is_running:
            say("Starting PostgreSQL ...")
            server.start()
        # On stdout only what a shell can take over.
        print(f"export {VARIABLE}={server.url}")


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tools.postgres", description=__doc__)
    parser.add_argument("command", choices=("start", "stop", "status", "remove"))
    try:
        obey(parser.parse_args().command, prepare(cache_folder(os.environ)))
    except ToolFault as fault:
        sys.exit(str(fault))
