"""Searching: over everything, within one kind, and with the question in the body."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from kennis.api import envelopes, examples, links, names, queries
from kennis.api.allowances import SEARCH
from kennis.api.answering import kennis, private, respond
from kennis.api.negotiation import language, media_type
from kennis.api.pages import Answer
from kennis.api.routing import Operation, Routes, View, json_of
from kennis.content.kinds import KINDS
from kennis.search import showing
from kennis.search.answers import Find, Page, Surface
from kennis.search.find import Finder
from kennis.search.mapping import mapping

ALL = "/entries"
HIDDEN = "/entries/_search"
SURFACE: Surface = "partners"


def asked(arguments: Mapping[str, Any], kind: str | None = None) -> Find:
    """Parameters as a search; what was not given stays open, so that its default is decided in one place."""
    filters = {name: arguments[name] for name in mapping().facets if name in arguments}
    return Find(
        q=arguments.get("q", ""),
        filters={**filters, "kind": (kind,)} if kind else filters,
        updated_since=arguments.get("updatedSince"),
        published_since=arguments.get("publishedSince"),
        include_expired=arguments.get("includeExpired"),
        sort=arguments.get("sort"),
        page=arguments.get("page", 1),
        page_size=arguments.get("pageSize", queries.PAGE_SIZE),
        facets=arguments.get("facets"),
        highlight=arguments.get("highlight", False),
        shape=arguments.get("fields", "card"),
        language=language(arguments),
        surface=SURFACE,
    )


def shown(ids: Sequence[str], shape: str, spoken: str) -> dict[str, bytes]:
    """Public bytes of entries by id; what may not be shown here is absent."""
    parts = kennis()
    return showing.show(
        parts.store, ids, parts.today(), shape=shape, language=spoken, surface=SURFACE,
        public_url=parts.config.public_url,
    )  # fmt: skip


def collection(path: str, kind: str | None = None) -> View:
    """The view of one collection."""

    def search(arguments: Mapping[str, Any]) -> Response:
        media_type()
        ask, today = asked(arguments, kind), kennis().today()
        place = links.address(kennis().config.public_url, path, arguments)

        def answer(finder: Finder) -> Response:
            return respond(
                finder.etag(ask, today), place, lambda: _page(finder.find(ask, today), path, arguments, ask.language)
            )

        return kennis().standby.answer(answer)

    return search


def _page(page: Page, path: str, arguments: Mapping[str, Any], spoken: str) -> Answer:
    told = links.paging(
        kennis().config.public_url, path, arguments, page=page.page, page_size=page.page_size, total=page.total
    )
    body = envelopes.search_page(page, told, language=spoken, is_demo=kennis().is_demo)
    return Answer(body, links.header(told))


def hidden_search(_: Mapping[str, Any], arguments: Mapping[str, Any]) -> Response:
    """The question stays out of addresses and logs, so no address in the answer holds it either."""
    media_type()
    ask = asked(arguments)
    page = kennis().standby.answer(lambda finder: finder.find(ask, kennis().today()))
    told = {"self": links.address(kennis().config.public_url, HIDDEN, {})}
    return private(envelopes.search_page(page, told, language=ask.language, is_demo=kennis().is_demo))


def blueprint() -> Routes:
    routes = Routes("zoeken", "Zoeken in alles wat gepubliceerd is, met filters en tellingen.")
    routes.read(ALL, collection(ALL), queries.search("SearchQuery"), Operation(
        id="searchEntries",
        summary="Zoek in alle soorten",
        description="Waarden van één filter betekenen of, filters onderling en. Elke telling geldt onder alle andere "
        "filters. Gaat de vraag over iemand zelf, of staan er verhalen of hulpaanbod in het antwoord, dan staat bij "
        "`help` waar nu hulp is.",
        answers=json_of("SearchPage"),
        counts_as=SEARCH,
    ))  # fmt: skip
    routes.read(HIDDEN, hidden_search, queries.nothing("NoQuery"), Operation(
        id="searchEntriesPrivately",
        summary="Zoek zonder sporen in het adres",
        description="Dezelfde zoekvraag, met de parameters als eigenschappen van een JSON-object. Voor vragen die "
        "niemand in een adresbalk of logboek wil; het antwoord mag nergens bewaard worden.",
        answers=json_of("SearchPage"),
        refuses=(413, 415),
        is_conditional=False,
        example=examples.PRIVATE_SEARCH,
        counts_as=SEARCH,
    ), body=queries.search("SearchQuestion"))  # fmt: skip
    for kind in KINDS.values():
        path, name = f"/{kind.collection}", names.pascal(kind.collection)
        routes.read(path, collection(path, kind.code), queries.search(f"{name}Query", kind.code), Operation(
            id=f"search{name}",
            summary=f"Zoek binnen één soort: {names.dutch(kind.code)}",
            description="Dezelfde zoekvraag als bij alle soorten, beperkt tot deze soort.",
            answers=json_of("SearchPage"),
            counts_as=SEARCH,
        ))  # fmt: skip
    return routes
