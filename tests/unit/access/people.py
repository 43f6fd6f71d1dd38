"""Accounts for tests: what they are called is invented, and their passwords cost next to nothing."""

from typing import Any

from sqlalchemy.orm import Session

from kennis.access import accounts, passwords, policy
from kennis.access.passwords import Cost, Ready
from kennis.store.people import Account
from tests.conftest import NOW

CHEAP = Cost(passes=1, memory=8, lanes=1)
PASSWORD = "fiets lamp gordijn zeven"
COMMAND = policy.system("command-line")


def ready(password: str, *words: str, cost: Cost = CHEAP) -> Ready:
    return passwords.ready(password, passwords.problems_of(password, words), cost)


def an_account(
    session: Session,
    email: str = "sanne@kennis.example",
    password: str | None = PASSWORD,
    cost: Cost = CHEAP,
    **given: Any,
) -> Account:
    facts = {"name": "Sanne Voorbeeld", "role": "editor", "background": "professional"} | given
    new = None if password is None else ready(password, facts["name"], email, cost=cost)
    return accounts.create(session, email=email, now=NOW, by=COMMAND, password=new, **facts)
