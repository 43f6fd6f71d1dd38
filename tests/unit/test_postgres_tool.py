"""`make postgres` says what is missing before it starts anything."""

from pathlib import Path

import pytest

from tools.elasticsearch.places import ToolFault
from tools.postgres.server import programs


def an_installation(folder: Path, version: str) -> Path:
    folder.mkdir()
    program = folder / "initdb"
    program.write_text(f"#!/bin/sh\necho 'initdb (PostgreSQL) {version}'\n")
    program.chmod(0o755)
    return folder


def test_the_newest_version_is_taken(tmp_path: Path) -> None:
    found = [an_installation(tmp_path / v, v) for v in ("15.8", "17.2", "9.6")]
    assert programs(found) == tmp_path / "17.2"


def test_an_old_version_and_none_at_all_are_told(tmp_path: Path) -> None:
    with pytest.raises(ToolFault, match=r"14 in .* is too old; Kennis needs 15"):
        programs([an_installation(tmp_path / "old", "14.11")])
    with pytest.raises(ToolFault, match="apt-get install postgresql"):
        programs([tmp_path / "nothing"])
