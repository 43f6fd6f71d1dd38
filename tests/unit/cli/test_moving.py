"""`kennis export --full` and `kennis import --full`: one installation becomes another."""

import stat
from pathlib import Path

import pytest

from tests.unit.cli import program
from tests.unit.cli.program import invoke, looks_like_one_sentence, refuse, succeed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("moved")
    succeed(folder, "seed")
    return folder


def test_an_installation_moves_through_a_pipe(seeded: Path, tmp_path: Path) -> None:
    whole = program.run(seeded, "export", "--full", "-").stdout
    done = program.run(tmp_path, "import", "--full", "-", given=whole)
    assert done.returncode == 0, done.stderr
    assert b"kennis index rebuild" in done.stdout
    assert succeed(tmp_path, "export", "-") == succeed(seeded, "export", "-")
    succeed(tmp_path, "index", "rebuild")
    assert "All is well" in succeed(tmp_path, "doctor")
    told = refuse(tmp_path, "import", "--full", "-", given=whole)
    assert "is not empty" in told
    assert looks_like_one_sentence(told)


def test_a_pipe_that_breaks_stores_nothing(seeded: Path, tmp_path: Path) -> None:
    whole = program.run(seeded, "export", "--full", "-").stdout
    for part in (b"", whole[: len(whole) // 2], whole[: whole.rindex(b'{"end"')]):
        told = refuse(tmp_path, "import", "--full", "-", given=part)
        assert looks_like_one_sentence(told)
        assert succeed(tmp_path, "export", "-") == ""


def test_only_the_owner_may_read_what_was_written(seeded: Path, tmp_path: Path) -> None:
    """It holds drafts."""
    file = tmp_path / "whole.ndjson"
    succeed(seeded, "export", "--full", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    succeed(tmp_path / "other", "import", "--full", str(file))


def test_an_export_of_content_is_no_whole_one(seeded: Path, tmp_path: Path) -> None:
    content = succeed(seeded, "export", "-").encode()
    assert "no full export" in refuse(tmp_path, "import", "--full", "-", given=content)


@pytest.mark.parametrize(
    "arguments", [("import", "--full", "--dry-run", "-"), ("export", "--full", "--published-only", "-")]
)
def test_what_does_not_go_together_is_refused(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert "do not go together" in invoke(tmp_path, *arguments).stderr
