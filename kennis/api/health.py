"""Whether the service lives, and whether it can answer searches."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from kennis.api import queries
from kennis.api.answering import encoded, kennis, private
from kennis.api.negotiation import media_type
from kennis.api.routing import Operation, Routes, json_of
from kennis.errors import SearchUnavailable, Text


def live(_: Mapping[str, Any]) -> Response:
    """Touches nothing: a process that answers this lives, whatever else is wrong."""
    media_type()
    return private(encoded({"status": "live"}))


def ready(_: Mapping[str, Any]) -> Response:
    media_type()
    kennis().store.check()
    states = [indexer.status() for indexer in kennis().indexers]
    found = next((state for state in states if state.engine.is_ready), None)
    if found is None:
        raise SearchUnavailable(Text(
            "De zoekindex is niet gereed. De beheerder ziet met kennis doctor wat er moet gebeuren.",
            "The search index is not ready. The operator sees with kennis doctor what to do.",
        ))  # fmt: skip
    return private(encoded({
        "status": "ready",
        "engine": found.engine.engine,
        "documents": found.engine.documents,
        "mappingVersion": found.engine.mapping_version,
        "analysisVersion": found.engine.analysis_version,
        "outboxLag": found.lag.waiting,
        "deadLetters": sum(state.lag.refused for state in states),
        "degraded": found is not states[0],
    }))  # fmt: skip


def blueprint() -> Routes:
    routes = Routes("gezondheid", "Voor wie de dienst bewaakt.")
    routes.read("/health/live", live, queries.language("LiveLanguage"), Operation(
        id="getLiveness",
        summary="Leeft de dienst",
        description="200 zolang het proces antwoordt; er wordt niets aangeraakt.",
        answers=json_of("Liveness"),
        is_conditional=False,
        counts_as=None,
    ))  # fmt: skip
    routes.read("/health/ready", ready, queries.language("ReadyLanguage"), Operation(
        id="getReadiness",
        summary="Kan de dienst zoeken",
        description="Soort zoekmachine, versie van de mapping en het aantal wijzigingen dat nog niet in de index "
        "staat. 503 zolang de database of de index niet gereed is. Kan alleen de reserve zoeken, dan is "
        "`degraded` true.",
        answers=json_of("Readiness"),
        is_conditional=False,
        counts_as=None,
    ))  # fmt: skip
    return routes
