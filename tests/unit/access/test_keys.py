"""Keys of programs: shown once, proven by a digest, cut down to their scopes."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kennis.access import accounts, keys
from kennis.access.keys import Caller
from kennis.access.policy import Actor
from kennis.errors import Forbidden, Invalid, Unauthorized
from kennis.store import Store
from kennis.store.models import Audit
from kennis.store.people import Account, ApiKey
from tests.conftest import NOW
from tests.unit.access.people import COMMAND, an_account

TODAY = NOW.date()


def _issued(store: Store, role: str = "editor", scopes: str = "read contribute", **given: Any) -> tuple[Account, str]:
    with store.transaction() as session:
        account = accounts.by_email(session, f"{role}@kennis.example") or an_account(
            session, f"{role}@kennis.example", role=role
        )
        _, text = keys.issue(session, account, name="Partner", scopes=scopes.split(), now=NOW, by=COMMAND, **given)
        return account, text


def _key(store: Store) -> ApiKey:
    with store.reading() as session:
        return session.scalars(select(ApiKey)).one()


def _is_refused(store: Store, text: str, today: date = TODAY) -> bool:
    try:
        keys.authenticate(store, text, today)
    except Unauthorized as refused:
        return refused.message == keys.UNKNOWN
    return False


@pytest.mark.req("V25")
def test_a_key_is_known_by_its_prefix_and_kept_as_a_digest_only(store: Store) -> None:
    account, text = _issued(store)
    key = _key(store)
    form = re.fullmatch(r"kennis_([0-9a-f]{8})_([0-9a-f]{40})", text)
    assert form is not None
    assert key.prefix == form.group(1)
    assert len(form.group(2)) * 4 >= 128
    kept = [str(value) for value in vars(key).values()]
    assert not any(form.group(2) in value for value in kept)
    with store.reading() as session:
        assert form.group(2) not in str(list(session.execute(select(Audit.__table__))))
    caller = keys.authenticate(store, text, TODAY)
    assert caller == Caller(Actor(account.id, "contributor", "professional"), key.id, frozenset({"read", "contribute"}))


@pytest.mark.req("V25")
def test_two_keys_are_never_the_same(store: Store) -> None:
    """Also where chance gives the same prefix twice."""
    drawn: Iterator[bytes] = iter([b"aaaa", b"s" * 20, b"aaaa", b"bbbb", b"t" * 20])
    texts = [_issued(store, random=lambda _: next(drawn))[1] for _ in range(2)]
    assert [text[7:15] for text in texts] == [b"aaaa".hex(), b"bbbb".hex()]
    assert not any(_is_refused(store, text) for text in texts)


@pytest.fixture
def issued(store: Store) -> str:
    return _issued(store)[1]


ONE_STORE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


@pytest.mark.req("V25")
@ONE_STORE
@given(data=st.data())
def test_a_key_with_any_character_changed_is_refused(store: Store, issued: str, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(issued) - 1))
    other = data.draw(st.one_of(st.sampled_from("0123456789abcdef"), st.characters()))
    changed = issued[:position] + other + issued[position + 1 :]
    assert _is_refused(store, changed) == (changed != issued)


@pytest.mark.req("V25")
@ONE_STORE
@given(text=st.one_of(st.text(), st.from_regex(r"kennis_[0-9a-f]{8}_[0-9a-f]{40}", fullmatch=True)))
def test_any_other_text_is_refused(store: Store, issued: str, text: str) -> None:
    assert text != issued
    assert _is_refused(store, text)
    assert _is_refused(store, issued + text) == (text != "")


def test_a_key_holds_on_its_last_day_and_not_after(store: Store) -> None:
    _, text = _issued(store, expires_on=TODAY + timedelta(days=1))
    assert not _is_refused(store, text, TODAY + timedelta(days=1))
    assert _is_refused(store, text, TODAY + timedelta(days=2))


def test_a_revoked_key_is_refused_at_once_and_stays_so(store: Store) -> None:
    _, text = _issued(store)
    for _ in range(2):
        with store.transaction() as session:
            keys.revoke(session, keys.find(session, _key(store).id), now=NOW, by=COMMAND)
        assert _is_refused(store, text)
    with store.reading() as session:
        assert [a.operation for a in session.scalars(select(Audit))].count("revoke_key") == 1


@pytest.mark.req("V26")
def test_the_keys_of_a_blocked_account_are_refused(store: Store) -> None:
    account, text = _issued(store)
    for is_blocked in (True, False):
        with store.transaction() as session:
            step = accounts.disable if is_blocked else accounts.enable
            step(session, accounts.find(session, account.id), now=NOW, by=COMMAND)
        assert _is_refused(store, text) == is_blocked


def test_the_last_use_is_kept_as_a_day(store: Store) -> None:
    _, text = _issued(store)
    assert _key(store).last_used_on is None
    for days in (0, 0, 1):
        keys.authenticate(store, text, TODAY + timedelta(days=days))
        assert _key(store).last_used_on == (TODAY + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("role", "scopes", "cut"),
    [
        ("admin", "read", "contributor"),
        ("admin", "read contribute review", "reviewer"),
        ("admin", "moderate", "editor"),
        ("admin", "admin", "admin"),
        ("editor", "edit webhooks", "editor"),
        ("contributor", "read contribute webhooks", "contributor"),
    ],
)
def test_a_key_has_no_more_role_than_its_scopes_ask_for(store: Store, role: str, scopes: str, cut: str) -> None:
    assert keys.authenticate(store, _issued(store, role, scopes)[1], TODAY).actor.role == cut


def test_a_role_that_sinks_takes_its_keys_along_and_one_that_rises_does_not(store: Store) -> None:
    account, text = _issued(store, "editor", "edit")
    for role, cut in (("contributor", "contributor"), ("admin", "editor")):
        with store.transaction() as session:
            accounts.set_role(session, accounts.find(session, account.id), role, now=NOW, by=COMMAND)
        assert keys.authenticate(store, text, TODAY).actor.role == cut


def test_nobody_gives_more_than_he_or_she_may(store: Store) -> None:
    with store.transaction() as session:
        editor = an_account(session)
        with pytest.raises(Invalid):
            keys.issue(session, editor, name="x", scopes=["admin"], now=NOW, by=COMMAND)
        by = Actor(editor.id, "contributor")
        with pytest.raises(Invalid):
            keys.issue(session, editor, name="x", scopes=["edit"], now=NOW, by=by)
        keys.issue(session, editor, name="x", scopes=["read"], now=NOW, by=by)
        with pytest.raises(Forbidden):
            keys.issue(session, editor, name="x", scopes=["read"], now=NOW, by=Actor("other", "editor"))


def test_all_faults_of_a_new_key_are_told_at_once(store: Store) -> None:
    with pytest.raises(Invalid) as refused, store.transaction() as session:
        keys.issue(
            session, an_account(session), name="\n", scopes=["fly"], expires_on=TODAY - timedelta(days=1),
            limit_per_minute=0, now=NOW, by=COMMAND,
        )  # fmt: skip
    assert [p.pointer for p in refused.value.problems] == ["/name", "/scopes", "/expiresOn", "/limitPerMinute"]
    with store.reading() as session:
        assert session.scalars(select(ApiKey)).all() == []
