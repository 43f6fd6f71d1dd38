"""Derived fields other than evidence, and when an entry ages (content-model.md 5)."""

from datetime import date, timedelta
from typing import Any

import pytest

from kennis.content.derived import age_bands, derive
from kennis.content.fields_dates import add_months
from kennis.content.kinds import KINDS, is_expired
from kennis.content.relations import fits, inverse, may_close_circle, pair_of, relation_kind
from kennis.content.views import EntryView
from kennis.content.vocabulary import vocabularies
from tests.factories import (
    BODY,
    ENTRY,
    ORGANISATION,
    OTHER_ENTRY,
    make_entry,
    make_recognition,
    make_study,
    make_view,
    organisation_view,
)

TODAY = date(2026, 11, 24)


@pytest.mark.req("T18")
@pytest.mark.parametrize(
    ("age_min", "age_max", "bands"),
    [
        (4, 12, ["4-12"]),
        (8, 13, ["4-12", "12-18"]),
        (14, 21, ["12-18", "18-23"]),
        (0, 18, ["zwanger-2", "2-4", "4-12", "12-18"]),
        (18, None, ["18-23", "23-65", "65-plus"]),
        (None, 2, ["zwanger-2"]),
        (None, None, []),
        (-1, None, ["zwanger-2", "2-4", "4-12", "12-18", "18-23", "23-65", "65-plus"]),
        (-1, 0, ["zwanger-2"]),
        (12, 18, ["12-18"]),
        (65, None, ["65-plus"]),
        (120, 121, ["65-plus"]),
    ],
)
def test_age_bands(age_min: int | None, age_max: int | None, bands: list[str]) -> None:
    assert list(age_bands(age_min, age_max)) == bands


def aged(kind: str, checked: str | None, due: str | None = None, **overrides: Any) -> EntryView:
    return make_view(kind, make_entry(kind, **overrides), checked_at=checked, review_due=due)


@pytest.mark.parametrize(
    ("kind", "dates", "stale_from", "expired_from"),
    [
        ("intervention", ("2024-01-31", "2026-01-31"), "2026-04-30", None),
        ("method", ("2024-05-15", "2026-05-15"), "2026-08-15", None),
        ("lesson", ("2024-05-15", "2027-05-15"), "2027-08-15", None),
        ("story", ("2020-05-15", "2025-05-15"), None, None),
        ("training", ("2026-02-28", "2027-02-28"), "2027-02-28", "2028-02-28"),
        ("help-offer", ("2026-01-01", "2026-07-01"), "2026-06-30", "2027-01-01"),
    ],
)
def test_ageing_begins_on_the_day_of_the_table(
    kind: str, dates: tuple[str, str], stale_from: str | None, expired_from: str | None
) -> None:
    view = aged(kind, *dates)
    for name, first in (("is_stale", stale_from), ("is_expired", expired_from)):
        if first is None:
            assert not getattr(derive(view, date(2099, 1, 1)), name)
        else:
            day = date.fromisoformat(first)
            assert getattr(derive(view, day), name)
            assert not getattr(derive(view, day - timedelta(days=1)), name)


@pytest.mark.req("T21")
@pytest.mark.parametrize(("days", "stale", "expired"), [(179, False, False), (181, True, False), (366, True, True)])
def test_a_help_offer_ages_by_days(days: int, stale: bool, expired: bool) -> None:
    found = derive(aged("help-offer", (TODAY - timedelta(days=days)).isoformat()), TODAY)
    assert (found.is_stale, found.is_expired) == (stale, expired)


@pytest.mark.parametrize("kind", ["training", "help-offer"])
def test_help_that_nobody_checked_counts_as_expired(kind: str) -> None:
    found = derive(aged(kind, None), TODAY)
    assert found.is_stale
    assert found.is_expired


def test_an_assessed_kind_expires_with_its_leading_recognition() -> None:
    view = aged("intervention", "2026-01-01", recognitions=[make_recognition(awarded="2021-11")])
    assert not derive(view, date(2026, 11, 1)).is_expired
    found = derive(view, date(2026, 11, 2))
    assert found.is_expired
    assert found.recognition_status == "verlopen"


