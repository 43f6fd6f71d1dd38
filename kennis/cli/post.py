"""Sending mail among the duties of a server, and what the log says of it: numbers and names of errors, nothing else."""

from collections.abc import Callable

from kennis import clock, logs
from kennis.content import digests
from kennis.errors import KennisError
from kennis.installation import Kennis
from kennis.mail.sending import Sender

log = logs.Log(__name__)


def send(kennis: Kennis, is_stopping: Callable[[], bool]) -> None:
    """Empty the queue, when the settings name a mail server. A failure is told; the other duties go on."""
    if not kennis.config.smtp_url:
        return
    from kennis.mail import smtp

    try:
        sent = Sender(kennis.store, smtp.server(kennis.config), clock.now, digests.tell_again).send(is_stopping)
    except KennisError as error:
        log.error("mail waits", reason=str(error))
        return
    except Exception as error:
        log.error("sending mail failed", **logs.places(error))
        return
    if sent.delivered:
        log.info("mail was sent", mails=sent.delivered)
    if sent.given_up:
        log.error("mail was given up", mails=sent.given_up, reason=sent.failure)
    elif sent.failure:
        log.error("mail waits", reason=sent.failure)
