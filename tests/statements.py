"""SQLite as SQLAlchemy speaks it, with statements compiled once for all databases of the tests of a process.

SQLAlchemy keeps what it compiled with the engine, and a process has one store with one engine: it compiles a statement
once. Tests open a store each, and compiling took a tenth of their time.
"""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

_compiled: dict[Any, Any] = {}


class Dialect(SQLiteDialect_pysqlite):
    """Nothing else than the dialect itself, but one is as good as another: it is part of the key of a statement."""

    supports_statement_cache = True

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_compiled)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))


def share() -> None:
    """From now on, for `sqlite:///...`."""
    registry.register("sqlite", __name__, Dialect.__name__)
