"""Fixtures that every suite may use: a migrated store in a folder of its own, and a fixed day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kennis.config import Config
from kennis.store import Store

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def today() -> date:
    return NOW.date()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config.from_env({"KENNIS_DATA_DIR": str(tmp_path / "data")})


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    opened = Store(config.database_url)
    opened.upgrade()
    yield opened
    opened.close()
