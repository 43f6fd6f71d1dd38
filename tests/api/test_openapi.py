"""The OpenAPI document is whole, true of the real answers, and what is committed."""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from kennis.api.openapi import document
from kennis.app import create_app
from kennis.config import Config
from kennis.content.kinds import KINDS
from kennis.content.lifecycle import STEPS
from tests.api.conftest import Site
from tools.openapi_diff import COMMITTED, generated

Json = dict[str, Any]


def operations(openapi: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                yield path, method, operation


def closed(openapi: Json) -> Json:
    """The document with unknown properties refused, so that an answer holds nothing that is not described."""
    strict = copy.deepcopy(openapi)

    def close(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("properties"), dict) and node.get("type") == "object":
                node.setdefault("additionalProperties", False)
            for below in node.values():
                close(below)
        elif isinstance(node, list):
            for below in node:
                close(below)

    close(strict["components"]["schemas"])
    return strict


def faults(openapi: Json, schema: Json, value: Any) -> list[str]:
    rooted = {**schema, "components": openapi["components"]}
    validator = OAS31Validator(rooted, format_checker=OAS31Validator.FORMAT_CHECKER)
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(value)]


def parameters(openapi: Json, operation: Json) -> list[Json]:
    shared = openapi["components"]["parameters"]
    return [shared[p["$ref"].rpartition("/")[2]] if "$ref" in p else p for p in operation["parameters"]]


@pytest.fixture(scope="session")
def strict(openapi: Json) -> Json:
    return closed(openapi)


def test_the_document_is_valid_openapi(openapi: Json) -> None:
    validate(openapi)
    assert openapi["openapi"].startswith("3.1.")


def test_the_document_and_the_routes_are_the_same(app: Flask, openapi: Json) -> None:
    routes = {
        (re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule).removeprefix("/v1"), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/v1/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, method, _ in operations(openapi)} == routes


def test_every_operation_is_described_in_dutch_with_its_own_name(openapi: Json) -> None:
    names = [operation["operationId"] for *_, operation in operations(openapi)]
    assert len(names) == len(set(names))
    tags = {tag["name"] for tag in openapi["tags"]}
    for path, _, operation in operations(openapi):
        assert operation["summary"], path
        assert operation["description"].endswith("."), path
        assert set(operation["tags"]) <= tags
        for parameter in parameters(openapi, operation):
            assert parameter["description"], (path, parameter)


def test_every_answer_names_its_version_and_every_refusal_is_a_problem(openapi: Json) -> None:
    shared = openapi["components"]["responses"]
    for path, _, operation in operations(openapi):
        assert {"400", "401", "406", "500", "503"} <= set(operation["responses"]), path
        assert {"200", "201", "204"} & set(operation["responses"]), path
        for status, response in operation["responses"].items():
            told = shared[response["$ref"].rpartition("/")[2]] if "$ref" in response else response
            assert "API-Version" in told["headers"], (path, status)
            if status >= "400":
                assert list(told["content"]) == ["application/problem+json"]


def test_who_where_and_under_which_licence_come_from_the_settings(site: Site) -> None:
    here = document(site.app())
    assert here["servers"][0]["url"] == "/v1"
    there = document(
        site.app(
            KENNIS_PUBLIC_URL="https://kennis.example",
            KENNIS_CONTACT_NAME="Loket",
            KENNIS_CONTACT_EMAIL="loket@kennis.example",
        )
    )
    assert there["servers"][0]["url"] == "https://kennis.example/v1"
    assert there["info"]["contact"] == {
        "name": "Loket", "email": "loket@kennis.example", "url": "https://kennis.example",
    }  # fmt: skip
    assert re.fullmatch(r"\d+\.\d+\.\d+", there["info"]["version"])


def test_real_answers_are_what_the_document_says(
    client: FlaskClient, app: Flask, strict: Json, paths: Mapping[str, str]
) -> None:
    by_name = {operation["operationId"]: operation for *_, operation in operations(strict)}
    for endpoint, address in paths.items():
        operation = by_name[endpoint.rpartition(".")[2]]
        for form, media in operation["responses"]["200"]["content"].items():
            if not form.endswith("json"):
                continue
            headers = {"Accept": form}
            if "_search" in address:
                response = client.post(address, json={}, headers=headers)
            else:
                response = client.get(address, headers=headers)
            assert response.content_type == form
            assert faults(strict, media["schema"], response.get_json(force=True)) == [], address


