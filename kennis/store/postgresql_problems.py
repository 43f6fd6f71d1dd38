"""What PostgreSQL can complain of, in one clear sentence each. Knows no driver: it works on SQLSTATE codes."""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from kennis.errors import BadSetup
from kennis.store.problems import name_of

Words = tuple[str, str]

OLDEST = 15
# The beginning of an SQLSTATE -> what to say; the longest one that fits decides.
_STATES: dict[str, Words] = {
    "08": (
        "De verbinding met de database {name} viel weg; kijk of de server draait en probeer opnieuw.",
        "The connection to the database {name} was lost; see whether the server runs and try again.",
    ),
    "25006": (
        (
            "De database {name} is alleen-lezen (een kopie, of zo ingesteld); kies met KENNIS_DATABASE_URL de server "
            "waarop geschreven mag worden."
        ),
        (
            "The database {name} is read-only (a standby, or set so); choose the server that may be written to with "
            "KENNIS_DATABASE_URL."
        ),
    ),
    "25P0": (
        "De database {name} brak een wachtende transactie af; er is niets half opgeslagen. Probeer opnieuw.",
        "The database {name} ended a transaction that waited too long; nothing was stored half. Try again.",
    ),
    "42501": (
        "De gebruiker in KENNIS_DATABASE_URL mag dit niet in de database {name}; maak hem eigenaar van de database.",
        "The user in KENNIS_DATABASE_URL may not do this in the database {name}; make it the owner of the database.",
    ),
    "42P01": (
        "De database {name} heeft nog geen tabellen van Kennis; maak ze met: kennis db upgrade",
        "The database {name} has no tables of Kennis yet; make them with: kennis db upgrade",
    ),
    "53": (
        "De server van de database {name} heeft te weinig geheugen of schijfruimte; kijk in zijn logboek.",
        "The server of the database {name} is short of memory or disk space; look in its log.",
    ),
    "53100": (
        "Er is geen ruimte meer voor de database {name}; maak schijfruimte vrij. Er is niets half opgeslagen.",
        "There is no space left for the database {name}; free some disk space. Nothing was stored half.",
    ),
    "53300": (
        (
            "De server van de database {name} heeft geen vrije verbinding meer; verhoog max_connections of draai "
            "minder processen."
        ),
        "The server of the database {name} has no connection left; raise max_connections or run fewer processes.",
    ),
    "55P03": (
        "De database {name} is bezet door een ander proces; wacht tot dat klaar is of stop het, en probeer opnieuw.",
        "The database {name} is locked by another process; wait until that is done or stop it, then try again.",
    ),
    "57014": (
        "De database {name} deed te lang over een vraag en brak die af; kijk wat de server bezighoudt.",
        "The database {name} took too long over a question and broke it off; see what keeps the server busy.",
    ),
    "57P": (
        "De server van de database {name} stopt of start; probeer het zo opnieuw.",
        "The server of the database {name} is stopping or starting; try again in a moment.",
    ),
    "58": (
        "De schijf met de database {name} geeft een fout bij lezen of schrijven; controleer de schijf en de ruimte.",
        "The disk of the database {name} fails on reading or writing; check the disk and its free space.",
    ),
    "XX00": (
        "De database {name} is beschadigd; kijk in het logboek van de server en zet een reservekopie terug.",
        "The database {name} is damaged; look in the log of the server and restore a backup.",
    ),
}
_CONTENDED: Words = (
    "Een ander programma werkte in de database {name} aan hetzelfde; er is niets half opgeslagen. Probeer opnieuw.",
    "Another program worked on the same in the database {name}; nothing was stored half. Try again.",
)
# Before a connection stands there is no SQLSTATE, only the words of the server (English unless it is set otherwise).
_REFUSED: tuple[tuple[tuple[str, ...], Words], ...] = (
    (("is starting up", "is shutting down", "recovery"), _STATES["57P"]),
    (("too many clients", "too many connections", "connection slots"), _STATES["53300"]),
    (
        ("pg_hba.conf", "permission denied for database"),
        (
            (
                "De server laat deze gebruiker of computer niet toe tot de database {name}; pas pg_hba.conf of de "
                "rechten aan."
            ),
            "The server does not let this user or machine into the database {name}; change pg_hba.conf or the grants.",
        ),
    ),
    (
        ("password authentication failed", "no password supplied", 'role "'),
        (
            "De server weigert gebruiker of wachtwoord voor de database {name}; verbeter KENNIS_DATABASE_URL.",
            "The server refuses user or password for the database {name}; mend KENNIS_DATABASE_URL.",
        ),
    ),
    (
        ('database "',),
        (
            "De database {name} bestaat niet; maak hem met: createdb --encoding=UTF8 --template=template0 NAAM",
            "The database {name} does not exist; make it with: createdb --encoding=UTF8 --template=template0 NAME",
        ),
    ),
)
_UNREACHABLE: Words = (
    "De database {name} is niet bereikbaar; controleer KENNIS_DATABASE_URL en of de server draait.",
    "The database {name} cannot be reached; check KENNIS_DATABASE_URL and whether the server runs.",
)
# Deadlock, and transactions that cannot be put in an order: the same step again may well succeed.
_RETRYABLE = ("40001", "40P01")


class Contended(BadSetup):
    """The server broke a transaction off for the sake of another one; taking the step again may succeed."""


def require_fit(version: int, encoding: str, url: str) -> None:
    """BadSetup when the server is too old, or the database cannot hold every letter."""
    if version < OLDEST * 10_000:
        found = version // 10_000
        raise _sentence(
            (
                f"De database {{name}} draait op PostgreSQL {found}; Kennis heeft {OLDEST} of nieuwer nodig.",
                f"The database {{name}} runs on PostgreSQL {found}; Kennis needs {OLDEST} or newer.",
            ),
            url,
        )
    if encoding != "UTF8":
        raise _sentence(
            (
                (
                    f"De database {{name}} bewaart tekst als {encoding}; maak een nieuwe met: createdb --encoding=UTF8 "
                    "--template=template0 NAAM"
                ),
                (
                    f"The database {{name}} keeps text as {encoding}; make a new one with: createdb --encoding=UTF8 "
                    "--template=template0 NAME"
                ),
            ),
            url,
        )


def require_writable(session: Session, url: str) -> None:
    """BadSetup on a standby and where writing was switched off."""
    if session.scalar(text("SHOW transaction_read_only")) == "on":
        raise _sentence(_STATES["25006"], url)


def explain(error: BaseException, url: str) -> BadSetup | None:
    """The sentence for an error that the operator can mend; None for any other (a fault of ours, a broken rule)."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if cause is None or type(cause).__module__.partition(".")[0] != "psycopg":
        return None
    state: str | None = getattr(cause, "sqlstate", None)
    if state is None:
        # An error of the connection itself; any other without a code is about a value we sent.
        is_connection = type(cause).__name__ in ("OperationalError", "ConnectionTimeout")
        return _sentence(_refusal(str(cause)), url) if is_connection else None
    if state in _RETRYABLE:
        return Contended(*(words.format(name=name_of(url)) for words in _CONTENDED))
    starts = [start for start in _STATES if state.startswith(start)]
    return _sentence(_STATES[max(starts, key=len)], url) if starts else None


def _refusal(words: str) -> Words:
    reason = words.rpartition("FATAL:")[2]
    return next((told for marks, told in _REFUSED if any(mark in reason for mark in marks)), _UNREACHABLE)


def _sentence(words: Words, url: str) -> BadSetup:
    return BadSetup(*(sentence.format(name=name_of(url)) for sentence in words))
