"""The database of a test: an SQLite file in its folder, or with KENNIS_TEST_DATABASE_URL one on that PostgreSQL.

Making a database takes the server a fifth of a second, so those that a test leaves whole are emptied and used again.
"""

import os
import shutil
import tempfile
from collections import defaultdict
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import URL, make_url, text

from kennis.config import Config
from kennis.store import Store, schema
from kennis.store.base import Table

SERVER = os.environ.get("KENNIS_TEST_DATABASE_URL", "")
# Nothing whose name does not begin so is ever dropped.
PREFIX = "kennis_test_"
TABLES = [table.name for table in reversed(Table.metadata.sorted_tables)]
EMPTY = (
    "SET session_replication_role = replica; "
    + "; ".join(f"DELETE FROM {name}" for name in TABLES)
    + "; INSERT INTO state VALUES ('generation', '0'); SELECT setval(c.oid, 1, false) FROM pg_class c "
    "WHERE relkind = 'S'"
)
TABLES_NOW = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"

_of_folder: dict[tuple[Path, bool], str] = {}
_spare: dict[bool, list[str]] = defaultdict(list)
_made: list[str] = []
_numbers = count()


def address(folder: Path, *, migrated: bool = True) -> str:
    """KENNIS_DATABASE_URL for an installation in this folder, the same whenever it is asked; empty: the default.

    `migrated`: with its tables, as a template has them, so that `upgrade` has nothing to do.
    """
    if not SERVER:
        return ""
    key = (folder.resolve(), migrated)
    if key not in _of_folder:
        _of_folder[key] = (
            _spare[migrated].pop() if _spare[migrated] else _make(_template() if migrated else "template0")
        )
    return _url(_of_folder[key])


def of_commands(folder: Path) -> Store:
    """The database that commands in this folder work with."""
    return Store(address(folder, migrated=False) or f"sqlite:///{folder}/kennis.db")


def execute(folder: Path, statement: str) -> None:
    """Something that no command would do to its database."""
    store = of_commands(folder)
    with store.engine.begin() as connection:
        connection.execute(text(statement))
    store.close()


def copy(source: Path, target: Path) -> None:
    """The database of commands in the one folder also for the other; of SQLite it lies in the folder itself."""
    if SERVER:
        name = _of_folder[(source.resolve(), False)]
        _end_others(name)
        _of_folder[(target.resolve(), False)] = _make(name)


def configured(folder: Path, **settings: str) -> Config:
    """The settings of an installation in this folder, with its database, which has its tables. A suite asks more in a
    minute than anybody."""
    if not SERVER and "KENNIS_DATABASE_URL" not in settings and not (folder / "kennis.db").exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_file(), folder / "kennis.db")
    given = {"KENNIS_DATA_DIR": str(folder), "KENNIS_DATABASE_URL": address(folder), "KENNIS_LIMIT": "1000000"}
    return Config.from_env({**given, **settings})


def release(under: Path) -> None:
    """Give back what tests in this folder used."""
    for key in [key for key in _of_folder if key[0].is_relative_to(under.resolve())]:
        name = _of_folder.pop(key)
        if key[1] and _clear(name):
            _spare[True].append(name)
        else:
            _drop(name)


def drop_all() -> None:
    """At the end of the tests of this process."""
    if _file.cache_info().currsize:
        shutil.rmtree(_file().parent)
    while _made:
        _drop(_made[-1])
    if _template.cache_info().currsize:
        _drop(_template())
    if _server.cache_info().currsize:
        _server().close()


def _url(name: str) -> str:
    return make_url(SERVER).set(database=name).render_as_string(hide_password=False)


@cache
def _server() -> Any:
    """Imported here: without a server nothing of PostgreSQL is loaded."""
    import psycopg

    address: URL = make_url(SERVER).set(drivername="postgresql")
    return psycopg.connect(address.render_as_string(hide_password=False), autocommit=True)


@cache
def _template() -> str:
    name = f"{PREFIX}{os.getpid()}_template"
    _server().execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    _server().execute(f"CREATE DATABASE {name} TEMPLATE template0")
    store = Store(_url(name))
    store.upgrade()
    store.close()
    return name


@cache
def _file() -> Path:
    """An SQLite file with all tables and nothing in them: making those takes ten times as long as copying."""
    path = Path(tempfile.mkdtemp(prefix="kennis-test-")) / "kennis.db"
    store = Store(f"sqlite:///{path}")
    store.upgrade()
    store.close()
    return path


def _make(like: str) -> str:
    name = f"{PREFIX}{os.getpid()}_{next(_numbers)}"
    _server().execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    _server().execute(f"CREATE DATABASE {name} TEMPLATE {like}")
    _made.append(name)
    return name


def _clear(name: str) -> bool:
    """False when its tables are no longer those of the template."""
    import psycopg

    _end_others(name)
    url = make_url(_url(name)).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            tables = connection.execute(TABLES_NOW).fetchone()
            is_whole = version == (schema.HEAD,) and tables == (len(TABLES) + 1,)
            if is_whole:
                connection.execute(EMPTY)
            return is_whole
    except psycopg.Error:
        return False


def _end_others(name: str) -> None:
    """Of processes that a test killed, or of a store it left open."""
    _server().execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))


def _drop(name: str) -> None:
    assert name.startswith(PREFIX)
    _server().execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    if name in _made:
        _made.remove(name)
