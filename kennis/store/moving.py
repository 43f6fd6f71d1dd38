"""A whole database as NDJSON, drafts and traces included, and into an empty one: to move from SQLite to PostgreSQL.

The first line names the version of the tables, then comes a line per row, then one that counts them: a pipe that broke
is noticed, and nothing is stored. The outbox is not moved but made anew, for the index belongs to the other database.
"""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import Column, LargeBinary, Row, exists, insert, select, update
from sqlalchemy import Table as SqlTable
from sqlalchemy.exc import DataError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from kennis.errors import BadSetup
from kennis.store import Store, problems, sequences, state
from kennis.store.base import Document, Table
from kennis.store.models import DeadLetter, Entry, IndexJob, State, Tombstone
from kennis.store.rows import insert_rows
from kennis.store.schema import HEAD

FORMAT = "kennis-full"
# So many rows in one statement (guess).
BATCH = 500
# What is known of an index is about the index of the database that was left.
OF_INDEX = "index-position:"
OF_INDEX_TABLES = (IndexJob.__tablename__, DeadLetter.__tablename__)
Line = Mapping[str, Any]


def _tables() -> list[SqlTable]:
    """In an order in which rows find those they name; without the outbox and what was refused of it."""
    return [table for table in Table.metadata.sorted_tables if table.name not in OF_INDEX_TABLES]


def export(session: Session) -> Iterator[bytes]:
    """Every row, in one state of the database when the session is of `Store.reading`."""
    yield _line({"format": FORMAT, "schema": HEAD, "sequences": sequences.given(session.connection())})
    number = 0
    for table in _tables():
        for row in _rows(session, table):
            if table.name == State.__tablename__ and row.key.startswith(OF_INDEX):
                continue
            yield _line({"table": str(table.name), "row": dict(zip(table.columns.keys(), _plain(row), strict=True))})
            number += 1
    yield _line({"end": number})


def _rows(session: Session, table: SqlTable) -> Iterator[Row[Any]]:
    key = list(table.primary_key.columns)
    wanted = select(table).order_by(*key).execution_options(yield_per=BATCH)
    yield from session.execute(wanted)


def _plain(row: Row[Any]) -> list[Any]:
    return [b64encode(value).decode() if isinstance(value, bytes) else value for value in row]


def _line(made: Line) -> bytes:
    return orjson.dumps(made, option=orjson.OPT_APPEND_NEWLINE)


def load(store: Store, lines: Iterable[bytes]) -> int:
    """Bring the tables to this version and fill them, in one transaction; how many rows. BadSetup: nothing is kept."""
    store.upgrade()
    with store.transaction() as session:
        _require_empty(session, store.url)
        number = _load(session, lines)
        _make_outbox(session)
        state.raise_generation(session)
    return number


def _require_empty(session: Session, url: str) -> None:
    """Only the number that making the tables puts there may stand in it."""
    for table in Table.metadata.sorted_tables:
        query = select(table).where(State.key != state.GENERATION) if table.name == "state" else select(table)
        if session.scalar(select(exists(query))):
            name = problems.name_of(url)
            raise BadSetup(
                f"De database {name} is niet leeg; verhuis alles naar een lege (KENNIS_DATABASE_URL).",
                f"The database {name} is not empty; move everything into an empty one (KENNIS_DATABASE_URL).",
            )


def _load(session: Session, lines: Iterable[bytes]) -> int:
    read = ((number, _read(line, number)) for number, line in enumerate(lines, start=1))
    given = _sequences_of(next(read, (1, {}))[1])
    session.execute(State.__table__.delete())  # type: ignore[attr-defined]  # its own number comes along
    links: list[Callable[[], None]] = []
    count, is_whole = 0, False
    for name, rows in groupby(read, key=lambda pair: pair[1].get("table")):
        if is_whole:
            raise _half()
        if name is None:
            _require_end([line for _, line in rows], count)
            is_whole = True
            continue
        for batch in _batches(rows):
            _insert(session, name, batch, links)
            count += len(batch)
    if not is_whole:
        raise _half()
    for link in links:
        link()
    sequences.put(session.connection(), given)
    return count


def _read(line: bytes, number: int) -> Line:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise _strange(number)
    return found


