"""What commands say of a PostgreSQL they cannot use, and that they work on one they can."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from kennis.store import schema
from kennis.store.schema import HEAD
from tests import databases
from tests.unit.cli.program import invoke, looks_like_one_sentence, refuse, succeed

pytestmark = pytest.mark.postgresql
COMMANDS = [
    ("db", "status"),
    ("db", "upgrade"),
    ("seed",),
    ("index", "sync"),
    ("export", "-"),
    ("export", "--full", "-"),
]


def test_the_tables_are_made_once(tmp_path: Path) -> None:
    assert "no tables" in refuse(tmp_path, "db", "status")
    assert "no tables" in invoke(tmp_path, "doctor").stdout
    assert HEAD in succeed(tmp_path, "db", "upgrade")
    assert "was up to date" in succeed(tmp_path, "db", "upgrade")
    assert "***" in succeed(tmp_path, "db", "status")


def test_an_older_and_a_newer_database_are_told_apart(tmp_path: Path) -> None:
    succeed(tmp_path, "db", "upgrade")
    databases.execute(tmp_path, "UPDATE alembic_version SET version_num = '9999'")
    assert "newer Kennis" in refuse(tmp_path, "db", "upgrade")
    databases.execute(tmp_path, f"UPDATE alembic_version SET version_num = '{HEAD}'")
    store = databases.of_commands(tmp_path)
    schema.downgrade(store.engine, "0001")
    store.close()
    assert "kennis db upgrade" in refuse(tmp_path, "db", "status")
    assert HEAD in succeed(tmp_path, "db", "upgrade")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"port": 1}, "cannot be reached"),
        ({"password": "geheim"}, "refuses user or password"),
        ({"database": "kennis_test_nowhere"}, "does not exist"),
    ],
)
def test_a_server_that_cannot_be_used_is_told_in_one_sentence(
    change: dict[str, object], words: str, tmp_path: Path
) -> None:
    url = make_url(databases.SERVER).set(**change).render_as_string(hide_password=False)  # type: ignore[arg-type]
    for command in COMMANDS:
        told = refuse(tmp_path, *command, KENNIS_DATABASE_URL=url)
        assert words in told
        assert looks_like_one_sentence(told)
        assert "geheim" not in told
    doctor = invoke(tmp_path, "doctor", KENNIS_DATABASE_URL=url)
    assert doctor.exit_code == 2
    assert words in doctor.stdout


def test_a_read_only_server_is_told_and_unchanged(tmp_path: Path) -> None:
    succeed(tmp_path, "db", "upgrade")
    url = make_url(databases.address(tmp_path, migrated=False))
    standby = url.update_query_dict({"options": "-c default_transaction_read_only=on"})
    told = refuse(tmp_path, "seed", KENNIS_DATABASE_URL=standby.render_as_string(hide_password=False))
    assert "read-only" in told
    assert succeed(tmp_path, "export", "-") == ""
