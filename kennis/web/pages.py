"""The search page and the page of one entry. A view reads what was asked, calls one function, shows a template."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from flask import Response, request

from kennis.content import addresses
from kennis.content.kinds import Kind
from kennis.errors import NotFound
from kennis.search.find import Finder
from kennis.web import asking, entry, results
from kennis.web.asking import Asked
from kennis.web.layouts import LAYOUTS
from kennis.web.rendering import etag_of, html, is_fresh, kennis, private, public, unchanged
from kennis.web.results import Results

# For what may not go to partners: no search engine and no archive of the web keeps it (safety.md G8).
NO_TRACE = "noindex, noarchive"
LONGEST_NAME = 120


def search() -> Response:
    asked, today = asking.read(request.args), kennis().today()

    def answer(finder: Finder) -> Response:
        etag = etag_of(finder.etag(asked.find, today))
        if is_fresh(etag):
            return unchanged(etag)
        return public(html("search.html", results=_results(asked, finder, today)), etag)

    return kennis().standby.answer(answer)


def search_without_traces() -> Response:
    """The words come in the body, so they stand in no address, history or log; nobody keeps the answer."""
    asked, today = asking.read(request.form, is_traceless=True), kennis().today()
    found = kennis().standby.answer(lambda finder: _results(asked, finder, today))
    return private(html("search.html", results=found))


def _results(asked: Asked, finder: Finder, today: date) -> Results:
    present = replace(asked, find=finder.present(asked.find))
    return results.results(present, finder.find(present.find, today), today)


def of_kind(kind: Kind) -> Callable[[str], Response]:
    """The view of `/{page}/{name}`."""

    def show(name: str) -> Response:
        if len(name) > LONGEST_NAME:
            raise NotFound()
        etag = etag_of(kind.code, name)
        if is_fresh(etag):
            return unchanged(etag)
        response, is_whole = _entry(kind, name)
        response = public(response, etag) if is_whole else private(response)
        robots = LAYOUTS[kind.code].robots
        if robots:
            response.headers.setdefault("X-Robots-Tag", robots)
        return response

    return show


def _entry(kind: Kind, name: str) -> tuple[Response, bool]:
    """The page, and whether nothing is missing because of the search engine: then it may be kept."""
    with kennis().store.reading() as session:
        found = addresses.find(session, kind.code, name, kennis().today())
        if not found.is_published:
            shown = entry.archived(session, found, kennis().today())
            return _hidden(html("archived.html", entry=shown)), True
        page = entry.load(kennis(), session, found, kennis().today())
    response = html("entry.html", entry=page)
    return response if page.may_go_to_partners else _hidden(response), page.around.is_whole


def _hidden(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = NO_TRACE
    return response
