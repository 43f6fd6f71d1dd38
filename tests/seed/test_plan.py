"""The seed holds what was planned, row by row: `plan/` was taken from the design and not from the seed."""

import csv
from collections.abc import Iterator, Mapping
from typing import Any

from kennis.content import kinds
from kennis.content.vocabulary import vocabularies
from tests.seed.files import PLAN, entries, organisations

DURATIONS = ("durationBand", "timeNeeded")
SINGLE = ("title", "licence", "status", "archiveReason", "sessionCount", "usedSince", "trainingRequired", "cost",
          "referralNeeded", "anonymousPossible", "isInstructional", "eventName", "eventDate", "pseudonym", "period",
          "narratorAgeBand")  # fmt: skip
LISTED = ("recommendedTo", "basis", "programmes", "contentWarnings")


def _plan(name: str) -> list[dict[str, str]]:
    with (PLAN / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _codes(values: Any) -> str:
    return " ".join(values or ())


def _age(entry: Mapping[str, Any], name: str) -> str:
    return str(entry.get(name, ""))


def _entry(collection: str, entry: Mapping[str, Any]) -> dict[str, str]:
    kind = kinds.by_collection(collection)
    assert kind is not None
    return {
        "slug": entry["slug"],
        "collection": collection,
        "subKind": entry[kind.sub_kind],
        **{name: _codes(entry.get(name)) for name in ("topics", "targetGroups", "audiences", "settings", "regions")},
        **{name: _age(entry, name) for name in ("ageMin", "ageMax")},
        "duration": next((entry[name] for name in DURATIONS if name in entry), ""),
        "organisations": _codes(f"{o['organisation']}:{o['role']}" for o in entry.get("organisations", [])),
        "contact": entry.get("contact", {}).get("organisation", ""),
        "sources": "; ".join(s["title"] for s in entry.get("sources", [])),
    }


def _organisation(organisation: Mapping[str, Any]) -> dict[str, str]:
    former = [name["name"] for name in organisation.get("formerNames", [])]
    return {
        **{name: organisation[name] for name in ("slug", "name", "organisationKind")},
        **{name: organisation.get(name, "") for name in ("abbreviation", "website")},
        "formerNames": "; ".join(former),
        "alternativeNames": "; ".join(organisation.get("alternativeNames", [])),
        "regions": _codes(organisation["regions"]),
    }


def _parts(name: str, *properties: str) -> list[tuple[str, ...]]:
    return sorted(
        (e["slug"], *(str(part.get(p, "")) for p in properties)) for e in entries().values() for part in e.get(name, [])
    )


def _planned(name: str) -> list[tuple[str, ...]]:
    return sorted(tuple(row.values()) for row in _plan(name))


def test_every_planned_entry_is_there_with_its_planned_values() -> None:
    found = {e["slug"]: _entry(path.parent.name, e) for path, e in entries().items()}
    assert found == {row["slug"]: row for row in _plan("entries")}


def test_every_planned_organisation_is_there_with_all_its_names() -> None:
    assert {o["slug"]: _organisation(o) for o in organisations()} == {r["slug"]: r for r in _plan("organisations")}


def test_every_planned_relation_is_there_and_no_other() -> None:
    assert _parts("relations", "kind", "target") == _planned("relations")


def _written(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "background", entry["contributor"]["background"]
    for name in SINGLE:
        if name in entry:
            yield name, str(entry[name])
    for name in LISTED:
        if entry.get(name):
            yield name, _codes(entry[name])
    if entry.get("externalIds"):
        yield "externalIds", _codes(f"{x['system']}:{x['id']}" for x in entry["externalIds"])
    if entry.get("channels"):
        flags = ((c, [name for name, is_so in c.items() if is_so is True]) for c in entry["channels"])
        yield "channels", _codes(":".join([c["kind"], c["value"], *names]) for c, names in flags)


def test_single_values_are_those_of_the_plan_and_no_others() -> None:
    found = {(e["slug"], *value) for e in entries().values() for value in _written(e)}
    assert found == {tuple(row.values()) for row in _plan("values")}


def test_recognitions_are_those_that_a_body_gave() -> None:
    assert _parts("recognitions", "body", "level", "awarded", "validUntil", "originalWording") == _planned(
        "recognitions"
    )


def test_studies_are_those_with_a_known_title_and_year() -> None:
    assert _parts("evidence", "type", "year", "direction") == _planned("studies")


def test_a_recognition_or_study_rests_on_the_source_it_points_to() -> None:
    for entry in entries().values():
        for part in [*entry.get("recognitions", []), *entry.get("evidence", [])]:
            source = entry["sources"][part["sourceIndex"]]
            assert part.get("title", source["title"]) == source["title"], entry["slug"]
            assert part.get("year", source["year"]) == source["year"], entry["slug"]


def test_no_planned_word_is_lost_and_a_hidden_one_stays_hidden() -> None:
    for row in _plan("synonyms"):
        term = vocabularies()[row["vocabulary"]][row["code"]]
        assert set(filter(None, row["synonyms"].split("; "))) <= set(term.synonyms), term.code
        assert set(filter(None, row["hidden"].split("; "))) <= set(term.hidden), term.code


def test_an_address_that_must_stay_secret_is_marked() -> None:
    marked = {o["slug"] for o in organisations() if o["addressSecret"]}
    assert marked == {o["slug"] for o in organisations() if o["organisationKind"] == "shelter"} | {"fier"}
