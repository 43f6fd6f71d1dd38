"""Any order of steps by anybody: the status machine cannot be skipped, and what is public always agrees."""

import tempfile
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import event, select

from kennis.access.policy import Actor
from kennis.content import entries, lifecycle, refreshing, tracks
from kennis.content.context import Context
from kennis.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from kennis.store import Store
from kennis.store.models import Change, Entry, FragmentRow, IndexJob, Revision, Tombstone, WorkingCopy
from tests import databases
from tests.unit.content.desk import (
    ADMIN,
    AUTHOR,
    CONTEXT,
    EDITOR,
    EXPERT,
    OTHER,
    RESEARCHER,
    SECOND,
    WORKER,
    a_document,
    a_draft,
    cleared,
)

ACTORS = {a.id: a for a in (ADMIN, AUTHOR, EDITOR, EXPERT, OTHER, RESEARCHER, SECOND, WORKER)}
REFUSALS = (Conflict, Forbidden, Invalid, NotFound, Gone)
NOTE = "Dit is een toelichting."
# The table of content-model.md 7.1 as written there: operation -> (from, to).
ALLOWED = {
    ("draft", "submitted"), ("changes-requested", "submitted"), ("submitted", "in-review"),
    ("submitted", "changes-requested"), ("in-review", "changes-requested"), ("in-review", "in-review"),
    ("in-review", "published"), ("submitted", "rejected"), ("in-review", "rejected"), ("published", "published"),
    ("published", "archived"), ("archived", "in-review"), ("rejected", "draft"), ("draft", None),
    ("published", None), ("archived", None),
}  # fmt: skip
# And who may take it at least, whatever he or she wrote; other steps are of the author or owner as well.
LEAST = {
    "take": "editor", "approve": "reviewer", "return_": "reviewer", "publish": "editor", "reject": "editor",
    "archive": "editor", "restore": "editor",
}  # fmt: skip
# Editors can do most, so that the walk gets somewhere; everybody else tries as well.
actors = st.sampled_from([*sorted(ACTORS), "editor", "second", "editor", "second"])
STAGES = ("draft", "in-review", "published", "with a copy", "archived")
copies = st.booleans()


