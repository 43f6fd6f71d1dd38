"""What Kennis does about Elasticsearch without one: choice of the engine, no server, another server, the wire."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kennis.config import Config
from kennis.errors import BadSetup, SearchBroken, SearchDown, SearchUnavailable
from kennis.search.elastic import ElasticEngine
from kennis.search.elastic_client import Access
from kennis.search.elastic_indices import Names
from kennis.search.embedded import EmbeddedEngine
from kennis.search.embedded_files import IndexFolder
from kennis.search.engines import make_engine
from kennis.search.mapping import mapping
from kennis.search.port import Found, SearchRequest
from kennis.search.ties import page_of
from kennis.search.tree import MatchAll

NOBODY = "http://127.0.0.1:1"
EVERYTHING = SearchRequest(MatchAll())


@contextmanager
def server(answer: bytes, status: int = 200, **headers: str) -> Iterator[str]:
    """Answers everything with the same."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(answer)

        do_POST = do_PUT = do_GET

        def log_message(self, *_: object) -> None:
            """Nothing."""

    running = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}"
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def engine_at(folder: Path, *urls: str, ca: Path | None = None) -> ElasticEngine:
    return ElasticEngine(Access(urls, ca=ca), "kennis-test", mapping(), "1", IndexFolder(folder))


def test_the_settings_choose_the_engine(tmp_path: Path) -> None:
    given = {"KENNIS_DATA_DIR": str(tmp_path)}
    assert isinstance(make_engine(Config.from_env(given)), EmbeddedEngine)
    assert isinstance(make_engine(Config.from_env({**given, "KENNIS_SEARCH": "elasticsearch"})), ElasticEngine)
    assert list(tmp_path.iterdir()) == []


def test_a_start_loads_no_client_of_a_server_and_nothing_that_waits_for_a_text() -> None:
    """Of Elasticsearch, PostgreSQL, Redis and figures; what changes tables; what reads Markdown and personal data."""
    late = (
        "elasticsearch", "elastic_transport", "psycopg", "redis", "limits", "prometheus_client", "alembic",
        "markdown_it", "phonenumbers", "kennis.stories.shaped_marks", "kennis.api.docs_page",
    )  # fmt: skip
    script = (
        "import sys; from kennis.app import create_app; from kennis.config import Config; "
        f"create_app(Config.from_env({{}})); print([m for m in {late} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_several_nodes_are_given_with_commas() -> None:
    config = Config.from_env({"KENNIS_ELASTICSEARCH_URL": "https://a.example:9200, https://b.example:9200/"})
    assert config.elasticsearch_url == ("https://a.example:9200", "https://b.example:9200")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KENNIS_ELASTICSEARCH_URL", "https://elastic:geheim@a.example"),
        ("KENNIS_ELASTICSEARCH_PASSWORD", "geheim "),
        ("KENNIS_ELASTICSEARCH_API_KEY", "geheim\n"),
        ("KENNIS_ELASTICSEARCH_URL", "a.example:9200"),
        ("KENNIS_ELASTICSEARCH_CA", "/nowhere/ca.pem"),
        ("KENNIS_ELASTICSEARCH_INDEX", "Kennis_*"),
    ],
)
def test_a_wrong_setting_is_named_and_no_secret_repeated(name: str, value: str) -> None:
    with pytest.raises(BadSetup, match=name) as refused:
        Config.from_env({name: value})
    assert "geheim" not in refused.value.message.nl + refused.value.message.en


def test_secrets_are_not_shown_with_the_settings() -> None:
    config = Config.from_env({"KENNIS_ELASTICSEARCH_PASSWORD": "geheim", "KENNIS_ELASTICSEARCH_API_KEY": "geheim"})
    assert "geheim" not in repr(config)
    assert "geheim" not in repr(Access((NOBODY,), "geheim", "user", "geheim"))


def test_no_server_is_told_at_once_and_never_no_results(tmp_path: Path) -> None:
    engine = engine_at(tmp_path, NOBODY, "http://127.0.0.1:2")
    with pytest.raises(SearchUnavailable):
        engine.search(EVERYTHING)
    with pytest.raises(SearchUnavailable):
        engine.write([])
    assert not engine.status().is_ready