def _sequences_of(header: Line) -> Mapping[str, int]:
    if header.get("format") != FORMAT:
        raise BadSetup(
            "Dit is geen volledige uitvoer van Kennis; maak die met: kennis export --full BESTAND",
            "This is no full export of Kennis; make one with: kennis export --full FILE",
        )
    version = header.get("schema")
    if version != HEAD:
        raise BadSetup(
            f"Deze uitvoer is van tabellen versie {version}, hier is {HEAD}; werk beide bij met dezelfde Kennis "
            "(kennis db upgrade) en voer opnieuw uit.",
            f"This export is of tables version {version}, here it is {HEAD}; bring both up with the same Kennis "
            "(kennis db upgrade) and export again.",
        )
    given = header.get("sequences")
    if not isinstance(given, dict) or not all(type(number) is int for number in given.values()):
        raise _strange(1)
    return {name: given.get(name, 0) for name in sequences.tables()}


def _require_end(rest: list[Line], count: int) -> None:
    if len(rest) != 1 or rest[0].get("end") != count:
        raise _half()


def _batches(rows: Iterator[tuple[int, Line]]) -> Iterator[list[tuple[int, Line]]]:
    batch: list[tuple[int, Line]] = []
    for pair in rows:
        batch.append(pair)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _insert(session: Session, name: str, batch: list[tuple[int, Line]], links: list[Callable[[], None]]) -> None:
    """A row may name a later one of its own table: that is filled in at the end."""
    table = next((t for t in _tables() if t.name == name), None)
    first = batch[0][0]
    if table is None:
        raise _strange(first)
    rows = [_values(table, line, number) for number, line in batch]
    inner = [c for c in table.columns for key in c.foreign_keys if key.column.table is table]
    for column in inner:
        later = [row for row in rows if row[column.key] is not None]
        links += [_linking(session, table, column, row, row[column.key]) for row in later]
        for row in later:
            row[column.key] = None
    try:
        session.execute(insert(table), rows)
    except (IntegrityError, DataError, StatementError) as error:
        raise _strange(first, batch[-1][0]) from error


def _linking(
    session: Session, table: SqlTable, column: Column[Any], row: Mapping[str, Any], value: Any
) -> Callable[[], None]:
    where = [c == row[c.key] for c in table.primary_key.columns]
    return lambda: _fill(session, update(table).where(*where).values({column.key: value}))


def _fill(session: Session, statement: Any) -> None:
    try:
        session.execute(statement)
    except IntegrityError as error:
        raise _half() from error


def _values(table: SqlTable, line: Line, number: int) -> dict[str, Any]:
    row = line.get("row")
    if not isinstance(row, dict) or row.keys() != set(table.columns.keys()):
        raise _strange(number)
    return {column.key: _value(column, row[column.key], number) for column in table.columns}


def _value(column: Column[Any], value: Any, number: int) -> Any:
    if value is None and column.nullable:
        return None
    if isinstance(column.type, LargeBinary):
        try:
            return b64decode(value, validate=True)
        except (NotBase64, TypeError, ValueError) as error:
            raise _strange(number) from error
    wanted = dict if isinstance(column.type, Document) else column.type.python_type
    if type(value) is not wanted:
        raise _strange(number)
    return value


def _make_outbox(session: Session) -> None:
    """A job for all that any index may hold, so that one that is there already is brought up too."""
    rows = [*session.execute(select(Entry.id, Entry.index_version, Entry.updated_at).where(Entry.index_version > 0))]
    rows += session.execute(select(Tombstone.id, Tombstone.index_version, Tombstone.withdrawn_on))
    insert_rows(session, IndexJob, [{"entry_id": i, "index_version": v, "created": at} for i, v, at in rows])


def _half() -> BadSetup:
    return BadSetup(
        "De uitvoer is niet heel: er ontbreken regels. Er is niets opgeslagen; voer opnieuw uit.",
        "The export is not whole: lines are missing. Nothing was stored; export again.",
    )


def _strange(first: int, last: int | None = None) -> BadSetup:
    """Names the place only: a row holds words of people."""
    nl, en = (
        (f"Regel {first} tot en met {last}", f"Lines {first} to {last}")
        if last
        else (f"Regel {first}", f"Line {first}")
    )
    return BadSetup(
        f"{nl} past niet in deze database. Er is niets opgeslagen; voer opnieuw uit met: kennis export --full",
        f"{en} cannot be stored in this database. Nothing was stored; export again with: kennis export --full",
    )
