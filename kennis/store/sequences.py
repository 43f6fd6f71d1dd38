"""The numbers that tables give to their rows: one that was given is never given again, also when its row is gone."""

from collections.abc import Mapping

from sqlalchemy import Connection, column, delete, func, insert, select, table, text

from kennis.store.base import Table

# Where SQLite keeps them, for tables with AUTOINCREMENT only; PostgreSQL has a sequence for each table.
_OF_SQLITE = table("sqlite_sequence", column("name"), column("seq"))


def tables() -> list[str]:
    return [str(t.name) for t in Table.metadata.sorted_tables if t.autoincrement_column is not None]


def given(connection: Connection) -> dict[str, int]:
    """The highest number each table has given."""
    return {name: _given(connection, name) for name in tables()}


def put(connection: Connection, numbers: Mapping[str, int]) -> None:
    """Go on after these numbers, or after the highest that stands in the table."""
    for name, number in numbers.items():
        last = max(number, _given(connection, name))
        if last < 1:
            continue
        if connection.dialect.name == "postgresql":
            move = text("SELECT setval(CAST(:sequence AS regclass), :last)")
            connection.execute(move, {"sequence": f"{name}_id_seq", "last": last})
        elif _is_kept(name):
            connection.execute(delete(_OF_SQLITE).where(_OF_SQLITE.c.name == name))
            connection.execute(insert(_OF_SQLITE).values(name=name, seq=last))


def _given(connection: Connection, name: str) -> int:
    highest = connection.scalar(select(func.max(Table.metadata.tables[name].c.id))) or 0
    if connection.dialect.name == "postgresql":
        sequence = table(f"{name}_id_seq", column("last_value"), column("is_called"))
        last = connection.scalar(select(sequence.c.last_value).where(sequence.c.is_called))
    else:
        last = connection.scalar(select(_OF_SQLITE.c.seq).where(_OF_SQLITE.c.name == name))
    return max(highest, last or 0)


def _is_kept(name: str) -> bool:
    return bool(Table.metadata.tables[name].dialect_options["sqlite"]["autoincrement"])
