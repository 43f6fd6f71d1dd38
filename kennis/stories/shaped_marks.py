"""Marks for what has a form of its own: addresses, numbers, dates. Every expression is linear in the text (P4)."""

import re
from collections.abc import Iterator
from functools import cache

from stdnum.nl import bsn, postcode

from kennis.content import identifiers
from kennis.content.fields_phone import dialled
from kennis.content.schemas import addresses
from kennis.stories.cue_lists import cue_lists, fold, help_numbers
from kennis.stories.marks import LIKELY, SURE, UNSURE, Mark

# Also "naam (at) huis.nl" and "naam apenstaartje huis.nl", as people write it who do not want to be found by programs.
_EMAIL = re.compile(
    r"(?<![\w.+%'-])[\w.+%'-]{1,64}(?:@|\s?[(\[{]\s?(?:at|apenstaartje)\s?[)\]}]\s?|\sapenstaartje\s)"
    r"(?:[\w-]{1,63}(?:\.|\spunt\s)){1,6}[^\W\d_]{2,24}",
    re.IGNORECASE,
)
_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>\"]{2,500}", re.IGNORECASE)
# Without https or www only with endings that are no Dutch words: a full stop without a space behind it is common.
_BARE_LINK = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9-]{1,63}\.){1,4}(?:nl|com|org|net|eu|info|app)(?:/[^\s<>\"]{0,500})?(?![\w-])",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@./])@[A-Za-z_][\w.]{2,29}")
_CLOSING = ".,;:!?)]}'’”»*_"

_GAP = r"[ \t.()/\-–]{0,3}"
# Abroad, a number for companies (0800, 0900), or ten digits; not in the middle of more digits.
_PHONE = re.compile(
    rf"(?<![\d+])(?:(?:\+|00){_GAP}[1-9](?:{_GAP}\d){{7,13}}(?!\d)"
    rf"|0[89]00(?:{_GAP}\d){{4}}(?!\d)|0[89]00(?:{_GAP}\d){{7}}(?!\d)"
    rf"|0{_GAP}[1-9](?:{_GAP}\d){{8}}(?!\d))"
)
# "mijn 06 is 12345678"
_SPLIT_MOBILE = re.compile(r"(?<!\d)06[^\d\n]{1,15}([1-9](?:[ .-]?\d){7})(?!\d)")
_BEGINS_AS_DATE = re.compile(r"[0-3]?\d[-/. ][01]?\d[-/. ](?:19|20)\d\d(?!\d)")

# In small letters, with a space: only when the two letters are no word.
_SMALL_POSTCODE = re.compile(r"(?<![\w.,-])[1-9]\d{3} {0,2}([A-Za-z]{2})(?![\w-])")
_STREET_ALONE = re.compile(r"\b[A-ZÀ-Þ][\w'’.-]{2,30}(?:straat|laan|gracht|kade|singel|steeg|plantsoen|dreef|plein)\b")
# What may stand before the word for the street: "Burgemeester van Verzinnenstraat".
_LONGEST_FRONT = 40
_FRONT = re.compile(r"(?<!\w)(?:[A-ZÀ-Þ][^\W\d_]*\s)(?:(?:[A-ZÀ-Þ][^\W\d_]*|van|de|der|den)\s){0,3}\Z")
# A short word behind the house number is no part of it, but "bis" and a letter are.
_WORD_BEHIND = re.compile(r"(?<=[0-9a-zA-Z])\s(?!bis$|hs$)[a-z]{2,3}$")
_POST_BOX = re.compile(r"\bpostbus\s{1,3}[1-9]\d{0,5}\b", re.IGNORECASE)

# The fourteen side codes of the RDW: X a letter, 9 a digit.
_SIDE_CODES = (
    "XX-99-99", "99-99-XX", "99-XX-99", "XX-99-XX", "XX-XX-99", "99-XX-XX", "99-XXX-9", "9-XXX-99", "XX-999-X",
    "X-999-XX", "XXX-99-X", "X-99-XXX", "9-XX-999", "999-XX-9",
)  # fmt: skip
# Plates have no vowels, words do; so small letters count only without them.
_SIGN = "[A-Zb-df-hj-np-tv-z]"


def _plates(sign: str, between: str) -> str:
    codes = (code.replace("-", between).replace("X", sign).replace("9", "[0-9]") for code in _SIDE_CODES)
    return "(?:" + "|".join(codes) + ")"


_PLATE = re.compile(rf"(?<![\w-])(?:{_plates(_SIGN, '-')}|{_plates('[A-Z]', ' ')})(?![\w-])")


@cache
def _plate_behind_cue() -> re.Pattern[str]:
    cue = cue_lists().expression("plate")
    return re.compile(rf"\b{cue}\b[^\n]{{0,20}}?\b({_plates('[a-z]', '[ -]?')})(?![\w-])", re.IGNORECASE)


