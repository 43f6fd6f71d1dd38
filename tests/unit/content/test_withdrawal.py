"""Weg is weg: withdrawal leaves a tombstone and nothing else."""

import pytest
from sqlalchemy import select, text

from kennis.access.policy import Actor
from kennis.content import entries, reading, slugs
from kennis.errors import Conflict, Forbidden, Gone
from kennis.store import Store
from kennis.store.base import Table
from kennis.store.models import Change, Entry, RelationRow, Tombstone
from tests.unit.content.desk import ADMIN, AUTHOR, CONTEXT, EDITOR, a_document, a_draft, jobs, published, shown

CANARY = "kanariegeel"


def everything(store: Store) -> str:
    """Every value of every column of every table, and the bytes of the files."""
    with store.reading() as session:
        rows = [row for table in Table.metadata.sorted_tables for row in session.execute(table.select()).all()]
    return repr(rows)


@pytest.mark.req("G5")
@pytest.mark.parametrize(("kind", "actor"), [("story", EDITOR), ("method", ADMIN)])
def test_no_column_of_any_table_keeps_a_word(store: Store, kind: str, actor: Actor) -> None:
    with store.transaction() as session:
        title = f"Een {CANARY} titel"
        entry_id = published(session, kind, title=title, summary=f"{CANARY} " * 10).id
        if kind == "method":
            changed = a_document(session, kind, title=f"Nog een {CANARY} titel")
            entries.revise(session, entry_id, changed, AUTHOR, CONTEXT)
    assert CANARY in everything(store)
    with store.transaction() as session:
        entries.withdraw(session, entry_id, actor, CONTEXT, consent_version="1")
    assert CANARY not in everything(store)
    assert shown(store, entry_id, "full") is None
    with store.reading() as session:
        stone = session.get_one(Tombstone, entry_id)
        assert (stone.kind, stone.withdrawn_on, stone.consent_version) == (kind, "2026-11-24", "1")
        assert jobs(session)[-1] == (entry_id, stone.index_version)
        assert reading.view(session, [entry_id]) == []
        last = session.scalars(select(Change).order_by(Change.id.desc())).first()
        assert last is not None
        assert (last.action, last.at) == ("withdrawn", "2026-11-24T00:00:00Z")


def test_what_was_withdrawn_never_comes_back(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session)
        entries.withdraw(session, entry.id, ADMIN, CONTEXT)
        for step in (entries.restore, entries.withdraw, entries.confirm):
            with pytest.raises(Gone):
                step(session, entry.id, ADMIN, CONTEXT)


@pytest.mark.req("G5")
def test_an_erased_address_is_known_as_a_hash_and_not_given_again(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session, title="De enige naam")
        entries.withdraw(session, entry.id, ADMIN, CONTEXT)
        assert slugs.erased(session, ["enige-naam", "andere-naam"]) == ["enige-naam"]
        assert a_draft(session, title="De enige naam").slug == "enige-naam-2"
    assert "'enige-naam'" not in everything(store)


def test_a_relation_disappears_from_both_sides(store: Store) -> None:
    with store.transaction() as session:
        gone = published(session, title="Wat weggaat")
        relations = [{"kind": "similar-to", "targetId": gone.id}]
        stays = published(session, title="Wat blijft", relations=relations)
        gone_id, stays_id = gone.id, stays.id
    assert gone_id.encode() in (shown(store, stays_id, "full") or b"")
    with store.transaction() as session:
        entries.withdraw(session, gone_id, ADMIN, CONTEXT)
        assert "relations" not in session.get_one(Entry, stays_id).content
        assert session.scalars(select(RelationRow)).all() == []
    assert gone_id.encode() not in (shown(store, stays_id, "full") or b"")


def test_a_story_can_be_withdrawn_wherever_it_stands(store: Store) -> None:
    with store.transaction() as session:
        story = a_draft(session, "story")
        entries.withdraw(session, story.id, EDITOR, CONTEXT)
        assert session.scalars(select(Change)).all() == []
        draft = a_draft(session)
        with pytest.raises(Conflict):
            entries.withdraw(session, draft.id, ADMIN, CONTEXT)


def test_what_was_public_once_can_be_erased_wherever_it_stands(store: Store) -> None:
    with store.transaction() as session:
        entry_id = published(session, title=f"Een {CANARY} titel").id
        entries.archive(session, entry_id, "outdated", EDITOR, CONTEXT)
        assert entries.restore(session, entry_id, EDITOR, CONTEXT).status == "in-review"
        with pytest.raises(Forbidden):
            entries.withdraw(session, entry_id, EDITOR, CONTEXT)
        entries.withdraw(session, entry_id, ADMIN, CONTEXT)
    assert CANARY not in everything(store)
    with store.reading() as session:
        last = session.scalars(select(Change).order_by(Change.id.desc())).first()
        assert last is not None
        assert last.action == "withdrawn"


def test_legal_erasure_is_for_an_admin(store: Store) -> None:
    with store.transaction() as session:
        entry = published(session)
        with pytest.raises(Forbidden):
            entries.withdraw(session, entry.id, EDITOR, CONTEXT)


@pytest.mark.sqlite
def test_erased_words_are_gone_from_the_file_after_a_checkpoint(store: Store) -> None:
    with store.transaction() as session:
        entry_id = published(session, title=f"Een {CANARY} titel").id
    with store.transaction() as session:
        entries.withdraw(session, entry_id, ADMIN, CONTEXT)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        busy = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0]
        connection.exec_driver_sql("BEGIN")
    assert busy == 0
    from pathlib import Path

    folder = Path(store.url.removeprefix("sqlite:///")).parent
    assert not [p.name for p in folder.iterdir() if CANARY.encode() in p.read_bytes()]
