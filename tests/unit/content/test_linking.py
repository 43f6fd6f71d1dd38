"""Relations, external ids and organisations: what may be tied to what."""

from typing import Any

import pytest
from sqlalchemy import select

from kennis.content import entries, linking, organisations, reading
from kennis.errors import Invalid
from kennis.store import Store
from kennis.store.models import ExternalIdRow, OrganisationLinkRow
from tests.factories import make_organisation
from tests.unit.content.desk import (
    ADMIN,
    AUTHOR,
    CONTEXT,
    EDITOR,
    a_document,
    a_draft,
    an_organisation,
    published,
    shown,
)


def faults(store: Store, make: Any) -> list[str | None]:
    with store.transaction() as session, pytest.raises(Invalid) as caught:
        make(session)
    return [p.pointer for p in caught.value.problems]


def to(target_id: str, kind: str = "similar-to", **more: str) -> dict[str, Any]:
    return {"relations": [{"kind": kind, "targetId": target_id, **more}]}


def test_a_relation_needs_a_target_that_exists(store: Store) -> None:
    unknown = "7c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f"
    assert faults(store, lambda s: a_draft(s, **to(unknown))) == ["/relations/0/targetId"]


def test_a_relation_fits_the_kinds_it_joins(store: Store) -> None:
    with store.transaction() as session:
        lesson_id = a_draft(session, "lesson").id
    assert faults(store, lambda s: a_draft(s, "training", **to(lesson_id, "trains-for"))) == ["/relations/0/kind"]


def test_only_interventions_and_methods_succeed_one_another_across_kinds(store: Store) -> None:
    with store.transaction() as session:
        method_id, training_id = a_draft(session).id, a_draft(session, "training").id
        a_draft(session, "intervention", **to(method_id, "successor-of"))
    assert faults(store, lambda s: a_draft(s, **to(training_id, "successor-of"))) == ["/relations/0/kind"]


def test_an_entry_has_no_relation_to_itself(store: Store) -> None:
    with store.transaction() as session:
        entry = a_draft(session)
        document = a_document(session, "method", **to(entry.id))
        with pytest.raises(Invalid) as caught:
            entries.revise(session, entry.id, document, AUTHOR, CONTEXT)
    assert [p.pointer for p in caught.value.problems] == ["/relations/0/targetId"]


def test_a_symmetric_pair_has_its_relation_once(store: Store) -> None:
    with store.transaction() as session:
        one = a_draft(session)
        other = a_draft(session, **to(one.id))
        document = a_document(session, "method", **to(other.id))
        with pytest.raises(Invalid) as caught:
            entries.revise(session, one.id, document, AUTHOR, CONTEXT)
        entries.revise(session, other.id, a_document(session, "method", **to(one.id)), AUTHOR, CONTEXT)
    assert [p.pointer for p in caught.value.problems] == ["/relations/0/targetId"]


@pytest.mark.parametrize("kind", ["part-of", "variant-of", "successor-of"])
def test_circles_are_refused_however_long(store: Store, kind: str) -> None:
    with store.transaction() as session:
        first = a_draft(session)
        last = first
        for _ in range(4):
            last = a_draft(session, **to(last.id, kind))
        document = a_document(session, "method", **to(last.id, kind))
        with pytest.raises(Invalid, match="not valid") as caught:
            entries.revise(session, first.id, document, AUTHOR, CONTEXT)
        entries.revise(session, first.id, a_document(session, "method", **to(last.id)), AUTHOR, CONTEXT)
    assert [p.message.en for p in caught.value.problems] == ["This relation would close a circle."]


def test_a_relation_to_a_hidden_entry_is_not_shown_until_it_is_published(store: Store) -> None:
    from tests.unit.content.desk import SECOND, approve_all, bring_to_review

    with store.transaction() as session:
        hidden = a_draft(session, title="Nog niet klaar")
        names = published(session, title="Noemt de ander", **to(hidden.id))
        hidden_id, names_id = hidden.id, names.id
        index_version = names.index_version
    assert hidden_id.encode() not in (shown(store, names_id, "full") or b"")
    with store.transaction() as session:
        bring_to_review(session, hidden := session.get_one(type(hidden), hidden_id))
        approve_all(session, hidden_id)
        entries.publish(session, hidden_id, SECOND, CONTEXT)
        assert reading.view(session, [names_id])[0].index_version == index_version + 1
    assert hidden_id.encode() in (shown(store, names_id, "full") or b"")
    with store.transaction() as session:
        entries.archive(session, hidden_id, "outdated", EDITOR, CONTEXT)
    assert hidden_id.encode() in (shown(store, names_id, "full") or b"")
    with store.transaction() as session:
        entries.restore(session, hidden_id, EDITOR, CONTEXT)
    assert hidden_id.encode() not in (shown(store, names_id, "full") or b"")


