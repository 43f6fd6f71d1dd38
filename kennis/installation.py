"""The parts of a running Kennis, made once and used by every surface and command. Nothing here knows Flask."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from kennis import clock
from kennis.access.passwords import STRONG, Cost
from kennis.config import Config
from kennis.errors import BadSetup
from kennis.search.engines import make_engine, make_fallback
from kennis.search.find import Finder
from kennis.search.indexing import Indexer
from kennis.search.measured import Measured, Observe
from kennis.search.port import SearchEngine
from kennis.search.standby import Standby
from kennis.store import Store, state

Today = Callable[[], date]

# Names in `app.extensions`: these parts, and the policy of every endpoint, which its surface declares.
EXTENSION = "kennis"
POLICIES = "kennis-policies"
# How often each endpoint may be asked (kennis/api/allowances.py); None: as often as one likes.
ALLOWANCES = "kennis-allowances"
# Anybody may read this: the only policy a surface that never writes needs.
PUBLIC_READ = "public-read"
# Anybody may try to log in, or leave; and who is logged in has pages about himself or herself only.
LOG_IN, OWN_ACCOUNT = "log-in", "own-account"
# For who runs the service; there only when a setting asks for it, and the proxy keeps it inside.
INTERNAL = "internal"
# The key under which `kennis demo` marks its database.
DEMO = "demo"


class Demonstration:
    """Whether the database was made by `kennis demo`: asked at the first answer and then known, for a database does
    not change its nature. One that cannot be read is none, so that its error is told in the usual way."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: bool | None = None

    def is_on(self) -> bool:
        if self._known is None:
            try:
                with self._store.reading() as session:
                    self._known = state.get(session, DEMO) is not None
            except BadSetup:
                return False
        return self._known


@dataclass(frozen=True, slots=True)
class Kennis:
    """`today` and `now` are functions, for a process lives longer than a day; `cost` is that of a password. `indexers`
    are those of the engine and of the one that stands by, if there is one; surfaces search through `standby`."""

    config: Config
    store: Store
    engine: SearchEngine
    fallback: SearchEngine | None
    finder: Finder
    standby: Standby
    indexers: tuple[Indexer, ...]
    demonstration: Demonstration
    today: Today = clock.today
    now: Callable[[], datetime] = clock.now
    cost: Cost = STRONG

    @property
    def indexer(self) -> Indexer:
        """Of the engine that answers when all is well."""
        return self.indexers[0]

    def wake(self) -> None:
        """After a commit that changed what may be found: who keeps the index in this process need not wait for the
        next look. Cheap, and nothing where another process keeps it."""
        for indexer in self.indexers:
            indexer.woken.set()

    def close_engines(self) -> None:
        for engine in (self.engine, self.fallback):
            if engine is not None:
                engine.close()

    @property
    def is_demo(self) -> bool:
        return self.demonstration.is_on()


def assemble(
    config: Config,
    store: Store | None = None,
    engine: SearchEngine | None = None,
    today: Today = clock.today,
    fallback: SearchEngine | None = None,
    observe: Observe | None = None,
) -> Kennis:
    """The parts without a surface: what commands work with. Nothing is opened before it is used."""
    store = store or Store(config.database_url)
    engine = engine or make_engine(config)
    fallback = fallback or make_fallback(config)
    if observe is not None:
        engine = Measured(engine, observe)
        fallback = Measured(fallback, observe) if fallback else None
    finder = Finder(store, engine, config)
    return Kennis(
        config=config,
        store=store,
        engine=engine,
        fallback=fallback,
        finder=finder,
        standby=Standby(finder, Finder(store, fallback, config, is_standby=True) if fallback else None),
        indexers=tuple(Indexer(store, one, today) for one in (engine, fallback) if one is not None),
        demonstration=Demonstration(store),
        today=today,
    )
