"""The parameters of each route, made from the mapping and the vocabularies: one schema instance per route."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from marshmallow import Schema, fields, validates_schema
from marshmallow import ValidationError as MarshmallowError

from kennis.access.keys import LONGEST_NAME, MOST_PER_MINUTE, SCOPES
from kennis.api.arguments import (
    ArgumentSchema,
    Choice,
    Day,
    EntryId,
    Ids,
    Listed,
    Nearest,
    Repeated,
    Slug,
    Whole,
    Words,
    YesNo,
    described,
)
from kennis.api.examples import ORGANISATION_ID
from kennis.api.negotiation import LANGUAGES
from kennis.content.nearest import nearest_name
from kennis.content.vocabulary import vocabularies
from kennis.errors import Text
from kennis.search import gaps as gap_map
from kennis.search.find import SORTS
from kennis.search.mapping import mapping
from kennis.search.port import RELEVANCE, WINDOW

LONGEST_QUERY = 500
PAGE_SIZE, MOST_PER_PAGE = 20, 100
SUGGESTIONS, MOST_SUGGESTIONS = 8, 20
SHAPES = ("card", "full")
LEAST_COMPARED, MOST_COMPARED = 2, 4
# What an integer column of either database holds.
MOST_VERSIONS = 2**31 - 1

Described = dict[str, tuple[fields.Field[Any], str, object]]


class WindowSchema(ArgumentSchema):
    """Paging stops at the window: beyond it the change feed is the way."""

    @validates_schema
    def within_window(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("page", 1) * data.get("pageSize", PAGE_SIZE) > WINDOW:
            told = Text(f"Bladeren kan tot en met resultaat {WINDOW}.", f"Paging goes up to result number {WINDOW}.")
            raise MarshmallowError({"page": [told]})


def _schema(name: str, parameters: Described, base: type[Schema] = ArgumentSchema) -> Schema:
    return base.from_dict(described(parameters), name=name)()


def _lang() -> Described:
    return {"lang": (Choice(LANGUAGES), "Taal van labels en meldingen; gaat voor Accept-Language.", None)}


def _paging() -> Described:
    return {
        "page": (Whole(1, WINDOW), "Bladzijde, vanaf 1.", 1),
        "pageSize": (
            Whole(1, MOST_PER_PAGE),
            f"Aantal per bladzijde, standaard {PAGE_SIZE}; bladeren kan tot en met resultaat {WINDOW}.",
            PAGE_SIZE,
        ),
    }


def _nearest_of(choices: Sequence[str]) -> Nearest:
    return partial(nearest_name, names=choices)


def _facet(names: Sequence[str]) -> fields.Field[Any]:
    """A filter takes the codes of its vocabularies; that of organisations takes slugs."""
    lists = [vocabularies()[name] for name in names]
    if not lists:
        return Repeated(Slug())
    codes = tuple(code for one in lists for code in one.codes)
    nearest = lists[0].nearest if len(lists) == 1 else _nearest_of(codes)
    return Repeated(Choice(codes, nearest))


def _filters(leave_out: Sequence[str]) -> Described:
    return {
        name: (_facet(facet.vocabularies), f"Filter: {facet.labels['nl']}. Herhalen betekent of.", None)
        for name, facet in mapping().facets.items()
        if name not in leave_out
    }


def _limits() -> Described:
    return {
        "updatedSince": (Day(), "Alleen wat sinds deze dag is bijgewerkt.", "2026-01-01"),
        "publishedSince": (Day(), "Alleen wat sinds deze dag is gepubliceerd.", "2026-01-01"),
        "includeExpired": (
            YesNo(),
            "false laat alles weg wat verlopen is, true toont ook verlopen trainingen; zonder dit alleen die niet.",
            None,
        ),
    }


def _presentation() -> Described:
    facets, sorts = tuple(mapping().facets), (RELEVANCE, *SORTS)
    default = ",".join(name for name, facet in mapping().facets.items() if facet.is_default)
    return {
        "sort": (Choice(sorts, _nearest_of(sorts)), "Volgorde; standaard relevance met zoekwoorden, anders newest.",
                 "evidence"),
        "fields": (Choice(SHAPES), "Vorm van de items: card (standaard) met labels, full met alle velden.", "card"),
        "facets": (
            Listed(facets, "none", _nearest_of(facets)),
            f"Tellingen, met komma's ertussen; none voor geen. Standaard {default}.",
            ["topic", "audience"],
        ),
        "highlight": (YesNo(), "Gevonden woorden tonen met <mark>; de rest is HTML-veilig gemaakt.", None),
    }  # fmt: skip


def search(name: str, kind: str | None = None) -> Schema:
    """Parameters of a search over everything, or within one kind."""
    query = Words(LONGEST_QUERY)
    parameters: Described = {
        "q": (query, f"Zoekwoorden, hooguit {LONGEST_QUERY} tekens. Elke tekst mag.", "groep voor vaders"),
        **_filters(["kind"] if kind else []),
        **_limits(),
        **_presentation(),
        **_paging(),
        **_lang(),
    }
    return _schema(name, parameters, WindowSchema)


def nothing(name: str) -> Schema:
    """For a route of which everything stands in the body."""
    return _schema(name, {})


def language(name: str) -> Schema:
    return _schema(name, _lang())


def differences(name: str) -> Schema:
    return _schema(name, {
        "with": (Whole(1, MOST_VERSIONS), "De versie om mee te vergelijken; standaard die ervoor.", 1),
        **_lang(),
    })  # fmt: skip


def suggestions(name: str) -> Schema:
    query = Words(LONGEST_QUERY, 1, required=True)
    limit = Whole(1, MOST_SUGGESTIONS)
    return _schema(name, {
        "q": (query, "Het begin van wat iemand typt.", "huis"),
        "limit": (limit, f"Hooguit zoveel voorstellen, standaard {SUGGESTIONS}.", SUGGESTIONS),
        **_lang(),
    })  # fmt: skip


def comparison(name: str) -> Schema:
    ids = Ids(LEAST_COMPARED, MOST_COMPARED, required=True)
    return _schema(name, {
        "id": (ids, f"Id van een item; geef er {LEAST_COMPARED} tot en met {MOST_COMPARED}.", None),
        **_lang(),
    })  # fmt: skip


def gaps(name: str) -> Schema:
    return _schema(name, {
        "rows": (Choice(gap_map.ROWS, _nearest_of(gap_map.ROWS)), "Wat op de rijen staat.", "topic"),
        "columns": (Choice(gap_map.COLUMNS, _nearest_of(gap_map.COLUMNS)), "Wat in de kolommen staat.", "recognition"),
        "q": (Words(LONGEST_QUERY), "Tel alleen wat deze woorden heeft.", None),
        **_filters([]),
        **_limits(),
        **_lang(),
    })  # fmt: skip


def organisations(name: str) -> Schema:
    query = Words(LONGEST_QUERY)
    return _schema(name, {
        "q": (query, "Deel van een naam, afkorting of vroegere naam.", "blijf"),
        **_paging(),
        **_lang(),
    }, WindowSchema)  # fmt: skip


def merging(name: str) -> Schema:
    return _schema(name, {"intoId": (EntryId(required=True), "De organisatie die overblijft.", ORGANISATION_ID)})


def keys(name: str) -> Schema:
    return _schema(name, {
        "accountId": (EntryId(), "Alleen sleutels van dit account.", None),
        **_paging(),
        **_lang(),
    }, WindowSchema)  # fmt: skip


def new_key(name: str) -> Schema:
    scopes = tuple(SCOPES)
    return _schema(name, {
        "accountId": (EntryId(required=True), "Het account waar de sleutel bij hoort.", None),
        "name": (Words(LONGEST_NAME, 1, required=True), "Waarvoor de sleutel is.", "Website van een gemeente"),
        "scopes": (
            Repeated(Choice(scopes, _nearest_of(scopes)), most=len(scopes), required=True),
            "Waarvoor hij gebruikt mag worden.",
            ["read", "contribute"],
        ),
        "expiresOn": (Day(), "De laatste dag waarop hij geldt; zonder dit blijft hij gelden.", "2027-12-31"),
        "limitPerMinute": (Whole(1, MOST_PER_MINUTE), "Vragen per minuut; zonder dit geldt het gewone aantal.", 600),
    })  # fmt: skip
