"""`kennis seed` and `kennis demo`: what they load, what they refuse, and what a kill leaves."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from kennis import clock
from tests.unit.cli import program
from tests.unit.cli.program import refuse, succeed
from tests.waiting import wait_until
from tools.ports import free_port

TODAY = clock.today()


def _documents(data: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in succeed(data, "export", "-").splitlines()]


def test_without_a_check_date_what_needs_one_is_archived_until_a_later_run_gives_it(tmp_path: Path) -> None:
    succeed(tmp_path, "seed")
    offers = [d for d in _documents(tmp_path) if d["kind"] in ("help-offer", "training")]
    assert offers
    assert {d["status"] for d in offers} == {"archived"}
    assert "not-checked" in {d["archiveReason"] for d in offers}
    succeed(tmp_path, "seed", "--checked-on", TODAY.isoformat(), "--checked-by", "movisie")
    later = [d for d in _documents(tmp_path) if d["kind"] in ("help-offer", "training")]
    assert "published" in {d["status"] for d in later}
    assert "not-checked" not in {d.get("archiveReason") for d in later}


@pytest.mark.parametrize("days", [365, 31, -1])
def test_a_check_date_that_says_nothing_is_refused(days: int, tmp_path: Path) -> None:
    day = (TODAY - timedelta(days=days)).isoformat()
    assert day in refuse(tmp_path, "seed", "--checked-on", day)


def test_an_unknown_checker_is_refused(tmp_path: Path) -> None:
    told = refuse(tmp_path, "seed", "--checked-on", TODAY.isoformat(), "--checked-by", "nobody-we-know")
    assert "nobody-we-know" in told
    assert succeed(tmp_path, "export", "-") == ""


def test_seeding_twice_changes_nothing(tmp_path: Path) -> None:
    succeed(tmp_path, "seed")
    before = succeed(tmp_path, "export", "-")
    assert "Entries: 0 new, 0 updated" in succeed(tmp_path, "seed")
    assert succeed(tmp_path, "export", "-") == before


@pytest.mark.slow
@pytest.mark.sqlite
def test_a_killed_seeding_leaves_nothing_half(tmp_path: Path) -> None:
    process = program.start(tmp_path, "seed")
    file = tmp_path / "kennis.db-wal"
    wait_until(lambda: file.exists() or process.poll() is not None, "the database")
    program.kill(process)
    succeed(tmp_path, "seed")
    assert len(_documents(tmp_path)) > 100


def test_the_demo_shows_everything_and_a_second_run_loses_nothing(tmp_path: Path) -> None:
    first = succeed(tmp_path, "demo", "--no-serve", "--port", "8123")
    lines = [line for line in first.splitlines() if "http" in line]
    assert lines[0] == "Open in a browser: http://127.0.0.1:8123/"
    assert all("curl 'http://127.0.0.1:8123/v1/" in line for line in lines[1:])
    documents = _documents(tmp_path)
    offers = [d for d in documents if d["kind"] == "help-offer" and d["status"] == "published"]
    assert {(d["checkedAt"], d["checkedBy"]) for d in offers} == {(TODAY.isoformat(), "editors")}
    changed = next(d for d in documents if d["kind"] == "lesson")
    confirmed = json.loads(succeed(tmp_path, "entry", "confirm", str(changed["id"])))
    succeed(tmp_path, "demo", "--no-serve")
    kept = next(d for d in _documents(tmp_path) if d["id"] == changed["id"])
    assert kept["version"] == confirmed["version"]
    assert "All is well" in succeed(tmp_path, "doctor")


def test_the_demo_refuses_a_database_with_other_data(tmp_path: Path) -> None:
    succeed(tmp_path, "seed")
    before = succeed(tmp_path, "export", "-")
    assert "holds other data" in refuse(tmp_path, "demo", "--no-serve")
    assert succeed(tmp_path, "export", "-") == before


@pytest.mark.sqlite
def test_the_demo_has_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    succeed(tmp_path, "demo", "--no-serve", KENNIS_DATA_DIR="")
    assert (tmp_path / "var" / "demo" / "kennis.db").is_file()


def test_a_demo_is_nothing_for_production(tmp_path: Path) -> None:
    assert "KENNIS_ENV" in refuse(tmp_path, "demo", "--no-serve", KENNIS_ENV="production")
    assert not (tmp_path / "kennis.db").exists()
    succeed(tmp_path, "demo", "--no-serve")
    port = str(free_port())
    assert "of a demo" in refuse(tmp_path, "serve", "--port", port, **program.PRODUCTION)
    doctor = program.invoke(tmp_path, "doctor", KENNIS_ENV="production")
    assert doctor.exit_code == 2
    assert "database of a demo" in doctor.stdout


@pytest.mark.slow
@pytest.mark.sqlite
def test_a_killed_demo_is_finished_by_the_next_run(tmp_path: Path) -> None:
    process = program.start(tmp_path, "demo", "--no-serve")
    file = tmp_path / "kennis.db-wal"
    wait_until(lambda: file.exists() or process.poll() is not None, "the database")
    program.kill(process)
    succeed(tmp_path, "demo", "--no-serve")
    assert "All is well" in succeed(tmp_path, "doctor")
