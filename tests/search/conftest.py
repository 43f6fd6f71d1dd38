"""Libraries for the tests of the search, made once per session: nothing in these tests changes them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from kennis.content.views import EntryView
from tests.search.corpus import base, everything
from tests.search.library import Library, library


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
