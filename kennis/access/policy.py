"""Who may do what: one table from operation to rule. Backgrounds give no permission (content-model.md 7.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kennis.errors import Forbidden, Text

# Each role may do what the ones before it may. `system` is no role of accounts: only the loader and the daily job act
# with it, and four eyes does not hold for them (content-model.md 7.1, Loading).
ROLES: tuple[str, ...] = ("contributor", "reviewer", "editor", "admin")
SYSTEM_ROLE = "system"
_RANK = {role: rank for rank, role in enumerate((*ROLES, SYSTEM_ROLE))}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `background` is a code of backgrounds and decides only for which track a review counts."""

    id: str
    role: str
    background: str = ""
    organisation_id: str | None = None

    def __post_init__(self) -> None:
        if self.role not in _RANK:
            raise ValueError(f"unknown role {self.role}")

    def is_at_least(self, role: str) -> bool:
        return _RANK[self.role] >= _RANK[role]

    @property
    def is_system(self) -> bool:
        return self.role == SYSTEM_ROLE


def system(name: str = "system") -> Actor:
    """The account of a command or job, such as `seed` or `daily`; never made from a request."""
    return Actor(id=name, role=SYSTEM_ROLE)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules need to know of a text: who made it, who looks after it, whether it was entrusted (a story)."""

    made_by: frozenset[str] = frozenset()
    owned_by: str | None = None
    is_entrusted: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """`least` role, or being the author or owner where that is enough. `entrusted` replaces both for stories."""

    least: str
    author: bool = False
    owner: bool = False
    four_eyes: bool = False
    entrusted: str | None = None


def _author_or_editor() -> Rule:
    return Rule("editor", author=True, owner=True, entrusted="editor")


POLICY: Mapping[str, Rule] = {
    "create": Rule("contributor", entrusted="editor"),
    "read": _author_or_editor(),
    "revise": _author_or_editor(),
    "delete": _author_or_editor(),
    "submit": _author_or_editor(),
    "take": Rule("editor"),
    "return": Rule("reviewer"),
    "approve": Rule("reviewer", four_eyes=True),
    "publish": Rule("editor", four_eyes=True),
    "reject": Rule("editor"),
    "confirm": Rule("editor", owner=True, entrusted="editor"),
    "upkeep": Rule("editor", owner=True, author=True, entrusted="editor"),
    "archive": Rule("editor"),
    "restore": Rule("editor"),
    "withdraw": Rule("admin", entrusted="editor"),
    "suppress": Rule("editor"),
    "override": Rule("editor"),
    "mark": Rule("contributor"),
    "approve_mark": Rule("editor"),
    "reviews": Rule("reviewer", author=True, owner=True),
    "organisations": Rule("editor"),
    "accounts": Rule("admin"),
    "password": Rule("admin", owner=True),
    "keys": Rule("admin", owner=True),
    "import": Rule(SYSTEM_ROLE),
    "refresh": Rule(SYSTEM_ROLE),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    is_allowed: bool
    reason: Text = field(default=Text("U mag dit niet doen.", "You may not do this."))


_FOUR_EYES = Text(
    "Wie de tekst maakte of het laatst veranderde, beoordeelt en publiceert die niet zelf.",
    "Who made or last changed the text does not approve or publish it.",
)


def decide(actor: Actor, operation: str, facts: Facts | None = None) -> Verdict:
    rule = POLICY[operation]
    facts = facts or Facts()
    if rule.four_eyes and actor.id in facts.made_by and not actor.is_system:
        return Verdict(False, _FOUR_EYES)
    if facts.is_entrusted and rule.entrusted is not None:
        return Verdict(actor.is_at_least(rule.entrusted), _needs(rule.entrusted))
    is_theirs = (rule.author and actor.id in facts.made_by) or (rule.owner and actor.id == facts.owned_by)
    return Verdict(is_theirs or actor.is_at_least(rule.least), _needs(rule.least))


def _needs(role: str) -> Text:
    return Text(
        f"U mag dit niet doen; daarvoor is de rol {role} nodig.", f"You may not do this; that takes the role {role}."
    )


def check(actor: Actor, operation: str, facts: Facts | None = None) -> None:
    """Raise Forbidden, with the reason in words, unless the actor may do this."""
    verdict = decide(actor, operation, facts)
    if not verdict.is_allowed:
        raise Forbidden(verdict.reason)
