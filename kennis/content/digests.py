"""The weekly mail: everything a person is to be told, in one. Title and link only, and of a story only its id (G11).

A person, what was told and the mail itself change in one transaction: nothing is told twice, and nothing is lost.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from kennis.content import reminders, reminding
from kennis.content.addresses import name_of
from kennis.content.context import Context
from kennis.content.kinds import KINDS
from kennis.content.lifecycle import PUBLIC
from kennis.content.tracks import TRACKS
from kennis.content.vocabulary import vocabularies
from kennis.mail.queue import queue
from kennis.store import Store
from kennis.store.models import Entry
from kennis.store.people import Account, Mail, Reminder

# The page with the button that confirms a text: a link that confirms would be followed by programs that look at mail.
CHECKS = "/account/nakijken"
WEEK = timedelta(days=7)
# More than a person can do in a week; the rest comes the week after (guess).
MOST = 50
# What is asked for, what to do about it, in the order in which they stand in the mail.
_HEADINGS: Mapping[str, str] = {
    reminding.RETURNED: "U kreeg dit terug. Past u het aan?",
    reminding.REJECTED: "Dit is niet aangenomen. Een nieuwe tekst blijft 12 maanden bewaard, een wijziging niet.",
    reminding.REOPENED: "Dit is weer een concept. U kunt eraan verder schrijven.",
    reminders.UNANSWERED: "Dit wacht al drie maanden op controle. Klopt het nog?",
    reminders.REVIEW_DUE: "Dit moet nu worden gecontroleerd. Klopt het nog?",
    reminders.REVIEW_SOON: "Dit moet binnenkort worden gecontroleerd. Klopt het nog?",
    reminders.RECOGNITION_ENDED: "De termijn van een erkenning is voorbij. Wat is de stand nu?",
    reminders.RECOGNITION_ENDING: "De termijn van een erkenning loopt af. Hoe gaat het verder?",
    reminders.FOLLOW_UP: "Het vervolg hierop zou er nu zijn. Wat is ervan gekomen?",
    reminders.TRACK_WAITS_LONG: "Dit wacht al een maand op een oordeel: {track}.",
    reminders.TRACK_WAITS: "Dit wacht op een oordeel: {track}.",
}
_MAY_BE_PASSED = "De redactie mag nu zonder dit oordeel verder."
CONFIRMED = frozenset({reminders.UNANSWERED, reminders.REVIEW_DUE, reminders.REVIEW_SOON})
_GREETING = "Goedendag,\n\nKennis vraagt uw aandacht voor deze teksten."
_MORE = "Er zijn nog {number} meldingen. Die komen in de mail van volgende week."
_END = "U krijgt deze mail omdat u een account hebt bij Kennis, hoogstens één keer per week.\n\n{address}"


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the mail: a cause and the entry it is about."""

    about: str
    entry_id: str
    kind: str
    slug: str
    status: str
    title: str


def queue_all(store: Store, context: Context) -> int:
    """For everybody who had none this week and is to be told something; how many mails that were."""
    with store.reading() as session:
        ids = list(session.scalars(select(Account.id).where(*_is_next(context)).order_by(Account.id)))
    return sum(store.write(partial(_queue, account_id=account_id, context=context)) for account_id in ids)


def _is_next(context: Context) -> tuple[ColumnElement[bool], ...]:
    week_ago = (context.today - WEEK).isoformat()
    unmailed = select(Reminder.account_id).where(Reminder.account_id == Account.id, Reminder.mailed_on.is_(None))
    return ~Account.is_disabled, or_(Account.digest_on.is_(None), Account.digest_on <= week_ago), unmailed.exists()


def _queue(session: Session, *, account_id: str, context: Context) -> int:
    account = session.scalar(select(Account).where(Account.id == account_id, *_is_next(context)))
    if account is None:
        # Another machine was first.
        return 0
    today = context.today.isoformat()
    number = _number(session, account_id)
    told = _tell(session, account_id, today)
    queue(session, account_id, subject(told), body(told, number - len(told), context.public_url), context.now)
    account.digest_on = today
    return 1


