"""An installation that may be written to over the API, with people who have keys; made without passwords, for speed."""

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from kennis import clock
from kennis.access import accounts, keys, policy
from kennis.access.keys import SCOPES
from kennis.app import create_app
from kennis.config import Config
from kennis.content import marks, organisations
from kennis.content.context import Context
from kennis.content.lifecycle import PUBLISHED
from kennis.installation import EXTENSION, Kennis
from kennis.store.models import Audit, Entry, Organisation
from tests import databases, factories
from tests.unit.content import desk

SOMEBODY = policy.system("test")
MERGE_PATCH = "application/merge-patch+json"
# Name -> role and background.
PEOPLE = {
    "author": ("contributor", "professional"),
    "other": ("contributor", "volunteer"),
    "worker": ("reviewer", "professional"),
    "researcher": ("reviewer", "researcher"),
    "expert": ("reviewer", "experience-expert"),
    "editor": ("editor", "policy"),
    "second": ("editor", "policy"),
    "admin": ("admin", "policy"),
}
# Kinds whose documents say themselves when they were checked.
CHECKED = ("training", "help-offer")
REVIEWERS = {"editorial": "editor", "science": "researcher", "practice": "worker", "experience": "expert"}


@dataclass
class Office:
    parts: Kennis
    app: Flask
    organisation: str
    ids: Mapping[str, str]
    keys: dict[str, str] = field(default_factory=dict)

    def key(self, name: str, *scopes: str) -> str:
        """A key of this person, with these scopes or all that the role can give; one per wish."""
        wish = " ".join((name, *scopes))
        if wish not in self.keys:
            with self.parts.store.transaction() as session:
                account = accounts.find(session, self.ids[name])
                wanted = scopes or tuple(s for s, least in SCOPES.items() if _rank(least) <= _rank(account.role))
                _, text = keys.issue(
                    session, account, name="proef", scopes=wanted, now=clock.now(), by=policy.system("test")
                )
            self.keys[wish] = text
        return self.keys[wish]

    def ask(
        self,
        name: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        tag: str | None = None,
        scopes: tuple[str, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """As this person; "" is nobody. `path` below /v1, `tag` goes as If-Match."""
        sent = dict(headers or {})
        if name:
            sent["Authorization"] = f"Bearer {self.key(name, *scopes)}"
        if tag is not None:
            sent["If-Match"] = tag
        if method == "PATCH":
            sent.setdefault("Content-Type", MERGE_PATCH)
        named = {} if body is None else {"json": body}
        return self.app.test_client().open(f"/v1{path}", method=method, headers=sent, **named)

    def document(self, kind: str, **overrides: Any) -> dict[str, Any]:
        """Checked today, by the clock of this app: what is published must not have been checked long ago."""
        if kind in CHECKED:
            overrides = {"checkedAt": self.parts.today().isoformat(), **overrides}
        with self.parts.store.reading() as session:
            return desk.a_document(session, kind, **overrides)

    def draft(self, kind: str = "lesson", name: str = "author", **overrides: Any) -> "Known":
        made = self.ask(name, "POST", f"/{_collection(kind)}", self.document(kind, **overrides))
        assert made.status_code == 201, made.get_json()
        return Known(self, f"/{_collection(kind)}/{made.get_json()['id']}", made.headers["ETag"])

    def published(self, kind: str = "lesson", **overrides: Any) -> "Known":
        known = self.draft(kind, **overrides)
        known.step("author", "submit")
        known.step("editor", "take")
        known.approve_all()
        known.step("second", "publish")
        return known

    def audit(self, **wanted: str) -> list[Audit]:
        with self.parts.store.reading() as session:
            rows = session.scalars(select(Audit).order_by(Audit.id))
            return [row for row in rows if all(getattr(row, name) == value for name, value in wanted.items())]

    def row(self, known: "Known") -> Entry:
        with self.parts.store.reading() as session:
            return session.get_one(Entry, known.id)


@dataclass
class Known:
    """An entry or working copy, with the tag of the newest answer about it."""

    office: Office
    path: str
    tag: str

    @property
    def id(self) -> str:
        return self.path.split("/")[2]

    def step(self, name: str, operation: str, body: Any = None, *, status: int | None = None) -> TestResponse:
        response = self.office.ask(name, "POST", f"{self.path}/_{operation}", body, tag=self.tag)
        if status is None:
            assert response.status_code in (200, 204), (operation, response.get_json())
        else:
            assert response.status_code == status, (operation, response.get_json())
        if response.status_code == 200:
            self.tag = response.headers["ETag"]
        return response

    def write(self, name: str, method: str, body: Any = None, **more: Any) -> TestResponse:
        return self.office.ask(name, method, self.path, body, **{"tag": self.tag, **more})

    def read(self, name: str = "author", **more: Any) -> TestResponse:
        return self.office.ask(name, "GET", self.path, **more)

    def approve_all(self) -> None:
        from kennis.content import tracks

        with self.office.parts.store.reading() as session:
            asked = [task.track for task in tracks.tasks(session, self.id, is_copy=self.path.endswith("/draft"))]
        for track in asked:
            self.step(REVIEWERS[track], "approve", {"track": track})


def _rank(role: str) -> int:
    return policy.ROLES.index(role)


def _collection(kind: str) -> str:
    from kennis.content.kinds import KINDS

    return KINDS[kind].collection


def opened(config: Config, **roles: str) -> Office:
    """With the usual people, and more of these names and roles."""
    if databases.SERVER or roles:
        return _made(config, roles)
    folder, organisation, ids = _kept()
    shutil.copytree(folder, config.data_dir, dirs_exist_ok=True)
    app = create_app(config)
    return Office(app.extensions[EXTENSION], app, organisation, ids)


@cache
def _kept() -> tuple[Path, str, Mapping[str, str]]:
    """An installation with the usual people, closed, to be copied: that takes a fraction of making one."""
    folder = Path(tempfile.mkdtemp(prefix="kennis-office-"))
    atexit.register(shutil.rmtree, folder)
    made = _made(databases.configured(folder), {})
    made.parts.store.close()
    made.parts.engine.close()
    return folder, made.organisation, made.ids


def _made(config: Config, roles: Mapping[str, str]) -> Office:
    people = PEOPLE | {name: (role, "professional") for name, role in roles.items()}
    app = create_app(config)
    parts: Kennis = app.extensions[EXTENSION]
    parts.store.upgrade()
    context = Context(clock.now(), config.public_url)
    with parts.store.transaction() as session:
        organisation = organisations.create(session, factories.make_organisation(), desk.EDITOR, context).id
        ids = {
            name: accounts.create(
                session, email=f"{name}@kennis.example", name=name.capitalize(), role=role, background=background,
                organisation_id=organisation, password=None, now=context.now, by=SOMEBODY,
            ).id
            for name, (role, background) in people.items()
        }  # fmt: skip
    parts.indexer.catch_up()
    return Office(parts, app, organisation, ids)


def marked_entry(parts: Kennis, kind: str, context: Context) -> tuple[str, str]:
    """An entry of this kind with an approved mark on it, and that mark."""
    with parts.store.transaction() as session:
        published = select(Entry.id).where(Entry.kind == kind, Entry.status == PUBLISHED).order_by(Entry.id)
        entry_id = session.scalars(published).first() or ""
        organisation = session.scalars(select(Organisation.id).order_by(Organisation.id)).first() or ""
        given = {"organisationId": organisation, "appliedOn": context.today.isoformat()}
        mark_id = marks.mark(session, entry_id, given, SOMEBODY, context).id
        marks.approve_mark(session, entry_id, mark_id, SOMEBODY, context)
    return entry_id, mark_id
