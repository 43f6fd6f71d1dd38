import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from kennis import resources
from kennis.content.vocabulary import CODE, Vocabularies, folded, load, vocabularies
from kennis.errors import BadSetup
from kennis.search.mapping import mapping


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "vocabularies"
    shutil.copytree(resources.path("seed") / "vocabularies", folder)
    return folder


def _change(folder: Path, name: str, change: object) -> None:
    file = folder / f"{name}.json"
    raw = json.loads(file.read_text("utf-8"))
    change(raw)  # type: ignore[operator]
    file.write_text(json.dumps(raw), "utf-8")


def test_the_lists_have_the_sizes_of_the_content_model() -> None:
    sizes = {name: len(list(v)) for name, v in vocabularies().items()}
    wanted = {"kinds": 6, "topics": 44, "target-groups": 17, "audiences": 27, "recognition-levels": 8,
              "evidence-types": 12, "settings": 16, "regions": 40, "evidence-bands": 8, "age-bands": 7,
              "relation-kinds": 9, "licences": 5, "organisation-kinds": 15, "backgrounds": 8}  # fmt: skip
    assert {name: sizes[name] for name in wanted} == wanted


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_two_values_of_one_list_or_facet_have_the_same_label(language: str) -> None:
    lists = {**{name: (name,) for name in vocabularies()}, **{n: f.vocabularies for n, f in mapping().facets.items()}}
    alike = {
        (name, label)
        for name, of in lists.items()
        for label, times in Counter(folded(t.labels[language]) for v in of for t in vocabularies()[v]).items()
        if times > 1
    }
    assert alike == set()


@pytest.mark.parametrize("name", sorted(vocabularies()))
def test_codes_are_kebab_case_and_every_term_has_both_labels(name: str) -> None:
    for term in vocabularies()[name]:
        assert CODE.fullmatch(term.code), term.code
        assert term.labels["nl"], term.code
        assert term.labels["en"], term.code


def test_a_topic_knows_its_ancestors_and_descendants() -> None:
    topics = vocabularies()["topics"]
    assert topics.path("seksueel-geweld.online") == ("seksueel-geweld", "seksueel-geweld.online")
    assert "aanpak.opvang" in topics.descendants("aanpak")
    assert all(t.parent == (t.code.split(".")[0] if "." in t.code else None) for t in topics)


def test_all_25_safety_regions_hang_under_a_province() -> None:
    regions = vocabularies()["regions"]
    safety = [t for t in regions if t.code.startswith("vr")]
    assert len(safety) == 25
    assert all((t.parent or "").startswith("nl-") for t in safety)
    assert regions.path("vr25") == ("nl", "nl-fl", "vr25")


def test_a_wrong_code_has_a_nearest_one() -> None:
    topics = vocabularies()["topics"]
    assert topics.nearest("partnergewelt") == "partnergeweld"
    assert topics.nearest("Partnergeweld") == "partnergeweld"
    assert topics.nearest("zzzzqqqq") is None


def test_a_town_leads_to_its_safety_region() -> None:
    assert vocabularies().places["almere"] == "vr25"
    assert vocabularies().places["noardeast-fryslan"] == "vr02"


@pytest.mark.parametrize(
    ("town", "region"),
    [("Uitgeest", "vr12"), ("Weesp", "vr13"), ("Heusden", "vr21"), ("Eemnes", "vr09"), ("Voorschoten", "vr16"),
     ("Vianen", "vr09"), ("Best", "vr22"), ("Sluis", "vr19"), ("Soest", "vr09"), ("Epe", "vr06")],
)  # fmt: skip
def test_a_town_at_a_border_or_with_an_ordinary_name_has_its_own_region(town: str, region: str) -> None:
    assert vocabularies().places[folded(town)] == region


def test_no_town_stands_in_two_regions() -> None:
    listed = json.loads((resources.path("seed") / "vocabularies" / "places.json").read_text("utf-8"))
    assert sum(len(towns) for towns in listed.values()) == len(vocabularies().places)


def test_hidden_words_are_no_labels() -> None:
    for vocabulary in vocabularies().values():
        for term in vocabulary:
            assert not set(term.hidden) & {*term.labels.values(), *term.synonyms}, term.code


def test_the_version_changes_with_any_word(copied: Path) -> None:
    before = load(copied).version
    _change(copied, "topics", lambda raw: raw["terms"][0].update(synonyms=["iets anders"]))
    assert load(copied).version != before


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("topics", lambda raw: raw["terms"].append({"code": "Hoofd letter", "labels": {"nl": "a", "en": "b"}})),
        ("topics", lambda raw: raw["terms"].append(raw["terms"][0])),
        ("topics", lambda raw: raw["terms"][0].update(labels={"nl": "alleen"})),
        ("topics", lambda raw: raw["terms"][0].update(parent="bestaat-niet")),
        ("topics", lambda raw: raw["terms"][0].update(parent=["partnergeweld"])),
        ("topics", lambda raw: raw["terms"][0].update(parent=raw["terms"][0]["code"])),
        (
            "topics",
            lambda raw: (
                raw["terms"][0].update(parent=raw["terms"][-1]["code"])
                or raw["terms"][-1].update(parent=raw["terms"][0]["code"])
            ),
        ),
        ("topics", lambda raw: raw["terms"][0].update(synonyms="geen lijst")),
        ("topics", lambda raw: raw.update(name="anders")),
        ("topics", lambda raw: raw.update(labels={"nl": "Onderwerp"})),
        ("topics", lambda raw: raw["terms"][0]["labels"].update(nl=["geen woord"])),
        ("places", lambda raw: raw.update({next(iter(raw)): [5]})),
        ("places", lambda raw: raw.update(vr99=["Nergens"])),
    ],
)
def test_a_broken_file_is_named(copied: Path, name: str, change: object) -> None:
    _change(copied, name, change)
    with pytest.raises(BadSetup, match=f"{name}.json"):
        load(copied)


def test_a_file_that_is_no_json_is_named(copied: Path) -> None:
    (copied / "topics.json").write_text("{", "utf-8")
    with pytest.raises(BadSetup, match=r"topics\.json"):
        load(copied)


@pytest.mark.parametrize("name", [f.stem for f in sorted((resources.path("seed") / "vocabularies").glob("*.json"))])
def test_a_missing_file_is_named(copied: Path, name: str) -> None:
    (copied / f"{name}.json").unlink()
    with pytest.raises(BadSetup, match=f"{name}.json"):
        load(copied)


def test_a_list_without_labels_is_named(copied: Path) -> None:
    (copied / "roles.json").write_text('{"name": "roles", "terms": []}', encoding="utf-8")
    with pytest.raises(BadSetup, match="roles"):
        load(copied)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetup, match="vocabularies"):
        load(tmp_path / "vocabularies")


def test_it_is_a_mapping() -> None:
    assert isinstance(vocabularies(), Vocabularies)
    assert len(vocabularies()) == len(set(vocabularies()))
