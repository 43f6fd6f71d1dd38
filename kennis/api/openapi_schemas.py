"""JSON Schemas of the answers around entries. Entries themselves come from their kinds (openapi_entries.py).

Every property stands here with a Dutch description; a test holds real answers against these with unknown
properties refused.
"""

from collections.abc import Mapping
from typing import Any

from kennis.api.routing import reference
from kennis.search.port import WINDOW

Shape = dict[str, Any]
TEXT: Shape = {"type": "string"}
NUMBER: Shape = {"type": "integer", "minimum": 0}
YES_NO: Shape = {"type": "boolean"}
ID: Shape = {"type": "string", "format": "uuid"}
LINK: Shape = {"type": "string", "format": "uri"}
DAY: Shape = {"type": "string", "format": "date"}
MOMENT: Shape = {"type": "string", "format": "date-time"}
MAYBE_TEXT: Shape = {"type": ["string", "null"]}


def told(shape: Mapping[str, Any], description: str) -> Shape:
    return {**shape, "description": description}


def listed(items: Mapping[str, Any], description: str = "") -> Shape:
    return {"type": "array", "items": dict(items), **({"description": description} if description else {})}


def record(description: str, required: str, **properties: Mapping[str, Any]) -> Shape:
    """An object; `required` names properties, `*` all of them."""
    names = list(properties) if required == "*" else required.split()
    return {
        "type": "object",
        "description": description,
        "properties": {name: dict(shape) for name, shape in properties.items()},
        **({"required": names} if names else {}),
    }


def maybe(name: str, description: str) -> Shape:
    return {"anyOf": [reference(name), {"type": "null"}], "description": description}


def _both_languages() -> Shape:
    return record("In beide talen.", "nl", nl=TEXT, en=TEXT)


LINKS = record("Dit adres.", "self", self=LINK)
PAGE_LINKS = record("Dit adres, en het volgende en vorige als die er zijn.", "self", self=LINK, next=LINK, prev=LINK)

PROBLEM = record(
    "Een fout volgens RFC 9457.",
    "type title status detail instance",
    type=told(LINK, "Adres van de uitleg."),
    title=told(TEXT, "Korte naam van de fout."),
    status=told({"type": "integer", "minimum": 400, "maximum": 599}, "De HTTP-status."),
    detail=told(TEXT, "Wat er aan de hand is, in de taal van de vraag."),
    instance=told({"type": "string", "format": "uri-reference"}, "Het gevraagde adres, zonder de vraag."),
    errors=listed(
        record("Eén fout in wat gestuurd is.", "detail",
               pointer=told(TEXT, "Plek in de body, als JSON-pointer."),
               parameter=told(TEXT, "Naam van de parameter."),
               detail=told(TEXT, "Wat er anders moet.")),
        "Alle fouten tegelijk.",
    ),
    allowed=listed(TEXT, "Bij 409: wat er vanuit deze stand wel kan."),
)  # fmt: skip

SHARED: dict[str, Shape] = {
    "Problem": PROBLEM,
    "Coded": record("Een code met het woord erbij.", "*", code=TEXT, label=told(TEXT, "In de taal van het antwoord.")),
    "Help": record(
        "Waar nu hulp is. Toon dit boven verhalen en hulpaanbod.", "*",
        text=TEXT,
        numbers=listed(record("Een telefoonnummer.", "*", number=told(TEXT, "Zoals het gebeld wordt."), label=TEXT)),
    ),
    "LinkedData": {"type": "object", "description": "JSON-LD."},
}  # fmt: skip

FACET = record(
    "Telling van één filter, onder alle andere filters.", "*",
    label=TEXT,
    distinct=told(NUMBER, "Aantal waarden dat voorkomt."),
    values=listed(record(
        "Eén waarde.", "*",
        code=TEXT, label=TEXT,
        count=told(NUMBER, "Aantal resultaten als u deze waarde kiest."),
        selected=YES_NO,
        parent=told(MAYBE_TEXT, "Code van de bovenliggende waarde."),
        group=told(MAYBE_TEXT, "Code van de groep."),
    )),
)  # fmt: skip
UNDERSTOOD = record(
    "Hoe de woorden gelezen zijn.", "*",
    words=listed(TEXT, "Woorden waarop gezocht is."),
    phrases=listed(TEXT, "Vaste woordgroepen."),
    excluded=listed(TEXT, "Uitgesloten woorden."),
    relaxed=told(YES_NO, "Niets of weinig had alle woorden: de meeste, of het onderwerp erboven, zijn genoeg."),
    replaced=listed(
        {"type": "object", "required": ["from", "to"], "properties": {"from": TEXT, "to": TEXT},
         "description": "Wat getypt is en hoe het gelezen is."}
    ),
    suggestedFilters=listed(record(
        "Een filter dat de woorden noemen; gebruik het alleen als de lezer het kiest.", "*",
        parameter=TEXT, code=TEXT, label=TEXT, because=told(TEXT, "De woorden waar het om gaat."),
    )),
)  # fmt: skip

