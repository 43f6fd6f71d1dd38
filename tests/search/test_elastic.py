"""Elasticsearch by itself: the life of its indices, versions of documents, and what it says when it cannot answer."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kennis.content.context import Context
from kennis.errors import BadSetup, SearchBroken, SearchUnavailable
from kennis.search import elastic_indices
from kennis.search.document import document
from kennis.search.elastic import ElasticEngine
from kennis.search.elastic_client import Access, Connection
from kennis.search.embedded_files import IndexFolder
from kennis.search.indexing import Indexer
from kennis.search.mapping import mapping
from kennis.search.port import FreshIndex, IndexDocument, Removal, SearchRequest
from kennis.search.tree import MatchAll
from kennis.store import Store
from tests import databases
from tests.search import elastic
from tests.search.corpus import TODAY, make
from tests.search.library import NOW, store_all

EVERYTHING = SearchRequest(MatchAll(), limit=100)


def les(number: int, version: int = 1) -> IndexDocument:
    made = document(make("lesson", f"Les {number}"), TODAY)
    assert made is not None
    return replace(made, version=version)


LESSONS = [les(n) for n in range(5)]
ONE = LESSONS[0].id


@pytest.fixture(scope="module")
def client() -> Iterator[Connection]:
    connection = Connection(elastic.access())
    yield connection
    connection.close()


@pytest.fixture
def prefix() -> str:
    return elastic.new_prefix()


@pytest.fixture
def engine(tmp_path: Path, prefix: str) -> Iterator[ElasticEngine]:
    with elastic.elastic_engine(tmp_path, prefix) as made:
        yield made


def fill(engine: ElasticEngine, documents: Sequence[IndexDocument] = LESSONS, *, keep: bool = True) -> str:
    engine.rebuild(lambda fresh: fresh.write(documents), lambda _: None, keep_previous=keep)
    return engine.status().index


def indices(client: Connection, prefix: str) -> dict[str, set[str]]:
    found = client.client().indices.get(index=f"{prefix}-*", features=["aliases"]).body
    return {name: {alias.removeprefix(prefix) for alias in about["aliases"]} for name, about in found.items()}


def test_a_rebuild_makes_a_named_index_behind_two_aliases(
    engine: ElasticEngine, client: Connection, prefix: str
) -> None:
    index = fill(engine)
    assert index.startswith(f"{prefix}-{mapping().version}-")
    assert indices(client, prefix) == {index: {"", "-write"}}
    assert engine.status().documents == 5
    assert engine.search(EVERYTHING).total == 5


def test_one_previous_index_is_kept_and_older_ones_go(engine: ElasticEngine, client: Connection, prefix: str) -> None:
    _, second, third = fill(engine), fill(engine), fill(engine)
    assert indices(client, prefix) == {second: {"-previous"}, third: {"", "-write"}}
    assert fill(engine, keep=False)
    assert len(indices(client, prefix)) == 1


def test_rolling_back_returns_to_the_previous_index_once(
    engine: ElasticEngine, client: Connection, prefix: str
) -> None:
    first = fill(engine, LESSONS[:2])
    fill(engine)
    assert engine.roll_back()
    assert indices(client, prefix) == {first: {"", "-write"}}
    assert engine.search(EVERYTHING).total == 2
    engine.write([LESSONS[4]])
    assert engine.search(EVERYTHING).total == 3
    assert not engine.roll_back()


def test_a_failing_rebuild_leaves_the_old_index_and_nothing_else(
    engine: ElasticEngine, client: Connection, prefix: str
) -> None:
    index = fill(engine)

    def differ(_: FreshIndex) -> None:
        raise ValueError("not equal")

    with pytest.raises(ValueError, match="not equal"):
        engine.rebuild(lambda fresh: fresh.write(LESSONS[:1]), differ, keep_previous=True)
    assert indices(client, prefix) == {index: {"", "-write"}}
    assert engine.search(EVERYTHING).total == 5


def test_what_a_killed_rebuild_left_goes_with_the_next(engine: ElasticEngine, client: Connection, prefix: str) -> None:
    elastic_indices.create(client.client(), engine._names, mapping())
    index = fill(engine)
    assert indices(client, prefix) == {index: {"", "-write"}}


def test_an_installation_with_a_longer_name_is_left_alone(tmp_path: Path, engine: ElasticEngine, prefix: str) -> None:
    with elastic.elastic_engine(tmp_path / "other", f"{prefix}-2") as other:
        fill(other, LESSONS[:3])
        fill(engine)
        fill(engine, keep=False)
        assert other.search(EVERYTHING).total == 3


def test_writes_during_a_rebuild_are_searchable_at_once_in_the_old_index(engine: ElasticEngine) -> None:
    fill(engine)

    def fill_slowly(fresh: FreshIndex) -> None:
        fresh.write(LESSONS)
        engine.write([les(9)])
        assert engine.search(EVERYTHING).total == 6

    engine.rebuild(fill_slowly, lambda fresh: fresh.write([les(9)]), keep_previous=True)
    assert engine.search(EVERYTHING).total == 6


def test_an_index_removed_while_it_is_built_is_not_made_again(
    engine: ElasticEngine, client: Connection, prefix: str
) -> None:
    def lose(fresh: FreshIndex) -> None:
        (name,) = indices(client, prefix)
        client.client().indices.delete(index=name)
        fresh.write(LESSONS)

    with pytest.raises(SearchBroken, match="rebuild"):
        engine.rebuild(lose, lambda _: None, keep_previous=True)
    assert indices(client, prefix) == {}


def test_an_older_version_never_wins(engine: ElasticEngine) -> None:
    fill(engine)
    engine.write([les(0, 5)])
    engine.write([les(0, 4), Removal(ONE, 3)])
    assert engine.versions()[ONE] == 5
    engine.write([les(0, 5), Removal(ONE, 6)])
    engine.write([les(0, 5)])
    assert ONE not in engine.versions()


def test_mending_counts_whatever_version_was_held(engine: ElasticEngine) -> None:
    fill(engine)
    engine.write([les(0, 9), les(1, 9)])
    engine.mend([les(0, 2), Removal(LESSONS[1].id, 2), les(7)])
    held = engine.versions()
    assert (held[ONE], held.get(LESSONS[1].id), held[les(7).id]) == (2, None, 1)
    engine.write([Removal(ONE, 3)])
    engine.write([les(0, 2)])
    assert ONE not in engine.versions()


def test_a_document_that_is_refused_is_named_and_holds_up_no_other(engine: ElasticEngine) -> None:
    fill(engine)
    odd = IndexDocument(ONE, 2, {"id": ONE, "published": "geheime woorden"})
    refused = engine.write([IndexDocument("odd", 1, {"nothing": "known"}), odd, les(8)])
    assert refused == {"odd": "strict_dynamic_mapping_exception: nothing", ONE: "document_parsing_exception: published"}
    held = engine.versions()
    assert les(8).id in held
    assert ONE not in held, "words of an older version would be found"
    assert engine.write([les(0, 2)]) == {}
    assert engine.versions()[ONE] == 2


def test_a_missing_index_is_never_no_results_and_never_made_by_a_write(
    engine: ElasticEngine, client: Connection, prefix: str
) -> None:
    with pytest.raises(SearchBroken, match="rebuild"):
        engine.search(EVERYTHING)
    index = fill(engine)
    client.client().indices.delete(index=index)
    for _ in range(2):
        with pytest.raises(SearchBroken, match="rebuild"):
            engine.search(EVERYTHING)
        with pytest.raises(SearchBroken, match="rebuild"):
            engine.write(LESSONS)
        engine.refresh()
    assert indices(client, prefix) == {}
    assert not engine.status().is_ready


def test_a_missing_alias_is_never_no_results(engine: ElasticEngine, client: Connection, prefix: str) -> None:
    index = fill(engine)
    client.client().indices.delete_alias(index=index, name=[prefix, f"{prefix}-write"])
    with pytest.raises(SearchBroken, match="rebuild"):
        engine.search(EVERYTHING)
    with pytest.raises(SearchBroken, match="rebuild"):
        engine.write(LESSONS)


def test_an_index_of_another_version_is_not_read(tmp_path: Path, engine: ElasticEngine, prefix: str) -> None:
    fill(engine)
    other = ElasticEngine(elastic.access(), prefix, mapping(), "other", IndexFolder(tmp_path))
    with pytest.raises(SearchBroken, match="another version"):
        other.search(EVERYTHING)
    assert "another version" in other.status().problem_en
    other.close()


def test_a_block_on_writing_is_told_and_searching_goes_on(engine: ElasticEngine, client: Connection) -> None:
    index = fill(engine)
    block = "index.blocks.read_only_allow_delete"
    client.client().indices.put_settings(index=index, settings={block: True})
    with pytest.raises(SearchBroken, match="blocked"):
        engine.write([les(0, 2)])
    assert engine.search(EVERYTHING).total == 5
    client.client().indices.put_settings(index=index, settings={block: None})
    engine.write([les(0, 2)])
    assert engine.versions()[ONE] == 2


def test_a_closed_index_is_no_answer(engine: ElasticEngine, client: Connection) -> None:
    client.client().indices.close(index=fill(engine))
    with pytest.raises(SearchUnavailable):
        engine.search(EVERYTHING)


def test_ties_longer_than_a_margin_are_in_the_order_of_ids_on_every_page(engine: ElasticEngine) -> None:
    many = [replace(les(0), id=f"{n:03d}", fields={**les(0).fields, "id": f"{n:03d}"}) for n in range(300)]
    fill(engine, many)
    request = SearchRequest(MatchAll(), limit=30)
    pages = [engine.search(replace(request, offset=offset)).hits for offset in range(0, 330, 30)]
    assert [hit.id for page in pages for hit in page] == [d.id for d in many]


def test_a_node_that_is_gone_is_passed_over(tmp_path: Path, engine: ElasticEngine, prefix: str) -> None:
    fill(engine)
    at = elastic.access()
    scheme = at.urls[0].partition(":")[0]
    more = replace(at, urls=(f"{scheme}://127.0.0.1:1", *at.urls))
    other = ElasticEngine(more, prefix, mapping(), engine._names.analysis_version, IndexFolder(tmp_path))
    assert [other.search(EVERYTHING).total for _ in range(4)] == [5] * 4
    other.write([les(6)])
    other.close()


def test_the_check_finds_and_mends_what_differs(tmp_path: Path, engine: ElasticEngine) -> None:
    config = databases.configured(tmp_path)
    store = Store(config.database_url)
    store.upgrade()
    views = [make("lesson", f"Les {n}", organisations=None) for n in range(4)]
    store_all(store, Context(NOW, config.public_url), views)
    indexer = Indexer(store, engine, lambda: TODAY)
    assert indexer.rebuild() == 4
    orphan, stale, missing = les(9), les(0, 50), les(1)
    engine.write([orphan, stale])
    engine.mend([Removal(missing.id, 1)])
    found = indexer.check(fix=True)
    assert (found.orphan, found.stale, found.missing) == ((orphan.id,), (stale.id,), (missing.id,))
    assert not indexer.check()
    assert engine.search(EVERYTHING).total == 4
    store.close()


def test_a_new_index_that_differs_from_the_database_is_thrown_away(
    tmp_path: Path, engine: ElasticEngine, client: Connection, prefix: str
) -> None:
    config = databases.configured(tmp_path)
    store = Store(config.database_url)
    store.upgrade()
    views = [make("lesson", f"Les {n}", organisations=None) for n in range(4)]
    store_all(store, Context(NOW, config.public_url), views)
    indexer = Indexer(store, engine, lambda: TODAY)
    indexer.rebuild()
    index = engine.status().index

    def lose_one(done: int, _total: int) -> None:
        if done:
            (name,) = set(indices(client, prefix)) - {index}
            client.client().delete(index=name, id=views[0].id)

    with pytest.raises(BadSetup, match="1 missing, 0 stale, 0 orphan"):
        indexer.rebuild(lose_one)
    assert indices(client, prefix) == {index: {"", "-write"}}
    assert not indexer.check()
    store.close()


# With a server that asks who is there: make elasticsearch security=on


@pytest.fixture
def guarded() -> Access:
    at = elastic.access()
    if not at.password:
        pytest.skip("this server asks for no password: make elasticsearch security=on")
    return at


def test_a_key_for_the_indices_alone_is_enough(guarded: Access, tmp_path: Path, client: Connection) -> None:
    rights = {"kennis": {"cluster": [], "indices": [{"names": ["kennis-*"], "privileges": ["all"]}]}}
    key = client.client().security.create_api_key(name="kennis-test", role_descriptors=rights)["encoded"]
    with elastic.elastic_engine(tmp_path, at=Access(guarded.urls, api_key=key, ca=guarded.ca)) as engine:
        fill(engine)
        fill(engine)
        engine.write([les(0, 2)])
        engine.mend([les(0, 1)])
        assert engine.roll_back()
        assert engine.versions().keys() == {d.id for d in LESSONS}
        assert engine.terms("exact", ())


def test_what_is_wrong_with_the_access_is_named(guarded: Access, tmp_path: Path) -> None:
    wrong = {
        "refuses the key": replace(guarded, password="nothing"),
        "or the password": Access(guarded.urls, ca=guarded.ca),
        "KENNIS_ELASTICSEARCH_API_KEY": Access(guarded.urls, api_key="b25l", ca=guarded.ca),
        "not trusted": replace(guarded, ca=None),
    }
    for told, at in wrong.items():
        engine = ElasticEngine(at, elastic.new_prefix(), mapping(), "1", IndexFolder(tmp_path))
        with pytest.raises(SearchBroken, match=told):
            engine.search(EVERYTHING)
        engine.close()


def test_a_key_without_rights_is_named(guarded: Access, tmp_path: Path, client: Connection) -> None:
    rights = {"kennis": {"cluster": [], "indices": [{"names": ["kennis-*"], "privileges": ["read"]}]}}
    key = client.client().security.create_api_key(name="kennis-test", role_descriptors=rights)["encoded"]
    engine = ElasticEngine(
        Access(guarded.urls, api_key=key, ca=guarded.ca), elastic.new_prefix(), mapping(), "1", IndexFolder(tmp_path)
    )
    with pytest.raises(SearchBroken, match="privileges"):
        fill(engine)
    engine.close()
