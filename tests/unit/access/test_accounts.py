"""People: made, changed, blocked; logging in, and being kept from guessing."""

import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from kennis import logs
from kennis.access import accounts, passwords, sessions
from kennis.access.policy import Actor
from kennis.errors import Conflict, Forbidden, Invalid, NotFound, TooManyTries, Unauthorized
from kennis.store import Store
from kennis.store.models import Audit
from kennis.store.people import Account, LoginTries
from tests.conftest import NOW
from tests.unit.access.people import CHEAP, COMMAND, PASSWORD, an_account, ready
from tests.waiting import wait_until

WRONG = "een heel ander wachtwoord"


def _trail(store: Store) -> list[tuple[str, str, str, str | None, str]]:
    with store.reading() as session:
        rows = session.scalars(select(Audit).order_by(Audit.id))
        return [(a.actor_id, a.operation, a.subject_id, a.detail, a.outcome) for a in rows]


def _made(store: Store, email: str = "sanne@kennis.example", **given: object) -> Account:
    with store.transaction() as session:
        return an_account(session, email, **given)


def _log_in(store: Store, email: str, password: str, now: datetime = NOW, whence: str = "here") -> Account:
    return accounts.log_in(store, email, password, now, CHEAP, whence=whence)


def _fails(store: Store, email: str, password: str, now: datetime = NOW, whence: str = "here") -> str:
    with pytest.raises(Unauthorized) as refused:
        _log_in(store, email, password, now, whence)
    return refused.value.message.nl


@pytest.mark.req("V24")
def test_a_new_installation_has_no_account(store: Store) -> None:
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_an_account_logs_in_with_its_address_in_any_capitals(store: Store) -> None:
    made = _made(store, " Sanne@Kennis.Example ")
    assert made.email == "sanne@kennis.example"
    assert _log_in(store, "SANNE@kennis.example", PASSWORD).id == made.id
    assert _trail(store)[-1] == (made.id, "log_in", made.id, None, "done")


def test_all_faults_are_told_at_once(store: Store) -> None:
    with store.transaction() as session, pytest.raises(Invalid) as refused:
        an_account(session, "sanne", name=" ", role="boss", background="x", organisation_id="?", password="kort")
    pointers = [p.pointer for p in refused.value.problems]
    assert pointers == ["/email", "/name", "/role", "/background", "/organisationId", "/password"]


@pytest.mark.parametrize(
    "email", ["", "a", "a@b", "a b@c.nl", "a@b..nl", "a@@b.nl", "a@b.nl\n", "<a@b.nl>", "a\0@b.nl"]
)
def test_what_is_no_address_is_refused(store: Store, email: str) -> None:
    if email == "a@b.nl\n":
        email = "a@b\n.nl"
    with store.transaction() as session, pytest.raises(Invalid):
        an_account(session, email)


def test_an_address_has_one_account(store: Store) -> None:
    _made(store)
    with store.transaction() as session, pytest.raises(Invalid, match="not valid"):
        an_account(session, "SANNE@kennis.example")


@pytest.mark.parametrize("role", ["contributor", "reviewer", "editor"])
def test_only_an_admin_manages_accounts(store: Store, role: str) -> None:
    made = _made(store)
    by = Actor("somebody", role)
    with store.transaction() as session:
        account = accounts.find(session, made.id)
        with pytest.raises(Forbidden):
            accounts.set_role(session, account, "admin", now=NOW, by=by)
        with pytest.raises(Forbidden):
            accounts.disable(session, account, now=NOW, by=by)
        with pytest.raises(Forbidden):
            accounts.set_password(session, account, ready(PASSWORD + "x"), now=NOW, by=by)
        with pytest.raises(Forbidden):
            accounts.create(session, email="x@y.nl", name="X", role="admin", background="owner", now=NOW, by=by)


