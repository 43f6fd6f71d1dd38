"""What was asked and judged of an entry: for who made it or looks after it, reviewers and editors."""

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import Response

from kennis.api import identity, links, names, queries
from kennis.api.answering import encoded, kennis, tagged
from kennis.api.items import of_kind
from kennis.api.negotiation import language, media_type
from kennis.api.routing import Operation, Routes, json_of
from kennis.content import reviews as domain
from kennis.content.kinds import KINDS, Kind
from kennis.content.reviews import OUTCOMES, STATES, JudgedTrack, Judgement
from kennis.content.vocabulary import vocabularies


def reviews(arguments: Mapping[str, Any], kind: Kind, entry_id: str) -> Response:
    media_type()
    spoken, who = language(arguments), identity.known_caller()
    with kennis().store.reading() as session:
        found = domain.find(session, kind.code, entry_id, who.actor)
    place = links.address(kennis().config.public_url, f"/{kind.collection}/{entry_id}/reviews", arguments)
    body = encoded({"items": [_track(one, spoken) for one in found], "links": {"self": place}})
    return tagged(body, hashlib.sha256(body).hexdigest()[:32])


def _track(one: JudgedTrack, spoken: str) -> dict[str, Any]:
    told: dict[str, Any] = {"track": _coded(one.track, vocabularies()["review-tracks"].label(one.track, spoken))}
    if one.state is not None:
        told["state"] = _coded(one.state, STATES[one.state].in_language(spoken))
        told["askedOn"] = one.asked_on
        told["isForDraft"] = one.is_copy
    return told | {"judgements": [_judgement(judgement, spoken) for judgement in one.judgements]}


def _judgement(one: Judgement, spoken: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "outcome": _coded(one.outcome, OUTCOMES[one.outcome].in_language(spoken)),
        "reviewedOn": one.month,
        "version": one.version,
        "isForOlderVersion": one.is_for_older_version,
    }
    if one.background is not None:
        told["background"] = _coded(one.background, vocabularies()["backgrounds"].label(one.background, spoken))
    return told | ({"note": one.note} if one.note else {})


def _coded(code: str, label: str) -> dict[str, str]:
    return {"code": code, "label": label}


def blueprint() -> Routes:
    routes = Routes("beoordelingen", "Wat er van een item beoordeeld is en nog beoordeeld moet worden.")
    query = queries.language("ReviewsLanguage")
    for kind in KINDS.values():
        name, dutch = names.pascal(kind.code), names.dutch(kind.code)
        routes.keyed("GET", f"/{kind.collection}/<uuid:id>/reviews", of_kind(kind, reviews), query, Operation(
            id=f"listReviewsOf{name}",
            summary=f"De sporen van de beoordeling ({dutch})",
            description="Per spoor of het gevraagd is en wat er geoordeeld werd, ook over eerdere versies. Voor de "
            "schrijver, de eigenaar, beoordelaars en de redactie; wie oordeelde staat er niet bij.",
            answers=json_of("Reviews"),
            refuses=(404, 410),
            policy="reviews",
            is_entrusted=kind.is_entrusted,
            is_conditional=False,
        ))  # fmt: skip
    return routes
