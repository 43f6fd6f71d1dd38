"""`.ci/run`, as far as it can be tried without running it."""

import re
import subprocess

import pytest

from tests.source import ROOT

SCRIPT = (ROOT / ".ci" / "run").read_text("utf-8")
TAKE = re.search(r"^take\(\) \{\n.*?^\}\n", SCRIPT, re.M | re.S)
# What each server gives, without which the tests of it would be tests of something else.
OWN = ".venv/bin/python -m tools."
SERVERS = [
    ("KENNIS_TEST_ELASTICSEARCH_URL", "make -s elasticsearch"),
    ("KENNIS_TEST_OIDC_ISSUER", "make -s keycloak"),
    ("KENNIS_TEST_REDIS_URL", "make -s redis"),
    ("KENNIS_TEST_ELASTICSEARCH_PASSWORD", f"{OWN}elasticsearch start --name guarded --security on"),
    ("KENNIS_TEST_ELASTICSEARCH_PASSWORD", f"{OWN}elasticsearch start --name nine --version 9 --security on"),
    ("KENNIS_TEST_DATABASE_URL", f"{OWN}postgres start"),
]


def take(printing: str) -> subprocess.CompletedProcess[str]:
    assert TAKE is not None, ".ci/run does not say how it takes over settings"
    script = (
        f"set -euo pipefail\n{TAKE[0]}server() {{ {printing}; }}\nGIVEN=before\ntake GIVEN server\necho went on: $GIVEN"
    )
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)


def test_settings_that_a_server_prints_are_taken_over() -> None:
    told = take("echo export GIVEN=now")
    assert (told.returncode, told.stdout) == (0, "went on: now\n"), told.stderr


@pytest.mark.parametrize(
    "printing", ["echo export GIVEN=now; return 1", "return 1", "echo export OTHER=now", "echo export GIVEN="]
)
def test_ci_ends_when_a_server_did_not_start_or_did_not_say_where(printing: str) -> None:
    told = take(printing)
    assert told.returncode != 0
    assert "went on" not in told.stdout


def test_what_make_selects_by_a_mark_is_not_skipped_by_it() -> None:
    """tests/conftest.py skips what kills servers unless that mark is asked for."""
    chosen = re.findall(r'pytest .*-m "?([^"\n]+)"?', (ROOT / "Makefile").read_text("utf-8"))
    assert [mark for mark in chosen if "upgrade" in mark] == ["cluster and not upgrade", "cluster and upgrade"]


def test_every_server_of_ci_is_started_so() -> None:
    started = re.findall(r"^ *take ([A-Z_]+) (.*)$", SCRIPT, re.M)
    assert started == SERVERS
    assert re.findall(r"^[^#\n]*eval \"\$\(.*", SCRIPT, re.M) == []


@pytest.mark.parametrize("program", ["chromium", "mvn", "javac", "initdb", "redis-server", "npx"])
def test_ci_installs_what_its_tests_and_tools_look_for(program: str) -> None:
    """What is missing there would be skipped, or fail at the end of an hour."""
    looks_for = re.findall(r"^.*(?:command -v|compgen -G) (\S+).*missing\+=", SCRIPT, re.M)
    assert [found for found in looks_for if found.strip("'").rsplit("/", 1)[-1] == program]
