"""`kennis mail`: the queue of mail and the mail server. Nothing here prints an address or a word of a mail."""

import click

from kennis import clock
from kennis.cli.failures import WRONG
from kennis.cli.opening import database, settings
from kennis.cli.output import print_table, say
from kennis.config import Config
from kennis.content import digests
from kennis.errors import BadSetup
from kennis.mail import message, queue
from kennis.mail.sending import Sender


@click.group()
def mail() -> None:
    """Mail: what waits for the mail server, and whether that takes it. De mail."""


@mail.command()
def status() -> None:
    """Show how much waits, since when, and after which failures. Toon wat er wacht."""
    with database() as (config, store), store.reading() as session:
        found = queue.state(session)
    print_table(
        [
            ("sending", "on" if config.smtp_url else "off"),
            ("waiting", str(found.waiting)),
            ("oldest", found.oldest or "-"),
            *((failure, str(number)) for failure, number in sorted(found.failures.items())),
        ]
    )


@mail.command()
def send() -> None:
    """Send what is due now; exit code 2 when something did not go. Verstuur wat er wacht.

    A server or `kennis worker` does this every minute. What did not go is tried again, later each time.
    """
    with database() as (config, store):
        _require_server(config)
        from kennis.mail import smtp

        sent = Sender(store, smtp.server(config), clock.now, digests.tell_again).send()
    say(
        f"Verstuurd: {sent.delivered}; opgegeven: {sent.given_up}.",
        f"Sent: {sent.delivered}; given up: {sent.given_up}.",
    )
    if sent.failure:
        say(f"Niet alles ging weg ({sent.failure}).", f"Not everything went ({sent.failure}).")
        raise click.exceptions.Exit(WRONG)


@mail.command()
@click.argument("address", metavar="EMAIL")
def test(address: str) -> None:
    """Send one mail to EMAIL, to see whether mail arrives. Stuur een mail om te proberen.

    It does not wait in the queue: this says at once what the mail server does.
    """
    config = settings()
    _require_server(config)
    try_out(config, address)
    say("De mailserver heeft de mail aangenomen.", "The mail server took the mail.")


def try_out(config: Config, address: str) -> None:
    """BadSetup with the way out when it is not taken."""
    from kennis.mail import smtp

    text = f"Deze mail is een proef van Kennis op {config.public_url}.\n"
    letter = queue.Letter(0, "", address, "Kennis: proef", text, clock.today().isoformat(), 1)
    try:
        made = message.compose(letter, config.mail_from, clock.now())
        connection = smtp.Connection(smtp.server(config))
        try:
            connection.deliver(made, address)
        finally:
            connection.close()
    except message.BadAddress as error:
        raise BadSetup("Dit is geen e-mailadres.", "This is no e-mail address.") from error
    except (smtp.NoServer, smtp.NotTaken) as error:
        raise not_taken(error.reason) from error


def not_taken(reason: str) -> BadSetup:
    return BadSetup(
        f"De mailserver neemt geen mail aan ({reason}); zie KENNIS_SMTP_URL en docs/operations.md.",
        f"The mail server takes no mail ({reason}); see KENNIS_SMTP_URL and docs/operations.md.",
    )


def _require_server(config: Config) -> None:
    if not config.smtp_url:
        raise BadSetup(
            "Er is geen mailserver; zet KENNIS_SMTP_URL, zoals smtp://mail.example:587.",
            "There is no mail server; set KENNIS_SMTP_URL, such as smtp://mail.example:587.",
        )
