"""A line of an import, or a seed file, as an entry that may be loaded: read, checked, nothing stored yet."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kennis.content import clearance, documents, kinds, mentions, slugs
from kennis.content.context import Context
from kennis.content.documents import CHECKED_AT, CHECKED_BY, Given
from kennis.content.lifecycle import ARCHIVED, PUBLISHED
from kennis.content.publishing import keeps_check_date
from kennis.content.vocabulary import vocabularies
from kennis.errors import Invalid, Problem, Text

ORGANISATION = "organisation"
NOT_CHECKED = "not-checked"
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Loading:
    """How to load. `checked_on`/`checked_by`: who looked at the providers' pages of what asks for a check date.

    `only_ours`: leave alone what people changed after the loader, as the seed does.
    """

    account: str
    checked_on: date | None = None
    checked_by: str = mentions.EDITORS
    only_ours: bool = False


@dataclass(slots=True)
class Arrival:
    """`line` is where it came from. `id` becomes that of the entry it is matched with; `named_id` stays.

    `revisions` are older versions, oldest first.
    """

    line: int
    kind: str
    id: str
    named_id: str
    content: dict[str, Any]
    checked_at: str | None
    checked_by: str | None
    slug: str
    status: str
    archive_reason: str | None
    replaced_by_id: str | None
    revisions: list[Given] = field(default_factory=list)

    @property
    def is_waiting_for_a_check(self) -> bool:
        return self.archive_reason == NOT_CHECKED


def read_entry(line: int, body: Mapping[str, Any], loading: Loading, context: Context) -> Arrival:
    """Raises Invalid with every fault of the document and of its kind's rules for publishing."""
    kind = _kind(body)
    faults: list[Problem] = []
    entry_id = read_id(body, faults)
    try:
        given = _read(kind, body, loading, context)
        older = [_read(kind, {**revision, **_dates(body)}, loading, context) for revision in _older(body)]
    except Invalid as error:
        raise Invalid([*faults, *error.problems]) from error
    status, reason = _status(kind, body, given, faults, context)
    if status == PUBLISHED:
        faults += _publishing_faults(kind, body, given, loading, context)
    if faults:
        raise Invalid(faults)
    wish = body.get("slug")
    sound = isinstance(wish, str) and slugs.is_slug(wish) and not kinds.KINDS[kind].slug_is_id
    return Arrival(
        line=line,
        kind=kind,
        id=entry_id,
        named_id=entry_id,
        content=given.content,
        checked_at=given.checked_at,
        checked_by=given.checked_by,
        slug=str(wish) if sound else slugs.wished(kinds.KINDS[kind], entry_id, given.content),
        status=status,
        archive_reason=reason,
        replaced_by_id=body.get("replacedById"),
        revisions=older,
    )


def _kind(body: Mapping[str, Any]) -> str:
    kind = body.get("kind")
    if isinstance(kind, str) and kind in kinds.KINDS:
        return kind
    words = ", ".join((ORGANISATION, *kinds.KINDS))
    near = vocabularies()["kinds"].nearest(kind) if isinstance(kind, str) else None
    nl, en = (f"; bedoelt u “{near}”?", f"; did you mean “{near}”?") if near else (".", ".")
    raise Invalid([Problem(Text(f"Onbekende soort, kies uit: {words}{nl}", f"Unknown kind, choose from: {words}{en}"),
                           "/kind")])  # fmt: skip


def read_id(body: Mapping[str, Any], faults: list[Problem]) -> str:
    """The id a document names, else a new one; adds to the faults when it is none."""
    given = body.get("id")
    if given is None:
        return str(uuid.uuid4())
    if isinstance(given, str) and _UUID.fullmatch(given.lower()):
        return given.lower()
    faults.append(Problem(Text("Dit moet een UUID zijn.", "This must be a UUID."), "/id"))
    return ""


def _older(body: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    older = body.get("revisions")
    return [r for r in older if isinstance(r, Mapping)] if isinstance(older, list) else []


def _dates(body: Mapping[str, Any]) -> dict[str, Any]:
    """Older versions in a file hold no check date of their own."""
    return {name: body[name] for name in (CHECKED_AT, CHECKED_BY) if name in body}


def _read(kind: str, body: Mapping[str, Any], loading: Loading, context: Context) -> Given:
    schema = kinds.schema(kind)
    kept = {k: v for k, v in body.items() if k in schema.names or k not in schema.system}
    kept.pop("revisions", None)
    is_archived = body.get("status") == ARCHIVED
    if not keeps_check_date(kind):
        given = documents.read_loaded(kind, kept, context.today, is_archived=is_archived)
        return Given(given.content, _past_day(body.get(CHECKED_AT), context), None)
    if kept.get(CHECKED_AT) is None and loading.checked_on is not None:
        kept[CHECKED_AT] = loading.checked_on.isoformat()
    if CHECKED_BY in schema.names and kept.get(CHECKED_AT) and kept.get(CHECKED_BY) is None:
        kept[CHECKED_BY] = loading.checked_by
    is_archived = is_archived or kept.get(CHECKED_AT) is None
    return documents.read_loaded(kind, kept, context.today, is_archived=is_archived)


def _past_day(value: Any, context: Context) -> str | None:
    """The check date of a kind that has it as a system field; one that makes no sense counts as not given."""
    try:
        return min(date.fromisoformat(value), context.today).isoformat() if isinstance(value, str) else None
    except ValueError:
        return None


def _status(
    kind: str, body: Mapping[str, Any], given: Given, faults: list[Problem], context: Context
) -> tuple[str, str | None]:
    status, reason = body.get("status", PUBLISHED), body.get("archiveReason")
    if status not in (PUBLISHED, ARCHIVED):
        words = f"{PUBLISHED}, {ARCHIVED}"
        faults.append(Problem(Text(f"Laden kan alleen als {words}.", f"Only {words} can be loaded."), "/status"))
    elif status == ARCHIVED:
        if reason not in vocabularies()["archive-reasons"]:
            words = ", ".join(vocabularies()["archive-reasons"].codes)
            faults.append(Problem(Text(f"Kies een reden: {words}.", f"Choose a reason: {words}."), "/archiveReason"))
        return ARCHIVED, reason
    if keeps_check_date(kind) and (given.checked_at is None or kinds.is_expired(kind, given.checked_at, context.today)):
        return ARCHIVED, NOT_CHECKED
    return PUBLISHED, None


def _publishing_faults(
    kind: str, body: Mapping[str, Any], given: Given, loading: Loading, context: Context
) -> list[Problem]:
    """What was public elsewhere keeps its check date, however long ago; what is new obeys the rule of its kind."""
    was_public = body.get("publishedAt") is not None
    checked_at = context.today.isoformat() if was_public and keeps_check_date(kind) else given.checked_at
    faults = list(
        kinds.publishing_problems(
            kind, given.content, checked_at=checked_at, owned_by=loading.account, today=context.today
        )
    )
    if kinds.KINDS[kind].is_entrusted and not given.content.get("isExample", False):
        faults.append(Problem(_NOT_INVENTED, "/isExample"))
    return faults


_NOT_INVENTED = Text(
    "Alleen een verzonnen verhaal (isExample) kan zo worden geladen.",
    "Only an invented story (isExample) can be loaded.",
)


def cleared(kind: str) -> clearance.Clearance | None:
    """What the loader may hand to publishing; `_publishing_faults` has refused all but invented stories."""
    return clearance.for_example() if kinds.KINDS[kind].is_entrusted else None