@pytest.mark.parametrize(
    ("answer", "status", "headers"),
    [
        (b'{"version": {"number": "8.19.8"}}', 200, {}),
        (b"<html>", 200, {"Content_Type": "text/html"}),
        (b"{}", 200, {"X_Elastic_Product": "Elasticsearch"}),
        (b"not json", 200, {"X_Elastic_Product": "Elasticsearch"}),
    ],
)
def test_what_is_not_elasticsearch_is_named(
    tmp_path: Path, answer: bytes, status: int, headers: dict[str, str]
) -> None:
    with server(answer, status, **headers) as url:
        engine = engine_at(tmp_path, url)
        with pytest.raises(SearchBroken, match="not Elasticsearch") as told:
            engine.search(EVERYTHING)
        assert url in told.value.message.nl
        engine.close()


@pytest.mark.parametrize("number", ["7.17.29", "10.0.0"])
def test_a_server_of_another_version_is_named_with_the_client(tmp_path: Path, number: str) -> None:
    answer = json.dumps({"version": {"number": number}}).encode()
    with server(answer, X_Elastic_Product="Elasticsearch") as url:
        engine = engine_at(tmp_path, url)
        with pytest.raises(SearchBroken, match=rf"Elasticsearch {number}; the client 8\.\d+\.\d+"):
            engine.search(EVERYTHING)
        engine.close()


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_that_cannot_answer_is_unavailable(tmp_path: Path, status: int) -> None:
    with server(b"{}", status, X_Elastic_Product="Elasticsearch") as url:
        engine = engine_at(tmp_path, url)
        with pytest.raises(SearchUnavailable):
            engine.search(EVERYTHING)
        engine.close()


def test_a_file_that_is_no_certificate_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    with pytest.raises(SearchBroken, match=r"ca\.pem"):
        engine_at(tmp_path, "https://127.0.0.1:1", ca=tmp_path / "ca.pem").search(EVERYTHING)


def test_a_server_that_says_nothing_keeps_one_reader_waiting_and_not_all(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        access = Access((f"http://127.0.0.1:{silent.getsockname()[1]}",), search_seconds=0.4)
        engine = ElasticEngine(access, "kennis-test", mapping(), "1", IndexFolder(tmp_path))
        took = []
        for _ in range(5):
            start = time.monotonic()
            with pytest.raises(SearchDown):
                engine.search(EVERYTHING)
            took.append(time.monotonic() - start)
        engine.close()
    assert took[0] >= 0.4
    assert max(took[1:]) < 0.4


def test_only_indices_of_this_installation_are_ours() -> None:
    names = Names("kennis-entries", "1-5897ff1f", "2")
    assert names.is_ours(names.new())
    for other in ("kennis-entries", "kennis-entries-write", "kennis-entries-2-1-5897ff1f-2-1795615041064180111"):
        assert not names.is_ours(other)
    assert not names.is_fit("kennis-entries-1-5897ff1f-21-1795615041064180111")


@given(
    st.lists(st.sampled_from([1.0, 2.0, 2.5, 3.0]), max_size=60), st.integers(0, 40), st.integers(1, 20),
    st.integers(0, 30), st.integers(1, 60),
)  # fmt: skip
def test_a_page_of_a_part_is_the_page_of_all_or_none(
    scores: list[float], offset: int, limit: int, start: int, size: int
) -> None:
    everything = [Found(f"{(n * 37) % 61:02d}", score) for n, score in enumerate(sorted(scores, reverse=True))]
    wanted = sorted(everything, key=lambda hit: (-hit.score, hit.id))[offset : offset + limit]
    start = min(start, offset)
    size = max(size, offset + limit - start)
    part = everything[start : start + size]
    page = page_of(
        [hit.score for hit in part], [hit.id for hit in part], offset - start, limit,
        starts_whole=start == 0, ends_whole=start + size >= len(everything),
    )  # fmt: skip
    assert page is None or list(page) == wanted
    if start == 0 and size >= len(everything):
        assert page is not None
