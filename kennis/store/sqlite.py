"""The marked place for what only SQLite knows: pragmas, BEGIN IMMEDIATE, and reading with the bare driver."""

import sqlite3
from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from kennis.store import problems
from kennis.store.held import Held

# How long a writer waits for another one before the database counts as locked (guess).
BUSY_SECONDS = 10.0
# A reader's connection is opened anew after this time, so that a restored file is noticed (guess).
READER_SECONDS = 60.0
# One text of SQL for any number of ids, so that it is parsed once: they come as one JSON array.
FRAGMENTS = """
SELECT entry_id, holds_until, {columns} FROM fragments
WHERE entry_id IN (SELECT value FROM json_each(?)) AND partner_use >= ?
"""
STATE = "SELECT value FROM state WHERE key = ?"
JOBS_AFTER = """
SELECT 1 FROM index_jobs
WHERE id > COALESCE((SELECT CAST(value AS INTEGER) FROM state WHERE key = ?), 0) LIMIT 1
"""
WRITES = "kennis_writes"

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
)
# KiB of the file that a connection holds. What SQLite gives by itself is right for a server: every thread has a
# connection, and with 64 MB each a server of 100,000 entries held 130 MB more.
PAGE_CACHE = 2_000
# Of a command that loads much, which has one connection. A batch fits in such a cache: storing takes a fifteenth less.
# All batches change pages of the same indexes, which go from the journal to the file once in so many pages (64 MB)
# instead of every time: a twentieth less (make bench, 10,000 entries).
LOADING = ("PRAGMA cache_size=-32000", "PRAGMA wal_autocheckpoint=16000")


def prepare(engine: Engine, busy_seconds: float, *, is_loading: bool) -> None:
    """Give every connection the pragmas, and every writing transaction its lock at the start, not half-way."""
    pragmas = (*PRAGMAS, *LOADING) if is_loading else (*PRAGMAS, f"PRAGMA cache_size=-{PAGE_CACHE}")

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={int(busy_seconds * 1000)}")
        for pragma in pragmas:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def began(connection: Any) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def require_whole(session: Session, url: str) -> None:
    """BadSetup when a page of the file is not what SQLite wrote."""
    if session.scalar(text("PRAGMA quick_check(1)")) != "ok":
        raise problems.damaged(url)


def require_writable(session: Session) -> None:
    """Fails on a read-only file, where a writing transaction begins without a word. Deletes nothing."""
    session.execute(text("DELETE FROM state WHERE 0"))


class BareReader:
    """Reads fragments and the generation without SQLAlchemy: 5 against 166 microseconds a row (performance.md)."""

    def __init__(self, path: str, busy_seconds: float) -> None:
        self._path = path
        self._busy_seconds = busy_seconds
        self._held: Held[sqlite3.Connection] = Held()

    def fragments(self, ids: Sequence[str], columns: Sequence[str], *, only_partners: bool) -> list[Any]:
        asked = FRAGMENTS.format(columns=", ".join(columns))
        return self._rows(asked, (orjson.dumps(list(ids)).decode(), int(only_partners)))

    def state(self, key: str) -> list[Any]:
        return self._rows(STATE, (key,))

    def jobs_after(self, key: str) -> list[Any]:
        return self._rows(JOBS_AFTER, (key,))

    def _rows(self, sql: str, values: Sequence[Any]) -> list[Any]:
        """All rows at once: no read transaction stays open that would keep erased text in the WAL."""
        return self._connection().execute(sql, values).fetchall()

    def _connection(self) -> sqlite3.Connection:
        held = self._held.mine(READER_SECONDS)
        if held is not None:
            return held
        connection = sqlite3.connect(
            self._path,
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,
            uri=self._path.startswith("file:"),
        )
        connection.execute("PRAGMA query_only=ON")
        return self._held.keep(connection)

    def close(self) -> None:
        self._held.close()
