"""Browsers that are logged in: when that ends."""

from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from kennis.access import accounts, sessions
from kennis.errors import TooManyTries, Unauthorized
from kennis.store import Store
from kennis.store.models import Audit
from kennis.store.people import LoginSession
from tests.conftest import NOW
from tests.unit.access.people import CHEAP, COMMAND, PASSWORD, an_account


def _minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def _begun(store: Store, role: str = "editor") -> str:
    with store.transaction() as session:
        account = accounts.by_email(session, "sanne@kennis.example") or an_account(session, role=role)
        return sessions.begin(session, account, NOW)


@pytest.mark.req("V26")
def test_each_login_has_a_session_of_its_own_that_is_kept_as_a_digest(store: Store) -> None:
    first, second = _begun(store), _begun(store)
    assert first != second
    assert len(first) * 4 == 256
    with store.reading() as session:
        kept = set(session.scalars(select(LoginSession.digest)))
    assert kept == {sha256(token.encode()).hexdigest() for token in (first, second)}


@pytest.mark.req("V26")
def test_logging_out_ends_this_session_on_the_server(store: Store) -> None:
    first, second = _begun(store), _begun(store)
    for _ in range(2):
        with store.transaction() as session:
            sessions.end(session, first, NOW)
    assert sessions.find(store, first, NOW) is None
    assert sessions.find(store, second, NOW) is not None
    with store.reading() as session:
        assert [a.operation for a in session.scalars(select(Audit))].count("log_out") == 1


@pytest.mark.req("V27")
@pytest.mark.parametrize("role", ["reviewer", "editor", "admin"])
def test_a_session_of_the_desk_ends_after_thirty_minutes_without_use(store: Store, role: str) -> None:
    token = _begun(store, role)
    for minutes in (29, 58, 87):
        assert sessions.find(store, token, NOW + _minutes(minutes)) is not None
    assert sessions.find(store, token, NOW + _minutes(87 + 30)) is None


@pytest.mark.req("V27")
@pytest.mark.parametrize("role", ["contributor", "editor"])
def test_every_session_ends_after_twelve_hours_however_much_it_was_used(store: Store, role: str) -> None:
    token = _begun(store, role)
    for minutes in range(0, 12 * 60, 20):
        assert sessions.find(store, token, NOW + _minutes(minutes)) is not None
    assert sessions.find(store, token, NOW + _minutes(12 * 60)) is None


def test_a_contributor_may_leave_a_page_open_for_hours(store: Store) -> None:
    assert sessions.find(store, _begun(store, "contributor"), NOW + _minutes(11 * 60)) is not None


def test_a_use_is_written_down_at_most_once_a_minute(store: Store) -> None:
    token = _begun(store)
    written = []
    for seconds in (20, 59, 61, 90):
        sessions.find(store, token, NOW + timedelta(seconds=seconds))
        with store.reading() as session:
            written.append(session.scalar(select(LoginSession.used_at)))
    assert written == ["2026-11-24T09:00:00Z"] * 2 + ["2026-11-24T09:01:01Z"] * 2


def test_a_raised_role_makes_a_long_unused_session_end(store: Store) -> None:
    token = _begun(store, "contributor")
    with store.transaction() as session:
        account = accounts.by_email(session, "sanne@kennis.example")
        assert account is not None
        accounts.set_role(session, account, "editor", now=NOW, by=COMMAND)
    assert sessions.find(store, token, NOW + _minutes(31)) is None


@pytest.mark.parametrize("token", ["", "x", "\ud800", "0" * 64, "\0"])
def test_another_token_is_nobody(store: Store, token: str) -> None:
    _begun(store)
    assert sessions.find(store, token, NOW) is None


def test_sessions_that_are_over_do_not_stay(store: Store) -> None:
    _begun(store)
    with store.transaction() as session:
        account = accounts.by_email(session, "sanne@kennis.example")
        assert account is not None
        sessions.begin(session, account, NOW + _minutes(13 * 60))
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(LoginSession)) == 1


def _is_confirmed(store: Store, token: str, minutes: float) -> bool:
    with store.reading() as session:
        return sessions.is_confirmed(session, token, NOW + _minutes(minutes))


def test_a_password_given_again_is_good_for_a_quarter_of_an_hour_in_that_session(store: Store) -> None:
    token, other = _begun(store), _begun(store)
    assert not _is_confirmed(store, token, 0)
    with pytest.raises(Unauthorized):
        sessions.confirm_password(store, token, "een ander wachtwoord", NOW, CHEAP)
    assert not _is_confirmed(store, token, 0)
    assert sessions.confirm_password(store, token, PASSWORD, NOW, CHEAP).email == "sanne@kennis.example"
    assert [_is_confirmed(store, token, minutes) for minutes in (0, 14.9, 15)] == [True, True, False]
    assert not _is_confirmed(store, other, 0)
    with store.reading() as session:
        trail = [(a.operation, a.outcome) for a in session.scalars(select(Audit).order_by(Audit.id))]
    assert trail[-2:] == [("confirm_password", "failed"), ("confirm_password", "done")]


@pytest.mark.req("V24")
def test_giving_the_password_again_is_slowed_down_as_a_login_is(store: Store) -> None:
    token = _begun(store)
    for _ in range(5):
        with pytest.raises(Unauthorized):
            sessions.confirm_password(store, token, "een ander wachtwoord", NOW, CHEAP)
    with pytest.raises(TooManyTries):
        sessions.confirm_password(store, token, PASSWORD, NOW, CHEAP)


def test_nobody_confirms_a_session_that_is_over(store: Store) -> None:
    token = _begun(store)
    with pytest.raises(Unauthorized):
        sessions.confirm_password(store, token, PASSWORD, NOW + _minutes(30), CHEAP)
