"""`kennis refresh`: what depends on the day."""

import click

from kennis.cli.opening import context, database
from kennis.cli.output import say
from kennis.content import refreshing


@click.command()
def refresh() -> None:
    """Do what depends on the day. Werk bij wat van de dag afhangt.

    Archives help offers that nobody checked for too long, erases what was rejected a year ago, notes who must be
    reminded of what and makes the mail of the week of it, renders what no longer holds. A server does this at its start
    and once a day; running it twice does no harm.
    """
    with database() as (config, store):
        done = refreshing.refresh(store, context(config), is_mailing=bool(config.smtp_url))
    say(
        f"Gearchiveerd: {done.archived}; gewist: {done.erased}; opnieuw gemaakt: {done.rendered}; "
        f"herinneringen: {done.reminded}; mails: {done.digests}.",
        f"Archived: {done.archived}; erased: {done.erased}; rendered anew: {done.rendered}; "
        f"reminders: {done.reminded}; mails: {done.digests}.",
    )
