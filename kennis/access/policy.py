"""Who may do what: one table from operation to rule. Backgrounds give no permission (content-model.md 7.2)."""

from collections.abc import Collection, Mapping
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
    """`least` role, or being the author or owner where that is enough. `entrusted` replaces both for stories.
    `scope`: what a key needs for it, None for any key; `entrusted_scope` replaces that for stories."""

    least: str
    scope: str | None
    author: bool = False
    owner: bool = False
    four_eyes: bool = False
    entrusted: str | None = None
    entrusted_scope: str | None = None


def _author_or_editor(scope: str) -> Rule:
    return Rule("editor", scope, author=True, owner=True, entrusted="editor")


POLICY: Mapping[str, Rule] = {
    "create": Rule("contributor", "contribute", entrusted="editor"),
    "read": _author_or_editor("read"),
    # Who judges a text must be able to read it, from handing in until the decision.
    "read_submitted": Rule("reviewer", "read", author=True, owner=True, entrusted="reviewer"),
    "revise": _author_or_editor("contribute"),
    "delete": _author_or_editor("contribute"),
    "submit": _author_or_editor("contribute"),
    "take": Rule("editor", "edit"),
    "return": Rule("reviewer", "review"),
    "approve": Rule("reviewer", "review", four_eyes=True),
    "publish": Rule("editor", "edit", four_eyes=True),
    "reject": Rule("editor", "edit"),
    "confirm": Rule("editor", "contribute", owner=True, entrusted="editor"),
    "upkeep": Rule("editor", "contribute", owner=True, author=True, entrusted="editor"),
    "archive": Rule("editor", "edit"),
    "restore": Rule("editor", "edit"),
    "withdraw": Rule("admin", "admin", entrusted="editor", entrusted_scope="moderate"),
    "suppress": Rule("editor", "edit"),
    "override": Rule("editor", "edit"),
    "mark": Rule("contributor", "contribute"),
    "approve_mark": Rule("editor", "edit"),
    "reviews": Rule("reviewer", "read", author=True, owner=True, entrusted="reviewer"),
    "organisations": Rule("editor", "edit"),
    "accounts": Rule("admin", "admin"),
    "password": Rule("admin", "admin", owner=True),
    "keys": Rule("admin", "admin", owner=True),
    # Any key may tell what it is, and be ended by who has it.
    "own_key": Rule("contributor", None),
    "import": Rule(SYSTEM_ROLE, "admin"),
    "refresh": Rule(SYSTEM_ROLE, "admin"),
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


def scope_of(operation: str, *, is_entrusted: bool = False) -> str | None:
    rule = POLICY[operation]
    return (rule.entrusted_scope if is_entrusted else None) or rule.scope


def check_scope(scopes: Collection[str], operation: str, *, is_entrusted: bool = False) -> None:
    """Raise Forbidden unless a key with these scopes was made for this."""
    needed = scope_of(operation, is_entrusted=is_entrusted)
    if needed is not None and needed not in scopes:
        raise Forbidden(
            Text(f"Deze sleutel heeft het bereik {needed} niet.", f"This key does not have the scope {needed}.")
        )
