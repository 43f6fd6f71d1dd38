"""Libraries for the tests of the search, made once per session: nothing in these tests changes them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from kennis.content.views import EntryView
from kennis.search.analysis import ANALYSIS_VERSION
from kennis.search.embedded import EmbeddedEngine
from kennis.search.indexing import Indexer
from kennis.search.mapping import mapping
from kennis.search.port import SearchEngine
from kennis.store import Store
from tests.search.corpus import TODAY, base, everything
from tests.search.elastic import elastic_engine, merge
from tests.search.library import Library, library
from tests.search.whole import whole_store


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Everything of the fixture corpus, generated entries too."""
    with library(tmp_path_factory.mktemp("corpus"), everything(300)) as opened:
        yield opened


Open = Callable[[Sequence[EntryView]], Library]


@pytest.fixture
def open_library(tmp_path: Path) -> Iterator[Open]:
    """A library of just these entries."""
    with ExitStack() as stack:
        yield lambda views: stack.enter_context(library(tmp_path, views))


@pytest.fixture(scope="module")
def beside_base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """A library of these entries beside one of every topic and renamed organisation, made once per module."""
    with ExitStack() as stack:
        yield lambda views: stack.enter_context(library(tmp_path_factory.mktemp("base"), (*base(), *views)))


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The corpus of the contract: the seed and several hundred generated entries."""
    with whole_store(tmp_path_factory.mktemp("whole")) as opened:
        yield opened


@pytest.fixture(scope="session")
def embedded(whole: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    engine = EmbeddedEngine(tmp_path_factory.mktemp("embedded"), mapping(), ANALYSIS_VERSION)
    Indexer(whole, engine, lambda: TODAY).rebuild()
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def elasticsearch(whole: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """Skipped where no server is, unless there must be one (CI)."""
    with elastic_engine(tmp_path_factory.mktemp("elasticsearch")) as engine:
        Indexer(whole, engine, lambda: TODAY).rebuild()
        merge(engine)
        yield engine
