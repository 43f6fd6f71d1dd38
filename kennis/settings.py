"""How the text of a setting becomes its value; what does not fit is a sentence that names the setting."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from kennis.errors import BadSetup

# Of a key, in characters; fewer different ones than that are a place to fill in, not a key (guess).
LEAST_KEY = 32
LEAST_DIFFERENT = 8


def text(name: str, value: str) -> str:
    if value and (value != value.strip() or not value.isprintable()):
        raise BadSetup(
            f"{name} is {value!r}; haal spaties vooraan en achteraan en onzichtbare tekens weg.",
            f"{name} is {value!r}; take away the spaces around it and the characters that cannot be seen.",
        )
    return value


def mail(name: str, value: str) -> str:
    before, _, after = value.partition("@")
    if not before or "." not in after or "@" in after or any(c.isspace() or c in "<>,;" for c in value):
        raise BadSetup(
            f"{name} is {value!r}; geef een e-mailadres, zoals redactie@kennis.example.",
            f"{name} is {value!r}; give an e-mail address such as redactie@kennis.example.",
        )
    return value


def folder(name: str, value: str) -> Path:
    if "?" in value:
        # It would end the name of the file in the address of the database.
        raise BadSetup(f"{name} mag geen vraagteken bevatten.", f"{name} may not hold a question mark.")
    return _path(name, value)


def _path(name: str, value: str) -> Path:
    try:
        return Path(value).expanduser().resolve()
    except RuntimeError as error:
        # Somebody's home: ~name.
        raise BadSetup(
            f"{name} is {value!r}; die gebruiker is er niet.", f"{name} is {value!r}; there is no such user."
        ) from error


def choice(*allowed: str) -> Callable[[str, str], str]:
    def read(name: str, value: str) -> str:
        if value not in allowed:
            words = ", ".join(allowed)
            raise BadSetup(f"{name} is {value!r}; kies uit: {words}.", f"{name} is {value!r}; choose one of: {words}.")
        return value

    return read


def count(least: int, most: int) -> Callable[[str, str], int]:
    def read(name: str, value: str) -> int:
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise BadSetup(
                f"{name} is {value!r}; geef een heel getal van {least} tot en met {most}.",
                f"{name} is {value!r}; give a whole number from {least} to {most}.",
            )
        return int(value)

    return read


def address(name: str, value: str) -> str:
    try:
        parts = urlsplit(value)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        has_more = "?" in value or "#" in value or "@" in parts.netloc
    except ValueError:
        fits = has_more = False
    if not fits or has_more or any(c.isspace() or not c.isprintable() or c in "\"'<>\\^`{|}" for c in value):
        raise BadSetup(
            f"{name} is {value!r}; geef een adres dat met http:// of https:// begint, zonder naam, ? of #.",
            f"{name} is {value!r}; give an address that starts with http:// or https://, without a name, ? or #.",
        )
    return value.rstrip("/")


def addresses(name: str, value: str) -> tuple[str, ...]:
    """Addresses are shown in messages: a password has a setting of its own, and is not repeated here."""
    if "@" in value:
        raise BadSetup(
            f"{name} bevat een gebruiker; geef die met KENNIS_ELASTICSEARCH_USER en KENNIS_ELASTICSEARCH_PASSWORD.",
            f"{name} holds a user; give it with KENNIS_ELASTICSEARCH_USER and KENNIS_ELASTICSEARCH_PASSWORD.",
        )
    return tuple(address(name, part.strip()) for part in value.split(","))


def secret(name: str, value: str) -> str:
    """As text, but never repeated in a message."""
    if value and (value != value.strip() or not value.isprintable()):
        raise BadSetup(
            f"{name} heeft spaties vooraan of achteraan of onzichtbare tekens; haal die weg.",
            f"{name} has spaces around it or characters that cannot be seen; take them away.",
        )
    return value


def file(name: str, value: str) -> Path | None:
    if not value:
        return None
    path = _path(name, value)
    if not path.is_file():
        raise BadSetup(f"{name} is {value!r}; dat bestand is er niet.", f"{name} is {value!r}; there is no such file.")
    return path


def index_name(name: str, value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,99}", value):
        raise BadSetup(
            f"{name} is {value!r}; gebruik kleine letters, cijfers en streepjes, een letter eerst.",
            f"{name} is {value!r}; use lower case letters, digits and hyphens, a letter first.",
        )
    return value


def optional(read: Callable[[str, str], object]) -> Callable[[str, str], object]:
    """Empty stays empty."""
    return lambda name, value: read(name, value) if value else ""


def key(name: str, value: str) -> str:
    """A secret of at least 32 characters: with fewer it could be guessed (safety.md R2)."""
    if value and (len(secret(name, value)) < LEAST_KEY or len(set(value)) < LEAST_DIFFERENT):
        raise BadSetup(
            f"{name} is te kort of te eenvormig; geef minstens {LEAST_KEY} tekens, bijvoorbeeld van: "
            "openssl rand -hex 32",
            f"{name} is too short or too uniform; give at least {LEAST_KEY} characters, for example of: "
            "openssl rand -hex 32",
        )
    return value


def server(*schemes: str) -> Callable[[str, str], str]:
    """The address of a server that is no web site; it may hold a password, so it is not repeated in a message."""

    def read(name: str, value: str) -> str:
        try:
            parts = urlsplit(value)
            fits = parts.scheme in schemes and (bool(parts.hostname) or parts.scheme == "memory") and parts.port != 0
        except ValueError:
            fits = False
        if not fits or any(c.isspace() or not c.isprintable() for c in value):
            words = ", ".join(f"{scheme}://" for scheme in schemes)
            raise BadSetup(
                f"{name} is geen adres dat begint met: {words}.", f"{name} is no address that starts with: {words}."
            )
        return value

    return read


def pairs(name: str, value: str) -> tuple[tuple[str, str], ...]:
    """`a=b,c=d`, in this order."""
    found = [tuple(part.strip() for part in pair.split("=")) for pair in value.split(",")] if value else []
    if any(len(pair) != 2 or not all(pair) for pair in found):
        raise BadSetup(
            f"{name} is {value!r}; geef paren zoals redactie=editor,lezers=contributor.",
            f"{name} is {value!r}; give pairs such as redactie=editor,lezers=contributor.",
        )
    return tuple((pair[0], pair[1]) for pair in found)
