"""Accounts for tests of mail and reminders, and a clock that stands still until it is moved."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from kennis.store.people import Account
from tests.conftest import NOW


@dataclass
class Clock:
    moment: datetime = NOW

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **span: float) -> None:
        self.moment += timedelta(**span)


def an_account(session: Session, name: str, role: str = "contributor", **facts: Any) -> str:
    """Its id and name are the name given; its address is at `veld.example`."""
    defaults = {"email": f"{name}@veld.example", "background": "professional", "created_on": "2026-11-01"}
    session.add(Account(id=name, name=name, role=role, **{**defaults, **facts}))
    session.flush()
    return name