def test_facts_of_an_account_change_and_its_other_ones_stay(store: Store) -> None:
    made = _made(store)
    with store.transaction() as session:
        account = accounts.find(session, made.id)
        accounts.edit(session, account, name=" Sanne Anders ", background="volunteer", now=NOW, by=COMMAND)
        accounts.edit(session, account, name="Sanne Anders", now=NOW, by=COMMAND)
        assert (account.name, account.background, account.email) == ("Sanne Anders", "volunteer", made.email)
    assert _log_in(store, made.email, PASSWORD).id == made.id
    told = [(operation, detail) for _, operation, _, detail, _ in _trail(store) if operation == "edit_account"]
    assert told == [("edit_account", "background,name")]


@pytest.mark.req("V26")
def test_another_address_logs_in_and_ends_the_sessions(store: Store) -> None:
    made = _made(store)
    with store.transaction() as session:
        account = accounts.find(session, made.id)
        token = sessions.begin(session, account, NOW)
        accounts.edit(session, account, email="Anders@Kennis.Example", now=NOW, by=COMMAND)
    assert sessions.find(store, token, NOW) is None
    _fails(store, made.email, PASSWORD)
    assert _log_in(store, "anders@kennis.example", PASSWORD).id == made.id
    assert "anders" not in repr(_trail(store))


def test_faults_of_an_edit_are_told_at_once_and_change_nothing(store: Store) -> None:
    made, other = _made(store), _made(store, "noor@kennis.example")
    wrong = {"email": other.email.upper(), "name": " ", "background": "boss", "organisation_id": "kanarie"}
    with store.transaction() as session:
        account = accounts.find(session, made.id)
        with pytest.raises(Invalid) as refused:
            accounts.edit(session, account, **wrong, now=NOW, by=COMMAND)
        with pytest.raises(Forbidden):
            accounts.edit(session, account, name="X", now=NOW, by=Actor(made.id, "editor"))
        assert (account.email, account.name, account.background) == (made.email, made.name, made.background)
    assert [p.pointer for p in refused.value.problems] == ["/email", "/name", "/background", "/organisationId"]


def test_nobody_raises_the_own_role(store: Store) -> None:
    made = _made(store)
    with store.transaction() as session, pytest.raises(Forbidden):
        accounts.set_role(session, accounts.find(session, made.id), "admin", now=NOW, by=accounts.actor_of(made))


def test_the_only_admin_stays_one(store: Store) -> None:
    first = _made(store, role="admin")
    with store.transaction() as session:
        account = accounts.find(session, first.id)
        with pytest.raises(Conflict):
            accounts.disable(session, account, now=NOW, by=COMMAND)
        with pytest.raises(Conflict):
            accounts.set_role(session, account, "editor", now=NOW, by=COMMAND)
        an_account(session, "tweede@kennis.example", role="admin")
        accounts.disable(session, account, now=NOW, by=COMMAND)
        accounts.set_role(session, account, "editor", now=NOW, by=COMMAND)
    assert [row[1] for row in _trail(store)[-2:]] == ["disable_account", "set_role"]


@pytest.mark.req("V26")
def test_blocking_and_a_new_password_end_all_sessions(store: Store) -> None:
    made = _made(store)
    for step in ("disable", "set_password"):
        with store.transaction() as session:
            account = accounts.find(session, made.id)
            accounts.enable(session, account, now=NOW, by=COMMAND)
            token = sessions.begin(session, account, NOW)
        assert sessions.find(store, token, NOW) is not None
        with store.transaction() as session:
            account = accounts.find(session, made.id)
            if step == "disable":
                accounts.disable(session, account, now=NOW, by=COMMAND)
            else:
                accounts.set_password(session, account, ready(WRONG), now=NOW, by=accounts.actor_of(account))
        assert sessions.find(store, token, NOW) is None, step
    assert _log_in(store, made.email, WRONG).id == made.id


@pytest.mark.req("V24")
def test_wrong_address_wrong_password_and_blocked_are_told_alike(store: Store) -> None:
    _made(store, "open@kennis.example")
    _made(store, "oidc@kennis.example", password=None)
    blocked = _made(store, "dicht@kennis.example")
    with store.transaction() as session:
        accounts.disable(session, accounts.find(session, blocked.id), now=NOW, by=COMMAND)
    told = {
        _fails(store, "open@kennis.example", WRONG),
        _fails(store, "oidc@kennis.example", ""),
        _fails(store, "niemand@kennis.example", PASSWORD),
        _fails(store, "dicht@kennis.example", PASSWORD),
        _fails(store, "geen adres\0\ud800", PASSWORD),
    }
    assert len(told) == 1


