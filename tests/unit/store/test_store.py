"""Transactions, the pragmas, and the fast reads."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, text

from kennis.errors import BadSetup
from kennis.store import Store, schema, state
from kennis.store.models import Audit, Entry, ErasedSlug, FragmentRow, State
from kennis.store.rows import insert_rows

DAY = "2026-11-24T09:00:00Z"


def an_entry(entry_id: str, **more: object) -> Entry:
    values: dict[str, object] = {
        "id": entry_id, "kind": "method", "slug": f"slug-{entry_id}", "status": "published", "content": {"title": "X"},
        "created_at": DAY, "updated_at": DAY, "created_by": "a", "last_changed_by": "a",
    }  # fmt: skip
    return Entry(**(values | more))


def a_fragment(entry_id: str, *, partner_use: bool = True) -> FragmentRow:
    return FragmentRow(
        entry_id=entry_id,
        partner_use=partner_use,
        render_version="1",
        card_nl=b'{"title":"X"}',
        full_common=b'{"id":1',
        full_nl=b',"labels":{}}',
        full_en=b"}",
    )


def test_rows_that_are_inserted_together_are_as_the_orm_makes_them(store: Store) -> None:
    values = {c.name: getattr(an_entry("a"), c.name) for c in Entry.__table__.columns}
    given = {name: value for name, value in values.items() if value is not None}
    with store.transaction() as session:
        session.add(an_entry("a", slug="b"))
        session.flush()
        insert_rows(session, Entry, [given | {"id": "c", "slug": "d"}, given | {"id": "e", "slug": "f"}])
        insert_rows(session, ErasedSlug, [{"digest": "one"}, {"digest": "another"}])
        insert_rows(
            session, Audit, [{"at": DAY, "actor_id": "x", "operation": "load", "subject_id": "c", "detail": None}]
        )
    with store.reading() as session:
        first, *others = session.scalars(select(Entry).order_by(Entry.id)).all()
        assert session.scalars(select(Audit.outcome)).one() == "done"
        assert set(session.scalars(select(ErasedSlug.digest))) == {"one", "another"}
    for other in others:
        differing = {n for n in values if getattr(first, n) != getattr(other, n)}
        assert differing == {"id", "slug"}


@pytest.mark.sqlite
def test_sqlite_is_durable_and_forgets_what_is_deleted(store: Store) -> None:
    with store.transaction() as session:
        found = {name: session.scalar(text(f"PRAGMA {name}")) for name in
                 ("journal_mode", "synchronous", "secure_delete", "foreign_keys")}  # fmt: skip
    assert found == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}


@pytest.mark.sqlite
def test_only_the_owner_may_read_the_files_of_a_database(tmp_path: Path) -> None:
    with closing(Store(f"sqlite:///{tmp_path}/kennis.db")) as store:
        store.upgrade()
        with store.transaction() as session:
            state.put(session, "demo", "x")
        assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
            "kennis.db": 0o600, "kennis.db-wal": 0o600, "kennis.db-shm": 0o600,
        }  # fmt: skip


def test_an_exception_in_a_transaction_leaves_nothing(store: Store) -> None:
    def fail_half_way() -> None:
        with store.transaction() as session:
            session.add(an_entry("a"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    with store.reading() as session:
        assert session.scalars(select(Entry)).all() == []


def test_what_is_changed_while_reading_is_thrown_away(store: Store) -> None:
    with store.reading() as session:
        session.add(an_entry("a"))
        session.flush()
    with store.reading() as session:
        assert session.scalars(select(Entry)).all() == []


def test_a_reader_sees_one_state_however_long_it_takes(store: Store) -> None:
    with store.transaction() as session:
        session.add(an_entry("a"))
    with store.reading() as reader:
        assert len(reader.scalars(select(Entry.id)).all()) == 1
        with store.transaction() as session:
            session.add(an_entry("b"))
        assert len(reader.scalars(select(Entry.id)).all()) == 1


def test_errors_do_not_show_what_was_stored(store: Store) -> None:
    with pytest.raises(Exception, match=r"(?i)unique") as caught, store.transaction() as session:
        session.add_all([an_entry("a", slug="same"), an_entry("b", slug="same", content={"title": "kanarie"})])
    assert "kanarie" not in str(caught.value)


def test_fragments_hold_only_what_the_surface_may_show(store: Store) -> None:
    with store.transaction() as session:
        session.add_all([an_entry("a"), an_entry("b")])
        session.flush()
        session.add_all([a_fragment("a"), a_fragment("b", partner_use=False)])
    assert store.fragments(["a", "b", "c"], "card", "nl") == {"a": (b'{"title":"X"}', None)}
    assert store.fragments(["a"], "full", "nl") == {"a": (b'{"id":1,"labels":{}}', None)}
    assert store.fragments(["a"], "full", "en") == {"a": (b'{"id":1}', None)}
    assert set(store.fragments(["a", "b"], "card", "nl", surface="pages")) == {"a", "b"}
    assert store.fragments(["a"], "card", "en") == {}
    assert store.fragments([], "card", "nl") == {}


def test_more_ids_than_a_statement_has_places(store: Store) -> None:
    with store.transaction() as session:
        session.add(an_entry("a"))
        session.flush()
        session.add(a_fragment("a"))
    ids = [str(n) for n in range(40_000)] + ["a"]
    assert set(store.fragments(ids, "card", "nl")) == {"a"}


def test_every_thread_reads_with_its_own_connection(store: Store) -> None:
    with store.transaction() as session:
        state.raise_generation(session)
    seen: list[int] = []
    threads = [threading.Thread(target=lambda: seen.append(store.generation())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1, 1, 1, 1]


def test_state_keeps_the_last_value(store: Store) -> None:
    with store.transaction() as session:
        state.put(session, "demo", "yes")
        state.put(session, "demo", "no")
    with store.reading() as session:
        assert state.get(session, "demo") == "no"
        assert state.get(session, "unknown") is None


@pytest.mark.sqlite
def test_a_locked_database_is_named_with_the_way_out(store: Store) -> None:
    path = store.url.removeprefix("sqlite:///")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    impatient = Store(store.url, busy_seconds=0.05)
    with pytest.raises(BadSetup, match="locked by another process") as caught, impatient.transaction():
        pass
    assert path in str(caught.value)
    other.close()
    impatient.close()


@pytest.mark.sqlite
def test_a_read_only_database_is_named(store: Store) -> None:
    path = store.url.removeprefix("sqlite:///")
    with store.transaction() as session:
        session.add(State(key="x", value="y"))
    store.close()
    reader = Store(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(BadSetup, match="read-only"), reader.transaction() as session:
        session.add(State(key="z", value="y"))
    reader.close()


@pytest.mark.sqlite
def test_a_full_disk_is_named_and_nothing_half_is_stored(store: Store) -> None:
    def write_too_much() -> None:
        with store.transaction() as session:
            pages = session.scalar(text("PRAGMA page_count"))
            session.execute(text(f"PRAGMA max_page_count={pages}"))
            session.add_all(an_entry(str(n), content={"title": "x" * 10_000}) for n in range(50))

    with pytest.raises(BadSetup, match="no space left"):
        write_too_much()
    store.engine.dispose()
    with store.reading() as session:
        assert session.scalars(select(Entry.id)).all() == []


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "kennis.db"
    path.write_bytes(b"not a database at all, but long enough to be read as one" * 40)
    store = Store(f"sqlite:///{path}")
    with pytest.raises(BadSetup, match="is not a database"):
        store.check()
    with pytest.raises(BadSetup, match="is not a database"):
        store.upgrade()
    assert path.read_bytes().startswith(b"not a database")
    store.close()


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE customers (id INTEGER)")
    other.commit()
    other.close()
    store = Store(f"sqlite:///{path}")
    with pytest.raises(BadSetup, match="another program"):
        store.upgrade()
    store.close()


def test_an_empty_database_says_how_to_make_the_tables(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/kennis.db")
    with pytest.raises(BadSetup, match="kennis db upgrade"):
        store.check()
    with pytest.raises(BadSetup, match="kennis db upgrade"):
        store.fragments(["a"], "card", "nl")
    store.close()


@pytest.mark.parametrize(("version", "words"), [("0000", "kennis db upgrade"), ("9999", "newer Kennis")])
def test_a_database_of_another_version_is_refused(store: Store, version: str, words: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    with pytest.raises(BadSetup, match=words):
        store.check()
    assert version != schema.HEAD


def test_a_newer_database_is_not_upgraded(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(BadSetup, match="newer Kennis"):
        store.upgrade()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    store = Store(f"sqlite:///{tmp_path}/file/kennis.db")
    with pytest.raises(BadSetup, match="cannot be opened"):
        store.upgrade()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(BadSetup, match="in memory"):
        Store(url)


@pytest.mark.parametrize("url", ["no address", "postgresql://host:port/x"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadSetup, match="not the address of a database"):
        Store(url)


@pytest.mark.parametrize("wrong", ["timeout=abc", "check_same_thread=perhaps"])
def test_a_wrong_option_in_the_address_is_refused(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(BadSetup, match="KENNIS_DATABASE_URL has an option"):
        Store(f"sqlite:///{tmp_path}/kennis.db?{wrong}")


@pytest.mark.parametrize("url", ["http://x", "oracle://u:geheim@h/x", "sqlite+none:///x.db"])
def test_an_address_without_a_driver_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(BadSetup, match="KENNIS_DATABASE_URL starts with") as caught:
        Store(url)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("spoil", ["DELETE FROM alembic_version", "UPDATE alembic_version SET version_num = '0000'"])
def test_tables_of_no_known_version_are_left_alone(store: Store, spoil: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(text(spoil))
    with pytest.raises(BadSetup, match="restore a backup"):
        store.upgrade()


def test_a_table_that_is_gone_is_found(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("DROP TABLE fragments"))
    store.check()
    with pytest.raises(BadSetup, match="restore a backup"):
        store.examine()


@pytest.mark.sqlite
def test_a_page_that_is_damaged_is_found(store: Store) -> None:
    with store.transaction() as session:
        session.add_all(an_entry(str(n), content={"title": "x" * 10_000}) for n in range(50))
    store.examine()
    store.close()
    path = Path(store.url.removeprefix("sqlite:///"))
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + b"\xff" * 8192 + whole[middle + 8192 :])
    store.check()
    with pytest.raises(BadSetup, match="is damaged"):
        store.examine()


@pytest.mark.sqlite
def test_a_database_that_cannot_be_written_now_is_found(store: Store) -> None:
    other = sqlite3.connect(store.url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    impatient = Store(store.url, busy_seconds=0.05)
    impatient.check()
    with pytest.raises(BadSetup, match="locked by another process"):
        impatient.examine()
    other.close()
    impatient.close()


@pytest.mark.sqlite
def test_a_read_only_file_is_found_before_anybody_writes(store: Store) -> None:
    """SQLite begins to write in such a file without a word, and refuses only what is written."""
    reader = Store(f"sqlite:///file:{store.url.removeprefix('sqlite:///')}?mode=ro&uri=true")
    reader.check()
    with pytest.raises(BadSetup, match="read-only"):
        reader.examine()
    reader.close()


def test_looking_at_a_database_that_is_not_there_makes_none(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/new/kennis.db")
    assert store.revision() is None
    with pytest.raises(BadSetup, match="kennis db upgrade"):
        store.check()
    store.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.sqlite
def test_a_command_that_loads_holds_more_of_the_file_and_moves_it_less_often(tmp_path: Path) -> None:
    asked = ("cache_size", "wal_autocheckpoint")
    found = {}
    for is_loading in (False, True):
        store = Store(f"sqlite:///{tmp_path}/kennis.db", is_loading=is_loading)
        with store.reading() as session:
            found[is_loading] = [session.scalar(text(f"PRAGMA {name}")) for name in asked]
        store.close()
    assert found == {False: [-2_000, 1_000], True: [-32_000, 16_000]}
