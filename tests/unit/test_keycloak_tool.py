"""The tool that fetches and runs a real Keycloak: what can be known without one."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tools import maven
from tools.elasticsearch.places import ToolFault
from tools.keycloak import fetching, running
from tools.keycloak.running import Running


@pytest.fixture
def path_of_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def unpacked(*left_out: str) -> str:
    find = 'for word in "$@"; do case $word in -Dunpacked=*) to=${word#*=};; esac; done'
    made = [
        f'mkdir -p "$to/{fetching.SERVER.inside}/{Path(name).parent}"; touch "$to/{fetching.SERVER.inside}/{name}"'
        for name in fetching.SERVER.needed
        if name not in left_out
    ]
    return "\n".join((find, *made))


def test_a_download_is_kept_and_used_again(tmp_path: Path, path_of_programs: Path) -> None:
    told: list[str] = []
    program(path_of_programs / "mvn", unpacked())
    home = fetching.server_home(tmp_path, told.append)
    program(path_of_programs / "mvn", "exit 1")
    assert fetching.server_home(tmp_path, told.append) == home
    assert len(told) == 1
    (home / maven.STAMP).unlink()
    with pytest.raises(ToolFault, match="Maven could not fetch"):
        fetching.server_home(tmp_path, told.append)
    assert "not whole" in told[1]


def test_a_download_that_lacks_a_part_names_it(tmp_path: Path, path_of_programs: Path) -> None:
    program(path_of_programs / "mvn", unpacked("lib/quarkus-run.jar"))
    with pytest.raises(ToolFault, match=r"lib/quarkus-run\.jar"):
        fetching.server_home(tmp_path, lambda _: None)


def test_a_server_that_does_not_start_is_told_in_its_own_words() -> None:
    # Not in tmp_path, where the user that runs the server may not enter.
    with TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        program(folder / "home" / "bin" / "kc.sh", "echo starting; echo 'ERROR: no such realm' >&2; echo; exit 1")
        with pytest.raises(ToolFault, match="did not start: ERROR: no such realm"):
            running.start(folder / "home", folder, folder / "running", 0)
        assert (folder / "running" / "server" / "data" / "import" / "realm.json").is_file()


def test_what_is_written_of_a_server_is_read_again(tmp_path: Path) -> None:
    made = Running(str(tmp_path), 8443)
    made.save()
    assert Running.load(tmp_path) == made
    assert made.issuer == "http://127.0.0.1:8443/realms/kennis"


@pytest.mark.parametrize("text", ["", "[]", '{"port": 1}', '{"folder": "a", "port": 1, "more": 2}'])
def test_a_damaged_record_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / running.STATE).write_text(text)
    assert Running.load(tmp_path) is None
    assert Running.load(tmp_path / "absent") is None


def test_only_its_own_process_is_stopped(tmp_path: Path) -> None:
    made = Running(str(tmp_path), 1)
    wait = [sys.executable, "-c", "import time; time.sleep(60)"]
    with (
        subprocess.Popen([*wait, "java", str(made.home)]) as own,
        subprocess.Popen([*wait, "java", "elsewhere"]) as other,
    ):
        assert running.stop(made)
        assert own.wait(10) != 0
        assert other.poll() is None
        assert not running.stop(made)
        other.kill()


def test_the_people_of_the_realm_are_invented() -> None:
    realm = json.loads(running.REALM_FILE.read_text("utf-8"))
    assert [u["email"] for u in realm["users"] if not u["email"].endswith("@voorbeeld.example")] == []
