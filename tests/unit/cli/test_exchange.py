"""`kennis import` and `kennis export`: through files and pipes, with faults, and killed half-way."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kennis.content.exchange import BATCH
from kennis.store.models import Entry
from tests import databases
from tests.factories import make_entry
from tests.unit.cli import program
from tests.unit.cli.program import invoke, refuse, run, run_limited, succeed
from tests.waiting import wait_until

UNKNOWN = {"kind": "lesson", "title": "x"}


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeded")
    succeed(folder, "seed")
    return folder


def _lines(number: int) -> bytes:
    made = (
        {"kind": "lesson", "id": f"00000000-0000-4000-8000-{i:012d}", **make_entry("lesson", title=f"Les {i}")}
        for i in range(number)
    )
    return b"".join(json.dumps(line).encode() + b"\n" for line in made)


@pytest.mark.slow
def test_an_export_imports_as_the_same(seeded: Path, tmp_path: Path) -> None:
    first = run(seeded, "export", "-")
    assert first.returncode == 0
    again = run(tmp_path, "import", "-", given=first.stdout)
    assert again.returncode == 0, again.stderr
    second = run(tmp_path, "export", "-")

    def told(line: bytes) -> dict[str, object]:
        # Moments and version are of each database: older versions do not travel.
        document: dict[str, object] = json.loads(line)
        return {k: v for k, v in document.items() if k not in ("createdAt", "updatedAt", "publishedAt", "version")}

    assert [told(a) for a in first.stdout.splitlines()] == [told(b) for b in second.stdout.splitlines()]
    assert len(first.stdout.splitlines()) > 100


def test_importing_an_export_where_it_came_from_changes_nothing(seeded: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.ndjson"
    succeed(seeded, "export", str(file))
    told = succeed(seeded, "import", str(file))
    assert "Entries: 0 new, 0 updated" in told
    assert "Organisations: 0 new, 0 updated" in told
    succeed(seeded, "export", str(tmp_path / "again.ndjson"))
    assert (tmp_path / "again.ndjson").read_bytes() == file.read_bytes()


def test_faults_are_told_per_line_and_the_batch_is_not_stored(tmp_path: Path) -> None:
    lines = [b'{"kind": "lesson", "title": "x"}', b"{not json", b"[]", b""]
    result = invoke(tmp_path, "import", "-", given=_lines(3) + b"\n".join(lines))
    assert result.exit_code == 2
    for number in (4, 5, 6):
        assert f"line {number}" in result.stderr
    assert "(character 2: " in result.stderr
    assert "Entries: 0 new" in result.stdout
    assert succeed(tmp_path, "export", "-") == ""


def test_a_sound_batch_is_stored_beside_a_broken_one(tmp_path: Path) -> None:
    result = invoke(tmp_path, "import", "-", given=_lines(BATCH) + b"{not json\n")
    assert result.exit_code == 2
    assert f"line {BATCH + 1}" in result.stderr
    assert f"Entries: {BATCH} new" in result.stdout


def test_a_dry_run_checks_all_and_stores_nothing(tmp_path: Path) -> None:
    succeed(tmp_path, "db", "upgrade")
    assert "3 new" in succeed(tmp_path, "import", "-", "--dry-run", given=_lines(3))
    result = invoke(tmp_path, "import", "-", "--dry-run", given=_lines(3) + b"{\n")
    assert result.exit_code == 2
    assert "line 4" in result.stderr
    assert succeed(tmp_path, "export", "-") == ""


def test_a_dry_run_makes_no_database(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert "3 new" in succeed(data, "import", "-", "--dry-run", given=_lines(3))
    assert not data.exists()


def test_an_import_can_leave_a_new_index_behind(tmp_path: Path) -> None:
    told = invoke(tmp_path, "import", "-", "--rebuild", given=_lines(3) + b"{not json\n")
    assert told.exit_code == 2
    assert "line 4" in told.stderr
    told = succeed(tmp_path, "import", "-", "--rebuild", given=_lines(3))
    assert "Entries: 3 new" in told
    assert "equals the database" in succeed(tmp_path, "index", "check")
    assert "documents 3" in " ".join(succeed(tmp_path, "index", "status").split())


def test_what_was_stored_is_told_when_the_new_index_fails(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    # Where the name of the new index will be written.
    (tmp_path / "index" / "current.json.new").symlink_to(tmp_path / "nowhere" / "file")
    told = invoke(tmp_path, "import", "-", "--rebuild", given=_lines(3))
    assert told.exit_code == 2
    assert "Entries: 3 new" in told.stdout
    assert "index" in told.stderr
    assert _stored(tmp_path) == 3


def test_ways_to_import_that_exclude_each_other_are_refused(tmp_path: Path) -> None:
    for options in (("--dry-run", "--rebuild"), ("--full", "--rebuild"), ("--full", "--dry-run")):
        assert "do not go together" in refuse(tmp_path, "import", "-", *options, given=_lines(1))
    assert not list(tmp_path.iterdir())


def test_a_link_to_nothing_is_told_beside_what_was_stored(tmp_path: Path) -> None:
    lost = {"kind": "about", "targetId": "99999999-9999-4999-8999-999999999999"}
    line = {"kind": "lesson", **make_entry("lesson", relations=[lost])}
    result = invoke(tmp_path, "import", "-", given=json.dumps(line).encode())
    assert result.exit_code == 2
    assert "line 1 /relations/0/targetId" in result.stderr
    assert "entries themselves were stored" in result.stderr
    assert "batches" not in result.stderr
    assert "Entries: 1 new" in result.stdout


@pytest.mark.slow
def test_no_bar_is_drawn_where_nobody_watches(tmp_path: Path) -> None:
    done = run(tmp_path, "import", "-", given=_lines(3))
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_export_replaces_a_file_only_when_it_is_whole(seeded: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.ndjson"
    file.write_text("earlier\n")
    done = run_limited(seeded, 40_000, "export", str(file))
    assert done.returncode == 2
    assert b"no space left" in done.stderr
    assert file.read_text() == "earlier\n"
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_cannot_be_written_is_named_as_it_was_given(seeded: Path, tmp_path: Path) -> None:
    file = str(tmp_path / "none" / "all.ndjson")
    assert refuse(seeded, "export", file).startswith(f"{file} does not exist")
    assert "is a folder; name a file" in refuse(seeded, "import", str(tmp_path))


def test_a_link_to_a_file_stays_a_link(seeded: Path, tmp_path: Path) -> None:
    file, link = tmp_path / "elsewhere" / "all.ndjson", tmp_path / "all.ndjson"
    file.parent.mkdir()
    link.symlink_to(file)
    for _ in range(2):
        succeed(seeded, "export", str(link))
        assert link.is_symlink()
        assert [file] == list(file.parent.iterdir())
    assert file.read_bytes()


def test_archived_entries_are_left_out_when_asked(seeded: Path, tmp_path: Path) -> None:
    everything = succeed(seeded, "export", "-").splitlines()
    public = succeed(seeded, "export", "-", "--published-only").splitlines()
    assert 0 < len(public) < len(everything)


@pytest.mark.slow
def test_a_killed_import_is_finished_by_the_next(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "many.ndjson"
    file.write_bytes(_lines(3 * BATCH))
    process = program.start(data, "import", str(file))
    wait_until(lambda: _stored(data) > 0 or process.poll() is not None, "the first batch")
    program.kill(process)
    assert _stored(data) % BATCH == 0
    told = succeed(data, "import", str(file))
    assert "0 updated" in told
    assert _stored(data) == 3 * BATCH
    assert "equals the database" in succeed(data, "index", "sync") + succeed(data, "index", "check")


def _stored(data: Path) -> int:
    store = databases.of_commands(data)
    try:
        if store.revision() is None:
            return 0
        with store.reading() as session:
            return session.scalar(select(func.count()).select_from(Entry)) or 0
    finally:
        store.close()


@pytest.mark.sqlite
def test_importing_into_a_database_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kennis.db").write_bytes(b"no database at all, but long enough to be looked at" * 30)
    assert "is not a database" in refuse(tmp_path, "import", "-", given=_lines(1))
