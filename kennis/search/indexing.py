"""From the database to the index: applying the outbox, building anew, and checking that both say the same.

The database is the truth. A job only names an entry; what is written is its row as it stands when the write lock is
held. The position in the outbox is stored after the index is durable: a process killed between the two applies the
same jobs again, which changes nothing.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kennis import clock
from kennis.content import reading
from kennis.content.derived import Derived
from kennis.content.views import EntryView
from kennis.errors import BadSetup, SearchDown
from kennis.search import lag as lagging
from kennis.search import letters
from kennis.search.document import document
from kennis.search.drift import Drift, Refusals, compare, require_fit
from kennis.search.feeding import Feed, Unfed, take
from kennis.search.lag import Lag
from kennis.search.letters import Letter
from kennis.search.port import EngineStatus, FreshIndex, Removal, SearchEngine, Write
from kennis.store import Store, state
from kennis.store.models import IndexJob, Tombstone

# Jobs in one commit of the index: a commit costs 13-115 ms however many there are (search.md 5).
BATCH = 500
Progress = Callable[[int, int], None]
Put = Callable[[Sequence[Write]], None]


def silent(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """`name` is that of the engine in the outbox."""

    name: str
    engine: EngineStatus
    position: int
    lag: Lag


class Indexer:
    """`today` is a function, for a process lives longer than a day. `woken` is what the thread that applies the outbox
    waits for, and is set by whoever in this process committed a change."""

    def __init__(self, store: Store, engine: SearchEngine, today: Callable[[], date] = clock.today) -> None:
        self._store = store
        self._engine = engine
        self._today = today
        self.woken = threading.Event()

    @property
    def name(self) -> str:
        return self._engine.name

    # Applying

    def apply_pending(self, limit: int = BATCH) -> int:
        """Write one batch of waiting jobs; how many there were. BadSetup when there is no index to write them to: only
        the database is asked while nothing waits."""
        if not self._store.has_jobs_after(lagging.key_of(self.name)):
            return 0
        self._require_index()
        with self._alone():
            with self._store.reading() as session:
                jobs = reading.pending_jobs(session, self._position(session), limit)
                writes = list(self._writes(session, jobs))
            if not jobs:
                return 0
            found = Refusals()
            found.note(writes, self._engine.write(writes))
            self._advance(jobs[-1].id, lambda session: self._settle(session, found))
        return len(jobs)

    def _settle(self, session: Session, found: Refusals) -> None:
        letters.settle(session, self.name, found.versions, found.reasons, self._today())

    def apply_all(self) -> int:
        """Batch after batch until nothing waits."""
        total = 0
        while done := self.apply_pending():
            total += done
        return total

    def catch_up(self, progress: Progress = silent) -> int:
        """At start: apply what waits, to an index that fits."""
        self.prepare(progress)
        return self.apply_all()

    def prepare(self, progress: Progress = silent) -> None:
        """Build the index when there is none or one of another version. SearchDown when nobody can tell."""
        found = self._engine.status()
        if found.is_down:
            raise SearchDown(found.problem_nl, found.problem_en)
        if not found.is_ready:
            self.rebuild(progress)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process applies the outbox at a time: the database keeps out other machines, the engine this one's."""
        with self._store.alone(lagging.key_of(self.name)), self._engine.writing():
            yield

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
        found = {view.id: view for view in reading.view(session, ids, is_shown=False)}
        buried = _tombstones(session, [i for i in ids if i not in found])
        today = self._today()
        for entry_id in ids:
            view = found.get(entry_id)
            made = document(view, today) if view else None
            version = view.index_version if view else max(versions[entry_id], buried.get(entry_id, 0))
            yield made or Removal(entry_id, version)

    def _position(self, session: Session) -> int:
        return lagging.position(session, self.name)

    def _advance(self, position: int, also: Callable[[Session], None]) -> None:
        """Never back: another process may have gone further meanwhile. `also` happens in the same transaction."""

        def go_on(session: Session) -> None:
            state.raise_generation(session)
            state.put(session, lagging.key_of(self.name), str(max(position, self._position(session))))
            also(session)

        self._store.write(go_on)

    # Building anew

    def rebuild(self, progress: Progress = silent, *, keep_previous: bool = True, feed: Feed | None = None) -> int:
        """Build a new index beside the old one, which answers meanwhile, and switch; how many documents it has.
        After an erasure keep no previous index: it would hold the erased words. `feed` stores entries first, and hands
        them on so that they need not be read back. It is heard to its end also when the new index fails; what it raises
        itself is raised here. The old index stays then."""
        reached = [0, 0]
        found = Refusals()

        def fill(fresh: FreshIndex) -> None:
            put = partial(_put, fresh, found)
            if feed is not None:
                take(feed, lambda stored: put(self._documents(stored)))
            reached[0] = self._fill(put, found.versions, progress)

        def finish(fresh: FreshIndex) -> None:
            reached[:] = self._complete(fresh, reached[0], found)

        try:
            self._engine.rebuild(fill, finish, keep_previous=keep_previous, alone=self._alone)
        except Unfed as unfed:
            raise unfed.error from unfed
        self._advance(reached[0], lambda session: self._settle_anew(session, reached[0], found))
        return reached[1]

    def _fill(self, put: Put, held: Mapping[str, int], progress: Progress) -> int:
        """Write what is public and not held yet; the last job whose change is in what was written."""
        with self._store.reading() as session:
            noted, wanted = _last_job(session), reading.published_versions(session)
        put([Removal(i, version) for i, version in held.items() if i not in wanted])
        ids = [i for i, version in wanted.items() if held.get(i) != version]
        for start in range(0, len(ids), BATCH):
            progress(len(wanted) - len(ids) + start, len(wanted))
            # A session per batch: no read transaction stays open that would keep erased text in the WAL.
            with self._store.reading() as session:
                views = reading.view(session, ids[start : start + BATCH], is_shown=False)
            put(self._documents((view, None) for view in views))
        progress(len(wanted), len(wanted))
        return noted

    def _documents(self, entries: Iterable[tuple[EntryView, Derived | None]]) -> list[Write]:
        today = self._today()
        made = (document(view, today, derived) for view, derived in entries)
        return [one for one in made if one is not None]

    def _settle_anew(self, session: Session, reached: int, found: Refusals) -> None:
        """Who applied newer jobs since the switch may have refused what was taken here, or taken what was refused: then
        what either knows is offered again, so that no letter is lost and none stays of what is in the index."""
        is_overtaken = self._position(session) > reached
        if is_overtaken:
            letters.send_again(session, self.name, self._today())
        letters.clear(session, self.name)
        self._settle(session, found)
        if is_overtaken:
            letters.send_again(session, self.name, self._today())

    def _complete(self, fresh: FreshIndex, noted: int, found: Refusals) -> tuple[int, int]:
        """Apply what changed meanwhile and compare, in one state of the database: the last job seen, the size."""
        with self._store.reading() as session:
            while jobs := reading.pending_jobs(session, noted, BATCH):
                _put(fresh, found, list(self._writes(session, jobs)))
                noted = jobs[-1].id
            expected = reading.published_versions(session)
            drift = compare(expected, fresh.versions(), _waiting(session, noted), found.reasons)
        require_fit(drift, len(expected))
        return noted, len(expected) - len(drift.refused)

    # Checking

    def check(self, *, fix: bool = False) -> Drift:
        """What differs although nothing waits for it; with `fix` it is mended before this returns, and `refused` are
        those that the engine still refuses."""
        self._require_index()
        with self._alone():
            self._engine.refresh()
            with self._store.reading() as session:
                waiting = _waiting(session, self._position(session))
                refused = [letter.id for letter in letters.all_of(session, self.name)]
                drift = compare(reading.published_versions(session), self._engine.versions(), waiting, refused)
                found = self._mend(session, drift) if fix else Refusals()
            if found.versions:
                self._advance(0, lambda session: self._settle(session, found))
        return replace(drift, refused=tuple(sorted(found.reasons))) if fix else drift

    def _mend(self, session: Session, drift: Drift) -> Refusals:
        ids = [*drift.missing, *drift.stale, *drift.orphan, *drift.refused]
        held, found = self._engine.versions(), Refusals()
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            writes = list(self._current(session, {i: held.get(i, 0) for i in part}))
            found.note(writes, self._engine.mend(writes))
        return found

    # Telling

    def status(self) -> IndexStatus:
        with self._store.reading() as session:
            position = self._position(session)
        return IndexStatus(self.name, self._engine.status(), position, self.lag())

    def lag(self, now: datetime | None = None) -> Lag:
        """Asks the database only."""
        with self._store.reading() as session:
            return lagging.lag(session, self.name, now or clock.now())

    def letters(self) -> list[Letter]:
        with self._store.reading() as session:
            return letters.all_of(session, self.name)

    def send_again(self) -> int:
        """Make jobs of the dead letters; how many."""
        return self._store.write(lambda session: letters.send_again(session, self.name, self._today()))


def _put(fresh: FreshIndex, found: Refusals, batch: Sequence[Write]) -> None:
    found.note(batch, fresh.write(batch))


def _last_job(session: Session) -> int:
    return session.scalar(select(func.max(IndexJob.id))) or 0


def _waiting(session: Session, position: int) -> frozenset[str]:
    return frozenset(session.scalars(select(IndexJob.entry_id).where(IndexJob.id > position)))


def _tombstones(session: Session, ids: Sequence[str]) -> dict[str, int]:
    if not ids:
        return {}
    rows = session.execute(select(Tombstone.id, Tombstone.index_version).where(Tombstone.id.in_(ids)))
    return {row[0]: row[1] for row in rows}