@pytest.mark.parametrize(
    ("kind", "checked_at", "expired"),
    [("training", "2024-11-25", False), ("training", "2024-11-24", True),
     ("help-offer", "2025-11-25", False), ("help-offer", "2025-11-24", True), ("lesson", "1990-01-01", False)],
)  # fmt: skip
def test_a_check_date_alone_can_expire(kind: str, checked_at: str, expired: bool) -> None:
    assert is_expired(kind, checked_at, TODAY) is expired


def test_what_was_derived_holds_until_the_first_day_that_changes_it() -> None:
    view = aged("help-offer", "2026-11-01")
    found = derive(view, TODAY)
    assert found.holds_until == date(2027, 4, 30)
    assert derive(view, found.holds_until - timedelta(days=1)).is_stale == found.is_stale
    later = derive(view, found.holds_until)
    assert later.is_stale
    assert later.holds_until == date(2027, 11, 1)
    assert derive(view, later.holds_until).holds_until is None


def test_every_recognition_can_change_what_leads() -> None:
    two = [make_recognition(awarded="2024"), make_recognition(awarded="2023", bodyId=ORGANISATION)]
    found = derive(aged("method", "2026-01-01", sources=[_source()], recognitions=two), TODAY)
    assert found.holds_until == date(2028, 1, 2)


def _source(**more: Any) -> dict[str, Any]:
    return {"title": "Verslag", "publisher": "Uitgever", "year": 2016, "kind": "report", **more}


def test_a_topic_brings_its_parent() -> None:
    found = derive(make_view(document=make_entry(topics=["aanpak.opvang", "aanpak.recht"])), TODAY)
    assert found.topic_path == ("aanpak", "aanpak.opvang", "aanpak.recht")


@pytest.mark.req("T19")
@pytest.mark.parametrize(
    ("regions", "path"),
    [(["vr25"], ("nl-fl", "vr25")), (["nl"], ("nl",)), (["vr25", "nl"], ("nl", "nl-fl", "vr25")),
     (["buitenland"], ("buitenland",)), (["nl-cn"], ("nl-cn",))],
)  # fmt: skip
def test_the_country_is_in_the_path_only_when_named(regions: list[str], path: tuple[str, ...]) -> None:
    assert set(derive(make_view(document=make_entry(regions=regions)), TODAY).region_path) == set(path)


@pytest.mark.parametrize(
    ("kind", "overrides", "published", "year"),
    [
        ("intervention", {"usedSince": 2013}, "2026-04-01T09:00:00Z", 2013),
        ("lesson", {"eventDate": "2019-06-05"}, "2026-04-01T09:00:00Z", 2019),
        ("method", {"sources": [_source(), _source(title="Later verslag", year=2020)]}, "2026-04-01T09:00:00Z", 2020),
        ("method", {}, "2026-04-01T09:00:00Z", 2026),
        ("method", {}, None, None),
    ],
)
def test_year(kind: str, overrides: dict[str, Any], published: str | None, year: int | None) -> None:
    assert derive(make_view(kind, make_entry(kind, **overrides), published_at=published), TODAY).year == year


@pytest.mark.parametrize(
    ("kind", "overrides", "types"),
    [("intervention", {}, ("geen",)), ("method", {}, ("geen",)),
     ("lesson", {}, ("ervaringskennis", "bijeenkomst")), ("story", {}, ()),
     ("intervention", {"evidence": [make_study(), make_study(type="rct", title="Ander onderzoek")]}, ("quasi", "rct"))],
)  # fmt: skip
def test_evidence_types(kind: str, overrides: dict[str, Any], types: tuple[str, ...]) -> None:
    assert derive(make_view(kind, make_entry(kind, **overrides)), TODAY).evidence_types == types


@pytest.mark.parametrize("kind", ["lesson", "story", "training", "help-offer"])
def test_kinds_that_nobody_assesses_have_no_band(kind: str) -> None:
    found = derive(make_view(kind), TODAY)
    assert (found.evidence_band, found.evidence_direction, found.recognition_facet) == (None, None, None)
    assert found.evidence_rank == 0


def _marks(*organisations: str) -> tuple[dict[str, Any], ...]:
    return tuple({"organisationId": o, "appliedOn": "2026-01-01", "isApproved": True} for o in organisations)


