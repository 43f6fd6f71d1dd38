"""Fixtures that every suite may use: a migrated store in a folder of its own, and a fixed day."""

import gc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from kennis.config import Config
from kennis.store import Store
from tests import databases, statements

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def pytest_configure() -> None:
    statements.share()
    # No example has to be ready in time: a machine may be slow, and a first one reads lists.
    settings.register_profile("any machine", settings(), deadline=None)
    settings.load_profile("any machine")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is about files of SQLite has no meaning on a server; what kills servers runs when it is asked for."""
    if "cluster" not in (config.option.markexpr or ""):
        skip = pytest.mark.skip(reason="kills servers for minutes: make test-clusters")
        for item in items:
            if item.get_closest_marker("cluster"):
                item.add_marker(skip)
    if databases.SERVER:
        skip = pytest.mark.skip(reason="about SQLite; KENNIS_TEST_DATABASE_URL is set")
        for item in items:
            if item.get_closest_marker("sqlite"):
                item.add_marker(skip)
    else:
        skip = pytest.mark.skip(reason="needs PostgreSQL: make postgres, then set KENNIS_TEST_DATABASE_URL")
        for item in items:
            if item.get_closest_marker("postgresql"):
                item.add_marker(skip)


def pytest_collection_finish() -> None:
    """Eight thousand collected tests stay to the end: the garbage collector need not look through them each time,
    nor after every seven hundred things that are made."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(autouse=True)
def _databases_given_back(request: pytest.FixtureRequest) -> Iterator[None]:
    """After all other fixtures of the test: what a longer one opened in a folder of its own stays."""
    folder = request.getfixturevalue("tmp_path") if databases.SERVER and "tmp_path" in request.fixturenames else None
    yield
    if folder is not None:
        databases.release(folder)


@pytest.fixture(scope="session", autouse=True)
def _databases_removed() -> Iterator[None]:
    yield
    databases.drop_all()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def today() -> date:
    return NOW.date()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return databases.configured(tmp_path / "data")


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    opened = Store(config.database_url)
    opened.upgrade()
    yield opened
    opened.close()
