"""The corpus of the contract: all entries of the seed and several hundred generated ones, in one database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from kennis.content import reading, seeding
from kennis.content.context import Context
from kennis.content.views import EntryView
from kennis.search.document import document
from kennis.search.port import IndexDocument
from kennis.store import Store
from tests import databases
from tests.search.corpus import TODAY, everything
from tests.search.library import NOW, store_all

GENERATED = 400


@contextmanager
def whole_store(path: Path) -> Iterator[Store]:
    config = databases.configured(path)
    store, context = Store(config.database_url), Context(NOW, config.public_url)
    store.upgrade()
    seeding.seed(store, context, checked_on=TODAY)
    store_all(store, context, [_apart(view) for view in everything(GENERATED)])
    yield store
    store.close()


def _apart(view: EntryView) -> EntryView:
    """The seed knows organisations of the same names."""
    made = {i: replace(o, slug=f"voorbeeld-{o.slug}") for i, o in view.organisations.items()}
    return replace(view, organisations=made)


def documents_of(store: Store) -> list[IndexDocument]:
    with store.reading() as session:
        views = reading.view(session, list(reading.published_versions(session)), is_shown=False)
    return [made for view in views if (made := document(view, TODAY)) is not None]
