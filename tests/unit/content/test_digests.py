"""What is remembered of reminders, and the one mail a week that comes of it."""

from typing import Any

import pytest
from sqlalchemy import delete, event, select, update

from kennis.content import digests, entries, refreshing, reminding
from kennis.content.context import Context
from kennis.mail.sending import Sender
from kennis.mail.smtp import Server
from kennis.store import Store
from kennis.store.models import Entry
from kennis.store.people import Account, Mail, Reminder
from tests.factories import make_recognition
from tests.mail_server import HOST
from tests.unit.content.desk import (
    ADMIN,
    AUTHOR,
    CONTEXT,
    EDITOR,
    SECOND,
    WORKER,
    a_document,
    a_draft,
    bring_to_review,
    later,
    published,
)
from tests.unit.mail.people import an_account
from tools.ports import free_port

# A month before the check date of what is published today, and what follows from it.
SOON, NOW_DUE, LONG_DUE = later(700), later(731), later(830)


@pytest.fixture
def desk(store: Store) -> Store:
    """An editor, a reviewer and an author with accounts."""
    with store.transaction() as session:
        an_account(session, EDITOR.id, "editor")
        an_account(session, WORKER.id, "reviewer")
        an_account(session, AUTHOR.id)
    return store


def a_text(store: Store, kind: str = "method", **overrides: Any) -> str:
    with store.transaction() as session:
        return published(session, kind, **overrides).id


def rows(store: Store) -> list[tuple[str, str, str | None]]:
    with store.reading() as session:
        wanted = select(Reminder).order_by(Reminder.account_id, Reminder.about, Reminder.entry_id)
        return [(r.account_id, r.about, r.mailed_on) for r in session.scalars(wanted)]


def mails(store: Store) -> dict[str, Mail]:
    with store.reading() as session:
        return {mail.account_id: mail for mail in session.scalars(select(Mail))}


def refresh(store: Store, context: Context) -> tuple[int, int]:
    done = refreshing.refresh(store, context, is_mailing=True)
    return done.reminded, done.digests


def test_what_is_due_is_written_once(desk: Store) -> None:
    a_text(desk)
    assert reminding.note(desk, SOON) == 1
    assert reminding.note(desk, SOON) == 0
    assert rows(desk) == [(AUTHOR.id, "review-soon", None)]


def test_what_was_not_mailed_and_holds_no_more_is_dropped(desk: Store) -> None:
    entry_id = a_text(desk)
    reminding.note(desk, NOW_DUE)
    assert rows(desk) == [(AUTHOR.id, "review-due", None), (EDITOR.id, "review-due", None)]
    with desk.transaction() as session:
        entries.confirm(session, entry_id, EDITOR, NOW_DUE)
    assert reminding.note(desk, NOW_DUE) == 0
    assert rows(desk) == []


def test_what_is_erased_is_not_remembered(desk: Store) -> None:
    entry_id = a_text(desk)
    reminding.note(desk, SOON)
    with desk.transaction() as session:
        entries.withdraw(session, entry_id, ADMIN, SOON)
    assert rows(desk) == []


def test_who_may_not_log_in_any_more_is_not_told(desk: Store) -> None:
    a_text(desk)
    reminding.note(desk, NOW_DUE)
    with desk.transaction() as session:
        session.execute(update(Account).where(Account.id == AUTHOR.id).values(is_disabled=True))
    reminding.note(desk, NOW_DUE)
    assert rows(desk) == [(EDITOR.id, "review-due", None)]


def test_a_later_stage_takes_the_place_of_one_that_was_not_mailed(desk: Store) -> None:
    a_text(desk)
    reminding.note(desk, SOON)
    reminding.note(desk, LONG_DUE)
    assert rows(desk) == [(EDITOR.id, "unanswered", None)]


def test_what_was_told_two_years_ago_and_still_holds_is_told_again(desk: Store) -> None:
    a_text(desk)
    refresh(desk, LONG_DUE)
    assert [mailed for *_, mailed in rows(desk)] == [LONG_DUE.today.isoformat()]
    reminding.note(desk, later(830 + 720))
    assert [mailed for *_, mailed in rows(desk)] == [LONG_DUE.today.isoformat()]
    reminding.note(desk, later(830 + 740))
    assert reminding.note(desk, later(830 + 741)) == 1


