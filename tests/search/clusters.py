"""Clusters of its own for tests that kill, hold or starve nodes, and an installation of Kennis that works on one."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from kennis.app import create_app
from kennis.config import Config
from kennis.content.context import Context
from kennis.content.lifecycle import PUBLISHED
from kennis.search.background import IndexThread
from kennis.search.elastic import ElasticEngine
from kennis.search.elastic_client import Access, Connection
from kennis.search.engines import make_engine
from kennis.search.indexing import Indexer
from kennis.search.port import SearchEngine, SearchRequest
from kennis.search.tree import MatchAll
from kennis.store import Store
from kennis.store.models import Entry
from tests import databases, real_parts, waiting
from tests.search import elastic
from tests.search.corpus import TODAY, make
from tests.search.library import NOW, store_all
from tools.elasticsearch import __main__ as tool
from tools.elasticsearch.places import ToolFault, cache_folder, prepare
from tools.elasticsearch.plan import Cluster, Plan
from tools.elasticsearch.running import signal_node

# How long anything may take to come right by itself on a busy machine.
PATIENCE = 120.0
wait_until = partial(waiting.wait_until, seconds=PATIENCE)


@dataclass(frozen=True)
class Nodes:
    """A running cluster and what may happen to it."""

    name: str
    cluster: Cluster
    cache: Path

    @property
    def urls(self) -> tuple[str, ...]:
        return self.cluster.addresses

    def kill(self, number: int = 0) -> None:
        tool.kill(self.cache, self.name, number)

    def restart(self, number: int = 0) -> None:
        tool.restart(self.cache, self.name, number)

    def upgrade(self, number: int, version: int) -> None:
        tool.upgrade(self.cache, self.name, number, version)

    @contextmanager
    def held(self, number: int = 0) -> Iterator[None]:
        """It hears and says nothing, as behind a network that swallows everything."""
        node = self.cluster.nodes[number]
        assert signal_node(node, signal.SIGSTOP)
        try:
            yield
        finally:
            signal_node(node, signal.SIGCONT)


@contextmanager
def cluster(name: str, plan: Plan, version: int | None = None) -> Iterator[Nodes]:
    """Of the version of the server that other tests use, unless another is asked for; skips and fails as they do, for
    it is started where one is wanted."""
    used = elastic.major()
    plan = replace(plan, version=version or used)
    try:
        cache = prepare(cache_folder(os.environ))
        is_ours = not (cache / "running" / name).exists()
        made = tool.start(cache, name, plan)
    except ToolFault as fault:
        real_parts.missing(str(fault))
    try:
        yield Nodes(name, made, cache)
    finally:
        # One that ran before is that of somebody who works on these tests.
        if is_ours:
            tool.stop(cache, name)


@dataclass(frozen=True)
class Site:
    """A Kennis on that cluster: its database, its web app and the thread that keeps the index."""

    config: Config
    store: Store
    engine: ElasticEngine
    indexer: Indexer
    thread: IndexThread
    web: FlaskClient
    admin: Connection

    def publish(self, word: str, count: int = 1) -> None:
        """As acknowledged as publishing is: committed, and nothing more."""
        views = [make("lesson", f"{word} {n}", organisations=None) for n in range(count)]
        store_all(self.store, Context(NOW, self.config.public_url), views, with_organisations=False)
        self.thread.wake()

    def published(self) -> list[str]:
        with self.store.reading() as session:
            return sorted(session.scalars(select(Entry.id).where(Entry.status == PUBLISHED)))

    def found(self) -> list[str]:
        return [hit.id for hit in self.engine.search(SearchRequest(MatchAll(), sort="id", limit=10_000)).hits]

    def waiting(self) -> int:
        return self.indexer.lag().waiting

    def settings(self, **settings: Any) -> None:
        """Of the index that is searched."""
        self.admin.client().indices.put_settings(
            index=self.config.elasticsearch_index,
            settings={name.replace("__", "."): value for name, value in settings.items()},
        )


@contextmanager
def site(
    path: Path, urls: tuple[str, ...], *, entries: int = 20, engine_of: Callable[[Config], SearchEngine] = make_engine
) -> Iterator[Site]:
    """With so many published entries and an index of them; the thread runs."""
    prefix = elastic.new_prefix()
    config = databases.configured(
        path, KENNIS_SEARCH="elasticsearch", KENNIS_ELASTICSEARCH_URL=",".join(urls),
        KENNIS_ELASTICSEARCH_INDEX=prefix, KENNIS_PAGE_CACHE="0",
    )  # fmt: skip
    store, engine = Store(config.database_url), engine_of(config)
    assert isinstance(engine, ElasticEngine)
    store.upgrade()
    indexer = Indexer(store, engine, lambda: TODAY)
    web = create_app(config, store=store, engine=engine, today=lambda: TODAY).test_client()
    made = Site(config, store, engine, indexer, IndexThread(indexer), web, Connection(Access(urls)))
    made.publish("Eerste", entries)
    indexer.rebuild()
    made.thread.start()
    try:
        yield made
    finally:
        made.thread.stop()
        made.admin.close()
        engine.close()
        store.close()
