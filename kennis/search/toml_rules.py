"""Reading rules from TOML files of the search, with errors that name file and rule."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kennis.errors import BadSetup


def broken(path: Path, nl: str, en: str) -> BadSetup:
    return BadSetup(
        f"Het bestand {path} deugt niet: {nl}. Verbeter het of zet het bestand uit de installatie terug.",
        f"The file {path} is broken: {en}. Correct it or put back the file of the installation.",
    )


def load(path: Path) -> Mapping[str, Any]:
    """The whole file; a mistake of form is named with its line by the TOML reader."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise broken(path, f"het is niet te lezen ({error})", f"it cannot be read ({error})") from error
    except tomllib.TOMLDecodeError as error:
        raise broken(path, f"het is geen geldige TOML ({error})", f"it is not valid TOML ({error})") from error


def tables(path: Path, raw: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The tables of that name, none when there are none."""
    found = raw.get(name, [])
    if not isinstance(found, list) or not all(isinstance(t, dict) for t in found):
        raise broken(path, f"'{name}' is geen rij tabellen", f"'{name}' is no array of tables")
    return found


def table(path: Path, raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The table of that name, an empty one when there is none."""
    found = raw.get(name, {})
    if not isinstance(found, dict):
        raise broken(path, f"'{name}' is geen tabel", f"'{name}' is no table")
    return found


def number(path: Path, rule: Mapping[str, Any], name: str, otherwise: int | None = None) -> int:
    value = rule.get(name, otherwise)
    if not isinstance(value, int) or isinstance(value, bool):
        raise broken(path, f"'{name}' is geen getal", f"'{name}' is no number")
    return value


def word(path: Path, rule: Mapping[str, Any], name: str) -> str:
    value = rule.get(name)
    if not isinstance(value, str) or not value:
        raise broken(path, f"een regel mist '{name}'", f"a rule lacks '{name}'")
    return value


def words(path: Path, rule: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = rule.get(name)
    if not isinstance(value, list) or not value or not all(isinstance(w, str) and w.strip() for w in value):
        raise broken(path, f"'{name}' is geen lijst van woorden", f"'{name}' is no list of words")
    return tuple(value)