@pytest.mark.parametrize(
    ("kind", "organisations", "confirmed"),
    [("lesson", "abc", True), ("method", "abc", True), ("lesson", "ab", False), ("lesson", "aab", False),
     ("lesson", ["a", "b", ORGANISATION], False), ("intervention", "abc", False)],
)  # fmt: skip
def test_confirmed_by_three_organisations_other_than_the_contributor(
    kind: str, organisations: Any, confirmed: bool
) -> None:
    contributor = {"background": "professional", "organisationId": ORGANISATION}
    view = make_view(kind, make_entry(kind, contributor=contributor), approved_marks=_marks(*organisations))
    assert derive(view, TODAY).is_confirmed is confirmed


def test_completeness_is_the_share_of_optional_fields() -> None:
    bare = derive(make_view(), TODAY).completeness
    fuller = derive(make_view(document=make_entry(theory="Hechting en gedragstherapie.")), TODAY)
    assert bare == 0
    assert fuller.completeness == pytest.approx(1 / len(KINDS["intervention"].optional_fields))


def test_label_text_holds_the_words_a_reader_would_type() -> None:
    document = make_entry(
        topics=["aanpak.opvang"], audiences=["wijkteam", "slachtoffer-zelf"], settings=["opvang"], regions=["vr25"],
        programmes=["kansrijke-start"],
    )  # fmt: skip
    organisation = organisation_view(names=("HVDW", "Windhuis"))
    view = make_view(document=document, organisations={ORGANISATION: organisation})
    lines = derive(view, TODAY).label_text.split("\n")
    wanted = {"Interventie", "Groepsprogramma", "Aanpak", "Opvang en onderdak", "Slachtoffers",
              "Veiligheidsregio Flevoland", "Wijkteam en sociaal werk", "Kansrijke Start", "Huis van de Wind", "HVDW",
              "Windhuis"}  # fmt: skip
    assert wanted <= set(lines)
    assert not [line for line in lines if line.startswith("Voor mij")]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [("2026-08-31", 6, "2027-02-28"), ("2024-02-29", 12, "2025-02-28"), ("2026-12-15", 1, "2027-01-15"),
     ("2027-08-31", 6, "2028-02-29"), ("2026-01-01", 0, "2026-01-01")],
)  # fmt: skip
def test_months_end_on_the_last_day_of_a_shorter_month(start: str, months: int, end: str) -> None:
    assert add_months(date.fromisoformat(start), months).isoformat() == end


def test_relation_kinds_are_those_of_the_model() -> None:
    assert vocabularies()["relation-kinds"].codes == (
        "about", "part-of", "variant-of", "successor-of", "trains-for", "offers", "learned-from", "similar-to",
        "contradicts",
    )  # fmt: skip


ALL = tuple(KINDS)
MEASURES = ("intervention", "method")
SERVED = (*MEASURES, "training", "help-offer")
ALLOWED = {
    "about": {(a, b) for a in ("lesson", "story") for b in SERVED},
    "part-of": {(a, b) for a in MEASURES for b in MEASURES},
    "variant-of": {(a, b) for a in MEASURES for b in MEASURES},
    "successor-of": {*((a, a) for a in SERVED), ("intervention", "method"), ("method", "intervention")},
    "trains-for": {("training", b) for b in MEASURES},
    "offers": {("help-offer", b) for b in MEASURES},
    "learned-from": {("lesson", b) for b in (*SERVED, "story")},
    "similar-to": {(a, b) for a in ALL for b in ALL if "story" not in (a, b)},
    "contradicts": {(a, b) for a in (*MEASURES, "lesson") for b in (*MEASURES, "lesson")},
}


@pytest.mark.parametrize("code", ALLOWED)
def test_which_kinds_a_relation_joins(code: str) -> None:
    found = {(a, b) for a in ALL for b in ALL if fits(relation_kind(code), a, b)}
    assert found == ALLOWED[code]


def test_only_a_symmetric_pair_is_the_same_both_ways() -> None:
    assert pair_of("similar-to", ENTRY, OTHER_ENTRY) == pair_of("similar-to", OTHER_ENTRY, ENTRY)
    assert pair_of("part-of", ENTRY, BODY) is None


def test_inverses_and_circles() -> None:
    assert inverse("about") == ("discussed-in", relation_kind("about").extra["inverseLabels"])
    assert inverse("similar-to")[0] == "similar-to"
    assert {c for c in ALLOWED if not may_close_circle(c)} == {"part-of", "variant-of", "successor-of"}
