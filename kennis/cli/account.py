"""`kennis account`: who works here. The first admin is made by this command, and by nothing else."""

import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click
from sqlalchemy.orm import Session

from kennis import clock
from kennis.access import accounts, audit, keys, linking, passwords, policy
from kennis.access.policy import ROLES
from kennis.cli.documents import PIPE, read_bytes
from kennis.cli.opening import database
from kennis.cli.output import language, print_json, print_table, tell, words
from kennis.content import organisations
from kennis.content.audit import UNKNOWN
from kennis.content.vocabulary import vocabularies
from kennis.errors import BadSetup, NotFound, Text
from kennis.store.people import Account

T = TypeVar("T")
# Who may use this command may do all of it: the audit says that it was done here.
OPERATOR = policy.system("command-line")
_WHO = click.argument("who", metavar="EMAIL|ID")
_STDIN = click.option("--password-stdin", "from_pipe", is_flag=True,
                      help="Read the password from stdin, as one line, instead of asking for it.")  # fmt: skip


@click.group()
def account() -> None:
    """Accounts: who works here, and as what. De accounts van wie hier werkt.

    Roles: a contributor drafts and submits, a reviewer also reviews, an editor publishes and archives, an admin also
    manages accounts. No account comes with Kennis; make the first admin here.
    """


@account.command()
@click.option("--email", required=True, help="Address to log in with, and for mail.")
@click.option("--name", required=True, help="Name that colleagues see.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What the account may do.")
@click.option("--background", required=True, metavar="CODE",
              help="kennis vocabulary list backgrounds; decides for which tracks a review counts.")  # fmt: skip
@click.option("--organisation", default=None, metavar="SLUG", help="Organisation it works for: its slug or id.")
@_STDIN
@click.option("--no-password", is_flag=True, help="It logs in with OpenID Connect only.")
def create(
    email: str, name: str, role: str, background: str, organisation: str | None, from_pipe: bool, no_password: bool
) -> None:
    """Make an account; the password is asked for twice and not shown. Maak een account.

    At least 12 characters; what everybody tries first is refused. Prints the account as one line of JSON.
    """
    if no_password and from_pipe:
        raise BadSetup("Kies --password-stdin of --no-password.", "Choose --password-stdin or --no-password.")
    password = None if no_password else _ready(_new_password(from_pipe), name, accounts.plain_email(email))

    def made(session: Session) -> Account:
        works_for = organisations.named(session, organisation).id if organisation else None
        return accounts.create(
            session, email=email, name=name, role=role, background=background, organisation_id=works_for,
            password=password, now=clock.now(), by=OPERATOR,
        )  # fmt: skip

    _take("create_account", made)


@account.command()
@_WHO
@click.option("--email", default=None, help="Another address to log in with, and for mail.")
@click.option("--name", default=None, help="Another name that colleagues see.")
@click.option("--background", default=None, metavar="CODE", help="kennis vocabulary list backgrounds.")
@click.option("--organisation", default=None, metavar="SLUG", help="Organisation it works for: its slug or id.")
@click.option("--no-organisation", is_flag=True, help="It works for no organisation.")
def edit(
    who: str, email: str | None, name: str | None, background: str | None, organisation: str | None,
    no_organisation: bool,
) -> None:  # fmt: skip
    """Change who an account is: address, name, background or organisation. Wijzig de gegevens van een account.

    What is not named stays. What it wrote and judged stays its own, and its keys go on; after another address its
    sessions end. Prints the account as one line of JSON.
    """
    if organisation is not None and no_organisation:
        raise BadSetup("Kies --organisation of --no-organisation.", "Choose --organisation or --no-organisation.")
    if not no_organisation and all(given is None for given in (email, name, background, organisation)):
        raise BadSetup("Zeg wat er anders wordt, zoals --name.", "Say what changes, such as --name.")

    def edited(session: Session) -> Account:
        found = accounts.named(session, who)
        works_for = None if organisation is None else organisations.named(session, organisation).id
        accounts.edit(
            session, found, email=email, name=name, background=background, organisation_id=works_for,
            has_organisation=not no_organisation, now=clock.now(), by=OPERATOR,
        )  # fmt: skip
        return found

    _take("edit_account", edited, who)


@account.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def list_(as_json: bool) -> None:
    """Show all accounts, without anything they log in with. Toon alle accounts."""
    with database() as (_, store), store.reading() as session:
        shown = [_shown(found) for found in accounts.all_accounts(session)]
    if as_json:
        print_json(shown)
        return
    if not shown:
        tell("Er zijn nog geen accounts; maak het eerste met: kennis account create --role admin ...",
             "There are no accounts yet; make the first with: kennis account create --role admin ...")  # fmt: skip
    backgrounds = vocabularies()["backgrounds"]
    print_table([
        (a["email"], a["name"], a["role"], backgrounds.label(a["background"], language()), words(_state(a)), a["id"])
        for a in shown
    ])  # fmt: skip


