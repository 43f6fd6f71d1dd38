"""The marked place for what only PostgreSQL knows: timeouts, the lock of the writer, and reading with the bare driver.

The only module that imports psycopg; `Store` imports it when the address asks for it (decision 0014).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext

from kennis.store import postgresql_problems
from kennis.store.held import Held
from kennis.store.sqlite import WRITES

# A statement that runs longer than this is broken off; the longest of Kennis take seconds (guess).
STATEMENT_SECONDS = 60
# A transaction in which nothing happens for so long is ended: what it holds would keep everybody waiting (guess).
IDLE_SECONDS = 600
# A client whose machine died is noticed after 30 + 3 * 10 seconds, and its locks are free again (guesses).
KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
CONNECT_SECONDS = 10
# Names of our advisory locks: the first number is Kennis, the second what is locked. 1 is the writer.
KENNIS, WRITER = 1_801_808_245, 1
FRAGMENTS = """
SELECT entry_id, holds_until, {columns} FROM fragments
WHERE entry_id = ANY(%s) AND (partner_use OR NOT %s)
"""
STATE = "SELECT value FROM state WHERE key = %s"
JOBS_AFTER = """
SELECT 1 FROM index_jobs
WHERE id > COALESCE((SELECT CAST(value AS INTEGER) FROM state WHERE key = %s), 0) LIMIT 1
"""
_SESSION = f"""
SET statement_timeout = '{STATEMENT_SECONDS}s';
SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s';
SET tcp_keepalives_idle = {KEEPALIVE["keepalives_idle"]};
SET tcp_keepalives_interval = {KEEPALIVE["keepalives_interval"]};
SET tcp_keepalives_count = {KEEPALIVE["keepalives_count"]}
"""


def open_engine(url: str, busy_seconds: float) -> Engine:
    """Connections that a restart of the server broke are noticed before they are used."""
    engine = create_engine(_address(url), hide_parameters=True, pool_pre_ping=True, connect_args=_arguments(url))
    lock = f"SET LOCAL lock_timeout = {int(busy_seconds * 1000)}; SELECT pg_advisory_xact_lock({KENNIS}, {WRITER})"

    @event.listens_for(engine, "connect")
    def connected(connection: "psycopg.Connection[Any]", _: Any) -> None:
        _prepare(connection, url)

    @event.listens_for(engine, "begin")
    def began(connection: Connection) -> None:
        # One writer at a time, as on SQLite: numbers of jobs and changes become visible in their own order. The lock
        # comes first, so that all that follows reads what the writer before it has committed.
        if connection.get_execution_options().get(WRITES, False):
            connection.exec_driver_sql(lock)

    event.listen(engine, "handle_error", _hide_values)
    return engine


def _address(url: str) -> URL:
    """Whatever driver it names: this is the one that comes with Kennis."""
    return make_url(url).set(drivername="postgresql+psycopg")


def _arguments(url: str) -> dict[str, Any]:
    """For a connection; what the address says itself goes first."""
    of_kennis = {"connect_timeout": CONNECT_SECONDS, "application_name": "kennis", **KEEPALIVE}
    address = _address(url)
    _, of_address = address.get_dialect()().create_connect_args(address)
    return {**of_kennis, **of_address}


def _prepare(connection: "psycopg.Connection[Any]", url: str) -> None:
    try:
        encoding = connection.info.parameter_status("server_encoding") or ""
        postgresql_problems.require_fit(connection.info.server_version, encoding, url)
    except Exception:
        connection.close()
        raise
    before, connection.autocommit = connection.autocommit, True
    connection.execute(_SESSION)
    connection.autocommit = before


def _hide_values(context: ExceptionContext) -> None:
    """Only the first line of an error: its DETAIL holds the row that broke a rule, words of people included (R4)."""
    cause = context.original_exception
    if isinstance(cause, psycopg.Error) and cause.diag.message_primary:
        cause.args = (cause.diag.message_primary,)
        if context.sqlalchemy_exception is not None:
            context.sqlalchemy_exception.args = (f"({type(cause).__name__}) {cause.diag.message_primary}",)


@contextmanager
def alone(engine: Engine, name: str) -> Iterator[None]:
    """Waits until nobody else, in any process on any machine, holds this name. Ends with the connection."""
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (KENNIS, name))
        yield


class BareReader:
    """Reads fragments and the generation without SQLAlchemy, on one connection per thread."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._arguments = _arguments(url)
        self._held: Held[psycopg.Connection[Any]] = Held()

    def fragments(self, ids: Sequence[str], columns: Sequence[str], *, only_partners: bool) -> list[Any]:
        return self._rows(FRAGMENTS.format(columns=", ".join(columns)), (list(ids), only_partners))

    def state(self, key: str) -> list[Any]:
        return self._rows(STATE, (key,))

    def jobs_after(self, key: str) -> list[Any]:
        return self._rows(JOBS_AFTER, (key,))

    def _rows(self, sql: str, values: Sequence[Any]) -> list[Any]:
        """Once more on a new connection when the one we had turns out to be broken, as after a restart."""
        held = self._held.mine()
        if held is not None:
            try:
                return self._ask(held, sql, values)
            except psycopg.OperationalError:
                if not held.broken:
                    raise
                self._held.forget(held)
        return self._ask(self._connect(), sql, values)

    def _ask(self, connection: "psycopg.Connection[Any]", sql: str, values: Sequence[Any]) -> list[Any]:
        # binary: bodies come as they are, not as hexadecimal text.
        with connection.cursor(binary=True) as cursor:
            return cursor.execute(sql, values).fetchall()

    def _connect(self) -> "psycopg.Connection[Any]":
        connection = psycopg.connect(autocommit=True, **self._arguments)
        _prepare(connection, self._url)
        return self._held.keep(connection)

    def close(self) -> None:
        self._held.close()
