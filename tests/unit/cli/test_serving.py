"""The real server: what it prints, refuses, answers and keeps to itself."""

import itertools
import json
import os
import shutil
import signal
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests import real_parts
from tests.unit.cli import program
from tests.unit.cli.program import looks_like_one_sentence, refuse, run, succeed
from tests.waiting import PATIENCE, wait_until
from tools.ports import free_port

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    succeed(folder, "seed")
    return folder


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/health/live", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def _served(data: Path, *more: str, command: str = "serve", **settings: str) -> Iterator[tuple[int, list[bytes]]]:
    """The port, and after the block what the server printed: stdout, stderr. Stopped with SIGTERM, must end with 0."""
    port = free_port()
    process = program.start(data, command, "--port", str(port), *more, **settings)
    printed: list[bytes] = []
    try:
        wait_until(lambda: _answers(port) or process.poll() is not None, "the server")
        yield port, printed
        process.send_signal(signal.SIGTERM)
        printed += process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, printed
    finally:
        if process.poll() is None:
            program.kill(process)


def _ask(port: int, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, headers={"User-Agent": "kanarie-lezer", "X-Request-Id": "kanarie-nummer"})
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.mark.req("V30", "R8", "V36")
def test_a_server_answers_stops_when_told_and_keeps_no_log_of_readers(data: Path) -> None:
    with _served(data, **program.PRODUCTION, KENNIS_METRICS="on") as (port, printed):
        status, headers, body = _ask(port, "/v1/entries?q=huwelijksdwang")
        assert status == 200
        assert json.loads(body)["total"] > 0
        assert "granian" not in headers.get("server", "")
        traced, headers, _ = _ask(port, "/v1/entries", "TRACE")
        assert traced == 405
        assert "TRACE" not in headers["allow"]
        assert _ask(port, "/.git/config")[0] == 404
        assert _ask(port, "/console")[0] == 404
        assert _ask(port, "/v1/no-such-thing")[0] == 404
        assert _ask(port, "/verhalen/kanarie")[0] == 404
        assert _ask(port, "/?q=huwelijksdwang", "POST")[0] == 200
        figures = _ask(port, "/v1/metrics")[2]
        # The index is lost: what is told of it is an event of the log.
        shutil.move(data / "index", data / "lost")
        asked = (f"/v1/entries?q=kanarie{number}" for number in itertools.count())
        wait_until(lambda: _ask(port, next(asked))[0] == 503, "the end of the index")
        shutil.move(data / "lost", data / "index")
        assert f"Port {port}" in refuse(data, "serve", "--port", str(port)), "two servers would share a port"
    events = [json.loads(line) for line in printed[1].splitlines()]
    assert [e["event"] for e in events if e["level"] == "info"] == ["started", "stopped"]
    assert any(e["event"] == "cannot answer" and e["error"] == "SearchBroken" for e in events)
    words = b"".join(printed) + figures
    assert f"http://127.0.0.1:{port}".encode() in printed[0]
    for canary in (b"huwelijksdwang", b"kanarie", b"/v1/", b"verhalen/", b"no-such", b"console", b"127.0.0.1"):
        assert canary not in words.replace(f"http://127.0.0.1:{port}".encode(), b""), canary


def test_the_process_that_watches_the_others_does_not_keep_what_the_start_took(data: Path) -> None:
    port = free_port()
    process = program.start(data, "serve", "--port", str(port))
    try:
        wait_until(lambda: _answers(port) or process.poll() is not None, "the server")
        maps = Path(f"/proc/{process.pid}/maps")
        if not maps.exists():
            real_parts.missing("no /proc on this machine: what a process has loaded is looked at on Linux only")
        assert b"granian" in maps.read_bytes()
        assert b"tantivy" not in maps.read_bytes()
    finally:
        program.kill(process)


def test_more_processes_share_the_work_and_one_keeps_the_index(data: Path) -> None:
    with _served(data, "--processes", "2", KENNIS_METRICS="on") as (port, _):
        line = next(d for d in map(json.loads, succeed(data, "export", "-").splitlines()) if d["kind"] == "lesson")
        succeed(data, "entry", "confirm", line["id"])

        def nothing_waits() -> bool:
            return bool(json.loads(_ask(port, "/v1/health/ready")[2])["outboxLag"] == 0)

        wait_until(nothing_waits, "the change in the index")
        assert {_ask(port, f"/v1/lessons/{line['id']}")[0] for _ in range(8)} == {200}
        counted = 'kennis_requests_total{endpoint="items.getLesson",status="2xx"} 8.0'
        assert {counted in _ask(port, "/v1/metrics")[2].decode() for _ in range(4)} == {True}, "a process counts apart"


def test_a_port_in_use_is_told_before_anything_is_done(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        for command in ("serve", "demo"):
            told = refuse(tmp_path, command, "--port", port)
            assert f"Port {port}" in told
            assert looks_like_one_sentence(told)
    assert list(tmp_path.iterdir()) == []


def test_an_address_of_another_machine_is_told(data: Path) -> None:
    assert "192.0.2.1 is no address of this machine" in refuse(data, "serve", "--host", "192.0.2.1")


def test_a_server_needs_tables(tmp_path: Path) -> None:
    done = run(tmp_path, "serve", "--port", str(free_port()))
    assert done.returncode == 2
    assert b"kennis db upgrade" in done.stderr
    assert looks_like_one_sentence(done.stderr.decode())


def test_a_killed_server_catches_up_at_its_next_start(data: Path) -> None:
    port = free_port()
    process = program.start(data, "serve", "--port", str(port))
    wait_until(lambda: _answers(port) or process.poll() is not None, "the server")
    program.kill(process)
    line = next(d for d in map(json.loads, succeed(data, "export", "-").splitlines()) if d["kind"] == "method")
    succeed(data, "entry", "archive", line["id"], "--reason", "outdated")
    with _served(data) as (port, _):
        ready = json.loads(_ask(port, "/v1/health/ready")[2])
        assert ready["outboxLag"] == 0
    assert "equals the database" in succeed(data, "index", "check")


def test_the_demo_serves_and_says_what_it_is(tmp_path: Path) -> None:
    with _served(tmp_path, command="demo") as (port, printed):
        status, headers, body = _ask(port, "/v1/entries?q=veilig+thuis")
        assert (status, headers["kennis-demo"]) == (200, "true")
        assert json.loads(body)["demo"] is True
        assert _ask(port, "/")[0] == 200
    addresses = [line for line in printed[0].splitlines() if b"http" in line]
    assert addresses[0].startswith(b"Open in a browser")
    assert os.listdir(tmp_path)


def test_a_worker_keeps_the_index_of_a_server_that_does_not(data: Path) -> None:
    apart = {"KENNIS_WORKER": "apart", **program.PRODUCTION}
    with _served(data, **apart) as (port, _):
        lines = map(json.loads, succeed(data, "export", "-").splitlines())
        line = next(d for d in lines if d["kind"] == "intervention")
        succeed(data, "entry", "confirm", line["id"])

        def waiting() -> int:
            return int(json.loads(_ask(port, "/v1/health/ready")[2])["outboxLag"])

        assert waiting() == 1
        process = program.start(data, "worker", **apart)
        wait_until(lambda: waiting() == 0 or process.poll() is not None, "the worker")
        process.send_signal(signal.SIGTERM)
        _, printed = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        assert [json.loads(event)["event"] for event in printed.splitlines()] == ["started", "stopped"]
