"""python -m tools.elasticsearch start|stop|status: what `make elasticsearch` and `make elasticsearch-stop` call.

kill --node N ends one node as a power cut would; restart --node N brings it back with its data. upgrade --node N
--version V ends one in good order and starts that version on its data. fits --version V: whether a Java for it is here.
"""

import argparse
import os
import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path

from tools.elasticsearch import configuring, running
from tools.elasticsearch.fetching import server_home
from tools.elasticsearch.java import java_home
from tools.elasticsearch.places import ToolFault, cache_folder, locked, prepare
from tools.elasticsearch.plan import HEAP_MEGABYTES, Cluster, Plan, lay_out
from tools.elasticsearch.versions import DEFAULT, VERSIONS

STATE = "cluster.json"


def start(cache: Path, name: str, plan: Plan) -> Cluster:
    """The cluster of that name: the one that runs when it is as planned, else a fresh one without data."""
    folder = cache / "running" / name
    with locked(cache):
        held = Cluster.load(folder / STATE)
        if held is not None and running.is_whole(held):
            if not _is_same(held.plan, plan):
                raise ToolFault("Another cluster runs; stop it first with: make elasticsearch-stop")
            return held
        if held is not None:
            running.stop(held)
        home, java = _programs(plan, cache)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        cluster = configuring.configure(home, java, plan, lay_out(plan, folder), folder)
        cluster.save(folder / STATE)
        say(f"Starting {plan.nodes} node(s) ...")
        running.start(home, java, cluster)
        return cluster


def _programs(plan: Plan, cache: Path) -> tuple[Path, Path]:
    """The server and a Java for it."""
    version = VERSIONS[plan.version]
    java = java_home(os.environ, version.oldest_java)
    return server_home(version, cache, say), java


def _is_same(held: Plan, wanted: Plan) -> bool:
    is_same_port = wanted.port in (0, held.port)
    return is_same_port and _of_server(held) == _of_server(wanted)


def _of_server(plan: Plan) -> tuple[object, ...]:
    return plan.nodes, plan.is_secure, plan.settings, plan.version


def kill(cache: Path, name: str, number: int) -> None:
    """One node, with kill -9; the others go on without it."""
    with locked(cache):
        node = _started(cache, name).nodes[number]
        if not running.signal_node(node, signal.SIGKILL):
            raise ToolFault(f"{node.name} does not run.")


def restart(cache: Path, name: str, number: int) -> Cluster:
    """Start a killed node again with the data it has; returns when all nodes see each other."""
    with locked(cache):
        cluster = _started(cache, name)
        home, java = _programs(cluster.plan, cache)
        if not running.is_whole(cluster):
            running.restart(home, java, cluster, cluster.nodes[number])
        return cluster


def upgrade(cache: Path, name: str, number: int, version: int) -> Cluster:
    """One node; the others go on with the version they have, until `restart`. Returns when all nodes see each other."""
    folder = cache / "running" / name
    with locked(cache):
        held = _started(cache, name)
        cluster, node = replace(held, plan=replace(held.plan, version=version)), held.nodes[number]
        home, java = _programs(cluster.plan, cache)
        running.stop(replace(cluster, nodes=(node,)))
        configuring.configure_again(home, cluster, node)
        cluster.save(folder / STATE)
        running.restart(home, java, cluster, node)
        return cluster


def _started(cache: Path, name: str) -> Cluster:
    held = Cluster.load(cache / "running" / name / STATE)
    if held is None:
        raise ToolFault("No cluster was started; start one with: make elasticsearch")
    return held


def stop(cache: Path, name: str) -> bool:
    """False when nothing was started here. Its data goes too."""
    folder = cache / "running" / name
    with locked(cache):
        held = Cluster.load(folder / STATE)
        if held is None:
            return False
        running.stop(held)
        shutil.rmtree(folder)
        return True


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def show(cluster: Cluster) -> None:
    """On stdout only what a shell can take over: export lines."""
    print(f"export KENNIS_TEST_ELASTICSEARCH_URL={','.join(cluster.addresses)}")
    if cluster.password:
        print(f"export KENNIS_TEST_ELASTICSEARCH_USER={cluster.user}")
        print(f"export KENNIS_TEST_ELASTICSEARCH_PASSWORD={cluster.password}")
        print(f"export KENNIS_TEST_ELASTICSEARCH_CA={cluster.ca}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.elasticsearch", description=__doc__)
    parser.add_argument("command", choices=("start", "stop", "status", "kill", "restart", "upgrade", "fits"))
    parser.add_argument("--name", default="test", help="several clusters may run beside each other")
    parser.add_argument("--version", type=int, choices=tuple(VERSIONS), default=DEFAULT)
    parser.add_argument("--nodes", type=int, choices=(1, 3), default=1)
    parser.add_argument("--security", choices=("on", "off"), default="off")
    parser.add_argument("--port", type=int, default=0, help="of the first node; 0: a free one")
    parser.add_argument("--node", type=int, choices=range(3), default=0, help="which one to kill, restart or upgrade")
    parser.add_argument("--setting", action="append", default=[], metavar="KEY=VALUE", help="for every node")
    parser.add_argument("--heap", type=int, default=HEAP_MEGABYTES, help="megabytes a node")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    cache = prepare(cache_folder(os.environ))
    if given.command == "start":
        settings = dict(setting.split("=", 1) for setting in given.setting)
        plan = Plan(given.nodes, given.security == "on", given.port, given.heap, settings, given.version)
        show(start(cache, given.name, plan))
    elif given.command == "stop":
        say("Stopped." if stop(cache, given.name) else "Nothing was running.")
    elif given.command == "fits":
        say(f"Java: {java_home(os.environ, VERSIONS[given.version].oldest_java)}")
    elif given.command == "kill":
        kill(cache, given.name, given.node)
    elif given.command == "restart":
        show(restart(cache, given.name, given.node))
    elif given.command == "upgrade":
        show(upgrade(cache, given.name, given.node, given.version))
    else:
        held = _started(cache, given.name)
        if not running.is_whole(held):
            raise ToolFault("Not all nodes answer; bring one back with restart, or stop and start.")
        show(held)


if __name__ == "__main__":
    try:
        main()
    except ToolFault as fault:
        sys.exit(str(fault))
