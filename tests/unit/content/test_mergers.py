"""Organisations that went into another: who lives on, whatever a database holds."""

import pytest
from sqlalchemy import update

from kennis.content import organisations, reading
from kennis.errors import Moved
from kennis.store import Store
from kennis.store.models import Organisation
from tests.unit.content.desk import CONTEXT, EDITOR, an_organisation, published


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
