"""Examples in the OpenAPI document; a test validates each of them against its schema.

Those of answers stand in `examples.json` under the name of their schema, shortened from real ones.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson

PRIVATE_SEARCH: dict[str, Any] = {"q": "mijn vriend controleert mijn telefoon", "audience": ["slachtoffer-zelf"]}

DRAFT: dict[str, Any] = {"title": "Samen veilig thuis", "language": "nl", "topics": ["partnergeweld"]}
PATCH: dict[str, Any] = {"title": "Samen veilig verder", "ageMax": None}
ORGANISATION_ID = "3f2a1b0c-9d8e-4f7a-b6c5-d4e3f2a1b0c9"
ORGANISATION: dict[str, Any] = {
    "name": "Steunpunt Voorbeeld",
    "organisationKind": "volunteer",
    "website": "https://steunpunt.example",
    "regions": ["nl"],
}
MARK: dict[str, Any] = {
    "organisationId": ORGANISATION_ID,
    "appliedOn": "2026-11-01",
    "note": "Sinds dit voorjaar in alle wijkteams.",
}
KEY: dict[str, Any] = {
    "accountId": "0b7f6c1e-5d0a-4c0e-9a53-2f6f1f0d7a11",
    "name": "Website van een gemeente",
    "scopes": ["read", "contribute"],
    "expiresOn": "2027-12-31",
}


@cache
def of_answers() -> Mapping[str, Any]:
    """The values by name."""
    found: dict[str, Any] = orjson.loads((Path(__file__).parent / "examples.json").read_bytes())
    return found