@pytest.mark.req("V24")
@pytest.mark.parametrize("email", ["sanne@kennis.example", "niemand@kennis.example"])
def test_guessing_is_slowed_down_whether_or_not_the_account_exists(store: Store, email: str) -> None:
    _made(store)
    waits, now = [], NOW
    for _ in range(12):
        try:
            _fails(store, email, WRONG, now)
        except TooManyTries as slowed:
            waits.append(slowed.retry_after_seconds)
            now += timedelta(seconds=slowed.retry_after_seconds)
            _fails(store, email, WRONG, now)
    assert waits == [30, 60, 120, 240, 480, 900, 900]


@pytest.mark.req("V24")
def test_the_right_password_is_not_looked_at_while_one_waits(store: Store) -> None:
    made = _made(store)
    for _ in range(5):
        _fails(store, made.email, WRONG)
    before = _trail(store)
    with pytest.raises(TooManyTries):
        _log_in(store, made.email, PASSWORD, NOW + timedelta(seconds=29))
    assert _trail(store) == before
    assert _log_in(store, made.email, PASSWORD, NOW + timedelta(seconds=30)).id == made.id
    for _ in range(4):
        _fails(store, made.email, WRONG, NOW + timedelta(seconds=30))
    assert _log_in(store, made.email, PASSWORD, NOW + timedelta(seconds=30)).id == made.id


@pytest.mark.req("V24")
def test_who_guesses_elsewhere_does_not_keep_out_who_knows_the_password(store: Store) -> None:
    made = _made(store)
    for _ in range(5):
        _fails(store, made.email, WRONG, NOW, "elsewhere")
    with pytest.raises(TooManyTries):
        _log_in(store, made.email, PASSWORD, NOW, "elsewhere")
    assert _log_in(store, made.email, PASSWORD).id == made.id


@pytest.mark.req("V24")
def test_guesses_from_many_places_are_slowed_down_as_well(store: Store) -> None:
    made = _made(store)
    for place in range(101):
        _fails(store, made.email, WRONG, NOW, f"place {place}")
    with pytest.raises(TooManyTries) as slowed:
        _log_in(store, made.email, PASSWORD)
    assert slowed.value.retry_after_seconds == 1
    for number in range(20):
        _fails(store, made.email, WRONG, NOW + timedelta(minutes=1 + number), f"another place {number}")
    with pytest.raises(TooManyTries) as slowed:
        _log_in(store, made.email, PASSWORD, NOW + timedelta(minutes=20))
    assert slowed.value.retry_after_seconds == 60


@pytest.mark.req("V24")
def test_a_new_password_ends_the_wait_everywhere(store: Store) -> None:
    made = _made(store)
    for place in ("here", "elsewhere"):
        for _ in range(5):
            _fails(store, made.email, WRONG, NOW, place)
    with store.transaction() as session:
        accounts.set_password(session, accounts.find(session, made.id), ready(WRONG), now=NOW, by=COMMAND)
    assert _log_in(store, made.email, WRONG, NOW, "elsewhere").id == made.id


@pytest.mark.req("V24")
def test_guesses_at_the_same_time_count_as_those_in_a_row(store: Store) -> None:
    def guess(_: int) -> bool:
        try:
            _log_in(store, "niemand@kennis.example", WRONG)
        except TooManyTries:
            return False
        except Unauthorized:
            return True
        return False

    with ThreadPoolExecutor(8) as threads:
        looked_at = list(threads.map(guess, range(16)))
    assert sum(looked_at) == 5


