"""Puts the parts together: `create_app(config)` gives a WSGI app with the API under /v1 and the pages beside it."""

from collections.abc import Callable
from datetime import date

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue

from kennis import api, clock, web
from kennis.config import Config
from kennis.errors import Forbidden, Text
from kennis.installation import EXTENSION, POLICIES, Demonstration, Kennis
from kennis.search.analysis import ANALYSIS_VERSION
from kennis.search.embedded import EmbeddedEngine
from kennis.search.find import Finder
from kennis.search.indexing import Indexer
from kennis.search.mapping import mapping
from kennis.search.port import SearchEngine
from kennis.store import Store

Today = Callable[[], date]


def create_app(
    config: Config, *, store: Store | None = None, engine: SearchEngine | None = None, today: Today = clock.today
) -> Flask:
    """A WSGI app; `store` and `engine` are given by tests and by commands that hold them already."""
    # static_folder: the pages serve their own files; the API has none.
    app = Flask("kennis", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = config.max_body
    # A doubled slash is another address, as a trailing one is: 404 instead of a redirect.
    app.url_map.merge_slashes = False
    app.extensions[EXTENSION] = assemble(config, store, engine, today)
    app.extensions[POLICIES] = {}
    api.register(app)
    web.register(app)
    app.before_request(_require_policy)
    app.register_error_handler(Exception, _answer_error)
    return app


def assemble(
    config: Config, store: Store | None = None, engine: SearchEngine | None = None, today: Today = clock.today
) -> Kennis:
    """The parts without a surface: what commands work with. Nothing is opened before it is used."""
    store = store or Store(config.database_url)
    engine = engine or EmbeddedEngine(config.index_dir, mapping(), ANALYSIS_VERSION)
    return Kennis(
        config=config,
        store=store,
        engine=engine,
        finder=Finder(store, engine, config),
        indexer=Indexer(store, engine, today),
        demonstration=Demonstration(store),
        today=today,
    )


def _require_policy() -> None:
    """A route that nobody declared a policy for is closed."""
    if request.endpoint is not None and request.endpoint not in current_app.extensions[POLICIES]:
        raise Forbidden(Text("Dit mag u niet doen.", "You may not do this."))


def _answer_error(error: Exception) -> ResponseReturnValue:
    """The one handler of the app; each surface has its own words and form."""
    return api.answer_error(error) if api.is_api(request.path) else web.answer_error(error)
