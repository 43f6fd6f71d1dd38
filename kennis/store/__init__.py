"""The database, source of truth: transactions, and the few reads that must be fast."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kennis.errors import BadSetup
from kennis.store import postgresql_problems, problems, schema, sqlite
from kennis.store.models import PIECES
from kennis.store.postgresql_problems import Contended
from kennis.store.state import GENERATION

Fragments = dict[str, tuple[bytes, str | None]]
T = TypeVar("T")
# Before a step that another program got in the way of is taken once more, in seconds (guess).
PAUSES = (0.05, 0.2, 0.8)


class Reader(Protocol):
    """Reads rows with the bare driver of one kind of database."""

    def fragments(self, ids: Sequence[str], columns: Sequence[str], *, only_partners: bool) -> list[Any]:
        """Id, the day from which it no longer holds, and these columns of each row there is."""
        ...

    def state(self, key: str) -> list[Any]: ...

    def jobs_after(self, key: str) -> list[Any]: ...

    def close(self) -> None: ...


class Store:
    """One per process. Making it opens nothing; the first use does, and says in words what is wrong. `is_loading`: of
    a process that stores much and answers nobody, which may hold more memory."""

    def __init__(self, url: str, *, busy_seconds: float = sqlite.BUSY_SECONDS, is_loading: bool = False) -> None:
        self.url = url
        self._is_postgresql = problems.is_postgresql(url)
        self.engine: Engine
        self._reader: Reader
        if self._is_postgresql:
            from kennis.store import postgresql

            self.engine = postgresql.open_engine(url, busy_seconds)
            self._reader = postgresql.BareReader(url)
        else:
            self.engine = problems.engine(url)
            sqlite.prepare(self.engine, busy_seconds, is_loading=is_loading)
            self._reader = sqlite.BareReader(problems.name_of(url), busy_seconds)
        self._writer = self.engine.execution_options(**{sqlite.WRITES: True})
        # SQLite shows a reader one state by itself.
        self._readers = (
            self.engine.execution_options(isolation_level="REPEATABLE READ") if self._is_postgresql else self.engine
        )

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Write: all of it or nothing. The lock is taken at once, so one writer at a time (decision 0014)."""
        with self._explained(), Session(self._writer, expire_on_commit=False) as session, session.begin():
            session.connection()
            yield session

    def write(self, step: Callable[[Session], T]) -> T:
        """Take the step in a transaction, and again when the server broke that off for the sake of another one."""
        for pause in PAUSES:
            try:
                with self.transaction() as session:
                    return step(session)
            except Contended:
                time.sleep(pause)
        with self.transaction() as session:
            return step(session)

    @contextmanager
    def trial(self) -> Iterator[Session]:
        """Do everything and keep nothing; others wait to write meanwhile."""
        with self._explained(), Session(self._writer, expire_on_commit=False) as session:
            session.connection()
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Read one state of the database, however long it takes; what is changed here is thrown away."""
        with self._explained(), Session(self._readers, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """One at a time over all processes and machines. On SQLite nobody is kept out: who needs that has a lock in
        the folder of the installation."""
        if not self._is_postgresql:
            yield
            return
        from kennis.store import postgresql

        with self._explained(), postgresql.alone(self.engine, name):
            yield

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            sentence = self._explain(error)
            if sentence is None:
                raise
            raise sentence from error

    def fragments(self, ids: Sequence[str], shape: str, language: str, *, surface: str = "partners") -> Fragments:
        """Public bytes by id, and the day from which they no longer hold; what may not be shown is absent.

        Archived entries have no card; a story that may not go to partners is there on the surface `pages` only.
        """
        columns = PIECES[shape, language]
        rows = self._bare(lambda: self._reader.fragments(ids, columns, only_partners=surface == "partners"))
        return {entry_id: (b"".join(pieces), until) for entry_id, until, *pieces in rows if pieces[0] is not None}

    def generation(self) -> int:
        """Raised by every change of what the public may read; cheap enough to ask at each request."""
        rows = self._bare(lambda: self._reader.state(GENERATION))
        return int(rows[0][0]) if rows else 0

    def has_jobs_after(self, key: str) -> bool:
        """Whether the outbox holds more than the number under this key of `state`; as cheap as `generation`."""
        return bool(self._bare(lambda: self._reader.jobs_after(key)))

    def _bare(self, read: Callable[[], list[Any]]) -> list[Any]:
        try:
            return read()
        except Exception as error:
            sentence = self._explain(error)
            if sentence is None:
                raise
            raise sentence from error

    def _explain(self, error: BaseException) -> BadSetup | None:
        explain = postgresql_problems.explain if self._is_postgresql else problems.explain
        return explain(error, self.url)

    def revision(self) -> str | None:
        """The version of the tables, None for an empty database. Leaves no file behind where there was none."""
        if problems.is_missing(self.url):
            return None
        with self._explained():
            return schema.found(self.engine, self.url)

    def check(self) -> None:
        """Raise BadSetup unless the tables are there and of this version."""
        if problems.is_missing(self.url):
            raise problems.no_tables(self.url)
        with self._explained():
            schema.check(self.engine, self.url)

    def examine(self) -> None:
        """`check`, and raise BadSetup as well when a table is gone, nothing can be written now, or an SQLite file is
        damaged anywhere: that reads all of it. Changes nothing."""
        self.check()
        with self._explained():
            schema.require_all_tables(self.engine, self.url)
        if not self._is_postgresql:
            with self.reading() as session:
                sqlite.require_whole(session, self.url)
        with self.transaction() as session:
            if self._is_postgresql:
                postgresql_problems.require_writable(session, self.url)
            else:
                sqlite.require_writable(session)

    def upgrade(self) -> None:
        """Make the tables or bring them to this version; does nothing when they are. Makes the folder too."""
        problems.prepare_file(self.url)
        with self._explained():
            schema.upgrade(self._writer, self.url)

    def close(self) -> None:
        self._reader.close()
        self.engine.dispose()
