"""Organisations that went into another: who lives on, whatever a database holds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kennis.content import entries, linking, organisations, reading
from kennis.errors import Invalid, Moved
from kennis.store import Store
from kennis.store.models import Change, Organisation
from tests.factories import make_entry, make_organisation
from tests.unit.content.desk import (
    ADMIN,
    AUTHOR,
    CONTEXT,
    EDITOR,
    SECOND,
    an_organisation,
    approve_all,
    bring_to_review,
    jobs,
    published,
    shown,
)


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


def test_of_two_mergers_at_once_in_both_directions_one_is_made(store: Store) -> None:
    for _ in range(5):
        with store.transaction() as session:
            one, other = (an_organisation(session, name=f"Nummer {n}") for n in range(2))
        begin = Barrier(2)

        def merge(gone: str, into: str, begin: Barrier = begin) -> bool:
            begin.wait()
            try:
                store.write(lambda session: organisations.merge(session, gone, into, EDITOR, CONTEXT))
            except (Invalid, Moved):
                return False
            return True

        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(merge, (one, other), (other, one))) == [False, True]


def told(store: Store, entry_id: str) -> tuple[int, int]:
    """How many jobs for the index and how many change records it has."""
    with store.reading() as session:
        changes = session.scalars(select(Change.action).where(Change.entry_id == entry_id)).all()
        return len([job for job in jobs(session) if job[0] == entry_id]), len(changes)


def naming(session: Session, name: str, **overrides: str) -> tuple[str, str]:
    """An organisation, and a published entry that names it and no other."""
    organisation_id = an_organisation(session, name=name)
    links = [{"organisationId": organisation_id, "role": "owner"}]
    document = make_entry("lesson", organisations=links, **overrides)
    entry = entries.create(session, "lesson", document, AUTHOR, CONTEXT)
    bring_to_review(session, entry)
    approve_all(session, entry.id)
    entries.publish(session, entry.id, SECOND, CONTEXT)
    return organisation_id, entry.id


@pytest.mark.parametrize("links", [1, 2])
def test_a_new_name_reaches_what_names_a_predecessor(store: Store, links: int) -> None:
    with store.transaction() as session:
        first, entry_id = naming(session, "Eerste")
        last = first
        for number in range(links):
            into = an_organisation(session, name=f"Opvolger {number}")
            organisations.merge(session, last, into, EDITOR, CONTEXT)
            last = into
    before = told(store, entry_id)
    with store.transaction() as session:
        organisations.revise(session, last, make_organisation(name="Heel Anders"), EDITOR, CONTEXT)
    assert b"Heel Anders" in (shown(store, entry_id) or b"")
    assert told(store, entry_id) == (before[0] + 1, before[1] + 1)


def test_a_second_merger_reaches_what_names_the_first_predecessor(store: Store) -> None:
    with store.transaction() as session:
        first, entry_id = naming(session, "Eerste")
        second, third = (an_organisation(session, name=name) for name in ("Tweede", "Derde"))
        organisations.merge(session, first, second, EDITOR, CONTEXT)
    before = told(store, entry_id)
    with store.transaction() as session:
        organisations.merge(session, second, third, EDITOR, CONTEXT)
    assert b"Derde" in (shown(store, entry_id) or b"")
    assert told(store, entry_id) == (before[0] + 1, before[1] + 1)


def test_a_predecessor_in_a_circle_is_found_once(store: Store) -> None:
    with store.transaction() as session:
        one, entry_id = naming(session, "Een")
        other = an_organisation(session, name="Ander")
    store_circle(store, one, other)
    with store.reading() as session:
        assert linking.linked_entries(session, [other]) == [entry_id]


STREET = {"context": "Het huis staat aan de Kerkstraat 12 in de stad."}


def faults(store: Store, step: Callable[[Session], object]) -> list[str | None]:
    with store.transaction() as session, pytest.raises(Invalid) as caught:
        step(session)
    return [p.pointer for p in caught.value.problems]


def test_an_address_in_what_names_it_or_a_predecessor_refuses_a_merger_into_a_secret_one(store: Store) -> None:
    with store.transaction() as session:
        first, entry_id = naming(session, "Eerste", **STREET)
        second, safe = an_organisation(session, name="Tweede"), an_organisation(session, name="Veilig")
        secret = an_organisation(session, name="Geheim", addressSecret=True)
        organisations.merge(session, safe, secret, EDITOR, CONTEXT)
    assert faults(store, lambda s: organisations.merge(s, first, secret, EDITOR, CONTEXT)) == ["/intoId"]
    with store.transaction() as session:
        organisations.merge(session, first, second, EDITOR, CONTEXT)
    assert faults(store, lambda s: organisations.merge(s, second, secret, EDITOR, CONTEXT)) == ["/intoId"]
    with store.transaction() as session:
        entries.withdraw(session, entry_id, ADMIN, CONTEXT)
        organisations.merge(session, second, secret, EDITOR, CONTEXT)


def test_an_address_in_what_names_a_predecessor_refuses_to_make_it_secret(store: Store) -> None:
    with store.transaction() as session:
        first, _ = naming(session, "Eerste", **STREET)
        second = an_organisation(session, name="Tweede")
        organisations.merge(session, first, second, EDITOR, CONTEXT)
    becoming = make_organisation(addressSecret=True)
    refused = faults(store, lambda s: organisations.revise(s, second, becoming, EDITOR, CONTEXT))
    assert refused == ["/addressSecret"]


def test_a_secret_address_stays_secret_when_organisations_merge(store: Store) -> None:
    with store.transaction() as session:
        secret = an_organisation(session, name="Geheim", addressSecret=True)
        opened, other = an_organisation(session, name="Open"), an_organisation(session, name="Ook Geheim")
        organisations.revise(session, other, make_organisation(name="Ook Geheim", addressSecret=True), EDITOR, CONTEXT)
    assert faults(store, lambda s: organisations.merge(s, secret, opened, EDITOR, CONTEXT)) == ["/intoId"]
    with store.transaction() as session:
        organisations.merge(session, secret, other, EDITOR, CONTEXT)


def test_a_merger_of_what_nothing_names_is_heard_of_as_well(store: Store) -> None:
    """Who keeps which organisation lives on as which looks at the generation."""
    with store.transaction() as session:
        one, two = (an_organisation(session, name=name) for name in ("Een", "Twee"))
    before = store.generation()
    with store.transaction() as session:
        organisations.merge(session, one, two, EDITOR, CONTEXT)
    assert store.generation() > before


def test_nothing_is_merged_into_what_went_itself(store: Store) -> None:
    with store.transaction() as session:
        one, two, three = (an_organisation(session, name=name) for name in ("Een", "Twee", "Drie"))
        organisations.merge(session, two, three, EDITOR, CONTEXT)
    assert faults(store, lambda s: organisations.merge(s, one, two, EDITOR, CONTEXT)) == ["/intoId"]
