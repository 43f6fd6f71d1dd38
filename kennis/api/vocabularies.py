"""The closed lists with their words in both languages, how often each is used, and the same as SKOS."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from kennis.api import links, queries
from kennis.api.answering import encoded, etag_of, kennis, respond
from kennis.api.entries import SURFACE
from kennis.api.negotiation import JSON, media_type
from kennis.api.pages import Answer
from kennis.api.routing import Operation, Routes, json_of
from kennis.content.kinds import KINDS
from kennis.content.vocabulary import Term, Vocabulary
from kennis.content.vocabulary import vocabularies as all_vocabularies
from kennis.errors import NotFound, Text
from kennis.partners import linked_data
from kennis.partners.linked_data import JSON_LD, TURTLE
from kennis.search.answers import Find
from kennis.search.find import Finder
from kennis.search.mapping import mapping

BASE = "/vocabularies"
FORMS = (JSON, JSON_LD, TURTLE)


def vocabularies(arguments: Mapping[str, Any]) -> Response:
    media_type()
    place = _address("", arguments)

    def make() -> Answer:
        items = [_head(vocabulary) for vocabulary in all_vocabularies().values()]
        return Answer(encoded({"items": items, "links": {"self": place}}))

    return respond(etag_of("vocabularies"), place, make)


def vocabulary(arguments: Mapping[str, Any], name: str) -> Response:
    return _answer(_listed(name), None, _address(f"/{name}", arguments))


def term(arguments: Mapping[str, Any], name: str, code: str) -> Response:
    found = _listed(name).get(code)
    if found is None:
        raise NotFound(Text("Deze code staat niet in de lijst.", "This code is not in the list."))
    return _answer(_listed(name), found, _address(f"/{name}/{code}", arguments))


def _listed(name: str) -> Vocabulary:
    found = all_vocabularies().get(name)
    if found is None:
        raise NotFound(Text("Deze woordenlijst bestaat niet.", "There is no such vocabulary."))
    return found


def _address(path: str, arguments: Mapping[str, Any]) -> str:
    return links.address(kennis().config.public_url, BASE + path, arguments)


def _answer(listed: Vocabulary, only: Term | None, place: str) -> Response:
    form = media_type(FORMS)

    def make(finder: Finder) -> Answer:
        if form != JSON:
            graph = linked_data.skos(listed, _address(f"/{listed.name}", {}), only)
            return Answer(encoded(graph) if form == JSON_LD else linked_data.turtle(graph).encode())
        counts = _counts(finder, listed.name)
        if only is not None:
            return Answer(encoded(_term(listed, only, counts)))
        terms = [_term(listed, one, counts) for one in listed]
        return Answer(encoded(_head(listed) | {"terms": terms, "links": {"self": place}}))

    return kennis().standby.answer(
        lambda finder: respond(etag_of("vocabulary", finder.name, form), place, lambda: make(finder), media_type=form)
    )


def _head(listed: Vocabulary) -> dict[str, Any]:
    return {
        "name": listed.name,
        "labels": dict(listed.labels),
        "version": str(listed.version),
        "size": len(listed.terms),
        "links": {"self": _address(f"/{listed.name}", {})},
    }


def _term(listed: Vocabulary, one: Term, counts: Mapping[str, int] | None) -> dict[str, Any]:
    """Hidden labels are searched and never shown; `count` is null for a list that is not a filter."""
    return {
        "code": one.code,
        "labels": dict(one.labels),
        "synonyms": list(one.synonyms),
        "parent": one.parent,
        "children": list(listed.children(one.code)),
        "group": one.group,
        "note": one.note,
        "isRetired": one.is_retired,
        "replacedBy": one.replaced_by,
        "count": None if counts is None else counts.get(one.code, 0),
        "links": {"self": _address(f"/{listed.name}/{one.code}", {})},
    }


def _counts(finder: Finder, name: str) -> dict[str, int] | None:
    """How many entries partners find under each code. Forms of one kind are counted within that kind."""
    facet = next((facet for facet, meta in mapping().facets.items() if name in meta.vocabularies), None)
    if facet is None:
        return None
    kind = next((k.code for k in KINDS.values() if k.sub_kind_vocabulary == name), None)
    ask = Find(filters={"kind": (kind,)} if kind else {}, facets=(facet,), page_size=1, surface=SURFACE)
    (counted,) = finder.find(ask, kennis().today()).facets
    return {value.code: value.count for value in counted.values}


def blueprint() -> Routes:
    routes = Routes("woordenlijsten", "Alle codes met woorden in het Nederlands en Engels.")
    routes.read(BASE, vocabularies, queries.language("VocabulariesLanguage"), Operation(
        id="listVocabularies",
        summary="Alle woordenlijsten",
        description="Naam, versie en omvang van elke lijst.",
        answers=json_of("Vocabularies"),
    ))  # fmt: skip
    routes.read(f"{BASE}/<string:name>", vocabulary, queries.language("VocabularyLanguage"), Operation(
        id="getVocabulary",
        summary="Eén woordenlijst",
        description="Codes met labels, synoniemen, bovenliggende term en het aantal items. Ook als SKOS: "
        "`application/ld+json` of `text/turtle`.",
        answers={JSON: "Vocabulary", JSON_LD: "LinkedData", TURTLE: None},
        refuses=(404,),
        shows={JSON_LD: "LinkedTerm"},
    ))  # fmt: skip
    routes.read(f"{BASE}/<string:name>/<string:code>", term, queries.language("TermLanguage"), Operation(
        id="getTerm",
        summary="Eén term",
        description="Dezelfde gegevens van één code.",
        answers={JSON: "Term", JSON_LD: "LinkedData", TURTLE: None},
        refuses=(404,),
        shows={JSON_LD: "LinkedTerm"},
    ))  # fmt: skip
    return routes
