"""The bytes of an answer, joined from stored fragments: never parsed, never dumped again (performance.md)."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import orjson

from kennis.api import help_block
from kennis.content.kinds import KINDS
from kennis.search.answers import Facet, Hit, Page, Understood
from kennis.search.mapping import mapping


def search_page(page: Page, links: Mapping[str, str], *, language: str, is_demo: bool) -> bytes:
    facets, listed = {facet.name: facet for facet in page.facets}, items(page.hits)
    rest: dict[str, Any] = {
        "facets": {name: _facet(facets[name]) for name in mapping().facets if name in facets},
        "understood": _understood(page.understood),
        "didYouMean": page.did_you_mean,
        "help": help_block.block(language) if page.help or _holds_voices(listed) else None,
        "links": links,
    }
    if page.degraded:
        rest["degraded"] = True
    if is_demo:
        rest["demo"] = True
    head = {"total": page.total, "page": page.page, "pageSize": page.page_size, "sort": page.sort}
    return b"".join((orjson.dumps(head)[:-1], b',"items":', listed, b",", orjson.dumps(rest)[1:]))


def _holds_voices(listed: bytes) -> bool:
    """Whether a story or help offer is among them. Read from the bytes: the quotes cannot stand in any text."""
    return any(mark in listed for mark in _marks())


@cache
def _marks() -> tuple[bytes, ...]:
    """How a card and a full entry of such a kind name it."""
    codes = [kind.code for kind in KINDS.values() if kind.shows_help]
    return tuple(mark.encode() for code in codes for mark in (f'"kind":{{"code":"{code}"', f'"kind":"{code}"'))


def items(hits: Sequence[Hit]) -> bytes:
    return b"[" + b",".join([_item(hit) for hit in hits]) + b"]"


def _item(hit: Hit) -> bytes:
    return with_properties(hit.fragment, {"highlights": hit.highlights}) if hit.highlights else hit.fragment


def with_properties(fragment: bytes, more: Mapping[str, Any]) -> bytes:
    """A rendered object with properties behind its own."""
    return fragment[:-1] + b"," + orjson.dumps(more)[1:]


def _facet(facet: Facet) -> dict[str, Any]:
    return {
        "label": facet.label,
        "distinct": facet.distinct,
        "values": [
            {
                "code": value.code,
                "label": value.label,
                "count": value.count,
                "selected": value.selected,
                "parent": value.parent,
                "group": value.group,
            }
            for value in facet.values
        ],
    }


def _understood(understood: Understood) -> dict[str, Any]:
    return {
        "words": understood.words,
        "phrases": understood.phrases,
        "excluded": understood.excluded,
        "relaxed": understood.relaxed,
        "replaced": [{"from": old, "to": new} for old, new in understood.replaced],
        "suggestedFilters": [
            {"parameter": s.parameter, "code": s.code, "label": s.label, "because": s.because}
            for s in understood.suggested_filters
        ],
    }
