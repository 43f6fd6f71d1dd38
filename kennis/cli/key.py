"""`kennis key`: what programs show under /v1 to be known."""

from datetime import date
from typing import Any

import click
from sqlalchemy.orm import Session

from kennis import clock
from kennis.access import accounts, keys
from kennis.cli.account import OPERATOR, attempt
from kennis.cli.days import DAY
from kennis.cli.opening import database
from kennis.cli.output import print_json, print_table, tell, words
from kennis.errors import Text
from kennis.store.people import ApiKey


@click.group()
def key() -> None:
    """Keys: with which programs use the API. Sleutels waarmee programma's de API gebruiken.

    A key belongs to an account and may do what that account may, cut down to its scopes. It goes in the header
    Authorization: Bearer KEY.
    """


@key.command()
@click.argument("who", metavar="EMAIL|ID")
@click.option("--name", required=True, help="What it is for, so that it can be told from others.")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(list(keys.SCOPES)),
              help="What it may be used for; give it again for more.")  # fmt: skip
@click.option("--expires-on", type=DAY, default=None, help="Last day on which it holds; for ever when not given.")
@click.option("--limit", type=click.IntRange(1, keys.MOST_PER_MINUTE), default=None, metavar="NUMBER",
              help="Requests a minute; KENNIS_LIMIT when not given.")  # fmt: skip
def create(who: str, name: str, scopes: tuple[str, ...], expires_on: date | None, limit: int | None) -> None:
    """Make a key for an account, and print it: this once and never again. Maak een sleutel voor een account.

    Kennis keeps a digest only. Who lost a key revokes it and makes another.
    """

    def made(session: Session) -> tuple[ApiKey, str]:
        owner = accounts.named(session, who)
        return keys.issue(
            session, owner, name=name, scopes=scopes, expires_on=expires_on, limit_per_minute=limit, now=clock.now(),
            by=OPERATOR,
        )  # fmt: skip

    _, text = attempt("issue_key", made, lambda session: accounts.named(session, who).id)
    click.echo(text)
    tell(
        "Bewaar deze sleutel nu op een veilige plaats: hij wordt niet meer getoond.",
        "Keep this key in a safe place now: it is not shown again.",
    )


@key.command("list")
@click.argument("who", metavar="[EMAIL|ID]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def list_(who: str | None, as_json: bool) -> None:
    """Show keys, of one account or of all, the newest first; never their text. Toon de sleutels."""
    with database() as (_, store), store.reading() as session:
        owner = accounts.named(session, who).id if who else None
        emails = {found.id: found.email for found in accounts.all_accounts(session)}
        shown = [_shown(found, emails[found.account_id]) for found in keys.of_account(session, owner)]
    if as_json:
        print_json(shown)
        return
    if not shown:
        tell("Er zijn geen sleutels.", "There are no keys.")
    print_table([
        (f"kennis_{k['prefix']}_...", k["email"], words(_state(k)), k["lastUsedOn"] or "-", " ".join(k["scopes"]),
         k["name"])
        for k in shown
    ])  # fmt: skip


@key.command()
@click.argument("key_id", metavar="KEY")
def revoke(key_id: str) -> None:
    """Make a key hold no longer, at once and for ever. Trek een sleutel in.

    KEY is its id, or the eight characters after `kennis_`.
    """

    def revoked(session: Session) -> dict[str, Any]:
        found = keys.find(session, key_id)
        keys.revoke(session, found, now=clock.now(), by=OPERATOR)
        return _shown(found, accounts.find(session, found.account_id).email)

    done = attempt("revoke_key", revoked, lambda session: keys.find(session, key_id).id)
    print_json(done, pretty=False)


def _state(shown: dict[str, Any]) -> Text:
    if shown["revokedOn"]:
        return Text(f"ingetrokken op {shown['revokedOn']}", f"revoked on {shown['revokedOn']}")
    if not shown["isValid"]:
        return Text(f"verlopen op {shown['expiresOn']}", f"expired on {shown['expiresOn']}")
    if shown["expiresOn"]:
        return Text(f"geldig tot en met {shown['expiresOn']}", f"valid until {shown['expiresOn']}")
    return Text("geldig", "valid")


def _shown(found: ApiKey, email: str) -> dict[str, Any]:
    return {
        "id": found.id,
        "prefix": found.prefix,
        "email": email,
        "name": found.name,
        "scopes": found.scopes.split(),
        "isValid": keys.is_valid(found, clock.today()),
        "createdOn": found.created_on,
        "expiresOn": found.expires_on,
        "lastUsedOn": found.last_used_on,
        "revokedOn": found.revoked_on,
        "limitPerMinute": found.limit_per_minute,
    }
