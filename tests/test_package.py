"""The built wheel, in an empty environment, finds its mapping, seed and migrations (architecture.md 1)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source import ROOT

pytestmark = pytest.mark.package


def _run(*command: str, cwd: Path, **environment: str) -> str:
    result = subprocess.run(
        command,
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": str(cwd), "LC_ALL": "C.UTF-8", **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert result.returncode == 0, f"{command}: {result.stdout}\n{result.stderr}"
    return result.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of a fresh environment that holds the wheel and the locked libraries, nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    python = sys.executable
    _run(python, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT), cwd=folder)
    _run(python, "-m", "venv", str(folder / "venv"), cwd=folder)
    pip = [str(folder / "venv" / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    settings = {k: v for k, v in os.environ.items() if k.startswith("PIP_")}
    _run(*pip, "--require-hashes", "-r", str(ROOT / "requirements.lock"), cwd=folder, **settings)
    _run(*pip, "--no-deps", str(next(folder.glob("kennis-*.whl"))), cwd=folder, **settings)
    return folder / "venv" / "bin"


def test_the_wheel_seeds_indexes_and_answers_a_search(installed: Path, tmp_path: Path) -> None:
    kennis = str(installed / "kennis")
    assert _run(kennis, "--version", cwd=tmp_path).strip()
    _run(kennis, "seed", cwd=tmp_path, KENNIS_DATA_DIR="data")
    _run(kennis, "index", "rebuild", cwd=tmp_path, KENNIS_DATA_DIR="data")
    program = (
        "import os\n"
        "from kennis.app import create_app\n"
        "from kennis.config import Config\n"
        "client = create_app(Config.from_env(os.environ)).test_client()\n"
        "print(client.get('/v1/entries?q=oranje+huis').json['items'][0]['title'])\n"
        "print(client.get('/').status_code, client.get('/static/kennis.css').status_code)\n"
    )
    lines = _run(str(installed / "python"), "-c", program, cwd=tmp_path, KENNIS_DATA_DIR="data").splitlines()
    assert lines == ["De Oranje Huis-aanpak", "200 200"]
