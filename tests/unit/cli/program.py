"""Ways to run `kennis` in tests: inside this process, which is quick, or as a process of its own."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from kennis.cli.root import kennis
from tests import databases
from tests.source import ROOT
from tests.waiting import PATIENCE

# What production does not start without.
PRODUCTION = {"KENNIS_ENV": "production", "KENNIS_SECRET_KEY": "0123456789abcdef" * 4}


def environment(data: Path, **settings: str) -> dict[str, str]:
    """Only what a command needs: settings of who runs the tests do not count. Messages in English, and a limit that who
    waits for a server does not reach."""
    kept = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    database = {"KENNIS_DATABASE_URL": databases.address(data, migrated=False)}
    return (
        kept | {"KENNIS_DATA_DIR": str(data), "KENNIS_LANGUAGE": "en", "KENNIS_LIMIT": "1000000"} | database | settings
    )


def invoke(data: Path, *arguments: str, given: bytes | None = None, **settings: str) -> Result:
    """In this process, through the same front as the program."""
    clean: dict[str, str | None] = {name: None for name in os.environ if name.startswith("KENNIS_")}
    return CliRunner(env=clean | environment(data, **settings)).invoke(kennis, arguments, input=given)


def succeed(data: Path, *arguments: str, given: bytes | None = None, **settings: str) -> str:
    """stdout of a command that must go well."""
    result = invoke(data, *arguments, given=given, **settings)
    assert result.exit_code == 0, result.output
    return result.stdout


def refuse(data: Path, *arguments: str, given: bytes | None = None, **settings: str) -> str:
    """stderr of a command that must be refused in words: exit code 2, no traceback."""
    result = invoke(data, *arguments, given=given, **settings)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert result.stderr.strip() or result.stdout.strip()
    return result.stderr


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "kennis", *arguments]


def run(
    data: Path, *arguments: str, given: bytes = b"", cwd: Path | None = None, **settings: str
) -> subprocess.CompletedProcess[bytes]:
    """As a process of its own."""
    return subprocess.run(
        command(*arguments),
        input=given,
        capture_output=True,
        env=environment(data, **settings),
        cwd=cwd or ROOT,
        timeout=PATIENCE,
        check=False,
    )


def run_limited(data: Path, largest_file: int, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """As a process that may write no file beyond so many bytes: to a program, that is a full disk."""
    program = (
        "import resource, sys; "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({largest_file}, {largest_file})); "
        "from kennis.cli import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        env=environment(data),
        timeout=PATIENCE,
        check=False,
    )


def start(data: Path, *arguments: str, **settings: str) -> subprocess.Popen[bytes]:
    """In a group of its own, so that all its processes can be stopped."""
    return subprocess.Popen(
        command(*arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(data, **settings),
        cwd=ROOT,
        start_new_session=True,
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9, as the kernel does when memory is short."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def looks_like_one_sentence(text: str) -> bool:
    """At most two lines, and none of Python's own words."""
    lines = text.strip().splitlines()
    return 1 <= len(lines) <= 2 and not re.search(r"Traceback|Error:|File \"", text)
