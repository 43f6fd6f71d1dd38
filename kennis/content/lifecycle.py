"""The table of the status machine: which step leads from where to where (content-model.md 7.1)."""

from dataclasses import dataclass

from kennis.errors import Conflict, Text

DRAFT = "draft"
SUBMITTED = "submitted"
IN_REVIEW = "in-review"
CHANGES_REQUESTED = "changes-requested"
PUBLISHED = "published"
ARCHIVED = "archived"
REJECTED = "rejected"
WITHDRAWN = "withdrawn"

# What the public may read of an entry by its id; every other status is private.
PUBLIC = frozenset({PUBLISHED, ARCHIVED})
UNDER_REVIEW = frozenset({SUBMITTED, IN_REVIEW})
WRITABLE = frozenset({DRAFT, CHANGES_REQUESTED})


@dataclass(frozen=True, slots=True)
class Step:
    """`targets` maps each status the step may start from to the one it leads to; None: the row is gone."""

    operation: str
    targets: dict[str, str | None]


def _step(operation: str, targets: dict[str, str | None]) -> tuple[str, Step]:
    return operation, Step(operation, targets)


STEPS: dict[str, Step] = dict(
    (
        _step("submit", {DRAFT: SUBMITTED, CHANGES_REQUESTED: SUBMITTED}),
        _step("take", {SUBMITTED: IN_REVIEW}),
        _step("return", {SUBMITTED: CHANGES_REQUESTED, IN_REVIEW: CHANGES_REQUESTED}),
        _step("approve", {SUBMITTED: IN_REVIEW, IN_REVIEW: IN_REVIEW}),
        _step("publish", {IN_REVIEW: PUBLISHED}),
        _step("reject", {SUBMITTED: REJECTED, IN_REVIEW: REJECTED}),
        _step("confirm", {PUBLISHED: PUBLISHED}),
        _step("archive", {PUBLISHED: ARCHIVED}),
        _step("restore", {ARCHIVED: IN_REVIEW, REJECTED: DRAFT}),
        _step("withdraw", {PUBLISHED: None, ARCHIVED: None}),
        _step("delete", {DRAFT: None}),
    )
)
# A text that was entrusted, or that everybody could read once, may be withdrawn wherever it stands.
_ANYWHERE = frozenset({"withdraw"})
# The steps of a working copy: it is never published itself, archived or confirmed; publishing merges it.
COPY_STEPS = frozenset({"submit", "take", "return", "approve", "publish", "reject", "delete"})


def allowed(status: str, *, may_leave: bool = False, is_copy: bool = False) -> tuple[str, ...]:
    """The operations possible from here, in the order of the table. `may_leave`: it may be withdrawn from anywhere."""
    return tuple(
        name
        for name, step in STEPS.items()
        if (status in step.targets or (may_leave and name in _ANYWHERE)) and (not is_copy or name in COPY_STEPS)
    )


def require(operation: str, status: str, *, may_leave: bool = False, is_copy: bool = False) -> str | None:
    """The status this step leads to; Conflict, with what is possible, when it does not start from here."""
    possible = allowed(status, may_leave=may_leave, is_copy=is_copy)
    if operation not in possible:
        raise Conflict(
            Text(f"Deze stap kan niet vanuit de status {status}.", f"This step is not possible from status {status}."),
            tuple(f"_{name}" if name != "delete" else "DELETE" for name in possible),
        )
    return STEPS[operation].targets.get(status)
