"""The steps of the status machine as operations on an entry or on its working copy (content-model.md 7.1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response
from marshmallow import Schema
from sqlalchemy.orm import Session

from kennis.api import hints, identity, writing
from kennis.api.arguments import ArgumentSchema, Choice, Day, EntryId, Nearest, Words, described
from kennis.api.negotiation import language
from kennis.content import entries, tracks
from kennis.content.kinds import Kind
from kennis.content.lifecycle import COPY_STEPS
from kennis.content.nearest import nearest_name
from kennis.content.reviewing import NOTE_LEAST, NOTE_MOST
from kennis.content.texts import Written
from kennis.content.vocabulary import vocabularies

# Properties of bodies that the steps know under another name.
NAMES = {"replacedById": "replaced_by_id", "checkedAt": "checked_on", "checkedBy": "checked_by"}
# An id of an organisation, or the word "editors".
LONGEST_CHECKER = 36


class OptionalSchema(ArgumentSchema):
    """A body that may be left out altogether."""

    may_be_absent = True


@dataclass(frozen=True, slots=True)
class Transition:
    """`code` is the key of the step in the policy and in the status machine; `words` what it says in Dutch. `answers`:
    what the answer holds, `entry` or the few properties of an `archived` one; None: nothing is left to show."""

    code: str
    take: Callable[..., Any]
    summary: str
    words: str
    body: Callable[[], Schema] | None = None
    example: Mapping[str, Any] = field(default_factory=dict)
    answers: str | None = "entry"
    tells_duplicates: bool = False

    @property
    def is_of_copies(self) -> bool:
        return self.code in COPY_STEPS

    def answers_nothing(self, *, copy: bool) -> bool:
        """A working copy that is rejected is gone."""
        return self.answers is None or (copy and self.code == "reject")


def _nearest_of(names: tuple[str, ...]) -> Nearest:
    return lambda typed: nearest_name(typed, names)


def _listed(name: str) -> Choice:
    known = vocabularies()[name]
    return Choice(tuple(known.codes), known.nearest, required=True)


def _track() -> Choice:
    codes = tuple(tracks.TRACKS)
    return Choice(codes, _nearest_of(codes), required=True)


def _note(*, required: bool) -> Words:
    return Words(NOTE_MOST, NOTE_LEAST, required=required)


def _approval() -> Schema:
    return _schema("Approval", {
        "track": (_track(), "Het spoor dat is goedgekeurd.", "practice"),
        "note": (_note(required=False), "Opmerking voor de schrijver en de redactie.", None),
    })  # fmt: skip


def _return() -> Schema:
    return _schema("Return", {
        "track": (_track(), "Het spoor dat om aanpassing vraagt.", "editorial"),
        "note": (_note(required=True), "Wat er anders moet.", "Noem ook voor wie dit niet geschikt is."),
    })  # fmt: skip


def _rejection() -> Schema:
    return _schema("Rejection", {
        "reason": (_listed("reject-reasons"), "Waarom.", "out-of-scope"),
        "note": (_note(required=True), "Toelichting voor de schrijver.", "Dit gaat over een ander onderwerp."),
    })  # fmt: skip


def _archiving() -> Schema:
    return _schema("Archiving", {
        "reason": (_listed("archive-reasons"), "Waarom.", "outdated"),
        "replacedById": (EntryId(), "Id van wat ervoor in de plaats komt; verplicht bij merged.", None),
    })  # fmt: skip


def _confirmation() -> Schema:
    return _schema("Confirmation", {
        "checkedAt": (Day(), "De dag waarop iemand keek; zonder dit is dat vandaag.", "2026-11-01"),
        "checkedBy": (Words(LONGEST_CHECKER, 1), "Wie keek: id van een organisatie, of editors.", "editors"),
    }, OptionalSchema)  # fmt: skip


def _schema(name: str, properties: Mapping[str, Any], of: type[Schema] = ArgumentSchema) -> Schema:
    return of.from_dict(described(properties), name=name)()


TRANSITIONS: tuple[Transition, ...] = (
    Transition("submit", entries.submit, "Dien in",
               "Een concept gaat naar de redactie; alles wat verplicht is, moet er staan. Daarna kan de schrijver er "
               "even niet meer in.", tells_duplicates=True),
    Transition("take", entries.take, "Neem in behandeling", "Een redacteur pakt een ingediend item op."),
    Transition("return", entries.return_, "Vraag om aanpassing",
               "De schrijver kan er weer in; wat nog open stond, wordt later opnieuw gevraagd.",
               _return, {"track": "editorial", "note": "Noem ook voor wie dit niet geschikt is."}),
    Transition("approve", entries.approve, "Keur een spoor goed",
               "Wie de tekst maakte of het laatst veranderde, keurt hem niet goed.",
               _approval, {"track": "practice"}),
    Transition("publish", entries.publish, "Publiceer",
               "Kan als elk verplicht spoor is goedgekeurd, door een ander dan de schrijver. Bij een werkkopie is het "
               "antwoord het item dat zij vervangt."),
    Transition("reject", entries.reject, "Wijs af",
               "Een afgewezen item blijft 12 maanden bewaard; een afgewezen werkkopie is meteen weg.",
               _rejection, {"reason": "out-of-scope", "note": "Dit gaat over een ander onderwerp."}),
    Transition("confirm", entries.confirm, "Bevestig: klopt nog",
               "Iemand keek en alles klopt nog. De inhoud mag leeg blijven.",
               _confirmation, {"checkedAt": "2026-11-01"}),
    Transition("archive", entries.archive, "Archiveer",
               "Weg uit zoeken, feeds en export; op het adres blijft staan dat het gearchiveerd is.",
               _archiving, {"reason": "outdated"}, answers="archived"),
    Transition("restore", entries.restore, "Haal terug",
               "Gearchiveerd gaat opnieuw in beoordeling, afgewezen wordt weer een concept."),
    Transition("withdraw", entries.withdraw, "Wis voorgoed",
               "Alle tekst verdwijnt en komt niet terug; het adres antwoordt voortaan 410. Een verhaal door een "
               "redacteur als de schrijver erom vraagt; iets anders alleen door een beheerder, als de wet het vraagt.",
               answers=None),
)  # fmt: skip


def view(transition: Transition, kind: Kind, *, copy: bool) -> Callable[..., Response]:
    """The arguments of the address come last; a body, where there is one, before them."""

    def called(query: Mapping[str, Any], body: Mapping[str, Any] | None = None, *, id: object) -> Response:
        values = {NAMES.get(name, name): value for name, value in (body or {}).items()}
        on_copy = {"copy": True} if copy else {}

        def step(session: Session, _: Written, **named: Any) -> Any:
            return transition.take(session, str(id), **values, **named, **on_copy)

        response = writing.take(step, query, kind, str(id), copy=copy)
        if transition.tells_duplicates:
            hints.add(response, str(id), identity.known_caller().actor, language(query), copy=copy)
        return response

    return called
