"""Recognition and research: the table of content-model.md 5.4, row by row, and the leading one of 5.3."""

from datetime import date
from typing import Any

import pytest

from kennis.content.evidence import assess, best_study, effective_status, leading_recognition
from tests.factories import BODY, ORGANISATION, make_recognition, make_study

TODAY = date(2026, 11, 24)
OVERRIDE = {"band": 1, "reason": "Nieuwe gegevens die nog in geen databank staan.", "setOn": "2026-10-01"}


def given(level: str | None = None, awarded: str = "2016-09", **more: Any) -> dict[str, Any]:
    until = {} if level == "niet-erkend" else {"validUntil": f"{int(awarded[:4]) + 5}-09-01"}
    return make_recognition(level=level, awarded=awarded, **{**until, **more})


def foreign(scheme: str, level: str, awarded: str = "2024", **more: Any) -> dict[str, Any]:
    return make_recognition(level=None, scheme=scheme, foreignLevel=level, awarded=awarded, **more)


def study(direction: str, year: int, type: str = "quasi") -> dict[str, Any]:
    return make_study(direction=direction, year=year, type=type)


CASES: list[tuple[str, list[dict[str, Any]], list[dict[str, Any]], int, bool]] = [
    # the cases that must hold
    ("not recognised, later study without effect", [given("niet-erkend", "2017")], [study("none", 2022)], -1, False),
    ("theory only, no study", [given("goed-onderbouwd")], [], 2, False),
    ("no recognition, a positive trial", [], [study("positive", 2020, "rct")], 0, False),
    ("the body knew the study", [given("effectief-goede", "2021")], [study("none", 2015)], 4, True),
    ("the body did not know it", [given("effectief-goede", "2021")], [study("none", 2023)], -1, False),
    ("only the newer of two counts",
     [given("goed-onderbouwd", "2015"), given("effectief-eerste", "2021")], [], 3, False),
    ("neither counts when the newer is revoked",
     [given("goed-onderbouwd", "2015"), given("effectief-eerste", "2021", status="ingetrokken")], [], 0, False),
    # row 2
    ("any harmful study", [given("effectief-sterke", "2024")],
     [study("positive", 2025, "review"), study("harmful", 2010, "veranderingsonderzoek")], -2, False),
    ("harm in a study that is not one of effect", [given("goed-beschreven")],
     [study("harmful", 2020, "kwalitatief")], 1, False),
    ("a foreign level of harm", [foreign("cebc", "5")], [], -2, False),
    # row 3
    ("study without effect and no recognition", [], [study("none", 2020)], -1, False),
    ("study without effect, band 2 of the same year", [given("goed-onderbouwd", "2022")],
     [study("none", 2022)], -1, False),
    # row 4
    ("awarded in the year of the study", [given("effectief-eerste", "2022")], [study("none", 2022)], 3, True),
    ("a foreign body that knew it", [foreign("eif", "3")], [study("none", 2020)], 4, True),
    # row 5
    ("a newer mixed study", [given("effectief-eerste", "2020")], [study("mixed", 2024)], 3, True),
    ("an older mixed study", [given("effectief-eerste", "2024")], [study("mixed", 2020)], 3, False),
    ("a newer mixed study under band 3", [given("goed-onderbouwd", "2020")], [study("mixed", 2024)], 2, False),
    # row 6
    *((f"{scheme} {level}", [foreign(scheme, level)], [], band, False) for scheme, level, band in (
        ("cebc", "1", 5), ("cebc", "2", 4), ("cebc", "3", 3), ("cebc", "4", -1), ("cebc", "NR", 0),
        ("eif", "4", 5), ("eif", "4+", 5), ("eif", "3+", 4), ("eif", "2", 3), ("eif", "2+", 3), ("eif", "nl2", 0),
        ("eif", "NE", -1), ("blueprints", "Model Plus", 5), ("blueprints", "Promising", 4),
        ("xchange", "beneficial", 5), ("xchange", "likely", 4), ("xchange", "possibly", 3),
        ("xchange", "additional studies", 0), ("xchange", "ineffective", -1), ("other", "goud", 0),
    )),
    ("a newer mixed study beside a foreign level", [foreign("eif", "4", "2020")], [study("mixed", 2024)], 5, False),
    # row 7
    ("not recognised", [given("niet-erkend", "2017")], [], 0, False),
    ("nothing", [], [], 0, False),
]  # fmt: skip


@pytest.mark.parametrize(("recognitions", "evidence", "band", "conflict"),
                         [c[1:] for c in CASES], ids=[c[0] for c in CASES])  # fmt: skip
def test_band(recognitions: list[Any], evidence: list[Any], band: int, conflict: bool) -> None:
    found = assess({"recognitions": recognitions, "evidence": evidence}, TODAY)
    assert (found.band, found.has_conflict) == (band, conflict)


@pytest.mark.parametrize(
    ("level", "band"),
    [("effectief-sterke", 5), ("effectief-goede", 4), ("effectief-eerste", 3),
     ("goed-onderbouwd", 2), ("goed-beschreven", 1), ("niet-erkend", 0)],
)  # fmt: skip
def test_a_dutch_level_is_its_band(level: str, band: int) -> None:
    assert assess({"recognitions": [given(level, "2024")]}, TODAY).band == band