@pytest.mark.slow
def test_every_entry_of_the_seed_is_what_its_schema_says(client: FlaskClient, strict: Json) -> None:
    for kind in KINDS.values():
        for language in ("nl", "en"):
            for shape in ("card", "full"):
                answer = client.get(
                    f"/v1/{kind.collection}?pageSize=100&highlight=true&q=&fields={shape}&lang={language}"
                ).get_json()
                reference = {"$ref": "#/components/schemas/SearchPage"}
                assert faults(strict, reference, answer) == [], (kind.code, shape)
        for item in answer["items"]:
            whole = client.get(f"/v1/{kind.collection}/{item['id']}").get_json()
            name = "".join(part.capitalize() for part in kind.code.split("-"))
            assert faults(strict, {"$ref": f"#/components/schemas/{name}"}, whole) == [], item["id"]
            related = client.get(f"/v1/{kind.collection}/{item['id']}/related").get_json()
            assert faults(strict, {"$ref": "#/components/schemas/Related"}, related) == [], item["id"]


def test_real_refusals_are_what_the_document_says(client: FlaskClient, strict: Json) -> None:
    reference = {"$ref": "#/components/schemas/Problem"}
    for address in ("/v1/entries?page=0&x=1", "/v1/bestaat-niet", "/v1/organisations/x"):
        assert faults(strict, reference, client.get(address).get_json()) == []
    assert faults(strict, reference, client.post("/v1/entries/_search", json={"q": 1}).get_json()) == []
    assert faults(strict, reference, client.post("/v1/entries").get_json()) == []


def test_every_example_is_valid(openapi: Json, strict: Json) -> None:
    checked = 0
    for *_, operation in operations(openapi):
        body = operation.get("requestBody", {}).get("content", {})
        for media in (
            *body.values(),
            *(m for r in operation["responses"].values() for m in r.get("content", {}).values()),
        ):
            if "example" in media:
                assert faults(openapi, media["schema"], media["example"]) == []
                checked += 1
            for named in media.get("examples", {}):
                example = openapi["components"]["examples"][named]["value"]
                assert faults(strict, media["schema"], example) == [], named
                checked += 1
        for parameter in parameters(openapi, operation):
            if "example" in parameter:
                assert faults(openapi, parameter["schema"], parameter["example"]) == [], parameter["name"]
                checked += 1
            for example in parameter.get("schema", {}).get("examples", ()):
                assert faults(openapi, parameter["schema"], example) == []
    for response in openapi["components"]["responses"].values():
        media = response["content"]["application/problem+json"]
        assert faults(openapi, media["schema"], media["example"]) == []
        checked += 1
    assert checked > 10


def test_every_answer_in_json_has_an_example_and_none_is_idle(openapi: Json) -> None:
    shown: set[str] = set()
    for path, _, operation in operations(openapi):
        for status in {"200", "201"} & set(operation["responses"]):
            for form, media in operation["responses"][status]["content"].items():
                if form.endswith("json") and path != "/openapi.json":
                    assert media["examples"], (path, form)
                    shown |= set(media["examples"])
    assert shown == set(openapi["components"]["examples"])


def test_every_example_in_a_schema_is_valid(openapi: Json) -> None:
    def look(schema: Any) -> None:
        if isinstance(schema, dict):
            for example in schema.get("examples", []) if isinstance(schema.get("examples"), list) else []:
                assert faults(openapi, schema, example) == []
            for below in schema.values():
                look(below)

    look(openapi["components"]["schemas"])