def test_a_person_gets_one_mail_with_everything(desk: Store) -> None:
    a_text(desk, title="Veilig samen verder")
    a_text(desk, title="Samen aan tafel")
    assert refresh(desk, NOW_DUE) == (4, 2)
    found = mails(desk)
    assert found.keys() == {AUTHOR.id, EDITOR.id}
    assert found[AUTHOR.id].subject == "Kennis: 2 teksten vragen uw aandacht"
    for title in ("Veilig samen verder", "Samen aan tafel"):
        assert title in found[AUTHOR.id].body
    assert refresh(desk, NOW_DUE) == (0, 0)


def test_the_next_mail_comes_a_week_later_and_only_with_what_is_new(desk: Store) -> None:
    a_text(desk, title="Veilig samen verder")
    refresh(desk, NOW_DUE)
    with desk.transaction() as session:
        session.execute(delete(Mail))
        draft = a_draft(session, title="Samen aan tafel")
        entries.submit(session, draft.id, EDITOR, NOW_DUE)
        entries.return_(session, draft.id, "practice", "Beschrijf de stappen beter.", WORKER, NOW_DUE)
    assert refresh(desk, later(737)) == (0, 0)
    assert mails(desk) == {}
    assert refresh(desk, later(738)) == (0, 1)
    (mail,) = mails(desk).values()
    assert mail.account_id == AUTHOR.id
    assert mail.subject == "Kennis: 1 tekst vraagt uw aandacht"
    assert "Samen aan tafel" in mail.body
    assert "Veilig samen verder" not in mail.body


def test_without_a_mail_server_reminders_wait_for_one(desk: Store) -> None:
    a_text(desk)
    assert refreshing.refresh(desk, NOW_DUE).digests == 0
    assert mails(desk) == {}
    assert refresh(desk, later(760)) == (0, 2)


def test_a_mail_says_what_to_do_and_where(desk: Store) -> None:
    entry_id = a_text(
        desk,
        title="Veilig samen verder",
        sources=[{"title": "Een databank", "kind": "database", "url": "https://bron.example/"}],
        recognitions=[make_recognition(awarded="2022", validUntil="2027-01-01")],
    )
    refresh(desk, NOW_DUE)
    resource = f"https://kennis.example/v1/methods/{entry_id}"
    assert mails(desk)[AUTHOR.id].body == (
        "Goedendag,\n\n"
        "Kennis vraagt uw aandacht voor deze teksten.\n\n"
        "Dit moet nu worden gecontroleerd. Klopt het nog?\n\n"
        "- Veilig samen verder\n"
        "  Lezen: https://kennis.example/methodes/veilig-samen-verder\n"
        f"  Klopt nog: https://kennis.example/account/nakijken#t-{entry_id}\n"
        f"  Wijzigen: {resource}\n\n"
        "De termijn van een erkenning is voorbij. Wat is de stand nu?\n\n"
        "- Veilig samen verder\n"
        "  Lezen: https://kennis.example/methodes/veilig-samen-verder\n"
        f"  Wijzigen: {resource}\n\n"
        "U krijgt deze mail omdat u een account hebt bij Kennis, hoogstens één keer per week.\n\n"
        "https://kennis.example\n"
    )


def test_of_a_story_a_mail_holds_the_id_only(desk: Store) -> None:
    with desk.transaction() as session:
        entry = published(session, "story", title="Kanarie in de kooi", pseudonym="Kanarie")
        entry_id = entry.id
        draft = a_draft(session, "story", title="Kanarie onder weg")
        bring_to_review(session, draft)
        entries.return_(session, draft.id, "editorial", "Een kanarie te veel.", EDITOR, CONTEXT)
    refresh(desk, later(60 * 31))
    found = mails(desk)
    assert found.keys() == {EDITOR.id}
    lines = found[EDITOR.id].body.splitlines()
    assert f"- {entry_id}" in lines
    assert not [line for line in lines if "kanarie" in line.casefold() or "verhalen" in line or "stories" in line]