@cache
def _birth_dates() -> tuple[re.Pattern[str], ...]:
    born, month = (cue_lists().expression(name) for name in ("born", "month"))
    full = (
        rf"[0-3]?\d[-/. ][01]?\d[-/. ](?:(?:19|20)\d\d|\d\d)|(?:19|20)\d\d-[01]\d-[0-3]\d"
        rf"|[0-3]?\d(?:e|ste|de)?\s{month}\b\.?(?:\s(?:19|20)\d\d)?"
    )
    day = rf"(?<!\d)(?P<day>{full}|(?:19|20)\d\d)(?!\d)"
    return (
        re.compile(rf"\b{born}\b[\s:.(]{{0,3}}(?:(?:is|was|op|in|:)\s{{1,2}}){{0,2}}{day}", re.IGNORECASE),
        re.compile(rf"(?<!\d)(?P<day>{full})(?!\d)[^.!?\n\d]{{0,40}}\b(?:geboren|jarig)\b", re.IGNORECASE),
    )


@cache
def _named_place() -> re.Pattern[str]:
    platform = cue_lists().expression("platform")
    return re.compile(
        rf"\b{platform}[ -]?(?:account|naam|profiel|pagina)?\s?"
        rf"(?::\s?@?(?P<any>[\w.]{{3,40}})|(?:is|heet|=)?\s@?(?P<odd>(?=[a-z.]{{0,40}}[\d_.][\w.])[\w.]{{3,40}}))",
        re.IGNORECASE,
    )


def emails(text: str) -> Iterator[Mark]:
    for match in _EMAIL.finditer(text):
        yield Mark("email", match.start(), match.end(), SURE)


def links(text: str) -> Iterator[Mark]:
    for pattern, confidence in ((_LINK, SURE), (_BARE_LINK, LIKELY), (_HANDLE, LIKELY)):
        for match in pattern.finditer(text):
            yield Mark("link", match.start(), match.start() + len(match[0].rstrip(_CLOSING)), confidence)
    for match in _named_place().finditer(text):
        start = match.start("any" if match["any"] else "odd")
        yield Mark("link", start, start + len(text[start : match.end()].rstrip(_CLOSING)), LIKELY)


def phones(text: str) -> Iterator[Mark]:
    for match in _PHONE.finditer(text):
        start = match.start()
        number = dialled(match[0].translate(_WITHOUT_DASHES))
        if number is None or number in help_numbers() or _BEGINS_AS_DATE.match(text, start):
            continue
        if _is_given_out(number):
            is_open = start > 0 and text[start - 1] == "(" and ")" in match[0]
            yield Mark("phone", start - is_open, match.end(), SURE)
    for match in _SPLIT_MOBILE.finditer(text):
        if _is_given_out("06" + re.sub(r"\D", "", match[1])):
            yield Mark("phone", match.start(1), match.end(), LIKELY)


_WITHOUT_DASHES = str.maketrans("", "", "–\t")


def _is_given_out(number: str) -> bool:
    """Whether the numbering plan of its country has such a number: what leniency VALID of phonenumbers asks."""
    import phonenumbers

    if not number.startswith("00"):
        return phonenumbers.is_valid_number(phonenumbers.PhoneNumber(31, int(number)))
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(f"+{number[2:]}"))
    except phonenumbers.NumberParseException:
        return False


def numbers_of_people(text: str) -> Iterator[Mark]:
    """BSN and IBAN; nine digits that pass the elfproef without a cue may be a file number, so they are unsure."""
    for found in identifiers.find(text):
        yield Mark(found.kind, found.start, found.end, SURE)
    for match in identifiers.NUMBER.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        is_abroad = text.startswith("+", match.start() - 1) if match.start() else False
        if len(digits) == 9 and not is_abroad and bsn.is_valid(digits):
            yield Mark("bsn", match.start(), match.end(), UNSURE)


def places(text: str) -> Iterator[Mark]:
    for match in addresses.POSTCODE.finditer(text):
        yield Mark("postcode", match.start(), match.end(), SURE)
    for match in _SMALL_POSTCODE.finditer(text):
        if fold(match[1]) not in cue_lists().words["two-letters"] and postcode.is_valid(match[0]):
            yield Mark("postcode", match.start(), match.end(), LIKELY)
    for pattern, confidence in (*((p, SURE) for p in addresses.STREETS), (_POST_BOX, SURE), (_STREET_ALONE, LIKELY)):
        for match in pattern.finditer(text):
            start = max(0, match.start() - _LONGEST_FRONT)
            front = _FRONT.search(text, start, match.start())
            end = match.start() + len(_WORD_BEHIND.sub("", match[0]))
            yield Mark("address", front.start() if front else match.start(), end, confidence)


def plates(text: str) -> Iterator[Mark]:
    for match in _PLATE.finditer(text):
        yield Mark("licence-plate", match.start(), match.end(), LIKELY)
    for match in _plate_behind_cue().finditer(text):
        yield Mark("licence-plate", match.start(1), match.end(1), SURE)


def birth_dates(text: str) -> Iterator[Mark]:
    for pattern in _birth_dates():
        for match in pattern.finditer(text):
            yield Mark("birth-date", match.start("day"), match.end("day"), LIKELY)


def shaped(text: str) -> Iterator[Mark]:
    """All of them, overlapping and in no order."""
    for find in (emails, links, phones, numbers_of_people, places, plates, birth_dates):
        yield from find(text)
