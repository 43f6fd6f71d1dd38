"""Facts about the database as a whole, and the generation that tells whether any public answer may have changed."""

from sqlalchemy import Integer, Text, cast, select, update
from sqlalchemy.orm import Session

from kennis.store.models import State

GENERATION = "generation"


def get(session: Session, key: str) -> str | None:
    return session.scalar(select(State.value).where(State.key == key))


def put(session: Session, key: str, value: str) -> None:
    changed = session.execute(update(State).where(State.key == key).values(value=value))
    if not changed.rowcount:  # type: ignore[attr-defined]  # the result of an UPDATE has it
        session.add(State(key=key, value=value))
        session.flush()


def raise_generation(session: Session) -> None:
    """Do this first in every transaction that changes public state."""
    number = cast(cast(State.value, Integer) + 1, Text)
    session.execute(
        update(State).where(State.key == GENERATION).values(value=number).execution_options(synchronize_session=False)
    )