def test_a_story_that_stays_here_is_not_named_to_partners(store: Store) -> None:
    from kennis.content.clearance import Clearance
    from tests.unit.content.desk import SECOND, approve_all, bring_to_review

    with store.transaction() as session:
        story = bring_to_review(session, a_draft(session, "story"))
        approve_all(session, story.id)
        entries.publish(session, story.id, SECOND, CONTEXT, cleared=Clearance(True, False))
        lesson_id, story_id = published(session, "lesson", **to(story.id, "learned-from")).id, story.id
    assert story_id.encode() not in (shown(store, lesson_id, "full") or b"")


def test_an_external_id_belongs_to_one_entry_of_a_kind(store: Store) -> None:
    named: dict[str, Any] = {"externalIds": [{"system": "movisie", "id": "zelfde"}]}
    with store.transaction() as session:
        a_draft(session, **named)
        a_draft(session, "training", **named)
    assert faults(store, lambda s: a_draft(s, **named)) == ["/externalIds/0/id"]


def test_an_external_id_is_free_again_when_its_entry_drops_it(store: Store) -> None:
    named: dict[str, Any] = {"externalIds": [{"system": "movisie", "id": "zelfde"}]}
    with store.transaction() as session:
        entry = a_draft(session, **named)
        entries.revise(session, entry.id, a_document(session, "method"), AUTHOR, CONTEXT)
        a_draft(session, **named)
        assert len(session.scalars(select(ExternalIdRow)).all()) == 1


def test_unknown_organisations_are_named_where_they_stand(store: Store) -> None:
    unknown = "7c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f"

    def make(session: Any) -> None:
        document = a_document(session, "intervention")
        document["organisations"].append({"organisationId": unknown, "role": "owner"})
        document["contact"]["organisationId"] = unknown
        entries.create(session, "intervention", document, AUTHOR, CONTEXT)

    assert faults(store, make) == ["/organisations/1/organisationId", "/contact/organisationId"]


def test_an_organisation_at_a_secret_address_forbids_addresses_in_texts(store: Store) -> None:
    def make(session: Any) -> None:
        an_organisation(session, organisationKind="shelter", addressSecret=True)
        a_draft(session, "intervention", problem="Het huis staat aan de Kerkstraat 12 in de stad.")

    assert faults(store, make) == ["/problem"]


# Organisations


def test_a_new_name_reaches_everything_that_names_the_organisation(store: Store) -> None:
    with store.transaction() as session:
        organisation_id = an_organisation(session, name="De oude naam")
        entry = published(session, "intervention")
        entry_id, index_version = entry.id, entry.index_version
    assert b"De oude naam" in (shown(store, entry_id, "full") or b"") + (shown(store, entry_id) or b"")
    with store.transaction() as session:
        document = make_organisation(name="De nieuwe naam")
        organisations.revise(session, organisation_id, document, EDITOR, CONTEXT)
    shown_now = (shown(store, entry_id, "full") or b"") + (shown(store, entry_id) or b"")
    assert b"De nieuwe naam" in shown_now
    assert b"De oude naam" not in shown_now
    with store.reading() as session:
        assert reading.view(session, [entry_id])[0].index_version == index_version + 1
        assert organisations.get(session, organisation_id).slug == "oude-naam"


def test_a_merged_organisation_leads_to_the_one_it_went_into(store: Store) -> None:
    from kennis.errors import Moved

    with store.transaction() as session:
        old = an_organisation(session, name="Federatie", abbreviation="FO")
        entry_id = published(session, "intervention").id
        new = an_organisation(session, name="Vereniging")
        organisations.merge(session, old, new, EDITOR, CONTEXT)
        with pytest.raises(Moved) as caught:
            organisations.get(session, old)
        assert caught.value.target == new
        view = reading.view(session, [entry_id])[0]
        assert view.organisations[old].id == new
        assert view.organisations[old].name == "Vereniging"
        assert view.organisations[old].names == ("FO", "Federatie")
    assert b"Vereniging" in (shown(store, entry_id) or b"") + (shown(store, entry_id, "full") or b"")


def test_an_organisation_is_no_part_of_itself(store: Store) -> None:
    def make(session: Any) -> None:
        parent = an_organisation(session)
        child = an_organisation(session, parentId=parent)
        organisations.revise(session, parent, make_organisation(parentId=child), EDITOR, CONTEXT)

    assert faults(store, make) == ["/parentId"]


def test_an_address_becomes_secret_only_when_no_entry_gives_it_away(store: Store) -> None:
    def make(session: Any) -> None:
        organisation_id = an_organisation(session)
        published(session, "intervention", problem="Het huis staat aan de Kerkstraat 12 in de stad.")
        organisations.revise(session, organisation_id, make_organisation(addressSecret=True), EDITOR, CONTEXT)

    assert faults(store, make) == ["/addressSecret"]


def test_links_of_a_withdrawn_entry_are_gone(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session, "intervention")
        organisation_id = entry.content["organisations"][0]["organisationId"]
        assert linking.linked_entries(session, [organisation_id]) == [entry.id]
        entries.withdraw(session, entry.id, ADMIN, CONTEXT)
        assert session.scalars(select(OrganisationLinkRow)).all() == []
