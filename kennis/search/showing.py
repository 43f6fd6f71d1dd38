"""From ids to the public bytes of the entries: the index finds, the database shows (decision 3)."""

from collections.abc import Sequence
from datetime import date

from kennis.content import expiry, reading, rendering
from kennis.content.lifecycle import ARCHIVED
from kennis.store import Store

Shown = dict[str, bytes]


def show(
    store: Store, ids: Sequence[str], today: date, *, shape: str, language: str, surface: str, public_url: str
) -> Shown:
    """Bytes by id. What the database does not show any more is absent, whatever the index says; what it holds of
    yesterday (a term has passed, a session is over) is made anew in memory."""
    held = store.fragments(ids, shape, language, surface=surface)
    day = today.isoformat()
    outlived = [i for i, (_, holds_until) in held.items() if holds_until is not None and holds_until <= day]
    shown = {i: body for i, (body, _) in held.items()}
    if outlived:
        with store.reading() as session:
            for view in reading.view(session, outlived):
                if shape == "card" and expiry.as_read(view, today).status == ARCHIVED:
                    del shown[view.id]
                    continue
                shown[view.id] = rendering.render(
                    view, today, language=language, shape=shape, public_url=public_url
                ).body
    return shown
