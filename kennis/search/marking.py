"""Highlights of the entries on one page, made from the public text that the reader may see (0.1 ms a text)."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from kennis.search.document import searched_texts
from kennis.search.highlighting import highlight
from kennis.search.query import Parsed
from kennis.store import Store

Marked = Mapping[str, tuple[str, ...]]
# Always looked at; of all other properties only the first that hold a word of the query (guess).
ALWAYS = ("title", "summary")
MOST_OTHERS = 2


def mark_up(store: Store, ids: Sequence[str], parsed: Parsed, surface: str) -> dict[str, Marked]:
    """By id, then property: snippets with `<mark>`, HTML-escaped; properties without a match are absent."""
    if not parsed.terms_for_highlight:
        return {}
    texts = store.fragments(ids, "full", "nl", surface=surface)
    return {i: _marked(orjson.loads(body), parsed) for i, (body, _) in texts.items()}


def _marked(entry: Mapping[str, Any], parsed: Parsed) -> Marked:
    found: dict[str, tuple[str, ...]] = {}
    others = 0
    for name, texts in searched_texts(entry["kind"], entry):
        if name not in ALWAYS and others == MOST_OTHERS:
            continue
        snippets = tuple(s for text in texts for s in highlight(text, parsed.terms_for_highlight))
        if snippets:
            found[name] = snippets
            others += name not in ALWAYS
    return found
