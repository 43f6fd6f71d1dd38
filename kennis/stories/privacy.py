"""Personal data in Dutch text: the port, our own detector, and advice for professional texts (safety.md section 5).

A detector points; it is never a gate. It finds no name in small letters for sure, and it does not know who can be
recognised by what happened. What it finds is for who wrote or moderates the text, and for nobody else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, Protocol

from kennis.content import advice as written
from kennis.content import kinds
from kennis.content.fields import Email, PlainText
from kennis.content.fields_nested import ContentSchema, Many, Part
from kennis.content.parts_channels import ChannelSchema
from kennis.errors import Problem, Text
from kennis.stories.marks import KINDS, LIKELY, Kind, Mark, settled

__all__ = ["KINDS", "Advice", "Detector", "Kind", "Mark", "PersonalDataDetector", "advice"]


class PersonalDataDetector(Protocol):
    def scan(self, text: str) -> list[Mark]:
        """Marks in the order of the text that do not overlap. Takes time in proportion to the text; a help number
        of `seed/privacy/help_numbers.txt` is never marked; nothing of the text is logged or kept."""


class Detector:
    """Our own: forms, checksums and cue words; nothing to install and no model to load. Its expressions are compiled
    for the first text: only who writes waits for them."""

    def scan(self, text: str) -> list[Mark]:
        from kennis.stories.cued_marks import cued
        from kennis.stories.shaped_marks import shaped

        return settled(chain(shaped(text), cued(text)))


# What a professional text may name: organisations and their pages. Told of a story all the same.
_NOT_ADVISED = frozenset({"school-or-work", "link"})
_NAMED: Mapping[Kind, tuple[str, str]] = {
    "email": ("een e-mailadres", "an e-mail address"),
    "phone": ("een telefoonnummer", "a phone number"),
    "bsn": ("een burgerservicenummer (BSN)", "a citizen service number (BSN)"),
    "iban": ("een rekeningnummer (IBAN)", "a bank account number (IBAN)"),
    "postcode": ("een postcode", "a postcode"),
    "address": ("een adres", "an address"),
    "licence-plate": ("een kenteken", "a licence plate"),
    "birth-date": ("een geboortedatum", "a date of birth"),
    "link": ("een webadres of account", "a web address or account"),
    "name": ("de naam van een persoon", "the name of a person"),
    "school-or-work": ("een school of werkgever", "a school or employer"),
}


def says(kind: Kind) -> Text:
    """What the writer is told; it repeats nothing of the text."""
    nl, en = _NAMED[kind]
    return Text(
        f"Dit lijkt {nl}. Haal het weg als het iemand herkenbaar maakt.",
        f"This looks like {en}. Take it out if somebody can be recognised by it.",
    )


@dataclass(frozen=True, slots=True)
class Advice:
    """`pointer` is an RFC 6901 JSON pointer. For the writer and the editors only (safety.md P6)."""

    pointer: str
    kind: Kind
    message: Text

    @property
    def problem(self) -> Problem:
        return Problem(self.message, self.pointer)


def advice(document: Mapping[str, Any], detector: PersonalDataDetector | None = None) -> list[Advice]:
    """What may be personal in the free text of an entry or organisation: one for each place and kind, in the order
    of the document. It blocks nothing (P7); what the detector is unsure of is left out."""
    reads = detector or Detector()
    found: dict[tuple[str, Kind], Text] = {}
    for problem in written.advice(document):
        kind: Kind = "email" if problem.message == written.PERSONAL_ADDRESS else "name"
        found[problem.pointer or "", kind] = problem.message
    for pointer, text in _free_texts(document, (), ""):
        for mark in reads.scan(text):
            if mark.confidence >= LIKELY and mark.kind not in _NOT_ADVISED:
                found.setdefault((pointer, mark.kind), says(mark.kind))
    return [Advice(pointer, kind, message) for (pointer, kind), message in found.items()]


def _free_texts(value: Any, names: tuple[str, ...], pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, below in value.items():
            step = str(name).replace("~", "~0").replace("/", "~1")
            yield from _free_texts(below, (*names, str(name)), f"{pointer}/{step}")
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _free_texts(below, names, f"{pointer}/{index}")
    elif isinstance(value, str) and names in _free_text_names():
        yield pointer, value


@cache
def _free_text_names() -> frozenset[tuple[str, ...]]:
    """The properties in which somebody writes what they like, by the names on the way to them."""
    schemas = (*map(kinds.schema, kinds.KINDS), kinds.organisation_schema())
    return frozenset(path for schema in schemas for path in _paths(schema, ()))


def _paths(schema: ContentSchema, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, field in schema.load_fields.items():
        inner = field.inner if isinstance(field, Many) else field
        path = (*above, str(field.data_key or name))
        if isinstance(inner, Part):
            yield from _paths(inner.document, path)
        elif isinstance(inner, PlainText) and not isinstance(inner, Email) and not _is_a_way_to_reach(schema, path):
            yield path


def _is_a_way_to_reach(schema: ContentSchema, path: tuple[str, ...]) -> bool:
    """A number or address of an organisation stands where it belongs."""
    return path[-1] == "phone" or (isinstance(schema, ChannelSchema) and path[-1] == "value")
