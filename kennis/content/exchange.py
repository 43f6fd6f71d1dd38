"""Everything out and in again as NDJSON: one document per line, organisations first (`"kind": "organisation"`)."""

from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.content import linking, organisations
from kennis.content.arrivals import ORGANISATION, Arrival, Loading, read_entry
from kennis.content.context import Context
from kennis.content.lifecycle import ARCHIVED, PUBLISHED
from kennis.content.loading import Counts, Loader, Refused, Stored, unheard
from kennis.content.loading_organisations import load_organisations
from kennis.content.tying import LineProblem
from kennis.errors import Invalid, Problem, Text
from kennis.store import Store
from kennis.store.models import Entry, Organisation

# So many entries are stored in one transaction. Each one changes a page of a dozen indexes, and most of those pages are
# the same for a larger batch: at 100,000 entries storing takes a sixth less than by 500 (make bench). Who writes
# meanwhile waits a second or two.
BATCH = 2_000
# So many are read at once for an export.
PAGE = 500
LOADER = "import"
Progress = Callable[[int], None]
Body = Mapping[str, Any]


@dataclass
class Report:
    """What came of it. `lines` counts what was read; `problems` say why whole batches were not stored, `untied` which
    entries were, but without the relations or the successor that came later in the file."""

    lines: int = 0
    organisations: Counts = field(default_factory=Counts)
    entries: Counts = field(default_factory=Counts)
    problems: list[LineProblem] = field(default_factory=list)
    untied: list[LineProblem] = field(default_factory=list)


def silent(_lines: int) -> None:
    """Progress that nobody watches."""


def export(session: Session, *, include_archived: bool = True) -> Iterator[bytes]:
    """One line per organisation, then per entry, by id; a session of `Store.reading` gives one state throughout.

    For the operator: archived entries come whole, or not at all, and then nothing names them. Stories that may not go
    to partners stay here.
    """
    for organisation in session.scalars(_organisations_in_order()):
        yield _line({"kind": ORGANISATION, **organisations.document(organisation)})
    statuses = (PUBLISHED, ARCHIVED) if include_archived else (PUBLISHED,)
    last = ""
    while True:
        wanted = (
            select(Entry)
            .where(Entry.id > last, Entry.status.in_(statuses), Entry.partner_use)
            .order_by(Entry.id)
            .limit(PAGE)
        )
        entries = session.scalars(wanted).all()
        if not entries:
            return
        last = entries[-1].id
        gone = set() if include_archived else _left_out(session, entries)
        for entry in entries:
            whole = document(entry)
            yield _line(linking.without(whole, gone) if gone else whole)
        session.expunge_all()


def _left_out(session: Session, entries: Sequence[Entry]) -> set[str]:
    """What these name and is not published for partners."""
    named = {r["targetId"] for entry in entries for r in entry.content.get("relations", ())}
    there = select(Entry.id).where(Entry.id.in_(named), Entry.status == PUBLISHED, Entry.partner_use)
    return named - set(session.scalars(there))


def _organisations_in_order() -> Any:
    return select(Organisation).order_by(Organisation.id)


def _line(made: Body) -> bytes:
    return orjson.dumps(made, option=orjson.OPT_APPEND_NEWLINE)


def document(entry: Entry) -> dict[str, Any]:
    """The whole entry with its system fields, as `full` has them; labels and derived fields are left to readers."""
    columns = {
        "id": entry.id,
        "slug": entry.slug,
        "kind": entry.kind,
        **entry.content,
        "status": entry.status,
        "version": entry.version,
        "createdAt": entry.created_at,
        "updatedAt": entry.updated_at,
        "publishedAt": entry.published_at,
        "checkedAt": entry.checked_at,
        "checkedBy": entry.checked_by,
        "reviewDue": entry.review_due,
        "archiveReason": entry.archive_reason,
        "replacedById": entry.replaced_by_id,
    }
    return {name: value for name, value in columns.items() if value is not None}


def import_lines(
    store: Store,
    lines: Iterable[bytes],
    context: Context,
    *,
    loading: Loading | None = None,
    dry_run: bool = False,
    progress: Progress = silent,
    stored: Stored = unheard,
    size: int = BATCH,
) -> Report:
    """Store what is sound. A batch of `size` entries in which one line is wrong is not stored; the others are.
    `progress` gets the number of lines done, `stored` the new entries of a batch after its commit. A dry run does
    everything and keeps nothing."""
    report = Report()
    batches = _batches(_parsed(lines, report), size)
    with _transactions(store, dry_run=dry_run) as transaction:
        _import(batches, Loader(loading or Loading(LOADER), context, stored), transaction, report, progress)
    return report


Transaction = Callable[[], AbstractContextManager[Session]]


