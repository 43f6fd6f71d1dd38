"""Organisations of an import: all of them as one, in any order."""

from typing import Any

import orjson
import pytest
from sqlalchemy import select

from kennis.content import directory, entries, exchange, organisations, reading
from kennis.content.arrivals import Loading
from kennis.store import Store
from kennis.store.models import Organisation
from tests.factories import BODY, ORGANISATION, OTHER_ENTRY, make_entry, make_organisation
from tests.unit.content.desk import ADMIN, CONTEXT, EDITOR, jobs, later, shown

ONE = "11111111-1111-4111-8111-111111111111"
TWO = "22222222-2222-4222-8222-222222222222"
THREE = "33333333-3333-4333-8333-333333333333"


def line(organisation_id: str, **overrides: Any) -> bytes:
    return orjson.dumps({"kind": "organisation", "id": organisation_id, **make_organisation(**overrides)})


def loaded(store: Store, *lines: bytes) -> list[tuple[int, str | None]]:
    """What was wrong, per line."""
    report = exchange.import_lines(store, lines, CONTEXT)
    return [(found.line, found.problem.pointer) for found in report.problems]


def parents(store: Store) -> dict[str, str | None]:
    with store.reading() as session:
        return {i: session.get_one(Organisation, i).content.get("parentId") for i in (ONE, TWO)}


@pytest.mark.parametrize("step", [1, -1])
def test_parent_and_part_change_places_in_any_order(store: Store, step: int) -> None:
    assert loaded(store, line(ONE, parentId=TWO), line(TWO)) == []
    assert loaded(store, *[line(TWO, parentId=ONE), line(ONE)][::step]) == []
    assert parents(store) == {ONE: None, TWO: ONE}


def test_a_file_closes_no_circle_of_parents_with_what_it_does_not_name(store: Store) -> None:
    assert loaded(store, line(ONE, parentId=TWO), line(TWO)) == []
    closing = (line(THREE, parentId=ONE), line(TWO, parentId=THREE))
    assert loaded(store, *closing) == [(1, "/parentId"), (2, "/parentId")]
    assert parents(store) == {ONE: TWO, TWO: None}


def went_into(store: Store) -> dict[str, str]:
    with store.reading() as session:
        return {o.id: o.merged_into_id for o in session.scalars(select(Organisation)) if o.merged_into_id}


def test_a_file_closes_no_circle_with_a_merger_of_before(store: Store) -> None:
    """The merger that is there stays, so that what the file says of the second one is not what is stored."""
    assert loaded(store, line(ONE), line(TWO), line(THREE)) == []
    assert loaded(store, line(TWO, mergedIntoId=ONE)) == []
    assert loaded(store, line(ONE, mergedIntoId=TWO), line(TWO, mergedIntoId=THREE)) == [(1, "/mergedIntoId")]
    assert went_into(store) == {TWO: ONE}


def test_a_file_closes_no_circle_through_organisations_it_does_not_name(store: Store) -> None:
    assert loaded(store, line(ONE), line(TWO, mergedIntoId=THREE), line(THREE)) == []
    assert loaded(store, line(ONE, mergedIntoId=TWO)) == []
    assert loaded(store, line(THREE, mergedIntoId=ONE)) == [(1, "/mergedIntoId")]
    assert loaded(store, line(THREE, mergedIntoId=THREE)) == [(1, "/mergedIntoId")]
    assert went_into(store) == {ONE: TWO, TWO: THREE}


def test_a_name_and_a_merger_of_one_file_are_told_once_to_all_they_reach(store: Store) -> None:
    links = [{"organisationId": ONE, "role": "provider"}, {"organisationId": TWO, "role": "partner"}]
    document = make_entry("training", organisations=links)
    entry = orjson.dumps({"kind": "training", "id": OTHER_ENTRY, **document})
    assert loaded(store, line(ORGANISATION), line(ONE, mergedIntoId=TWO), line(TWO), line(THREE), entry) == []
    assert loaded(store, line(TWO, mergedIntoId=THREE), line(THREE, name="Heel Anders")) == []
    assert (shown(store, OTHER_ENTRY) or b"").count(b"Heel Anders") == 1
    with store.reading() as session:
        assert len(jobs(session)) == 2


GOES, IS_SECRET = {"mergedIntoId": TWO}, {"addressSecret": True}


