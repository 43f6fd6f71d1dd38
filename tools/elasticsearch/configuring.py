"""Writes the configuration of each node: settings, heap, and users and TLS when asked for."""

import base64
import hashlib
import os
import secrets
import shutil
import subprocess
from pathlib import Path

from tools.elasticsearch.places import UNPRIVILEGED_GROUP, UNPRIVILEGED_USER, ToolFault, is_root
from tools.elasticsearch.plan import LOOPBACK, Cluster, Node, Plan
from tools.elasticsearch.versions import VERSIONS

USER = "kennis-test"
KEYSTORE, CERTIFICATE = "node.p12", "ca.pem"
# As Elasticsearch writes its own hashes of passwords.
ROUNDS, SALT_BYTES, KEY_BYTES = 10_000, 32, 32


def configure(home: Path, java_home: Path, plan: Plan, nodes: tuple[Node, ...], folder: Path) -> Cluster:
    """Fresh folders for all nodes; what they held before is gone, for these clusters hold test data only."""
    password = secrets.token_urlsafe(16) if plan.is_secure else ""
    if plan.is_secure:
        _make_certificate(java_home, folder, password)
    for node in nodes:
        _configure_node(home, plan, node, nodes, folder, password)
    if not plan.is_secure:
        return Cluster(plan, nodes)
    return Cluster(plan, nodes, USER, password, str(folder / CERTIFICATE))


def _configure_node(home: Path, plan: Plan, node: Node, nodes: tuple[Node, ...], folder: Path, password: str) -> None:
    own = Path(node.folder)
    shutil.rmtree(own, ignore_errors=True)
    for path in (own / "config" / "jvm.options.d", own / "data", own / "logs", own / "tmp"):
        path.mkdir(parents=True)
    _write(home, plan, node, nodes, folder, password)


def configure_again(home: Path, cluster: Cluster, node: Node) -> None:
    """For a server of another version: the files of that one, and the data that the node has."""
    _write(home, cluster.plan, node, cluster.nodes, Path(node.folder).parent, cluster.password)


def _write(home: Path, plan: Plan, node: Node, nodes: tuple[Node, ...], folder: Path, password: str) -> None:
    own = Path(node.folder)
    config = own / "config"
    for name in ("jvm.options", "log4j2.properties"):
        shutil.copyfile(home / "config" / name, config / name)
    heap = f"-Xms{plan.heap_megabytes}m\n-Xmx{plan.heap_megabytes}m\n"
    (config / "jvm.options.d" / "heap.options").write_text(heap, "ascii")
    settings = _settings(plan, node, nodes)
    if plan.is_secure:
        for name in (KEYSTORE, CERTIFICATE):
            shutil.copyfile(folder / name, config / name)
        settings |= _secure_settings(password)
        (config / "users").write_text(f"{USER}:{hashed(password)}\n", "ascii")
        (config / "users_roles").write_text(f"superuser:{USER}\n", "ascii")
    lines = [f"{key}: {value}\n" for key, value in settings.items()]
    (config / "elasticsearch.yml").write_text("".join(lines), "utf-8")
    _hand_over(own)


def _settings(plan: Plan, node: Node, nodes: tuple[Node, ...]) -> dict[str, str]:
    own = Path(node.folder)
    settings = {
        "cluster.name": "kennis-test",
        "node.name": node.name,
        "network.host": LOOPBACK,
        "http.port": str(node.http_port),
        "transport.port": str(node.transport_port),
        "path.data": str(own / "data"),
        "path.logs": str(own / "logs"),
        "xpack.security.enabled": str(plan.is_secure).lower(),
        "cluster.routing.allocation.disk.threshold_enabled": "false",
        **VERSIONS[plan.version].settings,
        **plan.settings,
    }
    if plan.nodes == 1:
        return settings | {"discovery.type": "single-node"}
    seeds = ", ".join(f'"{LOOPBACK}:{n.transport_port}"' for n in nodes)
    masters = ", ".join(n.name for n in nodes)
    return settings | {"discovery.seed_hosts": f"[{seeds}]", "cluster.initial_master_nodes": f"[{masters}]"}


def _secure_settings(password: str) -> dict[str, str]:
    settings: dict[str, str] = {}
    for layer in ("http", "transport"):
        prefix = f"xpack.security.{layer}.ssl"
        settings |= {
            f"{prefix}.enabled": "true",
            f"{prefix}.keystore.path": KEYSTORE,
            f"{prefix}.keystore.password": password,
            f"{prefix}.certificate_authorities": CERTIFICATE,
            f"{prefix}.verification_mode": "certificate",
        }
    return settings | {"xpack.security.authc.api_key.enabled": "true"}


def hashed(password: str) -> str:
    """The standard library has no bcrypt; the server takes PBKDF2 as well."""
    salt = os.urandom(SALT_BYTES)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS, KEY_BYTES)
    return f"{{PBKDF2}}{ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(key).decode()}"


def _make_certificate(java_home: Path, folder: Path, password: str) -> None:
    """One certificate for all nodes that signs itself, so that it is its own CA."""
    store = folder / KEYSTORE
    store.unlink(missing_ok=True)
    keytool, opened = str(java_home / "bin" / "keytool"), ["-keystore", str(store), "-storepass", password]
    _run([keytool, "-genkeypair", "-alias", "node", "-keyalg", "RSA", "-keysize", "2048", "-validity", "30",
          "-dname", "CN=kennis-test", "-ext", "bc:c", "-ext", f"san=ip:{LOOPBACK},dns:localhost",
          "-storetype", "PKCS12", *opened])  # fmt: skip
    _run([keytool, "-exportcert", "-rfc", "-alias", "node", "-file", str(folder / CERTIFICATE), *opened])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ToolFault(f"keytool failed: {done.stdout.strip() or done.stderr.strip()}")


def _hand_over(folder: Path) -> None:
    """The server writes in data, logs and its configuration (it makes a keystore there)."""
    if not is_root():
        return
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, UNPRIVILEGED_USER, UNPRIVILEGED_GROUP)
