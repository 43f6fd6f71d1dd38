"""From one state of the search page to another: a link, or a button when the words may not be in an address (V31)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from kennis.web.asking import WITHOUT, Asked, parameters


@dataclass(frozen=True, slots=True)
class Move:
    """With `address` it is a link. Without, a button of the search form that sends `name` and `value` along."""

    text: str
    address: str | None
    name: str = ""
    value: str = ""


def change(asked: Asked, text: str, name: str, value: str | int) -> Move:
    """The same question with one single-valued parameter set; paging starts anew."""
    if asked.is_traceless:
        return Move(text, None, name, str(value))
    return Move(text, _address(parameters(asked, **{name: value})))


def add(asked: Asked, text: str, facet: str, code: str) -> Move:
    if asked.is_traceless:
        return Move(text, None, facet, code)
    return Move(text, _address([*parameters(asked), (facet, code)]))


def drop(asked: Asked, text: str, name: str, code: str) -> Move:
    """Without one value of a facet, or without a parameter of one value."""
    if asked.is_traceless:
        return Move(text, None, WITHOUT, f"{name}:{code}")
    return Move(text, _address([pair for pair in parameters(asked) if pair != (name, code)]))


def _address(pairs: object) -> str:
    query = urlencode(list(pairs))  # type: ignore[call-overload]
    return f"/?{query}" if query else "/"
