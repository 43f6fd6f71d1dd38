"""Compares the OpenAPI document with the committed ones and fails on what would break a partner (docs/api.md).

Breaking: a path, operation, response, property or enum value that is gone, an input that is newly required, an input
that accepts less; a new major version may. The file in the tree counts, and where there is git also that of the last
commit and the one before it, so that changing code and file together does not hide a break. Also fails when the file
is merely out of date: `make reference` writes it anew.

    python -m tools.openapi_diff [OLD [NEW]]
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kennis.api.openapi import document
from kennis.app import create_app
from kennis.config import Config

COMMITTED = Path(__file__).resolve().parent.parent / "docs" / "api" / "openapi.json"
NARROWER_BELOW = ("maximum", "maxLength", "maxItems")
NARROWER_ABOVE = ("minimum", "minLength", "minItems")
Json = Mapping[str, Any]


def breaking(old: Json, new: Json) -> list[str]:
    """What a partner who relies on `old` would miss in `new`, one line each."""
    return [*_paths(old, new), *_schemas(old, new)]


def _paths(old: Json, new: Json) -> Iterator[str]:
    for path, methods in old["paths"].items():
        if path not in new["paths"]:
            yield f"path {path} is gone"
            continue
        for method, operation in methods.items():
            if method == "parameters":
                continue
            where = f"{method.upper()} {path}"
            if method not in new["paths"][path]:
                yield f"operation {where} is gone"
            else:
                inputs = (_parameters(old, operation), _parameters(new, new["paths"][path][method]))
                yield from _inputs(where, *inputs)
                yield from _operation(where, operation, new["paths"][path][method])


def _operation(where: str, old: Json, new: Json) -> Iterator[str]:
    if not old.get("requestBody", {}).get("required") and new.get("requestBody", {}).get("required"):
        yield f"{where}: a body is newly required"
    for status, response in old["responses"].items():
        if status not in new["responses"]:
            yield f"{where}: response {status} is gone"
            continue
        offered = new["responses"][status].get("content", {})
        yield from (
            f"{where}: {status} as {form} is gone" for form in response.get("content", {}) if form not in offered
        )


def _parameters(document: Json, operation: Json) -> dict[str, Json]:
    shared = document["components"].get("parameters", {})
    found = [shared[p["$ref"].rpartition("/")[2]] if "$ref" in p else p for p in operation.get("parameters", ())]
    return {parameter["name"]: parameter for parameter in found}


def _inputs(where: str, old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[str]:
    for name, parameter in new.items():
        if parameter.get("required") and not old.get(name, {}).get("required"):
            yield f"{where}: parameter {name} is newly required"
    for name, parameter in old.items():
        if name not in new:
            yield f"{where}: parameter {name} is gone"
        else:
            yield from _narrower(f"{where}: parameter {name}", parameter["schema"], new[name]["schema"])


def _schemas(old: Json, new: Json) -> Iterator[str]:
    offered = new["components"]["schemas"]
    for name, schema in old["components"]["schemas"].items():
        if name not in offered:
            yield f"schema {name} is gone"
        else:
            yield from _schema(f"schema {name}", schema, offered[name], is_input=name in _inputs_of(old))


def _inputs_of(document: Json) -> set[str]:
    """Names of schemas that callers send."""
    return {
        media["schema"].get("$ref", "").rpartition("/")[2]
        for methods in document["paths"].values()
        for operation in methods.values()
        if isinstance(operation, dict)
        for media in operation.get("requestBody", {}).get("content", {}).values()
    }


def _schema(where: str, old: Json, new: Json, *, is_input: bool) -> Iterator[str]:
    if old.get("type") != new.get("type") or old.get("format") != new.get("format"):
        yield f"{where}: the type changed"
    yield from (f"{where}: value {code} is gone" for code in old.get("enum", ()) if code not in new.get("enum", ()))
    if is_input:
        yield from _narrower(where, old, new)
        newly = set(new.get("required", ())) - set(old.get("required", ()))
        yield from (f"{where}: property {name} is newly required" for name in sorted(newly))
    else:
        no_longer = set(old.get("required", ())) - set(new.get("required", ()))
        yield from (f"{where}: property {name} may now be absent" for name in sorted(no_longer))
    for name, below in old.get("properties", {}).items():
        if name not in new.get("properties", {}):
            yield f"{where}: property {name} is gone"
        else:
            yield from _schema(f"{where}.{name}", below, new["properties"][name], is_input=is_input)
    if "items" in old and "items" in new:
        yield from _schema(f"{where}[]", old["items"], new["items"], is_input=is_input)


def _narrower(where: str, old: Json, new: Json) -> Iterator[str]:
    codes, offered = old.get("enum"), new.get("enum")
    if offered is not None:
        gone = [code for code in codes or () if code not in offered] if codes is not None else ["any other"]
        yield from (f"{where}: value {code} is not accepted any more" for code in gone)
    for bound in NARROWER_BELOW:
        if bound in new and new[bound] < old.get(bound, float("inf")):
            yield f"{where}: {bound} is lower"
    for bound in NARROWER_ABOVE:
        if bound in new and new[bound] > old.get(bound, float("-inf")):
            yield f"{where}: {bound} is higher"
    if "items" in old and "items" in new:
        yield from _narrower(f"{where}[]", old["items"], new["items"])


def generated() -> dict[str, Any]:
    """The document of this tree under the settings by default, as it reads back from JSON."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config.from_env({"KENNIS_DATA_DIR": folder}))
        read: dict[str, Any] = json.loads(json.dumps(document(app)))
        return read


def committed(revision: str) -> dict[str, Any] | None:
    """The document of an earlier commit; None without git, that commit or that file."""
    name = COMMITTED.relative_to(COMMITTED.parent.parent.parent).as_posix()
    command = ["git", "show", f"{revision}:{name}"]
    try:
        found = subprocess.run(command, cwd=COMMITTED.parent, capture_output=True, check=False)
    except OSError:
        return None
    if found.returncode or not found.stdout.strip():
        return None
    read: dict[str, Any] = json.loads(found.stdout)
    return read


def _major(document: Json) -> str:
    return str(document["info"]["version"]).partition(".")[0]


def main(arguments: list[str]) -> int:
    present = json.loads(Path(arguments[0] if arguments else COMMITTED).read_text("utf-8"))
    new = json.loads(Path(arguments[1]).read_text("utf-8")) if len(arguments) > 1 else generated()
    earlier = [] if arguments else [old for revision in ("HEAD", "HEAD^") if (old := committed(revision))]
    faults = {fault: None for old in (present, *earlier) if _major(old) == _major(new) for fault in breaking(old, new)}
    for fault in faults:
        print(f"breaking: {fault}")
    if faults:
        print("This breaks partners: keep it, or make it a new major version (docs/api.md).")
        return 1
    if present != new:
        print("docs/api/openapi.json is out of date: run make reference")
        return 1
    print("OpenAPI: nothing breaking, and the committed document is up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
