"""What counting costs: CPU of one answer with and without it. `python -m tools.bench.limiting` (KENNIS_TEST_REDIS_URL
for the figures of Redis)."""

import os
import time
from collections.abc import Callable
from tempfile import TemporaryDirectory

from flask import Flask
from werkzeug.test import EnvironBuilder

from kennis.api import limits
from kennis.app import create_app
from kennis.config import Config
from kennis.installation import EXTENSION

ROUNDS, REQUESTS = 25, 300
PATH = "/v1/entries?q=huis"


def app(folder: str, *, is_counted: bool = True, url: str = "memory://") -> Flask:
    made = create_app(Config.from_env({"KENNIS_DATA_DIR": folder, "KENNIS_LIMIT": "1000000", "KENNIS_LIMITS_URL": url}))
    if not is_counted:
        before = made.before_request_funcs[None]
        before[:] = filter(lambda function: function.__module__ != limits.__name__, before)
    return made


def asking(made: Flask, **headers: str) -> Callable[[], None]:
    environ = EnvironBuilder(PATH, headers=list(headers.items())).get_environ()

    def ask() -> None:
        answer = made(dict(environ), lambda *_: lambda _: None)
        for _ in answer:
            pass
        answer.close()  # type: ignore[attr-defined]  # werkzeug's iterator has it

    return ask


def microseconds(ask: Callable[[], None]) -> float:
    start = time.process_time()
    for _ in range(REQUESTS):
        ask()
    return (time.process_time() - start) / REQUESTS * 1e6


def measure(folder: str) -> None:
    parts = create_app(Config.from_env({"KENNIS_DATA_DIR": folder})).extensions[EXTENSION]
    parts.store.upgrade()
    parts.indexer.catch_up()
    etag = app(folder).test_client().get(PATH).headers["ETag"]
    apps = {"not counted": app(folder, is_counted=False), "memory": app(folder)}
    if url := os.environ.get("KENNIS_TEST_REDIS_URL"):
        apps["redis"] = app(folder, url=url)
    for told, headers in (("kept page", {}), ("304", {"If-None-Match": etag})):
        asks = {name: asking(made, **headers) for name, made in apps.items()}
        # In turns, and the least: what else the machine does only adds.
        rounds = [{name: microseconds(ask) for name, ask in asks.items()} for _ in range(ROUNDS)]
        for name in apps:
            print(f"{told}, {name}: {min(one[name] for one in rounds):.0f} µs")


if __name__ == "__main__":
    with TemporaryDirectory() as made_here:
        measure(made_here)
