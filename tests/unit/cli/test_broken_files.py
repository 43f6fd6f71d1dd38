"""Data files of the installation that are damaged: one sentence that names the file, nothing half-done."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.source import PACKAGE, ROOT
from tests.unit.cli.program import looks_like_one_sentence, run, succeed
from tools.ports import free_port

pytestmark = pytest.mark.slow

Break = Callable[[Path], None]


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _not_utf8(path: Path) -> None:
    path.write_bytes(b"\xff\xfe" + path.read_bytes())


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of its own: the package finds its data beside itself."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("seed", "index_mappings"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(PACKAGE, folder / "kennis", ignore=shutil.ignore_patterns("__pycache__", "_data"))
    return folder


@pytest.fixture
def checkout(pristine: Path, tmp_path: Path) -> Path:
    shutil.copytree(pristine, tmp_path / "checkout")
    return tmp_path / "checkout"


@pytest.mark.parametrize(
    ("file", "break_it", "command"),
    [
        ("seed/organisations.json", _cut, ("seed",)),
        ("seed/organisations.json", Path.unlink, ("seed",)),
        ("seed/entries/methods/vlaggensysteem.toml", _cut, ("seed",)),
        ("seed/entries/methods/vlaggensysteem.toml", _not_utf8, ("seed",)),
        ("seed/vocabularies/topics.json", _cut, ("seed",)),
        ("seed/vocabularies/topics.json", _cut, ("vocabulary", "list", "topics")),
        ("seed/vocabularies/regions.json", _not_utf8, ("vocabulary", "list")),
        ("seed/vocabularies", shutil.rmtree, ("vocabulary", "list")),
        ("index_mappings/entries.json", _cut, ("index", "rebuild")),
        ("index_mappings/entries.json", Path.unlink, ("index", "status")),
        ("index_mappings/entries.json", _cut, ("doctor",)),
        ("index_mappings/nl", shutil.rmtree, ("doctor",)),
        ("seed/privacy/cues.txt", Path.unlink, ("doctor",)),
        ("seed/privacy/help_numbers.txt", _empty, ("doctor",)),
        ("index_mappings/nl/synonyms.txt", Path.unlink, ("doctor",)),
        ("index_mappings/nl/understood.toml", _not_utf8, ("serve", "--port", str(free_port()))),
        ("index_mappings/nl/help.toml", _empty, ("doctor",)),
    ],
)
def test_a_damaged_file_is_named_and_nothing_is_stored(
    file: str, break_it: Break, command: tuple[str, ...], checkout: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    succeed(data, "db", "upgrade")
    break_it(checkout / file)
    done = run(data, *command, cwd=checkout, PYTHONPATH=str(checkout))
    told = (done.stderr + done.stdout).decode()
    assert done.returncode == 2, told
    assert file in told
    assert command == ("doctor",) or looks_like_one_sentence(done.stderr.decode())
    assert "Traceback" not in told
    assert succeed(data, "export", "-") == ""
    assert not list(data.glob("index/*/meta.json"))
