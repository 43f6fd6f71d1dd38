"""What a writer is told without being stopped: names that look like a person's (content-model.md 3.4 and 4)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kennis.content.fields_nested import Fault, problems, put
from kennis.errors import Problem, Text

PERSONAL_ADDRESS = Text(
    "Dit lijkt het e-mailadres van een persoon. Gebruik het adres van een functie of afdeling.",
    "This looks like the e-mail address of a person. Use that of a role or department.",
)
FULL_NAME = Text(
    "Dit lijkt een voor- en achternaam. Kies één verzonnen woord.",
    "This looks like a first and last name. Choose one invented word.",
)
# jan.jansen, j.jansen, jan_de_jansen: names parted by signs. A list of first names would hold people; this does not.
_NAME_LIKE = re.compile(r"[a-z]+(?:[._-][a-z]+){1,3}", re.IGNORECASE)
# Words that make such an address one of a role after all: a first list, check with users.
_ROLES = re.compile(
    r"info|contact|hulp|post|mail|redactie|secretariaat|bureau|team|loket|meldpunt|advies|training|cursus|opleiding|"
    r"aanmeld|communicatie|beleid|zorg|veilig|thuis|kennis|support|service|help|office|desk|pers|algemeen|administratie",
    re.IGNORECASE,
)
_TWO_NAMES = re.compile(r"[^\W\d_]+(?:\s+(?:van|de|der|den|het|el|al|ten|ter|'t))*\s+[^\W\d_]{2,}")


def advice(content: Mapping[str, Any]) -> list[Problem]:
    """For entries and organisations alike; empty when nothing stands out."""
    tree: dict[str, Any] = {}
    for path, text in _found(content):
        put(tree, path, text)
    return list(problems(tree))


def _found(content: Mapping[str, Any]) -> Iterator[Fault]:
    if looks_personal(content.get("email", "")):
        yield ("email",), PERSONAL_ADDRESS
    if looks_personal(content.get("contact", {}).get("email", "")):
        yield ("contact", "email"), PERSONAL_ADDRESS
    for position, channel in enumerate(content.get("channels", ())):
        if channel["kind"] == "email" and looks_personal(channel["value"]):
            yield ("channels", position, "value"), PERSONAL_ADDRESS
    if _TWO_NAMES.fullmatch(content.get("pseudonym", "")):
        yield ("pseudonym",), FULL_NAME


def looks_personal(address: str) -> bool:
    local = address.partition("@")[0]
    return bool(_NAME_LIKE.fullmatch(local)) and not _ROLES.search(local)
