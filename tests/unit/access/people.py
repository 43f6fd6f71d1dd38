"""Accounts for tests: what they are called is invented, and their passwords cost next to nothing."""

from typing import Any

from sqlalchemy.orm import Session

from kennis.access import accounts, policy
from kennis.access.passwords import Cost
from kennis.store.people import Account
from tests.conftest import NOW

CHEAP = Cost(passes=1, memory=8, lanes=1)
PASSWORD = "fiets lamp gordijn zeven"
COMMAND = policy.system("command-line")


def an_account(session: Session, email: str = "sanne@kennis.example", **given: Any) -> Account:
    facts = {"name": "Sanne Voorbeeld", "role": "editor", "background": "professional", "password": PASSWORD}
    return accounts.create(session, email=email, now=NOW, by=COMMAND, **({"cost": CHEAP} | facts | given))