def _state(shown: Mapping[str, Any]) -> Text:
    if shown["isDisabled"]:
        return Text("geblokkeerd", "disabled")
    if shown["isLinked"]:
        return Text("gekoppeld", "linked")
    return Text("open", "open") if shown["hasPassword"] else Text("zonder wachtwoord", "no password")


@account.command()
@_WHO
def disable(who: str) -> None:
    """Block an account: its sessions end at once, and its keys hold no longer. Blokkeer een account.

    What it wrote stays. The only admin cannot be blocked.
    """
    _change("disable_account", who, accounts.disable)


@account.command()
@_WHO
def enable(who: str) -> None:
    """Open a blocked account again; its keys hold again. Open een geblokkeerd account."""
    _change("enable_account", who, accounts.enable)


@account.command()
@_WHO
@click.argument("role", type=click.Choice(ROLES))
def role(who: str, role: str) -> None:
    """Give an account another ROLE, which holds from its next request on. Verander de rol van een account."""
    _change("set_role", who, accounts.set_role, role)


@account.command()
@_WHO
@_STDIN
def password(who: str, from_pipe: bool) -> None:
    """Give an account a new password; its sessions end. Geef een account een nieuw wachtwoord.

    It is asked for twice and not shown, and is never an argument: other programs could see that. Its keys go on.
    """
    given = _new_password(from_pipe)
    own_words, left = _looked_up(who)
    _change("set_password", who, accounts.set_password, _ready(given, *own_words))
    if left:
        tell(
            f"Sleutels van dit account die nog gelden: {left}. U ziet ze met: kennis key list {who}",
            f"Keys of this account that still hold: {left}. See them with: kennis key list {who}",
        )


@account.command()
@_WHO
def unlink(who: str) -> None:
    """Let the login server know this account no longer; its sessions end. Maak een account los van de inlogserver.

    For when the server calls somebody by another name than before. The next login with the e-mail address of the
    account, if the server has verified it, links the account anew.
    """
    _change("unlink_account", who, linking.unlink)


def _change(operation: str, who: str, step: Callable[..., None], *values: str | passwords.Ready) -> None:
    def changed(session: Session) -> Account:
        found = accounts.named(session, who)
        step(session, found, *values, now=clock.now(), by=OPERATOR)
        return found

    _take(operation, changed, who)


def _take(operation: str, step: Callable[[Session], Account], who: str | None = None) -> None:
    print_json(_shown(attempt(operation, step, lambda session: who and accounts.named(session, who).id)), pretty=False)


def attempt(operation: str, step: Callable[[Session], T], subject: Callable[[Session], str | None]) -> T:
    """Take the step in a transaction of its own; when it is refused or fails the audit has it as `operation`, about
    the id that `subject` finds."""

    def seen(session: Session) -> tuple[str, str]:
        try:
            return clock.stamp(clock.now()), subject(session) or UNKNOWN
        except NotFound:
            return clock.stamp(clock.now()), UNKNOWN

    with database() as (_, store), audit.attempt(store, OPERATOR.id, operation, seen):
        return store.write(step)


def _shown(found: Account) -> dict[str, Any]:
    return {
        "id": found.id,
        "email": found.email,
        "name": found.name,
        "role": found.role,
        "background": found.background,
        "organisationId": found.organisation_id,
        "hasPassword": found.password_hash is not None,
        "isLinked": found.subject is not None,
        "isDisabled": found.is_disabled,
        "createdOn": found.created_on,
    }


def _looked_up(who: str) -> tuple[tuple[str, ...], int]:
    """What may not be in the password of the account, and how many of its keys hold. That there is no such account is
    told by the step itself."""
    try:
        with database() as (_, store), store.reading() as session:
            found = accounts.named(session, who)
            return (found.name, found.email), len(keys.valid(session, found.id, clock.today()))
    except NotFound:
        return (), 0


def _ready(password: str, *words: str) -> passwords.Ready:
    return passwords.ready(password, passwords.problems_of(password, words))


def _new_password(from_pipe: bool) -> str:
    if not from_pipe:
        if not sys.stdin.isatty():
            raise BadSetup(
                "Niemand kan het wachtwoord typen; geef het door een pipe, met --password-stdin.",
                "Nobody can type the password here; give it through a pipe, with --password-stdin.",
            )
        asked = words(Text("Wachtwoord", "Password"))
        again = words(Text("Nog een keer", "Once more"))
        return str(click.prompt(asked, hide_input=True, confirmation_prompt=again, err=True))
    try:
        given = read_bytes(PIPE).decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        given = "\n"
    if not given or "\n" in given:
        raise BadSetup("stdin moet één regel tekst zijn, in UTF-8.", "stdin must be one line of text, in UTF-8.")
    return given
