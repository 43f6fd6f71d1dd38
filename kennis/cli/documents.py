"""Documents as people write them: read from a file or a pipe, and shown so that they can be given back."""

import sys
from codecs import BOM_UTF8
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy.orm import Session

from kennis.content import documents, texts
from kennis.errors import BadSetup

PIPE = "-"


def read_bytes(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == PIPE else Path(file).read_bytes()


def read_document(file: str) -> dict[str, Any]:
    """One JSON object; BadSetup names the file and where it stops being JSON."""
    name = "stdin" if file == PIPE else file
    try:
        document = orjson.loads(read_bytes(file).removeprefix(BOM_UTF8))
    except orjson.JSONDecodeError as error:
        raise BadSetup(f"{name} is geen geldige JSON: {error}.", f"{name} is not valid JSON: {error}.") from error
    if not isinstance(document, dict):
        raise BadSetup(
            f"{name} moet één JSON-object zijn, met accolades.", f"{name} must be one JSON object, with braces."
        )
    return document


def shown_document(session: Session, entry_id: str, *, copy: bool) -> dict[str, Any]:
    """Text, system fields and rowVersion, in an order that puts the identity first."""
    entry, text = texts.find_written(session, entry_id, copy=copy)
    system = documents.system_fields(session, entry, text)
    return system | documents.body_of(entry.kind, text) | {"rowVersion": text.row_version}
