"""Starts the nodes of a cluster side by side, waits until it answers as a whole, and stops it."""

import base64
import json
import os
import signal
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tools.elasticsearch.places import UNPRIVILEGED_GROUP, UNPRIVILEGED_USER, ToolFault, is_root
from tools.elasticsearch.plan import Cluster, Node
from tools.elasticsearch.versions import VERSIONS, Version

# Measured: one node 14 s, three 41 s on two cores; a busy machine needs longer (guess).
START_SECONDS, STOP_SECONDS, PAUSE = 480.0, 60.0, 0.5


def launch(version: Version, home: Path, java_home: Path, node: Node) -> subprocess.Popen[bytes]:
    """The launcher class of the server, for its start script is not in the download. That of 8 takes properties, that
    of 9 the environment."""
    config = Path(node.folder) / "config"
    classes = ":".join(f"{home}/{folder}/*" for folder in version.classes)
    command = [
        f"{java_home}/bin/java", "-Xms4m", "-Xmx64m", "-XX:+UseSerialGC", "-Dcli.name=server",
        "-Dcli.script=./bin/elasticsearch", "-Dcli.libs=lib/tools/server-cli", f"-Des.path.home={home}",
        f"-Des.path.conf={config}", "-Des.distribution.type=tar", "-cp", classes,
        version.launcher, "-d", "-p", str(node.pid_file),
    ]  # fmt: skip
    if is_root():
        user = [f"--reuid={UNPRIVILEGED_USER}", f"--regid={UNPRIVILEGED_GROUP}", "--clear-groups"]
        command = ["setpriv", *user, *command]
    environment = {
        "PATH": os.environ.get("PATH", os.defpath), "ES_PATH_CONF": str(config), "ES_JAVA_HOME": str(java_home),
        "JAVA": f"{java_home}/bin/java", "ES_HOME": str(home), "ES_DISTRIBUTION_TYPE": "tar",
        "ES_TMPDIR": str(Path(node.folder) / "tmp"), "HOME": node.folder,
    }  # fmt: skip
    log = (Path(node.folder) / "start.log").open("wb")
    with log:
        # The home must be the working directory: else the server misses its modules.
        return subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=subprocess.STDOUT)


def start(home: Path, java_home: Path, cluster: Cluster) -> None:
    """Returns when every node has joined; ToolFault with the words of the server, and nothing left running."""
    version = VERSIONS[cluster.plan.version]
    launchers = {node: launch(version, home, java_home, node) for node in cluster.nodes}
    try:
        _wait_until_whole(cluster, launchers)
    except BaseException:
        for launcher in launchers.values():
            launcher.kill()
        stop(cluster)
        raise


def restart(home: Path, java_home: Path, cluster: Cluster, node: Node) -> None:
    """A node that was killed, with the data it has; returns when it has joined the others again."""
    node.pid_file.unlink(missing_ok=True)
    launcher = launch(VERSIONS[cluster.plan.version], home, java_home, node)
    try:
        _wait_until_whole(cluster, {node: launcher})
    except BaseException:
        launcher.kill()
        signal_node(node, signal.SIGKILL)
        raise


def signal_node(node: Node, number: signal.Signals) -> bool:
    """SIGKILL, SIGSTOP, SIGCONT; False when the node does not run. Returns after SIGKILL when it is gone."""
    found = _processes((node,))
    for pid in found:
        _signal(pid, number)
    while number == signal.SIGKILL and _processes((node,)):
        time.sleep(PAUSE / 5)
    return bool(found)


def _wait_until_whole(cluster: Cluster, launchers: Mapping[Node, subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + START_SECONDS
    while not is_whole(cluster):
        for node, launcher in launchers.items():
            if launcher.poll():
                raise ToolFault(f"{node.name} did not start: {_last_words(node)}")
        if time.monotonic() > until:
            waited, first = f"{START_SECONDS:.0f} s", next(iter(launchers))
            raise ToolFault(f"The cluster did not answer within {waited}: {_last_words(first)}")
        time.sleep(PAUSE)
    for launcher in launchers.values():
        # It ends once its node has said that it is ready.
        launcher.wait()


def _last_words(node: Node) -> str:
    log = Path(node.folder) / "start.log"
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    told = [line for line in lines if "ERROR" in line or "Exception" in line or "exception" in line]
    return f"{(told or lines or ['no word'])[-1].strip()} (all of it: {log})"


def is_whole(cluster: Cluster) -> bool:
    """Every node answers, and all see each other."""
    return all((_ask(cluster, address) or {}).get("number_of_nodes") == cluster.plan.nodes
               for address in cluster.addresses)  # fmt: skip


def _ask(cluster: Cluster, address: str) -> dict[str, Any] | None:
    request = urllib.request.Request(f"{address}/_cluster/health")
    if cluster.password:
        token = base64.b64encode(f"{cluster.user}:{cluster.password}".encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
    context = ssl.create_default_context(cafile=cluster.ca) if cluster.ca else None
    try:
        with urllib.request.urlopen(request, timeout=5, context=context) as answer:  # nosec B310
            found: dict[str, Any] = json.load(answer)
            return found
    except (OSError, ValueError):
        return None


def is_ours(pid: int, node: Node) -> bool:
    """Whether the process of this number is that node or its launcher: numbers are used again."""
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"org.elasticsearch" in line and node.folder.encode() in line


def _processes(nodes: Iterable[Node]) -> list[int]:
    """Also those of a start that was killed before it had written their numbers down."""
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [pid for pid in pids if any(is_ours(pid, node) for node in nodes)]


def stop(cluster: Cluster) -> None:
    """All at once, as they were started; one that does not listen is killed."""
    for pid in _processes(cluster.nodes):
        _signal(pid, signal.SIGTERM)
        # One that was held still hears nothing.
        _signal(pid, signal.SIGCONT)
    until = time.monotonic() + STOP_SECONDS
    while alive := _processes(cluster.nodes):
        if time.monotonic() > until:
            for pid in alive:
                _signal(pid, signal.SIGKILL)
            return
        time.sleep(PAUSE / 5)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
