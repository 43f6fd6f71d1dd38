"""The database, source of truth: transactions, and the few reads that must be fast."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kennis.store import problems, schema, sqlite
from kennis.store.models import FragmentRow, State
from kennis.store.state import GENERATION

Fragments = dict[str, tuple[bytes, str | None]]


class Store:
    """One per process. Making it opens nothing; the first use does, and says in words what is wrong."""

    def __init__(self, url: str, *, busy_seconds: float = sqlite.BUSY_SECONDS) -> None:
        self.url = url
        self._is_sqlite = problems.is_sqlite(url)
        problems.prepare_folder(url)
        self.engine: Engine = create_engine(url, hide_parameters=True)
        self._reader: sqlite.BareReader | None = None
        if self._is_sqlite:
            sqlite.prepare(self.engine, busy_seconds)
            self._reader = sqlite.BareReader(problems.name_of(url), busy_seconds)
        self._writer = self.engine.execution_options(**{sqlite.WRITES: True})

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Write: all of it or nothing. On SQLite the lock is taken at once, so one writer at a time."""
        with self._explained(), Session(self._writer, expire_on_commit=False) as session, session.begin():
            session.connection()
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Read one state of the database, however long it takes; what is changed here is thrown away."""
        with self._explained(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            sentence = problems.explain(error, self.url)
            if sentence is None:
                raise
            raise sentence from error

    def fragments(self, ids: Sequence[str], shape: str, language: str, *, surface: str = "partners") -> Fragments:
        """Public bytes by id, and the day from which they no longer hold; what may not be shown is absent.

        Archived entries have no card; a story that may not go to partners is there on the surface `pages` only.
        """
        only_partners = surface == "partners"
        if self._reader is None:
            return self._fragments_portable(ids, shape, language, only_partners)
        values = (orjson.dumps(list(ids)).decode(), shape, language, int(only_partners))
        rows = self._bare(self._reader, sqlite.FRAGMENTS, values)
        return {row[0]: (row[1], row[2]) for row in rows}

    def _fragments_portable(self, ids: Sequence[str], shape: str, language: str, only_partners: bool) -> Fragments:
        wanted = select(FragmentRow.entry_id, FragmentRow.body, FragmentRow.holds_until).where(
            FragmentRow.entry_id.in_(ids), FragmentRow.shape == shape, FragmentRow.language == language
        )
        if only_partners:
            wanted = wanted.where(FragmentRow.partner_use)
        with self.reading() as session:
            return {row[0]: (row[1], row[2]) for row in session.execute(wanted)}

    def generation(self) -> int:
        """Raised by every change of what the public may read; cheap enough to ask at each request."""
        if self._reader is None:
            with self.reading() as session:
                return int(session.scalar(select(State.value).where(State.key == GENERATION)) or 0)
        rows = self._bare(self._reader, sqlite.STATE, (GENERATION,))
        return int(rows[0][0]) if rows else 0

    def _bare(self, reader: sqlite.BareReader, sql: str, values: Sequence[object]) -> list[Any]:
        try:
            return reader.rows(sql, values)
        except Exception as error:
            sentence = problems.explain(error, self.url)
            if sentence is None:
                raise
            raise sentence from error

    def revision(self) -> str | None:
        """The version of the tables, None for an empty database."""
        with self._explained():
            return schema.found(self.engine, self.url)

    def check(self) -> None:
        """Raise BadSetup unless the tables are there and of this version."""
        with self._explained():
            schema.check(self.engine, self.url)

    def upgrade(self) -> None:
        """Make the tables or bring them to this version; does nothing when they are."""
        with self._explained():
            schema.upgrade(self._writer, self.url)

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self.engine.dispose()
