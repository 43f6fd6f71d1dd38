"""The mail server. What it answers is told as the name of an error and a number: its words may hold an address."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kennis.config import Config
from kennis.mail.message import domain

# For one step of the conversation, in seconds (guess).
PATIENCE = 30.0
# Of submission, which is what programs do, and of the same inside TLS (RFC 8314).
PORTS = {"smtp": 587, "smtps": 465}
# "I close the connection" (RFC 5321, 3.8).
GOING_DOWN = 421
_HERE = ("localhost", "127.0.0.1", "::1")


class NoServer(Exception):
    """It cannot be spoken to, or takes no mail from us at all; `reason` holds no words of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotTaken(Exception):
    """This one mail did not go. `is_refused`: it said no to it; `is_broken`: the connection is of no use any more."""

    def __init__(self, reason: str, *, is_refused: bool = False, is_broken: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.is_refused, self.is_broken = reason, is_refused, is_broken


@dataclass(frozen=True, slots=True)
class Server:
    """`calls_itself` is how Kennis greets it; `ca` a file of authorities, None for those of the system."""

    host: str
    port: int
    is_tls: bool
    user: str = field(repr=False)
    password: str = field(repr=False)
    sender: str
    ca: Path | None
    patience: float = PATIENCE

    @property
    def calls_itself(self) -> str:
        return domain(self.sender)


def server(config: Config) -> Server:
    parts = urlsplit(config.smtp_url)
    return Server(
        host=parts.hostname or "",
        port=parts.port or PORTS[parts.scheme],
        is_tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=config.mail_from,
        ca=config.smtp_ca,
    )


class Connection:
    """Opened by making it; NoServer when that fails. For one thread."""

    def __init__(self, of: Server) -> None:
        self._of = of
        self._smtp: smtplib.SMTP | None = None
        try:
            self._smtp = _open(of)
            _greet(self._smtp, of)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            self.close()
            raise NoServer(_reason(error)) from None
        except NoServer:
            self.close()
            raise

    def deliver(self, message: EmailMessage, to: str) -> None:
        """Returns once the server has answered for it; NotTaken or NoServer otherwise."""
        assert self._smtp is not None
        try:
            self._smtp.send_message(message, self._of.sender, [to])
        except smtplib.SMTPRecipientsRefused as error:
            (code, _words), *_ = error.recipients.values()
            reason = f"{type(error).__name__} {code}"
            raise NotTaken(reason, is_refused=code >= 500, is_broken=code == GOING_DOWN) from None
        except smtplib.SMTPDataError as error:
            is_broken = error.smtp_code == GOING_DOWN
            raise NotTaken(_reason(error), is_refused=error.smtp_code >= 500, is_broken=is_broken) from None
        except smtplib.SMTPNotSupportedError as error:
            raise NotTaken(_reason(error), is_refused=True) from None
        except smtplib.SMTPResponseException as error:
            # To the sender: what it says to one mail it says to all.
            raise NoServer(_reason(error)) from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotTaken(_reason(error), is_broken=True) from None

    def close(self) -> None:
        """Politely when that is still possible."""
        if self._smtp is None:
            return
        try:
            self._smtp.quit()
        except (smtplib.SMTPException, OSError):
            self._smtp.close()
        self._smtp = None


def _open(of: Server) -> smtplib.SMTP:
    if of.is_tls:
        return smtplib.SMTP_SSL(of.host, of.port, of.calls_itself, timeout=of.patience, context=_trust(of))
    return smtplib.SMTP(of.host, of.port, of.calls_itself, timeout=of.patience)


def _greet(smtp: smtplib.SMTP, of: Server) -> None:
    smtp.ehlo_or_helo_if_needed()
    is_safe = of.is_tls or of.host in _HERE
    if not of.is_tls and smtp.has_extn("starttls"):
        smtp.starttls(context=_trust(of))
        smtp.ehlo()
        is_safe = True
    if of.user:
        if not is_safe:
            # Who stands between could have taken the offer of TLS out to read the password.
            raise NoServer("PasswordWithoutTls")
        smtp.login(of.user, of.password)


def _trust(of: Server) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=of.ca)


def _reason(error: Exception) -> str:
    code = getattr(error, "smtp_code", None)
    # A server that is slow and one that hangs up are the same to the library, but not to who must mend it.
    beneath = error.__context__
    name = type(beneath if isinstance(beneath, TimeoutError | ConnectionError) else error).__name__
    return f"{name} {code}" if isinstance(code, int) and code > 0 else name
