"""What one is reminded of, and the button that says that a text is still right (content-model.md 7.4)."""

from dataclasses import dataclass
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from kennis.content import audit, digests, entries, reminding
from kennis.content.addresses import name_of
from kennis.content.context import Context
from kennis.content.kinds import KINDS
from kennis.content.lifecycle import PUBLISHED
from kennis.content.reminding import Found
from kennis.web import assessment, visitors
from kennis.web.account_page import page, to
from kennis.web.rendering import kennis


@dataclass(frozen=True, slots=True)
class Item:
    """One text with everything that is asked of it. `address` is None while nobody can read it on a page."""

    id: str
    title: str
    kind: str
    address: str | None
    asked: tuple[str, ...]
    can_be_confirmed: bool


def overview() -> Response:
    visitor = visitors.logged_in()
    with kennis().store.reading() as session:
        found = reminding.of_account(session, visitor.account.id, kennis().today())
    return page("account_checks.html", items=_items(found), contact=kennis().config.contact_email)


def confirm(entry_id: UUID) -> Response:
    """Whether this account may, is settled where every step is: as its owner, or as an editor."""
    visitor = visitors.logged_in()
    context = Context(kennis().now(), kennis().config.public_url)

    def step(session: Session) -> None:
        entries.confirm(session, str(entry_id), visitor.actor, context)

    with audit.attempt(kennis().store, context, visitor.actor, "confirm", str(entry_id)):
        kennis().store.write(step)
    kennis().wake()
    return to(visitors.AFTER["nakijken"])


def _items(found: list[Found]) -> list[Item]:
    """By entry, in the order in which they became due."""
    by_entry: dict[str, list[Found]] = {}
    for one in found:
        by_entry.setdefault(one.facts.id, []).append(one)
    return [_item(of_one) for of_one in by_entry.values()]


def _item(found: list[Found]) -> Item:
    facts = found[0].facts
    kind = KINDS[facts.kind]
    is_public = facts.status == PUBLISHED
    return Item(
        id=facts.id,
        title=facts.content["title"],
        kind=assessment.label("kinds", facts.kind),
        address=f"/{kind.page}/{name_of(facts.kind, facts.id, facts.slug)}" if is_public else None,
        asked=tuple(digests.question(one.due.about) for one in found),
        can_be_confirmed=is_public and any(one.due.about in digests.CONFIRMED for one in found),
    )
