"""Examples in the OpenAPI document; a test validates each of them against its schema."""

from typing import Any

PRIVATE_SEARCH: dict[str, Any] = {"q": "mijn vriend controleert mijn telefoon", "audience": ["slachtoffer-zelf"]}
