"""The round of a text along editors and reviewers: hand in, take, judge, return, reject, bring back (7.1, 7.2)."""

from sqlalchemy.orm import Session

from kennis.access.policy import Actor
from kennis.content import audit, documents, kinds, linking, publication, reminding, texts, tracks
from kennis.content.context import Context
from kennis.content.lifecycle import IN_REVIEW
from kennis.content.reading import APPROVED, CHANGES_REQUESTED
from kennis.content.texts import Written
from kennis.content.vocabulary import vocabularies
from kennis.errors import Invalid, Problem, Text
from kennis.store.models import Entry, Review, WorkingCopy

NOTE_LEAST, NOTE_MOST = 10, 4_000


def submit(
    session: Session,
    entry_id: str,
    actor: Actor,
    context: Context,
    *,
    copy: bool = False,
    expected: int | None = None,
) -> Written:
    """Hand in a whole text: everything required is there, and its review tracks are asked."""
    entry, text, target = texts.begin(session, "submit", entry_id, actor, expected, copy=copy)
    documents.require_whole(entry.kind, text, context.today)
    linking.check(session, entry.id, entry.kind, text.content, text.checked_by)
    _require_own_organisation(entry, text, actor)
    tracks.ask(session, entry, tracks.to_ask(session, entry, text.content), context, is_copy=copy)
    return _move(session, entry, text, target, "submit", actor, context)


def _require_own_organisation(entry: Entry, text: Written, actor: Actor) -> None:
    if not kinds.KINDS[entry.kind].needs_organisation or actor.is_at_least("editor"):
        return
    linked = {link["organisationId"] for link in text.content.get("organisations", ())}
    if actor.organisation_id not in linked:
        raise Invalid(
            [
                Problem(
                    Text("Noem ook uw eigen organisatie.", "Link your own organisation as well."),
                    "/organisations",
                )
            ]
        )


def take(
    session: Session,
    entry_id: str,
    actor: Actor,
    context: Context,
    *,
    copy: bool = False,
    expected: int | None = None,
) -> Written:
    entry, text, target = texts.begin(session, "take", entry_id, actor, expected, copy=copy)
    text.editor_id = actor.id
    return _move(session, entry, text, target, "take", actor, context)


def approve(
    session: Session,
    entry_id: str,
    track: str,
    actor: Actor,
    context: Context,
    *,
    note: str | None = None,
    copy: bool = False,
    expected: int | None = None,
) -> Written:
    """The track is approved for this text; a change in what it judged opens it again."""
    entry, text, target = texts.begin(session, "approve", entry_id, actor, expected, copy=copy)
    task = tracks.open_task(session, entry.id, track, actor, is_copy=copy)
    if note is not None:
        require_note(note)
    task.state = tracks.APPROVED
    session.add(_review(entry, track, APPROVED, note, actor, context))
    return _move(session, entry, text, target, "approve", actor, context, detail=track)


def return_(
    session: Session,
    entry_id: str,
    track: str,
    note: str,
    actor: Actor,
    context: Context,
    *,
    copy: bool = False,
    expected: int | None = None,
) -> Written:
    """Ask the author for changes; what was still open closes, for the next text is judged anew."""
    entry, text, target = texts.begin(session, "return", entry_id, actor, expected, copy=copy)
    tracks.asked(session, entry.id, track, is_copy=copy)
    require_note(note)
    session.add(_review(entry, track, CHANGES_REQUESTED, note, actor, context))
    tracks.close(session, entry.id, is_copy=copy)
    reminding.tell_author(session, entry, text, reminding.RETURNED, actor, context)
    return _move(session, entry, text, target, "return", actor, context, detail=track)


def reject(
    session: Session,
    entry_id: str,
    reason: str,
    note: str,
    actor: Actor,
    context: Context,
    *,
    copy: bool = False,
    expected: int | None = None,
) -> Written:
    """Kept 12 months, then erased by the daily job; of a working copy only the copy goes, at once."""
    entry, text, target = texts.begin(session, "reject", entry_id, actor, expected, copy=copy)
    require_code("reject-reasons", reason)
    require_note(note)
    tracks.close(session, entry.id, is_copy=copy)
    reminding.tell_author(session, entry, text, reminding.REJECTED, actor, context)
    if isinstance(text, WorkingCopy):
        texts.drop_copy(session, text)
    else:
        text.editorial_note = note
    return _move(session, entry, text, target, "reject", actor, context, detail=reason)


def restore(session: Session, entry_id: str, actor: Actor, context: Context, *, expected: int | None = None) -> Entry:
    """An archived entry is reviewed anew, on all tracks, and is not public meanwhile; a rejected one is a draft."""
    entry, text, target = texts.begin(session, "restore", entry_id, actor, expected)
    _move(session, entry, text, target, "restore", actor, context)
    if target == IN_REVIEW:
        entry.editor_id = actor.id
        entry.archive_reason = entry.replaced_by_id = None
        tracks.ask(session, entry, tracks.concerned(entry.kind, entry.content), context, is_copy=False)
        publication.announce_with_neighbours(session, context, entry.id, publication.REMOVED)
    else:
        reminding.tell_author(session, entry, entry, reminding.REOPENED, actor, context)
    return entry


def require_note(note: str) -> None:
    if not NOTE_LEAST <= len(note.strip()) <= NOTE_MOST:
        nl = f"Schrijf een toelichting van {NOTE_LEAST} tot {NOTE_MOST} tekens."
        en = f"Write a note of {NOTE_LEAST} to {NOTE_MOST} characters."
        raise Invalid([Problem(Text(nl, en), "/note")])


def require_code(vocabulary: str, code: str) -> None:
    known = vocabularies()[vocabulary]
    if code not in known:
        words = ", ".join(known.codes)
        raise Invalid(
            [Problem(Text(f"Onbekende reden; kies uit: {words}.", f"Unknown reason; choose from: {words}."), "/reason")]
        )


def _review(entry: Entry, track: str, outcome: str, note: str | None, actor: Actor, context: Context) -> Review:
    return Review(
        entry_id=entry.id,
        track=track,
        outcome=outcome,
        note=note,
        background=actor.background or None,
        reviewer_id=actor.id,
        version=entry.version + 1,
        reviewed_on=context.today.isoformat(),
    )


def _move(
    session: Session,
    entry: Entry,
    text: Written,
    target: str | None,
    operation: str,
    actor: Actor,
    context: Context,
    *,
    detail: str | None = None,
) -> Written:
    text.status = target or text.status
    if text in session:
        texts.touch(entry, text, actor, context)
    audit.of_entry(session, context, actor, operation, entry, detail)
    session.flush()
    return text
