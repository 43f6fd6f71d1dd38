"""A real Elasticsearch for the tests, when there is one: `make elasticsearch`, or any other by its address."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kennis.search.analysis import ANALYSIS_VERSION
from kennis.search.elastic import ElasticEngine
from kennis.search.elastic_client import Access, Connection
from kennis.search.embedded_files import IndexFolder
from kennis.search.mapping import mapping
from tests import real_parts

VARIABLE = "KENNIS_TEST_ELASTICSEARCH_URL"


def access() -> Access:
    urls = real_parts.setting(VARIABLE, "Elasticsearch", "make elasticsearch")
    given = {
        name: os.environ.get(f"KENNIS_TEST_ELASTICSEARCH_{name.upper()}", "") for name in ("user", "password", "ca")
    }
    ca = Path(given["ca"]) if given["ca"] else None
    return Access(tuple(urls.split(",")), user=given["user"], password=given["password"], ca=ca)


def major() -> int:
    """The first number of the version of that server."""
    connection = Connection(access())
    number = str(connection.client().info()["version"]["number"])
    connection.close()
    return int(number.split(".")[0])


def new_prefix() -> str:
    return f"kennis-test-{uuid.uuid4().hex[:12]}"


@contextmanager
def elastic_engine(path: Path, prefix: str | None = None, at: Access | None = None) -> Iterator[ElasticEngine]:
    """An engine of its own on the server; its indices are gone afterwards."""
    at, prefix = at or access(), prefix or new_prefix()
    engine = ElasticEngine(at, prefix, mapping(), ANALYSIS_VERSION, IndexFolder(path))
    try:
        yield engine
    finally:
        engine.close()
        clear(prefix)


def clear(prefix: str) -> None:
    """Only what a test has made: another index of the server may be somebody's."""
    if "test" not in prefix:
        raise ValueError(f"{prefix} is not of a test")
    connection = Connection(access())
    client = connection.client()
    for index in client.indices.get(index=f"{prefix}-*", features=["aliases"]).body:
        client.indices.delete(index=index)
    connection.close()


def merge(engine: ElasticEngine) -> None:
    """One segment without deleted documents, which would count in how rare a word is."""
    connection = Connection(engine._access)
    connection.client().indices.forcemerge(index=engine.status().index, max_num_segments=1)
    connection.client().indices.refresh(index=engine.status().index)
    connection.close()
