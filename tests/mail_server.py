"""A real mail server on loopback, as well behaved or as bad as a test wants it."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tools.ports import free_port

HOST = "127.0.0.1"
USER, PASSWORD = "kennis@mail", "geheim:/woord"
# What the server says of a mail: its own words hold the address, as those of real servers do.
ACCEPTED = "250 OK"


@dataclass
class Post:
    """What came in, and how the next one is answered. `answer` gets the envelope and gives a line of SMTP."""

    answer: Callable[[Envelope], str] = lambda _envelope: ACCEPTED
    to_recipient: str = ACCEPTED
    delay: float = 0.0
    got: list[Envelope] = field(default_factory=list)
    was_safe: list[bool] = field(default_factory=list)

    @property
    def messages(self) -> list[EmailMessage]:
        read = [message_from_bytes(envelope.content, policy=policy.default) for envelope in self.got]
        return [message for message in read if isinstance(message, EmailMessage)]

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.to_recipient == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return self.to_recipient.replace("ADDRESS", address)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.delay:
            await asyncio.sleep(self.delay)
        self.was_safe.append(session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None)
        said = self.answer(envelope)
        if said == "hang up":
            self.got.append(envelope)
            server.transport.close()
        elif said.startswith("2"):
            self.got.append(envelope)
        return said.replace("ADDRESS", envelope.rcpt_tos[0])


def _knows(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextmanager
def serving(
    post: Post, *, tls: ssl.SSLContext | None = None, inside: bool = False, asks_password: bool = False
) -> Iterator[int]:
    """The port. `tls` is offered as STARTTLS, or with `inside` spoken from the first byte."""
    options: dict[str, Any] = {}
    if asks_password:
        options |= {"authenticator": _knows, "auth_required": True, "auth_require_tls": tls is not None}
    if tls is not None and inside:
        options |= {"ssl_context": tls}
    elif tls is not None:
        options |= {"tls_context": tls}
    controller = Controller(post, hostname=HOST, port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def certificate(folder: Path, host: str = HOST) -> tuple[ssl.SSLContext, Path]:
    """The side of the server, and the file that a client must trust for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of a test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, secret = folder / "mail.pem", folder / "mail.key"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return context, file
