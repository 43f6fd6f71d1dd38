"""An entry in a list of results: what a card fragment says, in words for the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson
from markupsafe import Markup, escape

from kennis.web import assessment, caution, dutch, markup
from kennis.web.caution import Caution


@dataclass(frozen=True, slots=True)
class Card:
    """`marks` warn or qualify, each in words; `lines` are pairs of heading and words."""

    id: str
    kind: str
    kind_code: str
    title: Markup
    address: str
    summary: Markup
    is_example: bool
    caution: Caution
    marks: tuple[str, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    organisations: tuple[str, ...] = ()


def card(fragment: bytes, highlights: Mapping[str, tuple[str, ...]] | None = None) -> Card:
    shown = orjson.loads(fragment)
    found = highlights or {}
    return Card(
        id=shown["id"],
        kind=shown["kind"]["label"],
        kind_code=shown["kind"]["code"],
        title=markup.from_highlights(found["title"]) if found.get("title") else escape(shown["title"]),
        # The path only: the page stays on the host at which the reader is.
        address=urlsplit(shown["links"]["html"]).path,
        summary=markup.from_highlights(found["summary"]) if found.get("summary") else escape(shown["summary"]),
        is_example=bool(shown.get("isExample")),
        marks=tuple(_marks(shown)),
        caution=caution.of(shown["kind"]["code"], [_code(w) for w in shown.get("contentWarnings") or ()]),
        lines=_lines(shown),
        organisations=tuple(o["name"] for o in shown.get("organisations") or ()),
    )


def _marks(shown: Mapping[str, Any]) -> list[str]:
    marks = []
    if shown.get("isStale"):
        marks.append(unchecked(shown.get("checkedAt")))
    return marks


def unchecked(checked_at: str | None) -> str:
    return f"Niet gecontroleerd sinds {dutch.day(checked_at)}" if checked_at else "Al lang niet gecontroleerd"


def _code(value: Any) -> Any:
    return value["code"] if isinstance(value, Mapping) and "code" in value else value


def _lines(shown: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    band = _code(shown.get("evidenceBand"))
    if band is None:
        return ()
    leading = shown.get("recognition")
    recognition = {name: _code(value) for name, value in leading.items()} if leading else None
    status = recognition.get("status") if recognition else None
    return tuple(assessment.lines(recognition, status, int(band), _code(shown.get("evidenceDirection"))))