def test_too_much_is_told_in_parts(desk: Store) -> None:
    with desk.transaction() as session:
        for number in range(digests.MOST + 3):
            published(session, title=f"Tekst {number:02}")
    assert refresh(desk, NOW_DUE)[1] == 2
    body = mails(desk)[EDITOR.id].body
    assert body.count("Lezen:") == digests.MOST
    assert "Er zijn nog 3 meldingen." in body
    with desk.transaction() as session:
        session.execute(delete(Mail))
    assert refresh(desk, later(738))[1] == 2
    assert mails(desk)[EDITOR.id].body.count("Lezen:") == 3


def test_a_track_that_waits_is_told_to_reviewer_and_editor_and_then_may_be_passed(desk: Store) -> None:
    with desk.transaction() as session:
        draft = a_draft(session, title="Samen aan tafel", targetGroups=["gezin"])
        entries.submit(session, draft.id, EDITOR, CONTEXT)
    refresh(desk, later(14))
    worker = mails(desk)[WORKER.id].body
    assert "Dit wacht op een oordeel: Praktijk." in worker
    assert "Redactie" not in worker
    assert "Dit wacht op een oordeel: Redactie." in mails(desk)[EDITOR.id].body
    with desk.transaction() as session:
        session.execute(delete(Mail))
    refresh(desk, later(30))
    assert (
        "Dit wacht al een maand op een oordeel: Praktijk. De redactie mag nu zonder dit oordeel verder."
        in mails(desk)[WORKER.id].body
    )
    assert "een oordeel: Redactie.\n" in mails(desk)[EDITOR.id].body


def test_the_author_hears_of_a_return_until_it_was_answered(desk: Store) -> None:
    with desk.transaction() as session:
        draft = bring_to_review(session, a_draft(session))
        entries.return_(session, draft.id, "practice", "Beschrijf de stappen beter.", WORKER, CONTEXT)
        draft_id = draft.id
    reminding.note(desk, CONTEXT)
    assert rows(desk) == [(AUTHOR.id, "returned", None)]
    with desk.transaction() as session:
        entries.submit(session, draft_id, AUTHOR, CONTEXT)
    reminding.note(desk, CONTEXT)
    assert rows(desk) == []


def test_the_author_hears_of_a_rejection_and_of_its_return_to_draft(desk: Store) -> None:
    with desk.transaction() as session:
        draft = bring_to_review(session, a_draft(session))
        entries.reject(session, draft.id, "duplicate", "Dit staat er al, elders.", EDITOR, CONTEXT)
    assert rows(desk) == [(AUTHOR.id, "rejected", None)]
    with desk.transaction() as session:
        entries.restore(session, draft.id, EDITOR, later(1))
    assert rows(desk) == [(AUTHOR.id, "rejected", None), (AUTHOR.id, "reopened", None)]
    refresh(desk, later(1))
    assert "Een nieuwe tekst blijft 12 maanden bewaard, een wijziging niet." in mails(desk)[AUTHOR.id].body


def reject_a_copy(desk: Store) -> None:
    with desk.transaction() as session:
        entry = published(session, title="Veilig samen verder")
        changed = a_document(session, "method", title="Veiliger samen verder")
        entries.revise(session, entry.id, changed, AUTHOR, CONTEXT)
        entries.submit(session, entry.id, EDITOR, CONTEXT, copy=True)
        entries.reject(session, entry.id, "duplicate", "Dit staat er al, elders.", EDITOR, CONTEXT, copy=True)


def test_the_author_hears_of_a_rejected_working_copy(desk: Store) -> None:
    reject_a_copy(desk)
    assert rows(desk) == [(AUTHOR.id, "rejected", None)]
    refresh(desk, CONTEXT)
    body = mails(desk)[AUTHOR.id].body
    assert "een wijziging niet." in body
    assert "Het blijft" not in body


