"""What may be the same as a text that was just made or handed in, beside the answer. It never blocks."""

from flask import Response

from kennis.access.policy import Actor
from kennis.api import envelopes, links
from kennis.api.answering import kennis
from kennis.content import duplicates
from kennis.content.duplicates import Hint
from kennis.content.kinds import KINDS
from kennis.content.vocabulary import vocabularies


def add(response: Response, entry_id: str, actor: Actor, spoken: str, *, copy: bool = False) -> None:
    """After the commit, while nobody waits to write; the answer has `hints` only when there are some."""
    with kennis().store.reading() as session:
        found = duplicates.find(session, entry_id, actor, copy=copy)
    if found:
        told = {"hints": [_shown(hint, spoken) for hint in found]}
        response.set_data(envelopes.with_properties(response.get_data(), told))


def _shown(hint: Hint, spoken: str) -> dict[str, object]:
    path = f"/{KINDS[hint.kind].collection}/{hint.id}"
    return {
        "reason": hint.reason,
        "id": hint.id,
        "kind": _coded("kinds", hint.kind, spoken),
        "status": _coded("statuses", hint.status, spoken),
        "title": hint.title,
        "links": {"self": links.address(kennis().config.public_url, path, {})},
    }


def _coded(vocabulary: str, code: str, spoken: str) -> dict[str, str]:
    return {"code": code, "label": vocabularies()[vocabulary].label(code, spoken)}
