"""Writing to Elasticsearch in bulk, and a new index that is filled before the switch. Knows no client by itself."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from kennis.errors import SearchBroken, SearchBusy, SearchUnavailable
from kennis.search.elastic_reading import COUNTED
from kennis.search.mapping import IndexMapping
from kennis.search.port import FieldValue, IndexDocument, Refused, Removal, Write

# One call carries at most so much: a server takes 100 MB, and a refused call is sent again whole (guess).
MOST_BYTES = 8_000_000
CONFLICT, MISSING, BLOCKED, TOO_LARGE, BUSY = 409, 404, 403, 413, 429
# What is wrong with the index or the server, not with one document; and every 5xx.
OF_ENGINE = (401, BLOCKED, MISSING, BUSY)
# How a reason names a field; what it says of its value stays out.
NAMED = re.compile(r"""[\["']([A-Za-z][\w.]*)[\]"']""")
# What of the answer crosses the network.
WANTED = "errors,items.*._id,items.*.status,items.*.error.type,items.*.error.reason,error.type,status"
Lines = list[bytes]
Send = Callable[[Lines], Mapping[str, Any]]


class TooLarge(Exception):
    """The server takes no call of this size."""


class Form:
    """How a document is sent. A field that is counted by word goes as a list of its words: without a gap between
    them they are the same text, and each is a value of the columns beside it."""

    def __init__(self, mapping: IndexMapping) -> None:
        properties = mapping.body["mappings"]["properties"]
        self._counted = frozenset(name for name, about in properties.items() if COUNTED in about.get("fields", {}))

    def source(self, fields: Mapping[str, FieldValue]) -> dict[str, FieldValue]:
        listed = {name: value.split(" ") for name in self._counted if isinstance(value := fields.get(name), str)}
        return {**fields, **listed}


def lines(form: Form, batch: Sequence[Write], *, is_forced: bool = False) -> Iterator[Lines]:
    """One group of lines per write. An older version than the index holds is refused by the engine, the same one is
    written again: it may have been made on another day. `is_forced`: removals count whatever the version."""
    for write in batch:
        about: dict[str, Any] = {"_id": write.id, "version": write.version, "version_type": "external_gte"}
        if isinstance(write, IndexDocument):
            yield [orjson.dumps({"index": about}), orjson.dumps(form.source(write.fields))]
        else:
            yield [orjson.dumps({"delete": {"_id": write.id} if is_forced else about})]


def put(send: Send, form: Form, batch: Sequence[Write], *, is_forced: bool = False) -> Refused:
    """Call after call; SearchUnavailable as soon as one is not taken (what was written is written again later,
    which changes nothing). What is refused for good is removed: see the port."""
    refused: dict[str, str] = {}
    fields = {write.id: write.fields for write in batch if isinstance(write, IndexDocument)}
    groups = zip([write.id for write in batch], lines(form, batch, is_forced=is_forced), strict=True)
    for part in _parts(groups):
        refused |= _sent(send, part, fields)
    if refused:
        gone = [Removal(write.id, write.version) for write in batch if write.id in refused]
        put(send, form, gone, is_forced=is_forced)
    return refused


Part = list[tuple[str, Lines]]


def _parts(groups: Iterable[tuple[str, Lines]]) -> Iterator[Part]:
    part: Part = []
    size = 0
    for entry_id, group in groups:
        length = sum(map(len, group))
        if part and size + length > MOST_BYTES:
            yield part
            part, size = [], 0
        part.append((entry_id, group))
        size += length
    if part:
        yield part


def _sent(send: Send, part: Part, fields: Mapping[str, Mapping[str, FieldValue]]) -> dict[str, str]:
    """A call that is too large goes in halves; a document that is too large by itself is refused."""
    try:
        return _outcome(send([line for _, group in part for line in group]), fields)
    except TooLarge:
        if len(part) == 1:
            return {part[0][0]: "content_too_long"}
    half = len(part) // 2
    return _sent(send, part[:half], fields) | _sent(send, part[half:], fields)


def _outcome(answer: Mapping[str, Any], fields: Mapping[str, Mapping[str, FieldValue]]) -> dict[str, str]:
    """Ids that were refused for good, with the reason. Someone newer was there (409): success."""
    if not answer.get("errors"):
        return {}
    refused: dict[str, str] = {}
    for item in answer["items"]:
        ((_, about),) = item.items()
        status, error = about["status"], about.get("error")
        if error is None or status == CONFLICT:
            continue
        # A removal holds nothing that could be wrong: when it is refused, something is wrong with the server.
        if status in OF_ENGINE or status >= 500 or about["_id"] not in fields:
            raise not_taken(status, error.get("type", ""))
        refused[about["_id"]] = _why(error, fields[about["_id"]])
    return refused


def _why(error: Mapping[str, Any], fields: Mapping[str, FieldValue]) -> str:
    """The reason itself quotes the value, so only a name that is one of our fields is taken from it."""
    named = NAMED.findall(str(error.get("reason")))
    field = next((name for name in named if name.split(".")[0] in fields), "?")
    return f"{error.get('type')}: {field}"


def not_taken(status: int, kind: str) -> SearchUnavailable:
    """In words for the operator, for the indexer logs them."""
    if status == MISSING:
        return SearchBroken(
            "De zoekindex is weg of niet te vinden; maak hem opnieuw met: kennis index rebuild",
            "The index is gone or cannot be found; make it anew with: kennis index rebuild",
        )
    if status == BLOCKED or kind == "cluster_block_exception":
        return SearchBroken(
            "De zoekmachine neemt niets aan (geblokkeerd, vaak door een volle schijf); hef de blokkade op.",
            "The search engine takes no writes (blocked, often by a full disk); lift the block.",
        )
    return SearchBusy() if status == BUSY else SearchUnavailable()
