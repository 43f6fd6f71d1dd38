"""The real app over a database with the seed, its index in a folder of its own; made once, for nothing here writes."""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kennis import clock
from kennis.access.policy import POLICY
from kennis.api import names
from kennis.api.openapi import document
from kennis.app import create_app
from kennis.config import Config
from kennis.content import kinds, seeding
from kennis.content.context import Context
from kennis.content.kinds import KINDS
from kennis.installation import DEMO, POLICIES, Kennis, assemble
from kennis.search.port import Alone, Build, Refused, SearchEngine, SearchRequest, SearchResult, Write
from kennis.store import state
from tests import databases
from tests.api.office import Office, marked_entry, opened

ORIGIN = "https://partner.example"


class CountingEngine:
    """Fulfils the protocol by another engine and counts what it is asked."""

    def __init__(self, inner: SearchEngine) -> None:
        self.inner = inner
        self.searches = 0

    @property
    def name(self) -> str:
        return self.inner.name

    def search(self, request: SearchRequest) -> SearchResult:
        self.searches += 1
        return self.inner.search(request)

    def terms(self, field: str, excluded: Any) -> dict[str, int]:
        return self.inner.terms(field, excluded)

    def versions(self) -> dict[str, int]:
        return self.inner.versions()

    def refresh(self) -> None:
        self.inner.refresh()

    def writing(self) -> AbstractContextManager[None]:
        return self.inner.writing()

    def write(self, batch: list[Write]) -> Refused:
        return self.inner.write(batch)

    def mend(self, batch: list[Write]) -> Refused:
        return self.inner.mend(batch)

    def rebuild(self, fill: Build, finish: Build, *, keep_previous: bool, alone: Alone | None = None) -> None:
        self.inner.rebuild(fill, finish, keep_previous=keep_previous, alone=alone)

    def roll_back(self) -> bool:
        return self.inner.roll_back()

    def status(self) -> Any:
        return self.inner.status()

    def close(self) -> None:
        self.inner.close()


@dataclass(frozen=True)
class Site:
    """A seeded installation; `engine` counts. `marks`: kind -> an entry and a mark on it that everybody sees."""

    config: Config
    parts: Kennis
    engine: CountingEngine
    marks: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def app(self, **changes: Any) -> Flask:
        return create_app(
            databases.configured(self.config.data_dir, **changes),
            store=self.parts.store,
            engine=self.engine,
        )


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("api")
    config = databases.configured(folder)
    parts = assemble(config)
    parts.store.upgrade()
    context = Context(clock.now(), config.public_url)
    seeding.seed(parts.store, context, checked_on=clock.today())
    marked = {kind.code: marked_entry(parts, kind.code, context) for kind in KINDS.values() if kind.takes_marks}
    parts.indexer.catch_up()
    yield Site(config, parts, CountingEngine(parts.engine), marked)
    parts.store.close()
    parts.engine.close()


@pytest.fixture(scope="session")
def app(site: Site) -> Flask:
    return site.app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def openapi(app: Flask) -> dict[str, Any]:
    return document(app)


@pytest.fixture(scope="session")
def ids(app: Flask) -> Mapping[str, str]:
    """Kind -> id of one published entry of that kind."""
    found = {}
    for kind in KINDS.values():
        answer = app.test_client().get(f"/v1/{kind.collection}?pageSize=1&sort=title").get_json()
        found[kind.code] = answer["items"][0]["id"]
    return found


@pytest.fixture(scope="session")
def paths(site: Site, app: Flask, ids: Mapping[str, str]) -> Mapping[str, str]:
    """Endpoint -> an address at which it answers 200, for every route under /v1 that takes no key."""
    organisation = app.test_client().get("/v1/organisations?pageSize=1").get_json()["items"][0]["id"]
    by_collection = {kind.collection: ids[kind.code] for kind in KINDS.values()}
    questions = {
        "overzicht.listSuggestions": "?q=hui",
        "overzicht.compareEntries": f"?id={ids['intervention']}&id={ids['method']}",
        **{f"versies.listDifferencesOf{names.pascal(kind)}": "?with=1" for kind in KINDS},
    }
    found = {}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/v1") and app.extensions[POLICIES][rule.endpoint] not in POLICY:
            collection = rule.rule.split("/")[2]
            path = rule.rule
            if "<uuid:markId>" in path:
                kind = kinds.by_collection(collection)
                assert kind is not None
                entry_id, mark_id = site.marks[kind.code]
                path = path.replace("<uuid:id>", entry_id).replace("<uuid:markId>", mark_id)
            path = path.replace("<uuid:id>", by_collection.get(collection, organisation))
            path = re.sub("<int[^>]+:version>", "1", path)
            path = path.replace("<string:name>", "topics").replace("<string:code>", "partnergeweld")
            found[rule.endpoint] = path + questions.get(rule.endpoint, "")
    return found


@pytest.fixture
def make_demo(tmp_path: Path) -> Iterator[Site]:
    """An empty database that `kennis demo` marked."""
    config = databases.configured(tmp_path)
    parts = assemble(config)
    parts.store.upgrade()
    with parts.store.transaction() as session:
        state.put(session, DEMO, "true")
    parts.indexer.catch_up()
    yield Site(config, parts, CountingEngine(parts.engine))
    parts.store.close()
    parts.engine.close()


@pytest.fixture
def office(config: Config) -> Iterator[Office]:
    """Of its own for each test, for this one is written to."""
    made = opened(config)
    yield made
    made.parts.store.close()
    made.parts.engine.close()
