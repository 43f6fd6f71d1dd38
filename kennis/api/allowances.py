"""The parts of KENNIS_LIMIT that requests of each sort may take; each surface says which of its endpoints are what."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowance:
    """One address may take `KENNIS_LIMIT / divisor` in so many seconds."""

    name: str
    divisor: int
    seconds: int = 60


# A search costs ten times what a reading costs. A person who types or turns pages stays far below half: guess.
READ = Allowance("read", 1)
SEARCH = Allowance("search", 2)
SUGGEST = Allowance("suggest", 2)
# On pages: a shelter or a school has one address for all its readers.
PAGES = Allowance("pages", 1)
# Where a password is tried, or another server is asked about somebody. With 300 a minute 30 in ten minutes: an office
# logs in in the morning, and who guesses does not get far. Beside it each account has waits of its own.
LOGIN = Allowance("login", 10, 600)
