"""Templates compiled once for all apps of the tests of a process: Jinja keeps what it compiled with each app."""

from types import CodeType

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """By name and text of the template, as Jinja's own caches on disk do."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code


_COMPILED = Compiled()


def share(app: Flask) -> Flask:
    """Before its first page."""
    app.jinja_env.bytecode_cache = _COMPILED
    return app
