"""The indices of one installation in a cluster, and the aliases by which they are known.

<prefix>             alias: the index that is searched
<prefix>-write       alias: the index that is written to; writing through it never makes an index
<prefix>-previous    alias: the index before it, for one roll-back
<prefix>-<mapping version>-<analysis version>-<time>    an index; while it is built also alias <its name>-building
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kennis.search.mapping import IndexMapping

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

# Filling is faster without; both are put right before anybody searches it.
WHILE_FILLING = {"number_of_replicas": 0, "refresh_interval": "-1"}
# One copy on another node as soon as there is another node.
WHEN_FILLED = {"auto_expand_replicas": "0-1", "refresh_interval": None}
# How long the copies may take to be there before the index is used without (guess).
COPY_SECONDS, COPY_PAUSE = 60.0, 0.2


@dataclass(frozen=True, slots=True)
class Names:
    """`wanted` begins the name of every index that this version of Kennis can read."""

    prefix: str
    mapping_version: str
    analysis_version: str

    @property
    def read(self) -> str:
        return self.prefix

    @property
    def write(self) -> str:
        return f"{self.prefix}-write"

    @property
    def previous(self) -> str:
        return f"{self.prefix}-previous"

    @property
    def wanted(self) -> str:
        return f"{self.prefix}-{self.mapping_version}-{self.analysis_version}-"

    def new(self) -> str:
        return f"{self.wanted}{time.time_ns()}"

    def is_fit(self, index: str) -> bool:
        return index.startswith(self.wanted)

    def is_ours(self, index: str) -> bool:
        """Of this installation and not of another one whose prefix begins the same."""
        return re.fullmatch(rf"{re.escape(self.prefix)}-\d+-[0-9a-f]{{8}}-[\w.]+-\d{{19}}", index) is not None


@dataclass(frozen=True, slots=True)
class Pointers:
    """Which index each alias names; None when it names none."""

    read: str | None
    write: str | None
    previous: str | None


def building(index: str) -> str:
    return f"{index}-building"


def pointers(client: "Elasticsearch", names: Names) -> Pointers:
    found = client.options(ignore_status=404).indices.get_alias(name=[names.read, names.write, names.previous])
    held: dict[str, str] = {}
    # Something between us and the server may answer 404 with a page of its own.
    answer: object = found.body
    for index, about in answer.items() if isinstance(answer, dict) else ():
        if isinstance(about, dict):
            held |= dict.fromkeys(about.get("aliases", ()), index)
    return Pointers(held.get(names.read), held.get(names.write), held.get(names.previous))


def create(client: "Elasticsearch", names: Names, mapping: IndexMapping) -> str:
    """A new, empty index that nobody searches."""
    index, body = names.new(), mapping.body
    settings: dict[str, Any] = dict(body["settings"]["index"]) | WHILE_FILLING
    meta = {"mappingVersion": names.mapping_version, "analysisVersion": names.analysis_version}
    mappings: dict[str, Any] = dict(body["mappings"]) | {"_meta": {**body["mappings"]["_meta"], **meta}}
    client.indices.create(index=index, settings=settings, mappings=mappings, aliases={building(index): {}})
    return index


def settle(client: "Elasticsearch", index: str) -> None:
    """Searchable, and with a copy where there is room for one."""
    client.indices.put_settings(index=index, settings=WHEN_FILLED)
    until = time.monotonic() + COPY_SECONDS
    while True:
        shards: Mapping[str, int] = client.indices.refresh(index=index)["_shards"]
        if shards["successful"] == shards["total"] or time.monotonic() > until:
            return
        time.sleep(COPY_PAUSE)


def switch(client: "Elasticsearch", names: Names, index: str, held: Pointers, *, keep: bool) -> None:
    """One call, so that every search sees the old index or the new one. Without `keep` the old ones go with it."""
    old = {held.read, held.write} - {None, index}
    kept = held.read if keep and held.read is not None and names.is_fit(held.read) else None
    actions: list[dict[str, Any]] = [
        {"add": {"index": index, "aliases": [names.read]}},
        {"add": {"index": index, "alias": names.write, "is_write_index": True}},
        {"remove": {"index": index, "alias": "*-building", "must_exist": False}},
    ]
    gone = ({held.previous} | old) - {None, index, kept}
    actions += [{"remove_index": {"index": name}} for name in sorted(gone, key=str)]
    if kept is not None:
        actions.append({"remove": {"index": kept, "aliases": [names.read, names.write], "must_exist": False}})
        actions.append({"add": {"index": kept, "alias": names.previous}})
    client.indices.update_aliases(actions=actions)


def switch_back(client: "Elasticsearch", names: Names, held: Pointers) -> bool:
    """False when there is no previous index, or none that this version can read."""
    if held.previous is None or not names.is_fit(held.previous):
        return False
    actions: list[dict[str, Any]] = [
        {"add": {"index": held.previous, "aliases": [names.read]}},
        {"add": {"index": held.previous, "alias": names.write, "is_write_index": True}},
        {"remove": {"index": held.previous, "alias": names.previous}},
    ]
    actions += [{"remove_index": {"index": gone}} for gone in sorted({held.read, held.write} - {None}, key=str)]
    client.indices.update_aliases(actions=actions)
    return True


def tidy(client: "Elasticsearch", names: Names) -> None:
    """Remove what a killed rebuild left; only for who holds the rebuild lock."""
    held = client.indices.get(index=f"{names.prefix}-*", features=["aliases"], allow_no_indices=True)
    known = {names.read, names.write, names.previous}
    for index, about in held.body.items():
        if names.is_ours(index) and not known & set(about["aliases"]):
            remove(client, index)


def remove(client: "Elasticsearch", index: str) -> None:
    client.options(ignore_status=404).indices.delete(index=index)
