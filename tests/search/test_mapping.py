"""The mapping file: what it must say, and that it and the index document never differ."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kennis import resources
from kennis.errors import BadSetup
from kennis.search.document import document
from kennis.search.mapping import MARKER, load, mapping
from tests.search.corpus import TODAY, everything

SOURCE = resources.path("index_mappings") / "entries.json"
# Fields that an entry may lack: it has no such code, or no such day.
OPTIONAL = {"published", "updated", "reviewDue", "checked", "expiresOn", "hiddenFrom"}


def test_the_document_fills_every_field_of_the_mapping_and_no_other() -> None:
    filled: set[str] = set()
    for view in everything():
        made = document(view, TODAY)
        assert made is not None
        assert mapping().fields.keys() - OPTIONAL <= made.fields.keys() <= mapping().fields.keys()
        filled |= {name for name, value in made.fields.items() if value not in ([], MARKER)}
    assert filled == set(mapping().fields)


def test_every_text_field_of_every_document_begins_with_the_marker() -> None:
    for view in everything():
        made = document(view, TODAY)
        assert made is not None
        assert [n for n in mapping().text_fields if str(made.fields[n]).split(" ")[0] != MARKER] == []


def test_the_marker_is_no_word() -> None:
    assert not MARKER.isalnum()


def test_facets_stand_in_the_order_of_the_model_with_labels_in_both_languages() -> None:
    assert list(mapping().facets)[:4] == ["kind", "topic", "targetGroup", "audience"]
    assert len(mapping().facets) == 20
    assert all(f.labels["nl"] and f.labels["en"] for f in mapping().facets.values())
    assert [n for n, f in mapping().facets.items() if f.is_default] == ["kind", "topic", "audience", "recognition"]


def test_every_facet_counts_more_values_than_its_vocabulary_has() -> None:
    from kennis.content.vocabulary import vocabularies

    for name, facet in mapping().facets.items():
        codes = sum(len(vocabularies()[v].terms) for v in facet.vocabularies)
        assert facet.size >= codes, name


def test_the_body_is_one_that_elasticsearch_takes() -> None:
    body: Any = mapping().body
    assert body["mappings"]["dynamic"] == "strict"
    kinds = {p["type"] for p in body["mappings"]["properties"].values()}
    assert kinds == {"text", "keyword", "integer", "boolean"}
    assert set(body["mappings"]["_source"]["excludes"]) >= set(mapping().text_fields)


def _without(*path: str) -> Callable[[Any], None]:
    def change(body: Any) -> None:
        for step in path[:-1]:
            body = body[step]
        del body[path[-1]]

    return change


def _with(value: Any, *path: str) -> Callable[[Any], None]:
    def change(body: Any) -> None:
        for step in path[:-1]:
            body = body[step]
        body[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_without("mappings", "properties", "title"), "title"),
        (_without("mappings", "_meta", "fields", "kind"), "kind"),
        (_with("dutch", "mappings", "properties", "body", "analyzer"), "body"),
        (_with("nested", "mappings", "properties", "kind", "type"), "kind"),
        (_with("Z", "mappings", "_meta", "fields", "summary", "weight"), "summary"),
        (_with(["nowhere"], "mappings", "_meta", "fields", "topic", "facet", "vocabularies"), "topic"),
        (_without("mappings", "_meta", "fields", "topic", "facet", "label", "en"), "topic"),
        (_with(False, "mappings", "dynamic"), "strict"),
        (_without("mappings", "_meta", "version"), "version"),
    ],
)
def test_a_broken_mapping_is_refused_by_name(tmp_path: Path, change: Callable[[Any], None], named: str) -> None:
    body = json.loads(SOURCE.read_text("utf-8"))
    change(body)
    broken = tmp_path / "entries.json"
    broken.write_text(json.dumps(body), "utf-8")
    with pytest.raises(BadSetup) as refused:
        load(broken)
    assert str(broken) in refused.value.message.nl
    assert named in refused.value.message.nl
    assert named in refused.value.message.en


@pytest.mark.parametrize("text", ["{", "[]", ""])
def test_what_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    broken = tmp_path / "entries.json"
    broken.write_text(text, "utf-8")
    with pytest.raises(BadSetup):
        load(broken)
    with pytest.raises(BadSetup):
        load(tmp_path / "absent.json")


def test_a_changed_property_is_another_version(tmp_path: Path) -> None:
    body = json.loads(SOURCE.read_text("utf-8"))
    body["mappings"]["properties"]["exactNames"]["doc_values"] = True
    other = tmp_path / "entries.json"
    other.write_text(json.dumps(body), "utf-8")
    assert load(other).version != mapping().version
