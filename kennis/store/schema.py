"""The version of the tables: reading it, checking it, bringing it up. Alembic is imported only to change tables."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from kennis.store import people, problems

if TYPE_CHECKING:
    from alembic.config import Config

# The newest migration; a test compares it with the folder. Numbers, so that newer and older are known.
HEAD = "0005"
# Of the tables in both files.
METADATA = people.Account.metadata
MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def found(engine: Engine, url: str) -> str | None:
    """The version in the database, None when it is empty; BadSetup when it belongs to something else."""
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        if "alembic_version" not in tables:
            if tables:
                raise problems.not_ours(url)
            return None
        if "entries" not in tables and tables != {"alembic_version"}:
            raise problems.not_ours(url)
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if version is None and "entries" in tables:
            raise problems.unmarked(url)
        return version


def require_all_tables(engine: Engine, url: str) -> None:
    """BadSetup when a table is gone that the version promises."""
    with engine.connect() as connection:
        if not set(METADATA.tables) <= set(inspect(connection).get_table_names()):
            raise problems.unmarked(url)


def check(engine: Engine, url: str) -> None:
    """Raise BadSetup unless the tables are those this Kennis knows."""
    version = found(engine, url)
    if version is None:
        raise problems.no_tables(url)
    if version == HEAD:
        return
    is_newer = not version.isdigit() or int(version) > int(HEAD)
    raise (problems.newer if is_newer else problems.older)(url, version, HEAD)


def upgrade(engine: Engine, url: str) -> None:
    """Bring the tables to this version in one transaction: a failure leaves them as they were."""
    version = found(engine, url)
    if version is not None and (not version.isdigit() or int(version) > int(HEAD)):
        raise problems.newer(url, version, HEAD)
    if version == HEAD:
        return
    if version is not None and not list((MIGRATIONS / "versions").glob(f"{version}_*.py")):
        raise problems.unmarked(url)
    from alembic import command

    with engine.begin() as connection:
        _take_time(connection)
        command.upgrade(configuration(connection), "head")


def downgrade(engine: Engine, revision: str) -> None:
    from alembic import command

    with engine.begin() as connection:
        _take_time(connection)
        command.downgrade(configuration(connection), revision)


def _take_time(connection: Connection) -> None:
    """Tables full of rows are changed for as long as it takes."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")


def configuration(connection: Connection) -> "Config":
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made
