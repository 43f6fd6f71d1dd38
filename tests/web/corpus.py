"""A few entries of every kind: good ones tied to each other, and hostile ones with an attack in every text."""

from datetime import date
from typing import Any
from uuid import UUID

import orjson

from kennis import clock
from kennis.content import kinds
from kennis.content.fields import Line, Markdown, PlainText
from kennis.content.fields_nested import Many, Part
from tests.factories import (
    BODY,
    ORGANISATION,
    make_entry,
    make_organisation,
    make_recognition,
    make_study,
    make_typical,
)

ATTACK = """"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}{%raw%}</title><style>*{}</style>"""
MARKDOWN_ATTACK = (
    "# Kop\n\n[klik](javascript:alert(1)) [klik](data:text/html,x) ![plaatje](https://elders.example/spion.png) "
    '<iframe src="https://elders.example/"></iframe> <a href="https://elders.example" onclick="x()">a</a>\n\n'
    "**dik** en [echt](https://bron.example/stuk)\n\n" + ATTACK
)
KINDS = tuple(kinds.KINDS)
# Lines that are checked more closely than free text is, or that may not stand beside another.
NOT_FREE = ("value", "country", "phone", "foreignLevel", "displayName")


def id_of(number: int) -> str:
    return str(UUID(int=number, version=4))


GOOD = {kind: id_of(number) for number, kind in enumerate(KINDS, 101)}
BAD = {kind: id_of(number) for number, kind in enumerate(KINDS, 201)}
WITHOUT_PARTNERS = id_of(301)
ARCHIVED, WITHDRAWN, OLD = id_of(302), id_of(303), id_of(304)
HEAVY = id_of(305)
# Of what is still to come, by the clock that the pages ask.
NEXT_YEAR = clock.today().year + 1
STALE, EXPIRED = id_of(306), id_of(307)


def good(kind: str) -> dict[str, Any]:
    more: dict[str, Any] = {"title": f"Goed voorbeeld van {kind}", "externalIds": None, "relations": None}
    to_intervention = {"targetId": GOOD["intervention"], "note": "Deze uitleg staat bij de relatie."}
    relation = {
        "lesson": "about", "story": "about", "training": "trains-for", "help-offer": "offers", "method": "part-of"
    }.get(kind)  # fmt: skip
    if relation:
        more["relations"] = [{"kind": relation, **to_intervention}]
    if kind in ("training", "help-offer"):
        more["sessions"] = [
            {"startsAt": f"{NEXT_YEAR}-03-04T09:30:00+01:00", "place": "Utrecht"},
            {"startsAt": f"{NEXT_YEAR}-09-04T08:30:00Z", "isOnline": True},
        ]
    if kind == "story":
        more |= {"isExample": True, "organisations": None, "sources": None, "hopeMessage": "Het wordt beter."}
    if kind == "method":
        more |= {"evidence": [make_study()], "recognitions": [make_recognition(awarded="2024-03")]}
    return make_typical(kind, **more)


def hostile(kind: str) -> dict[str, Any]:
    """Every property that holds free text holds the attack."""
    document = make_typical(kind, externalIds=None, relations=None)
    if kind == "story":
        document |= {"isExample": True}
        document.pop("organisations", None)
    schema = kinds.schema(kind)
    for field in schema.load_fields.values():
        name = str(field.data_key)
        value = _attacked(field, document.get(name))
        if value is not None:
            document[name] = value
    if kind != "story":
        document["contributor"] = {"background": "professional", "displayName": ATTACK[:80]}
    return document


def _attacked(field: Any, value: Any) -> Any:
    if isinstance(field, Many):
        inner = field.inner
        if isinstance(inner, Part):
            return [_attacked(inner, item) for item in value] if value else None
        text = _attacked(inner, None)
        return [text] if text is not None else value
    if isinstance(field, Part):
        found = {
            str(f.data_key): _attacked(f, (value or {}).get(f.data_key)) for f in field.document.load_fields.values()
        }
        return {k: v for k, v in {**(value or {}), **found}.items() if v is not None} if value else None
    if isinstance(field, Markdown):
        return (MARKDOWN_ATTACK * 3)[: field.most]
    if type(field) in (PlainText, Line) and field.data_key not in NOT_FREE:
        return (ATTACK * 4)[: min(field.most, max(field.least, len(ATTACK)))].strip()
    return value


def lines(today: date) -> list[bytes]:
    """As an export would hold it: organisations first. What must be checked now and then was checked on this day."""
    documents: list[dict[str, Any]] = [
        {
            "kind": "organisation",
            "id": ORGANISATION,
            "slug": "huis-van-de-wind",
            **make_organisation(name=f"Huis {ATTACK}"[:150]),
        },
        {
            "kind": "organisation",
            "id": BODY,
            "slug": "erkenningscommissie",
            **make_organisation(name="Erkenningscommissie"),
        },
    ]
    for kind in KINDS:
        documents.append(_entry(kind, GOOD[kind], good(kind), f"goed-voorbeeld-van-{kind}"))
        documents.append(_entry(kind, BAD[kind], hostile(kind), f"vijandig-{kind}"))
    secret = good("story") | {"title": "Alleen op onze eigen pagina's", "relations": []}
    documents.append(_entry("story", WITHOUT_PARTNERS, secret, WITHOUT_PARTNERS))
    heavy = good("story") | {
        "title": "Zwaar verhaal",
        "contentWarnings": ["seksueel-geweld", "verlies"],
        "relations": [],
    }
    documents.append(_entry("story", HEAVY, heavy, HEAVY))
    documents.append(_entry("lesson", ARCHIVED, make_entry("lesson", title="Oude les in het archief"), "oude-les"))
    documents.append(_entry("lesson", WITHDRAWN, make_entry("lesson", title="Weggehaalde les"), "weggehaalde-les"))
    lapsed = make_entry("intervention", title="Vroegere aanpak", recognitions=[make_recognition()])
    documents.append(_entry("intervention", OLD, lapsed, "vroegere-aanpak"))
    for entry_id, title in ((STALE, "Lang niet bekeken hulp"), (EXPIRED, "Verlopen kwikhulp")):
        offer = good("help-offer") | {"title": title, "relations": []}
        documents.append(_entry("help-offer", entry_id, offer, entry_id))
    for number in range(25):
        entry = make_entry("lesson", title=f"Les nummer {number}", topics=["ouderenmishandeling"])
        documents.append(_entry("lesson", id_of(1000 + number), entry, f"les-nummer-{number}"))
    for document in documents:
        if "checkedAt" in document:
            document["checkedAt"] = today.isoformat()
    return [orjson.dumps(document) for document in documents]


def _entry(kind: str, entry_id: str, document: dict[str, Any], slug: str) -> dict[str, Any]:
    name = entry_id if kinds.KINDS[kind].slug_is_id else slug
    return {"kind": kind, "id": entry_id, "slug": name, **document}
