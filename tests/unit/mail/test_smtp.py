"""How the mail server is spoken to: TLS when it is offered, a password only where nobody can read it."""

import ssl
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kennis.config import Config
from kennis.mail import message, smtp
from kennis.mail.queue import Letter
from kennis.mail.smtp import Connection, NoServer, Server
from tests import databases, mail_server
from tests.conftest import NOW
from tests.mail_server import HOST, PASSWORD, USER, Post

SENDER = "kennis@kennis.example"
LETTER = Letter(1, "anna", "anna@veld.example", "Kennis", "Klopt dit nog?\n", "2026-11-24", 1)


def deliver(to: Server) -> None:
    connection = Connection(to)
    try:
        connection.deliver(message.compose(LETTER, SENDER, NOW), LETTER.address)
    finally:
        connection.close()


def a_server(port: int, **facts: Any) -> Server:
    return replace(Server(HOST, port, False, "", "", SENDER, None, patience=5.0), **facts)


def test_tls_is_taken_when_it_is_offered(tmp_path: Path) -> None:
    context, ca = mail_server.certificate(tmp_path)
    post = Post()
    with mail_server.serving(post, tls=context) as port:
        deliver(a_server(port, ca=ca))
    assert post.was_safe == [True]


def test_without_an_offer_of_tls_mail_goes_as_it_is() -> None:
    post = Post()
    with mail_server.serving(post) as port:
        deliver(a_server(port))
    assert post.was_safe == [False]


def test_tls_from_the_first_byte(tmp_path: Path) -> None:
    context, ca = mail_server.certificate(tmp_path)
    post = Post()
    with mail_server.serving(post, tls=context, inside=True) as port:
        deliver(a_server(port, is_tls=True, ca=ca))
    assert post.was_safe == [True]


@pytest.mark.parametrize("inside", [True, False])
def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path, inside: bool) -> None:
    """Never in the clear instead: who stands between could have given it."""
    context, _ = mail_server.certificate(tmp_path)
    post = Post()
    with mail_server.serving(post, tls=context, inside=inside) as port, pytest.raises(NoServer) as refused:
        deliver(a_server(port, is_tls=inside))
    assert refused.value.reason == ssl.SSLCertVerificationError.__name__
    assert post.got == []


def test_a_certificate_of_another_name_is_refused(tmp_path: Path) -> None:
    context, ca = mail_server.certificate(tmp_path, host="127.0.0.2")
    with mail_server.serving(Post(), tls=context) as port, pytest.raises(NoServer):
        deliver(a_server(port, ca=ca))


def test_a_server_that_asks_for_a_password_gets_it(tmp_path: Path) -> None:
    context, ca = mail_server.certificate(tmp_path)
    post = Post()
    with mail_server.serving(post, tls=context, asks_password=True) as port:
        deliver(a_server(port, ca=ca, user=USER, password=PASSWORD))
        with pytest.raises(NoServer) as without:
            deliver(a_server(port, ca=ca))
        with pytest.raises(NoServer) as wrong:
            deliver(a_server(port, ca=ca, user=USER, password="anders"))
    assert (without.value.reason, wrong.value.reason) == ("SMTPSenderRefused 530", "SMTPAuthenticationError 535")
    assert len(post.got) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_no_password_goes_over_a_line_that_others_can_read() -> None:
    """On this machine itself there is no line; `0.0.0.0` reaches it under a name that is not known as such."""
    with mail_server.serving(Post(), asks_password=True) as port:
        deliver(a_server(port, user=USER, password=PASSWORD))
        with pytest.raises(NoServer) as refused:
            deliver(a_server(port, host="0.0.0.0", user=USER, password=PASSWORD))
    assert refused.value.reason == "PasswordWithoutTls"


@pytest.mark.parametrize(
    ("url", "host", "port", "is_tls", "user", "password"),
    [
        ("smtp://mail.example", "mail.example", 587, False, "", ""),
        ("smtps://mail.example", "mail.example", 465, True, "", ""),
        ("smtp://kennis%40mail:geheim%3A%2Fwoord@mail.example:2525", "mail.example", 2525, False, USER, PASSWORD),
        ("smtps://[::1]:465", "::1", 465, True, "", ""),
    ],
)
def test_the_setting_says_where_and_as_whom(
    tmp_path: Path, url: str, host: str, port: int, is_tls: bool, user: str, password: str
) -> None:
    read = smtp.server(databases.configured(tmp_path, KENNIS_SMTP_URL=url, KENNIS_MAIL_FROM=SENDER))
    assert (read.host, read.port, read.is_tls, read.user, read.password) == (host, port, is_tls, user, password)
    assert (read.sender, read.ca, read.calls_itself) == (SENDER, None, "kennis.example")


def test_what_is_printed_of_a_server_holds_no_password() -> None:
    config = Config.from_env({"KENNIS_SMTP_URL": "smtp://u:kanarie@mail.example"})
    assert "kanarie" not in repr(smtp.server(config))
    assert "kanarie" not in repr(config)
    assert "veld.example" not in repr(LETTER)
