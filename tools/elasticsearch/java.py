"""Finds a JDK that can run the server."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.elasticsearch.places import ToolFault

OLDEST = 17


def java_home(environment: Mapping[str, str], oldest: int = OLDEST) -> Path:
    """JAVA_HOME, the java on the path, or one of the system; ToolFault when none is a full JDK that is new enough."""
    fit = next((home for home in _candidates(environment) if _is_fit(home, oldest)), None)
    if fit is None:
        raise ToolFault(
            f"No full JDK of version {oldest} or newer was found (Debian, where it has that one: apt-get install "
            f"openjdk-{oldest}-jdk-headless); point JAVA_HOME to one."
        )
    return fit


def _candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    if given := environment.get("JAVA_HOME"):
        yield Path(given)
    if found := shutil.which("java"):
        yield Path(found).resolve().parents[1]
    yield from sorted(Path("/usr/lib/jvm").glob("*"))


def _is_fit(home: Path, oldest: int) -> bool:
    """A trimmed Java lacks the module by which the server's guard attaches to it."""
    java = home / "bin" / "java"
    if not java.is_file():
        return False
    listed = subprocess.run([java, "--list-modules"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"^java\.base@(\d+)", listed, re.M)
    return found is not None and int(found[1]) >= oldest and "jdk.attach@" in listed