def test_a_mail_about_what_is_not_public_leads_to_the_page_for_who_is_logged_in(desk: Store) -> None:
    with desk.transaction() as session:
        draft = bring_to_review(session, a_draft(session, title="Samen aan tafel"))
        entries.return_(session, draft.id, "practice", "Beschrijf de stappen beter.", WORKER, CONTEXT)
        draft_id = draft.id
    refresh(desk, CONTEXT)
    body = mails(desk)[AUTHOR.id].body
    assert f"- Samen aan tafel\n  Bekijken: https://kennis.example/account/nakijken#t-{draft_id}\n" in body
    assert "/v1/" not in body


def shown(store: Store, account_id: str, context: Context = CONTEXT) -> list[str]:
    """What the page says, and what the command says of this account as well."""
    with store.reading() as session:
        on_page = reminding.of_account(session, account_id, context.today)
    listed = [one for one in reminding.find(store, context.today) if account_id in one.told]
    assert {(one.due, one.facts.id) for one in on_page} == {(one.due, one.facts.id) for one in listed}
    return sorted(one.due.about for one in on_page)


def mailed(store: Store, context: Context = CONTEXT) -> None:
    refresh(store, context)
    assert all(mailed_on for *_, mailed_on in rows(store))


def test_what_came_back_is_shown_until_it_is_sent_in_again(desk: Store) -> None:
    with desk.transaction() as session:
        draft = bring_to_review(session, a_draft(session))
        entries.return_(session, draft.id, "practice", "Beschrijf de stappen beter.", WORKER, CONTEXT)
        draft_id = draft.id
    assert shown(desk, AUTHOR.id) == ["returned"]
    assert shown(desk, EDITOR.id) == []
    mailed(desk)
    assert shown(desk, AUTHOR.id, later(400)) == ["returned"]
    assert reminding.note(desk, CONTEXT) == 0, "what is shown is not told anew"
    with desk.transaction() as session:
        entries.submit(session, draft_id, AUTHOR, CONTEXT)
    assert shown(desk, AUTHOR.id) == []


def test_what_was_rejected_is_shown_until_it_is_a_draft_again(desk: Store) -> None:
    with desk.transaction() as session:
        draft = bring_to_review(session, a_draft(session))
        entries.reject(session, draft.id, "duplicate", "Dit staat er al, elders.", EDITOR, CONTEXT)
        draft_id = draft.id
    assert shown(desk, AUTHOR.id) == ["rejected"]
    with desk.transaction() as session:
        entries.restore(session, draft_id, EDITOR, later(1))
    assert shown(desk, AUTHOR.id) == [], "not yet on the day before"
    assert shown(desk, AUTHOR.id, later(1)) == ["reopened"]
    with desk.transaction() as session:
        entries.submit(session, draft_id, AUTHOR, later(2))
    assert shown(desk, AUTHOR.id, later(2)) == []


def test_a_rejected_working_copy_leaves_nothing_to_do_and_is_shown_for_a_month(desk: Store) -> None:
    reject_a_copy(desk)
    mailed(desk)
    assert shown(desk, AUTHOR.id, later(31)) == ["rejected"]
    assert shown(desk, AUTHOR.id, later(32)) == []


@pytest.mark.parametrize("change", [{"is_disabled": True}, {"role": "reviewer"}])
def test_of_a_story_nobody_sees_what_happened_who_may_not_any_more(desk: Store, change: dict[str, Any]) -> None:
    with desk.transaction() as session:
        an_account(session, SECOND.id, "editor")
        draft = bring_to_review(session, a_draft(session, "story", title="Kanarie onder weg"))
        entries.return_(session, draft.id, "editorial", "Een kanarie te veel.", SECOND, CONTEXT)
    assert shown(desk, EDITOR.id) == ["returned"]
    with desk.transaction() as session:
        session.execute(update(Account).where(Account.id == EDITOR.id).values(**change))
    assert shown(desk, EDITOR.id) == []


def test_who_owned_a_text_that_is_not_public_sees_it_no_more(desk: Store) -> None:
    with desk.transaction() as session:
        draft = bring_to_review(session, a_draft(session))
        draft.owned_by = WORKER.id
        entries.return_(session, draft.id, "practice", "Beschrijf de stappen beter.", EDITOR, CONTEXT)
        draft_id = draft.id
    assert shown(desk, WORKER.id) == ["returned"]
    with desk.transaction() as session:
        session.execute(update(Entry).where(Entry.id == draft_id).values(owned_by=None))
    assert shown(desk, WORKER.id) == []
    assert shown(desk, AUTHOR.id) == ["returned"]


