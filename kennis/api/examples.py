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


@cache
def of_answers() -> Mapping[str, Any]:
    """The values by name."""
    found: dict[str, Any] = orjson.loads((Path(__file__).parent / "examples.json").read_bytes())
    return found
