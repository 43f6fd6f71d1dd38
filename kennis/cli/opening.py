"""Opens what a command works with, from the settings of the environment, and closes it again."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kennis import clock
from kennis.config import Config
from kennis.content.context import Context
from kennis.store import Store

if TYPE_CHECKING:
    from kennis.installation import Kennis


def settings() -> Config:
    return Config.from_env(os.environ)


def context(config: Config) -> Context:
    """The surroundings of a step that is taken now."""
    return Context(clock.now(), config.public_url, has_single_editor=config.single_editor == "yes")


@contextmanager
def database(
    config: Config | None = None, *, make: bool = False, trial: bool = False, is_loading: bool = False
) -> Iterator[tuple[Config, Store]]:
    """A database of this version. `make`: give an empty one its tables first; an older one stays for `db upgrade`.

    `trial`: an empty one stays empty, and a throw-away one takes its place. `is_loading`: as for Store.
    """
    config = config or settings()
    with ExitStack() as until_closed:
        store = _opened(config.database_url, until_closed, is_loading=is_loading)
        is_empty = (make or trial) and store.revision() is None
        if is_empty and trial:
            folder = until_closed.enter_context(TemporaryDirectory())
            store = _opened(f"sqlite:///{folder}/trial.db", until_closed, is_loading=is_loading)
        if is_empty:
            store.upgrade()
        store.check()
        yield config, store


def _opened(url: str, until_closed: ExitStack, *, is_loading: bool) -> Store:
    store = Store(url, is_loading=is_loading)
    until_closed.callback(store.close)
    return store


@contextmanager
def parts(config: Config | None = None, *, make: bool = False, is_loading: bool = False) -> Iterator["Kennis"]:
    """All parts without a surface. The search is imported here: most commands do without it."""
    from kennis.installation import assemble

    with database(config, make=make, is_loading=is_loading) as (read, store):
        kennis = assemble(read, store)
        try:
            yield kennis
        finally:
            kennis.close_engines()