@pytest.mark.req("V24")
def test_an_unknown_address_takes_as_long_as_a_known_one(store: Store) -> None:
    slow = passwords.Cost(passes=12, memory=8192, lanes=1)
    with store.transaction() as session:
        an_account(session, cost=slow)

    def shortest(email: str) -> float:
        """Of the processor: on the clock other work on the machine counts too. Nothing in it sleeps or waits."""
        taken = []
        for _ in range(3):
            begin = time.process_time()
            with pytest.raises(Unauthorized):
                accounts.log_in(store, email, WRONG, NOW, slow)
            taken.append(time.process_time() - begin)
        return min(taken)

    known, unknown = shortest("sanne@kennis.example"), shortest("niemand@kennis.example")
    assert 0.5 < known / unknown < 2


@pytest.mark.req("V26")
def test_an_old_password_does_not_win_from_a_new_one_while_it_is_looked_at(store: Store) -> None:
    slow = passwords.Cost(passes=50, memory=8192, lanes=1)
    made = _made(store, cost=slow)

    def is_counted() -> bool:
        with store.reading() as session:
            return session.scalar(select(func.count()).select_from(LoginTries)) == 2

    with ThreadPoolExecutor(1) as threads:
        login = threads.submit(accounts.log_in, store, made.email, PASSWORD, NOW, CHEAP)
        wait_until(is_counted, "the first step of the login")
        with store.transaction() as session:
            accounts.set_password(session, accounts.find(session, made.id), ready(WRONG), now=NOW, by=COMMAND)
        with pytest.raises(Unauthorized):
            login.result()
    assert _log_in(store, made.email, WRONG).id == made.id


@pytest.mark.req("V36")
def test_a_login_with_the_old_address_does_not_outlive_it(store: Store) -> None:
    proven = _log_in(store, _made(store).email, PASSWORD)
    with store.transaction() as session:
        account = accounts.find(session, proven.id)
        accounts.edit(session, account, email="anders@kennis.example", now=NOW, by=COMMAND)
        with pytest.raises(Unauthorized):
            accounts.as_proven(session, proven)


def test_a_login_is_logged_without_address_and_password(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    made = _made(store)
    caplog.set_level(logging.INFO, "kennis")
    _fails(store, made.email, "kanarie met een lang wachtwoord")
    _fails(store, "kanarie@kennis.example", WRONG)
    _log_in(store, made.email, PASSWORD)
    written = [logs.formatter("production").format(record) for record in caplog.records]
    assert [json.loads(line)["outcome"] for line in written] == ["failed", "failed", "done"]
    assert not [line for line in written if "kanarie" in line or "sanne" in line or PASSWORD in line]


def test_tries_are_forgotten_after_a_day(store: Store) -> None:
    for _ in range(5):
        _fails(store, "niemand@kennis.example", WRONG)
    _fails(store, "ander@kennis.example", WRONG, NOW + timedelta(days=2))
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(LoginTries)) == 2


def test_an_unknown_address_is_kept_nowhere(store: Store) -> None:
    _fails(store, "kanarie@kennis.example", WRONG)
    with store.reading() as session:
        rows = [*session.execute(select(LoginTries.__table__)), *session.execute(select(Audit.__table__))]
    assert "kanarie" not in str(rows)
    assert _trail(store) == [("nobody", "log_in", "nobody", None, "failed")]


def test_a_failed_login_names_the_account_it_was_tried_on(store: Store) -> None:
    made = _made(store)
    _fails(store, made.email, WRONG)
    assert _trail(store)[-1] == ("nobody", "log_in", made.id, None, "failed")


@pytest.mark.req("V29")
def test_an_old_hash_is_made_anew_when_its_password_is_given(store: Store) -> None:
    made = _made(store)
    dearer = passwords.Cost(passes=2, memory=16, lanes=1)
    accounts.log_in(store, made.email, PASSWORD, NOW, dearer)
    with store.reading() as session:
        digest = accounts.find(session, made.id).password_hash
    assert digest is not None
    assert digest.startswith("$argon2id$v=19$m=16,t=2,p=1$")
    assert accounts.log_in(store, made.email, PASSWORD, NOW, dearer).id == made.id


def test_what_goes_wrong_tells_nothing_of_what_was_given(store: Store) -> None:
    with store.reading() as session, pytest.raises(NotFound) as missing:
        accounts.find(session, "kanarie")
    assert "kanarie" not in missing.value.message.nl
