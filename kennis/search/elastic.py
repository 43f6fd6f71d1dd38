"""The search engine for larger installations: Elasticsearch. What it must respect stands in search.md section 5.

Searches and writes go through aliases, so that a switch is seen by every process at once and nothing ever makes an
index by accident. An older write than the index holds is refused by the engine itself (external versions).
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from kennis.errors import KennisError, SearchBroken, SearchBusy, SearchDown
from kennis.search import elastic_indices, elastic_reading, elastic_writing
from kennis.search.elastic_client import WRITE_SECONDS, Access, Connection
from kennis.search.elastic_compile import Json
from kennis.search.elastic_indices import Names, building
from kennis.search.elastic_writing import BUSY, TOO_LARGE, Form, Lines, TooLarge, put
from kennis.search.mapping import IndexMapping
from kennis.search.port import (
    Alone,
    Build,
    Condition,
    EngineStatus,
    IndexDocument,
    Refused,
    Removal,
    SearchRequest,
    SearchResult,
    Write,
)

if TYPE_CHECKING:
    from elastic_transport import ApiResponse

# How long it is trusted that the alias names an index of this version of Kennis.
LOOK_SECONDS = 1.0
# The engine forgets a removal after its clock has moved on, which it does five times a second.
FORGET_SECONDS = 0.5
# A rebuild waits so long for a server that is too busy, each time for half the batch (guesses).
BUSY_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
VERSIONS_WANTED = "pit_id,timed_out,_shards.failed,hits.hits._id,hits.hits._version,hits.hits.sort,error.type,status"
HEADERS = {"accept": "application/json", "content-type": "application/json"}


class Locks(Protocol):
    """Who may write and who may rebuild, over all processes of the installation."""

    def locked(self, name: str, *, wait: bool = True) -> AbstractContextManager[None]: ...


@dataclass(frozen=True, slots=True)
class Looked:
    """Which index the alias named at that moment."""

    index: str
    at: float
    process: int


class ElasticEngine:
    name = "elasticsearch"

    def __init__(self, access: Access, prefix: str, mapping: IndexMapping, analysis_version: str, locks: Locks) -> None:
        self._access = access
        self._connection = Connection(access)
        self._mapping = mapping
        self._names = Names(prefix, mapping.version, analysis_version)
        self._form = Form(mapping)
        self._locks = locks
        self._looked: Looked | None = None
        self._search = elastic_reading.address(self._names.read)

    # Searching

    def search(self, request: SearchRequest) -> SearchResult:
        with self._connection.explained():
            self._current()
            return elastic_reading.search(self._ask, request)

    def terms(self, field: str, excluded: Sequence[Condition]) -> dict[str, int]:
        with self._connection.explained():
            self._current()
            return elastic_reading.all_terms(self._ask_long, field, excluded)

    def versions(self) -> dict[str, int]:
        with self._connection.explained():
            return self._versions_in(self._current())

    def _ask(self, asked: Json) -> Mapping[str, Any]:
        """One level below `client.search`, which would take the body apart, put it together again and make it bytes
        for the second time."""
        copy, body = elastic_reading.sent(asked)
        answer = self._connection.client().perform_request(
            "POST", f"{self._search}{copy}", headers=HEADERS, body=body, endpoint_id="search"
        )
        return _body(answer)

    def _ask_long(self, asked: Json) -> Mapping[str, Any]:
        client = self._connection.client().options(request_timeout=WRITE_SECONDS)
        return _body(client.search(index=self._names.read, allow_partial_search_results=False, **_named(asked)))

    def _versions_in(self, index: str) -> dict[str, int]:
        client = self._connection.client().options(request_timeout=WRITE_SECONDS)
        view = client.open_point_in_time(index=index, keep_alive="1m")["id"]
        try:
            return dict(
                elastic_reading.all_versions(
                    lambda asked: _body(client.search(filter_path=VERSIONS_WANTED, **_named(asked))), view
                )
            )
        finally:
            client.options(ignore_status=404).close_point_in_time(id=view)

    def _refreshed_versions(self, index: str) -> dict[str, int]:
        self._connection.client().indices.refresh(index=index)
        return self._versions_in(index)

    # The index that the aliases name

    def refresh(self) -> None:
        self._looked = None

    def _current(self) -> str:
        """Its name; SearchBroken when there is none, or one of another version: never "0 results"."""
        looked, now = self._looked, time.monotonic()
        if looked is not None and looked.process == os.getpid() and now - looked.at < LOOK_SECONDS:
            return looked.index
        held = elastic_indices.pointers(self._connection.client(), self._names)
        if held.read is None or held.read != held.write or not self._names.is_fit(held.read):
            raise self._unfit(held.read)
        self._looked = Looked(held.read, now, os.getpid())
        return held.read

    def _unfit(self, index: str | None) -> SearchBroken:
        where = f"{self._names.prefix} ({self._access.shown})"
        if index is None or self._names.is_fit(index):
            return SearchBroken(
                f"Er is nog geen zoekindex {where}; maak die met: kennis index rebuild",
                f"There is no index {where} yet; make it with: kennis index rebuild",
            )
        return SearchBroken(
            f"De zoekindex {where} is van een andere versie van Kennis; bouw hem opnieuw met: kennis index rebuild",
            f"The index {where} belongs to another version of Kennis; rebuild it with: kennis index rebuild",
        )

    # Writing

    def writing(self) -> AbstractContextManager[None]:
        return self._locks.locked("write")

    def write(self, batch: Sequence[Write]) -> Refused:
        with self._connection.explained(), self.writing():
            self._current()
            return put(self._sender(self._names.write, is_seen=True), self._form, batch)

    def mend(self, batch: Sequence[Write]) -> Refused:
        with self._connection.explained(), self.writing():
            index, client = self._current(), self._connection.client()
            send = self._sender(self._names.write, is_seen=True)
            put(send, self._form, [Removal(w.id, w.version) for w in batch], is_forced=True)
            documents = [w for w in batch if isinstance(w, IndexDocument)]
            # A removal is remembered for a minute and would refuse an older version: let it be forgotten now.
            client.indices.put_settings(index=index, settings={"index.gc_deletes": "0s"})
            try:
                time.sleep(FORGET_SECONDS)
                client.indices.refresh(index=index)
                return put(send, self._form, documents)
            finally:
                client.indices.put_settings(index=index, settings={"index.gc_deletes": None})

    def _sender(self, alias: str, *, is_seen: bool) -> Callable[[Lines], Mapping[str, Any]]:
        """`is_seen`: searchable when the call returns."""
        from elasticsearch import ApiError

        client = self._connection.client().options(request_timeout=WRITE_SECONDS)

        def send(part: Lines) -> Mapping[str, Any]:
            # Lines are ready bytes, which the client passes on; its types know of mappings only.
            ready: Any = part
            wanted = elastic_writing.WANTED
            try:
                return _body(
                    client.bulk(operations=ready, index=alias, require_alias=True, refresh=is_seen, filter_path=wanted)
                )
            except ApiError as error:
                if error.status_code == TOO_LARGE:
                    raise TooLarge from error
                if error.status_code == BUSY:
                    raise SearchBusy from error
                raise

        return send

    def rebuild(self, fill: Build, finish: Build, *, keep_previous: bool, alone: Alone | None = None) -> None:
        with self._connection.explained(), self._locks.locked("rebuild", wait=False):
            client = self._connection.client().options(request_timeout=WRITE_SECONDS)
            elastic_indices.tidy(client, self._names)
            index = elastic_indices.create(client, self._names, self._mapping)
            try:
                # Written through an alias of its own: removed by another hand, it is not made again by a write.
                send = self._sender(building(index), is_seen=False)
                fresh = FreshElastic(send, self._form, lambda: self._refreshed_versions(index))
                fill(fresh)
                elastic_indices.settle(client, index)
                with (alone or self.writing)():
                    finish(fresh)
                    client.indices.refresh(index=index)
                    held = elastic_indices.pointers(client, self._names)
                    elastic_indices.switch(client, self._names, index, held, keep=keep_previous)
            except BaseException:
                # The fault that is told is the first one; what cannot be removed now goes with the next rebuild.
                with suppress(Exception):
                    elastic_indices.remove(client, index)
                raise
        self.refresh()

    def roll_back(self) -> bool:
        with self._connection.explained(), self._locks.locked("rebuild", wait=False), self.writing():
            client = self._connection.client()
            is_done = elastic_indices.switch_back(client, self._names, elastic_indices.pointers(client, self._names))
        self.refresh()
        return is_done

    def status(self) -> EngineStatus:
        versions = (self._names.mapping_version, self._names.analysis_version)
        try:
            with self._connection.explained():
                index = self._current()
                counted = elastic_reading.checked(_body(self._connection.client().count(index=self._names.read)))
        except KennisError as error:
            told, prefix = (error.message.nl, error.message.en), self._names.prefix
            is_down = isinstance(error, SearchDown) or not isinstance(error, SearchBroken)
            return EngineStatus(self.name, False, 0, *versions, prefix, *told, is_down=is_down)
        return EngineStatus(self.name, True, int(counted["count"]), *versions, index)

    def close(self) -> None:
        self._connection.close()
        self._looked = None


class FreshElastic:
    """A new index before the switch."""

    def __init__(
        self, send: Callable[[Lines], Mapping[str, Any]], form: Form, versions: Callable[[], dict[str, int]]
    ) -> None:
        self._send = send
        self._form = form
        self._versions = versions

    def write(self, batch: Sequence[Write]) -> Refused:
        return self._patiently(batch, BUSY_PAUSES)

    def _patiently(self, batch: Sequence[Write], pauses: Sequence[float]) -> Refused:
        """A server that is busy gets time and smaller parts: a rebuild takes too long to begin again."""
        try:
            return put(self._send, self._form, batch)
        except SearchBusy:
            if not pauses:
                raise
        time.sleep(pauses[0])
        half = (len(batch) + 1) // 2
        parts = [part for part in (batch[:half], batch[half:]) if part]
        return {i: why for part in parts for i, why in self._patiently(part, pauses[1:]).items()}

    def versions(self) -> dict[str, int]:
        return self._versions()


def _named(asked: Json) -> dict[str, Any]:
    """The body as the client names its parts."""
    names = {"from": "from_", "_source": "source"}
    return {names.get(name, name): value for name, value in asked.items()}


def _body(answer: "ApiResponse[Any]") -> Mapping[str, Any]:
    body: Mapping[str, Any] = answer.body
    return body
