"""Puts the surfaces on the parts: `create_app(config)` gives a WSGI app, the API under /v1 and the pages beside it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.routing import Rule

from kennis import api, clock, web
from kennis.api import identity, limits
from kennis.config import Config
from kennis.errors import Forbidden, Text
from kennis.installation import ALLOWANCES, EXTENSION, POLICIES, Today, assemble
from kennis.search.port import SearchEngine
from kennis.store import Store

if TYPE_CHECKING:
    from kennis.api.metrics import Meters

# Every path that was read, with a route that has it. Only constants of the code are paths.
_paths: dict[str, "Route"] = {}


class Route(Rule):
    """Makes the function that builds its address when that is asked for, which nobody does: our links are written
    elsewhere. To make them all took most of the time of making an app, and to read the paths half of the rest: each is
    read once, for all methods and apps."""

    def compile(self) -> None:
        kept = _paths.get(self.rule)
        if kept is None:
            super().compile()
            _paths[self.rule] = self
            return
        # What is read of a path never changes.
        self._parts, self._trace, self._converters = kept._parts, kept._trace, kept._converters
        self.arguments |= kept._converters.keys()
        self._build = self._compile_builder(False).__get__(self, None)
        self._build_unknown = self._compile_builder(True).__get__(self, None)

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        def build(route: Rule, **values: object) -> tuple[str, str]:
            made = Rule._compile_builder(route, append_unknown).__get__(route, None)
            return cast("tuple[str, str]", made(**values))

        return build


def create_app(
    config: Config,
    *,
    store: Store | None = None,
    engine: SearchEngine | None = None,
    fallback: SearchEngine | None = None,
    today: Today = clock.today,
) -> Flask:
    """A WSGI app; `store` and engines are given by tests and by commands that hold them already. BadSetup in production
    without a secret key."""
    config = config.with_key()
    # static_folder: the pages serve their own files; the API has none.
    app = Flask("kennis", static_folder=None)
    app.url_rule_class = Route
    app.config["MAX_CONTENT_LENGTH"] = config.max_body
    # A doubled slash is another address, as a trailing one is: 404 instead of a redirect.
    app.url_map.merge_slashes = False
    meters = _meters(config)
    app.extensions[EXTENSION] = assemble(config, store, engine, today, fallback, meters.search if meters else None)
    app.extensions[POLICIES] = {}
    app.extensions[ALLOWANCES] = {}
    limits.register(app, known=identity.caller)
    api.register(app, meters)
    web.register(app)
    app.before_request(_require_policy)
    app.register_error_handler(Exception, _answer_error)
    return app


def _meters(config: Config) -> "Meters | None":
    """Its library is loaded only by who wants figures, and reads its surroundings when it is loaded."""
    if config.metrics == "off":
        return None
    from kennis.api.metrics import Meters

    return Meters()


def _require_policy() -> None:
    """A route that nobody declared a policy for is closed."""
    if request.endpoint is not None and request.endpoint not in current_app.extensions[POLICIES]:
        raise Forbidden(Text("Dit mag u niet doen.", "You may not do this."))


def _answer_error(error: Exception) -> ResponseReturnValue:
    """The one handler of the app; each surface has its own words and form."""
    return api.answer_error(error) if api.is_api(request.path) else web.answer_error(error)
