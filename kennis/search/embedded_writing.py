"""Writing to an index of tantivy: batches, and a new index that is filled before the switch."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import tantivy

from kennis.errors import SearchUnavailable
from kennis.search.embedded_compile import VERSION
from kennis.search.port import IndexDocument, Refused, Write

# Memory of a writer before it makes a segment: small beside the process for a batch, larger for a whole index.
# tantivy wants at least 15 MB a thread; the figures are guesses.
BATCH_MEMORY, BUILD_MEMORY = 32_000_000, 96_000_000
# How long another writer may hold the index before writing fails; the lock file itself is never removed (guess).
BUSY_SECONDS = 60.0
BUSY_PAUSE = 0.05


def open_index(path: Path) -> tantivy.Index:
    """Opens what is on disk; it sees later writes only after `reload()`, so that we decide when."""
    index = tantivy.Index.open(str(path))
    index.config_reader("manual")
    index.reload()
    return index


@contextmanager
def _writer(index: tantivy.Index, memory: int) -> Iterator[tantivy.IndexWriter]:
    writer = open_writer(index, memory)
    try:
        yield writer
        writer.commit()
    finally:
        writer.wait_merging_threads()


def open_writer(index: tantivy.Index, memory: int) -> tantivy.IndexWriter:
    """One thread: more would make more segments than they save time at these sizes."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return index.writer(heap_size=memory, num_threads=1)
        except ValueError as error:
            if "LockBusy" not in str(error):
                raise
            if time.monotonic() > until:
                raise SearchUnavailable() from error
            time.sleep(BUSY_PAUSE)


def write_batch(path: Path, schema: tantivy.Schema, batch: Sequence[Write], *, any_version: bool) -> Refused:
    """One commit. Only for who holds the write lock."""
    index = open_index(path)
    known = {} if any_version else _versions_of([w.id for w in batch], index.searcher(), schema)
    with _writer(index, BATCH_MEMORY) as writer:
        return _put(writer, schema, [w for w in batch if w.version >= known.get(w.id, 0)])


def _put(writer: tantivy.IndexWriter, schema: tantivy.Schema, batch: Sequence[Write]) -> Refused:
    refused = {}
    for write in batch:
        writer.delete_documents_by_term("id", write.id)
        if isinstance(write, IndexDocument) and (why := _add(writer, schema, write)):
            refused[write.id] = why
    return refused


def _add(writer: tantivy.IndexWriter, schema: tantivy.Schema, write: IndexDocument) -> str | None:
    """Why it was refused. The error of tantivy shows the value, so only the field is named."""
    try:
        made = tantivy.Document.from_dict({**write.fields, VERSION: write.version}, schema)
    except ValueError as error:
        field = next((name for name in write.fields if f"field {name}," in str(error)), "?")
        return f"ValueError: {field}"
    writer.add_document(made)
    return None


def _versions_of(ids: Sequence[str], searcher: tantivy.Searcher, schema: tantivy.Schema) -> dict[str, int]:
    if not ids:
        return {}
    found = searcher.search(tantivy.Query.term_set_query(schema, "id", list(set(ids))), len(ids), count=False)
    return _id_versions(searcher, [address for _, address in found.hits])


def _id_versions(searcher: tantivy.Searcher, addresses: list[tantivy.DocAddress]) -> dict[str, int]:
    versions = searcher.fast_field_values(VERSION, addresses)
    return {
        str(searcher.doc(address).get_first("id")): int(version or 0)
        for address, version in zip(addresses, versions, strict=True)
    }


def versions_in(searcher: tantivy.Searcher) -> dict[str, int]:
    """About 3 microseconds a document."""
    if searcher.num_docs == 0:
        return {}
    found = searcher.search(tantivy.Query.all_query(), searcher.num_docs, count=False)
    return _id_versions(searcher, [address for _, address in found.hits])


class FreshFolder:
    """A new index with one writer held from the first batch to the switch."""

    def __init__(self, path: Path, schema: tantivy.Schema) -> None:
        self._schema = schema
        self._path = path
        self._writer: tantivy.IndexWriter | None = open_writer(tantivy.Index(schema, str(path)), BUILD_MEMORY)
        self._ids: set[str] = set()

    def write(self, batch: Sequence[Write]) -> Refused:
        assert self._writer is not None
        refused = {}
        for write in batch:
            if write.id in self._ids:
                self._writer.delete_documents_by_term("id", write.id)
            if isinstance(write, IndexDocument):
                self._ids.add(write.id)
                if why := _add(self._writer, self._schema, write):
                    refused[write.id] = why
        return refused

    def versions(self) -> dict[str, int]:
        assert self._writer is not None
        self._writer.commit()
        return versions_in(open_index(self._path).searcher())

    def close(self) -> None:
        """Commits what was written and waits for merges."""
        assert self._writer is not None
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._writer = None

    def discard(self) -> None:
        """Stops writing without a commit; nothing to do after `close`."""
        self._writer = None