ANSWERS: dict[str, Shape] = {
    "SearchPage": record(
        "Eén bladzijde zoekresultaten.",
        "total page pageSize sort items facets understood didYouMean help links",
        total=told(NUMBER, "Precies aantal resultaten."),
        page=told({"type": "integer", "minimum": 1, "maximum": WINDOW}, "Deze bladzijde."),
        pageSize=told({"type": "integer", "minimum": 1, "maximum": 100}, "Aantal per bladzijde."),
        sort=told(TEXT, "De volgorde die geldt."),
        items=listed({"anyOf": [reference("Card"), reference("FullEntry")]}, "Kaarten, of hele items bij fields=full."),
        facets={"type": "object", "additionalProperties": reference("Facet"), "description": "Per filter de telling."},
        understood=reference("Understood"),
        didYouMean=told(MAYBE_TEXT, "Een betere spelling, als die er is."),
        help=maybe("Help", "Waar nu hulp is; null als het niet past."),
        links=PAGE_LINKS,
        degraded=told(YES_NO, "true als de reserve antwoordt: wat net veranderde, kan ontbreken."),
        demo=told(YES_NO, "true bij een demonstratie: gebruik deze gegevens niet."),
    ),
    "Facet": FACET,
    "Understood": UNDERSTOOD,
    "Related": record(
        "Wat bij een item hoort.", "*",
        stored=listed(reference("RelatedEntry"), "Relaties die dit item noemt."),
        inverse=listed(reference("RelatedEntry"), "Relaties waarin dit item genoemd wordt."),
        similar=listed(reference("Card"), "Items die erop lijken."),
        help=maybe("Help", "Waar nu hulp is; null als het niet past."),
        links=LINKS,
    ),
    "RelatedEntry": record(
        "Een relatie, gezien vanaf het gevraagde item.", "kind entry",
        kind=reference("Coded"),
        note=told(TEXT, "Toelichting."),
        entry={"anyOf": [reference("Card"), reference("ArchivedEntry")]},
    ),
    "Suggestions": record(
        "Voorstellen tijdens het typen.", "*",
        items=listed(record(
            "Eén voorstel.", "*",
            kind=told(TEXT, "entry, of de naam van het filter."), text=TEXT,
            code=told(TEXT, "Het id van het item, of de waarde van het filter."),
        )),
        links=LINKS,
    ),
    "Comparison": record(
        "Items naast elkaar.", "*",
        items=listed(reference("Card")),
        rows=listed(record(
            "Eén eigenschap; de waarden staan in de volgorde van items.", "*",
            property=TEXT, label=TEXT,
            values=listed({"anyOf": [record("Waarde met label.", "*", value={}, label={}), {"type": "null"}]}),
        )),
        help=maybe("Help", "Waar nu hulp is; null als het niet past."),
        links=LINKS,
    ),
    "GapMap": record(
        "Aantallen per vak, ook nullen.", "*",
        rowsFacet=TEXT, columnsFacet=TEXT, total=NUMBER,
        columns=listed(record("Eén kolom.", "*", code=TEXT, label=TEXT)),
        rows=listed(record(
            "Eén rij.", "*",
            code=TEXT, label=TEXT, total=NUMBER, counts=listed(NUMBER, "In de volgorde van de kolommen."),
        )),
        links=LINKS,
    ),
    "VocabularyHead": record(
        "Een woordenlijst in het kort.", "*",
        name=TEXT, labels=_both_languages(), version=TEXT, size=told(NUMBER, "Aantal termen."), links=LINKS,
    ),
    "Vocabularies": record("Alle woordenlijsten.", "*", items=listed(reference("VocabularyHead")), links=LINKS),
    "Vocabulary": record(
        "Een woordenlijst met haar termen.", "*",
        name=TEXT, labels=_both_languages(), version=TEXT, size=NUMBER, terms=listed(reference("Term")), links=LINKS,
    ),
    "Term": record(
        "Eén term. Codes veranderen nooit van betekenis.", "*",
        code=TEXT, labels=_both_languages(), synonyms=listed(TEXT), parent=MAYBE_TEXT, children=listed(TEXT),
        group=MAYBE_TEXT, note=MAYBE_TEXT, isRetired=YES_NO, replacedBy=MAYBE_TEXT,
        count=told({"type": ["integer", "null"], "minimum": 0}, "Aantal items; null als de lijst geen filter is."),
        links=LINKS,
    ),
    "Organisations": record(
        "Eén bladzijde organisaties.", "*",
        total=NUMBER, page={"type": "integer", "minimum": 1}, pageSize={"type": "integer", "minimum": 1},
        items=listed(reference("Organisation")), links=PAGE_LINKS,
    ),
    "Liveness": record("De dienst leeft.", "*", status={"type": "string", "enum": ["live"]}),
    "Readiness": record(
        "De dienst kan zoeken.", "*",
        status={"type": "string", "enum": ["ready"]},
        engine=told(TEXT, "Soort zoekmachine."), documents=NUMBER, mappingVersion=TEXT, analysisVersion=TEXT,
        outboxLag=told(NUMBER, "Wijzigingen die nog niet in de index staan."),
        deadLetters=told(NUMBER, "Items die de zoekmachine weigert."),
        degraded=told(YES_NO, "true als alleen de reserve kan zoeken."),
    ),
    "OpenApi": {"type": "object", "description": "Dit document."},
}  # fmt: skip
