"""The server as Maven brings it: which artifact, where in it, and what it must have."""

from pathlib import Path

from tools import maven

VERSION = "26.4.0"
SERVER = maven.Server(
    title=f"Keycloak {VERSION}",
    name=f"keycloak-{VERSION}",
    pom=Path(__file__).with_name("pom.xml"),
    artifact=Path("org/keycloak/keycloak-quarkus-dist"),
    inside=f"keycloak-{VERSION}",
    needed=("bin/kc.sh", "lib/quarkus-run.jar", "lib/quarkus/quarkus-application.dat", "lib/lib/main", "conf"),
    megabytes=160,
)


def server_home(cache: Path, say: maven.Say) -> Path:
    return maven.server_home(SERVER, cache, say)
