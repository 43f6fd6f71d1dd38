"""`/v1/metrics`: there when asked for, sums only, and what each figure is."""

import pytest
from flask import Flask

from kennis.installation import INTERNAL, POLICIES
from tests.api.conftest import Site


@pytest.fixture(scope="module")
def measured(site: Site) -> Flask:
    return site.app(KENNIS_METRICS="on")


def figures(app: Flask) -> dict[str, float]:
    """Name with labels -> number, as Prometheus reads them."""
    answer = app.test_client().get("/v1/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers
    lines = [line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(number) for name, _, number in lines}


def test_there_are_no_figures_unless_they_are_asked_for(app: Flask) -> None:
    assert app.test_client().get("/v1/metrics").status_code == 404


def test_the_address_of_the_figures_has_a_policy_and_is_no_part_of_the_api(measured: Flask) -> None:
    assert measured.extensions[POLICIES]["metrics"] == INTERNAL
    assert "metrics" not in measured.test_client().get("/v1/openapi.json").text


def test_answers_and_searches_are_counted_without_a_word_of_them(measured: Flask) -> None:
    client = measured.test_client()
    for path in ("/v1/entries?q=kanarie", "/v1/entries?q=kanarie2", "/?q=kanarie3", "/v1/kanarie", "/verhalen/kanarie"):
        client.get(path, headers={"User-Agent": "kanarie"})
    found = figures(measured)
    assert found['kennis_requests_total{endpoint="zoeken.searchEntries",status="2xx"}'] == 2
    assert found['kennis_requests_total{endpoint="web.search",status="2xx"}'] == 1
    assert found['kennis_requests_total{endpoint="other",status="4xx"}'] == 1
    assert found['kennis_engine_search_seconds_count{engine="embedded"}'] >= 3
    assert not any("kanarie" in name for name in found)


def test_the_state_of_the_installation_is_told(measured: Flask) -> None:
    found = figures(measured)
    assert found['kennis_outbox_jobs{engine="embedded"}'] == 0
    assert found['kennis_outbox_seconds{engine="embedded"}'] == 0
    assert found['kennis_dead_letters{engine="embedded"}'] == 0
    assert found['kennis_engine_ready{engine="embedded"}'] == 1
    assert found["kennis_search_degraded"] == 0
