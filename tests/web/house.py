"""An installation in which people log in, with a clock that a test sets and passwords that cost next to nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kennis import clock
from kennis.access import accounts
from kennis.app import create_app
from kennis.installation import EXTENSION
from kennis.store import Store
from kennis.store.people import Account
from kennis.web import elsewhere
from tests import databases, templates
from tests.conftest import NOW
from tests.unit.access.people import CHEAP, PASSWORD, an_account
from tests.web.dom import Node, parse

EMAIL = "sanne@kennis.example"
SESSION = "__Host-kennis-session"


@dataclass
class Clock:
    moment: datetime | None = NOW

    def __call__(self) -> datetime:
        return self.moment or clock.now()

    def follow(self) -> None:
        """The real one from now on."""
        self.moment = None

    def advance(self, **by: int) -> None:
        self.moment = self() + timedelta(**by)


@dataclass
class Browser:
    """`get` and `send` give the page as a tree and fail on another status; `last` is the answer it came from."""

    client: FlaskClient
    last: TestResponse | None = field(default=None)

    def get(self, path: str, status: int = 200) -> Node:
        return self._page(self.client.get(path), path, status)

    def send(self, page: str, action: str, status: int = 303, **fields: Any) -> Node:
        """Read the page, fill in its form of that address and send it, as a person would."""
        form = next(f for f in self.get(page).all("form") if f.attributes["action"] == action)
        hidden = {n.attributes["name"]: n.attributes["value"] for n in form.all("input", type="hidden")}
        return self.post(action, status, **{**hidden, **fields})

    def post(self, path: str, status: int = 303, headers: dict[str, str] | None = None, **form: Any) -> Node:
        return self._page(self.client.post(path, data=form, headers=headers), path, status)

    def log_in(self, email: str = EMAIL, password: str = PASSWORD) -> "Browser":
        self.send("/account/inloggen", "/account/inloggen", email=email, password=password)
        return self

    @property
    def session(self) -> str | None:
        found = self.client.get_cookie(SESSION)
        return found.value if found else None

    @property
    def location(self) -> str:
        assert self.last is not None
        return self.last.headers["Location"]

    def _page(self, answer: TestResponse, path: str, status: int) -> Node:
        self.last = answer
        assert answer.status_code == status, (path, answer.status_code, answer.text[:2000])
        return parse(answer.text)


@dataclass
class House:
    app: Flask
    store: Store
    clock: Clock

    def browser(self) -> Browser:
        return Browser(self.app.test_client())

    def account(self, email: str = EMAIL, **given: Any) -> Account:
        with self.store.transaction() as session:
            return an_account(session, email, **given)

    def at_exit(self, neutral: str) -> Flask:
        """The same installation with this neutral site."""
        self._change(exit_url=neutral)
        return self.app

    def move_to(self, address: str) -> None:
        """To where it is really served: that address the login server sends people back to."""
        self._change(public_url=address)
        elsewhere.register(self.app, self.app.extensions[EXTENSION].config)

    def _change(self, **settings: str) -> None:
        parts = self.app.extensions[EXTENSION]
        self.app.extensions[EXTENSION] = replace(parts, config=replace(parts.config, **settings))

    def find(self, email: str = EMAIL) -> Account:
        with self.store.reading() as session:
            found = accounts.by_email(session, email)
        assert found is not None
        return found


@contextmanager
def house(folder: Path, **settings: str) -> Iterator[House]:
    config = databases.configured(folder, **settings)
    store, time = Store(config.database_url), Clock()
    store.upgrade()
    app = templates.share(create_app(config, store=store, today=lambda: time().date()))
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], now=time, cost=CHEAP)
    yield House(app, store, time)
    store.close()
