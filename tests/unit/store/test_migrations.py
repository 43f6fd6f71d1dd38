"""The migrations make exactly the tables of the models, and can be taken back."""

from pathlib import Path
from typing import Any

import orjson
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, and_, create_engine, event, func, inspect, select, update
from sqlalchemy import Table as SomeTable
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from kennis.content import publication
from kennis.store import Store, schema
from kennis.store.base import Table
from kennis.store.models import PIECES, Entry, FragmentRow, TitleWord
from kennis.store.rows import insert_rows
from tests.factories import make_typical, make_view
from tests.unit.content.desk import CONTEXT, a_draft
from tests.unit.store.test_store import an_entry

# As migration 0004 has it.
PAGE = 500


def test_migrations_make_the_tables_of_the_models(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Table.metadata) == []


def test_the_version_in_the_code_is_the_newest_migration(store: Store) -> None:
    with store.engine.connect() as connection:
        folder = ScriptDirectory.from_config(schema.configuration(connection))
    assert folder.get_heads() == [schema.HEAD]
    assert store.revision() == schema.HEAD


def test_going_down_leaves_no_table(store: Store) -> None:
    schema.downgrade(store.engine, "base")
    assert set(inspect(store.engine).get_table_names()) == {"alembic_version"}
    store.upgrade()
    assert "entries" in inspect(store.engine).get_table_names()


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    store.upgrade()
    assert store.revision() == schema.HEAD
    assert store.generation() == 0


def test_every_table_can_be_made_on_postgresql() -> None:
    for table in Table.metadata.sorted_tables:
        made = str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
        assert made.strip().startswith("CREATE TABLE")


def test_a_migration_that_fails_leaves_the_database_empty(tmp_path: Path) -> None:
    path = tmp_path / "kennis.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    store = Store(f"sqlite:///{path}")
    assert store.revision() is None
    store.upgrade()
    assert store.revision() == schema.HEAD
    store.close()
    engine.dispose()


def test_entries_from_before_their_titles_were_kept_get_them(store: Store) -> None:
    with store.transaction() as session:
        entry = a_draft(session, title="De Oranje Huis-aanpak", alternativeTitles=["Veilig, zichtbaar", "?!"])
        entry_id = entry.id
    words = select(TitleWord.word, TitleWord.position, TitleWord.size).where(TitleWord.entry_id == entry_id)
    with store.reading() as session:
        kept = sorted(session.execute(words).all())
    schema.downgrade(store.engine, "0003")
    store.upgrade()
    with store.reading() as session:
        assert sorted(session.execute(words).all()) == kept
    assert [word for word, *_ in kept] == ["aanpak", "huis", "oranje", "veilig", "zichtbaar"]


def test_titles_are_kept_by_pages_and_none_is_left_out(store: Store) -> None:
    number = 2 * PAGE + 1
    with store.transaction() as session:
        common = {"kind": "method", "status": "draft", "version": 0, "created_at": "x", "updated_at": "x"}
        common |= {"created_by": "author", "last_changed_by": "author", "partner_use": True}
        common |= {"row_version": 1, "index_version": 1, "rendering": 1}
        insert_rows(session, Entry, [
            {"id": f"id-{n}", "slug": f"id-{n}", "content": {"title": f"Woord{n} aanpak"}, **common}
            for n in range(number)
        ])  # fmt: skip
    schema.downgrade(store.engine, "0003")
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    store.upgrade()
    event.remove(store.engine, "before_cursor_execute", note)
    assert len([one for one in statements if one.startswith("INSERT INTO title_words")]) == 3
    with store.reading() as session:
        assert session.scalar(select(func.count(TitleWord.entry_id.distinct()))) == number
        assert session.scalar(select(func.count()).select_from(TitleWord)) == 2 * number


def test_fragments_of_before_they_stood_in_one_row_say_the_same(store: Store) -> None:
    ids = ("0b8a1c34-0000-4000-8000-000000000001", "0b8a1c34-0000-4000-8000-000000000002")
    with store.transaction() as session:
        for entry_id, status in zip(ids, ("published", "archived"), strict=True):
            session.add(an_entry(entry_id, kind="lesson", status=status))
            session.flush()
            view = make_view("lesson", make_typical("lesson"), id=entry_id, status=status)
            insert_rows(session, FragmentRow, [publication.fragment_row(CONTEXT, view)])
    kept = {one: store.fragments(ids, *one) for one in PIECES}
    assert {one: len(found) for one, found in kept.items()} == {
        ("card", "nl"): 1, ("card", "en"): 1, ("full", "nl"): 2, ("full", "en"): 2,
    }  # fmt: skip
    schema.downgrade(store.engine, "0004")
    with store.engine.begin() as connection:
        old = SomeTable("fragments", MetaData(), autoload_with=connection)
        rows = connection.execute(select(old)).all()
        assert {(row.entry_id, row.shape, row.language): bytes(row.body) for row in rows} == {
            (entry_id, *one): body for one, found in kept.items() for entry_id, (body, _) in found.items()
        }
        for row in rows:
            mine = and_(*(old.c[name] == getattr(row, name) for name in ("entry_id", "shape", "language")))
            connection.execute(update(old).where(mine).values(body=_with_labels_in_the_middle(row.body)))
    store.upgrade()
    assert {one: store.fragments(ids, *one) for one in PIECES} == kept


def _with_labels_in_the_middle(body: bytes) -> bytes:
    """As it was until then."""
    document = orjson.loads(body)
    if "derived" in document:
        document |= {name: document.pop(name) for name in ("labels", "derived", "links")}
    return orjson.dumps(document)