@cache
def empty_database() -> bytes:
    """Migrated once: hundreds of walks begin with it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kennis.db"
        store = Store(f"sqlite:///{path}")
        store.upgrade()
        store.close()
        return path.read_bytes()


class StepsOfAnEntry(RuleBasedStateMachine):
    """One entry, one database."""

    kind = "method"

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store(databases.address(Path(self.folder.name))) if databases.SERVER else self.sqlite()
        self.status: str | None = "draft"
        self.generation = 0
        self.context = CONTEXT

    def sqlite(self) -> Store:
        path = Path(self.folder.name) / "kennis.db"
        path.write_bytes(empty_database())
        store = Store(f"sqlite:///{path}")
        # What a power cut would lose is not asked here, and hundreds of walks are made.
        event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        return store

    def teardown(self) -> None:
        self.store.close()
        databases.release(Path(self.folder.name))
        self.folder.cleanup()

    @initialize(stage=st.sampled_from(STAGES))
    def write(self, stage: str) -> None:
        with self.store.transaction() as session:
            self.entry_id = a_draft(session, self.kind).id
        reached = STAGES.index(stage)
        if reached >= STAGES.index("in-review"):
            self.attempt("submit", "editor")
            self.attempt("take", "editor")
        if reached >= STAGES.index("published"):
            self.approve_as_asked(copy=False)
            self.attempt("publish", "second" if self.kind == "story" else "editor")
            assert self.status == "published"
        if stage == "with a copy":
            self.change("editor", copy=False, number=1)
        if stage == "archived":
            self.attempt("archive", "editor", reason="outdated")

    def attempt(self, operation: str, actor: str, copy: bool = False, **more: object) -> None:
        """Whatever is refused changes nothing; whatever is done was allowed."""
        step, wrote, was_public = getattr(entries, operation), self.writers(copy), self.was_public()
        given = dict(more) | ({"copy": True} if copy else {})
        try:
            with self.store.transaction() as session:
                by: Actor = ACTORS[actor]
                if operation == "publish":
                    entry = session.get(Entry, self.entry_id)
                    given["cleared"] = cleared(entry) if entry else None
                step(session, self.entry_id, **given, actor=by, context=self.context)
        except REFUSALS:
            assert self.current() == self.status
            return
        assert by.is_at_least(LEAST.get(operation, "contributor")), (operation, actor)
        assert operation not in ("approve", "publish") or actor not in wrote, (operation, actor)
        after = self.current()
        if not copy and operation != "revise" and self.status != "withdrawn":
            was_erased = operation == "withdraw" and (self.is_story() or was_public)
            assert (self.status, after) in ALLOWED or was_erased, (operation, self.status, after)
        self.status = after

    def writers(self, copy: bool) -> set[str]:
        with self.store.reading() as session:
            text = session.get(WorkingCopy if copy else Entry, self.entry_id)
            return {text.created_by, text.last_changed_by} if text else set()

    def was_public(self) -> bool:
        with self.store.reading() as session:
            return bool(session.scalar(select(Entry.version).where(Entry.id == self.entry_id)))

    def is_story(self) -> bool:
        return self.kind == "story"

    def current(self) -> str | None:
        with self.store.reading() as session:
            return session.scalar(select(Entry.status).where(Entry.id == self.entry_id))

    @rule(actor=actors, copy=copies)
    def submit(self, actor: str, copy: bool) -> None:
        self.attempt("submit", actor, copy)

    @rule(actor=actors, copy=copies)
    def take(self, actor: str, copy: bool) -> None:
        self.attempt("take", actor, copy)

    @rule(actor=actors, copy=copies, track=st.sampled_from(sorted(tracks.TRACKS)))
    def approve(self, actor: str, copy: bool, track: str) -> None:
        self.attempt("approve", actor, copy, track=track)

    @rule(copy=copies)
    def approve_everything(self, copy: bool) -> None:
        self.approve_as_asked(copy)

    def approve_as_asked(self, copy: bool) -> None:
        for track, actor in (
            ("editorial", "second"),
            ("editorial", "editor"),
            ("science", "researcher"),
            ("practice", "worker"),
            ("experience", "expert"),
        ):
            self.attempt("approve", actor, copy, track=track)

    @rule(actor=actors, copy=copies, track=st.sampled_from(sorted(tracks.TRACKS)))
    def return_it(self, actor: str, copy: bool, track: str) -> None:
        self.attempt("return_", actor, copy, track=track, note=NOTE)

    @rule(actor=actors, copy=copies)
    def publish(self, actor: str, copy: bool) -> None:
        with self.store.reading() as session:
            done = all(t.state != tracks.OPEN for t in tracks.tasks(session, self.entry_id, is_copy=copy))
            version = session.scalar(select(Entry.version).where(Entry.id == self.entry_id))
        self.attempt("publish", actor, copy)
        with self.store.reading() as session:
            after = session.scalar(select(Entry.version).where(Entry.id == self.entry_id))
        assert after == version or done

    @rule(actor=actors, copy=copies)
    def reject(self, actor: str, copy: bool) -> None:
        self.attempt("reject", actor, copy, reason="duplicate", note=NOTE)

    @rule(copy=copies)
    def advance(self, copy: bool) -> None:
        """The next step by those who may take it, so that walks get far."""
        with self.store.reading() as session:
            text = session.get(WorkingCopy, self.entry_id) if copy else session.get(Entry, self.entry_id)
            status = text.status if text else None
        wrote = self.writers(copy)
        if status in lifecycle.WRITABLE:
            self.attempt("submit", "editor", copy)
        elif status == lifecycle.SUBMITTED:
            self.attempt("take", "editor", copy)
        elif status == lifecycle.IN_REVIEW:
            self.approve_as_asked(copy)
            self.attempt("publish", "second" if "editor" in wrote else "editor", copy)
        elif status is not None and not copy:
            self.attempt("restore", "editor")

    @rule(actor=actors)
    def archive(self, actor: str) -> None:
        self.attempt("archive", actor, reason="outdated")

    @rule(actor=actors)
    def restore(self, actor: str) -> None:
        self.attempt("restore", actor)

    @rule(actor=actors)
    def confirm(self, actor: str) -> None:
        self.attempt("confirm", actor)

    @rule(actor=actors, copy=copies, sure=st.integers(0, 4))
    def delete(self, actor: str, copy: bool, sure: int) -> None:
        if copy or sure == 0:
            self.attempt("delete", actor, copy)

    @rule(actor=st.sampled_from(["admin", "author"]), sure=st.integers(0, 4))
    def withdraw(self, actor: str, sure: int) -> None:
        if sure == 0:
            self.attempt("withdraw", actor)

    @rule(actor=actors, copy=copies, number=st.integers(0, 3))
    def revise(self, actor: str, copy: bool, number: int) -> None:
        self.change(actor, copy, number)

    def change(self, actor: str, copy: bool, number: int) -> None:
        with self.store.transaction() as session:
            document = a_document(session, self.kind, title=f"Titel nummer {number}")
        self.attempt("revise", actor, copy, document=document)

    @invariant()
    def public_state_agrees_with_the_row(self) -> None:
        with self.store.reading() as session:
            entry = session.get(Entry, self.entry_id)
            fragments = session.get(FragmentRow, self.entry_id)
            assert (fragments is not None) == (self.status in lifecycle.PUBLIC)
            if fragments is not None:
                cards = {card is not None for card in (fragments.card_nl, fragments.card_en)}
                assert cards == {self.status == lifecycle.PUBLISHED}
            self.check_outbox(session, entry)

    def check_outbox(self, session: object, entry: Entry | None) -> None:
        find = session.scalars  # type: ignore[attr-defined]
        own = IndexJob.entry_id == self.entry_id
        jobs = [job.index_version for job in find(select(IndexJob).where(own).order_by(IndexJob.id))]
        assert jobs == sorted(set(jobs))
        if entry is not None:
            assert entry.index_version == (jobs[-1] if jobs else 0)
            versions = [r.version for r in find(select(Revision).order_by(Revision.version))]
            assert versions == list(range(1, entry.version + 1))
        elif jobs:
            assert find(select(Tombstone).where(Tombstone.id == self.entry_id)).one().index_version == jobs[-1]
        actions = [c.action for c in find(select(Change).order_by(Change.id))]
        assert (actions[-1:] == ["published"] or actions[-1:] == ["updated"]) == (self.status == "published")
        generation = self.store.generation()
        assert generation >= self.generation
        self.generation = generation


class StepsOfAStory(StepsOfAnEntry):
    kind = "story"


class StepsOfAHelpOffer(StepsOfAnEntry):
    """Days pass as well, and the daily job does what depends on them: after a year without a check it is archived, and
    what was rejected is erased."""

    kind = "help-offer"

    @rule(days=st.sampled_from([1, 29, 31, 181, 366]))
    def time_passes(self, days: int) -> None:
        self.context = Context(self.context.now + timedelta(days=days), self.context.public_url)
        refreshing.refresh(self.store, self.context)
        after = self.current()
        assert (self.status, after) in {("published", "archived"), ("rejected", None)} or after == self.status
        self.status = after

    @invariant()
    def nobody_reads_what_was_not_checked_for_a_year(self) -> None:
        with self.store.reading() as session:
            entry = session.get(Entry, self.entry_id)
            if entry is not None and entry.status == lifecycle.PUBLISHED:
                assert entry.checked_at is not None
                assert (self.context.today - date.fromisoformat(entry.checked_at)).days < 365


QUICK = settings(max_examples=20, stateful_step_count=30, suppress_health_check=list(HealthCheck), derandomize=True)


@pytest.mark.slow
@pytest.mark.req("V09")
@pytest.mark.parametrize("machine", [StepsOfAnEntry, StepsOfAStory, StepsOfAHelpOffer])
def test_no_order_of_steps_skips_the_status_machine(machine: type[RuleBasedStateMachine]) -> None:
    run_state_machine_as_test(machine, settings=QUICK)
