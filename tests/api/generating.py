"""Requests that schemathesis makes up from the OpenAPI document, with ids, versions and keys that exist mixed in: of
what is made up alone, hardly any would get past the address."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis import clock
from kennis.access import accounts
from kennis.access.policy import Actor
from kennis.content import entries, tracks
from kennis.content.context import Context
from kennis.content.kinds import KINDS
from kennis.content.lifecycle import PUBLISHED
from kennis.store.models import Entry, ReviewTask, WorkingCopy
from tests.api import real
from tests.api.office import Office
from tests.unit.content import desk

# Who asks and how often: nobody, somebody with a key that never was, and a key of each role.
CALLERS = {"": 1, "stranger": 1, "author": 4, "worker": 4, "editor": 4, "admin": 4}
STRANGER = "kennis_abcdefgh_" + "x" * 26
# How far a text has come. Of each kind there are so many at each, so that every step can go well.
WORK = ("draft", "submitted", "in-review", "approved")
STAGES = (*WORK, "published", *(f"published with {work}" for work in WORK), "archived")
EACH = 2
# Published, with a version before the present one; a stage of its own kind, for such a text stands among the published.
CHANGED = "changed"
# What the document cannot say: paging ends at a result, whose number is a product of two parameters; of facets `none`
# goes alone; the first version has none before it to be compared with.
ACROSS_VALUES = {"page", "facets", "with"}


@dataclass
class Generator:
    office: Office
    operations: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", self.office.app)
        for one in schema.get_all_operations():
            self.operations[one.ok().definition.raw["operationId"]] = one.ok()

    def cases(self, operation: str) -> st.SearchStrategy[Case]:
        """Two of three are as the document says."""
        as_told, otherwise = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
        one = self.operations[operation]
        return st.one_of(*(one.as_strategy(generation_mode=mode) for mode in (as_told, as_told, otherwise)))

    def stock(self, kind: str) -> dict[str, list[str]]:
        """Stage -> ids of entries, made where there are too few."""
        with self.office.parts.store.reading() as session:
            rows = session.execute(
                select(Entry.id, Entry.status, WorkingCopy.status, Entry.version)
                .outerjoin(WorkingCopy, WorkingCopy.entry_id == Entry.id)
                .where(Entry.kind == kind)
                .order_by(Entry.created_at, Entry.id)
            ).all()
            open_ones = {row.entry_id for row in session.scalars(select(ReviewTask)) if row.state == tracks.OPEN}
        found: dict[str, list[str]] = {stage: [] for stage in STAGES}
        found[CHANGED] = [row.id for row in rows if row.status == PUBLISHED and row.version > 1]
        for entry_id, status, copy, _ in rows:
            stage = f"{status} with {copy}" if copy else status
            is_approved = stage.endswith("in-review") and entry_id not in open_ones
            found.setdefault(stage.replace("in-review", "approved") if is_approved else stage, []).append(entry_id)
        for stage in (*STAGES, CHANGED):
            while len(found[stage]) < EACH:
                found[stage].append(self._make(kind, stage))
        return found

    def _make(self, kind: str, stage: str) -> str:
        context = Context(clock.now(), desk.CONTEXT.public_url)
        first, _, copy = stage.partition(" with ")
        document = self.office.document(kind)
        with self.office.parts.store.transaction() as session:
            # Of callers none: who wrote a text does not judge it.
            name = "second" if KINDS[kind].is_entrusted else "author"
            writer = accounts.actor_of(accounts.find(session, self.office.ids[name]))
            made = entries.create(session, kind, document, writer, context).id
            work = first if first in WORK else "approved"
            _bring(session, made, work, writer, context, is_copy=False)
            if first not in WORK:
                cleared = desk.cleared(session.get_one(Entry, made))
                entries.publish(session, made, actor=desk.SECOND, context=context, cleared=cleared)
            if copy:
                entries.revise(session, made, document=document | {"title": "Anders"}, actor=writer, context=context)
                _bring(session, made, copy, writer, context, is_copy=True)
            if first == CHANGED:
                entries.confirm(session, made, actor=desk.SECOND, context=context)
            if first == "archived":
                entries.archive(session, made, reason="outdated", actor=desk.SECOND, context=context)
        return made


def _bring(session: Session, entry_id: str, stage: str, writer: Actor, context: Context, *, is_copy: bool) -> None:
    """A draft, or working copy, to the stage."""
    reached = WORK.index(stage)
    if reached >= WORK.index("submitted"):
        entries.submit(session, entry_id, actor=writer, context=context, copy=is_copy)
    if reached >= WORK.index("in-review"):
        entries.take(session, entry_id, actor=desk.SECOND, context=context, copy=is_copy)
    if reached >= WORK.index("approved"):
        desk.approve_all(session, entry_id, context, copy=is_copy)


def is_as_described(case: Case) -> bool:
    return case.meta is None or case.meta.generation.mode is GenerationMode.POSITIVE


def may_be_anyone(case: Case) -> bool:
    """Whether the document asks for no key: then nothing about one stands with the operation, or it may be left out."""
    asked = case.operation.definition.raw.get("security")
    return not asked or {} in asked


def _needs_its_key(case: Case) -> None:
    """What went well does not without a key, and not with one that never was."""
    command = case.as_curl_command()
    for given in ({}, {"Authorization": f"Bearer {STRANGER}"}):
        case.headers.pop("Authorization", None)
        case.headers.update(given)
        assert case.call().status_code == 401, command


def ask(generator: Generator, stock: dict[str, list[str]], case: Case, seed: int) -> int:
    """Send it, as one of the callers, and compare the answer with the document. What is real in it follows from the
    seed and what was made up: seeds alone are mostly small ones again and again."""
    chance, is_described = Random(f"{seed} {case.as_curl_command()}"), is_as_described(case)
    for name in [name for name in case.headers if name.lower() == "authorization"]:
        del case.headers[name]
    (who,) = chance.choices([*CALLERS], [*CALLERS.values()])
    if is_described:
        real.make_real(generator.office, stock, case, chance, who if who in generator.office.ids else "admin")
    if who:
        key = STRANGER if who == "stranger" else generator.office.key(who)
        case.headers["Authorization"] = f"Bearer {key}"
    response = case.call()
    if response.status_code == 204 and case.path == "/keys/me":
        generator.office.keys.pop(who)
    # It cannot always tell a key that is set here from one that was made up; `_needs_its_key` asks the same.
    case.validate_response(response, excluded_checks=[positive_data_acceptance, ignored_auth])
    if response.status_code < 300 and not may_be_anyone(case):
        _needs_its_key(case)
    if is_described and case.method == "GET" and response.status_code == 400:
        where = {e.get("parameter") or e.get("pointer") for e in response.json()["errors"]}
        assert where <= ACROSS_VALUES, (case.as_curl_command(), response.json())
    return response.status_code
