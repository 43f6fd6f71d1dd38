"""The tool that fetches and runs a real Elasticsearch: what can be known without one."""

import os
import re
from pathlib import Path

import pytest

from tools.elasticsearch import __main__ as tool
from tools.elasticsearch import configuring, fetching, places, plan, running
from tools.elasticsearch.java import java_home
from tools.elasticsearch.places import ToolFault
from tools.elasticsearch.versions import VERSIONS
from tools.maven import STAMP, Server, is_whole

EIGHT = VERSIONS[8]
SERVER = fetching.server(EIGHT)
HALF = f"{SERVER.name}.half"


def maven(folder: Path, script: str) -> None:
    """A program of that name that does as told with the folder it shall unpack into, `$to`."""
    program = folder / "mvn"
    find = 'for word in "$@"; do case $word in -Dunpacked=*) to=${word#*=};; esac; done'
    program.write_text(f"#!/bin/sh\n{find}\n{script}\n")
    program.chmod(0o755)


@pytest.fixture
def path_of_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def unpacking(server: Server = SERVER) -> str:
    made = [f'mkdir -p "$to/sonarqube-1/elasticsearch/{Path(name).parent}"; '
            f'touch "$to/sonarqube-1/elasticsearch/{name}"' for name in server.needed]  # fmt: skip
    return "\n".join(made)


def test_a_whole_server_of_an_earlier_run_is_used_again(tmp_path: Path, path_of_programs: Path) -> None:
    maven(path_of_programs, unpacking())
    told: list[str] = []
    home = fetching.server_home(EIGHT, tmp_path, told.append)
    maven(path_of_programs, "exit 1")
    assert fetching.server_home(EIGHT, tmp_path, told.append) == home
    assert len(told) == 1
    assert (home / "plugins").is_dir()


def test_each_version_is_fetched_from_what_carries_it_and_lies_beside_the_other(
    tmp_path: Path, path_of_programs: Path
) -> None:
    homes = {}
    for major, version in VERSIONS.items():
        maven(path_of_programs, f'echo "$@" > {tmp_path}/asked\n' + unpacking(fetching.server(version)))
        homes[major] = fetching.server_home(version, tmp_path, lambda _: None)
        assert f"-Dcarrier={version.carrier} " in (tmp_path / "asked").read_text()
        assert version.number.split(".")[0] == str(major)
    assert len(set(homes.values())) == len(VERSIONS)
    assert [is_whole(fetching.server(VERSIONS[major]), home) for major, home in homes.items()] == [True] * len(VERSIONS)


def test_a_java_that_is_too_old_for_the_server_is_passed_over(tmp_path: Path, path_of_programs: Path) -> None:
    homes = {number: tmp_path / str(number) for number in (17, 21)}
    for number, home in homes.items():
        program = home / "bin" / "java"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\necho java.base@{number}.0.1; echo jdk.attach@{number}.0.1\n")
        program.chmod(0o755)
    (path_of_programs / "java").symlink_to(homes[21] / "bin" / "java")
    given = {"JAVA_HOME": str(homes[17])}
    assert java_home(given, VERSIONS[8].oldest_java) == homes[17]
    assert java_home(given, VERSIONS[9].oldest_java) == homes[21].resolve()
    with pytest.raises(ToolFault, match=r"No full JDK of version 999 .*openjdk-999"):
        java_home(given, 999)


def test_a_server_without_its_stamp_is_fetched_again(tmp_path: Path, path_of_programs: Path) -> None:
    maven(path_of_programs, unpacking())
    home = fetching.server_home(EIGHT, tmp_path, lambda _: None)
    (home / STAMP).unlink()
    told: list[str] = []
    assert fetching.server_home(EIGHT, tmp_path, told.append) == home
    assert "not whole" in told[0]
    assert is_whole(SERVER, home)


def test_a_download_that_was_killed_is_told_and_done_again(tmp_path: Path, path_of_programs: Path) -> None:
    (tmp_path / HALF / "sonarqube-1").mkdir(parents=True)
    maven(path_of_programs, unpacking())
    told: list[str] = []
    fetching.server_home(EIGHT, tmp_path, told.append)
    assert "not finished" in told[0]
    assert not (tmp_path / HALF).exists()


def test_a_failed_download_is_named_and_leaves_nothing_that_looks_whole(tmp_path: Path, path_of_programs: Path) -> None:
    broken = tmp_path / "maven" / SERVER.artifact
    broken.mkdir(parents=True)
    maven(path_of_programs, 'mkdir -p "$to/sonarqube-1"; echo "[ERROR] Error in opening zip file"; exit 1')
    with pytest.raises(ToolFault, match="Error in opening zip file"):
        fetching.server_home(EIGHT, tmp_path, lambda _: None)
    assert not broken.exists()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("elasticsearch")] == []


