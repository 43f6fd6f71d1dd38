"""`kennis mail`, `kennis review due`, and mail among the duties of a worker: real processes, a real mail server."""

import json
import signal
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope
from sqlalchemy import select, update

from kennis import clock
from kennis.content import entries
from kennis.mail.queue import queue
from kennis.store import Store
from kennis.store.models import Entry
from kennis.store.people import Account, Mail, Reminder
from tests import databases, mail_server
from tests.mail_server import Post
from tests.unit.cli import program
from tests.unit.cli.program import invoke, looks_like_one_sentence, refuse, run, succeed
from tests.unit.content.desk import AUTHOR, CONTEXT, WORKER, a_draft, bring_to_review, published
from tests.unit.mail.people import an_account
from tests.waiting import PATIENCE, wait_until

CANARY = "kanarie"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    succeed(tmp_path, "db", "upgrade")
    return tmp_path


@pytest.fixture
def opened(data: Path) -> Iterator[Store]:
    store = databases.of_commands(data)
    yield store
    store.close()


def url(port: int) -> str:
    return f"smtp://127.0.0.1:{port}"


def given(store: Store, *names: str) -> datetime:
    """Since when it waits: now by the clock that commands ask, for they give up what waits for too many days."""
    moment = clock.now()
    with store.transaction() as session:
        for name in names:
            an_account(session, name)
            queue(session, name, f"Kennis {CANARY}", f"{CANARY}\n", moment)
    return moment


def waiting(store: Store) -> int:
    with store.reading() as session:
        return len(session.scalars(select(Mail.id)).all())


def test_mail_is_sent_and_the_queue_told_without_a_name(data: Path, opened: Store) -> None:
    day = clock.today(given(opened, "anna", "bert"))
    assert succeed(data, "mail", "status").splitlines() == ["sending  off", "waiting  2", f"oldest   {day}"]
    post = Post()
    with mail_server.serving(post) as port:
        assert succeed(data, "mail", "send", KENNIS_SMTP_URL=url(port)) == "Sent: 2; given up: 0.\n"
    assert len(post.got) == 2
    told = succeed(data, "mail", "status", KENNIS_SMTP_URL=url(port))
    assert told.splitlines() == ["sending  on", "waiting  0", "oldest   -"]


def test_what_did_not_go_is_told_in_a_sentence(data: Path, opened: Store) -> None:
    given(opened, "anna")
    with mail_server.serving(Post(to_recipient="450 4.2.1 ADDRESS is full")) as port:
        result = invoke(data, "mail", "send", KENNIS_SMTP_URL=url(port))
    assert result.exit_code == 2
    assert result.stdout.splitlines() == [
        "Sent: 0; given up: 0.", "Not everything went (SMTPRecipientsRefused 450).",
    ]  # fmt: skip
    told = succeed(data, "mail", "status")
    assert "SMTPRecipientsRefused 450  1" in told
    assert "anna" not in result.output + told


@pytest.mark.parametrize("arguments", [("send",), ("test", "anna@veld.example")])
def test_without_a_mail_server_the_setting_is_named(data: Path, arguments: tuple[str, ...]) -> None:
    told = refuse(data, "mail", *arguments)
    assert "KENNIS_SMTP_URL" in told
    assert looks_like_one_sentence(told)


def test_a_trial_says_at_once_what_the_server_does(data: Path) -> None:
    post = Post()
    with mail_server.serving(post) as port:
        assert "took the mail" in succeed(data, "mail", "test", "anna@veld.example", KENNIS_SMTP_URL=url(port))
        post.to_recipient = "550 5.1.1 no ADDRESS here"
        told = refuse(data, "mail", "test", "anna@veld.example", KENNIS_SMTP_URL=url(port))
        assert "SMTPRecipientsRefused 550" in told
        assert "anna" not in told
        assert "no e-mail address" in refuse(data, "mail", "test", "anna", KENNIS_SMTP_URL=url(port))
    (message,) = post.messages
    assert message["To"] == "anna@veld.example"
    assert "ConnectionRefusedError" in refuse(data, "mail", "test", "a@veld.example", KENNIS_SMTP_URL=url(port))


@pytest.mark.parametrize("wrong", ["http://mail.example", "mail.example", "smtp://", "smtp://mail.example:0"])
def test_a_setting_that_is_no_mail_server_is_told(data: Path, wrong: str) -> None:
    told = refuse(data, "mail", "status", KENNIS_SMTP_URL=wrong)
    assert "KENNIS_SMTP_URL" in told
    assert looks_like_one_sentence(told)


def test_the_doctor_tries_the_mail_server_and_looks_further(data: Path) -> None:
    def lines(port: int) -> str:
        return invoke(data, "doctor", KENNIS_SMTP_URL=url(port) if port else "").output

    assert "KENNIS_SMTP_URL is empty" in lines(0)
    post = Post()
    with mail_server.serving(post) as port:
        assert f"ok     127.0.0.1 port {port}" in lines(port)
    assert post.got == []
    told = lines(port)
    assert f"127.0.0.1 port {port} does not let Kennis in (ConnectionRefusedError)" in told
    assert "\nindex " in told


