"""Who may do what, on whose text, in which status: every route under /v1 that takes a key, tried by everybody.

The routes come from `url_map`, so a new one joins by itself; what is right comes from the table below, which is written
by hand and does not look at `access/policy.py`. Nothing is changed by all these tries: each names a version that never
was, so who may go on meets 409 or 412, and who may not meets 403 or 404 before that.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from kennis.access.policy import POLICY
from kennis.api.steps import TRANSITIONS
from kennis.content import kinds
from kennis.content.lifecycle import ARCHIVED, CHANGES_REQUESTED, DRAFT, IN_REVIEW, PUBLISHED, REJECTED, SUBMITTED
from kennis.installation import POLICIES
from kennis.store.models import Entry, ReviewTask, WorkingCopy
from tests import databases
from tests.api.office import Office, opened
from tests.unit.content import desk

STATUSES = (DRAFT, SUBMITTED, IN_REVIEW, CHANGES_REQUESTED, PUBLISHED, ARCHIVED, REJECTED)
OF_COPIES = (DRAFT, SUBMITTED, IN_REVIEW, CHANGES_REQUESTED)
UNDER_REVIEW = {SUBMITTED, IN_REVIEW}
# Nobody; who wrote it; who looks after it; a stranger; a reviewer; an editor; an editor who wrote it; an admin.
WHO = ("", "author", "owner", "other", "worker", "editor", "second", "admin")
FEW = ("author", "other", "worker", "editor")
STAFF = {"editor", "second", "admin"}
IN_DEPTH = ("lesson", "story")
NEVER = '"999999-0-nl-json"'
NOBODYS = "00000000-0000-4000-8000-000000000000"
BODIES = {one.code: dict(one.example) for one in TRANSITIONS if one.body}
BODIES["mark"] = {"organisationId": NOBODYS, "appliedOn": "2026-01-01"}
# What is not about an entry: operation -> who may.
BESIDE = {"organisations": STAFF, "keys": {"admin"}, "own_key": set(WHO)}
# Operation -> who may, for what is not entrusted. "writer" is the author and, of the text that the editor `second`
# wrote, `second`; staff are all editors and admins.
MAY: dict[str, set[str]] = {
    "create": {"author", "owner", "other", "worker", *STAFF},
    "read": {"author", "owner", *STAFF},
    "revise": {"author", "owner", *STAFF},
    "delete": {"author", "owner", *STAFF},
    "submit": {"author", "owner", *STAFF},
    "take": STAFF,
    "return": {"worker", *STAFF},
    "approve": {"worker", *STAFF},
    "publish": STAFF,
    "reject": STAFF,
    "confirm": {"owner", *STAFF},
    "archive": STAFF,
    "restore": STAFF,
    "withdraw": {"admin"},
    "reviews": {"author", "owner", "worker", *STAFF},
    "suppress": STAFF,
    # For an organisation that is not the caller's own.
    "mark": STAFF,
    "approve_mark": STAFF,
}
# What of a story is not for editors: judging is also for reviewers.
ENTRUSTED: dict[str, set[str]] = dict.fromkeys(MAY, STAFF) | {"return": MAY["return"], "approve": MAY["approve"]}
ENTRUSTED["reviews"] = {"worker", *STAFF}
# Who can have a key that was made for it at all: without one the answer is 403, whether there is an entry or not.
KEYS: dict[str, set[str]] = {
    **dict.fromkeys(("take", "publish", "reject", "archive", "restore", "suppress", "approve_mark"), STAFF),
    "return": {"worker", *STAFF},
    "approve": {"worker", *STAFF},
    "withdraw": {"admin"},
}
KEYS_OF_ENTRUSTED = KEYS | {"withdraw": STAFF}
FOUR_EYES = {"approve", "publish"}
# Never in any answer, whoever asks (safety.md V28): names of columns, and what only submissions have.
INTERNAL = {
    "editorialNote", "createdBy", "ownedBy", "lastChangedBy", "editorId", "overrideBy", "byId", "rowVersion",
    "indexVersion", "partnerUse", "workingCopy", "reviewTasks", "reviewerId", "rawText", "safeContact",
}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """`writer` made the text; the account `owner` looks after it. `copy`: its working copy has the status."""

    id: str
    kind: str
    status: str
    writer: str
    copy: bool = False


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = opened(databases.configured(tmp_path_factory.mktemp("matrix"), KENNIS_LIMIT="1000000"), owner="contributor")
    yield made
    made.parts.store.close()
    made.parts.engine.close()


@pytest.fixture(scope="module")
def targets(office: Office) -> list[Target]:
    """Of two kinds, one of them entrusted, a text in every status; of the others what shows that they are alike."""
    with office.parts.store.transaction() as session:
        return [
            (_copy if is_copy else _entry)(session, office, kind, status, writer)
            for kind in kinds.KINDS
            for is_copy, status, writer in _wanted(kind)
        ]


def _wanted(kind: str) -> list[tuple[bool, str, str]]:
    if kind not in IN_DEPTH:
        return [(False, DRAFT, "author"), (False, PUBLISHED, "author"), (True, SUBMITTED, "author")]
    of_second = [(False, DRAFT, "second"), (False, IN_REVIEW, "second"), (True, IN_REVIEW, "second")]
    entries = [(False, status, "author") for status in STATUSES]
    return [*entries, *((True, status, "author") for status in OF_COPIES), *of_second]


def _entry(session: Session, office: Office, kind: str, status: str, writer: str) -> Target:
    """The row as it would be; no step of the machine is needed for who may do what."""
    row = desk.a_draft(session, kind, editorialNote=None)
    row.created_by = row.last_changed_by = office.ids[writer]
    row.owned_by = office.ids["owner"]
    row.status, row.editorial_note = status, "geheime notitie"
    row.version = 1 if status in (PUBLISHED, ARCHIVED) else 0
    row.partner_use = True
    if status == PUBLISHED:
        row.published_at = row.updated_at
    if status in UNDER_REVIEW:
        session.add(ReviewTask(entry_id=row.id, is_copy=False, track="editorial", state="open", asked_on="2026-11-01"))
    session.flush()
    return Target(row.id, kind, status, writer)


def _copy(session: Session, office: Office, kind: str, status: str, writer: str) -> Target:
    target = _entry(session, office, kind, PUBLISHED, "admin")
    row = session.get_one(Entry, target.id)
    session.add(
        WorkingCopy(
            entry_id=row.id, status=status, content=row.content, created_at=row.created_at, updated_at=row.updated_at,
            created_by=office.ids[writer], last_changed_by=office.ids[writer],
        )
    )  # fmt: skip
    session.flush()
    return Target(row.id, kind, status, writer, copy=True)


def keyed(office: Office) -> list[tuple[Rule, str, str]]:
    """Route, method and operation."""
    policies = office.app.extensions[POLICIES]
    return [
        (rule, method, policies[rule.endpoint])
        for rule in office.app.url_map.iter_rules()
        if policies[rule.endpoint] in POLICY
        for method in rule.methods - {"HEAD", "OPTIONS"}
    ]


def may_know(target: Target, who: str) -> bool:
    """Whether the text exists for this person."""
    table = ENTRUSTED if kinds.KINDS[target.kind].is_entrusted else MAY
    is_public = target.status in (PUBLISHED, ARCHIVED) and not target.copy
    is_reviewer = who == "worker" and target.status in UNDER_REVIEW
    return is_public or is_reviewer or who in _those(table["read"], target)


def _those(names: set[str], target: Target) -> set[str]:
    """The author in the table is whoever wrote this text."""
    return names - {"author"} | ({target.writer} if "author" in names else set())


def wanted(target: Target, who: str, operation: str, rule: str) -> set[int]:
    """The statuses that are right."""
    if not who:
        return {401}
    is_entrusted = kinds.KINDS[target.kind].is_entrusted
    if who not in (KEYS_OF_ENTRUSTED if is_entrusted else KEYS).get(operation, WHO):
        return {403}
    if not may_know(target, who):
        return {404}
    table = ENTRUSTED if is_entrusted else MAY
    if operation == "read" and "/revisions" in rule:
        # Earlier versions of what has no public ones: there for who works on it, as far as there are any.
        return {200, 404} if who in _those(table["read"], target) or target.status in UNDER_REVIEW else {404}
    if operation == "read":
        return {200}
    if who not in _those(table[operation], target):
        return {403}
    if operation in FOUR_EYES and who == target.writer:
        return {403}
    # A text under review is locked for its writer, not for editors.
    if operation == "revise" and target.status in UNDER_REVIEW and who not in STAFF:
        return {403}
    if operation == "reviews":
        return {200}
    if operation in ("suppress", "approve_mark"):
        return {404, 409, 412}
    # 409: not from this status; 412: the version that never was; 400: a body that lacks what this kind needs.
    return {409, 412, 400}


@pytest.mark.slow
@pytest.mark.req("V28", "V09")
@pytest.mark.parametrize("kind", kinds.KINDS)
def test_everybody_meets_what_the_table_says(office: Office, targets: list[Target], kind: str) -> None:
    base = f"/v1/{kinds.KINDS[kind].collection}/<uuid:id>"
    routes = [route for route in keyed(office) if route[0].rule.startswith(base) and route[2] in MAY]
    wrong, tried = [], 0
    before = _state(office)
    for rule, method, operation in routes:
        is_of_copies = "/draft" in rule.rule
        for target in targets:
            if target.kind != kind or target.copy != is_of_copies:
                continue
            path = _filled(rule.rule, target.id)
            for who in WHO if kind in IN_DEPTH else FEW:
                tag = None if method == "GET" else NEVER
                answer = office.ask(who, method, path, _body(method, operation), tag=tag)
                tried += 1
                if answer.status_code not in wanted(target, who, operation, rule.rule):
                    wrong.append((method, rule.rule, target.status, target.writer, who, answer.status_code))
                assert not INTERNAL & _names(answer.get_json(silent=True)), (method, path, who)
                assert "geheime notitie" not in answer.get_data(as_text=True)
    assert wrong == []
    assert tried > (1000 if kind in IN_DEPTH else 100)
    assert _state(office) == before


def _filled(rule: str, entry_id: str) -> str:
    path = rule.removeprefix("/v1").replace("<uuid:id>", entry_id).replace("<uuid:markId>", NOBODYS)
    return re.sub("<int[^>]+:version>", "1", path)


def _body(method: str, operation: str) -> dict[str, object] | None:
    return {} if method in ("PUT", "PATCH") else BODIES.get(operation)


def _names(value: object) -> set[str]:
    """Every property name in an answer, however deep."""
    if isinstance(value, dict):
        return set(value) | {name for below in value.values() for name in _names(below)}
    return {name for below in value for name in _names(below)} if isinstance(value, list) else set()


def _state(office: Office) -> list[tuple[object, ...]]:
    with office.parts.store.reading() as session:
        rows = session.execute(select(Entry.id, Entry.status, Entry.row_version, Entry.content).order_by(Entry.id))
        copies = session.execute(select(WorkingCopy.entry_id, WorkingCopy.status, WorkingCopy.row_version))
        return [tuple(map(str, row)) for row in (*rows, *sorted(copies))]


@pytest.mark.req("V28")
def test_drafts_are_read_under_their_own_address_by_those_who_may(office: Office, targets: list[Target]) -> None:
    """The one address that public and private share."""
    for target in targets:
        if target.copy or target.status in (PUBLISHED, ARCHIVED):
            continue
        path = f"/{kinds.KINDS[target.kind].collection}/{target.id}"
        for who in WHO:
            answer = office.ask(who, "GET", path)
            expected = 200 if who and may_know(target, who) else 404
            assert answer.status_code == expected, (target, who)
            assert not INTERNAL & _names(answer.get_json()), (target, who)


@pytest.mark.req("V28")
@pytest.mark.parametrize("who", WHO)
def test_making_an_entry(office: Office, who: str) -> None:
    tried = set()
    for rule, method, operation in keyed(office):
        if operation != "create":
            continue
        answer = office.ask(who, method, rule.rule.removeprefix("/v1"), {"title": 1})
        tried.add(rule.rule)
        assert answer.status_code == (400 if who else 401), (rule.rule, who)
    # A story comes from a submission, never from a key.
    assert tried == {f"/v1/{kind.collection}" for kind in kinds.KINDS.values() if not kind.is_entrusted}


@pytest.mark.req("V28")
@pytest.mark.parametrize("who", WHO)
def test_what_is_not_about_an_entry(office: Office, who: str) -> None:
    tried = 0
    for rule, method, operation in keyed(office):
        # Giving up one's own key is not tried: it would end the rest.
        if operation not in BESIDE or (method, operation) == ("DELETE", "own_key"):
            continue
        answer = office.ask(who, method, _filled(rule.rule, NOBODYS), {} if method == "PUT" else None, tag=NEVER)
        tried += 1
        if not who:
            assert answer.status_code == 401, rule.rule
        elif who not in BESIDE[operation]:
            assert answer.status_code == 403, rule.rule
        else:
            assert answer.status_code not in (401, 403), rule.rule
            assert answer.status_code < 500, rule.rule
    assert tried > 5


@pytest.mark.req("V28")
def test_every_route_that_takes_a_key_is_tried_here(office: Office) -> None:
    """A new operation needs a line in one of the tables above."""
    of_entries = tuple(f"/v1/{kind.collection}" for kind in kinds.KINDS.values())
    untried = [
        rule.endpoint
        for rule, _, operation in keyed(office)
        if operation not in (MAY if rule.rule.startswith(of_entries) else BESIDE)
    ]
    assert untried == []


@pytest.mark.req("V28")
@pytest.mark.parametrize(("who", "status"), [("author", 403), ("editor", 201)])
def test_only_an_editor_sets_a_band_by_hand(office: Office, who: str, status: int) -> None:
    override = {"band": 2, "reason": "De commissie schreef ons wat zij bedoelde.", "setOn": "2026-11-01"}
    answer = office.ask(who, "POST", "/methods", {"title": "Een methode", "evidenceBandOverride": override})
    assert answer.status_code == status, answer.get_json()