@pytest.mark.parametrize("rule", ["kebab", "camel", "pascal", "dates", "methods", "slash"])
def test_the_design_rules_hold_in_the_document(openapi: Json, rule: str) -> None:
    paths = list(openapi["paths"])
    checks = {
        "kebab": [p for p in paths if not re.fullmatch(r"(/(_?[a-z0-9-]+(\.[a-z]+)?|\{[^}]+\}))+", p)],
        "slash": [p for p in paths if p.endswith("/") or p.startswith("/v1")],
        "camel": [
            p["name"] for *_, o in operations(openapi) for p in parameters(openapi, o)
            if p.get("in") == "query" and not re.fullmatch(r"[a-z][a-z\d]*([A-Z][a-z\d]*)*", p["name"])
        ],
        "pascal": [n for n in openapi["components"]["schemas"] if not re.fullmatch(r"([A-Z][a-z\d]*)+", n)],
        "methods": [m for _, m, _ in operations(openapi) if m not in ("get", "post", "put", "patch", "delete")],
        "dates": [
            name for schema in openapi["components"]["schemas"].values()
            for name, shape in schema.get("properties", {}).items()
            if re.search(r"(Date|On)$", name) and shape.get("format") != "date" and "pattern" not in shape
        ],
    }  # fmt: skip
    assert checks[rule] == []


def test_collections_are_plural_nouns_and_operations_are_marked(openapi: Json) -> None:
    verbs = {"get", "list", "search", "find", "create", "update", "delete", "compare", "suggest"}
    segments = {s for path in openapi["paths"] for s in path.strip("/").split("/") if not s.startswith("{")}
    assert not segments & verbs
    marked = {segment for segment in segments if segment.startswith("_")}
    assert marked == {"_search", "_merge", "_suppress", *(f"_{step}" for step in STEPS if step != "delete")}
    singular = {"docs", "health", "live", "ready", "related", "draft", "me", "openapi.json", "openapi.yaml"}
    assert all(segment.endswith("s") for segment in segments - marked - singular)


def test_the_document_is_served_as_json_and_yaml_to_everybody(client: FlaskClient, openapi: Json) -> None:
    served = client.get("/v1/openapi.json")
    assert served.get_json() == json.loads(json.dumps(openapi))
    assert served.headers["Access-Control-Allow-Origin"] == "*"
    as_yaml = client.get("/v1/openapi.yaml", headers={"Accept": "application/yaml"})
    assert yaml.load(as_yaml.data, yaml.CSafeLoader) == served.get_json()


def test_the_docs_name_every_operation_and_ask_no_other_site(client: FlaskClient, openapi: Json) -> None:
    response = client.get("/v1/docs", headers={"Accept": "text/html"})
    page = response.get_data(as_text=True)
    for path, method, operation in operations(openapi):
        assert f'id="{operation["operationId"]}"' in page
        assert f"{method.upper()} {path}" in page
    assert "<script" not in page
    assert not re.search(r'(src|href)="(https?:)?//', page)
    assert not re.search(r"\sstyle=|\son\w+=", page)
    policy = response.headers["Content-Security-Policy"]
    assert "'sha256-" in policy
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert targets <= set(re.findall(r'id="([^"]+)"', page))


@pytest.mark.req("X1", "X10")
def test_the_docs_have_the_way_out_and_help_like_every_page(client: FlaskClient) -> None:
    page = client.get("/v1/docs").get_data(as_text=True)
    links = re.findall(r"<a [^>]+>", page)
    assert 'href="#inhoud"' in links[0]
    assert links[1] == '<a href="/weg" rel="noreferrer nofollow">'
    assert {'<a href="tel:112">', '<a href="tel:08002000">'} <= set(links)
    assert "lijst met gesprekken" in page


def test_the_style_of_the_docs_is_the_one_its_policy_lets_through(client: FlaskClient) -> None:
    import base64
    import hashlib

    response = client.get("/v1/docs")
    style = re.search(r"<style>(.*?)</style>", response.get_data(as_text=True), re.S)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in response.headers["Content-Security-Policy"]


def test_the_document_needs_no_database(tmp_path: Path) -> None:
    app = create_app(Config.from_env({"KENNIS_DATA_DIR": str(tmp_path / "nothing")}))
    assert document(app)["paths"]
    assert list(tmp_path.rglob("*.db")) == []


def test_the_committed_document_is_the_generated_one() -> None:
    assert json.loads(COMMITTED.read_text("utf-8")) == generated(), "run: make reference"
