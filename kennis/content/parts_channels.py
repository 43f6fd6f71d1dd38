"""How a help offer can be reached: what a value may be depends on the kind of channel (content-model.md 4)."""

import re
from collections.abc import Callable, Iterator
from typing import cast

from marshmallow import ValidationError

from kennis.content.fields import Code, Email, Line, PlainText, Url
from kennis.content.fields_nested import ContentSchema, Document, Fault, Many
from kennis.content.fields_phone import dialled
from kennis.content.fields_values import Flag
from kennis.errors import Text

NOT_A_NUMBER = Text("Dit is geen telefoonnummer.", "This is not a phone number.")
NOT_A_TOWN = Text(
    "Noem alleen de plaatsnaam, zonder straat of postcode.", "Name the town only, without street or postcode."
)
NOT_HTTPS = Text("Dit moet een https-adres zijn.", "This must be an https address.")
_TOWN = re.compile(r"['’]?[^\W\d_][^\d,;:/@]{1,79}")
_ADDRESS_LIKE = re.compile(r"[a-z]+:|www\.", re.IGNORECASE)
_URL = Url("Adres")
_EMAIL = Email("Adres")


def _number(value: str) -> str:
    number = dialled(value)
    if number is None:
        raise ValidationError([NOT_A_NUMBER])
    return number


def _town(value: str) -> str:
    if not _TOWN.fullmatch(value):
        raise ValidationError([NOT_A_TOWN])
    return value


def _address_or_name(value: str) -> str:
    if not _ADDRESS_LIKE.match(value):
        return value
    try:
        return str(_URL.parse(value))
    except ValidationError:
        raise ValidationError([NOT_HTTPS]) from None


# Which value fits which kind; what comes out is what is stored.
VALUES: dict[str, Callable[[str], str]] = {
    "phone": _number,
    "sms": _number,
    "chat": _URL.parse,
    "website": _URL.parse,
    "email": _EMAIL.parse,
    "walk-in": _town,
    "app": _address_or_name,
    "video": _address_or_name,
}


def _value_fits_kind(channel: Document) -> Iterator[Fault]:
    value, kind = channel.get("value"), channel.get("kind")
    if value is None or kind not in VALUES:
        return
    try:
        channel["value"] = VALUES[kind](value)
    except ValidationError as error:
        for text in cast("list[Text]", error.messages):
            yield ("value",), text


class ChannelSchema(ContentSchema):
    checks = (_value_fits_kind,)
    kind = Code("Soort", "channel-kinds", required=True)
    value = Line("Waarde", 2, 200, required=True, weight="C", example="08002000")
    hours = PlainText("Openingstijden", 2, 200, example="dag en nacht")
    is_always_open = Flag("Altijd open")
    is_free = Flag("Gratis")
    is_anonymous = Flag("Anoniem")
    languages = Many(Code("Taal", "languages"), "Talen", 0, 20)
