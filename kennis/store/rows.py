"""Many rows in one statement, past the ORM and past the parameters of SQLAlchemy, which cost half of a row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import insert
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from kennis.store.models import Table

Row = Mapping[str, Any]
# Statements that are remembered: a table, the columns it is filled by, a database (guess).
REMEMBERED = 128


@dataclass(frozen=True, slots=True)
class _Statement:
    """`writers` turn a value into what the driver takes; columns that stand not in a row get their default."""

    sql: str
    is_positional: bool
    names: tuple[str, ...]
    defaults: Row
    writers: Mapping[str, Callable[[Any], Any]]

    def values(self, row: Row) -> tuple[Any, ...] | dict[str, Any]:
        made = {**self.defaults, **row}
        for name, write in self.writers.items():
            made[name] = write(made[name])
        return tuple([made[name] for name in self.names]) if self.is_positional else made


def insert_rows(session: Session, model: type[Table], rows: Sequence[Row]) -> None:
    """All rows have the same keys. Nothing happens without rows; objects in the session are not told."""
    if not rows:
        return
    connection = session.connection()
    statement = _statement(connection.dialect, model, tuple(rows[0]))
    connection.exec_driver_sql(statement.sql, [statement.values(row) for row in rows])


@lru_cache(maxsize=REMEMBERED)
def _statement(dialect: Dialect, model: type[Table], given: tuple[str, ...]) -> _Statement:
    table = Table.metadata.tables[model.__tablename__]
    defaults = {c.name: c.default.arg for c in table.columns if isinstance(c.default, ScalarElementColumnDefault)}
    names = tuple(dict.fromkeys((*defaults, *given)))
    compiled = insert(table).compile(dialect=dialect, column_keys=list(names))
    writers = {}
    for name in names:
        write = table.columns[name].type.dialect_impl(dialect).bind_processor(dialect)
        if write is not None:
            writers[name] = write
    order = tuple(compiled.positiontup or ()) if compiled.positional else names
    return _Statement(str(compiled), bool(compiled.positional), order, defaults, writers)