def test_an_override_decides_before_harm_and_without_conflict() -> None:
    content = {"evidenceBandOverride": OVERRIDE, "evidence": [study("harmful", 2020)]}
    found = assess(content, TODAY)
    assert (found.band, found.has_conflict, found.direction) == (1, False, "harmful")


def test_an_expired_recognition_keeps_its_band_and_says_so() -> None:
    found = assess({"recognitions": [given("goed-onderbouwd")]}, TODAY)
    assert (found.band, found.status, found.facet) == (2, "verlopen", "goed-onderbouwd")


@pytest.mark.parametrize(
    ("status", "today", "effective"),
    [("geldig", "2021-09-01", "geldig"), ("geldig", "2021-09-02", "verlopen"),
     ("onder-voorbehoud", "2021-09-02", "verlopen"), ("in-herbeoordeling", "2021-09-02", "in-herbeoordeling"),
     ("ingetrokken", "2021-09-02", "ingetrokken")],
)  # fmt: skip
def test_effective_status(status: str, today: str, effective: str) -> None:
    recognition = given("goed-onderbouwd", status=status)
    assert effective_status(recognition, date.fromisoformat(today)) == effective


LEADING: list[tuple[str, list[dict[str, Any]], int | None]] = [
    ("Dutch before foreign, also when it expired", [foreign("eif", "4", "2025"), given("goed-beschreven")], 1),
    ("not expired before expired",
     [given("effectief-goede", "2016"), given("goed-beschreven", "2024", scheme="nl-justitie")], 1),
    ("the newest awarded",
     [given("effectief-goede", "2023-01"), given("goed-beschreven", "2023-02", bodyId=ORGANISATION)], 1),
    ("the highest level",
     [given("goed-beschreven", "2023"), given("effectief-goede", "2023", bodyId=ORGANISATION)], 1),
    ("a year counts as its first day", [given("goed-beschreven", "2023"), given("effectief-goede", "2023-06")], 1),
    ("of another body, when the first one's was revoked",
     [given("effectief-goede", "2024", status="ingetrokken"), given("goed-beschreven", bodyId=ORGANISATION)], 1),
    ("none", [], None),
]  # fmt: skip


@pytest.mark.parametrize(("recognitions", "index"), [c[1:] for c in LEADING], ids=[c[0] for c in LEADING])
def test_leading_recognition(recognitions: list[Any], index: int | None) -> None:
    assert leading_recognition(recognitions, TODAY) is (None if index is None else recognitions[index])


STUDIES: list[tuple[str, list[dict[str, Any]], int | None]] = [
    ("the strongest design", [study("none", 2025, "quasi"), study("positive", 2010, "review")], 1),
    ("then the newest", [study("none", 2010, "rct"), study("positive", 2020, "rct")], 1),
    ("then the worst", [study("positive", 2020), study("none", 2020), study("mixed", 2020)], 1),
    ("not one that says nothing", [study("unknown", 2025, "review"), study("none", 2020)], 1),
    ("not one that measures no effect", [study("positive", 2025, "kwalitatief")], None),
]


@pytest.mark.parametrize(("studies", "index"), [c[1:] for c in STUDIES], ids=[c[0] for c in STUDIES])
def test_best_study(studies: list[Any], index: int | None) -> None:
    assert best_study(studies) is (None if index is None else studies[index])


def test_direction_without_a_telling_study_is_unknown() -> None:
    assert assess({"evidence": [study("positive", 2020, "kwalitatief")]}, TODAY).direction == "unknown"


@pytest.mark.parametrize(
    ("recognitions", "facet"),
    [([], "niet-beoordeeld"), ([foreign("eif", "3")], "buitenlands"), ([given("niet-erkend", "2017")], "niet-erkend")],
)
def test_facet_of_recognition(recognitions: list[Any], facet: str) -> None:
    assert assess({"recognitions": recognitions}, TODAY).facet == facet


@pytest.mark.req("T20")
def test_rank_puts_bands_in_order_and_valid_ones_first() -> None:
    bands = [
        [given("effectief-sterke", "2024")], [given("effectief-goede", "2024")], [given("effectief-eerste", "2024")],
        [given("goed-onderbouwd", "2024")], [given("goed-onderbouwd", "2024", status="in-herbeoordeling")],
        [given("goed-onderbouwd", "2016")], [given("goed-beschreven", "2024")], [],
    ]  # fmt: skip
    ranks = [assess({"recognitions": r}, TODAY).rank for r in bands]
    no_effect = assess({"evidence": [study("none", 2020)]}, TODAY).rank
    harm = assess({"evidence": [study("harmful", 2020)]}, TODAY).rank
    assert [*ranks, no_effect, harm] == [89, 79, 69, 59, 54, 50, 49, 30, 20, 10]


@pytest.mark.parametrize("status", ["geldig", "in-herbeoordeling", "onder-voorbehoud"])
def test_a_refusal_ranks_with_what_nobody_assessed(status: str) -> None:
    assert assess({"recognitions": [given("niet-erkend", "2024", status=status)]}, TODAY).rank == assess({}, TODAY).rank


def test_the_same_body_under_two_schemes_holds_two_recognitions() -> None:
    two = [given("goed-beschreven", "2024", bodyId=BODY), given("goed-onderbouwd", "2020", scheme="nl-justitie")]
    assert leading_recognition(two, TODAY) is two[0]
