"""Secret addresses: where a document could give away the place of a shelter (content-model.md 3.6)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kennis.content.fields_nested import Document, Fault
from kennis.errors import Text

# Four digits and two capitals, or written together; SA, SD and SS are not given out.
POSTCODE = re.compile(r"(?<![\w-])[1-9][0-9]{3} ?(?!SA|SD|SS)[A-Z]{2}\b|(?<![\w-])[1-9][0-9]{3}[a-z]{2}(?![\w-])")
_WAYS = (
    "straat|strjitte|laan|leane|weg|wei|plein|gracht|kade|singel|dijk|hof|steeg|pad|dreef|markt|plantsoen|boulevard|"
    "baan|burgwal|brink|park|zoom|haven|vaart|hoek|plaats|allee|esplanade|promenade|meent|akker|veld|oord|horst|heuvel|"
    "berg|sloot|wetering"
)
# No part of a street's name is longer; it keeps the search linear for any text.
_LONGEST = 40
# A house number: 12, 12a, 12-3. A year looks the same; only the street word in front tells.
_NUMBER = r"\s{1,5}(?:nr\.?\s*|nummer\s+)?[1-9][0-9]{0,3}(?:\s?-?\s?[A-Za-z0-9]{1,3})?\b"
# A name that ends in a street word (Dorpsstraat 12), or one that begins with it (Laan van Meerdervoort 12).
_STREET = re.compile(rf"\b[A-Z][\w'’.-]{{0,{_LONGEST}}}(?:{_WAYS}){_NUMBER}")
_STREET_SPACED = re.compile(
    rf"\b(?:Straat|Laan|Weg|Plein|Gracht|Kade|Singel|Dijk|Hof|Steeg|Pad|Park|Plaats)"
    rf"(?:\s{{1,5}}(?:van|de|der|den|het|'t|ter|ten|aan|op|[A-Z][\w'’-]{{0,{_LONGEST}}})){{1,5}}{_NUMBER}"
    rf"|\b(?:[A-Z][\w'’.-]{{0,{_LONGEST}}}\s{{1,5}}){{1,4}}"
    rf"(?i:straat|laan|weg|plein|gracht|kade|singel|dijk|hof|steeg|pad|park){_NUMBER}"
)
_LOWER_STREET = re.compile(rf"\b[a-z]{{3,{_LONGEST}}}(?:straat|laan|gracht|kade|singel|steeg|dreef|plantsoen){_NUMBER}")
STREETS = (_STREET, _STREET_SPACED, _LOWER_STREET)
_MAP = re.compile(
    r"https://(?:[\w.-]*\.)?(?:maps\.|openstreetmap\.|osm\.|waze\.|mapbox\.|goo\.gl/maps|maps\.app|what3words\.|w3w\.)"
    r"|https://[^/]*/maps?(?:[/?#]|$)|[?&/@](?:-?[0-9]{1,3}\.[0-9]{3,},-?[0-9]{1,3}\.[0-9]{3,})|[?&](?:ll|lat|mlat)=",
    re.IGNORECASE,
)

IN_TEXT = Text(
    "Hier staat een postcode of een straat met nummer, en het adres is geheim.",
    "This holds a postcode or a street with a number, and the address is secret.",
)
NO_WALK_IN = Text("Een geheim adres heeft geen inloop.", "A secret address has no walk-in channel.")
NO_PLACE = Text("Bij een geheim adres staat geen plaats.", "With a secret address there is no place.")
NO_MAP = Text("Bij een geheim adres staat geen kaart.", "With a secret address there is no map.")


def gives_address_away(text: str) -> bool:
    """Whether the text holds a Dutch postcode or a street with a number. Eager: a false alarm costs a rewording."""
    return any(p.search(text) for p in (POSTCODE, *STREETS))


def _texts(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, below in value.items():
            yield from _texts(below, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))


def in_texts(document: Document) -> Iterator[Fault]:
    """For every kind that names an organisation at a secret address."""
    for path, text in _texts(document, ()):
        if gives_address_away(text):
            yield path, IN_TEXT


def in_offer(document: Document) -> Iterator[Fault]:
    """For kinds with channels and sessions: no way there, no place, no map."""
    for index, channel in enumerate(document.get("channels", ())):
        if channel.get("kind") == "walk-in":
            yield ("channels", index, "kind"), NO_WALK_IN
    for index, session in enumerate(document.get("sessions", ())):
        if "place" in session:
            yield ("sessions", index, "place"), NO_PLACE
        if _MAP.search(session.get("url", "")):
            yield ("sessions", index, "url"), NO_MAP
    yield from in_texts(document)
