"""What is told beside the answer to making a text and handing it in: what may be the same, and what may be personal.

It never blocks. Neither is kept with an answer that may be repeated, nor told to anybody but who wrote (safety.md P6).
"""

from flask import Response

from kennis.access.policy import Actor
from kennis.api import envelopes, links
from kennis.api.answering import kennis
from kennis.content import duplicates
from kennis.content.duplicates import Hint
from kennis.content.kinds import KINDS
from kennis.content.vocabulary import vocabularies
from kennis.store.models import Entry, WorkingCopy
from kennis.stories.privacy import advice


def add(response: Response, entry_id: str, actor: Actor, spoken: str, *, copy: bool = False) -> None:
    """After the commit, while nobody waits to write; the answer has `hints` and `advice` only when there are some."""
    with kennis().store.reading() as session:
        found = duplicates.find(session, entry_id, actor, copy=copy)
        text = session.get(WorkingCopy, entry_id) if copy else session.get(Entry, entry_id)
        personal = advice(text.content) if text is not None else []
    told = {
        "hints": [_shown(hint, spoken) for hint in found],
        "advice": [{"pointer": a.pointer, "kind": a.kind, "detail": a.message.in_language(spoken)} for a in personal],
    }
    if found or personal:
        filled = {name: items for name, items in told.items() if items}
        response.set_data(envelopes.with_properties(response.get_data(), filled))


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
