"""One mail as it goes over the wire: plain text with the headers that every mail needs, and none that anybody typed."""

from datetime import datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256

from kennis.mail.queue import Letter

NAME = "Kennis"


class BadAddress(ValueError):
    """No mail can go there; the address is not repeated."""


def compose(letter: Letter, sender: str, now: datetime) -> EmailMessage:
    """BadAddress when one of the addresses is none. A letter that is sent again has the same Message-ID."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = _address(sender, NAME)
    message["To"] = _address(letter.address)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{_name(letter)}@{domain(sender)}>"
    # So that no holiday answer comes back (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body, charset="utf-8")
    return message


def domain(address: str) -> str:
    return address.rpartition("@")[2]


def _address(address: str, name: str = "") -> Address:
    try:
        return Address(display_name=name, addr_spec=address)
    except (MessageError, ValueError, IndexError):
        raise BadAddress from None


def _name(letter: Letter) -> str:
    """Of this letter only, also when another installation sends from the same address."""
    told = "\n".join((str(letter.id), letter.account_id, letter.made_on, letter.subject, letter.body))
    return sha256(told.encode()).hexdigest()[:40]
