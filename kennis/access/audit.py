"""Who did what to which id, and who tried to: ids and codes only, never content (safety.md R16)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.errors import Forbidden, Hidden, KennisError, Moved, Unauthorized
from kennis.store import Store
from kennis.store.models import Audit

DONE, REFUSED, FAILED = OUTCOMES = ("done", "refused", "failed")
# Where nobody is known, as at a login that fails.
NOBODY = "nobody"
# When, and on which id, as a row may hold them.
Seen = Callable[[Session], tuple[str, str]]


def record(
    session: Session,
    at: str,
    actor_id: str,
    operation: str,
    subject_id: str,
    detail: str | None = None,
    outcome: str = DONE,
) -> None:
    """Goes with the transaction of the deed. `at` of what is about a story is its day: `Context.stamp_for`."""
    session.add(
        Audit(at=at, actor_id=actor_id, operation=operation, subject_id=subject_id, detail=detail, outcome=outcome)
    )


@contextmanager
def attempt(store: Store, actor_id: str, operation: str, seen: Seen) -> Iterator[None]:
    """Around the whole transaction of a deed: what is refused or fails is recorded in one of its own, so that undoing
    the deed does not undo its trace. `seen` is asked only then; of the error only its name is kept."""
    try:
        yield
    except Moved:
        raise
    except Exception as error:
        _keep(store, actor_id, operation, seen, error)
        raise


def _keep(store: Store, actor_id: str, operation: str, seen: Seen, error: Exception) -> None:
    is_refusal = isinstance(error, (Forbidden, Hidden, Unauthorized))

    def kept(session: Session) -> None:
        at, subject_id = seen(session)
        name = type(error).__name__
        record(session, at, actor_id, operation, subject_id, name, REFUSED if is_refusal else FAILED)

    try:
        store.write(kept)
    except KennisError as trouble:
        # A database that cannot be written explains the deed's own error as well: that one is told.
        error.add_note(f"not in the audit: {type(trouble).__name__}")


def trail(
    session: Session,
    *,
    subject_id: str | None = None,
    actor_id: str | None = None,
    operation: str | None = None,
    outcome: str | None = None,
    since: date | None = None,
    most: int,
) -> Sequence[Audit]:
    """The newest first. Rows of one moment stand by their subject, so that those of which only the day may be known do
    not tell their order."""
    wanted = {
        Audit.subject_id: subject_id,
        Audit.actor_id: actor_id,
        Audit.operation: operation,
        Audit.outcome: outcome,
    }
    if not all(value is None or value.isprintable() for value in wanted.values()):
        return ()
    query = select(Audit).where(*(column == value for column, value in wanted.items() if value is not None))
    if since is not None:
        query = query.where(Audit.at >= since.isoformat())
    return session.scalars(query.order_by(Audit.at.desc(), Audit.subject_id, Audit.id.desc()).limit(most)).all()
