"""The rules of the house (docs/architecture.md), read from the syntax trees and the documents."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions

import pytest

from kennis.config import SETTINGS
from tests.source import PACKAGE, ROOT, file_of, functions, imports, modules, names, tree_of

# Imports run one way: a module may import what stands on its own floor or below.
FLOORS = (
    ("kennis.errors", "kennis.config", "kennis.settings", "kennis.data_lines", "kennis.resources", "kennis.clock",
     "kennis.collecting", "kennis.logs"),
    ("kennis.content.vocabulary", "kennis.content.identifiers", "kennis.content.fields", "kennis.content.parts",
     "kennis.content.kinds", "kennis.content.nearest", "kennis.content.schemas"),
    ("kennis.store",),
    ("kennis.access",),
    ("kennis.mail",),
    ("kennis.content",),
    ("kennis.stories",),
    ("kennis.search",),
    ("kennis.partners",),
    ("kennis.installation",),
    ("kennis.api", "kennis.web", "kennis.cli"),
    ("kennis.app",),
)  # fmt: skip
# A library that only some rooms may know (docs/architecture.md, "Imports run one way").
ONLY_IN = {
    "flask": ("kennis.api", "kennis.web", "kennis.cli", "kennis.app"),
    "flask_smorest": ("kennis.api", "kennis.app"),
    "werkzeug": ("kennis.api", "kennis.web", "kennis.cli", "kennis.app"),
    "tantivy": ("kennis.search.embedded",),
    "elasticsearch": ("kennis.search.elastic",),
    "psycopg": ("kennis.store.postgresql",),
    "cryptography": ("kennis.stories.vault",),
    "click": ("kennis.cli",),
    "granian": ("kennis.cli",),
    "prometheus_client": ("kennis.api.metrics",),
    "redis": ("kennis.api.counting_redis",),
    "structlog": ("kennis.logs",),
    "argon2": ("kennis.access.passwords",),
    "authlib": ("kennis.access.oidc",),
    "joserfc": ("kennis.access.oidc",),
    "requests": ("kennis.access.oidc",),
    "zxcvbn": ("kennis.access.passwords",),
    "smtplib": ("kennis.mail.smtp",),
    "markdown_it": ("kennis.web.markup",),
    "phonenumbers": ("kennis.stories.shaped_marks",),
    "deduce": ("kennis.stories.deduce_process",),
}
# What a library that is declared brings and shows in its own documentation: module -> that library.
COMES_WITH = {
    "werkzeug": "flask",
    "jinja2": "flask",
    "markupsafe": "flask",
    "elastic_transport": "elasticsearch",
    "referencing": "openapi-schema-validator",
}
FORBIDDEN_NAMES = re.compile(r"(Manager|Helper|Util|Utils|Base|Handler)$|^(helpers?|utils?|misc|common)$")
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
# Surfaces start the app, so their commands may reach up to it.
MAY_REACH_UP = {("kennis.cli", "kennis.app")}


def _floor(module: str) -> int:
    found = [(len(prefix), level) for level, floor in enumerate(FLOORS) for prefix in floor
             if module == prefix or module.startswith((prefix + ".", prefix + "_"))]  # fmt: skip
    return max(found)[1] if found else -1


def _starts(module: str, room: str) -> bool:
    return module == room or module.startswith((room + ".", room + "_"))


def test_every_module_has_a_floor() -> None:
    homeless = [m for m in modules() if _floor(m) < 0 and m not in ("kennis", "kennis.__main__")]
    assert homeless == []


@pytest.mark.parametrize("module", names())
def test_imports_run_one_way(module: str) -> None:
    if _floor(module) < 0:
        return
    upward = [
        other
        for other in imports(module)
        if other.startswith("kennis.")
        and _floor(other) > _floor(module)
        and not any(_starts(module, a) and _starts(other, b) for a, b in MAY_REACH_UP)
    ]
    assert upward == []


def test_what_speaks_to_a_server_is_imported_only_when_it_is_used() -> None:
    """Their clients cost a start of a third of a second (docs: performance)."""
    adapters = ("kennis.store.postgresql", "kennis.search.elastic", "kennis.mail.smtp")
    early = [
        (module, other)
        for module, tree in modules().items()
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for other in (f"{node.module}.{alias.name}" for alias in node.names)
        if other.startswith(tuple(f"{adapter}." for adapter in adapters)) or other in adapters
        if not module.startswith(adapters)
    ]
    assert early == []


@pytest.mark.parametrize("library", sorted(ONLY_IN))
def test_a_library_is_known_only_in_its_rooms(library: str) -> None:
    strangers = [
        module
        for module in modules()
        if any(other.split(".")[0] == library for other in imports(module))
        and not any(_starts(module, room) for room in ONLY_IN[library])
    ]
    assert strangers == []


@pytest.mark.parametrize("room", ["kennis", "tests", "tools"])
def test_a_library_that_is_imported_is_declared(room: str) -> None:
    """What only another library asks for may be gone with its next version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    declared = _names([*project["dependencies"], *extras["deduce"], *(extras["dev"] if room != "kennis" else ())])
    known = packages_distributions()
    assert len(declared) > 20
    undeclared = [
        f"{file.relative_to(ROOT)}: {module}"
        for file in sorted((ROOT / room).rglob("*.py"))
        for module in _tops(tree_of(file))
        if module not in sys.stdlib_module_names and module not in ("kennis", "tests", "tools")
        and not _names([COMES_WITH.get(module, module), *known.get(module, ())]) & declared
    ]  # fmt: skip
    assert undeclared == []


def _tops(tree: ast.Module) -> set[str]:
    """First parts of the names of all modules that are imported, wherever in the file."""
    nodes = [*ast.walk(tree)]
    named = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    named += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    return {name.split(".")[0] for name in named}