def _tell(session: Session, account_id: str, today: str) -> list[Told]:
    """What stands in the mail of today, in its order; the oldest where there is too much."""
    wanted = (
        select(Reminder, Entry)
        .join(Entry, Entry.id == Reminder.entry_id)
        .where(Reminder.account_id == account_id, Reminder.mailed_on.is_(None))
        .order_by(Reminder.due_on, Reminder.entry_id, Reminder.about)
        .limit(MOST)
    )
    found = []
    for row, entry in session.execute(wanted):
        row.mailed_on = today
        found.append(Told(row.about, entry.id, entry.kind, entry.slug, entry.status, entry.content["title"]))
    order = {about: place for place, about in enumerate(_HEADINGS)}
    return sorted(found, key=lambda one: (order[_cause(one)], one.about, one.title.casefold(), one.entry_id))


def _number(session: Session, account_id: str) -> int:
    wanted = select(func.count()).where(Reminder.account_id == account_id, Reminder.mailed_on.is_(None))
    return session.scalar(wanted) or 0


def subject(told: Iterable[Told]) -> str:
    number = len({one.entry_id for one in told})
    return "Kennis: 1 tekst vraagt uw aandacht" if number == 1 else f"Kennis: {number} teksten vragen uw aandacht"


def body(told: Iterable[Told], left: int, public_url: str) -> str:
    parts = [_GREETING]
    heading = ""
    for one in told:
        if (above := question(one.about)) != heading:
            heading = above
            parts.append(heading)
        parts.append("\n".join(_lines(one, public_url)))
    if left:
        parts.append(_MORE.format(number=left))
    return "\n\n".join([*parts, _END.format(address=public_url)]) + "\n"


def _cause(one: Told) -> str:
    return one.about.partition(".")[0]


def question(about: str) -> str:
    """What is asked, in words for the person who is reminded."""
    cause, _, track = about.partition(".")
    if not track:
        return _HEADINGS[cause]
    told = _HEADINGS[cause].format(track=vocabularies()["review-tracks"].label(track, "nl"))
    may_be_passed = cause == reminders.TRACK_WAITS_LONG and not TRACKS[track].is_needed
    return f"{told} {_MAY_BE_PASSED}" if may_be_passed else told


def _lines(one: Told, public_url: str) -> Iterator[str]:
    kind = KINDS[one.kind]
    if kind.is_entrusted:
        yield f"- {one.entry_id}"
        return
    yield f"- {one.title}"
    here = f"{public_url}{CHECKS}#t-{one.entry_id}"
    if one.status not in PUBLIC:
        # Only who asks with a key may read it under /v1, and a mail is opened in a browser.
        yield f"  Bekijken: {here}"
        return
    yield f"  Lezen: {public_url}/{kind.page}/{name_of(one.kind, one.entry_id, one.slug)}"
    if _cause(one) in CONFIRMED:
        yield f"  Klopt nog: {here}"
    yield f"  Wijzigen: {public_url}/v1/{kind.collection}/{one.entry_id}"


def tell_again(session: Session, account_id: str, made_on: str) -> None:
    """The mail of that day never went: what stood in it is for the next one, if it still holds."""
    told = (Reminder.account_id == account_id, Reminder.mailed_on == made_on)
    session.execute(update(Reminder).where(*told).values(mailed_on=None))


def take_back(session: Session, entry_id: str) -> None:
    """For an entry that is erased: an unsent mail that names it goes, and what else stood in it is told anew."""
    named = select(Mail).where(Mail.body.contains(entry_id))
    for mail in session.scalars(named).all():
        tell_again(session, mail.account_id, mail.made_on)
        session.execute(update(Account).where(Account.id == mail.account_id).values(digest_on=None))
        session.delete(mail)
    session.flush()
