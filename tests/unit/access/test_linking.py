"""Which account a person of the login server gets: never one that no admin made, never more rights than it had."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from sqlalchemy import select

from kennis.access import accounts, linking, sessions
from kennis.access.oidc import Person
from kennis.config import Config
from kennis.errors import BadSetup, Forbidden, Unauthorized
from kennis.store import Store
from kennis.store.models import Audit
from kennis.store.people import Account
from tests.unit.access.people import COMMAND, an_account

ISSUER = "https://login.example"
ROLES = (("redactie", "editor"), ("beheer", "admin"), ("lezers", "contributor"))
EMAIL = "sanne@kennis.example"


def a_person(subject: str = "s-1", email: str = EMAIL, groups: Sequence[str] = ("redactie",)) -> Person:
    return Person(ISSUER, subject, email, tuple(groups))


@pytest.fixture
def account(store: Store) -> Account:
    with store.transaction() as session:
        an_account(session, "beheer@kennis.example", role="admin")
        return an_account(session, EMAIL, role="editor", password=None)


def kept(store: Store, account: Account) -> Account:
    with store.reading() as session:
        return accounts.find(session, account.id)


def told(store: Store) -> list[tuple[str, str, str, str | None, str]]:
    with store.reading() as session:
        rows = session.scalars(select(Audit).order_by(Audit.id)).all()
    return [
        (r.actor_id, r.operation, r.subject_id, r.detail, r.outcome) for r in rows if r.operation != "create_account"
    ]


def test_the_first_login_links_an_account_and_the_next_know_it_by_that(
    store: Store, account: Account, now: datetime
) -> None:
    assert linking.admit(store, a_person(), ROLES, now).id == account.id
    found = kept(store, account)
    assert (found.issuer, found.subject, found.role) == (ISSUER, "s-1", "editor")
    # The address is now of no importance, nor whether it is verified.
    assert linking.admit(store, a_person(email=""), ROLES, now).id == account.id
    assert linking.admit(store, a_person(email="beheer@kennis.example"), ROLES, now).id == account.id
    assert told(store) == [
        ("login-server", "link_account", account.id, None, "done"),
        *[(account.id, "log_in", account.id, "elsewhere", "done")] * 3,
    ]


@pytest.mark.parametrize(
    "person",
    [
        a_person(email="vreemd@kennis.example"),
        a_person(email=""),
        a_person(groups=()),
        a_person(groups=("onbekend",)),
    ],
)
def test_who_has_no_account_or_no_group_is_refused_and_gets_none(
    store: Store, account: Account, person: Person, now: datetime
) -> None:
    with pytest.raises(Unauthorized) as refused:
        linking.admit(store, person, ROLES, now)
    assert refused.value.message == linking.REFUSED
    with store.reading() as session:
        assert len(accounts.all_accounts(session)) == 2
    assert kept(store, account).subject is None
    (row,) = told(store)
    assert (row[0], row[1], row[4]) == ("nobody", "log_in", "refused")
    assert "vreemd" not in str(row)


def test_an_account_of_somebody_else_is_not_taken_over(store: Store, account: Account, now: datetime) -> None:
    """At the server somebody may get the address of who left."""
    linking.admit(store, a_person("s-1"), ROLES, now)
    with pytest.raises(Unauthorized):
        linking.admit(store, a_person("s-2"), ROLES, now)
    with pytest.raises(Unauthorized):
        linking.admit(store, Person("https://ander.example", "s-1", EMAIL, ("redactie",)), ROLES, now)
    assert kept(store, account).subject == "s-1"


def test_a_disabled_account_stays_closed(store: Store, account: Account, now: datetime) -> None:
    linking.admit(store, a_person(), ROLES, now)
    store.write(lambda s: accounts.disable(s, accounts.find(s, account.id), now=now, by=COMMAND))
    with pytest.raises(Unauthorized):
        linking.admit(store, a_person(), ROLES, now)
    assert told(store)[-1] == ("nobody", "log_in", account.id, "Unauthorized", "refused")


def test_a_lower_group_lowers_the_account_and_a_higher_one_does_not_raise_it(
    store: Store, account: Account, now: datetime
) -> None:
    assert linking.admit(store, a_person(groups=("lezers",)), ROLES, now).role == "contributor"
    assert linking.admit(store, a_person(groups=("beheer", "lezers")), ROLES, now).role == "contributor"
    assert kept(store, account).role == "contributor"
    assert ("login-server", "set_role", account.id, "contributor", "done") in told(store)


def test_without_a_mapping_the_account_keeps_its_role(store: Store, account: Account, now: datetime) -> None:
    assert linking.admit(store, a_person(groups=()), (), now).role == "editor"


def test_the_only_admin_is_refused_rather_than_lowered(store: Store, account: Account, now: datetime) -> None:
    only = a_person("b-1", "beheer@kennis.example", ("redactie",))
    with pytest.raises(Unauthorized):
        linking.admit(store, only, ROLES, now)
    with store.reading() as session:
        found = accounts.by_email(session, "beheer@kennis.example")
    assert found is not None
    assert (found.role, found.subject) == ("admin", None)


def test_an_admin_can_undo_a_link_which_ends_its_sessions(store: Store, account: Account, now: datetime) -> None:
    linking.admit(store, a_person("s-1"), ROLES, now)
    token = store.write(lambda s: sessions.begin(s, accounts.find(s, account.id), now))
    actor = accounts.actor_of(account)
    with pytest.raises(Forbidden):
        store.write(lambda s: linking.unlink(s, accounts.find(s, account.id), now=now, by=actor))
    assert sessions.find(store, token, now) is not None
    for _ in range(2):
        store.write(lambda s: linking.unlink(s, accounts.find(s, account.id), now=now, by=COMMAND))
    assert sessions.find(store, token, now) is None
    assert linking.admit(store, a_person("s-2"), ROLES, now).subject == "s-2"
    assert [row[1] for row in told(store)].count("unlink_account") == 1


@pytest.mark.parametrize(
    ("groups", "highest"),
    [(("lezers",), "contributor"), (("lezers", "beheer", "redactie"), "admin"), ((), None), (("Redactie",), None)],
)
def test_the_highest_group_counts(groups: tuple[str, ...], highest: str | None) -> None:
    assert linking.ceiling(groups, ROLES) == highest


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"KENNIS_OIDC_ROLES": "redactie=editro"}, "KENNIS_OIDC_ROLES gives redactie the role editro"),
        ({"KENNIS_OIDC_CLIENT_ID": ""}, "give KENNIS_OIDC_CLIENT_ID as well"),
        ({"KENNIS_OIDC_ISSUER": "http://login.example", "KENNIS_ENV": "production"}, "does not start with https://"),
    ],
)
def test_settings_that_cannot_be_right_are_named(changed: dict[str, str], sentence: str) -> None:
    good = {"KENNIS_OIDC_ISSUER": ISSUER, "KENNIS_OIDC_CLIENT_ID": "kennis", "KENNIS_OIDC_ROLES": "redactie=editor"}
    linking.check_settings(Config.from_env({}))
    linking.check_settings(Config.from_env(good | {"KENNIS_ENV": "production"}))
    with pytest.raises(BadSetup, match=sentence):
        linking.check_settings(Config.from_env(good | changed))
