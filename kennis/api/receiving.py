"""What a write brings along: a JSON document, the version it was made from, the key under which it may be repeated."""

from collections.abc import Collection, Mapping
from typing import Any

import orjson
from flask import g, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from kennis.api.negotiation import JSON, LANGUAGES
from kennis.errors import Invalid, PreconditionRequired, Problem, Text

MERGE_PATCH = "application/merge-patch+json"
REPEAT_KEY = "Idempotency-Key"
LONGEST_REPEAT_KEY = 255
_NOT_JSON = Text("De inhoud is geen geldige JSON.", "The body is not valid JSON.")
_NO_OBJECT = Text("De inhoud moet een JSON-object zijn.", "The body must be a JSON object.")
_NOTHING = Text("Hier hoort geen inhoud bij.", "This takes no body.")
_REPEAT_KEY = Text(
    f"Geef 1 tot {LONGEST_REPEAT_KEY} zichtbare tekens zonder spaties.",
    f"Give 1 to {LONGEST_REPEAT_KEY} visible characters without spaces.",
)


def document(media_type: str = JSON) -> dict[str, Any]:
    """The object in the body. orjson refuses what the standard reader lets through: endless nesting, NaN, half
    characters."""
    coding = request.headers.get("Content-Encoding") or "identity"
    if request.mimetype != media_type or coding.lower() != "identity":
        raise UnsupportedMediaType()
    try:
        body = orjson.loads(sent())
    except orjson.JSONDecodeError as error:
        raise Invalid([Problem(_NOT_JSON, pointer="")]) from error
    if not isinstance(body, dict):
        raise Invalid([Problem(_NO_OBJECT, pointer="")])
    return body


def spoken(body: Mapping[str, Any]) -> None:
    """A question in a body may say in which language its answer is wanted."""
    if body.get("lang") in LANGUAGES:
        g.lang = body["lang"]


def sent() -> bytes:
    """The body as it came; of one without its length only so much is read as is allowed, and that there was more
    would go unsaid."""
    read = request.get_data(cache=True)
    most = request.max_content_length
    if request.content_length is None and most is not None and len(read) >= most:
        raise RequestEntityTooLarge()
    return read


def nothing() -> None:
    """For a step that needs no words: an empty object may come along, as some programs cannot leave it out."""
    if sent() and document():
        raise Invalid([Problem(_NOTHING, pointer="")])


def wanted_versions() -> Collection[str] | None:
    """The strong entity tags of If-Match; None for `*`, which any version fits. PreconditionRequired without them."""
    if not request.headers.get("If-Match", "").strip():
        raise PreconditionRequired()
    # An empty tag is read as None.
    return None if request.if_match.star_tag else [tag for tag in request.if_match.as_set() if tag]


def expected(tags: Collection[str] | None, row_version: int) -> int | None:
    """The row version to give to a step: what the tags were made from when that is the present one, else one that never
    was. None: any version will do."""
    if tags is None:
        return None
    return row_version if any(tag.partition("-")[0] == str(row_version) for tag in tags) else 0


def repeat_key() -> str | None:
    given = request.headers.get(REPEAT_KEY)
    if given is None:
        return None
    if not 1 <= len(given) <= LONGEST_REPEAT_KEY or not all("!" <= letter <= "~" for letter in given):
        raise Invalid([Problem(_REPEAT_KEY, parameter=REPEAT_KEY)])
    return given
