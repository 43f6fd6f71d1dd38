"""What every step on an entry needs on the command line: who acts, on which version, and how the outcome is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

import click
from sqlalchemy.orm import Session

from kennis.access import accounts
from kennis.access.policy import ROLES, Actor
from kennis.cli.opening import context, database
from kennis.cli.output import print_json, tell
from kennis.content import audit, duplicates
from kennis.content.vocabulary import vocabularies
from kennis.errors import BadSetup, Forbidden, NotFound, Text
from kennis.store.models import Entry, Tombstone

P = ParamSpec("P")
# Somebody who names no account. Four eyes counts names: who publishes must be another than who wrote.
SOMEBODY, ROLE = "command-line", "editor"


@dataclass(frozen=True, slots=True)
class Person:
    """Who was named: an account, whose role and background hold, or somebody who has none and is said to have them."""

    name: str
    role: str | None
    background: str
    organisation: str | None

    def actor(self, session: Session) -> Actor:
        try:
            account = accounts.named(session, self.name)
        except NotFound:
            if "@" in self.name:
                raise
            return Actor(self.name, self.role or ROLE, self.background, self.organisation)
        if self.role or self.background or self.organisation:
            raise BadSetup(
                f"{self.name} is een account met een eigen rol en achtergrond; laat --as, --background en "
                "--organisation weg.",
                f"{self.name} is an account with a role and background of its own; leave out --as, --background and "
                "--organisation.",
            )
        if account.is_disabled:
            raise Forbidden(Text("Dit account is geblokkeerd.", "This account is disabled."))
        return accounts.actor_of(account)


# What is said of an entry that may be the same.
_WHY = {
    duplicates.SIMILAR_TITLE: ("Let op, dit heet bijna hetzelfde", "Note, this is called nearly the same"),
    duplicates.SAME_EXTERNAL_ID: ("Let op, dit heeft hetzelfde kenmerk elders", "Note, this has the same external id"),
}


@dataclass(frozen=True, slots=True)
class Acting:
    """`expected`: the row version the caller read, None when it does not matter; `copy`: act on the working copy."""

    person: Person
    expected: int | None
    copy: bool

    def take(self, operation: str, step: Callable[..., Any], *values: Any, **named: Any) -> dict[str, Any]:
        """Take the step in a transaction of its own, then print what it led to on one line of JSON. When it is refused
        or fails the audit has it as `operation`; the first value is the id, or the kind of what is to be made."""
        if self.copy:
            named["copy"] = True
        if self.expected is not None:
            named["expected"] = self.expected
        with database() as (config, store):
            with store.reading() as session:
                actor = self.person.actor(session)
            around = context(config)

            def taken(session: Session) -> dict[str, Any]:
                done = step(session, *values, actor=actor, context=around, **named)
                session.flush()
                return outcome(done)

            with audit.attempt(store, around, actor, operation, values[0]):
                done = store.write(taken)
            print_json(done, pretty=False)
            return done

    def tell_duplicates(self, entry_id: str) -> None:
        """On stderr: the step was taken, whatever looks like it."""
        with database() as (_, store), store.reading() as session:
            for hint in duplicates.find(session, entry_id, self.person.actor(session), copy=self.copy):
                nl, en = _WHY[hint.reason]
                tell(
                    f"{nl}: {hint.title} ({hint.kind}, {hint.status}, {hint.id})",
                    f"{en}: {hint.title} ({hint.kind}, {hint.status}, {hint.id})",
                )


def outcome(done: Any) -> dict[str, Any]:
    """Id, status and the row version to give with the next step as --expect."""
    if isinstance(done, Tombstone):
        return {"id": done.id, "kind": done.kind, "status": "withdrawn", "withdrawnOn": done.withdrawn_on}
    if isinstance(done, Entry):
        named = {"id": done.id, "kind": done.kind, "slug": done.slug, "status": done.status, "version": done.version}
        return named | {"rowVersion": done.row_version}
    return {"id": done.entry_id, "copy": True, "status": done.status, "rowVersion": done.row_version}


class _Account(click.ParamType[str]):
    """Four eyes compares accounts, so that one without a name is none."""

    name = "id"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not value.strip():
            self.fail("geef een naam / give a name.", param, ctx)
        return value.strip()


class _Background(click.ParamType[str]):
    """A code that is unknown would make a review count for nothing."""

    name = "code"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        known = vocabularies()["backgrounds"]
        if value and value not in known:
            self.fail(f"{value!r} bestaat niet / is unknown; codes: {', '.join(known.codes)}.", param, ctx)
        return value


_OPTIONS = (
    click.option("--as", "role", type=click.Choice(ROLES), default=None,
                 help=f"Role in which the step is taken, for a name that is no account; {ROLE} when not given."),
    click.option("--actor", "account", type=_Account(), default=SOMEBODY, show_default=True, metavar="EMAIL",
                 help="Account that takes the step: its e-mail address or id, or another name for who has none; who "
                 "wrote a text does not approve or publish it."),
    click.option("--background", type=_Background(), default="", metavar="CODE",
                 help="Background of who has no account (kennis vocabulary list backgrounds); decides for which tracks "
                 "a review counts."),
    click.option("--organisation", default=None, metavar="ID", help="Organisation of who has no account."),
)  # fmt: skip
_EXPECT = (
    click.option("--expect", "expected", type=click.IntRange(min=1), default=None, metavar="VERSION",
                 help="rowVersion you read; the step is refused when somebody changed the entry since."),
)  # fmt: skip
_COPY = click.option("--copy", is_flag=True, help="Act on the working copy of a published entry.")


def acting(*, with_copy: bool = False, is_new: bool = False) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Adds the options and hands them to the command as one `by`. What is new has no version to expect."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def called(
            *args: Any, role: str | None, account: str, background: str, organisation: str | None,
            expected: int | None = None, copy: bool = False, **named: Any,
        ) -> None:  # fmt: skip
            person = Person(account, role, background, organisation)
            command(*args, by=Acting(person, expected, copy), **named)

        options = (*_OPTIONS, *(() if is_new else _EXPECT), *((_COPY,) if with_copy else ()))
        for option in reversed(options):
            called = option(called)
        return called

    return decorate
