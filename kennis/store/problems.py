"""Errors of the database in one clear sentence that names it and the way out."""

import sqlite3
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from kennis.errors import BadSetup

# sqlite3's error name -> what to say; the longest name that begins the error's name decides.
_SENTENCES: dict[str, tuple[str, str]] = {
    "SQLITE_BUSY": (
        "De database {name} is bezet door een ander proces; wacht tot dat klaar is of stop het, en probeer opnieuw.",
        "The database {name} is locked by another process; wait until that is done or stop it, then try again.",
    ),
    "SQLITE_READONLY": (
        "De database {name} is alleen-lezen; geef deze gebruiker schrijfrecht op het bestand en de map.",
        "The database {name} is read-only; give this user write permission on the file and its folder.",
    ),
    "SQLITE_CANTOPEN": (
        (
            "De database {name} kan niet worden geopend; controleer of de map bestaat en schrijfbaar is "
            "(KENNIS_DATA_DIR, KENNIS_DATABASE_URL)."
        ),
        (
            "The database {name} cannot be opened; check that its folder exists and is writable "
            "(KENNIS_DATA_DIR, KENNIS_DATABASE_URL)."
        ),
    ),
    "SQLITE_FULL": (
        "Er is geen ruimte meer voor de database {name}; maak schijfruimte vrij. Er is niets half opgeslagen.",
        "There is no space left for the database {name}; free some disk space. Nothing was stored half.",
    ),
    "SQLITE_NOTADB": (
        "{name} is geen database; kies een ander bestand met KENNIS_DATABASE_URL of verplaats dit bestand.",
        "{name} is not a database; choose another file with KENNIS_DATABASE_URL or move this one away.",
    ),
    "SQLITE_CORRUPT": (
        "De database {name} is beschadigd; zet een reservekopie terug.",
        "The database {name} is damaged; restore a backup.",
    ),
    "SQLITE_IOERR": (
        "De schijf met de database {name} geeft een fout bij lezen of schrijven; controleer de schijf en de ruimte.",
        "The disk of the database {name} fails on reading or writing; check the disk and its free space.",
    ),
}
_SENTENCES["SQLITE_LOCKED"] = _SENTENCES["SQLITE_BUSY"]
_SENTENCES["SQLITE_PERM"] = _SENTENCES["SQLITE_READONLY"]


def name_of(url: str) -> str:
    """The file of an SQLite database, else the address without its password and what is asked for behind it."""
    parts = _parsed(url)
    return parts.database or "" if is_sqlite(url) else parts.set(query={}).render_as_string(hide_password=True)


def is_sqlite(url: str) -> bool:
    return _parsed(url).get_backend_name() == "sqlite"


def is_postgresql(url: str) -> bool:
    return _parsed(url).get_backend_name() == "postgresql"


def _parsed(url: str) -> URL:
    """BadSetup for what is no address, and for SQLite without a file."""
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise BadSetup(
            "KENNIS_DATABASE_URL is geen adres van een database; voorbeeld: sqlite:////srv/kennis/kennis.db",
            "KENNIS_DATABASE_URL is not the address of a database; example: sqlite:////srv/kennis/kennis.db",
        ) from error
    if parts.get_backend_name() == "sqlite" and parts.database in (None, "", ":memory:"):
        raise BadSetup(
            "Kennis bewaart geen database in het geheugen; noem een bestand in KENNIS_DATABASE_URL.",
            "Kennis keeps no database in memory; name a file in KENNIS_DATABASE_URL.",
        )
    return parts


