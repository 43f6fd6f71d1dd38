"""The source of Kennis as syntax trees, for the tests of house rules."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "kennis"


@cache
def names() -> tuple[str, ...]:
    """Dotted names of every module of the package, migrations left out (they are never edited)."""
    files = [f for f in PACKAGE.rglob("*.py") if "migrations" not in f.parts and "_data" not in f.parts]
    dotted = (".".join(f.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for f in files)
    return tuple(sorted(dotted))


@cache
def modules() -> dict[str, ast.Module]:
    """The same names -> their trees."""
    return {name: tree_of(file_of(name)) for name in names()}


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def file_of(module: str) -> Path:
    path = ROOT / Path(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def imports(module: str) -> tuple[str, ...]:
    """Every module that this one imports, wherever in the file; `if TYPE_CHECKING` counts too."""
    known, found = modules(), []
    for node in ast.walk(known[module]):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            full = [f"{base}.{alias.name}" for alias in node.names]
            found += [name if name in known else base for name in full]
    return tuple(found)


def functions(module: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