def _names(requirements: Iterable[str]) -> set[str]:
    """As the package index compares them."""
    return {re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", one)[0]).lower() for one in requirements}


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = {m: n for m in modules() if (n := len(file_of(m).read_text("utf-8").splitlines())) > LONGEST_FILE}
    assert long == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{module}.{f.name}": (f.end_lineno or 0) - f.lineno + 1
        for module in modules()
        for f in functions(module)
        if (f.end_lineno or 0) - f.lineno + 1 > LONGEST_FUNCTION
    }
    assert long == {}


def test_names_say_what_a_thing_is() -> None:
    names = [n.name for tree in modules().values() for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]
    names += [m.rsplit(".", 1)[-1] for m in modules()]
    assert [n for n in names if FORBIDDEN_NAMES.search(n)] == []


def test_no_docstring_repeats_the_name() -> None:
    parrots = []
    for module in modules():
        for f in functions(module):
            words = re.findall(r"[a-z]+", (ast.get_docstring(f) or "").lower())
            name = re.findall(r"[a-z]+", f.name.lower())
            if words and len(words) <= len(name) + 2 and set(name) <= set(words):
                parrots.append(f"{module}.{f.name}")
    assert parrots == []


def test_the_suite_patches_nothing() -> None:
    patching = re.compile(r"mock\.patch|mocker\.patch|monkeypatch\.setattr|unittest\.mock|from mock")
    files = [f for f in (ROOT / "tests").rglob("*.py") if f.name != "test_house_rules.py"]
    assert [str(f.relative_to(ROOT)) for f in files if patching.search(f.read_text("utf-8"))] == []


def test_tests_are_plain_functions() -> None:
    classes = [
        f"{f.relative_to(ROOT)}:{node.name}"
        for f in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(tree_of(f))
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test") and not node.name.startswith("TestSteps")
    ]
    assert classes == []


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    assert [s.name for s in SETTINGS if f"`{s.name}`" not in text] == []


def test_the_compose_file_and_its_image_name_only_settings_and_commands_that_exist() -> None:
    from kennis.cli.root import COMMANDS

    texts = [(ROOT / name).read_text("utf-8") for name in ("compose.yaml", "deploy/Dockerfile")]
    named = {name for text in texts for name in re.findall(r"KENNIS_[A-Z_]+", text)}
    assert named - {s.name for s in SETTINGS} == set()
    called = {word for text in texts for word in re.findall(r"kennis(?:\"?, \"?| )([a-z]+)", text)}
    assert {"serve", "worker", "db"} <= called & set(COMMANDS)


def test_the_proxy_does_what_operators_are_told_to_let_it_do() -> None:
    told = (ROOT / "docs" / "operations.md").read_text("utf-8")
    proxy = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    asked = re.findall(r"client_\w+ \w+(?=`)|^proxy_set_header .+(?=;)|^location = .+", told, re.MULTILINE)
    assert len(asked) == 3
    assert [line for line in asked if line not in proxy] == []


def test_decision_records_are_numbered_and_whole() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [int(r.name[:4]) for r in records] == list(range(1, len(records) + 1))
    for record in records:
        text = record.read_text("utf-8")
        for heading in ("## Context", "## Choice", "## Weighed", "## Price", "## Look again"):
            assert heading in text, f"{record.name} lacks {heading}"


def test_tracked_files_name_no_machine_and_no_registry() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = [n for n in listed.stdout.decode().split("\0") if n and not n.startswith("tests/test_house")]
    if not names:
        pytest.skip("not a git checkout: tracked files are unknown")
    odd = re.compile(r"(^|[^A-Za-z.])/(work|home|root)/|--(extra-)?index-url|registry\.npmjs|pypi\.org|repo1?\.maven")
    found = []
    for name in names:
        try:
            text = (ROOT / name).read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        if odd.search(text):
            found.append(name)
    assert found == []


def test_locked_versions_are_the_installed_ones() -> None:
    from importlib.metadata import version

    # A library may be locked at one version for old and another for new Python.
    locked: dict[str, set[str]] = {}
    for name, wanted in re.findall(r"^([a-z0-9_.-]+)==([^ ;\\]+)", (ROOT / "requirements.lock").read_text(), re.M):
        locked.setdefault(name, set()).add(wanted)
    assert "flask" in locked
    wrong = {}
    for name, wanted in locked.items():
        try:
            if version(name) not in wanted:
                wrong[name] = (wanted, version(name))
        except ModuleNotFoundError:
            continue  # a library for another platform
    assert wrong == {}


def test_every_locked_library_has_hashes() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text().strip())
        assert [b.split()[0] for b in blocks if "--hash=sha256:" not in b] == []


def test_requirements_of_the_safety_document_without_a_test_only_get_fewer() -> None:
    listed = re.findall(r"^\| ([A-Z]\d{1,2}) \|", (ROOT / "docs" / "requirements.md").read_text("utf-8"), re.M)
    marks = re.compile(r"mark\.req\(([^)]*)\)")
    proven = {
        requirement
        for f in (ROOT / "tests").rglob("*.py")
        for mark in marks.findall(f.read_text("utf-8"))
        for requirement in re.findall(r'"([A-Z]\d{1,2})"', mark)
    }
    unproven = [r for r in listed if r not in proven]
    print("without a test:", " ".join(unproven))
    kept = (ROOT / "tests" / "unproven_requirements.txt").read_text("utf-8").split()
    assert sorted(unproven) == sorted(kept)


def test_only_the_package_and_its_data_are_in_the_wheel() -> None:
    assert not (PACKAGE / "_data").exists()
