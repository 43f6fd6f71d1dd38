"""From the database to the index: applying the outbox, building anew, and checking that both say the same.

The database is the truth. A job only names an entry; what is written is its row as it stands when the write lock is
held. The position in the outbox is stored after the index is durable: a process killed between the two applies the
same jobs again, which changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kennis import clock
from kennis.content import reading
from kennis.content.lifecycle import PUBLISHED
from kennis.errors import BadSetup
from kennis.search.document import document
from kennis.search.port import EngineStatus, FreshIndex, IndexDocument, Removal, SearchEngine, Write
from kennis.store import Store, state
from kennis.store.models import Entry, IndexJob, Tombstone

# Jobs in one commit of the index: a commit costs 13-115 ms however many there are (search.md 5).
BATCH = 500
Progress = Callable[[int, int], None]


def silent(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Ids that differ between database and index: not in it, in it in another version, in it without reason."""

    missing: tuple[str, ...]
    stale: tuple[str, ...]
    orphan: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.orphan)


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """`waiting` is the number of jobs behind the position: the lag."""

    engine: EngineStatus
    position: int
    waiting: int


class Indexer:
    """`today` is a function, for a process lives longer than a day."""

    def __init__(self, store: Store, engine: SearchEngine, today: Callable[[], date] = clock.today) -> None:
        self._store = store
        self._engine = engine
        self._today = today
        self._key = f"index-position:{engine.name}"

    # Applying

    def apply_pending(self, limit: int = BATCH) -> int:
        """Write one batch of waiting jobs; how many there were. BadSetup when there is no index to write to."""
        self._require_index()
        with self._engine.writing():
            with self._store.reading() as session:
                jobs = reading.pending_jobs(session, self._position(session), limit)
                writes = list(self._writes(session, jobs))
            if not jobs:
                return 0
            self._engine.write(writes)
            self._advance(jobs[-1].id)
        return len(jobs)

    def apply_all(self) -> int:
        """Batch after batch until nothing waits."""
        total = 0
        while done := self.apply_pending():
            total += done
        return total

    def catch_up(self, progress: Progress = silent) -> int:
        """At start: apply what waits; build the index first when there is none or one of another version."""
        if not self._engine.status().is_ready:
            self.rebuild(progress)
        return self.apply_all()

    def _require_index(self) -> None:
        found = self._engine.status()
        if not found.is_ready:
            raise BadSetup(found.problem_nl, found.problem_en)

    def _writes(self, session: Session, jobs: Sequence[IndexJob]) -> Iterator[Write]:
        """One write per entry, however often it was named, of its row as it is now."""
        versions = {job.entry_id: job.index_version for job in jobs}
        yield from self._current(session, versions)

    def _current(self, session: Session, versions: Mapping[str, int]) -> Iterator[Write]:
        ids = list(versions)
        found = {view.id: view for view in reading.view(session, ids)}
        buried = _tombstones(session, [i for i in ids if i not in found])
        today = self._today()
        for entry_id in ids:
            view = found.get(entry_id)
            made = document(view, today) if view else None
            version = view.index_version if view else max(versions[entry_id], buried.get(entry_id, 0))
            yield made or Removal(entry_id, version)

    def _position(self, session: Session) -> int:
        return int(state.get(session, self._key) or 0)

    def _advance(self, position: int) -> None:
        """Never back: another process may have gone further meanwhile."""
        with self._store.transaction() as session:
            state.raise_generation(session)
            state.put(session, self._key, str(max(position, self._position(session))))

    # Building anew

    def rebuild(self, progress: Progress = silent, *, keep_previous: bool = True) -> int:
        """Build a new index beside the old one, which answers meanwhile, and switch; how many documents it has.
        After an erasure keep no previous index: it would hold the erased words."""
        with self._store.reading() as session:
            noted = _last_job(session)
        reached = [noted, 0]

        def fill(fresh: FreshIndex) -> None:
            for batch in self._published(progress):
                fresh.write(batch)

        def finish(fresh: FreshIndex) -> None:
            reached[:] = self._complete(fresh, noted)

        self._engine.rebuild(fill, finish, keep_previous=keep_previous)
        self._advance(reached[0])
        return reached[1]

    def _published(self, progress: Progress) -> Iterator[list[IndexDocument]]:
        with self._store.reading() as session:
            total = session.scalar(select(func.count()).where(Entry.status == PUBLISHED)) or 0
        done, last = 0, ""
        progress(done, total)
        while True:
            # A session per batch: no read transaction stays open that would keep erased text in the WAL.
            with self._store.reading() as session:
                views = reading.published_views(session, last, BATCH)
            if not views:
                return
            today, last = self._today(), views[-1].id
            yield [made for view in views if (made := document(view, today)) is not None]
            done += len(views)
            progress(done, max(done, total))

    def _complete(self, fresh: FreshIndex, noted: int) -> tuple[int, int]:
        """Apply what changed meanwhile and compare, in one state of the database: the last job seen, the size."""
        with self._store.reading() as session:
            while jobs := reading.pending_jobs(session, noted, BATCH):
                fresh.write(list(self._writes(session, jobs)))
                noted = jobs[-1].id
            expected = _published_versions(session)
            drift = _compare(expected, fresh.versions(), _waiting(session, noted))
        if drift:
            raise _differs(drift)
        return noted, len(expected)

    # Checking

    def check(self, *, fix: bool = False) -> Drift:
        """What differs although nothing waits for it; with `fix` it is mended before this returns."""
        self._require_index()
        with self._engine.writing():
            self._engine.refresh()
            with self._store.reading() as session:
                waiting = _waiting(session, self._position(session))
                drift = _compare(_published_versions(session), self._engine.versions(), waiting)
                if drift and fix:
                    self._mend(session, drift)
            if drift and fix:
                self._advance(0)
        return drift

    def _mend(self, session: Session, drift: Drift) -> None:
        ids = [*drift.missing, *drift.stale, *drift.orphan]
        held = self._engine.versions()
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            # What stands in the index in a higher version than the row has never was right: it goes first.
            self._engine.write([Removal(i, held[i]) for i in part if i in held])
            self._engine.write(list(self._current(session, {i: held.get(i, 0) for i in part})))

    def status(self) -> IndexStatus:
        with self._store.reading() as session:
            position = self._position(session)
            waiting = session.scalar(select(func.count()).where(IndexJob.id > position)) or 0
        return IndexStatus(self._engine.status(), position, waiting)


