"""The real server: what it prints, refuses, answers and keeps to itself."""

import json
import os
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.unit.cli import program
from tests.unit.cli.program import looks_like_one_sentence, refuse, run, succeed


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
def _served(data: Path, *more: str, command: str = "serve") -> Iterator[tuple[int, list[bytes]]]:
    """The port, and after the block what the server printed: stdout, stderr. Stopped with SIGTERM, must end with 0."""
    port = program.free_port()
    process = program.start(data, command, "--port", str(port), *more)
    printed: list[bytes] = []
    try:
        program.wait_until(lambda: _answers(port) or process.poll() is not None, "the server")
        yield port, printed
        process.send_signal(signal.SIGTERM)
        printed += process.communicate(timeout=program.PATIENCE)
        assert process.returncode == 0, printed
    finally:
        if process.poll() is None:
            program.kill(process)


def _ask(port: int, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.mark.req("V30", "R8", "V36")
def test_a_server_answers_stops_when_told_and_keeps_no_log_of_readers(data: Path) -> None:
    with _served(data) as (port, printed):
        status, headers, body = _ask(port, "/v1/entries?q=huwelijksdwang")
        assert status == 200
        assert json.loads(body)["total"] > 0
        assert "granian" not in headers.get("server", "")
        traced, headers, _ = _ask(port, "/v1/entries", "TRACE")
        assert traced == 405
        assert "TRACE" not in headers["allow"]
        assert _ask(port, "/.git/config")[0] == 404
        assert _ask(port, "/console")[0] == 404
    words = b"".join(printed)
    assert f"http://127.0.0.1:{port}".encode() in printed[0]
    assert b"huwelijksdwang" not in words
    assert b"/v1/" not in words
    assert printed[1] == b""


def test_more_processes_share_the_work_and_one_keeps_the_index(data: Path) -> None:
    with _served(data, "--processes", "2") as (port, _):
        line = next(d for d in map(json.loads, succeed(data, "export", "-").splitlines()) if d["kind"] == "lesson")
        succeed(data, "entry", "confirm", line["id"])

        def nothing_waits() -> bool:
            return bool(json.loads(_ask(port, "/v1/health/ready")[2])["outboxLag"] == 0)

        program.wait_until(nothing_waits, "the change in the index")
        assert {_ask(port, f"/v1/lessons/{line['id']}")[0] for _ in range(8)} == {200}


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


def test_two_servers_do_not_share_a_port(data: Path) -> None:
    with _served(data) as (port, _):
        assert f"Port {port}" in refuse(data, "serve", "--port", str(port))


def test_an_address_of_another_machine_is_told(data: Path) -> None:
    assert "192.0.2.1 is no address of this machine" in refuse(data, "serve", "--host", "192.0.2.1")


def test_a_server_needs_tables(tmp_path: Path) -> None:
    done = run(tmp_path, "serve", "--port", str(program.free_port()))
    assert done.returncode == 2
    assert b"kennis db upgrade" in done.stderr
    assert looks_like_one_sentence(done.stderr.decode())


def test_a_killed_server_catches_up_at_its_next_start(data: Path) -> None:
    port = program.free_port()
    process = program.start(data, "serve", "--port", str(port))
    program.wait_until(lambda: _answers(port) or process.poll() is not None, "the server")
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


def test_an_unknown_page_of_the_server_is_told_as_such(data: Path) -> None:
    with _served(data) as (port, _), pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/no-such-thing", timeout=10)
