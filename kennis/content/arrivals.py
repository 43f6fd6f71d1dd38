"""A line of an import, or a seed file, as an entry that may be loaded: read, checked, nothing stored yet."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from kennis import clock
from kennis.content import clearance, documents, kinds, mentions, slugs, succession
from kennis.content.context import Context
from kennis.content.documents import CHECKED_AT, CHECKED_BY, Given
from kennis.content.expiry import NOT_CHECKED
from kennis.content.lifecycle import ARCHIVED, PUBLISHED
from kennis.content.publishing import keeps_check_date
from kennis.content.vocabulary import vocabularies
from kennis.errors import Invalid, Problem, Text

ORGANISATION = "organisation"
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

    def rename_organisations(self, ids: Mapping[str, str]) -> None:
        """Those that have another id here than where this came from."""
        self.content = mentions.renamed(self.content, ids)
        self.checked_by = ids.get(self.checked_by, self.checked_by) if self.checked_by else None
        self.revisions = [replace(r, content=mentions.renamed(r.content, ids)) for r in self.revisions]

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
        older = _older(kind, body, loading, context, faults)
    except Invalid as error:
        raise Invalid([*faults, *error.problems]) from error
    status, reason = _status(kind, body, given, faults, context)
    successor = _successor(body, entry_id, status, reason, faults)
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
        replaced_by_id=successor,
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
    if body.get("id") is None:
        return str(uuid.uuid4())
    return read_reference(body, "id", faults) or ""


def read_reference(body: Mapping[str, Any], name: str, faults: list[Problem]) -> str | None:
    """The UUID under this name, None when there is none; adds to the faults when it is something else."""
    given = body.get(name)
    if given is None:
        return None
    if isinstance(given, str) and _UUID.fullmatch(given.lower()):
        return given.lower()
    faults.append(Problem(Text("Dit moet een UUID zijn.", "This must be a UUID."), f"/{name}"))
    return None


def _older(
    kind: str, body: Mapping[str, Any], loading: Loading, context: Context, faults: list[Problem]
) -> list[Given]:
    """Earlier versions that a file holds; a fault in one is told at its place in the list."""
    older, read = body.get("revisions") or [], []
    if not isinstance(older, list):
        faults.append(Problem(Text("Dit moet een lijst zijn.", "This must be a list."), "/revisions"))
        return []
    for position, revision in enumerate(older):
        pointer = f"/revisions/{position}"
        if not isinstance(revision, Mapping):
            faults.append(Problem(Text("Dit moet een object zijn.", "This must be an object."), pointer))
            continue
        try:
            read.append(_read(kind, {**revision, **_dates(body)}, loading, context))
        except Invalid as error:
            faults += [Problem(p.message, f"{pointer}{p.pointer or ''}") for p in error.problems]
    return read


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
        return Given(given.content, _checked_at(body, context), None)
    if kept.get(CHECKED_AT) is None and loading.checked_on is not None:
        kept[CHECKED_AT] = loading.checked_on.isoformat()
    if CHECKED_BY in schema.names and kept.get(CHECKED_AT) and kept.get(CHECKED_BY) is None:
        kept[CHECKED_BY] = loading.checked_by
    is_archived = is_archived or kept.get(CHECKED_AT) is None
    return documents.read_loaded(kind, kept, context.today, is_archived=is_archived)


def _checked_at(body: Mapping[str, Any], context: Context) -> str | None:
    """The check date of a kind that has it as a system field."""
    value = body.get(CHECKED_AT)
    if value is None:
        return None
    try:
        checked = clock.day(value) if isinstance(value, str) else None
    except ValueError:
        checked = None
    if checked is None or checked > context.today:
        raise Invalid([Problem(_NO_CHECK_DATE, f"/{CHECKED_AT}")])
    return checked.isoformat()


_NO_CHECK_DATE = Text(
    "Dit moet een dag tot en met vandaag zijn, zoals 2026-11-24.", "This must be a day up to today, as in 2026-11-24."
)


def _status(
    kind: str, body: Mapping[str, Any], given: Given, faults: list[Problem], context: Context
) -> tuple[str, str | None]:
    status, reason = body.get("status", PUBLISHED), body.get("archiveReason")
    if status not in (PUBLISHED, ARCHIVED):
        words = f"{PUBLISHED}, {ARCHIVED}"
        faults.append(Problem(Text(f"Laden kan alleen als {words}.", f"Only {words} can be loaded."), "/status"))
    elif status == ARCHIVED:
        if not isinstance(reason, str) or reason not in vocabularies()["archive-reasons"]:
            words = ", ".join(vocabularies()["archive-reasons"].codes)
            faults.append(Problem(Text(f"Kies een reden: {words}.", f"Choose a reason: {words}."), "/archiveReason"))
            return ARCHIVED, None
        return ARCHIVED, reason
    if keeps_check_date(kind) and (given.checked_at is None or kinds.is_expired(kind, given.checked_at, context.today)):
        return ARCHIVED, NOT_CHECKED
    return PUBLISHED, None


def _successor(
    body: Mapping[str, Any], entry_id: str, status: str, reason: str | None, faults: list[Problem]
) -> str | None:
    """Only what is archived has one; whether it exists is known when the whole file was read."""
    successor = read_reference(body, "replacedById", faults)
    if status != ARCHIVED:
        return None
    if successor is not None and successor == entry_id:
        faults.append(Problem(succession.NO_SUCCESSOR, "/replacedById"))
    elif reason == succession.MERGED and body.get("replacedById") is None:
        faults.append(Problem(succession.INTO_WHAT, "/replacedById"))
    return successor


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
