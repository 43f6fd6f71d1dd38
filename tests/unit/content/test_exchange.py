"""Import and export: what goes out comes back, and what is wrong is said per line."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import func, select

from kennis.content import entries, exchange, reading, tracks
from kennis.content.arrivals import Loading
from kennis.content.exchange import Report
from kennis.store import Store
from kennis.store.models import Audit, Change, Entry, FragmentRow, IndexJob, Organisation, Review, Revision
from tests import databases
from tests.factories import BODY, ORGANISATION, OTHER_ENTRY, make_entry, make_organisation, make_typical
from tests.unit.content.desk import (
    ADMIN,
    CONTEXT,
    EDITOR,
    SECOND,
    a_draft,
    bring_to_review,
    later,
    published,
    shown,
)

# Entries of a batch, so that a few lines are more than one.
SMALL = 5
ONE = "11111111-1111-4111-8111-111111111111"
TWO = "22222222-2222-4222-8222-222222222222"
THREE = "33333333-3333-4333-8333-333333333333"
KINDS = ("intervention", "method", "lesson", "story", "training", "help-offer")
# What the importer sets itself, so that it may differ between two databases.
OWN = ("createdAt", "updatedAt", "publishedAt", "version")


def organisation(organisation_id: str = ORGANISATION, **overrides: Any) -> bytes:
    return orjson.dumps({"kind": "organisation", "id": organisation_id, **make_organisation(**overrides)})


def line(kind: str = "method", entry_id: str | None = ONE, **overrides: Any) -> bytes:
    document = {"kind": kind, **({"id": entry_id} if entry_id else {}), **make_entry(kind, **overrides)}
    if kind == "story":
        document["isExample"] = True
    return orjson.dumps(document)


def load(store: Store, *lines: bytes, **options: Any) -> Report:
    return exchange.import_lines(store, [organisation(), *lines], CONTEXT, size=SMALL, **options)


def exported(store: Store, **options: Any) -> list[dict[str, Any]]:
    with store.reading() as session:
        return [orjson.loads(made) for made in exchange.export(session, **options)]


def only(store: Store, kind: str | None = None) -> dict[str, Any]:
    found = [d for d in exported(store) if d["kind"] != "organisation" and kind in (None, d["kind"])]
    assert len(found) == 1
    return found[0]


def pointers(report: Report) -> list[tuple[int, str | None]]:
    return [(p.line, p.problem.pointer) for p in report.problems]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_loaded_published_and_rendered(store: Store, kind: str) -> None:
    report = load(store, line(kind))
    assert report.problems == []
    assert (report.entries.created, report.organisations.created) == (1, 1)
    with store.reading() as session:
        entry = session.get_one(Entry, ONE)
        assert (entry.status, entry.version, entry.created_by, entry.owned_by) == ("published", 1, "import", "import")
        assert {r.outcome for r in session.scalars(select(Review))} == {"imported"}
        assert session.scalars(select(IndexJob.entry_id)).all() == [ONE]
        assert session.scalars(select(Change.action)).all() == ["published"]
        assert session.scalars(select(FragmentRow.entry_id)).all() == [ONE]
        assert [a.operation for a in session.scalars(select(Audit))] == ["load_organisation", "load"]
    assert store.generation() == 1


def test_loading_writes_what_publishing_by_hand_writes(store: Store, tmp_path: Path) -> None:
    """Two ways to the same public bytes."""
    with store.transaction() as session:
        entry = published(session, "intervention", title="Met de hand")
        entry_id = entry.id
    by_hand = exported(store)
    other = Store(databases.configured(tmp_path / "other").database_url)
    other.upgrade()
    exchange.import_lines(other, [orjson.dumps(d) for d in by_hand], CONTEXT)
    for shape in ("card", "full"):
        for language in ("nl", "en"):
            by_steps = shown(store, entry_id, shape, language)
            assert by_steps is not None
            # How a track was judged is all that differs.
            assert by_steps.replace(b'"imported":false', b'"imported":true') == shown(other, entry_id, shape, language)
    other.close()


def test_an_export_imports_back_the_same(store: Store, tmp_path: Path) -> None:
    other_body = organisation(BODY, name="Erkenningscommissie", parentId=ORGANISATION)
    relations = [{"kind": "about", "targetId": OTHER_ENTRY}]
    lines = [
        organisation(), other_body,
        orjson.dumps({"kind": "lesson", "id": ONE, **make_typical("lesson", relations=relations)}),
        orjson.dumps({"kind": "method", "id": OTHER_ENTRY, **make_typical("method", relations=None)}),
        orjson.dumps({"kind": "intervention", "id": TWO, **make_typical("intervention", checkedAt=None)}),
        line("story", THREE),
        line("help-offer", None, status="archived", archiveReason="owner-stopped", replacedById=TWO),
        line("training", None, checkedAt=None),
    ]  # fmt: skip
    report = exchange.import_lines(store, lines, CONTEXT)
    assert report.problems == []
    assert report.entries.created == 6
    first = exported(store)
    assert [d["kind"] for d in first[:2]] == ["organisation", "organisation"]
    again = exchange.import_lines(store, [orjson.dumps(d) for d in first], CONTEXT)
    assert again.problems == []
    assert (again.entries.unchanged, again.entries.created, again.entries.updated) == (6, 0, 0)
    assert exported(store) == first
    other = Store(databases.configured(tmp_path / "other").database_url)
    other.upgrade()
    moved = exchange.import_lines(other, [orjson.dumps(d) for d in first], later(200))
    assert moved.problems == []
    second = exported(other)
    assert [_without_own(d) for d in second] == [_without_own(d) for d in first]
    other.close()


def _without_own(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in OWN}


def test_labels_derived_and_links_are_ignored(store: Store) -> None:
    extra: dict[str, Any] = {
        "labels": {"kind": "x"},
        "derived": {"isStale": True},
        "links": {},
        "version": 9,
        "reviewDue": "2020-01-01",
    }
    assert load(store, line(**extra)).problems == []
    assert only(store)["version"] == 1


def test_a_check_date_is_kept(store: Store) -> None:
    load(store, line("help-offer", checkedAt="2026-11-10"), line("method", TWO))
    with store.reading() as session:
        assert session.get_one(Entry, ONE).checked_at == "2026-11-10"
        assert session.get_one(Entry, ONE).review_due == "2027-05-10"
        assert session.get_one(Entry, TWO).checked_at == "2026-11-24"
    other = line("lesson", THREE)[:-1] + b',"checkedAt":"2025-02-03"}'
    load(store, other)
    with store.reading() as session:
        assert session.get_one(Entry, THREE).checked_at == "2025-02-03"


def test_every_problem_of_every_line_is_reported_and_its_batch_not_stored(store: Store) -> None:
    report = load(
        store,
        line("method", ONE),
        b"{not json",
        b"[1]",
        b"",
        line("method", TWO, title="x", summary="kort"),
        orjson.dumps({"kind": "metod", "title": "Iets"}),
        line("method", "no-id"),
        line("method", THREE, relations=[{"kind": "similar-to", "targetId": THREE}]),
        line("lesson", None, status="draft"),
        line("training", None, organisations=[{"organisationId": TWO, "role": "provider"}]),
        line("story", None)[:-1].replace(b'"isExample":true', b'"isExample":false') + b"}",
    )
    assert pointers(report) == [
        (3, ""), (4, ""), (6, "/title"), (6, "/summary"), (7, "/kind"), (8, "/id"),
        (9, "/relations/0/targetId"), (10, "/status"), (11, "/organisations/0/organisationId"), (12, "/isExample"),
    ]  # fmt: skip
    assert report.entries.created == 0
    assert [d["kind"] for d in exported(store)] == ["organisation"]


def test_other_batches_are_stored(store: Store) -> None:
    good = [line("lesson", None, title=f"Les nummer {n}") for n in range(SMALL)]
    report = load(store, *good, line("lesson", None, title="x"))
    assert report.entries.created == SMALL
    assert pointers(report) == [(SMALL + 2, "/title")]


def test_matched_by_external_id_first_then_by_id(store: Store) -> None:
    named = [{"system": "movisie", "id": "vsv"}]
    load(store, line("method", ONE, externalIds=named))
    report = load(store, line("method", TWO, externalIds=named, title="Nieuwe titel"))
    assert (report.entries.updated, report.entries.created) == (1, 0)
    assert (only(store)["id"], only(store)["title"], only(store)["version"]) == (ONE, "Nieuwe titel", 2)
    report = load(store, line("method", ONE, title="Nog een titel"))
    assert only(store)["title"] == "Nog een titel"
    with store.reading() as session:
        assert [c.action for c in session.scalars(select(Change).order_by(Change.id))] == [
            "published", "updated", "updated",
        ]  # fmt: skip
        assert session.scalars(select(Revision.version)).all() == [1, 2, 3]


def test_a_track_that_was_passed_before_is_not_told_of_what_was_loaded(store: Store) -> None:
    with store.transaction() as session:
        entry = bring_to_review(session, a_draft(session))
        entries.approve(session, entry.id, "editorial", SECOND, later(1))
        entries.publish(session, entry.id, EDITOR, later(tracks.DAYS_UNTIL_PASSED + 1))
        entry_id = entry.id
        assert reading.view(session, [entry_id])[0].passed_tracks == ("experience", "practice")
    (document,) = (found for found in exported(store) if found["id"] == entry_id)
    report = exchange.import_lines(store, [orjson.dumps({**document, "title": "Nieuwe titel"})], later(40))
    assert (report.problems, report.entries.updated) == ([], 1)
    with store.reading() as session:
        view = reading.view(session, [entry_id])[0]
    assert view.passed_tracks == ()
    assert {review["track"] for review in view.reviews} == {"editorial", "experience", "practice"}


def test_relations_follow_what_was_matched(store: Store) -> None:
    """The target has another id here than in the file, and comes later in it."""
    named = [{"system": "movisie", "id": "vsv"}]
    load(store, line("method", ONE, externalIds=named))
    lesson = line("lesson", THREE, relations=[{"kind": "about", "targetId": TWO}])
    report = load(store, lesson, line("method", TWO, externalIds=named))
    assert report.problems == []
    assert only(store, "lesson")["relations"] == [{"kind": "about", "targetId": ONE}]


@pytest.mark.parametrize("distance", [1, SMALL + 5])
def test_relations_may_name_what_comes_later(store: Store, distance: int) -> None:
    filler = [line("lesson", None, title=f"Les nummer {n}") for n in range(distance)]
    first = line("lesson", ONE, relations=[{"kind": "about", "targetId": TWO}])
    report = load(store, first, *filler, line("method", TWO))
    assert report.problems == []
    found = next(d for d in exported(store) if d["id"] == ONE)
    assert found["relations"] == [{"kind": "about", "targetId": TWO}]
    assert found["version"] == 1
    assert TWO.encode() in (shown(store, ONE, "full") or b"")
    with store.reading() as session:
        entry = session.get_one(Entry, ONE)
        jobs = session.scalars(select(IndexJob.index_version).where(IndexJob.entry_id == ONE)).all()
        assert entry.index_version == max(jobs)
        assert session.get_one(Revision, (ONE, 1)).content == entry.content


def test_a_relation_to_nothing_is_reported_and_the_rest_is_there(store: Store) -> None:
    later_here = line("lesson", THREE, relations=[{"kind": "about", "targetId": OTHER_ENTRY}])
    to_nothing = line("lesson", ONE, relations=[{"kind": "about", "targetId": TWO}])
    report = load(store, to_nothing, later_here, line("method", OTHER_ENTRY))
    assert report.problems == []
    assert [(p.line, p.problem.pointer) for p in report.untied] == [(2, "/relations/0/targetId")]
    found = {d["id"]: d.get("relations") for d in exported(store)}
    assert found[ONE] is None
    assert found[THREE] == [{"kind": "about", "targetId": OTHER_ENTRY}]


def test_a_circle_within_a_file_is_refused(store: Store) -> None:
    def part_of(entry_id: str, target: str) -> bytes:
        return line("method", entry_id, relations=[{"kind": "part-of", "targetId": target}])

    report = load(store, part_of(ONE, TWO), part_of(TWO, THREE), part_of(THREE, ONE))
    assert {p.problem.message.en for p in report.problems} == {"This relation would close a circle."}
    assert report.entries.created == 0


def test_the_same_id_twice_is_refused(store: Store) -> None:
    assert pointers(load(store, line("method", ONE), line("method", ONE))) == [(3, "/id")]


def test_an_id_of_another_kind_is_refused(store: Store) -> None:
    load(store, line("method", ONE))
    assert pointers(load(store, line("lesson", ONE))) == [(2, "/id")]


def test_what_was_withdrawn_is_not_loaded_again(store: Store) -> None:
    load(store, line("method", ONE))
    with store.transaction() as session:
        entries.withdraw(session, ONE, ADMIN, CONTEXT)
    report = load(store, line("method", ONE))
    assert [p.problem.message.en for p in report.problems] == ["This was withdrawn and will not return."]


def test_what_is_under_review_is_not_overwritten(store: Store) -> None:
    load(store, line("method", ONE))
    with store.transaction() as session:
        entries.archive(session, ONE, "outdated", EDITOR, CONTEXT)
    report = load(store, line("method", ONE, title="Toch weer"))
    assert (report.entries.kept, report.problems) == (1, [])
    with store.transaction() as session:
        entries.restore(session, ONE, EDITOR, CONTEXT)
    assert pointers(load(store, line("method", ONE, title="Toch weer"))) == [(2, "/id")]


@pytest.mark.parametrize("kind", ["training", "help-offer"])
def test_what_nobody_checked_waits_as_archived(store: Store, kind: str) -> None:
    load(store, line(kind, checkedAt=None, checkedBy=None))
    with store.reading() as session:
        entry = session.get_one(Entry, ONE)
        assert (entry.status, entry.archive_reason) == ("archived", "not-checked")
        assert (entry.checked_at, entry.checked_by, entry.review_due) == (None, None, None)
        assert session.scalars(select(Change.action)).all() == ["archived"]
    report = load(store, line(kind, checkedAt="2026-11-20", checkedBy=None))
    assert report.entries.updated == 1
    with store.reading() as session:
        entry = session.get_one(Entry, ONE)
        assert (entry.status, entry.archive_reason, entry.checked_at) == ("published", None, "2026-11-20")
        assert session.scalars(select(Audit.operation).where(Audit.subject_id == ONE)).all() == [
            "load", "restore", "publish",
        ]  # fmt: skip
    assert shown(store, ONE)


def test_a_new_help_offer_checked_long_ago_is_refused_but_an_exported_one_keeps_its_date(store: Store) -> None:
    old = line("help-offer", checkedAt="2026-08-01")
    assert pointers(load(store, old)) == [(2, "/checkedAt")]
    was_public = line("help-offer", checkedAt="2026-08-01", publishedAt="2026-08-01T10:00:00Z")
    assert load(store, was_public).problems == []
    too_old = line("help-offer", TWO, checkedAt="2025-11-01", publishedAt="2025-11-01T10:00:00Z")
    load(store, too_old)
    with store.reading() as session:
        assert session.get_one(Entry, ONE).status == "published"
        assert session.get_one(Entry, TWO).archive_reason == "not-checked"


@pytest.mark.parametrize(
    ("kind", "checked"),
    [("training", None), ("training", "2026-11-19"), ("help-offer", "2025-01-01"), ("help-offer", "2026-11-19")],
)
def test_other_text_than_was_checked_last_is_refused(store: Store, kind: str, checked: str | None) -> None:
    load(store, line(kind, checkedAt="2026-11-20"))
    before = shown(store, ONE, "full")
    assert pointers(load(store, line(kind, checkedAt=checked, checkedBy=None, title="Anders"))) == [(2, "/checkedAt")]
    assert load(store, line(kind, checkedAt=checked, checkedBy=None)).entries.unchanged == 1
    assert shown(store, ONE, "full") == before
    assert load(store, line(kind, checkedAt="2026-11-20", title="Anders")).entries.updated == 1


def test_a_day_on_which_somebody_looked_can_be_given_for_all(store: Store) -> None:
    loading = Loading("import", checked_on=CONTEXT.today)
    load(store, line("help-offer", checkedAt=None, checkedBy=None), loading=loading)
    assert (only(store)["checkedAt"], only(store)["checkedBy"]) == ("2026-11-24", "editors")


def test_a_dry_run_reports_everything_and_keeps_nothing(store: Store) -> None:
    report = load(
        store,
        line("lesson", ONE, relations=[{"kind": "about", "targetId": TWO}]),
        *[line("lesson", None, title=f"Les nummer {n}") for n in range(SMALL)],
        line("method", TWO),
        dry_run=True,
    )
    assert report.entries.created == SMALL + 2
    assert report.problems == []
    assert exported(store) == []
    assert store.generation() == 0
    assert pointers(load(store, line("method", ONE, title="x"), dry_run=True)) == [(2, "/title")]


def test_progress_tells_how_many_lines_are_done(store: Store) -> None:
    told: list[int] = []
    load(store, *[line("lesson", None, title=f"Les nummer {n}") for n in range(SMALL + 1)], progress=told.append)
    assert told == [1, SMALL + 1, SMALL + 2]


def test_archived_entries_can_be_left_out_of_an_export(store: Store) -> None:
    load(store, line("method", ONE), line("method", TWO, status="archived", archiveReason="outdated"))
    assert [d["id"] for d in exported(store)[1:]] == [ONE, TWO]
    assert [d["id"] for d in exported(store, include_archived=False)[1:]] == [ONE]


def test_an_entry_archived_in_the_file_is_archived_here(store: Store) -> None:
    load(store, line("method", ONE))
    report = load(store, line("method", ONE, status="archived", archiveReason="outdated"))
    assert report.entries.updated == 1
    assert only(store)["archiveReason"] == "outdated"
    assert shown(store, ONE) is None
    assert pointers(load(store, line("method", TWO, status="archived", archiveReason="bored"))) == [
        (2, "/archiveReason")
    ]


def test_a_story_that_stays_here_is_not_exported(store: Store) -> None:
    from kennis.content.clearance import Clearance
    from tests.unit.content.desk import SECOND, a_draft, approve_all, bring_to_review

    with store.transaction() as session:
        story = bring_to_review(session, a_draft(session, "story"))
        approve_all(session, story.id)
        entries.publish(session, story.id, SECOND, CONTEXT, cleared=Clearance(True, False))
    assert [d["kind"] for d in exported(store)] == ["organisation"]


def test_equal_titles_in_one_file_get_addresses_of_their_own(store: Store) -> None:
    load(store, line("method", ONE, title="Zelfde"), line("lesson", TWO, title="Zelfde"))
    assert {d["slug"] for d in exported(store)[1:]} == {"zelfde", "zelfde-2"}
    load(store, line("lesson", THREE, title="Zelfde", slug="eigen-adres"))
    assert next(d for d in exported(store) if d["id"] == THREE)["slug"] == "eigen-adres"


# Organisations


def test_organisations_may_name_each_other_in_any_order(store: Store) -> None:
    lines = [organisation(ONE, name="Deel", parentId=TWO), organisation(TWO, name="Geheel", mergedIntoId=THREE),
             organisation(THREE, name="Opvolger")]  # fmt: skip
    report = exchange.import_lines(store, lines, CONTEXT)
    assert (report.organisations.created, report.problems) == (3, [])
    with store.reading() as session:
        assert session.get_one(Organisation, TWO).merged_into_id == THREE
    again = exchange.import_lines(store, [orjson.dumps(d) for d in exported(store)], CONTEXT)
    assert again.organisations.unchanged == 3


def test_the_same_organisation_twice_is_refused(store: Store) -> None:
    report = load(store, organisation(name="Nog een keer"))
    assert pointers(report) == [(2, "/id")]
    assert exported(store) == []


def test_organisations_are_checked_per_line(store: Store) -> None:
    report = exchange.import_lines(
        store,
        [organisation(ONE, name="x"), organisation(TWO, parentId=THREE), organisation(THREE, parentId=THREE),
         organisation(None, externalIds=[{"system": "other", "id": "1"}]),  # type: ignore[arg-type]
         organisation(BODY, externalIds=[{"system": "other", "id": "1"}])],
        CONTEXT,
    )  # fmt: skip
    assert (1, "/name") in pointers(report)
    assert report.organisations.created == 0


def test_a_changed_organisation_reaches_its_entries(store: Store) -> None:
    load(store, line("training"))
    report = exchange.import_lines(store, [organisation(name="Een nieuwe naam")], CONTEXT)
    assert report.organisations.updated == 1
    assert b"Een nieuwe naam" in (shown(store, ONE) or b"")


def test_rows_of_an_import_are_no_fewer_than_the_entries(store: Store) -> None:
    load(store, *[line("lesson", None, title=f"Les nummer {n}") for n in range(7)])
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Revision)) == 7
        assert session.scalar(select(func.count()).select_from(FragmentRow)) == 7


NAMED = [{"system": "movisie", "id": "vsv"}]


@pytest.mark.parametrize(
    ("kind", "given", "pointer"),
    [
        ("method", {"status": "archived", "archiveReason": ["outdated"]}, "/archiveReason"),
        ("method", {"status": "archived", "archiveReason": "merged"}, "/replacedById"),
        ("method", {"status": "archived", "archiveReason": "merged", "replacedById": [TWO]}, "/replacedById"),
        ("method", {"status": "archived", "archiveReason": "merged", "replacedById": "x"}, "/replacedById"),
        ("method", {"status": "archived", "archiveReason": "merged", "replacedById": ONE}, "/replacedById"),
        ("method", {"status": ["published"]}, "/status"),
        ("method", {"checkedAt": "gisteren"}, "/checkedAt"),
        ("method", {"checkedAt": "2999-01-01"}, "/checkedAt"),
        ("method", {"revisions": "x"}, "/revisions"),
        ("method", {"revisions": ["x"]}, "/revisions/0"),
        ("lesson", {"revisions": [make_entry("lesson", title=7)]}, "/revisions/0/title"),
    ],
)
def test_a_system_field_that_makes_no_sense_is_named(
    store: Store, kind: str, given: dict[str, Any], pointer: str
) -> None:
    made = orjson.dumps({"kind": kind, "id": ONE, **make_entry(kind), **given})
    assert pointers(load(store, made)) == [(2, pointer)]


def test_a_byte_order_mark_and_windows_line_ends_are_read_over(store: Store) -> None:
    lines = [b"\xef\xbb\xbf" + organisation() + b"\r\n", line("method") + b"\r\n", b"\r\n"]
    report = exchange.import_lines(store, lines, CONTEXT)
    assert (report.problems, report.entries.created) == ([], 1)


def test_an_organisation_is_matched_by_external_id_first_and_what_names_it_follows(store: Store) -> None:
    load(store, organisation(BODY, name="Erkenningscommissie", externalIds=NAMED))
    part = organisation(THREE, name="Een onderdeel", parentId=TWO)
    named = line("training", ONE, organisations=[{"organisationId": TWO, "role": "provider"}])
    renamed = organisation(TWO, name="Nieuwe naam", externalIds=NAMED)
    report = exchange.import_lines(store, [renamed, part, named], CONTEXT)
    assert report.problems == []
    assert (report.organisations.updated, report.organisations.created) == (1, 1)
    found = {d["id"]: d for d in exported(store)}
    assert TWO not in found
    assert found[BODY]["name"] == "Nieuwe naam"
    assert found[THREE]["parentId"] == BODY
    assert found[ONE]["organisations"][0]["organisationId"] == BODY


def test_an_organisation_with_the_names_of_two_is_the_first_and_the_second_name_is_refused(store: Store) -> None:
    other = [{"system": "wikidata", "id": "Q1"}]
    there = [organisation(BODY, name="Een", externalIds=NAMED), organisation(TWO, name="Twee", externalIds=other)]
    assert exchange.import_lines(store, there, CONTEXT).problems == []
    both = organisation(THREE, name="Van twee", externalIds=[*NAMED, *other])
    names = [line("training", entry_id, organisations=[{"organisationId": of, "role": "provider"}])
             for entry_id, of in ((ONE, BODY), (OTHER_ENTRY, THREE))]  # fmt: skip
    report = exchange.import_lines(store, [both, *names], CONTEXT)
    assert pointers(report) == [(1, "/externalIds/1/id")]
    found = {d["id"]: d for d in exported(store)}
    assert [found[i]["organisations"][0]["organisationId"] for i in (ONE, OTHER_ENTRY)] == [BODY, BODY]
    assert [found[i]["name"] for i in (BODY, TWO)] == ["Een", "Twee"]


def test_the_same_organisation_in_another_batch_is_refused(store: Store) -> None:
    apart = exchange.import_lines(store, [organisation(BODY), line("lesson"), organisation(BODY)], CONTEXT)
    assert (3, "/id") in pointers(apart)


def test_organisations_merge_into_no_circle_with_what_is_there(store: Store) -> None:
    load(store, organisation(BODY, name="Oude naam", mergedIntoId=ORGANISATION))
    assert (1, "/mergedIntoId") in pointers(
        exchange.import_lines(store, [organisation(ORGANISATION, mergedIntoId=BODY)], CONTEXT)
    )
    assert pointers(exchange.import_lines(store, [organisation(BODY, mergedIntoId=5)], CONTEXT)) == [
        (1, "/mergedIntoId")
    ]


def test_an_organisation_that_is_merged_later_shows_its_new_name(store: Store) -> None:
    named = line("training", ONE, organisations=[{"organisationId": ORGANISATION, "role": "provider"}])
    load(store, named, organisation(BODY, name="De nieuwe naam"))
    report = exchange.import_lines(store, [organisation(mergedIntoId=BODY)], CONTEXT)
    assert (report.problems, report.organisations.updated) == ([], 1)
    assert b"De nieuwe naam" in (shown(store, ONE, "card") or b"")
