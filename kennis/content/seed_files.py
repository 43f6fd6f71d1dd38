"""Reading `seed/`: one TOML file per entry, organisations in one JSON file, slugs where the model has ids.

Nothing is stored here. A file that cannot be read is a BadSetup that names it, the line and the way out.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kennis.content import kinds
from kennis.content.arrivals import ORGANISATION
from kennis.errors import BadSetup, Problem

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SeedDocument:
    path: Path
    body: Body


@dataclass(frozen=True, slots=True)
class Seed:
    """Documents as an import takes them: ids instead of slugs. `organisation_ids` is by slug."""

    organisations: tuple[SeedDocument, ...]
    entries: tuple[SeedDocument, ...]
    organisation_ids: Mapping[str, str]


def read(folder: Path) -> Seed:
    path = folder / "organisations.json"
    organisations = tuple(SeedDocument(path, {"kind": ORGANISATION, **body}) for body in _organisations(path))
    raw = list(_entries(folder / "entries"))
    of_organisations = _by_slug(organisations)
    of_entries = _by_slug(raw)
    names = _Names(of_organisations, of_entries)
    entries = tuple(SeedDocument(found.path, names.resolve(found)) for found in raw)
    return Seed(organisations, entries, of_organisations)


def broken(path: Path, line: int | None, nl: str, en: str) -> BadSetup:
    where_nl, where_en = (f", regel {line}", f", line {line}") if line else ("", "")
    return BadSetup(
        f"Het bestand {path}{where_nl} deugt niet: {_ended(nl)} Herstel het of zet de versie uit de installatie terug.",
        f"The file {path}{where_en} is broken: {_ended(en)} Mend it or put back the version of the installation.",
    )


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?")) else f"{sentence}."


def blame(document: SeedDocument, problem: Problem) -> BadSetup:
    """A fault in what the file says, at the line of the property it is about."""
    pointer = problem.pointer or ""
    line = line_of(document, pointer)
    return broken(document.path, line, f"{pointer}: {problem.message.nl}", f"{pointer}: {problem.message.en}")


def line_of(document: SeedDocument, pointer: str) -> int | None:
    """The line of a TOML file on which a property begins, or that of the organisation; None where not known."""
    path = document.path
    if path.suffix != ".toml":
        return _line_with(path, document.body["slug"])
    if not pointer:
        return None
    name, *rest = pointer.strip("/").split("/")
    wanted = re.compile(rf"\[?\[?{re.escape(name)}\]?\]?\s*(=.*)?")
    number = int(rest[0]) if rest and rest[0].isdigit() else 0
    found = [n for n, text in enumerate(_text(path).splitlines(), start=1) if wanted.fullmatch(text.strip())]
    if not found:
        return None
    return found[number] if number < len(found) else found[0]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise broken(path, None, "het is niet te lezen", "it cannot be read") from error


def _organisations(path: Path) -> list[Body]:
    try:
        found = json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise broken(path, error.lineno, "het is geen geldige JSON", "it is not valid JSON") from error
    if not isinstance(found, list) or not all(isinstance(o, dict) for o in found):
        raise broken(path, None, "het is geen lijst van organisaties", "it is not a list of organisations")
    return found


def _entries(folder: Path) -> Iterable[SeedDocument]:
    if not folder.is_dir():
        raise broken(folder, None, "de map ontbreekt", "the folder is missing")
    for collection in sorted(p for p in folder.iterdir() if p.is_dir()):
        kind = kinds.by_collection(collection.name)
        if kind is None:
            raise broken(collection, None, "dit is geen soort kennis", "this is no kind of entry")
        for path in sorted(collection.glob("*.toml")):
            yield SeedDocument(path, {"kind": kind.code, **_toml(path)})


def _toml(path: Path) -> Body:
    try:
        return {name: _plain(value) for name, value in tomllib.loads(_text(path)).items()}
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        line = int(place[1]) if place else None
        raise broken(path, line, "het is geen geldige TOML", f"it is not valid TOML ({error})") from error


def _plain(value: Any) -> Any:
    """Dates written without quotes are dates all the same."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _by_slug(documents: Iterable[SeedDocument]) -> dict[str, str]:
    ids: dict[str, str] = {}
    for document in documents:
        slug, found = document.body.get("slug"), document.body.get("id")
        if not isinstance(slug, str) or not isinstance(found, str):
            raise broken(document.path, None, "id of slug ontbreekt", "id or slug is missing")
        if slug in ids:
            raise broken(document.path, None, f"de slug {slug} komt twee keer voor", f"the slug {slug} occurs twice")
        ids[slug] = found
    return ids


@dataclass(frozen=True, slots=True)
class _Names:
    """Turns the keys of the loader into those of the model (seed-content.md 1.6)."""

    organisations: Mapping[str, str]
    entries: Mapping[str, str]

    def resolve(self, document: SeedDocument) -> Body:
        body = self._resolved(document.path, document.body)
        if "revisions" in body:
            body["revisions"] = [self._resolved(document.path, older) for older in body["revisions"]]
        return body

    def _resolved(self, path: Path, body: Body) -> Body:
        renamed = dict(body)
        for name, key, becomes, ids in (
            ("relations", "target", "targetId", self.entries),
            ("organisations", "organisation", "organisationId", self.organisations),
            ("recognitions", "body", "bodyId", self.organisations),
        ):
            if isinstance(body.get(name), list):
                renamed[name] = [self._item(path, item, key, becomes, ids) for item in body[name]]
        for name, key, becomes in (
            ("contact", "organisation", "organisationId"),
            ("contributor", "organisation", "organisationId"),
            ("followUp", "organisation", "by"),
        ):
            if isinstance(body.get(name), dict):
                renamed[name] = self._item(path, body[name], key, becomes, self.organisations)
        return renamed

    def _item(self, path: Path, item: Any, key: str, becomes: str, ids: Mapping[str, str]) -> Any:
        if not isinstance(item, dict) or key not in item:
            return item
        slug = item[key]
        if slug not in ids:
            raise broken(
                path, _line_with(path, str(slug)), f"{key} {slug!r} bestaat niet", f"there is no {key} {slug!r}"
            )
        return {becomes: ids[slug], **{k: v for k, v in item.items() if k != key}}


def _line_with(path: Path, words: str) -> int | None:
    return next((n for n, text in enumerate(_text(path).splitlines(), start=1) if f'"{words}"' in text), None)
