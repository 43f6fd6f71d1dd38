"""BSN and IBAN in text: the two identifiers that block saving in every text field (safety.md P7).

A BSN passes the elfproef and has a cue word nearby: the elfproef alone lets 9 % of random numbers pass.
An IBAN passes its checksum (ISO 13616).
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from stdnum import iban, numdb
from stdnum.nl import bsn

# How many characters before or after a number a cue word may stand: about one short sentence (guess).
CUE_DISTANCE = 60
CUE = re.compile(r"\b(bsn|b\.s\.n|burger[\s-]?service[\s-]?nummer|sofi|sofinummer|sofi-nummer)", re.I)
# What stands between the groups of a number as people type it or copy it from a page: white space of every kind, full
# stops, dashes, and signs that nobody sees.
BETWEEN = r"[\s.\-\u2010-\u2015\u00ad\u200b-\u200d\u2060\ufeff]{0,2}"
NUMBER = re.compile(rf"(?<!\d)(?<!\d\.)\d(?:{BETWEEN}\d){{7,8}}(?!\d)")
ACCOUNT = re.compile(rf"(?<![A-Za-z0-9])[A-Za-z]{{2}}[0-9]{{2}}(?:{BETWEEN}[A-Za-z0-9]){{11,30}}")
# Eight digits too, and every eleventh passes the elfproef.
DAY_OR_YEARS = re.compile(
    r"(?:[0-3]\d\D[01]\d\D(?:19|20)\d\d|(?:19|20)\d\d\D[01]\d\D[0-3]\d|(?:19|20)\d\d\D{1,2}(?:19|20)\d\d)(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """`start` and `end` slice the scanned text. Never log it, never send it out (safety.md P6)."""

    kind: Literal["bsn", "iban"]
    start: int
    end: int


@cache
def _length(country: str) -> int:
    """How many letters and digits an IBAN of this country has (registry of ISO 13616); 0 where there is none."""
    structure = numdb.get("iban").info(country)[0][1].get("bban", "")
    return sum(map(int, re.findall(r"(\d+)!", structure)), start=4) if structure else 0


def _account_numbers(text: str) -> Iterator[Finding]:
    position = 0
    while match := ACCOUNT.search(text, position):
        position = match.start() + 4
        length = _length(match[0][:2].upper())
        # Words behind a number look like a part of it: only so many letters and digits count.
        signs = [at for at in range(match.start(), match.end()) if text[at].isalnum()][:length]
        # Not asked of national lists of banks: they age, and the checksum is enough.
        number = "".join(text[at] for at in signs)
        if signs and len(signs) == length and iban.is_valid(number, check_country=False):
            position = signs[-1] + 1
            yield Finding("iban", match.start(), position)


def _citizen_numbers(text: str) -> Iterator[Finding]:
    cues = [(m.start(), m.end()) for m in CUE.finditer(text)]
    starts = [start for start, _ in cues]
    for match in NUMBER.finditer(text) if cues else ():
        if DAY_OR_YEARS.match(match[0]):
            continue
        behind = bisect_left(starts, match.start())
        is_near = (behind < len(cues) and starts[behind] - match.end() <= CUE_DISTANCE) or (
            behind > 0 and match.start() - cues[behind - 1][1] <= CUE_DISTANCE
        )
        if is_near and bsn.is_valid(re.sub(r"\D", "", match[0]).zfill(9)):
            yield Finding("bsn", match.start(), match.end())


def find(text: str) -> list[Finding]:
    """All BSNs and IBANs in order; linear in the length of the text."""
    return sorted([*_account_numbers(text), *_citizen_numbers(text)], key=lambda f: f.start)
