"""`kennis index`, `refresh`, `search evaluate` and `doctor` on a small database."""

import json
import shutil
from pathlib import Path

import pytest

from tests import databases
from tests.unit.cli import program
from tests.unit.cli.program import PRODUCTION, invoke, looks_like_one_sentence, refuse, succeed
from tests.waiting import wait_until
from tools.ports import free_port


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("indexed")
    succeed(folder, "seed")
    succeed(folder, "index", "rebuild")
    return folder


@pytest.fixture
def data(indexed: Path, tmp_path: Path) -> Path:
    shutil.copytree(indexed, tmp_path / "data")
    databases.copy(indexed, tmp_path / "data")
    return tmp_path / "data"


def _facts(data: Path) -> dict[str, str]:
    lines = invoke(data, "index", "status").stdout.splitlines()
    return {words[0]: words[-1] for line in lines if (words := line.split()) and len(words) == 2}


def test_the_index_is_made_and_is_right(data: Path) -> None:
    facts = _facts(data)
    assert facts["ready"] == "yes"
    assert facts["waiting"] == "0"
    assert int(facts["documents"]) > 50
    assert "equals the database" in succeed(data, "index", "check")
    assert "All is well" in succeed(data, "doctor")


def test_changes_wait_until_they_are_applied(data: Path) -> None:
    line = next(d for d in map(json.loads, succeed(data, "export", "-").splitlines()) if d["kind"] == "lesson")
    succeed(data, "entry", "archive", line["id"], "--reason", "outdated")
    assert int(_facts(data)["waiting"]) > 0
    assert "up to date" in succeed(data, "index", "sync")
    assert _facts(data)["waiting"] == "0"
    assert "equals the database" in succeed(data, "index", "check")


def test_a_difference_is_shown_and_mended(data: Path) -> None:
    databases.execute(data, "UPDATE entries SET index_version = index_version + 1 WHERE kind = 'lesson'")
    found = invoke(data, "index", "check")
    assert found.exit_code == 2
    assert "stale" in found.stdout
    assert "--fix" in found.stdout
    doctor = invoke(data, "doctor")
    assert doctor.exit_code == 2
    assert "index check --fix" in doctor.stdout
    succeed(data, "index", "check", "--fix")
    assert "equals the database" in succeed(data, "index", "check")


def test_what_the_engine_refuses_is_listed_and_offered_again(data: Path) -> None:
    assert "refuses nothing" in succeed(data, "index", "dead-letters")
    engine = succeed(data, "index", "check").partition("(")[2].partition(")")[0]
    line = next(d for d in map(json.loads, succeed(data, "export", "-").splitlines()) if d["kind"] == "lesson")
    values = f"'{engine}', '{line['id']}', 1, 'mapper_parsing_exception: title', '2026-11-24'"
    databases.execute(data, f"INSERT INTO dead_letters VALUES ({values})")
    listed = invoke(data, "index", "dead-letters")
    assert listed.exit_code == 2
    assert line["id"] in listed.stdout
    assert "mapper_parsing_exception: title" in listed.stdout
    assert _facts(data)["refused"] == "1"
    for command in (("doctor",), ("index", "check")):
        told = invoke(data, *command)
        assert told.exit_code == 2
        assert "kennis index dead-letters" in told.stdout
    assert "Offered again: 1." in succeed(data, "index", "dead-letters", "--retry")
    succeed(data, "index", "sync")
    assert "refuses nothing" in succeed(data, "index", "dead-letters")
    assert "All is well" in succeed(data, "doctor")


def test_a_missing_index_is_told_with_the_way_out(data: Path) -> None:
    shutil.rmtree(data / "index")
    for arguments in (("index", "status"), ("index", "check"), ("doctor",)):
        result = invoke(data, *arguments)
        assert result.exit_code == 2
        assert "kennis index rebuild" in result.output
    succeed(data, "index", "sync")
    assert "equals the database" in succeed(data, "index", "check")


def test_an_index_of_another_version_is_told_with_the_way_out(data: Path) -> None:
    pointer = data / "index" / "current.json"
    pointer.write_text(json.dumps({**json.loads(pointer.read_text()), "analysis_version": "0"}))
    assert "kennis index rebuild" in refuse(data, "index", "check")
    assert "kennis index rebuild" in invoke(data, "doctor").stdout
    succeed(data, "index", "rebuild")
    assert "equals the database" in succeed(data, "index", "check")


def test_a_damaged_index_is_told_with_the_way_out(data: Path) -> None:
    (data / "index" / "current.json").write_text("{")
    result = invoke(data, "index", "status")
    assert result.exit_code == 2
    assert "kennis index rebuild" in result.output


def test_damaged_files_of_the_index_are_told_with_the_way_out(data: Path) -> None:
    for file in data.glob("index/*/*"):
        file.write_bytes(b"\x00" * 20)
    assert "kennis index rebuild" in refuse(data, "index", "check")
    told = invoke(data, "doctor")
    assert told.exit_code == 2
    assert f"index in {data}/index is damaged" in " ".join(told.stdout.split())
    succeed(data, "index", "rebuild")
    succeed(data, "doctor")


def test_a_page_of_zeros_in_the_index_is_told_with_the_way_out(data: Path) -> None:
    for file in data.glob("index/*/*"):
        if file.suffix in {".idx", ".pos", ".term"}:
            file.write_bytes(bytes(300) + file.read_bytes()[300:])
    assert "kennis index rebuild" in refuse(data, "search", "evaluate")


