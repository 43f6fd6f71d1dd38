"""Schemas of entries and organisations in the OpenAPI document, made from the one definition of their fields."""

from typing import Any, cast

from apispec import APISpec
from marshmallow import fields

from kennis.api.names import pascal
from kennis.api.openapi_schemas import DAY, ID, LINK, MOMENT, TEXT, Shape, listed, record, told
from kennis.api.openapi_work import told_beside
from kennis.api.routing import reference
from kennis.content import kinds
from kennis.content.fields_nested import ContentSchema, Many, Part, part
from kennis.content.kinds import KINDS, Kind
from kennis.content.parts import AppliedMarkSchema
from kennis.content.vocabulary import vocabularies

CODED = reference("Coded")
ENTRY_LINKS = record("Adressen van dit item.", "self html", self=LINK, html=told(LINK, "De pagina voor lezers."))

VERSION = "Een hoger bij elke gepubliceerde verandering; 0 zolang het nooit openbaar was."
IGNORED = "Staat in antwoorden; wordt hier genegeerd."
UNCHANGED = "Staat in antwoorden; mag hier alleen onveranderd staan."


def describe(spec: APISpec) -> None:
    """Add everything about entries to the components."""
    shapes = Shapes()
    for kind in KINDS.values():
        name = pascal(kind.code)
        shapes.found[name] = shapes.full(kind)
        shapes.found[f"{name}Draft"] = shapes.draft(kind)
        shapes.found[f"{name}Body"] = shapes.body(kind)
        shapes.found[f"{name}Patch"] = patch(name, shapes.found[f"{name}Body"])
        every = (name, "ArchivedEntry", f"{name}Draft")
        shapes.found[f"{name}OrArchived"] = {"anyOf": [reference(one) for one in every]}
    shapes.found["FullEntry"] = {"anyOf": [reference(pascal(kind.code)) for kind in KINDS.values()]}
    shapes.found["ArchivedEntry"] = archived()
    shapes.found["Card"] = card()
    shapes.found["Derived"] = derived()
    shapes.found["Organisation"] = shapes.organisation()
    shapes.found["OrganisationBody"] = shapes.organisation_body()
    shapes.found["MarkBody"] = {**shapes.object(part(AppliedMarkSchema)), "additionalProperties": False}
    for name, shape in sorted(shapes.found.items()):
        spec.components.schema(name, shape)


class Shapes:
    """JSON Schemas by name, sub-objects gathered on the way."""

    def __init__(self) -> None:
        self.found: dict[str, Shape] = {}

    def of(self, field: fields.Field[Any]) -> Shape:
        """The facts of a field are JSON Schema already (content/fields.py)."""
        facts = dict(field.metadata)
        if isinstance(field, Part):
            return {**reference(self._part(field.document)), **facts}
        if isinstance(field, Many):
            return {"type": "array", "items": self.of(field.inner), **facts}
        return facts

    def properties(self, schema: ContentSchema) -> dict[str, Shape]:
        return {cast(str, field.data_key): self.of(field) for field in schema.fields.values()}

    def _part(self, schema: ContentSchema) -> str:
        name = type(schema).__name__.removesuffix("Schema")
        if name not in self.found:
            self.found[name] = {}
            self.found[name] = self.object(schema)
        return name

    def object(self, schema: ContentSchema) -> Shape:
        required = [cast(str, f.data_key) for f in schema.fields.values() if f.required]
        return {"type": "object", "properties": self.properties(schema), **({"required": required} if required else {})}

    def full(self, kind: Kind) -> Shape:
        schema = kinds.schema(kind.code)
        own = self.object(schema)
        properties = {**system(kind), **own["properties"], **worked_out()}
        required = ["id", "slug", "kind", "status", "version", *own.get("required", ()), "labels", "derived", "links"]
        return {
            "type": "object",
            "description": f"{vocabularies()['kinds'].label(kind.code, 'nl')}: alle velden, met kale codes.",
            "properties": properties,
            "required": [name for name in dict.fromkeys(required) if name not in ("checkedAt", "checkedBy")],
        }

    def draft(self, kind: Kind) -> Shape:
        """The same in any status, where all but a few properties may still be absent."""
        whole = self.found[pascal(kind.code)]
        own = {"status": code("statuses"), "version": {"type": "integer", "minimum": 0, "description": VERSION}}
        required = "id slug kind title language status version createdAt updatedAt labels derived links"
        return {
            "type": "object",
            "description": f"{_label(kind)} in elke status, zoals schrijver en redactie haar lezen.",
            "properties": {**whole["properties"], **own, **_archive(), **told_beside()},
            "required": required.split(),
        }

    def body(self, kind: Kind) -> Shape:
        """What may be sent: the content, and what answers hold beside it so that they can be sent back."""
        own = self.properties(kinds.schema(kind.code, draft=True))
        read_only = {n: {**s, "readOnly": True} for n, s in {**system(kind), **_archive()}.items() if n not in own}
        read_only |= {name: {"description": IGNORED} for name in sorted(kinds.WORKED_OUT)}
        read_only |= {name: {"description": UNCHANGED} for name in ("appliedMarks", "reviews")}
        return {
            "type": "object",
            "description": f"{_label(kind)} om te sturen. Wat Kennis zelf invult, mag er onveranderd in staan.",
            "properties": {**own, **read_only},
            "required": ["title"],
            "additionalProperties": False,
        }

    def organisation(self) -> Shape:
        own = self.object(kinds.organisation_schema())
        own["properties"] = {
            "id": ID,
            "slug": told(TEXT, "Waarde van het filter organisation."),
            **own["properties"],
            "updatedAt": MOMENT,
            "labels": labels(),
            "mergedFrom": listed(TEXT, "Organisaties die hierin zijn opgegaan."),
            "links": record("Adressen.", "self entries", self=LINK, entries=told(LINK, "Wat van haar is.")),
        }
        own["required"] = ["id", "slug", *own["required"], "updatedAt", "labels", "links"]
        own["description"] = "Een organisatie, met vroegere namen."
        return own

    def organisation_body(self) -> Shape:
        """What may be sent: what answers hold beside it may stand there too."""
        own = self.object(kinds.organisation_schema())
        answered = self.organisation()["properties"]
        read_only = {
            name: {**shape, "readOnly": True} for name, shape in answered.items() if name not in own["properties"]
        }
        ignored = {name: {"description": IGNORED} for name in sorted(kinds.ORGANISATION.ignored)}
        return {
            **own,
            "description": "Een organisatie om te sturen. Wat Kennis zelf invult, mag er onveranderd in staan.",
            "properties": {**own["properties"], **read_only, **ignored},
            "additionalProperties": False,
        }


