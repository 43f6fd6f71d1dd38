"""The second pass of an import: a link that cannot be made is told, and holds up no other."""

from typing import Any

import pytest
from sqlalchemy import select

from kennis.content import entries, exchange
from kennis.store import Store
from kennis.store.models import Change, Entry
from tests.unit.content.desk import ADMIN, CONTEXT, EDITOR
from tests.unit.content.test_exchange import ONE, SMALL, THREE, TWO, exported, line, load

NOWHERE = "99999999-9999-4999-8999-999999999999"


def about(*targets: str) -> list[dict[str, str]]:
    return [{"kind": "about", "targetId": target} for target in targets]


def a_batch() -> list[bytes]:
    """So many lines that what stands behind them is stored later."""
    return [line("lesson", None, title=f"Les nummer {n}") for n in range(SMALL)]


def untied(report: exchange.Report) -> list[tuple[int, str | None]]:
    return [(p.line, p.problem.pointer) for p in report.untied]


def relations(store: Store, entry_id: str) -> list[Any]:
    with store.reading() as session:
        return list(session.get_one(Entry, entry_id).content.get("relations", []))


def test_a_link_that_cannot_be_made_leaves_the_others_of_its_entry(store: Store) -> None:
    load(store, line("method", TWO))
    first = line("lesson", ONE, relations=about(NOWHERE, TWO, THREE))
    report = load(store, first, *a_batch(), line("method", THREE))
    assert untied(report) == [(2, "/relations/0/targetId")]
    assert relations(store, ONE) == about(TWO, THREE)


def test_each_wrong_link_is_told_by_its_place_in_the_file(store: Store) -> None:
    first = line("lesson", ONE, relations=[*about(THREE, NOWHERE), {"kind": "about", "targetId": TWO}])
    report = load(store, first, *a_batch(), line("lesson", TWO), line("method", THREE))
    assert untied(report) == [(2, "/relations/1/targetId"), (2, "/relations/2/kind")]
    assert relations(store, ONE) == about(THREE)


def test_a_successor_that_is_nowhere_is_not_stored_and_takes_no_place(store: Store) -> None:
    def archived(successor: str) -> bytes:
        return line("method", ONE, status="archived", archiveReason="duplicate", replacedById=successor)

    assert untied(load(store, archived(NOWHERE))) == [(2, "/replacedById")]
    with store.reading() as session:
        assert session.get_one(Entry, ONE).replaced_by_id is None
    assert untied(load(store, archived(TWO), line("method", TWO))) == []
    assert untied(load(store, archived(NOWHERE))) == [(2, "/replacedById")]
    with store.reading() as session:
        assert session.get_one(Entry, ONE).replaced_by_id == TWO


def test_what_is_left_alone_keeps_its_relations(store: Store) -> None:
    load(store, line("lesson", ONE))
    with store.transaction() as session:
        entries.archive(session, ONE, "unsafe", EDITOR, CONTEXT)
        before = session.get_one(Entry, ONE).row_version, session.scalars(select(Change.id)).all()
    report = load(store, line("lesson", ONE, relations=about(TWO)), *a_batch(), line("method", TWO))
    assert report.entries.kept == 1
    assert relations(store, ONE) == []
    with store.reading() as session:
        changes = session.scalars(select(Change.id).where(Change.entry_id == ONE)).all()
        assert (session.get_one(Entry, ONE).row_version, changes) == before


def test_tying_raises_the_number_that_says_whether_a_row_changed(store: Store) -> None:
    load(store, line("lesson", ONE, relations=about(TWO)), *a_batch(), line("method", TWO))
    with store.reading() as session:
        assert {i: session.get_one(Entry, i).row_version for i in (ONE, TWO)} == {ONE: 2, TWO: 1}


@pytest.mark.parametrize("how", ["withdrawn", "under review"])
def test_an_entry_that_goes_or_is_worked_on_during_an_import_is_passed_over(store: Store, how: str) -> None:
    def lines() -> Any:
        yield line("lesson", ONE, relations=about(THREE))
        yield line("lesson", TWO, relations=about(THREE))
        yield from a_batch()
        with store.transaction() as session:
            if how == "withdrawn":
                entries.withdraw(session, ONE, ADMIN, CONTEXT)
            else:
                entries.archive(session, ONE, "outdated", EDITOR, CONTEXT)
                entries.restore(session, ONE, EDITOR, CONTEXT)
        yield line("method", THREE)

    load(store)
    report = exchange.import_lines(store, lines(), CONTEXT, size=SMALL)
    assert (report.problems, report.untied) == ([], [])
    assert relations(store, TWO) == about(THREE)
    if how == "under review":
        assert relations(store, ONE) == []


def test_an_export_without_archived_entries_names_none_and_imports_back(store: Store) -> None:
    load(store, line("lesson", ONE, relations=about(TWO, THREE)), line("method", TWO), line("method", THREE))
    with store.transaction() as session:
        entries.archive(session, TWO, "outdated", EDITOR, CONTEXT)
    found = {d["id"]: d.get("relations") for d in exported(store, include_archived=False)}
    assert found[ONE] == about(THREE)
    whole = {d["id"]: d.get("relations") for d in exported(store)}
    assert whole[ONE] == about(TWO, THREE)
