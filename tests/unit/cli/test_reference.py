"""The pages in `docs/reference/` are made from the code, and equal it."""

from pathlib import Path

import pytest

from kennis.cli.root import kennis
from tests.source import ROOT
from tests.unit.cli.program import succeed
from tools import reference


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return reference.pages()


@pytest.mark.parametrize("name", sorted(reference.PAGES))
def test_a_committed_page_equals_the_code(pages: dict[str, str], name: str) -> None:
    committed = ROOT / "docs" / "reference" / name
    assert committed.is_file(), "run: make reference"
    assert committed.read_text("utf-8") == pages[name], "run: make reference"


def test_every_command_stands_in_the_reference_and_operations_points_there(pages: dict[str, str]) -> None:
    listed = pages["commands.md"]
    assert [name for name, _ in reference.walk(kennis, "kennis") if f"## {name}\n" not in listed] == []
    assert "reference/commands.md" in (ROOT / "docs" / "operations.md").read_text("utf-8")


def test_operations_names_only_commands_that_exist() -> None:
    import re

    known = {name for name, _ in reference.walk(kennis, "kennis")}
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    named = re.findall(r"kennis ((?:[a-z]+)(?: [a-z]+)?)", " ".join(re.findall(r"`([^`]*)`", text)))
    wrong = [n for n in named if f"kennis {n}" not in known and f"kennis {n.split()[0]}" not in known]
    assert wrong == []


def test_the_api_document_is_written_in_both_forms(tmp_path: Path) -> None:
    import json

    import yaml

    document = json.loads(succeed(tmp_path, "openapi"))
    assert document["openapi"].startswith("3.1")
    assert yaml.load(succeed(tmp_path, "openapi", "--format", "yaml"), yaml.CSafeLoader) == document
    assert list(tmp_path.iterdir()) == []


def test_the_contact_of_the_settings_stands_in_the_api_document(tmp_path: Path) -> None:
    import json

    shown = json.loads(succeed(tmp_path, "openapi", KENNIS_CONTACT_NAME="Redactie van hier"))
    assert shown["info"]["contact"]["name"] == "Redactie van hier"