def test_a_download_that_lacks_a_part_names_it(tmp_path: Path, path_of_programs: Path) -> None:
    maven(path_of_programs, unpacking() + '\nrm "$to/sonarqube-1/elasticsearch/config/jvm.options"')
    with pytest.raises(ToolFault, match=r"config/jvm\.options"):
        fetching.server_home(EIGHT, tmp_path, lambda _: None)


def test_the_cache_lies_where_it_was_told_or_where_the_system_keeps_such_things(tmp_path: Path) -> None:
    assert places.cache_folder({places.CACHE_VARIABLE: str(tmp_path)}) == tmp_path
    assert places.cache_folder({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "kennis"
    assert places.cache_folder({}).name == "kennis"


def test_a_folder_that_others_may_not_enter_is_found(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "cache").mkdir(parents=True)
    tmp_path.chmod(0o755)
    closed.chmod(0o700)
    found = places.closed_to_others(closed / "cache")
    # pytest itself makes its folders for one user only.
    assert found is not None
    assert closed.is_relative_to(found)


def test_what_is_written_of_a_cluster_is_read_again(tmp_path: Path) -> None:
    wanted = plan.Plan(nodes=3, is_secure=True, port=9321)
    made = plan.Cluster(wanted, plan.lay_out(wanted, tmp_path), "user", "password", "ca.pem")
    made.save(tmp_path / "cluster.json")
    assert plan.Cluster.load(tmp_path / "cluster.json") == made
    assert (tmp_path / "cluster.json").stat().st_mode & 0o077 == 0
    assert made.addresses[0] == "https://127.0.0.1:9321"
    assert len({port for n in made.nodes for port in (n.http_port, n.transport_port)}) == 6


@pytest.mark.parametrize("text", ["", "{}", '{"plan": 3, "nodes": []}', "[1]"])
def test_a_damaged_record_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "cluster.json").write_text(text)
    assert plan.Cluster.load(tmp_path / "cluster.json") is None
    assert plan.Cluster.load(tmp_path / "absent.json") is None


def test_a_password_is_kept_as_the_server_reads_it() -> None:
    kept = configuring.hashed("geheim")
    assert re.fullmatch(r"\{PBKDF2\}10000\$[A-Za-z0-9+/]{43}=\$[A-Za-z0-9+/]{43}=", kept)
    assert configuring.hashed("geheim") != kept


def test_a_process_of_somebody_else_is_never_stopped(tmp_path: Path) -> None:
    node = plan.Node("node-0", str(tmp_path), 1, 2)
    node.pid_file.write_text(str(os.getpid()))
    running.stop(plan.Cluster(plan.Plan(), (node,)))
    assert not running.is_ours(os.getpid(), node)


def test_a_node_that_does_not_run_is_not_killed_but_named(tmp_path: Path) -> None:
    with pytest.raises(ToolFault, match="No cluster was started"):
        tool.kill(tmp_path, "test", 0)
    folder = tmp_path / "running" / "test"
    folder.mkdir(parents=True)
    wanted = plan.Plan(settings={"thread_pool.write.queue_size": "1"})
    made = plan.Cluster(wanted, plan.lay_out(wanted, folder))
    made.save(folder / tool.STATE)
    assert plan.Cluster.load(folder / tool.STATE) == made
    with pytest.raises(ToolFault, match="node-0 does not run"):
        tool.kill(tmp_path, "test", 0)


def home_with_settings(path: Path) -> Path:
    home = path / "home"
    (home / "config").mkdir(parents=True)
    for name in ("jvm.options", "log4j2.properties"):
        (home / "config" / name).touch()
    return home


def test_more_settings_stand_in_the_file_of_every_node(tmp_path: Path) -> None:
    home = home_with_settings(tmp_path)
    wanted = plan.Plan(nodes=3, settings={"indexing_pressure.memory.limit": "1mb"})
    made = configuring.configure(home, tmp_path, wanted, plan.lay_out(wanted, tmp_path), tmp_path)
    for node in made.nodes:
        written = (Path(node.folder) / "config" / "elasticsearch.yml").read_text("utf-8")
        assert "indexing_pressure.memory.limit: 1mb\n" in written


def test_a_server_9_asks_no_service_of_its_maker(tmp_path: Path) -> None:
    home = home_with_settings(tmp_path)
    line = "xpack.inference.elastic.authorization.enabled: false\n"
    for major in VERSIONS:
        wanted = plan.Plan(version=major)
        made = configuring.configure(home, tmp_path, wanted, plan.lay_out(wanted, tmp_path), tmp_path)
        written = (Path(made.nodes[0].folder) / "config" / "elasticsearch.yml").read_text("utf-8")
        # A key that a version does not know stops its start.
        assert (line in written) == (major == 9)
