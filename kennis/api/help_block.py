"""Where help is now: beside every answer that holds stories or help offers, or that asks for oneself (api.md 2)."""

from typing import Any

from kennis.errors import Text

_TEXT = Text(
    "Is er nu gevaar? Bel 112. Wilt u praten over geweld thuis, of maakt u zich zorgen om iemand? Bel Veilig Thuis.",
    "Is there danger now? Call 112. Do you want to talk about violence at home, or are you worried about somebody? "
    "Call Veilig Thuis.",
)
_NUMBERS = (
    ("112", Text("Alarmnummer, bij gevaar nu", "Emergency number, in danger now")),
    ("0800-2000", Text("Veilig Thuis, dag en nacht, gratis", "Veilig Thuis, day and night, free of charge")),
)


def block(language: str) -> dict[str, Any]:
    return {
        "text": _TEXT.in_language(language),
        "numbers": [{"number": number, "label": label.in_language(language)} for number, label in _NUMBERS],
    }
