"""From the queue to a real mail server on loopback: what goes, what waits, what is given up, and what is told of it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope
from sqlalchemy import event, select, update

from kennis.mail import queue
from kennis.mail.sending import FIRST_PAUSE, LONGEST_PAUSE, Sender, Sent
from kennis.mail.smtp import Server
from kennis.store import Store
from kennis.store.people import Account, Mail
from tests import mail_server
from tests.mail_server import HOST, Post
from tests.unit.mail.people import Clock, an_account
from tests.waiting import wait_until
from tools.ports import free_port

SUBJECT = "Kennis: 1 tekst vraagt uw aandacht"
BODY = "Beste collega,\n\nKlopt dit nog? Een één-regel met ‘aanhaling’.\n.\nEen punt alleen hierboven.\n"
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding",
    "MIME-Version",
}  # fmt: skip


@pytest.fixture
def clock() -> Clock:
    return Clock()


def longest(_least: float, most: float) -> float:
    return most


def no_loss(*_lost: object) -> None:
    """Nobody has to know."""


def a_server(port: int, **facts: Any) -> Server:
    return replace(Server(HOST, port, False, "", "", "kennis@kennis.example", None, patience=5.0), **facts)


def a_sender(store: Store, port: int, clock: Clock, **facts: Any) -> Sender:
    return Sender(store, a_server(port, **facts), clock, no_loss, longest)


def given(store: Store, clock: Clock, *names: str, subject: str = SUBJECT) -> None:
    """A mail for each, who has an account from then on."""
    with store.transaction() as session:
        for name in names:
            if session.get(Account, name) is None:
                an_account(session, name)
            queue.queue(session, name, subject, BODY, clock())


def waiting(store: Store) -> list[Mail]:
    with store.reading() as session:
        return list(session.scalars(select(Mail).order_by(Mail.id)))


def pause(mail: Mail, clock: Clock) -> timedelta:
    return datetime.fromisoformat(mail.next_try_at) - clock()


def receivers(post: Post) -> list[str]:
    return [address for envelope in post.got for address in envelope.rcpt_tos]


def test_a_mail_arrives_whole_and_is_erased(store: Store, clock: Clock) -> None:
    given(store, clock, "anna")
    post = Post()
    with mail_server.serving(post) as port:
        assert a_sender(store, port, clock).send() == Sent(delivered=1)
    (message,) = post.messages
    assert message["To"] == "anna@veld.example"
    assert message["From"] == "Kennis <kennis@kennis.example>"
    assert message["Subject"] == SUBJECT
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == clock()
    assert message.get_content_type() == "text/plain"
    assert message.get_content().replace("\r\n", "\n") == BODY
    assert set(message.keys()) == HEADERS
    assert receivers(post) == ["anna@veld.example"]
    assert waiting(store) == []


def test_without_mail_no_server_is_spoken_to(store: Store, clock: Clock) -> None:
    assert a_sender(store, free_port(), clock).send() == Sent()


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x0b\x85\u2028", "\r\n\r\n"])
def test_nothing_in_a_subject_becomes_a_header(store: Store, clock: Clock, break_: str) -> None:
    given(store, clock, "anna", subject=f"Kop{break_}Bcc: dief@elders.example")
    post = Post()
    with mail_server.serving(post) as port:
        a_sender(store, port, clock).send()
    (message,) = post.messages
    assert set(message.keys()) == HEADERS
    assert message["Subject"] == "Kop Bcc: dief@elders.example"
    assert message.get_content().replace("\r\n", "\n") == BODY
    assert receivers(post) == ["anna@veld.example"]


@pytest.mark.parametrize(
    "address",
    ["anna@veld.example\r\nBcc: dief@elders.example", "anna@veld.example\nRCPT TO:<dief@elders.example>", "anna", "",
     "<anna@veld.example>, dief@elders.example", "anna@veld.example dief@elders.example"],
)  # fmt: skip
def test_an_address_that_is_none_is_given_up_and_holds_up_nobody(store: Store, clock: Clock, address: str) -> None:
    given(store, clock, "anna", "bert")
    with store.transaction() as session:
        session.execute(update(Account).where(Account.id == "anna").values(email=address))
    post = Post()
    with mail_server.serving(post) as port:
        done = a_sender(store, port, clock).send()
    assert (done.delivered, done.given_up) == (1, 1)
    assert receivers(post) == ["bert@veld.example"]
    assert waiting(store) == []


def test_a_disabled_account_gets_nothing(store: Store, clock: Clock) -> None:
    given(store, clock, "anna", "bert")
    with store.transaction() as session:
        session.execute(update(Account).where(Account.id == "anna").values(is_disabled=True))
    post = Post()
    with mail_server.serving(post) as port:
        assert a_sender(store, port, clock).send() == Sent(delivered=1)
    assert receivers(post) == ["bert@veld.example"]
    assert waiting(store) == []


def test_who_made_a_mail_hears_that_its_account_is_disabled(store: Store, clock: Clock) -> None:
    given(store, clock, "anna", "anna", "bert")
    with store.transaction() as session:
        session.execute(update(Account).where(Account.id == "anna").values(is_disabled=True))
    lost: list[tuple[str, str]] = []
    erasing: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("DELETE"):
            erasing.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    with mail_server.serving(Post()) as port:
        sender = Sender(store, a_server(port), clock, lambda _, account, day: lost.append((account, day)), longest)
        assert sender.send() == Sent(delivered=1)
    event.remove(store.engine, "before_cursor_execute", note)
    assert lost == [("anna", "2026-11-24"), ("anna", "2026-11-24")]
    assert len(erasing) == 3, "one for each mail"
    assert sender.send() == Sent()


def test_a_server_that_is_away_is_tried_less_and_less(store: Store, clock: Clock) -> None:
    given(store, clock, "anna", "bert")
    sender = a_sender(store, free_port(), clock)
    pauses = []
    for _ in range(10):
        assert sender.send() == Sent(failure="ConnectionRefusedError")
        assert sender.send() == Sent(), "it was asked again at once"
        (of_all,) = {pause(mail, clock) for mail in waiting(store)}
        pauses.append(of_all)
        clock.move(seconds=of_all.total_seconds())
    assert pauses[:4] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    post = Post()
    with mail_server.serving(post) as port:
        assert a_sender(store, port, clock).send() == Sent(delivered=2)


def test_a_pause_has_some_chance_in_it(store: Store, clock: Clock) -> None:
    given(store, clock, "anna")
    Sender(store, a_server(free_port()), clock, no_loss, lambda least, _most: least).send()
    assert pause(waiting(store)[0], clock) == FIRST_PAUSE / 2


def test_a_server_that_is_away_for_days_is_given_up(store: Store, clock: Clock) -> None:
    given(store, clock, "anna", "bert")
    sender = a_sender(store, free_port(), clock)
    for _ in range(3):
        assert sender.send().given_up == 0
        clock.move(days=1)
    assert len(waiting(store)) == 2
    clock.move(days=1)
    assert sender.send() == Sent(given_up=2, failure="ConnectionRefusedError")
    assert waiting(store) == []


def test_who_made_a_mail_hears_that_it_is_given_up(store: Store, clock: Clock) -> None:
    given(store, clock, "anna", "bert")
    with store.transaction() as session:
        session.execute(update(Account).where(Account.id == "anna").values(email="anna"))
    lost: list[tuple[str, str]] = []
    post = Post(to_recipient="450 later")
    with mail_server.serving(post) as port:
        sender = Sender(store, a_server(port), clock, lambda _, account, day: lost.append((account, day)), longest)
        sender.send()
        assert lost == [("anna", "2026-11-24")]
        clock.move(days=4)
        sender.send()
    assert lost == [("anna", "2026-11-24"), ("bert", "2026-11-24")]


def test_mail_that_waited_for_a_worker_is_tried_however_old_it_is(store: Store, clock: Clock) -> None:
    given(store, clock, "anna")
    clock.move(days=30)
    post = Post()
    with mail_server.serving(post) as port:
        assert a_sender(store, port, clock).send() == Sent(delivered=1)


@pytest.mark.parametrize("said", ["450 4.2.1 ADDRESS is full", "451 later"])
def test_a_server_that_says_later_is_asked_later(store: Store, clock: Clock, said: str) -> None:
    given(store, clock, "anna", "bert")
    post = Post(to_recipient=said)
    with mail_server.serving(post) as port:
        done = a_sender(store, port, clock).send()
        assert done == Sent(failure=f"SMTPRecipientsRefused {said[:3]}")
        assert [mail.failure for mail in waiting(store)] == [done.failure] * 2
        post.to_recipient = mail_server.ACCEPTED
        assert a_sender(store, port, clock).send() == Sent()
        clock.move(minutes=1)
        assert a_sender(store, port, clock).send() == Sent(delivered=2)


def test_a_mailbox_that_does_not_exist_is_given_up_after_two_days(store: Store, clock: Clock) -> None:
    given(store, clock, "anna")
    post = Post(to_recipient="550 5.1.1 no ADDRESS here")
    with mail_server.serving(post) as port:
        sender = a_sender(store, port, clock)
        assert sender.send().given_up == 0
        clock.move(days=1)
        assert sender.send().given_up == 0
        clock.move(days=1)
        assert sender.send() == Sent(given_up=1, failure="SMTPRecipientsRefused 550")
    assert waiting(store) == []


def test_one_refused_mail_does_not_keep_the_next_from_going(store: Store, clock: Clock) -> None:
    given(store, clock, "anna", "bert", "carla")

    def refuses_bert(envelope: Envelope) -> str:
        return "554 ADDRESS not today" if envelope.rcpt_tos == ["bert@veld.example"] else mail_server.ACCEPTED

    post = Post(answer=refuses_bert)
    with mail_server.serving(post) as port:
        assert a_sender(store, port, clock).send() == Sent(delivered=2, failure="SMTPDataError 554")
    assert receivers(post) == ["anna@veld.example", "carla@veld.example"]
    assert [mail.account_id for mail in waiting(store)] == ["bert"]


def test_a_server_that_hangs_up_after_the_text_gets_it_again_under_the_same_name(store: Store, clock: Clock) -> None:
    """It may have kept it: at least once, and never silently lost."""
    given(store, clock, "anna")
    post = Post(answer=lambda _: "hang up")
    with mail_server.serving(post) as port:
        assert a_sender(store, port, clock).send().failure == "SMTPServerDisconnected"
        post.answer = lambda _: mail_server.ACCEPTED
        clock.move(minutes=1)
        assert a_sender(store, port, clock).send() == Sent(delivered=1)
    first, second = post.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@kennis.example>")


def test_two_mails_have_two_names(store: Store, clock: Clock) -> None:
    given(store, clock, "anna", "anna")
    post = Post()
    with mail_server.serving(post) as port:
        a_sender(store, port, clock).send()
    assert len({message["Message-ID"] for message in post.messages}) == 2


def test_a_mail_over_which_the_server_falls_does_not_block_the_others(store: Store, clock: Clock) -> None:
    given(store, clock, "anna", "bert", "carla")
    post = Post(answer=lambda e: "hang up" if e.rcpt_tos == ["anna@veld.example"] else mail_server.ACCEPTED)
    with mail_server.serving(post) as port:
        assert a_sender(store, port, clock).send().delivered == 2
    assert [mail.account_id for mail in waiting(store)] == ["anna"]


def test_a_server_that_always_hangs_up_is_left_alone(store: Store, clock: Clock) -> None:
    given(store, clock, *(f"lezer{number}" for number in range(10)))
    post = Post(answer=lambda _: "hang up")
    with mail_server.serving(post) as port:
        assert a_sender(store, port, clock).send().delivered == 0
    assert len(post.got) == 2
    assert {mail.failure for mail in waiting(store)} == {"SMTPServerDisconnected"}


def test_a_server_that_is_too_slow_is_left_alone(store: Store, clock: Clock) -> None:
    given(store, clock, *(f"lezer{number}" for number in range(4)))
    post = Post(delay=3.0)
    with mail_server.serving(post) as port:
        done = a_sender(store, port, clock, patience=0.3).send()
    assert done == Sent(failure="TimeoutError")
    assert len(waiting(store)) == 4


def test_nobody_waits_for_the_database_while_a_mail_server_thinks(store: Store, clock: Clock) -> None:
    given(store, clock, "anna")
    post = Post(delay=1.0)
    with mail_server.serving(post) as port:
        sending = threading.Thread(target=lambda: a_sender(store, port, clock).send())
        sending.start()
        wait_until(lambda: bool(waiting(store)) and waiting(store)[0].tries == 1)
        with store.transaction() as session:
            an_account(session, "bert")
        assert waiting(store), "the mail had gone before anything was written"
        sending.join(20)
    assert waiting(store) == []


def test_what_one_worker_sends_no_other_sends(store: Store, clock: Clock) -> None:
    given(store, clock, *(f"lezer{number}" for number in range(12)))
    post = Post(delay=0.02)
    with mail_server.serving(post) as port:
        workers = [threading.Thread(target=lambda: a_sender(store, port, clock).send()) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(30)
    assert sorted(receivers(post)) == sorted(f"lezer{number}@veld.example" for number in range(12))
    assert waiting(store) == []


def test_it_stops_between_two_mails(store: Store, clock: Clock) -> None:
    given(store, clock, "anna", "bert")
    post = Post()
    with mail_server.serving(post) as port:
        assert a_sender(store, port, clock).send(lambda: bool(post.got)) == Sent(delivered=1)
    assert len(waiting(store)) == 1


@contextmanager
def _saying(line: bytes) -> Iterator[int]:
    """A server that greets with this line and is not heard of again."""
    with socket.create_server((HOST, 0)) as listening:

        def greet() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(line)

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(10)


@pytest.mark.parametrize(
    ("line", "failure"),
    [(b"554 go away kanarie\r\n", "SMTPConnectError 554"), (b"", "SMTPServerDisconnected"),
     (b"HTTP/1.1 400 kanarie\r\n", "SMTPConnectError"), (b"220 " + b"x" * 10_000, "SMTPResponseException 500")],
)  # fmt: skip
def test_what_is_no_mail_server_is_told_by_name(store: Store, clock: Clock, line: bytes, failure: str) -> None:
    given(store, clock, "anna")
    with _saying(line) as port:
        assert a_sender(store, port, clock).send() == Sent(failure=failure)
    assert len(waiting(store)) == 1


def test_the_state_of_the_queue_names_nobody(store: Store, clock: Clock) -> None:
    with store.reading() as session:
        assert queue.state(session) == queue.State(0, None, {})
    given(store, clock, "anna", "bert")
    a_sender(store, free_port(), clock).send()
    clock.move(days=1)
    given(store, clock, "carla")
    with store.reading() as session:
        assert queue.state(session) == queue.State(3, "2026-11-24", {"ConnectionRefusedError": 2})
