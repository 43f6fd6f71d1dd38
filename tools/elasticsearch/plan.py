"""What a cluster shall be, and what is known of one that runs. Written beside its data, read by the next command."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tools.elasticsearch.versions import DEFAULT
from tools.ports import free_ports

LOOPBACK = "127.0.0.1"
HEAP_MEGABYTES = 512


@dataclass(frozen=True, slots=True)
class Plan:
    """`port` 0: free ones; else that of the first node. With `is_secure`: users, TLS and a CA file. `settings` are
    more lines for the settings file of every node, `version` is the first number of the server."""

    nodes: int = 1
    is_secure: bool = False
    port: int = 0
    heap_megabytes: int = HEAP_MEGABYTES
    settings: Mapping[str, str] = field(default_factory=dict)
    version: int = DEFAULT


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    folder: str
    http_port: int
    transport_port: int

    @property
    def pid_file(self) -> Path:
        return Path(self.folder) / "pid"

    def pid(self) -> int | None:
        """None before it has started and after it has stopped."""
        try:
            return int(self.pid_file.read_text("ascii"))
        except (FileNotFoundError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class Cluster:
    """`user` and `password` are empty and `ca` is too when it asks for none."""

    plan: Plan
    nodes: tuple[Node, ...]
    user: str = ""
    password: str = ""
    ca: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        scheme = "https" if self.plan.is_secure else "http"
        return tuple(f"{scheme}://{LOOPBACK}:{node.http_port}" for node in self.nodes)

    def save(self, path: Path) -> None:
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(self)), "utf-8")

    @classmethod
    def load(cls, path: Path) -> "Cluster | None":
        """None when none was started here, or what is written of it is damaged."""
        try:
            raw = json.loads(path.read_text("utf-8"))
            nodes = tuple(Node(**node) for node in raw.pop("nodes"))
            return cls(plan=Plan(**raw.pop("plan")), nodes=nodes, **raw)
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            return None


def lay_out(plan: Plan, folder: Path) -> tuple[Node, ...]:
    """A folder and two ports for each node. Ports are asked for all at once, so that no two are the same."""
    ports = free_ports(2 * plan.nodes)
    if plan.port:
        ports[0] = plan.port
    return tuple(
        Node(f"node-{n}", str(folder / f"node-{n}"), ports[2 * n], ports[2 * n + 1]) for n in range(plan.nodes)
    )
