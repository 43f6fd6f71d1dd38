"""What an engine refuses for good: it holds up nothing, is named without its words, and comes back when it can."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import delete, insert, select, update

from kennis.content.views import EntryView
from kennis.errors import BadSetup, SearchBusy, SearchUnavailable
from kennis.search import elastic_writing
from kennis.search.drift import FEW_REFUSED, Drift
from kennis.search.elastic_writing import TooLarge
from kennis.search.indexing import Indexer
from kennis.search.mapping import mapping
from kennis.search.port import IndexDocument, Removal
from kennis.store.models import Entry, IndexJob
from tests.search.corpus import TODAY, make
from tests.search.faulty import WHY, FaultyEngine
from tests.search.library import Library, library, store_all

VIEWS = [make("method", f"Boek {n}") for n in range(5)]
ODD, EVEN = VIEWS[0], VIEWS[1]


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Library]:
    with library(tmp_path, VIEWS) as opened:
        yield opened


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[FaultyEngine]:
    made = FaultyEngine(tmp_path / "faulty")
    yield made
    made.close()


@pytest.fixture
def indexer(books: Library, engine: FaultyEngine) -> Indexer:
    made = Indexer(books.store, engine, lambda: TODAY)
    made.rebuild()
    return made


def changed(books: Library, *views: EntryView) -> None:
    """A job for each, of a new version of its row."""
    with books.store.transaction() as session:
        for view in views:
            version = session.get_one(Entry, view.id).index_version + 1
            session.execute(update(Entry).where(Entry.id == view.id).values(index_version=version))
            values = {"entry_id": view.id, "index_version": version, "created": books.context.stamp}
            session.execute(insert(IndexJob).values(values))


def test_the_outbox_goes_on_without_what_is_refused(books: Library, engine: FaultyEngine, indexer: Indexer) -> None:
    engine.refuses = {ODD.id}
    changed(books, ODD, EVEN)
    assert indexer.apply_all() == 2
    (letter,) = indexer.letters()
    assert (letter.engine, letter.id, letter.reason, letter.day) == ("faulty", ODD.id, WHY, TODAY.isoformat())
    assert ODD.id not in engine.versions(), "old words would be found"
    assert engine.versions()[EVEN.id] == EVEN.index_version + 1
    assert indexer.lag(books.context.now).refused == 1
    assert books.indexer.letters() == [], "of the other engine"


def test_a_later_write_that_succeeds_takes_the_letter_away(
    books: Library, engine: FaultyEngine, indexer: Indexer
) -> None:
    engine.refuses = {ODD.id}
    for _ in range(2):
        changed(books, ODD)
        indexer.apply_all()
    assert len(indexer.letters()) == 1
    engine.refuses = set()
    changed(books, EVEN)
    indexer.apply_all()
    assert len(indexer.letters()) == 1
    changed(books, ODD)
    indexer.apply_all()
    assert indexer.letters() == []
    assert not indexer.check()


def test_an_entry_that_left_the_public_leaves_no_letter(books: Library, engine: FaultyEngine, indexer: Indexer) -> None:
    engine.refuses = {ODD.id}
    changed(books, ODD)
    indexer.apply_all()
    changed(books, ODD)
    with books.store.transaction() as session:
        session.execute(delete(Entry).where(Entry.id == ODD.id))
    indexer.apply_all()
    assert indexer.letters() == []


def test_letters_are_offered_again_and_stay_until_that_went_well(
    books: Library, engine: FaultyEngine, indexer: Indexer
) -> None:
    engine.refuses = {ODD.id}
    changed(books, ODD)
    indexer.apply_all()
    assert indexer.send_again() == 1
    assert len(indexer.letters()) == 1
    indexer.apply_all()
    assert len(indexer.letters()) == 1
    engine.refuses = set()
    indexer.send_again()
    indexer.apply_all()
    assert indexer.letters() == []
    assert engine.versions()[ODD.id] == ODD.index_version + 1


def test_a_check_names_what_is_refused_and_tries_it_again(
    books: Library, engine: FaultyEngine, indexer: Indexer
) -> None:
    engine.refuses = {ODD.id}
    changed(books, ODD)
    indexer.apply_all()
    refused = Drift(refused=(ODD.id,))
    assert indexer.check() == refused
    assert indexer.check(fix=True) == refused
    engine.refuses = set()
    assert indexer.check(fix=True) == Drift()
    assert not indexer.check()
    assert indexer.letters() == []


def test_a_rebuild_goes_on_without_a_few_and_not_without_many(
    books: Library, engine: FaultyEngine, indexer: Indexer
) -> None:
    engine.refuses = {ODD.id, EVEN.id}
    assert indexer.rebuild() == len(VIEWS) - 2
    assert {letter.id for letter in indexer.letters()} == engine.refuses
    engine.refuses = {EVEN.id}
    indexer.rebuild()
    assert [letter.id for letter in indexer.letters()] == [EVEN.id]
    more = [make("lesson", f"Les {n}") for n in range(FEW_REFUSED + 1)]
    store_all(books.store, books.context, more, with_organisations=False)
    engine.refuses = {view.id for view in more}
    with pytest.raises(BadSetup, match=f"{FEW_REFUSED + 1} refused"):
        indexer.rebuild()
    assert len(engine.versions()) == len(VIEWS) - 1


def test_letters_of_who_goes_on_before_a_rebuild_has_ended_are_not_lost(
    books: Library, engine: FaultyEngine, indexer: Indexer
) -> None:
    other = Indexer(books.store, engine, lambda: TODAY)

    def go_on() -> None:
        engine.refuses = {ODD.id}
        changed(books, ODD, EVEN)
        assert other.apply_all() == 2

    engine.refuses = {EVEN.id}
    engine.once_rebuilt = go_on
    indexer.rebuild()
    assert indexer.apply_all() > 0
    assert [letter.id for letter in indexer.letters()] == [ODD.id]
    assert engine.versions()[EVEN.id] == EVEN.index_version + 1
    assert indexer.check() == Drift(refused=(ODD.id,))


def test_a_rebuild_that_nobody_overtook_offers_nothing_again(
    books: Library, engine: FaultyEngine, indexer: Indexer
) -> None:
    engine.refuses = {EVEN.id}
    indexer.rebuild()
    assert indexer.lag(books.context.now).waiting == 0
    assert [letter.id for letter in indexer.letters()] == [EVEN.id]


def test_the_engine_inside_the_process_names_the_field_and_not_the_value(books: Library) -> None:
    odd = IndexDocument(ODD.id, 9, {"id": ODD.id, "sortTitle": 3, "title": "geheime woorden"})
    assert books.engine.write([odd, IndexDocument("new", 1, {"id": "new"})]) == {ODD.id: "ValueError: sortTitle"}
    books.engine.refresh()
    held = books.engine.versions()
    assert ODD.id not in held
    assert "new" in held


def test_the_age_of_what_waits_is_known_and_of_a_story_only_by_the_day(books: Library) -> None:
    def lag_after(created: str) -> int:
        with books.store.transaction() as session:
            session.execute(delete(IndexJob))
            session.add(IndexJob(entry_id=ODD.id, index_version=1, created=created))
            session.flush()
            session.execute(update(IndexJob).values(id=10_000))
        return books.indexer.lag(books.context.now).seconds

    assert books.indexer.lag(books.context.now).seconds == 0
    assert lag_after("2026-11-24T08:55:00Z") == 300
    assert lag_after("2026-11-24T00:00:00Z") == 0
    assert lag_after("2026-11-22T00:00:00Z") == 33 * 3600
    assert lag_after("2026-11-22") == 33 * 3600
    with books.store.reading() as session:
        assert session.scalar(select(IndexJob.id)) == 10_000


# What Elasticsearch answers


class Server:
    """Answers a bulk call per line of the batch: `refused` by id, everything else is taken; `most` lines at once."""

    def __init__(self, refused: Mapping[str, tuple[int, str, str]], most: int = 100) -> None:
        self.refused = refused
        self.most = most
        self.calls: list[list[str]] = []

    def __call__(self, sent: list[bytes]) -> dict[str, Any]:
        read = [orjson.loads(line) for line in sent]
        actions = [line for line in read if "index" in line or "delete" in line]
        if len(actions) > self.most:
            raise TooLarge
        items = [self.item(verb, about["_id"]) for action in actions for verb, about in action.items()]
        self.calls.append([f"{verb} {about['_id']}" for action in actions for verb, about in action.items()])
        return {"errors": True, "items": items}

    def item(self, verb: str, entry_id: str) -> dict[str, Any]:
        status, kind, reason = self.refused.get(entry_id, (200, "", ""))
        if verb == "delete" and status in (400, 413):
            status = 200
        error = {"error": {"type": kind, "reason": reason}} if status >= 400 else {}
        return {verb: {"_id": entry_id, "status": status, **error}}


FORM = elastic_writing.Form(mapping())
BATCH = [IndexDocument(i, 1, {"id": i, "published": 20260101, "title": "geheim"}) for i in ("a", "b", "c", "d", "e")]


@pytest.mark.parametrize(
    ("kind", "reason", "told"),
    [
        (
            "document_parsing_exception",
            "[1:9] failed to parse field [published] of type [integer] in document with id 'b'. Preview: 'geheim'",
            "document_parsing_exception: published",
        ),
        (
            "illegal_argument_exception",
            'Document contains at least one immense term in field="title" (whose prefix is [103, 101])',
            "illegal_argument_exception: title",
        ),
        ("illegal_argument_exception", "geheim", "illegal_argument_exception: ?"),
    ],
)
def test_a_refusal_is_told_by_error_and_field(kind: str, reason: str, told: str) -> None:
    server = Server({"b": (400, kind, reason)})
    assert elastic_writing.put(server, FORM, BATCH) == {"b": told}
    assert server.calls[-1] == ["delete b"]


def test_a_newer_version_is_no_refusal() -> None:
    assert elastic_writing.put(Server({"b": (409, "version_conflict_engine_exception", "")}), FORM, BATCH) == {}


@pytest.mark.parametrize(("status", "error"), [(429, SearchBusy), (503, SearchUnavailable), (404, SearchUnavailable)])
def test_what_ails_the_server_is_no_refusal(status: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        elastic_writing.put(Server({"b": (status, "x", "y")}), FORM, BATCH)


def test_a_removal_is_never_given_up() -> None:
    with pytest.raises(SearchUnavailable):
        elastic_writing.put(Server({"b": (422, "x", "y")}), FORM, [Removal("b", 1)])


def test_a_call_that_is_too_large_goes_in_parts() -> None:
    server = Server({}, most=2)
    assert elastic_writing.put(server, FORM, BATCH) == {}
    assert sorted(name for call in server.calls for name in call) == [f"index {write.id}" for write in BATCH]
    assert max(map(len, server.calls)) == 2


def test_a_document_that_is_too_large_by_itself_is_refused() -> None:
    class Small(Server):
        def __call__(self, sent: list[bytes]) -> dict[str, Any]:
            if b'"_id":"b"' in sent[0] + sent[-2 if len(sent) > 1 else 0] and b"index" in sent[0]:
                raise TooLarge
            return super().__call__(sent)

    assert elastic_writing.put(Small({}), FORM, BATCH[:2]) == {"b": "content_too_long"}
