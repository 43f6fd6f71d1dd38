"""Vocabularies as SKOS and entries as schema.org, for machines that read linked data. Hidden labels stay hidden."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kennis.content.vocabulary import Term, Vocabulary, vocabularies

JSON_LD = "application/ld+json"
TURTLE = "text/turtle"
SKOS = "http://www.w3.org/2004/02/skos/core#"
CONTEXT: Mapping[str, Any] = {
    "skos": SKOS,
    "owl": "http://www.w3.org/2002/07/owl#",
    "dcterms": "http://purl.org/dc/terms/",
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
    "altLabel": {"@id": "skos:altLabel", "@container": "@language"},
    "scopeNote": {"@id": "skos:scopeNote", "@container": "@language"},
    "notation": "skos:notation",
    "inScheme": {"@id": "skos:inScheme", "@type": "@id"},
    "topConceptOf": {"@id": "skos:topConceptOf", "@type": "@id"},
    "broader": {"@id": "skos:broader", "@type": "@id"},
    "narrower": {"@id": "skos:narrower", "@type": "@id"},
    "deprecated": "owl:deprecated",
    "isReplacedBy": {"@id": "dcterms:isReplacedBy", "@type": "@id"},
}
# Predicates in Turtle by the name they have in the context; `@id` ones point to other things.
_LABELS = ("prefLabel", "altLabel", "scopeNote")
_POINTERS = ("inScheme", "topConceptOf", "broader", "narrower", "isReplacedBy")

# Which schema.org type says best what an entry of this kind is; CreativeWork fits all others.
TYPES: Mapping[str, str] = {"training": "Course", "help-offer": "Service", "story": "Article", "lesson": "Article"}


def skos(vocabulary: Vocabulary, address: str, only: Term | None = None) -> dict[str, Any]:
    """The scheme with its concepts, or one concept; `address` is where the vocabulary is served."""
    if only is not None:
        return {"@context": dict(CONTEXT), **_concept(vocabulary, only, address)}
    scheme: dict[str, Any] = {
        "@id": address, "@type": "skos:ConceptScheme", "prefLabel": dict(vocabulary.labels),
    }  # fmt: skip
    return {"@context": dict(CONTEXT), "@graph": [scheme, *(_concept(vocabulary, t, address) for t in vocabulary)]}


def _concept(vocabulary: Vocabulary, term: Term, address: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@id": f"{address}/{term.code}",
        "@type": "skos:Concept",
        "prefLabel": dict(term.labels),
        "notation": term.notation or term.code,
        "inScheme": address,
    }
    if term.synonyms:
        told["altLabel"] = {"nl": list(term.synonyms)}
    if term.note:
        told["scopeNote"] = {"nl": term.note}
    if term.parent:
        told["broader"] = f"{address}/{term.parent}"
    else:
        told["topConceptOf"] = address
    if narrower := vocabulary.children(term.code):
        told["narrower"] = [f"{address}/{code}" for code in narrower]
    if term.is_retired:
        told["deprecated"] = True
        if term.replaced_by:
            told["isReplacedBy"] = f"{address}/{term.replaced_by}"
    return told


def turtle(document: Mapping[str, Any]) -> str:
    """What `skos` made, written as Turtle."""
    prefixes = [f"@prefix {name}: <{CONTEXT[name]}> ." for name in ("skos", "owl", "dcterms")]
    things: Sequence[Mapping[str, Any]] = document.get("@graph", [document])
    return "\n".join([*prefixes, "", *(_turtle_of(thing) for thing in things), ""])


def _turtle_of(thing: Mapping[str, Any]) -> str:
    facts = " ;\n    ".join([f"a {thing['@type']}", *_facts(thing)])
    return f"<{thing['@id']}> {facts} .\n"


def _facts(thing: Mapping[str, Any]) -> Iterator[str]:
    for name in _LABELS:
        for language, texts in thing.get(name, {}).items():
            for text in [texts] if isinstance(texts, str) else texts:
                yield f"skos:{name} {quoted(text)}@{language}"
    if "notation" in thing:
        yield f"skos:notation {quoted(thing['notation'])}"
    for name in _POINTERS:
        targets = thing.get(name, [])
        for target in [targets] if isinstance(targets, str) else targets:
            yield f"{'dcterms' if name == 'isReplacedBy' else 'skos'}:{name} <{target}>"
    if thing.get("deprecated"):
        yield "owl:deprecated true"


def quoted(text: str) -> str:
    """A Turtle string on one line."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(escapes.get(c, c) for c in text) + '"'


def schema_org(document: Mapping[str, Any]) -> dict[str, Any]:
    """A full entry as schema.org; of an archived one only its id and title."""
    links = document.get("links", {})
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": TYPES.get(document["kind"], "CreativeWork"),
        "identifier": document["id"],
        "name": document["title"],
    }
    optional = {
        "@id": links.get("self"),
        "url": links.get("html"),
        "description": document.get("summary"),
        "inLanguage": document.get("language"),
        "license": _licence(document),
        "datePublished": document.get("publishedAt"),
        "dateModified": document.get("updatedAt"),
        "about": _named(document, "topics"),
        "audience": [{"@type": "Audience", "audienceType": text} for text in _named(document, "audiences")],
        "citation": [_source(source) for source in document.get("sources", ())],
    }
    return told | {name: value for name, value in optional.items() if value}


def _licence(document: Mapping[str, Any]) -> str | None:
    """schema.org wants an address here: that of the licence itself, else of its term in our vocabulary."""
    if "licence" not in document:
        return None
    term = vocabularies()["licences"][document["licence"]]
    site, _, _ = document["links"]["self"].partition("/v1/")
    return str(term.extra.get("url") or f"{site}/v1/vocabularies/licences/{term.code}")


def _named(document: Mapping[str, Any], name: str) -> list[str]:
    labels = document.get("labels", {}).get(name, [])
    return list(labels) if isinstance(labels, list) else [labels]


def _source(source: Mapping[str, Any]) -> dict[str, Any]:
    told = {
        "@type": "CreativeWork", "name": source["title"], "publisher": source.get("publisher"),
        "url": source.get("url"), "datePublished": str(source["year"]) if "year" in source else None,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}