@pytest.mark.parametrize(
    ("before", "file", "pointer"),
    [
        ({TWO: IS_SECRET}, {ONE: GOES}, "/mergedIntoId"),
        ({TWO: IS_SECRET}, {ONE: GOES, TWO: IS_SECRET}, "/mergedIntoId"),
        ({}, {ONE: GOES, TWO: IS_SECRET}, "/mergedIntoId"),
        ({}, {TWO: IS_SECRET, ONE: GOES}, "/mergedIntoId"),
        ({TWO: {"mergedIntoId": THREE}, THREE: IS_SECRET}, {ONE: GOES}, "/mergedIntoId"),
        ({ONE: GOES}, {TWO: IS_SECRET}, "/addressSecret"),
        ({ONE: GOES}, {ONE: GOES, TWO: IS_SECRET}, "/addressSecret"),
        ({ONE: GOES}, {TWO: {"mergedIntoId": THREE}, THREE: IS_SECRET}, "/mergedIntoId"),
        ({}, {ONE: IS_SECRET}, "/addressSecret"),
    ],
)  # fmt: skip
def test_an_address_that_becomes_secret_in_a_file_is_looked_for_in_all_that_leads_there(
    store: Store, before: dict[str, Any], file: dict[str, Any], pointer: str
) -> None:
    links = [{"organisationId": ONE, "role": "provider"}]
    document = make_entry("lesson", organisations=links, context="Het huis staat aan de Kerkstraat 12 in de stad.")
    entry = orjson.dumps({"kind": "lesson", "id": OTHER_ENTRY, **document})
    assert loaded(store, *(line(i, **before.get(i, {})) for i in (ONE, TWO, THREE)), entry) == []
    refused = loaded(store, *(line(i, **facts) for i, facts in file.items()))
    assert [told for _, told in refused] == [pointer]
    with store.transaction() as session:
        entries.withdraw(session, OTHER_ENTRY, ADMIN, CONTEXT)
    assert loaded(store, *(line(i, **facts) for i, facts in file.items())) == []
    assert loaded(store, *(line(i, **facts) for i, facts in file.items())) == []


OLD = {"name": "Oude Molen", "abbreviation": "OM", "formerNames": [{"name": "Korenmolen", "untilYear": 1990}]}
GIVEN = [{"name": "Korenmolen", "untilYear": 1990}, {"name": "Oude Molen", "untilYear": 2026}]


def named(store: Store, organisation_id: str = TWO) -> tuple[Any, Any]:
    """Former and other names, and that the directory knows it by them."""
    with store.reading() as session:
        content = session.get_one(Organisation, organisation_id).content
        for words in ("korenmolen", "oude molen"):
            assert [one.id for one in directory.search(session, words, 1, 20)[1]] == [organisation_id]
        return content.get("formerNames"), content.get("alternativeNames")


@pytest.mark.parametrize(
    "file",
    [[line(ONE, **OLD, mergedIntoId=TWO)], [line(ONE, **OLD, mergedIntoId=TWO), line(TWO)],
     [line(TWO), line(ONE, **OLD, mergedIntoId=TWO)]],
)  # fmt: skip
@pytest.mark.parametrize("is_there", [False, True])
def test_a_merger_by_a_file_gives_the_names_as_one_by_hand_does(
    store: Store, file: list[bytes], is_there: bool
) -> None:
    if is_there or len(file) == 1:
        assert loaded(store, line(ONE, **OLD), line(TWO)) == []
    assert loaded(store, *file) == []
    assert named(store) == (GIVEN, ["OM"])
    again = exchange.import_lines(store, file, later(days=800))
    assert (again.organisations.unchanged, again.problems) == (len(file), [])


def test_what_names_either_shows_the_names_that_a_file_gives(store: Store) -> None:
    texts = [
        orjson.dumps({"kind": "lesson", "id": entry_id, **make_entry("lesson", organisations=[link])})
        for entry_id, link in (
            (OTHER_ENTRY, {"organisationId": ONE, "role": "owner"}),
            (BODY, {"organisationId": TWO, "role": "owner"}),
        )
    ]
    assert loaded(store, line(ONE, **OLD), line(TWO, name="Nieuwe Molen"), *texts) == []
    assert loaded(store, line(ONE, **OLD, mergedIntoId=TWO)) == []
    with store.reading() as session:
        assert [job[0] for job in jobs(session)][2:] == sorted([OTHER_ENTRY, BODY])
        for view in reading.view(session, [OTHER_ENTRY, BODY]):
            (shown_as,) = view.organisations.values()
            assert (shown_as.name, shown_as.names) == ("Nieuwe Molen", ("OM", "Korenmolen", "Oude Molen"))


@pytest.mark.parametrize("older", [[line(ONE, **OLD), line(TWO)], [line(TWO)], [line(TWO), line(ONE, name="Anders")]])
def test_names_of_a_merger_by_hand_outlive_an_older_file(store: Store, older: list[bytes]) -> None:
    assert loaded(store, line(ONE, **OLD), line(TWO)) == []
    with store.transaction() as session:
        organisations.merge(session, ONE, TWO, EDITOR, CONTEXT)
    for days in (1, 800):
        report = exchange.import_lines(store, older, later(days=days))
        assert (report.organisations.updated, report.problems) == (0, [])
        assert named(store) == (GIVEN, ["OM"])