def test_what_is_due_is_listed_with_who_is_told(data: Path, opened: Store) -> None:
    with opened.transaction() as session:
        an_account(session, "author")
        an_account(session, "editor", "editor")
        method = published(session, title="Veilig samen verder").id
        story = published(session, "story", title=f"De {CANARY}").id
    assert succeed(data, "review", "due", "--on", "2026-11-25") == "Nothing is due.\n"
    table = succeed(data, "review", "due", "--on", "2028-11-24")
    assert table.split() == [
        "2028-11-24", "review-due", "method", method, "Veilig", "samen", "verder", "author@veld.example,",
        "editor@veld.example",
    ]  # fmt: skip
    given = succeed(data, "review", "due", "--on", "2031-11-24", "--format", "ndjson")
    found = {line["id"]: line for line in map(json.loads, given.splitlines())}
    assert found[story] == {
        "dueOn": "2031-11-24", "about": "review-due", "id": story, "kind": "story", "title": None,
        "for": ["editor@veld.example"],
    }  # fmt: skip
    assert found[method]["about"] == "unanswered"
    for_author = succeed(data, "review", "due", "--on", "2028-11-24", "--for", "Author@veld.example")
    assert for_author == table
    assert succeed(data, "review", "due", "--on", "2028-11-24", "--for", "author") == table
    assert "Nothing" in succeed(data, "review", "due", "--on", "2029-11-24", "--for", "author@veld.example")


def test_what_came_back_is_listed_as_long_as_it_lies_with_its_author(data: Path, opened: Store) -> None:
    with opened.transaction() as session:
        an_account(session, AUTHOR.id)
        draft = bring_to_review(session, a_draft(session, title="Samen aan tafel"))
        entries.return_(session, draft.id, "practice", "Beschrijf de stappen beter.", WORKER, CONTEXT)
        draft_id = draft.id
    given = succeed(data, "review", "due", "--on", "2026-12-01", "--for", AUTHOR.id, "--format", "ndjson")
    assert json.loads(given) == {
        "dueOn": CONTEXT.today.isoformat(), "about": "returned", "id": draft_id, "kind": "method",
        "title": "Samen aan tafel", "for": [f"{AUTHOR.id}@veld.example"],
    }  # fmt: skip
    with opened.transaction() as session:
        session.execute(update(Reminder).values(mailed_on="2026-11-25"))
    assert draft_id in succeed(data, "review", "due", "--on", "2026-12-01", "--for", AUTHOR.id)
    with opened.transaction() as session:
        entries.submit(session, draft_id, AUTHOR, CONTEXT)
    assert "Nothing" in succeed(data, "review", "due", "--on", "2026-12-01", "--for", AUTHOR.id)


def test_what_is_asked_wrongly_is_told(data: Path) -> None:
    assert "There is no such account" in refuse(data, "review", "due", "--for", "niemand@veld.example")
    assert "is not a day" in refuse(data, "review", "due", "--on", "24-11-2026")


def test_refresh_makes_the_mail_when_there_is_a_mail_server(data: Path, opened: Store) -> None:
    with opened.transaction() as session:
        an_account(session, "editor", "editor")
        entry_id = published(session).id
        session.execute(update(Entry).where(Entry.id == entry_id).values(review_due="2026-01-01"))
    assert "reminders: 1; mails: 0" in succeed(data, "refresh")
    assert "reminders: 0; mails: 1" in succeed(data, "refresh", KENNIS_SMTP_URL="smtp://127.0.0.1:9")
    assert waiting(opened) == 1


@pytest.mark.slow
@pytest.mark.req("V36")
def test_a_worker_sends_what_waits_and_its_log_names_nobody(data: Path, opened: Store) -> None:
    given(opened, "anna", "bert")
    with opened.transaction() as session:
        session.execute(update(Account).where(Account.id == "bert").values(email=f"{CANARY}@veld.example"))
    refused = {"anna@veld.example": mail_server.ACCEPTED}
    post = Post(answer=lambda envelope: refused.get(envelope.rcpt_tos[0], f"554 ADDRESS {CANARY}"))
    with mail_server.serving(post) as port:
        process = program.start(data, "worker", KENNIS_SMTP_URL=url(port), **program.PRODUCTION)
        wait_until(lambda: len(post.was_safe) == 2 or process.poll() is not None, "the mails")
        wait_until(lambda: waiting(opened) == 1 or process.poll() is not None, "the erasing")
        process.send_signal(signal.SIGTERM)
        _, printed = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, printed
    events = {event["event"]: event for event in map(json.loads, printed.splitlines())}
    assert events["mail was sent"]["mails"] == 1
    assert events["mail waits"]["reason"] == "SMTPDataError 554"
    for word in (CANARY.encode(), b"veld.example", b"anna"):
        assert word not in printed


@pytest.mark.slow
def test_a_sender_killed_before_it_erased_doubles_one_mail(data: Path, opened: Store) -> None:
    """Killed when the mail server has the second of three mails, and before it says so."""
    given(opened, "anna", "bert", "carla")
    running: list[subprocess.Popen[bytes]] = []

    def answer(envelope: Envelope) -> str:
        if running and envelope.rcpt_tos == ["bert@veld.example"]:
            program.kill(running.pop())
        return mail_server.ACCEPTED

    post = Post(answer=answer)
    with mail_server.serving(post) as port:
        running.append(program.start(data, "mail", "send", KENNIS_SMTP_URL=url(port)))
        wait_until(lambda: len(post.got) == 2, "the second mail")
        assert waiting(opened) == 2
        with opened.transaction() as session:
            session.execute(update(Mail).values(next_try_at="2026-01-01T00:00:00Z"))
        assert b"Sent: 2" in run(data, "mail", "send", KENNIS_SMTP_URL=url(port)).stdout
    assert waiting(opened) == 0
    assert [envelope.rcpt_tos[0].partition("@")[0] for envelope in post.got] == ["anna", "bert", "bert", "carla"]
    assert len({message["Message-ID"] for message in post.messages}) == 3