def patch(name: str, body: Shape) -> Shape:
    place = f"#/components/schemas/{name}Body/properties"
    return {
        "type": "object",
        "description": f"Alleen wat verandert (RFC 7396); null haalt een veld weg. De grenzen zijn die van {name}Body.",
        "properties": {of: _or_null(shape, f"{place}/{of}") for of, shape in body["properties"].items()},
        "additionalProperties": False,
    }


def _or_null(shape: Shape, place: str) -> Shape:
    """A plain value by its type, as the design rules want to see a date; anything else by where it is described."""
    if isinstance(shape.get("type"), str) and "items" not in shape:
        return {"type": [shape["type"], "null"], **({"format": shape["format"]} if "format" in shape else {})}
    return {"anyOf": [{"$ref": place}, {"type": "null"}]}


def _label(kind: Kind) -> str:
    return vocabularies()["kinds"].label(kind.code, "nl")


def _archive() -> dict[str, Shape]:
    return {
        "archiveReason": {**code("archive-reasons"), "description": "Waarom het gearchiveerd is."},
        "replacedById": told(ID, "Wat ervoor in de plaats kwam."),
    }


def labels() -> Shape:
    return {
        "type": "object",
        "description": "Per eigenschap het label of de labels, in de taal van het antwoord.",
        "additionalProperties": {"anyOf": [TEXT, listed(TEXT)]},
    }


def system(kind: Kind) -> dict[str, Shape]:
    """What Kennis itself says of a published entry."""
    return {
        "id": told(ID, "Blijft altijd gelijk; een item heeft onder /v1 geen ander adres."),
        "slug": told(TEXT, "Deel van het adres van de pagina."),
        "kind": {"type": "string", "enum": [kind.code]},
        "status": {"type": "string", "enum": ["published"]},
        "version": {"type": "integer", "minimum": 1, "description": "Een hoger bij elke gepubliceerde verandering."},
        "createdAt": MOMENT,
        "updatedAt": MOMENT,
        "publishedAt": MOMENT,
        "checkedAt": told(DAY, "Wanneer voor het laatst is nagekeken of dit klopt."),
        "checkedBy": told(TEXT, "Wie dat deed: id van een organisatie, of editors."),
        "reviewDue": told(DAY, "Wanneer het opnieuw moet worden nagekeken."),
    }


