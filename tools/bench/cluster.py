"""A real Elasticsearch to measure against: the one of KENNIS_TEST_ELASTICSEARCH_URL, else one that is started here."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from kennis.search.analysis import ANALYSIS_VERSION
from kennis.search.elastic_client import WRITE_SECONDS, Access, Connection
from kennis.search.elastic_indices import Names, remove
from kennis.search.mapping import mapping
from tools.bench.load import HOST
from tools.elasticsearch import __main__ as tool
from tools.elasticsearch.places import ToolFault, cache_folder, prepare
from tools.elasticsearch.plan import Plan

VARIABLE = "KENNIS_TEST_ELASTICSEARCH_URL"
# A cluster of its own beside those of the tests; stopped at the end, with its data.
NAME = "bench"
# Twice what a test server gets, so that 100,000 entries are no question of memory (guess).
HEAP_MEGABYTES = 1024


@dataclass(frozen=True, slots=True)
class Node:
    """`prefix` begins the names of all indices that the bench makes."""

    port: int
    prefix: str = f"kennis-bench-{os.getpid()}"

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """For a Kennis that searches there."""
        return {
            "KENNIS_SEARCH": "elasticsearch",
            "KENNIS_ELASTICSEARCH_URL": self.url,
            "KENNIS_ELASTICSEARCH_INDEX": self.prefix,
        }

    def names(self, suffix: str = "") -> Names:
        return Names(f"{self.prefix}{suffix}", mapping().version, ANALYSIS_VERSION)

    def connection(self) -> Connection:
        """For making and removing indices, which takes longer than a search may."""
        return Connection(Access((self.url,), search_seconds=WRITE_SECONDS))


@contextmanager
def node() -> Iterator[Node | str]:
    """In place of a node the reason why there is none."""
    if given := os.environ.get(VARIABLE):
        found = _given(given)
        try:
            yield found
        finally:
            if isinstance(found, Node):
                clear(found)
        return
    try:
        cache = prepare(cache_folder(os.environ))
        started = tool.start(cache, NAME, Plan(heap_megabytes=HEAP_MEGABYTES))
    except ToolFault as fault:
        yield f"no Elasticsearch: {fault}"
        return
    try:
        yield Node(started.nodes[0].http_port)
    finally:
        tool.stop(cache, NAME)


def _given(urls: str) -> Node | str:
    """The load generator speaks plain HTTP with this machine only, and knows no passwords."""
    address = urlsplit(urls.split(",")[0])
    is_local = address.scheme == "http" and address.hostname in (HOST, "localhost")
    if not is_local or address.port is None or os.environ.get("KENNIS_TEST_ELASTICSEARCH_USER"):
        return f"{VARIABLE} is not a server on http://{HOST} without users"
    return Node(address.port)


def clear(node: Node) -> None:
    connection = node.connection()
    with connection.explained():
        client = connection.client()
        for index in client.indices.get(index=f"{node.prefix}*", features=["aliases"], allow_no_indices=True).body:
            remove(client, index)
    connection.close()
