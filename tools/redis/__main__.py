"""python -m tools.redis start|stop|status: what `make redis` and `make redis-stop` call."""

import argparse
import fcntl
import os
import sys
from pathlib import Path

from tools.elasticsearch.places import ToolFault, cache_folder, prepare
from tools.redis.server import Server, program

# The tests read this name.
VARIABLE = "KENNIS_TEST_REDIS_URL"


def obey(command: str, cache: Path) -> None:
    """One command at a time: two would start the same server."""
    server = Server(program(), cache / "running" / "redis")
    with (cache / "redis.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        is_running = server.is_running()
        if command == "stop":
            if is_running:
                server.stop()
            server.remove()
            say("Stopped." if is_running else "Nothing was running.")
            return
        if command == "status" and not is_running:
            raise ToolFault("No Redis runs here; start one with: make redis")
        if not is_running:
            say("Starting Redis ...")
            # What a killed one left: its port may be another's by now.
            server.remove()
            server.start()
        # On stdout only what a shell can take over.
        print(f"export {VARIABLE}={server.url}")


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tools.redis", description=__doc__)
    parser.add_argument("command", choices=("start", "stop", "status"))
    try:
        obey(parser.parse_args().command, prepare(cache_folder(os.environ)))
    except ToolFault as fault:
        sys.exit(str(fault))
