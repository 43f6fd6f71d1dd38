"""Organisations that went into another: who lives on, whatever a database holds."""

from typing import Any

import orjson
import pytest
from sqlalchemy import select, update

from kennis.content import exchange, organisations, reading
from kennis.errors import Moved
from kennis.store import Store
from kennis.store.models import Organisation
from tests.factories import make_organisation
from tests.unit.content.desk import CONTEXT, EDITOR, an_organisation, published

ONE = "11111111-1111-4111-8111-111111111111"
TWO = "22222222-2222-4222-8222-222222222222"
THREE = "33333333-3333-4333-8333-333333333333"


def store_circle(store: Store, *ids: str) -> None:
    """As no step makes it."""
    with store.transaction() as session:
        for gone, into in zip(ids, (*ids[1:], ids[0]), strict=True):
            session.execute(update(Organisation).where(Organisation.id == gone).values(merged_into_id=into))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_circle_in_the_database_stops_no_reader_and_all_of_it_lives_on_as_one(store: Store, size: int) -> None:
    with store.transaction() as session:
        circle = [an_organisation(session, name=f"Nummer {n}") for n in range(size)]
        leads_there = an_organisation(session, name="Ernaartoe")
        organisations.merge(session, leads_there, circle[-1], EDITOR, CONTEXT)
        entry_id = published(session, "training").id
    store_circle(store, *circle)
    living = min(circle)
    with store.reading() as session:
        shown = reading.organisations(session, [*circle, leads_there])
        assert {view.id for view in shown.values()} == {living}
        (view,) = reading.view(session, [entry_id])
        assert {named.id for named in view.organisations.values()} == {living}
        assert organisations.get(session, living).id == living
        for other in {*circle, leads_there} - {living}:
            with pytest.raises(Moved) as caught:
                organisations.get(session, other)
            assert caught.value.target == living


def test_a_circle_in_the_database_can_be_ended(store: Store) -> None:
    with store.transaction() as session:
        one, other, last = (an_organisation(session, name=f"Nummer {n}") for n in range(3))
    store_circle(store, one, other)
    with store.transaction() as session:
        organisations.merge(session, min(one, other), last, EDITOR, CONTEXT)
        shown = reading.organisations(session, [one, other])
        assert {view.id for view in shown.values()} == {last}


def line(organisation_id: str, **overrides: Any) -> bytes:
    return orjson.dumps({"kind": "organisation", "id": organisation_id, **make_organisation(**overrides)})


def loaded(store: Store, *lines: bytes) -> list[tuple[int, str | None]]:
    """What was wrong, per line."""
    report = exchange.import_lines(store, lines, CONTEXT)
    return [(found.line, found.problem.pointer) for found in report.problems]


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