def engine(url: str) -> Engine:
    """Opens nothing yet; BadSetup for a kind of database that Kennis does not know."""
    kind = _parsed(url).drivername
    try:
        if is_sqlite(url):
            made = create_engine(url, hide_parameters=True)
            made.dialect.create_connect_args(made.url)
            return made
    except ValueError as error:
        raise BadSetup(
            "KENNIS_DATABASE_URL heeft achter het vraagteken een optie met een waarde die niet kan.",
            "KENNIS_DATABASE_URL has an option behind its question mark with a value that cannot be.",
        ) from error
    except (ArgumentError, ImportError):
        pass
    raise BadSetup(
        f"KENNIS_DATABASE_URL begint met {kind}, en zo'n database kan Kennis niet openen; voorbeelden: "
        "sqlite:////srv/kennis/kennis.db en postgresql+psycopg://gebruiker:wachtwoord@server/kennis",
        f"KENNIS_DATABASE_URL starts with {kind}, and Kennis cannot open such a database; examples: "
        "sqlite:////srv/kennis/kennis.db and postgresql+psycopg://user:password@server/kennis",
    )


def is_missing(url: str) -> bool:
    """Whether this is an SQLite file that nobody made yet; opening it would make an empty one."""
    name = name_of(url)
    return is_sqlite(url) and not name.startswith("file:") and not Path(name).exists()


def explain(error: BaseException, url: str) -> BadSetup | None:
    """The sentence for an error that the operator can mend; None for any other (a fault of ours, a broken rule)."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.IntegrityError) or not isinstance(cause, sqlite3.Error):
        return None
    if "no such savepoint" in str(cause) and error.__context__ is not None:
        # On a full or failing disk SQLite undoes the whole transaction by itself, so that the savepoint around
        # what failed is gone too; the reason is the error before this one.
        return explain(error.__context__, url)
    return _explain_sqlite(cause, url)


def _explain_sqlite(cause: sqlite3.Error, url: str) -> BadSetup | None:
    code = getattr(cause, "sqlite_errorname", "") or ""
    for start in sorted(_SENTENCES, key=len, reverse=True):
        if code.startswith(start):
            return _sentence(_SENTENCES[start], url)
    return no_tables(url) if "no such table" in str(cause) else None


def _sentence(words: tuple[str, str], url: str) -> BadSetup:
    name = name_of(url)
    return BadSetup(words[0].format(name=name), words[1].format(name=name))


def no_tables(url: str) -> BadSetup:
    return _sentence(
        (
            "De database {name} heeft nog geen tabellen van Kennis; maak ze met: kennis db upgrade",
            "The database {name} has no tables of Kennis yet; make them with: kennis db upgrade",
        ),
        url,
    )


def damaged(url: str) -> BadSetup:
    return _sentence(_SENTENCES["SQLITE_CORRUPT"], url)


def not_ours(url: str) -> BadSetup:
    return _sentence(
        (
            "De database {name} is van een ander programma; kies een andere met KENNIS_DATABASE_URL.",
            "The database {name} belongs to another program; choose another one with KENNIS_DATABASE_URL.",
        ),
        url,
    )


def unmarked(url: str) -> BadSetup:
    return _sentence(
        (
            "De tabellen in de database {name} zijn van geen enkele versie van Kennis; zet een reservekopie terug.",
            "The tables in the database {name} are of no version of Kennis; restore a backup.",
        ),
        url,
    )


def older(url: str, found: str, wanted: str) -> BadSetup:
    return _sentence(
        (
            f"De database {{name}} heeft versie {found}, nodig is {wanted}; werk hem bij met: kennis db upgrade",
            f"The database {{name}} has version {found}, needed is {wanted}; bring it up with: kennis db upgrade",
        ),
        url,
    )


def newer(url: str, found: str, wanted: str) -> BadSetup:
    return _sentence(
        (
            (
                f"De database {{name}} heeft versie {found} en is van een nieuwere Kennis (deze kent {wanted}); "
                "installeer die nieuwere versie."
            ),
            (
                f"The database {{name}} has version {found} and belongs to a newer Kennis (this one knows {wanted}); "
                "install that newer version."
            ),
        ),
        url,
    )


def prepare_file(url: str) -> None:
    """Make an SQLite file that only its owner may read (those SQLite keeps beside it follow), in its folder, or say why
    that cannot be. One that is there stays as it is."""
    if not is_sqlite(url):
        return
    path = Path(name_of(url).removeprefix("file:"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not name_of(url).startswith("file:"):
            path.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise _sentence(_SENTENCES["SQLITE_CANTOPEN"], url) from error
