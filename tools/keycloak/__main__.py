"""python -m tools.keycloak start|stop|status: what `make keycloak` and `make keycloak-stop` call."""

import argparse
import os
import shutil
import sys
from pathlib import Path

from tools.elasticsearch.java import java_home
from tools.elasticsearch.places import ToolFault, cache_folder, locked, prepare
from tools.keycloak import running
from tools.keycloak.fetching import server_home
from tools.keycloak.running import Running

# The tests read this name.
VARIABLE = "KENNIS_TEST_OIDC_ISSUER"


def start(cache: Path, name: str, port: int) -> Running:
    """The server that runs under this name, else a fresh one."""
    folder = cache / "running" / name
    with locked(cache):
        held = Running.load(folder)
        if held is not None and held.answers() and port in (0, held.port):
            return held
        if held is not None:
            running.stop(held)
        home, java = server_home(cache, say), java_home(os.environ)
        say("Starting Keycloak ...")
        return running.start(home, java, folder, port)


def stop(cache: Path, name: str) -> bool:
    """False when nothing was started here. What it held goes too."""
    folder = cache / "running" / name
    with locked(cache):
        held = Running.load(folder)
        if held is None:
            return False
        running.stop(held)
        shutil.rmtree(folder)
        return True


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def show(server: Running) -> None:
    """On stdout only what a shell can take over."""
    print(f"export {VARIABLE}={server.issuer}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.keycloak", description=__doc__)
    parser.add_argument("command", choices=("start", "stop", "status"))
    parser.add_argument("--name", default="keycloak", help="several servers may run beside each other")
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    given = parser.parse_args()
    cache = prepare(cache_folder(os.environ))
    if given.command == "start":
        show(start(cache, given.name, given.port))
    elif given.command == "stop":
        say("Stopped." if stop(cache, given.name) else "Nothing was running.")
    else:
        held = Running.load(cache / "running" / given.name)
        if held is None or not held.answers():
            raise ToolFault("No Keycloak runs here; start one with: make keycloak")
        show(held)


if __name__ == "__main__":
    try:
        main()
    except ToolFault as fault:
        sys.exit(str(fault))
