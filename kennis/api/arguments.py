"""Fields for query parameters and the body of a search: strict, bounded, every message in both languages.

A fault never repeats what was typed: only names of parameters and codes go out.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import RAISE, Schema, ValidationError, fields, validate
from webargs.fields import DelimitedList

from kennis import clock
from kennis.errors import Text

# More values than any facet of closed codes has is no question of a person or a client: guess.
MOST_VALUES = 100
Nearest = Callable[[str], str | None]


def fault(nl: str, en: str) -> ValidationError:
    return ValidationError([Text(nl, en)])


class ArgumentSchema(Schema):
    """Base of what a caller may send: names it does not know are refused, absent ones stay absent."""

    class Meta:
        unknown = RAISE


def _named(field: fields.Field[Any], name: str, help_nl: str, example: object = None) -> fields.Field[Any]:
    field.metadata = {**field.metadata, "description": help_nl}
    if example is not None:
        field.metadata = {**field.metadata, "example": example}
    field.data_key = name
    return field


# Written out, for what a `\S` takes differs between those who read the document.
SOMETHING = re.compile(r"[^\t-\r\x1c-\x1f \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


class Words(fields.String):
    """One text of at most `most` characters, any characters at all; where there must be some, not only spaces."""

    def __init__(self, most: int, least: int = 0, **more: Any) -> None:
        super().__init__(validate=validate.Length(min=least or None, max=most), **more)
        self.least, self.most = least, most
        if least:
            self.metadata = {**self.metadata, "pattern": SOMETHING.pattern}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:  # noqa: ARG002
        if not isinstance(value, str):
            raise fault("Geef één tekst.", "Give one text.")
        if len(value) > self.most:
            raise fault(f"Hooguit {self.most} tekens.", f"At most {self.most} characters.")
        if len(value) < self.least or (self.least and not SOMETHING.search(value)):
            raise fault(f"Ten minste {self.least} teken(s).", f"At least {self.least} character(s).")
        return value


class Slug(Words):
    """A name in an address, such as that of an organisation."""

    def __init__(self) -> None:
        super().__init__(120, 3)


class Whole(fields.Integer):
    """A whole number between two bounds; `3.0`, `true` and `+3` are none."""

    def __init__(self, least: int, most: int, **more: Any) -> None:
        super().__init__(validate=validate.Range(min=least, max=most), **more)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:  # noqa: ARG002
        is_number = type(value) is int or (
            isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len(str(self.most))
        )
        if not is_number or not self.least <= int(value) <= self.most:
            raise fault(
                f"Geef een heel getal van {self.least} tot en met {self.most}.",
                f"Give a whole number from {self.least} to {self.most}.",
            )
        return int(value)


class YesNo(fields.Boolean):
    """`true` or `false`, nothing that merely looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:  # noqa: ARG002
        if value is True or value == "true":
            return True
        if value is False or value == "false":
            return False
        raise fault("Geef true of false.", "Give true or false.")


class Day(fields.Date):
    """A date, `2026-03-01`. A moment is not accepted: these rules count in days in the Netherlands."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:  # noqa: ARG002
        try:
            if isinstance(value, str):
                return clock.day(value)
        except ValueError:
            pass
        raise fault("Geef een datum als 2026-03-01.", "Give a date such as 2026-03-01.")


def _not_listed(code: object, choices: tuple[str, ...], nearest: Nearest | None) -> Text | None:
    """What is wrong with one code, None when it is in the list."""
    if isinstance(code, str) and code in choices:
        return None
    close = nearest(code) if nearest and isinstance(code, str) and len(code) <= 100 else None
    if close:
        return Text(f"Deze waarde bestaat niet; bedoelde u {close}?", f"There is no such value; did you mean {close}?")
    # A list of more than a dozen does not fit in a sentence; the vocabulary has its own address.
    listed = ", ".join(choices) if len(choices) <= 12 else ""
    return Text(
        f"Deze waarde bestaat niet; kies uit: {listed}." if listed else "Deze waarde bestaat niet.",
        f"There is no such value; choose from: {listed}." if listed else "There is no such value.",
    )


class Choice(fields.String):
    """One value of a closed list."""

    def __init__(self, choices: tuple[str, ...], nearest: Nearest | None = None, **more: Any) -> None:
        super().__init__(validate=validate.OneOf(choices), **more)
        self.choices, self.nearest = choices, nearest

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:  # noqa: ARG002
        wrong = _not_listed(value, self.choices, self.nearest)
        if wrong is not None:
            raise ValidationError([wrong])
        return str(value)


class Repeated(fields.List[Any]):
    """Several values of one parameter (or a JSON array), each read by `inner`; the order does not count."""

    is_multiple = True

    def __init__(self, inner: fields.Field[Any], least: int = 1, most: int = MOST_VALUES, **more: Any) -> None:
        super().__init__(inner, validate=validate.Length(min=least, max=most), **more)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if not isinstance(value, list):
            raise fault("Geef een lijst van waarden.", "Give a list of values.")
        if not self.least <= len(value) <= self.most:
            raise fault(
                f"Geef {self.least} tot en met {self.most} waarden.", f"Give {self.least} to {self.most} values."
            )
        return self._in_order(super()._deserialize(value, attr, data, **kwargs))

    def _in_order(self, values: list[Any]) -> tuple[Any, ...]:
        return tuple(sorted(set(values)))


class Ids(Repeated):
    """Ids of entries, each once, in the order given."""

    def __init__(self, least: int, most: int, **more: Any) -> None:
        super().__init__(EntryId(), least, most, **more)

    def _in_order(self, values: list[Any]) -> tuple[Any, ...]:
        if len(set(values)) < len(values):
            raise fault("Geef elk id één keer.", "Give each id once.")
        return tuple(values)


class EntryId(fields.UUID):
    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:  # noqa: ARG002
        try:
            if isinstance(value, str) and len(value) == 36:
                return str(UUID(value))
        except ValueError:
            pass
        raise fault("Dit is geen id.", "This is not an id.")


class _Several(validate.Length):
    """The bounds of what is sent, for the document; the word for none is read as an empty list, which is sound."""

    def __call__(self, value: Any) -> Any:
        return value if value == () else super().__call__(value)


class Listed(DelimitedList):
    """Values of a closed list behind one another with commas (or a JSON array); a word for none gives ()."""

    def __init__(self, choices: tuple[str, ...], none: str, nearest: Nearest, **more: Any) -> None:
        several = _Several(min=1, max=len(choices))
        super().__init__(fields.String(validate=validate.OneOf((*choices, none))), validate=several, **more)
        self.choices, self.none, self.nearest = choices, none, nearest

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:  # noqa: ARG002
        names = value.split(",") if isinstance(value, str) else value
        if not isinstance(names, list) or not names or len(names) > len(self.choices):
            raise fault(f"Geef een of meer namen, of {self.none}.", f"Give one or more names, or {self.none}.")
        if names == [self.none]:
            return ()
        if self.none in names:
            raise fault(f"Geef {self.none} alleen, zonder namen.", f"Give {self.none} alone, without names.")
        for name in names:
            wrong = _not_listed(name, self.choices, self.nearest)
            if wrong is not None:
                raise ValidationError([wrong])
        return tuple(sorted(set(names)))


def described(fields_by_name: Mapping[str, tuple[fields.Field[Any], str, object]]) -> dict[str, Any]:
    """Attributes of a schema: name of the parameter -> field, described in Dutch for the documentation."""
    return {name: _named(field, name, text, example) for name, (field, text, example) in fields_by_name.items()}
