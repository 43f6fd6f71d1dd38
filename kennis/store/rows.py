"""Many rows in one statement, past the ORM and past the parameters of SQLAlchemy, which cost half of a row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import insert
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from kennis.store.base import Table

Row = Mapping[str, Any]
# Statements that are remembered: a table, the columns it is filled by, a database (guess).
REMEMBERED = 128


@dataclass(frozen=True, slots=True)
class _Statement:
    """`writers` turn a value into what the driver takes; columns that stand not in a row get their default.
    `in_order` is None where the driver takes values by name."""

    sql: str
    in_order: Callable[[Row], tuple[Any, ...]] | None
    defaults: Row
    writers: Mapping[str, Callable[[Any], Any]]

    def values(self, rows: Sequence[Row]) -> list[Any]:
        is_changed = bool(self.defaults or self.writers)
        made: list[Any] = [{**self.defaults, **row} for row in rows] if is_changed else list(rows)
        for name, write in self.writers.items():
            for row in made:
                row[name] = write(row[name])
        return made if self.in_order is None else list(map(self.in_order, made))


def insert_rows(session: Session, model: type[Table], rows: Sequence[Row]) -> None:
    """All rows have the same keys. Nothing happens without rows; objects in the session are not told."""
    if not rows:
        return
    connection = session.connection()
    statement = _statement(connection.dialect, model, tuple(rows[0]))
    connection.exec_driver_sql(statement.sql, statement.values(rows))


@lru_cache(maxsize=REMEMBERED)
def _statement(dialect: Dialect, model: type[Table], given: tuple[str, ...]) -> _Statement:
    table = Table.metadata.tables[model.__tablename__]
    defaults = {c.name: c.default.arg for c in table.columns if isinstance(c.default, ScalarElementColumnDefault)}
    names = tuple(dict.fromkeys((*defaults, *given)))
    compiled = insert(table).inline().compile(dialect=dialect, column_keys=list(names))
    writers = {}
    for name in names:
        write = table.columns[name].type.dialect_impl(dialect).bind_processor(dialect)
        if write is not None:
            writers[name] = write
    in_order = _in_order(compiled.positiontup or ()) if compiled.positional else None
    return _Statement(str(compiled), in_order, defaults, writers)


def _in_order(names: Sequence[str]) -> Callable[[Row], tuple[Any, ...]]:
    # Of one name it would give the bare value.
    return itemgetter(*names) if len(names) > 1 else lambda row: tuple(row[name] for name in names)
