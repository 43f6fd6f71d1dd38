"""A rebuild of twenty thousand entries while editors publish, change, archive and withdraw and readers search: no write
is lost, and no search misses or doubles an entry."""

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from kennis.access import policy
from kennis.app import create_app
from kennis.content import exchange, succession, withdrawal
from kennis.content.context import Context
from kennis.content.lifecycle import PUBLISHED
from kennis.search.elastic import ElasticEngine
from kennis.search.elastic_client import Connection
from kennis.search.indexing import Indexer
from kennis.search.port import WINDOW, AnyOf, SearchRequest
from kennis.search.tree import MatchAll
from kennis.store import Store
from kennis.store.models import Entry
from tests import databases
from tests.search import elastic
from tests.search.corpus import TODAY
from tests.search.library import NOW
from tools.bench.entries import KIND_WEIGHTS, entry, lines

pytestmark = pytest.mark.cluster
ENTRIES, REBUILDS = 20_000, 1
# Between two searches or writes of one person: the rebuild shares this process with them.
BREATH = 0.03
KINDS = tuple(KIND_WEIGHTS)
ACTOR = policy.system("editor")


@dataclass
class Ledger:
    """What every search that begins now must say. `touched` grows before an entry is changed, so that a search knows
    about which ones it cannot tell."""

    present: dict[str, set[str]]
    gone: set[str] = field(default_factory=set)
    touched: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    config = databases.configured(tmp_path_factory.mktemp("many"))
    opened = Store(config.database_url)
    opened.upgrade()
    report = exchange.import_lines(opened, lines(ENTRIES, TODAY), context())
    assert not report.problems
    yield opened
    opened.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[ElasticEngine]:
    with elastic.elastic_engine(tmp_path / "locks") as made:
        yield made


def context() -> Context:
    return Context(NOW, "https://kennis.example")


def by_kind(store: Store) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {kind: set() for kind in KINDS}
    with store.reading() as session:
        for entry_id, kind in session.execute(select(Entry.id, Entry.kind).where(Entry.status == PUBLISHED)):
            found[kind].add(entry_id)
    return found


class Editors:
    """One write after the other, each applied to the index before the next; the ledger follows."""

    def __init__(self, store: Store, engine: ElasticEngine, ledger: Ledger) -> None:
        self._store = store
        self._indexer = Indexer(store, engine, lambda: TODAY)
        self._ledger = ledger
        self._chance = random.Random(7)
        self._numbers = iter(range(ENTRIES, 2 * ENTRIES))
        self._old = iter(self._chance.sample(range(ENTRIES), ENTRIES))
        self.done = dict.fromkeys(("publish", "change", "archive", "withdraw"), 0)

    def step(self) -> None:
        deed = self._chance.choice(tuple(self.done))
        number = next(self._numbers if deed == "publish" else self._old)
        made = entry(number, TODAY)
        entry_id = str(made.document["id"])
        with self._ledger.lock:
            self._ledger.touched.append(entry_id)
            self._ledger.present[made.kind].discard(entry_id)
        title = {"title": f"Anders {number}"} if deed == "change" else {}
        if deed in ("publish", "change"):
            line = orjson.dumps({"kind": made.kind, **made.document, **title})
            assert not exchange.import_lines(self._store, [line], context()).problems
        else:
            with self._store.transaction() as session:
                if deed == "archive":
                    succession.archive(session, entry_id, "outdated", ACTOR, context())
                else:
                    withdrawal.withdraw(session, entry_id, ACTOR, context())
        self._indexer.apply_all()
        with self._ledger.lock:
            if deed in ("publish", "change"):
                self._ledger.present[made.kind].add(entry_id)
            else:
                self._ledger.gone.add(entry_id)
        self.done[deed] += 1


class Readers:
    """Searches of everything of a kind, compared with the ledger."""

    def __init__(self, engine: ElasticEngine, ledger: Ledger, seed: int) -> None:
        self._engine = engine
        self._ledger = ledger
        self._chance = random.Random(seed)
        self.done = 0

    def step(self) -> None:
        kind = self._chance.choice(KINDS)
        with self._ledger.lock:
            wanted, gone = set(self._ledger.present[kind]), set(self._ledger.gone)
            start = len(self._ledger.touched)
        asked = SearchRequest(MatchAll(), required=(AnyOf("kind", (kind,)),), sort="id", limit=WINDOW)
        result = self._engine.search(asked)
        found = [hit.id for hit in result.hits]
        with self._ledger.lock:
            moving = set(self._ledger.touched[start:])
        seen = set(found)
        assert len(seen) == len(found) == result.total, "an entry is doubled"
        assert not wanted - seen - moving, "an entry is missed"
        assert not gone & seen - moving, "an entry came back"
        self.done += 1


class Visitors:
    """What people see of it: never a failure, never an empty answer."""

    def __init__(self, web: FlaskClient) -> None:
        self._web = web
        self.done = 0

    def step(self) -> None:
        answer = self._web.get(f"/v1/entries?q=geweld&kind={KINDS[self.done % len(KINDS)]}")
        assert answer.status_code == 200
        assert answer.json["total"] > 0
        self.done += 1


def test_a_rebuild_under_load_loses_doubles_and_misses_nothing(
    store: Store, engine: ElasticEngine, tmp_path: Path
) -> None:
    indexer = Indexer(store, engine, lambda: TODAY)
    start = time.monotonic()
    assert indexer.rebuild() == ENTRIES
    print(f"first build: {time.monotonic() - start:.1f} s")
    config = databases.configured(tmp_path, KENNIS_PAGE_CACHE="0")
    web = create_app(config, store=store, engine=engine, today=lambda: TODAY).test_client()
    ledger = Ledger(by_kind(store))
    editors, visitors = Editors(store, engine, ledger), Visitors(web)
    readers = [Readers(engine, ledger, seed) for seed in (1, 2)]
    is_over, faults = threading.Event(), list[BaseException]()

    def work(somebody: Editors | Readers | Visitors) -> None:
        try:
            while not is_over.is_set():
                somebody.step()
                is_over.wait(BREATH)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=(who,)) for who in (editors, *readers, visitors)]
    for thread in threads:
        thread.start()
    built = [engine.status().index]
    try:
        for _ in range(REBUILDS):
            start = time.monotonic()
            indexer.rebuild()
            built.append(engine.status().index)
            print(f"rebuild under load: {time.monotonic() - start:.1f} s")
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    print(f"{editors.done} and {[r.done for r in readers]} + {visitors.done} searches meanwhile")
    assert faults == []
    assert min(editors.done.values()) > 0
    assert min(somebody.done for somebody in (*readers, visitors)) > 0
    assert indexer.apply_all() == 0
    assert not indexer.check()
    assert {kind: len(ids) for kind, ids in by_kind(store).items()} == {k: len(v) for k, v in ledger.present.items()}
    kept = indices(engine)
    assert kept == set(built)


def indices(engine: ElasticEngine) -> set[str]:
    connection = Connection(elastic.access())
    found = set(connection.client().indices.get(index=f"{engine._names.prefix}-*", features=["aliases"]).body)
    connection.close()
    return found