def test_a_long_mail_is_made_with_few_questions_to_the_database(desk: Store) -> None:
    with desk.transaction() as session:
        for number in range(20):
            published(session, title=f"Tekst {number:02}")
    reminding.note(desk, SOON)
    asked: list[str] = []

    def count(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        asked.append(statement)

    event.listen(desk.engine, "before_cursor_execute", count)
    assert digests.queue_all(desk, SOON) == 1
    event.remove(desk.engine, "before_cursor_execute", count)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) < 10
    assert {mailed for *_, mailed in rows(desk)} == {SOON.today.isoformat()}


def test_who_acts_on_an_own_text_is_not_told_by_mail(desk: Store) -> None:
    with desk.transaction() as session:
        draft = a_draft(session, actor=EDITOR)
        entries.submit(session, draft.id, EDITOR, CONTEXT)
        entries.reject(session, draft.id, "duplicate", "Dit staat er al, elders.", EDITOR, CONTEXT)
    assert rows(desk) == []


def test_an_erased_text_is_in_no_mail_that_still_waits(desk: Store) -> None:
    gone, kept = a_text(desk, title="Kanarie in de kooi"), a_text(desk, title="Samen aan tafel")
    refresh(desk, NOW_DUE)
    assert "Kanarie" in mails(desk)[AUTHOR.id].body
    with desk.transaction() as session:
        entries.withdraw(session, gone, ADMIN, NOW_DUE)
    assert mails(desk) == {}
    refresh(desk, NOW_DUE)
    body = mails(desk)[AUTHOR.id].body
    assert "Kanarie" not in body
    assert kept in body


def test_what_stood_in_a_mail_that_never_went_is_told_in_the_next(desk: Store) -> None:
    a_text(desk)
    refresh(desk, NOW_DUE)
    day = NOW_DUE.today.isoformat()
    with desk.transaction() as session:
        session.execute(delete(Mail).where(Mail.account_id == EDITOR.id))
        digests.tell_again(session, EDITOR.id, day)
    assert rows(desk) == [(AUTHOR.id, "review-due", day), (EDITOR.id, "review-due", None)]
    assert refresh(desk, later(737)) == (0, 0)
    assert refresh(desk, later(738)) == (0, 1)
    assert mails(desk).keys() == {AUTHOR.id, EDITOR.id}


def test_who_is_enabled_again_is_told_what_was_not_mailed_meanwhile(desk: Store) -> None:
    """Nothing of it stays told: `lost` is asked of every mail that did not go."""
    a_text(desk)
    refresh(desk, NOW_DUE)
    author = update(Account).where(Account.id == AUTHOR.id)
    with desk.transaction() as session:
        session.execute(author.values(is_disabled=True))
    server = Server(HOST, free_port(), False, "", "", "kennis@kennis.example", None, patience=5.0)
    Sender(desk, server, lambda: NOW_DUE.now, digests.tell_again).send()
    assert mails(desk).keys() == {EDITOR.id}
    reminding.note(desk, later(732))
    with desk.transaction() as session:
        session.execute(author.values(is_disabled=False))
    assert refresh(desk, later(738)) == (1, 1)
    assert AUTHOR.id in mails(desk)


def test_a_mail_that_could_not_be_stored_leaves_its_reminders_for_the_next_day(desk: Store) -> None:
    a_text(desk)
    reminding.note(desk, NOW_DUE)

    def refuse(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("UPDATE accounts"):
            raise ConnectionError("as if the disk were full")

    event.listen(desk.engine, "before_cursor_execute", refuse)
    with pytest.raises(ConnectionError):
        digests.queue_all(desk, NOW_DUE)
    event.remove(desk.engine, "before_cursor_execute", refuse)
    assert mails(desk) == {}
    assert {mailed for *_, mailed in rows(desk)} == {None}
    assert digests.queue_all(desk, NOW_DUE) == 2