def removal_waits(session: Session, engine_name: str) -> bool:
    """Whether an entry that left the public is still in the index: then no word of it may be suggested."""
    position = int(state.get(session, f"index-position:{engine_name}") or 0)
    waiting = select(IndexJob.entry_id).where(IndexJob.id > position)
    public = select(Entry.id).where(Entry.status == PUBLISHED, Entry.partner_use)
    return session.scalar(waiting.where(IndexJob.entry_id.not_in(public)).limit(1)) is not None


def _last_job(session: Session) -> int:
    return session.scalar(select(func.max(IndexJob.id))) or 0


def _published_versions(session: Session) -> dict[str, int]:
    rows = session.execute(select(Entry.id, Entry.index_version).where(Entry.status == PUBLISHED))
    return {row[0]: row[1] for row in rows}


def _waiting(session: Session, position: int) -> frozenset[str]:
    return frozenset(session.scalars(select(IndexJob.entry_id).where(IndexJob.id > position)))


def _tombstones(session: Session, ids: Sequence[str]) -> dict[str, int]:
    if not ids:
        return {}
    rows = session.execute(select(Tombstone.id, Tombstone.index_version).where(Tombstone.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def _compare(expected: Mapping[str, int], held: Mapping[str, int], waiting: Iterable[str] = ()) -> Drift:
    skipped = frozenset(waiting)
    return Drift(
        missing=tuple(sorted(expected.keys() - held.keys() - skipped)),
        stale=tuple(sorted(i for i in expected.keys() & held.keys() - skipped if expected[i] != held[i])),
        orphan=tuple(sorted(held.keys() - expected.keys() - skipped)),
    )


def _differs(drift: Drift) -> BadSetup:
    counts = (len(drift.missing), len(drift.stale), len(drift.orphan))
    return BadSetup(
        "De nieuwe zoekindex is niet gelijk aan de database ({} ontbreken, {} verouderd, {} te veel) en is "
        "weggegooid; de oude blijft. Draai opnieuw: kennis index rebuild".format(*counts),
        "The new index differs from the database ({} missing, {} stale, {} orphan) and was removed; the old one "
        "stays. Run again: kennis index rebuild".format(*counts),
    )
