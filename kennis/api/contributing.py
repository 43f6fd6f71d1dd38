"""The addresses under which entries are made, changed and brought through review."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema

from kennis.api import at_work, examples, names, queries, steps, writing
from kennis.api.negotiation import JSON, language
from kennis.api.receiving import MERGE_PATCH
from kennis.api.routing import Operation, Routes
from kennis.api.steps import TRANSITIONS, Transition
from kennis.content.kinds import KINDS, Kind

Write = Callable[..., Response]
GONE = (404, 410)
STEP = (404, 409, 410)
MADE_FROM = "Stuur bij If-Match de ETag mee van wat u las. "


def blueprint() -> Routes:
    routes = Routes("bijdragen", "Maken, wijzigen en beoordelen. Hiervoor is een sleutel nodig.")
    query = queries.language("KeyedLanguage")
    bodies = {one.code: one.body() if one.body else None for one in TRANSITIONS}
    for kind in KINDS.values():
        _Declaring(routes, kind, query, bodies).everything()
    return routes


class _Declaring:
    """All that can be done with entries of one kind."""

    def __init__(self, routes: Routes, kind: Kind, query: Schema, bodies: Mapping[str, Schema | None]) -> None:
        self.routes, self.kind, self.query, self.bodies = routes, kind, query, bodies
        self.name, self.dutch = names.pascal(kind.code), names.dutch(kind.code)
        self.item = f"/{kind.collection}/<uuid:id>"

    def everything(self) -> None:
        if not self.kind.is_entrusted:
            self.creation()
        self.changes(self.item, "", copy=False)
        self.reading()
        self.changes(f"{self.item}/{at_work.DRAFT}", "Draft", copy=True)
        for one in TRANSITIONS:
            self.step(one, copy=False)
            if one.is_of_copies:
                self.step(one, copy=True)

    def declare(self, method: str, rule: str, view: Write, operation: Operation, body: Schema | None = None) -> None:
        self.routes.keyed(method, rule, view, self.query, operation, body=body)

    def operation(self, name: str, policy: str, **more: Any) -> Operation:
        told = {"answers": {JSON: f"{self.name}Draft"}, "shows": {JSON: self.name}, "is_conditional": False, **more}
        return Operation(id=name, policy=policy, is_entrusted=self.kind.is_entrusted, **told)

    def creation(self) -> None:
        def create(query: Mapping[str, Any]) -> Response:
            return writing.create(query, self.kind)

        self.declare("POST", f"/{self.kind.collection}", create, self.operation(
            f"create{self.name}", "create",
            summary=f"Maak een concept ({self.dutch})",
            description="Alleen `title` is nodig; de rest kan later. Alleen u en de redactie zien het, tot het is "
            "gepubliceerd. Met `Idempotency-Key` ontstaat er ook bij herhalen maar één.",
            sends={JSON: f"{self.name}Body"},
            example=examples.DRAFT,
            succeeds=(201,),
            refuses=(409,),
            may_be_repeated=True,
        ))  # fmt: skip

    def reading(self) -> None:
        def read(query: Mapping[str, Any], *, id: UUID) -> Response:
            return at_work.read(self.kind, str(id), language(query), copy=True)

        self.declare("GET", f"{self.item}/{at_work.DRAFT}", read, self.operation(
            f"get{self.name}Draft", "read",
            summary=f"De werkkopie van een gepubliceerd item ({self.dutch})",
            description="De volgende versie zolang eraan gewerkt wordt, met een eigen ETag. Voor de schrijver, de "
            "eigenaar en de redactie; tijdens de beoordeling ook voor beoordelaars.",
            is_conditional=True,
            refuses=GONE,
        ))  # fmt: skip

    def changes(self, rule: str, of: str, *, copy: bool) -> None:
        where = "in de werkkopie" if copy else "in het item"
        published = (
            "" if copy else "Van een gepubliceerd item ontstaat zo een werkkopie (201, met haar adres bij Location), "
            "tenzij alleen wijzigt wat onderhoud is: dat is meteen openbaar. "
        )  # fmt: skip
        shared = {"succeeds": (200,) if copy else (200, 201), "refuses": STEP, "needs_version": True}
        self.declare("PUT", rule, self._on(writing.replace, copy), self.operation(
            f"replace{self.name}{of}", "revise",
            summary=f"Vervang de hele tekst {where} ({self.dutch})",
            description=f"{published}{MADE_FROM}Wat u leest, kunt u zo terugsturen: wat Kennis zelf invult, mag "
            "blijven staan als het niet verandert.",
            sends={JSON: f"{self.name}Body"},
            example=examples.DRAFT,
            **shared,
        ))  # fmt: skip
        self.declare("PATCH", rule, self._on(writing.patch, copy), self.operation(
            f"change{self.name}{of}", "revise",
            summary=f"Wijzig enkele velden {where} ({self.dutch})",
            description=f"Volgens RFC 7396: null haalt een veld weg, een lijst vervangt de hele lijst. {published}"
            f"{MADE_FROM.strip()}",
            sends={MERGE_PATCH: f"{self.name}Patch"},
            example=examples.PATCH,
            **shared,
        ))  # fmt: skip
        self.declare("DELETE", rule, self._on(writing.delete, copy), self.operation(
            f"delete{self.name}{of}", "delete",
            summary=f"Verwijder {'de werkkopie' if copy else 'een concept'} ({self.dutch})",
            description=("Het gepubliceerde item blijft zoals het is. " if copy else "Alleen wat nooit openbaar was. ")
            + MADE_FROM.strip(),
            **shared | {"succeeds": (204,)},
        ))  # fmt: skip

    def _on(self, write: Write, copy: bool) -> Write:
        def called(query: Mapping[str, Any], *, id: UUID) -> Response:
            return write(query, self.kind, str(id), copy=copy)

        return called

    def step(self, one: Transition, *, copy: bool) -> None:
        rule = f"{self.item}/{at_work.DRAFT}/_{one.code}" if copy else f"{self.item}/_{one.code}"
        told: dict[str, Any] = {}
        if one.answers == "archived":
            told = {"answers": {JSON: "ArchivedEntry"}, "shows": {}}
        self.declare("POST", rule, steps.view(one, self.kind, copy=copy), self.operation(
            f"{one.code}{self.name}{'Draft' if copy else ''}", one.code,
            summary=f"{one.summary}{' (werkkopie)' if copy else ''}: {self.dutch}",
            description=f"{one.words} {MADE_FROM.strip()}",
            example=one.example,
            succeeds=(204,) if one.answers_nothing(copy=copy) else (200,),
            refuses=STEP,
            needs_version=True,
            **told,
        ), self.bodies[one.code])  # fmt: skip
