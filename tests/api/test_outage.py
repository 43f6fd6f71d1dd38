"""The search engine is down: 503 with a moment to come back, and nothing of our folders and servers."""

import json

import pytest

from kennis import logs
from kennis.api.problems import fault_of
from kennis.app import create_app
from kennis.config import Config
from kennis.errors import BadSetup, SearchBroken
from kennis.search.elastic import ElasticEngine
from kennis.search.elastic_client import Access
from kennis.search.embedded_files import IndexFolder
from kennis.search.mapping import mapping
from kennis.store import Store


def test_the_reason_stays_inside() -> None:
    for error in (SearchBroken("in /srv/kennis", "in /srv/kennis"), BadSetup("in /srv/kennis", "in /srv/kennis")):
        assert fault_of(error).detail is None


@pytest.mark.parametrize("path", ["/v1/entries?q=hulp", "/?q=hulp"])
def test_a_search_without_its_server_is_503_with_a_moment_to_come_back(config: Config, store: Store, path: str) -> None:
    access = Access(("http://127.0.0.1:1",))
    engine = ElasticEngine(access, "kennis-test", mapping(), "1", IndexFolder(config.data_dir))
    answer = create_app(config, store=store, engine=engine).test_client().get(path)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "127.0.0.1:1" not in answer.get_data(as_text=True)


def test_the_log_names_the_cause_once_and_not_for_every_reader(
    config: Config, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    access = Access(("http://127.0.0.1:2",))
    engine = ElasticEngine(access, "kennis-test", mapping(), "1", IndexFolder(config.data_dir))
    client = create_app(config, store=store, engine=engine).test_client()
    for n in range(20):
        assert client.get(f"/v1/entries?q=geheim{n}").status_code == 503
    form = logs.formatter("production")
    (told,) = [json.loads(form.format(r)) for r in caplog.records if r.name.startswith("kennis")]
    assert "127.0.0.1:2" in told["reason"]
    assert "Traceback" not in caplog.text
    assert "geheim" not in caplog.text
