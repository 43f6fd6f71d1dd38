"""A library of entries for the tests of the search: rows, fragments and an index, made from views at once."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import insert

from kennis.config import Config
from kennis.content import publication
from kennis.content.context import Context
from kennis.content.lifecycle import PUBLIC
from kennis.content.views import EntryView, OrganisationView
from kennis.search.analysis import ANALYSIS_VERSION
from kennis.search.answers import Find, Page
from kennis.search.embedded import EmbeddedEngine
from kennis.search.find import Finder
from kennis.search.indexing import Indexer
from kennis.search.mapping import mapping
from kennis.store import Store, state
from kennis.store.models import Entry, FragmentRow, IndexJob, Organisation
from tests import databases
from tests.search.corpus import TODAY

NOW = datetime.fromisoformat("2026-11-24T09:00:00Z")


@dataclass(frozen=True)
class Library:
    store: Store
    engine: EmbeddedEngine
    finder: Finder
    indexer: Indexer
    config: Config
    context: Context

    def find(self, q: str = "", *, today: date = TODAY, **ask: Any) -> Page:
        """On the pages, where everything published is shown, unless another surface is named."""
        return self.finder.find(Find(**{"q": q, "surface": "pages", "page_size": 50, **ask}), today)

    def titles(self, q: str = "", **ask: Any) -> list[str]:
        return [orjson.loads(hit.fragment)["title"] for hit in self.find(q, **ask).hits]

    def counts(self, facet: str, q: str = "", **ask: Any) -> dict[str, int]:
        (found,) = self.find(q, facets=(facet,), **ask).facets
        return {value.code: value.count for value in found.values}


def store_all(store: Store, context: Context, views: Iterable[EntryView], *, with_organisations: bool = True) -> None:
    """Rows with fragments and index jobs, as publishing leaves them."""
    made = list(views)
    organisations = {o.id: o for view in made for o in view.organisations.values()} if with_organisations else {}
    with store.transaction() as session:
        state.raise_generation(session)
        if organisations:
            session.execute(insert(Organisation), [_organisation(o) for o in organisations.values()])
        session.execute(insert(Entry), [_row(view) for view in made])
        fragments = [publication.fragment_row(context, view) for view in made if view.status in PUBLIC]
        if fragments:
            session.execute(insert(FragmentRow), fragments)
        session.execute(
            insert(IndexJob),
            [{"entry_id": v.id, "index_version": v.index_version, "created": context.stamp} for v in made],
        )


def _organisation(view: OrganisationView) -> dict[str, Any]:
    return {
        "id": view.id, "slug": view.slug, "row_version": 1, "created_at": "x", "updated_at": "x", "created_by": "x",
        "content": {"name": view.name, "formerNames": [{"name": name} for name in view.names]}, "last_changed_by": "x",
    }  # fmt: skip


def _row(view: EntryView) -> dict[str, Any]:
    names = {column.key for column in Entry.__table__.columns}
    row = {name: getattr(view, name) for name in EntryView.__slots__ if name in names}
    return {**row, "rendering": 1, "created_by": "x", "last_changed_by": "x"}


@contextmanager
def library(path: Path, views: Sequence[EntryView]) -> Iterator[Library]:
    config = databases.configured(path)
    context = Context(NOW, config.public_url)
    store = Store(config.database_url)
    store.upgrade()
    known = {o.id: o for view in views for o in view.organisations.values()}
    shared = [replace(view, organisations=known) for view in views]
    store_all(store, context, shared)
    engine = EmbeddedEngine(config.index_dir, mapping(), ANALYSIS_VERSION)
    indexer = Indexer(store, engine, lambda: TODAY)
    indexer.rebuild()
    yield Library(store, engine, Finder(store, engine, config), indexer, config, context)
    engine.close()
    store.close()
