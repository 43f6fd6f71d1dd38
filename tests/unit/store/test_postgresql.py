"""What only a server can do wrong: order of numbers, contention, timeouts, restarts, and ways to be unreachable."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, make_url, select, text, update
from sqlalchemy.orm import Session

from kennis.content import reading
from kennis.errors import BadSetup
from kennis.store import Store, postgresql_problems, schema, state
from kennis.store.models import Change, Entry, FragmentRow, IndexJob, State
from tests import databases
from tests.source import ROOT
from tests.unit.store.test_store import DAY, a_fragment, an_entry

pytestmark = pytest.mark.postgresql
CANARY = "kanarie"


@pytest.fixture
def other(store: Store) -> Iterator[Store]:
    """Another process, as far as the server can tell; it does not wait long."""
    opened = Store(store.url, busy_seconds=0.2)
    yield opened
    opened.close()


def test_jobs_and_changes_become_visible_in_the_order_of_their_numbers(store: Store) -> None:
    """Else who has read up to a number would skip a lower one that is committed later."""
    has_number, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with store.transaction() as session:
            _add(session, "slow")
            has_number.set()
            may_commit.wait(10)

    def quick() -> None:
        with store.transaction() as session:
            _add(session, "quick")

    threads = [threading.Thread(target=slow), threading.Thread(target=quick)]
    threads[0].start()
    assert has_number.wait(10)
    threads[1].start()
    seen: list[int] = []
    position = _read(store, 0, seen)
    time.sleep(0.2)
    position = _read(store, position, seen)
    may_commit.set()
    for thread in threads:
        thread.join()
    _read(store, position, seen)
    assert seen == [1, 2]
    with store.reading() as session:
        assert session.scalars(select(Change.entry_id).order_by(Change.id)).all() == ["slow", "quick"]


def _add(session: Session, name: str) -> None:
    session.add(IndexJob(entry_id=name, index_version=1, created=DAY))
    session.add(Change(entry_id=name, kind="method", action="published", version=1, partner_use=True, at=DAY))
    session.flush()


def _read(store: Store, position: int, seen: list[int]) -> int:
    with store.reading() as session:
        found = [job.id for job in reading.pending_jobs(session, position, 100)]
    seen += found
    return found[-1] if found else position


def test_a_writer_that_waits_too_long_is_told_who_is_in_the_way(store: Store, other: Store) -> None:
    with store.transaction(), pytest.raises(BadSetup, match="locked by another process"), other.transaction():
        pass
    with other.transaction() as session:
        state.put(session, "x", "y")


def test_readers_never_wait_for_a_writer(store: Store, other: Store) -> None:
    with store.transaction() as session:
        session.add(an_entry("a"))
        session.flush()
        with other.reading() as reader:
            assert reader.scalars(select(Entry.id)).all() == []
        assert other.generation() == 0
        assert other.fragments(["a"], "card", "nl") == {}


def test_a_deadlock_with_another_program_is_taken_once_more(store: Store) -> None:
    with store.transaction() as session:
        session.add_all([State(key="one", value="0"), State(key="two", value="0")])
    holds_one, ours_has_two = threading.Event(), threading.Event()

    def program() -> None:
        with store.engine.begin() as connection:
            connection.execute(update(State).where(State.key == "one").values(value="1"))
            holds_one.set()
            ours_has_two.wait(10)
            connection.execute(update(State).where(State.key == "two").values(value="1"))

    tries: list[int] = []

    def step(session: Session) -> str:
        tries.append(1)
        session.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
        session.execute(update(State).where(State.key == "two").values(value="2"))
        ours_has_two.set()
        if len(tries) == 1:
            time.sleep(0.1)
        session.execute(update(State).where(State.key == "one").values(value="2"))
        return "done"

    thread = threading.Thread(target=program)
    thread.start()
    assert holds_one.wait(10)
    assert store.write(step) == "done"
    thread.join()
    assert len(tries) == 2
    with store.reading() as session:
        assert (state.get(session, "one"), state.get(session, "two")) == ("2", "2")


def test_contention_that_does_not_end_is_told(store: Store) -> None:
    def step(session: Session) -> None:
        _raise(session, "40001")

    with pytest.raises(BadSetup, match="worked on the same"):
        store.write(step)


def _raise(session: Session, code: str) -> None:
    """The server itself reports this state, as it would when its disk is full."""
    session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$"))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("53100", "no space left"),
        ("53200", "short of memory"),
        ("53300", "no connection left"),
        ("57P01", "stopping or starting"),
        ("58030", "disk of the database"),
        ("42501", "may not do this"),
        ("XX001", "damaged"),
    ],
)
def test_what_the_server_reports_is_said_in_a_sentence(store: Store, code: str, words: str) -> None:
    def step(session: Session) -> None:
        session.add(an_entry("a"))
        session.flush()
        _raise(session, code)

    with pytest.raises(BadSetup, match=words) as caught:
        store.write(step)
    assert "***" in str(caught.value)
    assert _password(store.url) not in str(caught.value)
    with store.reading() as session:
        assert session.scalars(select(Entry.id)).all() == []


def _password(url: str) -> str:
    return str(make_url(url).password)


def test_a_question_that_takes_too_long_is_broken_off(store: Store) -> None:
    def ask() -> None:
        with store.reading() as session:
            session.execute(text("SET LOCAL statement_timeout = '20ms'"))
            session.execute(text("SELECT pg_sleep(5)"))

    with pytest.raises(BadSetup, match="took too long"):
        ask()


def test_nothing_runs_or_waits_without_end(store: Store) -> None:
    names = ("statement_timeout", "idle_in_transaction_session_timeout", "tcp_keepalives_idle")
    with store.reading() as session:
        assert all(session.scalar(text(f"SHOW {name}")) not in ("0", 0) for name in names)


@pytest.mark.parametrize("kinds", [("method", "method"), (None,)])
def test_errors_do_not_show_the_row_that_broke_a_rule(store: Store, kinds: tuple[str | None, ...]) -> None:
    """PostgreSQL adds the whole row to what it says (safety.md R4)."""
    with pytest.raises(Exception, match="violates") as caught, store.transaction() as session:
        session.add_all(an_entry(str(n), slug=CANARY, kind=kind) for n, kind in enumerate(kinds))
    error: BaseException | None = caught.value
    while error is not None:
        assert CANARY not in str(error)
        assert CANARY not in repr(error)
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"port": 1}, "cannot be reached"),
        ({"host": "no-such-host.invalid"}, "cannot be reached"),
        ({"password": "wrong"}, "refuses user or password"),
        ({"username": "nobody-here"}, "refuses user or password"),
        ({"database": "kennis_test_that_is_not_there"}, "does not exist; make it with: createdb"),
    ],
)
def test_a_server_that_lets_nobody_in_is_named(change: dict[str, object], words: str) -> None:
    url = make_url(databases.SERVER).set(**change).render_as_string(hide_password=False)  # type: ignore[arg-type]
    closed = Store(url)
    for use in (closed.check, closed.upgrade, closed.generation, lambda: closed.fragments(["a"], "card", "nl")):
        with pytest.raises(BadSetup, match=words) as caught:
            use()
        assert _password(url) not in str(caught.value)
    closed.close()


def test_a_database_without_tables_says_how_to_make_them(tmp_path: Path) -> None:
    empty = Store(databases.address(tmp_path, migrated=False))
    with pytest.raises(BadSetup, match="kennis db upgrade"):
        empty.check()
    with pytest.raises(BadSetup, match="kennis db upgrade"):
        empty.generation()
    with pytest.raises(BadSetup, match="kennis db upgrade"), empty.reading() as session:
        session.scalars(select(Entry.id)).all()
    assert empty.revision() is None
    empty.close()


def test_a_read_only_server_answers_readers_and_says_so_to_writers(store: Store) -> None:
    url = make_url(store.url).update_query_dict({"options": "-c default_transaction_read_only=on"})
    standby = Store(url.render_as_string(hide_password=False))
    assert standby.generation() == 0
    standby.check()
    with pytest.raises(BadSetup, match="read-only"):
        standby.examine()
    with pytest.raises(BadSetup, match="read-only"), standby.transaction() as session:
        session.add(an_entry("a"))
    standby.close()


def test_an_old_server_and_one_that_cannot_hold_every_letter_are_refused(store: Store) -> None:
    with pytest.raises(BadSetup, match=r"runs on PostgreSQL 14; Kennis needs 15"):
        postgresql_problems.require_fit(140_011, "UTF8", store.url)
    with pytest.raises(BadSetup, match="keeps text as SQL_ASCII"):
        postgresql_problems.require_fit(150_000, "SQL_ASCII", store.url)


def test_a_restart_of_the_server_is_not_noticed(store: Store) -> None:
    with store.transaction() as session:
        session.add(an_entry("a"))
        session.flush()
        session.add(a_fragment("a"))
    assert set(store.fragments(["a"], "card", "nl")) == {"a"}
    databases._end_others(make_url(store.url).database or "")
    assert set(store.fragments(["a"], "card", "nl")) == {"a"}
    with store.reading() as session:
        assert session.scalars(select(FragmentRow.entry_id)).all() == ["a"]
    with store.transaction() as session:
        state.put(session, "x", "y")


def test_text_is_ordered_by_its_bytes_whatever_the_database_does(store: Store) -> None:
    with store.transaction() as session:
        session.add_all(State(key=key, value="") for key in ("é", "b", "A", "a", "B-a", "Ba"))
    with store.reading() as session:
        found = list(session.scalars(select(State.key).where(State.key != state.GENERATION).order_by(State.key)))
        assert found == sorted(found)
        columns = session.execute(text(
            "SELECT table_name, column_name, collation_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND data_type = 'text'"
        )).all()  # fmt: skip
    assert len(columns) > 80
    assert [c for c in columns if c[2] != "C"] == []


def test_two_processes_may_make_the_tables_at_once(tmp_path: Path) -> None:
    url = databases.address(tmp_path, migrated=False)
    stores = [Store(url) for _ in range(3)]
    threads = [threading.Thread(target=s.upgrade) for s in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [s.revision() for s in stores] == [schema.HEAD] * 3
    for opened in stores:
        opened.close()


def test_what_is_done_alone_is_done_by_one_at_a_time(store: Store, other: Store) -> None:
    inside: list[str] = []
    most: list[int] = []

    def work(of: Store, name: str) -> None:
        for _ in range(5):
            with of.alone("index"):
                inside.append(name)
                most.append(len(inside))
                time.sleep(0.01)
                inside.remove(name)

    threads = [threading.Thread(target=work, args=pair) for pair in ((store, "a"), (other, "b"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
    assert len(most) == 10
    with store.alone("index"), other.alone("something else"):
        pass


def test_who_dies_leaves_no_lock(store: Store, other: Store) -> None:
    program = (
        "import sys, time; from kennis.store import Store\n"
        "s = Store(sys.argv[1])\n"
        "with s.alone('index'), s.transaction(): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program, store.url], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        process.kill()
    patient = Store(store.url)
    with patient.alone("index"), patient.transaction() as session:
        state.put(session, "x", "y")
    patient.close()


def test_any_driver_in_the_address_will_do(store: Store) -> None:
    for driver in ("postgresql", "postgresql+psycopg2"):
        url = make_url(store.url).set(drivername=driver).render_as_string(hide_password=False)
        opened = Store(url)
        opened.check()
        assert opened.generation() == 0
        opened.close()


def test_going_down_one_step_and_up_again_keeps_the_rows(store: Store) -> None:
    with store.transaction() as session:
        session.add(an_entry("a"))
    schema.downgrade(store.engine, "0001")
    store.upgrade()
    with store.reading() as session:
        assert session.scalars(select(Entry.id)).all() == ["a"]
    assert "entries" in inspect(store.engine).get_table_names()
