"""`kennis entry`: every step of the status machine, for editors without pages and for scripts."""

import sys
from datetime import date
from typing import Any

import click

from kennis.cli.acting import Acting, acting
from kennis.cli.days import DAY
from kennis.cli.documents import read_document, shown_document
from kennis.cli.opening import database
from kennis.cli.output import print_json, tell
from kennis.content import clearance, entries, kinds
from kennis.content.texts import Written
from kennis.content.vocabulary import vocabularies
from kennis.errors import BadSetup, Invalid, NotFound, Problem, Text
from kennis.stories.privacy import Advice, advice

_FILE = click.argument("file", default="-")
_ID = click.argument("entry_id", metavar="ID")
_NOTE = click.option("--note", required=True, help="Reason in words for the author, 10 to 4,000 characters.")


@click.group()
def entry() -> None:
    """One entry: write it and take it through review. Eén item schrijven en door de redactie leiden.

    Each step prints id, status and the new rowVersion on one line of JSON. Give that number with --expect to be sure
    that nobody changed the entry meanwhile.
    """


@entry.command()
@click.argument("kind")
@_FILE
@acting(is_new=True)
def create(kind: str, file: str, by: Acting) -> None:
    """Make a draft of KIND from a JSON FILE ("-" or nothing: read stdin). Maak een concept.

    Only title and language are needed for a draft. Kinds: kennis vocabulary list kinds
    Of entries that may be the same stderr tells; the draft is made.
    """
    if kind not in kinds.KINDS:
        raise _no_kind(kind)
    document = read_document(file)
    document.pop("rowVersion", None)
    by.tell_duplicates(by.take("create", entries.create, kind, document)["id"])


def _no_kind(kind: str) -> NotFound:
    nearest, words = vocabularies()["kinds"].nearest(kind), ", ".join(kinds.KINDS)
    nl, en = (f" Bedoelt u {nearest}?", f" Did you mean {nearest}?") if nearest else ("", "")
    return NotFound(
        Text(f"De soort {kind} bestaat niet; kies uit: {words}.{nl}", f"There is no kind {kind}; choose: {words}.{en}")
    )


@entry.command()
@_ID
@_FILE
@acting(with_copy=True)
def edit(entry_id: str, file: str, by: Acting) -> None:
    """Replace the text of ID by the whole document in a JSON FILE ("-" or nothing: read stdin). Wijzig de tekst.

    Start from what `kennis entry show ID` prints. A published entry stays as it is: the change becomes its working
    copy, unless it is upkeep only (dates, links, waiting time), which is public at once.
    """
    document = read_document(file)
    expected = document.pop("rowVersion", None)
    if expected is not None and type(expected) is not int:
        number = Text("Dit moet een heel getal zijn.", "This must be a whole number.")
        raise Invalid([Problem(number, "/rowVersion")])
    if by.expected is None:
        by = Acting(by.person, expected, by.copy)
    by.take("revise", entries.revise, entry_id, document)


@entry.command()
@_ID
@click.option("--copy", is_flag=True, help="Show the working copy of a published entry.")
def show(entry_id: str, copy: bool) -> None:
    """Print the document of ID as JSON, in any status, with its rowVersion. Toon het hele document."""
    with database() as (_, store), store.reading() as session:
        print_json(shown_document(session, entry_id, copy=copy))


@entry.command()
@_ID
@acting(with_copy=True)
def submit(entry_id: str, by: Acting) -> None:
    """Hand in a draft: everything required must be there. Dien een concept in.

    What may be personal in its text is told on stderr, by place and kind; it stops nothing.
    """
    told: list[Advice] = []

    def hand_in(*values: Any, **named: Any) -> Written:
        text = entries.submit(*values, **named)
        told[:] = advice(text.content)
        return text

    by.take("submit", hand_in, entry_id)
    for one in told:
        tell(f"{one.pointer}: {one.message.nl}", f"{one.pointer}: {one.message.en}")
    by.tell_duplicates(entry_id)


@entry.command()
@_ID
@acting(with_copy=True)
def take(entry_id: str, by: Acting) -> None:
    """Take a submitted entry in review. Neem een ingediend item in behandeling."""
    by.take("take", entries.take, entry_id)


