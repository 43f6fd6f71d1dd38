"""The REST surface under /v1: thin views, strict parameters, problem+json. Rules: docs/api/."""

from flask import Flask

from kennis.api import documents, entries, headers, health, insights, items, openapi, organisations, vocabularies
from kennis.api.answering import ANSWERS
from kennis.api.framework import PREFIX
from kennis.api.headers import is_api
from kennis.api.pages import KeptAnswers
from kennis.api.refusing import answer_error
from kennis.installation import EXTENSION, POLICIES, Kennis

__all__ = ["PREFIX", "answer_error", "is_api", "register"]
ROUTES = (entries, items, insights, vocabularies, organisations, documents, health)


def register(app: Flask) -> None:
    """Expects the parts in `app.extensions`. Also sets the headers that every response of the app carries."""
    parts: Kennis = app.extensions[EXTENSION]
    app.extensions[ANSWERS] = KeptAnswers(parts.config.page_cache)
    headers.register(app)
    described = openapi.start(app, parts.config)
    for module in ROUTES:
        routes = module.blueprint()
        described.register_blueprint(routes, url_prefix=PREFIX)
        app.extensions[POLICIES].update(routes.policies)
        described.operations.update(routes.operations)
