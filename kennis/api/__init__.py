"""The REST surface under /v1: thin views, strict parameters, problem+json. Rules: docs/api/."""

from functools import cache
from typing import TYPE_CHECKING

from flask import Flask

from kennis.api import (
    contributing,
    documents,
    entries,
    headers,
    health,
    identity,
    insights,
    items,
    keys,
    marks,
    openapi,
    organisations,
    reviews,
    revisions,
    vocabularies,
)
from kennis.api.answering import ANSWERS
from kennis.api.framework import PREFIX
from kennis.api.headers import is_api
from kennis.api.pages import KeptAnswers
from kennis.api.refusing import answer_error
from kennis.api.routing import Routes
from kennis.installation import ALLOWANCES, EXTENSION, POLICIES, Kennis

if TYPE_CHECKING:
    from kennis.api.metrics import Meters

__all__ = ["PREFIX", "answer_error", "is_api", "register"]
ROUTES = (
    entries, items, revisions, contributing, reviews, marks, insights, vocabularies, organisations, keys,
    documents, health,
)  # fmt: skip


def register(app: Flask, meters: "Meters | None" = None) -> None:
    """Expects the parts in `app.extensions`. Also sets the headers that every response of the app carries, and counts
    all answers when there are `meters`."""
    parts: Kennis = app.extensions[EXTENSION]
    app.extensions[ANSWERS] = KeptAnswers(parts.config.page_cache)
    headers.register(app)
    app.before_request(identity.look)
    described = openapi.start(app, parts.config)
    for routes in _declared():
        described.register_blueprint(routes, url_prefix=PREFIX)
        app.extensions[POLICIES].update(routes.policies)
        app.extensions[ALLOWANCES].update(routes.allowances)
        described.operations.update(routes.operations)
    if meters is not None:
        from kennis.api import metrics

        metrics.register(app, meters)


@cache
def _declared() -> tuple[Routes, ...]:
    """Once per process, for any number of apps: what they are made with stands in no route."""
    return tuple(module.blueprint() for module in ROUTES)