def test_a_merged_organisation_keeps_the_names_it_gave_whatever_a_file_calls_it(store: Store) -> None:
    assert loaded(store, line(ONE, **OLD, mergedIntoId=TWO), line(TWO)) == []
    report = exchange.import_lines(store, [line(ONE, name="Heel Anders")], CONTEXT)
    assert (report.organisations.kept, report.problems) == (1, [])
    assert named(store) == (GIVEN, ["OM"])


def test_names_go_along_to_the_last_of_a_chain(store: Store) -> None:
    assert loaded(store, line(TWO, name="Midden"), line(ONE, **OLD), line(THREE, name="Laatste")) == []
    assert loaded(store, line(ONE, **OLD, mergedIntoId=TWO), line(TWO, name="Midden", mergedIntoId=THREE)) == []
    middle = {"name": "Midden", "untilYear": 2026}
    assert {n["name"] for n in named(store, THREE)[0]} == {n["name"] for n in (*GIVEN, middle)}
    report = exchange.import_lines(store, [line(THREE, name="Laatste")], CONTEXT)
    assert report.organisations.unchanged == 1


def test_more_names_than_fit_refuse_the_merger_at_its_line(store: Store) -> None:
    full = {"formerNames": [{"name": f"Naam {n}"} for n in range(20)]}
    assert loaded(store, line(ONE, **OLD), line(TWO, **full)) == []
    goes = line(ONE, **OLD, mergedIntoId=TWO)
    assert loaded(store, goes) == [(1, "/mergedIntoId")]
    assert loaded(store, goes, line(TWO, **full)) == [(2, "/formerNames")]


def test_who_changed_an_organisation_is_still_known_after_a_file_gave_it_names(store: Store) -> None:
    seed = Loading("seed", only_ours=True)
    assert exchange.import_lines(store, [line(ONE, **OLD), line(TWO)], CONTEXT, loading=seed).problems == []
    with store.transaction() as session:
        organisations.revise(session, TWO, make_organisation(name="Door mensen"), EDITOR, CONTEXT)
    goes = [line(ONE, **OLD, mergedIntoId=TWO), line(TWO)]
    for _ in range(2):
        report = exchange.import_lines(store, goes, CONTEXT, loading=seed)
        assert (report.organisations.kept >= 1, report.problems) == (True, [])
        assert named(store) == (GIVEN, ["OM"])
    with store.reading() as session:
        assert session.get_one(Organisation, TWO).content["name"] == "Door mensen"


BROKEN = b"{"


def lesson(entry_id: str | None = OTHER_ENTRY) -> bytes:
    links = [{"organisationId": TWO, "role": "owner"}]
    document = {"kind": "lesson", **make_entry("lesson", organisations=links)}
    return orjson.dumps({**document, "id": entry_id} if entry_id else document)


@pytest.mark.parametrize(
    ("file", "wrong", "stored"),
    [
        ([line(TWO), BROKEN, lesson()], [2], (1, 0)),
        ([line(TWO), BROKEN, b"[]", *[lesson(None)] * 4], [2, 3], (1, 2)),
        ([line(TWO), BROKEN], [2], (1, 0)),
        ([line(TWO), lesson(), BROKEN], [3], (1, 0)),
        ([line(TWO, parentId=ONE), BROKEN, line(ONE)], [2], (0, 0)),
        ([line(TWO, parentId=ONE), b"", line(ONE), lesson()], [], (2, 1)),
    ],
)
def test_a_broken_line_behind_the_organisations_refuses_what_comes_after_it(
    store: Store, file: list[bytes], wrong: list[int], stored: tuple[int, int]
) -> None:
    report = exchange.import_lines(store, file, CONTEXT, size=4)
    assert [problem.line for problem in report.problems] == wrong
    assert (report.organisations.created, report.entries.created) == stored


@pytest.mark.parametrize("now", [True, False])
def test_a_file_merges_no_secret_address_into_an_open_one(store: Store, now: bool) -> None:
    """Also when the file, which may be older, calls it open."""
    assert loaded(store, line(ONE, addressSecret=True), line(TWO)) == []
    assert loaded(store, line(ONE, addressSecret=now, mergedIntoId=TWO), line(TWO)) == [(1, "/mergedIntoId")]
    assert loaded(store, line(THREE, addressSecret=True, mergedIntoId=TWO)) == [(1, "/mergedIntoId")]
    assert went_into(store) == {}
    assert loaded(store, line(ONE, addressSecret=True, mergedIntoId=TWO), line(TWO, addressSecret=True)) == []
    assert went_into(store) == {ONE: TWO}
