"""The real app over a database with good and hostile entries and the seed; made once, for the pages write nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kennis import clock
from kennis.access.policy import system
from kennis.app import create_app
from kennis.config import Config
from kennis.content import exchange, publication, seeding, succession, withdrawal
from kennis.content.arrivals import Loading
from kennis.content.context import Context
from kennis.installation import EXTENSION, Demonstration, Kennis, assemble
from kennis.store import Store
from kennis.store.models import Entry, FormerSlug
from tests import databases
from tests.web import corpus
from tests.web.dom import Node, parse

EXIT = "https://neutraal.example"


@dataclass(frozen=True)
class Site:
    """`get` and `post` give the page as a tree."""

    config: Config
    parts: Kennis
    app: Flask

    def get(self, path: str, status: int = 200) -> Node:
        answer = self.app.test_client().get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return parse(answer.text)

    def post(self, **form: str) -> Node:
        answer = self.app.test_client().post("/", data=form)
        assert answer.status_code == 200
        return parse(answer.text)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("web")
    config = databases.configured(folder, KENNIS_EXIT_URL=EXIT)
    store = Store(config.database_url)
    store.upgrade()
    parts = assemble(config, store)
    context = Context(clock.now(), config.public_url)
    loading = Loading("loader", clock.today())
    report = exchange.import_lines(parts.store, corpus.lines(clock.today()), context, loading=loading)
    assert not report.problems, report.problems
    seeding.seed(parts.store, context, checked_on=clock.today())
    _settle(parts, context)
    parts.indexer.catch_up()
    yield Site(config, parts, create_app(config, store=parts.store, engine=parts.engine))
    parts.store.close()
    parts.engine.close()


def _settle(parts: Kennis, context: Context) -> None:
    """States that loading does not make: a story for our pages only, old help offers, an archived, a withdrawn and a
    renamed entry."""
    with parts.store.transaction() as session:
        story = session.get_one(Entry, corpus.WITHOUT_PARTNERS)
        story.partner_use = False
        session.add(FormerSlug(slug="vroegere-naam", entry_id=corpus.GOOD["lesson"]))
        for entry_id, days in ((corpus.STALE, 181), (corpus.EXPIRED, 366)):
            session.get_one(Entry, entry_id).checked_at = (clock.today() - timedelta(days=days)).isoformat()
        session.flush()
        changed = (story.id, corpus.STALE, corpus.EXPIRED)
        publication.announce(session, context, dict.fromkeys(changed, publication.UPDATED))
        actor = system("proef")
        succession.archive(session, corpus.ARCHIVED, "outdated", actor, context)
        withdrawal.withdraw(session, corpus.WITHDRAWN, actor, context)


@pytest.fixture
def client(site: Site) -> FlaskClient:
    return site.app.test_client()


class Staged(Demonstration):
    """Of a database that `kennis demo` made."""

    def is_on(self) -> bool:
        return True


@pytest.fixture(scope="session")
def demo(site: Site) -> Flask:
    """The same installation when its database is a demonstration."""
    app = create_app(site.config, store=site.parts.store, engine=site.parts.engine)
    app.extensions[EXTENSION] = replace(site.parts, demonstration=Staged(site.parts.store))
    return app