@contextmanager
def _transactions(store: Store, *, dry_run: bool) -> Iterator[Transaction]:
    """A transaction per batch; for a dry run savepoints in one session that is thrown away."""
    if not dry_run:
        yield store.transaction
        return
    with store.trial() as session:

        @contextmanager
        def savepoint() -> Iterator[Session]:
            with session.begin_nested():
                yield session
            session.expunge_all()

        yield savepoint


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    body: Body

    @property
    def is_organisation(self) -> bool:
        return self.body.get("kind") == ORGANISATION


_NO_OBJECT = Text("Deze regel is geen JSON-object.", "This line is not a JSON object.")


def _no_json(error: orjson.JSONDecodeError) -> Text:
    reason, place = error.msg.split(":")[0], error.colno
    return Text(
        f"Deze regel is geen geldige JSON in UTF-8 (teken {place}: {reason}).",
        f"This line is not valid JSON in UTF-8 (character {place}: {reason}).",
    )


def _parsed(lines: Iterable[bytes], report: Report) -> Iterator[_Line | LineProblem]:
    for number, line in enumerate(lines, start=1):
        report.lines = number
        if not line.strip():
            continue
        try:
            body = orjson.loads(line.removeprefix(BOM_UTF8) if number == 1 else line)
        except orjson.JSONDecodeError as error:
            yield LineProblem(number, Problem(_no_json(error), ""))
            continue
        yield _Line(number, body) if isinstance(body, dict) else LineProblem(number, Problem(_NO_OBJECT, ""))


def _batches(lines: Iterable[_Line | LineProblem], size: int) -> Iterator[list[_Line | LineProblem]]:
    """Organisations in one batch, however many: they may name each other in any order. Then entries by the batch. Of
    a broken line behind organisations nobody knows what it is: it goes with what comes next."""
    batch: list[_Line | LineProblem] = []
    broken: list[_Line | LineProblem] = []
    for line in lines:
        if isinstance(line, LineProblem) and _has_organisations(batch):
            broken.append(line)
            continue
        starts_entries = isinstance(line, _Line) and not line.is_organisation and _has_organisations(batch)
        is_full = len(batch) >= size and not _has_organisations(batch)
        if batch and (starts_entries or is_full):
            yield batch
            batch = []
        batch += [*broken, line]
        broken = []
    yield from (rest for rest in (batch, broken) if rest)


def _has_organisations(batch: Sequence[_Line | LineProblem]) -> bool:
    return bool(batch) and isinstance(batch[0], _Line) and batch[0].is_organisation


def _import(
    batches: Iterable[list[_Line | LineProblem]],
    loader: Loader,
    transaction: Transaction,
    report: Report,
    progress: Progress,
) -> None:
    for batch in batches:
        problems = [line for line in batch if isinstance(line, LineProblem)]
        sound = [line for line in batch if isinstance(line, _Line)]
        store_batch(loader, transaction, report, [(s.number, s.body) for s in sound], problems)
        last = batch[-1]
        progress(last.number if isinstance(last, _Line) else last.line)
    tie_up(loader, transaction, report)


def store_batch(
    loader: Loader,
    transaction: Transaction,
    report: Report,
    bodies: Sequence[tuple[int, Body]],
    problems: Sequence[LineProblem] = (),
) -> None:
    """Read, check and store (line, document) pairs as one: all of them, or none and the reasons in the report."""
    found = list(problems)
    arrivals = _read_all([pair for pair in bodies if pair[1].get("kind") != ORGANISATION], loader, found)
    about = [pair for pair in bodies if pair[1].get("kind") == ORGANISATION]
    try:
        with transaction() as session:
            of_organisations = load_organisations(session, about, loader, found)
            prepared = loader.prepare(session, arrivals)
            if found or prepared.problems:
                raise Refused([*found, *prepared.problems])
            written = loader.write(session, prepared)
    except Refused as refused:
        report.problems += sorted(refused.problems, key=lambda p: p.line)
        return
    report.organisations.add(of_organisations)
    report.entries.add(written.counts)
    loader.remember(prepared, written)


def _read_all(bodies: Sequence[tuple[int, Body]], loader: Loader, found: list[LineProblem]) -> list[Arrival]:
    arrivals = []
    for number, body in bodies:
        try:
            arrivals.append(read_entry(number, body, loader.loading, loader.context))
        except Invalid as error:
            found += [LineProblem(number, problem) for problem in error.problems]
    return arrivals


def tie_up(loader: Loader, transaction: Transaction, report: Report) -> None:
    """The second pass: relations to what came later in the file. A link that cannot be made holds up no other."""
    waiting = list(loader.ties)
    for start in range(0, len(waiting), BATCH):
        with transaction() as session:
            untied = loader.tie(session, waiting[start : start + BATCH])
        report.untied += untied
