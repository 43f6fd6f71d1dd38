"""`kennis db`, and what commands say of a database they cannot use."""

import sqlite3
from pathlib import Path

import pytest

from kennis.store.schema import HEAD
from tests.unit.cli.program import looks_like_one_sentence, refuse, run, run_limited, succeed

# The same on a server: test_server.py.
pytestmark = pytest.mark.sqlite


def test_upgrade_makes_the_tables_once(tmp_path: Path) -> None:
    assert "no tables" in refuse(tmp_path, "db", "status")
    assert HEAD in succeed(tmp_path, "db", "upgrade")
    assert "was up to date" in succeed(tmp_path, "db", "upgrade")
    assert str(tmp_path / "kennis.db") in succeed(tmp_path, "db", "status")


def _with_version(data: Path, version: str) -> None:
    succeed(data, "db", "upgrade")
    with sqlite3.connect(data / "kennis.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
    connection.close()


@pytest.mark.parametrize(
    "arguments", [("db", "status"), ("db", "upgrade"), ("seed",), ("index", "sync"), ("demo", "--no-serve")]
)
def test_a_database_of_a_newer_kennis_is_left_alone(arguments: tuple[str, ...], tmp_path: Path) -> None:
    _with_version(tmp_path, "9999")
    before = (tmp_path / "kennis.db").read_bytes()
    told = refuse(tmp_path, *arguments)
    assert "newer Kennis" in told
    assert looks_like_one_sentence(told)
    assert (tmp_path / "kennis.db").read_bytes() == before


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "kennis.db") as connection:
        connection.execute("CREATE TABLE invoices (id INTEGER)")
    connection.close()
    for arguments in (("db", "upgrade"), ("seed",), ("demo", "--no-serve"), ("doctor",)):
        result = refuse(tmp_path, *arguments)
        assert arguments == ("doctor",) or "belongs to another program" in result


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "kennis.db").write_bytes(b"just some text, long enough to be looked at" * 50)
    told = refuse(tmp_path, "db", "status")
    assert "is not a database" in told
    assert "kennis.db" in told


@pytest.mark.parametrize("arguments", [("db", "upgrade"), ("seed",), ("index", "rebuild")])
def test_a_read_only_database_is_told_and_unchanged(arguments: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "kennis.db"
    if arguments == ("db", "upgrade"):
        file.touch()
    else:
        succeed(tmp_path, "db", "upgrade")
    before = file.read_bytes()
    told = refuse(tmp_path, *arguments, KENNIS_DATABASE_URL=f"sqlite:///file:{file}?mode=ro&uri=true")
    assert "read-only" in told
    assert looks_like_one_sentence(told)
    assert file.read_bytes() == before


@pytest.mark.slow
def test_a_locked_database_is_told(tmp_path: Path) -> None:
    succeed(tmp_path, "db", "upgrade")
    holder = sqlite3.connect(tmp_path / "kennis.db", isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        done = run(tmp_path, "seed")
    finally:
        holder.close()
    assert done.returncode == 2
    assert b"locked by another process" in done.stderr
    assert looks_like_one_sentence(done.stderr.decode())


@pytest.mark.parametrize("arguments", [("db", "upgrade"), ("seed",)])
def test_a_full_disk_is_told_and_nothing_half_stays(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = run_limited(tmp_path, 60_000 if arguments == ("db", "upgrade") else 400_000, *arguments)
    told = done.stderr.decode()
    assert done.returncode == 2, told
    assert "space" in told
    assert looks_like_one_sentence(told)
    succeed(tmp_path, *arguments)


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = refuse(tmp_path / "file" / "data", "db", "upgrade")
    assert "KENNIS_DATA_DIR" in told
