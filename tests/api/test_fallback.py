"""With a fallback, an engine that fails is no outage: the other answers, says so, and the first is left in peace."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from kennis.app import create_app
from kennis.config import Config
from kennis.errors import SearchUnavailable
from kennis.installation import EXTENSION, Kennis
from kennis.search.find import Finder
from kennis.search.indexing import Indexer
from kennis.search.standby import REST_SECONDS, Standby
from tests.api.conftest import Site
from tests.search.faulty import FaultyEngine


@dataclass(frozen=True)
class Pair:
    app: Flask
    first: FaultyEngine


@pytest.fixture(scope="module")
def first(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyEngine]:
    engine = FaultyEngine(tmp_path_factory.mktemp("first"))
    Indexer(site.parts.store, engine).rebuild()
    yield engine
    engine.close()


@pytest.fixture
def pair(site: Site, first: FaultyEngine) -> Pair:
    """An app of its own, in which nothing rests and no answer is kept yet."""
    first.is_down = False
    return Pair(create_app(site.config, store=site.parts.store, engine=first, fallback=site.parts.engine), first)


PATHS = (
    "/v1/entries?q=hulp",
    "/v1/lessons",
    "/v1/suggestions?q=hui",
    "/v1/gaps",
    "/v1/vocabularies/topics",
    "/?q=hulp",
)


def test_the_embedded_index_is_chosen_by_a_setting_and_has_a_place_of_its_own(tmp_path: Path) -> None:
    wanted = {"KENNIS_DATA_DIR": str(tmp_path), "KENNIS_SEARCH": "elasticsearch", "KENNIS_SEARCH_FALLBACK": "embedded"}
    parts: Kennis = create_app(Config.from_env(wanted)).extensions[EXTENSION]
    assert [indexer.name for indexer in parts.indexers] == ["elasticsearch", "embedded"]
    alone: Kennis = create_app(Config.from_env({**wanted, "KENNIS_SEARCH_FALLBACK": "none"})).extensions[EXTENSION]
    assert [indexer.name for indexer in alone.indexers] == ["elasticsearch"]


@pytest.mark.parametrize("path", PATHS)
def test_the_other_engine_answers_the_same(pair: Pair, path: str) -> None:
    client = pair.app.test_client()
    whole = client.get(path)
    pair.first.is_down = True
    # A question of which no answer is kept.
    client.get("/v1/entries?q=iets+anders+dan+dat")
    degraded = client.get(path)
    assert (whole.status_code, degraded.status_code) == (200, 200)
    assert whole.headers["ETag"] != degraded.headers["ETag"]


def test_a_degraded_search_says_so_and_a_whole_one_does_not(pair: Pair) -> None:
    client = pair.app.test_client()
    whole = client.get("/v1/entries?q=hulp").get_json()
    assert "degraded" not in whole
    assert "Zoeken werkt nu niet helemaal" not in client.get("/?q=hulp").text
    pair.first.is_down = True
    found = client.get("/v1/entries?q=hulp+bij+schulden").get_json()
    assert found["degraded"] is True
    found = client.get("/v1/entries?q=hulp").get_json()
    assert found.pop("degraded") is True
    assert found == whole
    assert client.post("/v1/entries/_search", json={"q": "hulp"}).get_json()["degraded"] is True
    assert "Zoeken werkt nu niet helemaal" in client.get("/?q=hulp").text
    assert client.get("/v1/health/ready").get_json()["degraded"] is True


def test_an_answer_of_one_engine_is_not_kept_as_that_of_the_other(pair: Pair) -> None:
    client = pair.app.test_client()
    whole = client.get("/v1/entries?q=geweld")
    pair.first.is_down = True
    client.get("/v1/entries?q=iets+anders")
    degraded = client.get("/v1/entries?q=geweld", headers={"If-None-Match": whole.headers["ETag"]})
    assert degraded.status_code == 200
    assert degraded.get_json()["degraded"] is True
    before = pair.first.asked
    client.get("/v1/entries?q=nog+iets+anders")
    assert pair.first.asked == before, "it is left alone"


def test_without_a_fallback_a_reader_is_told_in_plain_words_and_where_help_is(pair: Pair, site: Site) -> None:
    alone = create_app(site.config, store=site.parts.store, engine=pair.first).test_client()
    pair.first.is_down = True
    page = alone.get("/?q=hulp")
    assert page.status_code == 503
    assert int(page.headers["Retry-After"]) > 0
    for words in ("Dit werkt nu even niet", "0800-2000", "tel:112"):
        assert words in page.text
    problem = alone.get("/v1/entries?q=hulp")
    assert (problem.status_code, problem.content_type) == (503, "application/problem+json")
    assert int(problem.headers["Retry-After"]) > 0


def test_an_entry_is_read_without_any_engine(pair: Pair, site: Site) -> None:
    alone = create_app(site.config, store=site.parts.store, engine=pair.first).test_client()
    address = site.app().test_client().get("/v1/lessons?pageSize=1").get_json()["items"][0]["links"]["html"]
    path = address.removeprefix(site.config.public_url)
    whole = alone.get(path)
    assert whole.headers["ETag"]
    pair.first.is_down = True
    bare = alone.get(path)
    assert bare.status_code == 200
    assert "ETag" not in bare.headers
    assert bare.headers["Cache-Control"] == "private, no-store"


def test_an_engine_that_failed_is_left_alone_for_a_while_and_then_tried_by_one(site: Site, first: FaultyEngine) -> None:
    now = [100.0]
    tried: list[Finder] = []
    down: set[Finder] = set()
    one, other = (Finder(site.parts.store, engine, site.config) for engine in (first, site.parts.engine))

    def step(finder: Finder) -> str:
        tried.append(finder)
        if finder in down:
            raise SearchUnavailable()
        return "first" if finder is one else "second"

    standby = Standby(one, other, lambda: now[0])
    assert standby.answer(step) == "first"
    down.add(one)
    assert [standby.answer(step) for _ in range(5)] == ["second"] * 5
    assert tried.count(one) == 2
    assert standby.is_degraded
    now[0] += REST_SECONDS
    inside: list[str] = []

    def slow(finder: Finder) -> str:
        if finder is one and not inside:
            inside.append(standby.answer(step))
        return step(finder)

    assert standby.answer(slow) == "second"
    assert inside == ["second"], "others do not wait with the one that tries"
    down.clear()
    assert standby.answer(step) == "second"
    now[0] += REST_SECONDS
    assert standby.answer(step) == "first"
    assert not standby.is_degraded
    down.update((one, other))
    with pytest.raises(SearchUnavailable):
        standby.answer(step)
