"""Passwords of accounts: what is too easy to guess, and how the others are kept (safety.md V23, V29)."""

import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from kennis.errors import Problem, Text

if TYPE_CHECKING:
    from argon2 import PasswordHasher

# In characters. Longer is cut nowhere, so it is refused.
SHORTEST, LONGEST = 12, 128
POINTER = "/password"
# Of guesses that somebody who knows the lists would need, as a power of ten: where the highest grade of zxcvbn begins.
LEAST_GUESSES = 10.0
# What people put between words and behind them, to no effect.
SEPARATORS = str.maketrans("", "", " -_.,")
# zxcvbn takes the square of the length in time, for each way to read signs as letters: 0.4 s at worst for so many
# characters, of which it is asked twice, and 4 s for the 72 that it allows itself.
LOOKED_AT = 32
# A letter with its signs apart is four characters at most; more than this is no password, and is not normalised.
MOST_GIVEN = 4 * LONGEST
# Names that somebody would try here first.
WORDS_OF_SITE = (
    "kennis", "kennisplatform", "kennisdelen", "redactie", "redacteur", "beheer", "beheerder", "wachtwoord",
    "geheim", "inloggen", "huiselijk", "geweld", "partnergeweld", "kindermishandeling", "ouderenmishandeling",
    "veilig", "thuis", "veiligthuis", "veiligheid", "slachtoffer", "hulp", "hulpverlening", "hulpverlener", "opvang",
    "vrouwenopvang", "meldcode", "zorg", "gemeente", "januari", "februari", "maart", "april", "juni", "juli",
    "augustus", "september", "oktober", "november", "december", "lente", "zomer", "herfst", "winter", "nederland",
    "amsterdam", "rotterdam", "utrecht", "welkom", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag",
    "zaterdag", "zondag", "ikhouvanjou",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one hash with argon2id: passes over the memory, KiB of it, lanes at once."""

    passes: int
    memory: int
    lanes: int


# The second recommended choice of RFC 9106, 4: for where 2 GiB per login is too much.
STRONG = Cost(passes=3, memory=65536, lanes=4)


@dataclass(frozen=True, slots=True)
class Ready:
    """A new password for a transaction to keep: looked at and hashed before it. No digest where there are problems."""

    problems: tuple[Problem, ...]
    digest: str = field(repr=False)


def ready(password: str, problems: Sequence[Problem], cost: Cost = STRONG) -> Ready:
    """`problems` are those that `problems_of` found. Call it outside any transaction, as that one."""
    return Ready(tuple(problems), "" if problems else hash_password(password, cost))


def hash_password(password: str, cost: Cost = STRONG) -> str:
    """Takes 64 MiB and a third of a second: inside a transaction nobody else could write so long."""
    return _hasher(cost).hash(_bytes(password))


def verify(password: str, digest: str) -> bool:
    """As slow as making the digest was, whatever is given; its parameters stand in the digest."""
    from argon2.exceptions import VerificationError

    try:
        return _hasher(STRONG).verify(digest, _bytes(password)) and len(password) <= MOST_GIVEN
    except VerificationError:
        return False


def is_outdated(digest: str, cost: Cost = STRONG) -> bool:
    """Made at another cost: to be made anew when its password is next given."""
    return _hasher(cost).check_needs_rehash(digest)


def problems_of(password: str, words: Sequence[str] = ()) -> list[Problem]:
    """What is wrong with a new password; `words` are those of its owner, such as name and address. No rule asks for
    kinds of characters. Of long ones the first 32 characters must do."""
    length = len(plain(password)) if len(password) <= MOST_GIVEN else len(password)
    if length < SHORTEST:
        return [_problem(f"Kies minstens {SHORTEST} tekens; een paar losse woorden mag.",
                         f"Choose at least {SHORTEST} characters; a few separate words will do.")]  # fmt: skip
    if length > LONGEST:
        return [_problem(f"Kies hoogstens {LONGEST} tekens.", f"Choose at most {LONGEST} characters.")]
    if _power_of_guesses(plain(password)[:LOOKED_AT], words) < LEAST_GUESSES:
        return [_problem("Dit wachtwoord is te makkelijk te raden. Kies bijvoorbeeld vier woorden die niet bij elkaar "
                         "horen.",
                         "This password is too easy to guess. Choose for example four words that have nothing to do "
                         "with each other.")]  # fmt: skip
    return []


def _problem(nl: str, en: str) -> Problem:
    return Problem(Text(nl, en), POINTER)


def _power_of_guesses(password: str, words: Sequence[str]) -> float:
    """Not by its own front door, which leaves the words of the owner in a list that all threads share."""
    from zxcvbn import matching, scoring

    known = dict.fromkeys(part for word in words for side in (word, *word.split("@")) for part in _parts(side))
    lists = {**matching.RANKED_DICTIONARIES, "user_inputs": matching.build_ranked_dict([*known, *WORDS_OF_SITE])}
    bare = password.translate(SEPARATORS).strip(string.punctuation)
    # Without its term for the number of parts, which makes any three common words a good password.
    found = [
        scoring.most_guessable_match_sequence(form, matching.omnimatch(form, lists), _exclude_additive=True)
        for form in (password, bare)
        if form
    ]
    return min(float(one["guesses_log10"]) for one in found)


def _parts(word: str) -> list[str]:
    """As it is, the pieces, and those together: of j.de.vries also `vries`, `devries` and `jdevries`."""
    whole = plain(word).lower()
    pieces = "".join(c if c.isalnum() else " " for c in whole).split()
    return [whole, *pieces, *("".join(pieces[i:]) for i in range(len(pieces)))]


def plain(password: str) -> str:
    """The same letters give the same password, on whichever keyboard they were typed."""
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return plain(password[:MOST_GIVEN]).encode("utf-8", "surrogatepass")


@cache
def _hasher(cost: Cost) -> "PasswordHasher":
    from argon2 import PasswordHasher, Type

    return PasswordHasher(
        time_cost=cost.passes, memory_cost=cost.memory, parallelism=cost.lanes, hash_len=32, salt_len=16, type=Type.ID
    )