@entry.command()
@_ID
@click.option("--track", required=True, help="Track that is approved (kennis vocabulary list review-tracks).")
@click.option("--note", default=None, help="Remark, 10 to 4,000 characters.")
@acting(with_copy=True)
def approve(entry_id: str, track: str, note: str | None, by: Acting) -> None:
    """Approve one track of the review. Keur één spoor van de beoordeling goed."""
    by.take("approve", entries.approve, entry_id, track, note=note)


@entry.command("return")
@_ID
@click.option("--track", required=True, help="Track that asks for changes.")
@_NOTE
@acting(with_copy=True)
def return_(entry_id: str, track: str, note: str, by: Acting) -> None:
    """Ask the author for changes. Vraag de schrijver om aanpassingen."""
    by.take("return", entries.return_, entry_id, track, note)


@entry.command()
@_ID
@click.option("--example", is_flag=True, help="The story is invented (isExample): publish it without a submission.")
@acting(with_copy=True)
def publish(entry_id: str, example: bool, by: Acting) -> None:
    """Make the judged text public; not by who wrote it. Publiceer de beoordeelde tekst."""
    named: dict[str, Any] = {"cleared": clearance.for_example()} if example else {}
    by.take("publish", entries.publish, entry_id, **named)


@entry.command()
@_ID
@click.option("--reason", required=True, help="Code (kennis vocabulary list reject-reasons).")
@_NOTE
@acting(with_copy=True)
def reject(entry_id: str, reason: str, note: str, by: Acting) -> None:
    """Reject a submitted entry; it is kept for 12 months, a working copy goes at once. Wijs een ingediend item af."""
    by.take("reject", entries.reject, entry_id, reason, note)


@entry.command()
@_ID
@click.option("--reason", required=True, help="Code (kennis vocabulary list archive-reasons).")
@click.option("--replaced-by", default=None, metavar="ID", help="Entry that replaces it; needed for `merged`.")
@acting()
def archive(entry_id: str, reason: str, replaced_by: str | None, by: Acting) -> None:
    """Take a published entry out of search, feeds and export. Archiveer een gepubliceerd item."""
    by.take("archive", entries.archive, entry_id, reason, replaced_by_id=replaced_by)


@entry.command()
@_ID
@acting()
def restore(entry_id: str, by: Acting) -> None:
    """Bring an archived entry back into review, or a rejected one back to draft. Haal terug."""
    by.take("restore", entries.restore, entry_id)


@entry.command()
@_ID
@click.option("--checked-on", type=DAY, default=None, help="Day on which somebody looked; today when not given.")
@click.option("--checked-by", default=None, metavar="ID", help='Organisation that looked, or "editors".')
@acting()
def confirm(entry_id: str, checked_on: date | None, checked_by: str | None, by: Acting) -> None:
    """Say that a published entry is still right. Bevestig: klopt nog."""
    by.take("confirm", entries.confirm, entry_id, checked_on=checked_on, checked_by=checked_by)


@entry.command()
@_ID
@click.option("--yes", is_flag=True, help="Do not ask.")
@acting()
def withdraw(entry_id: str, yes: bool, by: Acting) -> None:
    """Erase an entry for ever; only a tombstone stays. Wis een item voorgoed.

    A story by an editor at the writer's request; another kind by an admin (--as admin), for legal erasure only. Run
    `kennis index rebuild` afterwards to remove its words from the files of the index.
    """
    if not yes:
        _confirm()
    by.take("withdraw", entries.withdraw, entry_id)


def _confirm() -> None:
    if not sys.stdin.isatty():
        raise BadSetup(
            "Alle tekst verdwijnt voorgoed. Geef --yes als u dat wilt; er is niets gewist.",
            "All text goes for ever. Give --yes if you want that; nothing was erased.",
        )
    if not click.confirm("Alle tekst verdwijnt voorgoed / all text goes for ever. Doorgaan / go on?", err=True):
        raise BadSetup("Er is niets gewist.", "Nothing was erased.")
