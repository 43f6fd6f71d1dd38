"""What the collection as a whole tells: suggestions while typing, entries beside one another, where knowledge lacks."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response

from kennis.api import help_block, links, queries
from kennis.api.allowances import SEARCH, SUGGEST
from kennis.api.answering import encoded, etag_of, kennis, respond
from kennis.api.entries import SURFACE, asked, shown
from kennis.api.negotiation import language, media_type
from kennis.api.pages import Answer
from kennis.api.routing import Operation, Routes, json_of
from kennis.content import comparison, public
from kennis.content.kinds import KINDS
from kennis.errors import NotFound, Text
from kennis.search import gaps as gap_map
from kennis.search.answers import GapMap
from kennis.search.find import Finder

SUGGESTIONS, COMPARISONS, GAPS = "/suggestions", "/comparisons", "/gaps"


def suggestions(arguments: Mapping[str, Any]) -> Response:
    media_type()
    spoken, limit = language(arguments), arguments.get("limit", queries.SUGGESTIONS)
    place = links.address(kennis().config.public_url, SUGGESTIONS, arguments)

    def make(finder: Finder) -> Answer:
        found = finder.suggest(arguments["q"], language=spoken, surface=SURFACE, limit=limit, today=kennis().today())
        items = [{"kind": s.kind, "text": s.text, "code": s.code} for s in found]
        return Answer(encoded({"items": items, "links": {"self": place}}))

    return kennis().standby.answer(
        lambda finder: respond(etag_of("suggestions", finder.name, spoken), place, lambda: make(finder))
    )


def comparisons(arguments: Mapping[str, Any]) -> Response:
    media_type()
    spoken, ids = language(arguments), list(arguments["id"])
    place = links.address(kennis().config.public_url, COMPARISONS, arguments)
    with kennis().store.reading() as session:
        for entry_id in ids:
            _require_published(public.find_any(session, entry_id, kennis().today(), partners=True))
    return respond(etag_of("comparisons", spoken), place, lambda: _beside(ids, spoken, place))


def _require_published(entry: public.PublicEntry) -> None:
    if not entry.is_published:
        raise NotFound(Text("Een gearchiveerd item is niet te vergelijken.", "An archived entry cannot be compared."))


def _beside(ids: list[str], spoken: str, place: str) -> Answer:
    cards, full = shown(ids, "card", spoken), shown(ids, "full", spoken)
    if len(cards) < len(ids) or len(full) < len(ids):
        raise NotFound()
    documents = [orjson.loads(full[entry_id]) for entry_id in ids]
    rows = [
        {
            "property": row.name,
            "label": row.label,
            "values": [None if cell is None else {"value": cell.value, "label": cell.label} for cell in row.cells],
        }
        for row in comparison.rows(documents, spoken)
    ]
    needs_help = any(KINDS[document["kind"]].shows_help for document in documents)
    rest = {"rows": rows, "help": help_block.block(spoken) if needs_help else None, "links": {"self": place}}
    return Answer(b'{"items":[' + b",".join(cards[i] for i in ids) + b"]," + encoded(rest)[1:])


def gaps(arguments: Mapping[str, Any]) -> Response:
    media_type()
    rows, columns = arguments.get("rows", gap_map.ROWS[0]), arguments.get("columns", gap_map.COLUMNS[0])
    ask, today = asked(arguments), kennis().today()
    place = links.address(kennis().config.public_url, GAPS, arguments)

    def answer(finder: Finder) -> Response:
        tag = etag_of("gaps", finder.etag(ask, today), rows, columns)
        return respond(tag, place, lambda: _gap_map(finder.gaps(rows, columns, ask, today), place))

    return kennis().standby.answer(answer)


def _gap_map(found: GapMap, place: str) -> Answer:
    return Answer(encoded({
        "rowsFacet": found.rows_facet,
        "columnsFacet": found.columns_facet,
        "total": found.total,
        "columns": [{"code": code, "label": label} for code, label in found.columns],
        "rows": [{"code": r.code, "label": r.label, "total": r.total, "counts": r.counts} for r in found.rows],
        "links": {"self": place},
    }))  # fmt: skip


def blueprint() -> Routes:
    routes = Routes("overzicht", "Aanvullen tijdens het typen, vergelijken, en zien waar kennis ontbreekt.")
    routes.read(SUGGESTIONS, suggestions, queries.suggestions("SuggestionsQuery"), Operation(
        id="listSuggestions",
        summary="Aanvullen tijdens het typen",
        description="Titels, namen en onderwerpen die met deze woorden beginnen. Een voorstel van de soort `entry` "
        "heeft het id als code; elk ander is een waarde van het filter met die naam.",
        answers=json_of("Suggestions"),
        counts_as=SUGGEST,
    ))  # fmt: skip
    routes.read(COMPARISONS, comparisons, queries.comparison("ComparisonQuery"), Operation(
        id="compareEntries",
        summary="Twee tot vier items naast elkaar",
        description="Dezelfde rijen voor alle items, in de volgorde van het inhoudsmodel. null waar een item niets "
        "heeft.",
        answers=json_of("Comparison"),
        refuses=(404, 410),
    ))  # fmt: skip
    routes.read(GAPS, gaps, queries.gaps("GapsQuery"), Operation(
        id="getGapMap",
        summary="Waar kennis ontbreekt",
        description="Aantallen per vak, ook nullen. De filters van het zoeken gelden ook hier.",
        answers=json_of("GapMap"),
        counts_as=SEARCH,
    ))  # fmt: skip
    return routes