def worked_out() -> dict[str, Shape]:
    mark = record(
        "Een organisatie die dit toepast.", "organisationId appliedOn isApproved",
        organisationId=ID, appliedOn=DAY, note=TEXT, isApproved={"type": "boolean"},
    )  # fmt: skip
    review = record(
        "Een beoordeling; wie het deed blijft binnen.", "track reviewedOn imported",
        track=code("review-tracks"),
        reviewedOn={"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$", "description": "De maand."},
        imported={"type": "boolean"},
    )  # fmt: skip
    return {
        "appliedMarks": listed(mark),
        "reviews": listed(review),
        "passedTracks": told(
            listed(code("review-tracks")), "Sporen die zijn gevraagd en waarop niemand antwoordde: geen toets dus."
        ),
        "labels": labels(),
        "derived": reference("Derived"),
        "links": ENTRY_LINKS,
        "help": reference("Help"),
        "highlights": highlights(),
    }


def code(vocabulary: str) -> Shape:
    return {"type": "string", "enum": list(vocabularies()[vocabulary].codes)}


def maybe(shape: Shape, description: str) -> Shape:
    return {"anyOf": [shape, {"type": "null"}], "description": description}


def derived() -> Shape:
    """Codes that Kennis works out; which of them apply depends on the kind."""
    bands = [int(band) for band in vocabularies()["evidence-bands"].codes]
    return record(
        "Wat uit de velden is afgeleid; nooit zelf op te geven.", "*",
        evidenceBand=maybe({"type": "integer", "enum": bands}, "Hoe zeker het werkt; null als dat niet past."),
        evidenceDirection=maybe(code("evidence-directions"), "Wat het beste onderzoek vond."),
        evidenceRank={"type": "integer", "description": "Plaats in de volgorde sort=evidence."},
        evidenceConflict={"type": "boolean", "description": "Onderzoeken spreken elkaar tegen."},
        ageBands=listed(code("age-bands")),
        recognition=maybe(reference("Recognition"), "De leidende erkenning."),
        recognitionStatus=maybe(code("recognition-statuses"), "Of de leidende erkenning nog geldt."),
        isExpired={"type": "boolean"},
        isStale={"type": "boolean", "description": "Te lang niet nagekeken: toon een waarschuwing."},
        isConfirmed={"type": "boolean", "description": "Op meer plaatsen toegepast."},
        evidenceType=listed(code("evidence-types")),
        year=maybe({"type": "integer"}, "Jaar waar het over gaat."),
    )  # fmt: skip


def archived() -> Shape:
    return record(
        "Alles wat van een gearchiveerd item nog verteld wordt.", "*",
        id=ID, kind=code("kinds"), title=TEXT,
        status={"type": "string", "enum": ["archived"]},
        archiveReason=maybe(code("archive-reasons"), "Waarom."),
        replacedById=maybe(ID, "Wat ervoor in de plaats kwam."),
    )  # fmt: skip


def card() -> Shape:
    recognition = record(
        "De leidende erkenning.", "",
        scheme=CODED, level=CODED, foreignLevel=TEXT, status=CODED, awarded=TEXT, validUntil=DAY,
    )  # fmt: skip
    channel = record(
        "Hoe hulp te bereiken is.", "kind value",
        kind=CODED, value=TEXT, hours=TEXT, isAlwaysOpen={"type": "boolean"}, isFree={"type": "boolean"},
        isAnonymous={"type": "boolean"}, languages=listed(CODED),
    )  # fmt: skip
    return record(
        "Een item in het kort: elke code met het woord erbij.",
        "id kind title summary topics targetGroups audiences organisations regions language licence publishedAt "
        "updatedAt checkedAt isStale isExpired contentWarnings links",
        id=ID, kind=CODED, title=TEXT, summary=TEXT, topics=listed(CODED), targetGroups=listed(CODED),
        audiences=listed(CODED), organisations=listed(record("Een organisatie.", "*", slug=TEXT, name=TEXT)),
        regions=listed(CODED), language=CODED, licence=CODED,
        publishedAt=maybe(MOMENT, "Eerste publicatie."), updatedAt=MOMENT,
        recognition=maybe(recognition, "Alleen bij interventies en methoden."),
        evidenceBand=told(CODED, "Hoe zeker het werkt; laat altijd de woorden zien."),
        evidenceDirection=told(CODED, "Wat het beste onderzoek vond."),
        checkedAt=maybe(DAY, "Wanneer voor het laatst is nagekeken of dit klopt."),
        isStale={"type": "boolean", "description": "Te lang niet nagekeken: toon een waarschuwing."},
        isExpired={"type": "boolean"},
        isExample={"type": "boolean", "description": "Een verzonnen verhaal: zeg dat erbij."},
        contentWarnings=listed(CODED),
        channels=listed(channel, "Alleen bij hulpaanbod."), isAlwaysOpen={"type": "boolean"},
        highlights=highlights(), links=ENTRY_LINKS,
    )  # fmt: skip


def highlights() -> Shape:
    return {
        "type": "object",
        "description": "Met highlight=true: stukjes tekst per veld, HTML-veilig, gevonden woorden tussen <mark>.",
        "additionalProperties": listed(TEXT),
    }