@pytest.mark.slow
def test_a_killed_rebuild_leaves_the_old_index_and_the_next_succeeds(data: Path) -> None:
    before = {p.name for p in (data / "index").iterdir() if p.is_dir()}
    process = program.start(data, "index", "rebuild")

    def has_begun() -> bool:
        return {p.name for p in (data / "index").iterdir() if p.is_dir()} != before or process.poll() is not None

    wait_until(has_begun, "the new index")
    program.kill(process)
    assert _facts(data)["ready"] == "yes"
    succeed(data, "index", "rebuild")
    assert "equals the database" in succeed(data, "index", "check")


@pytest.mark.slow
def test_a_disk_that_is_full_leaves_the_old_index(data: Path) -> None:
    done = program.run_limited(data, 20_000, "index", "rebuild")
    assert done.returncode == 2, done.stderr
    assert b"Traceback" not in done.stderr
    assert "equals the database" in succeed(data, "index", "check")


def test_refresh_says_what_it_did(data: Path) -> None:
    assert "Archived: 0; erased: 0; rendered anew: 0;" in succeed(data, "refresh")
    databases.execute(data, "UPDATE fragments SET holds_until = '2020-01-01'")
    assert "rendered anew: 0;" not in succeed(data, "refresh")
    assert "rendered anew: 0;" in succeed(data, "refresh")


def test_judged_queries_are_measured(data: Path, tmp_path: Path) -> None:
    line = next(d for d in map(json.loads, succeed(data, "export", "-").splitlines()) if d["kind"] == "method")
    file = tmp_path / "judgements.csv"
    file.write_text(f'query,slug,grade,mustNot\n"{line["title"]}",{line["slug"]},3,\n"{line["title"]}",none,0,yes\n')
    shown = succeed(data, "search", "evaluate", str(file))
    assert line["title"] in shown
    assert "1 queries: nDCG@10 1.000" in shown
    measured = json.loads(succeed(data, "search", "evaluate", str(file), "--json"))
    assert (measured["ndcg"], measured["hitRate"], measured["violations"]) == (1.0, 1.0, 0)


def test_judgements_are_asked_as_a_reader_asks_and_a_spreadsheet_may_have_saved_them(
    data: Path, tmp_path: Path
) -> None:
    line = next(d for d in map(json.loads, succeed(data, "export", "-").splitlines()) if d["kind"] == "method")
    file = tmp_path / "judgements.csv"
    mistyped = line["title"].replace("e", "q", 1)
    rows = ["query,slug,grade,mustNot", f'"{mistyped}",{line["slug"]},3,', f'"{mistyped}",nergens,1,']
    file.write_text("\r\n".join(rows), encoding="utf-8-sig")
    assert '"isHit":true' in succeed(data, "search", "evaluate", str(file), "--json").replace(" ", "")


@pytest.mark.parametrize(
    "text", ["", "query,slug\n", "query,slug,grade,mustNot\n", "query,slug,grade,mustNot\na,b,9,\n"]
)
def test_judgements_that_make_no_sense_are_refused(text: str, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "judgements.csv"
    file.write_text(text)
    assert str(file) in refuse(data, "search", "evaluate", str(file))


def test_judgements_that_are_not_there_are_refused(data: Path, tmp_path: Path) -> None:
    absent = tmp_path / "absent.csv"
    assert f"{absent} does not exist" in refuse(data, "search", "evaluate", str(absent))


@pytest.mark.req("V24")
def test_production_without_a_secret_key_does_not_start_and_doctor_tells_why(data: Path) -> None:
    port = str(free_port())
    told = refuse(data, "serve", "--port", port, KENNIS_ENV="production")
    assert "KENNIS_SECRET_KEY is missing" in told
    assert looks_like_one_sentence(told)
    doctor = invoke(data, "doctor", KENNIS_ENV="production")
    assert doctor.exit_code == 2
    assert [line for line in doctor.stdout.splitlines() if "WRONG" in line and "KENNIS_SECRET_KEY" in line]
    succeed(data, "doctor", **PRODUCTION)
    succeed(data, "openapi", KENNIS_ENV="production")


def test_a_login_server_that_cannot_work_is_named_before_the_start(data: Path) -> None:
    port = str(free_port())
    wrong = {"KENNIS_OIDC_ISSUER": "http://127.0.0.1:9", "KENNIS_OIDC_CLIENT_ID": "kennis"}
    told = refuse(data, "serve", "--port", port, **wrong, KENNIS_OIDC_ROLES="redactie=editro")
    assert "KENNIS_OIDC_ROLES gives redactie the role editro" in told
    assert looks_like_one_sentence(told)
    assert "https://" in refuse(data, "serve", "--port", port, **wrong, **PRODUCTION)
    doctor = invoke(data, "doctor", **wrong)
    assert doctor.exit_code == 2
    assert [line for line in doctor.stdout.splitlines() if "WRONG" in line and "does not work at this moment" in line]
    assert "people log in with a password" in succeed(data, "doctor")


def test_doctor_changes_nothing_on_a_new_machine(tmp_path: Path) -> None:
    told = invoke(tmp_path / "data", "doctor")
    assert told.exit_code == 2
    assert "kennis db upgrade" in told.stdout
    assert not (tmp_path / "data").exists()
    assert "KENNIS_SAERCH" in invoke(tmp_path, "doctor", KENNIS_SAERCH="x").stdout
