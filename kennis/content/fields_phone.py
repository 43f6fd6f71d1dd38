"""Phone numbers: kept as dialled in the Netherlands, digits only, and shown in groups."""

import re

_SIGNS = re.compile(r"[\s().\-/]")
# Emergency and short numbers (112, 113, 144), 116xxx, 14 with an area code, text message codes of four digits.
_SHORT = re.compile(r"1[0-9]{2}|116[0-9]{3}|14[0-9]{3,4}|[1-9][0-9]{3}|0[89]00[0-9]{4}([0-9]{3})?")
_DUTCH = re.compile(r"0[1-9][0-9]{8}")
_ABROAD = re.compile(r"00[1-9][0-9]{6,13}")
# Area codes of two digits behind the zero; the others have three (numbering plan of the Netherlands).
_SHORT_AREAS = re.compile(r"1[035]|2[0346]|3[03568]|4[0356]|5[0358]|7[0-9]")
_SERVICES = re.compile(r"8[24578]|91")


def dialled(text: str) -> str | None:
    """`+31 (0)20 123 45 67` as `0201234567`, a foreign number with 00 in front; None when it is no number."""
    digits = _SIGNS.sub("", text.replace("(0)", ""))
    for prefix in ("+31", "0031"):
        if digits.startswith(prefix):
            digits = "0" + digits.removeprefix(prefix)
    if digits.startswith("+"):
        digits = "00" + digits[1:]
    fits = _SHORT.fullmatch(digits) or _DUTCH.fullmatch(digits) or _ABROAD.fullmatch(digits)
    return digits if fits else None


def grouped(number: str) -> str:
    """A stored number as a page shows it: `0800-2000`, `020-123 45 67`, `06-12 34 56 78`."""
    if number.startswith(("0800", "0900")):
        rest = number[4:]
        return f"{number[:4]}-{rest}" if len(rest) == 4 else f"{number[:4]}-{rest[:3]} {rest[3:]}"
    if not _DUTCH.fullmatch(number):
        return f"+{number[2:]}" if _ABROAD.fullmatch(number) else number
    if number[1] == "6":
        return f"06-{number[2:4]} {number[4:6]} {number[6:8]} {number[8:]}"
    if _SHORT_AREAS.match(number, 1) or _SERVICES.match(number, 1):
        return f"{number[:3]}-{number[3:6]} {number[6:8]} {number[8:]}"
    return f"{number[:4]}-{number[4:6]} {number[6:8]} {number[8:]}"
