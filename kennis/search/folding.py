"""Folding of one word and finding words in text: what every step of the search agrees on."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# Letters that no Unicode decomposition takes apart, as a Dutch keyboard writes them.
LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
# Beyond this a word is not language; Lucene refuses terms over 32,766 bytes. Guess.
LONGEST_WORD = 64
# Combining signs and invisible characters (soft hyphen, zero width) that belong to the word they stand in.
JOINED = "\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f\u064b-\u065f"
APOSTROPHES = "'’‘ʼ＇´`"
WORD = rf"[^\W_]+(?:(?:[{JOINED}]|[{APOSTROPHES}](?=[^\W_]))[^\W_]*)*"
# Dutch numbers only: free and paid ones of 8 or 11 digits, else 10 digits with 0 or +31 before (T15). A day of the
# calendar (01-02-2019) looks like one and is left out.
FREE_NUMBER = r"0(?:800|90[069])[ .-]?\d(?:[ .-]?\d){3}(?:(?:[ .-]?\d){3})?(?![^\W_])"
NUMBER = r"(?!\d\d?[-.]\d\d?[-.]\d{4}(?!\d))(?:(?:\+|00)31[ .-]?(?:\(0\)[ .-]?)?|0)[1-9](?:[ .-]?\d){8}(?![^\W_])"
PHONE = rf"(?<![^\W_])(?:{FREE_NUMBER}|{NUMBER})"
# The signs of ASCII that stand between words most, and belong to none.
BETWEEN = '.,:;?!()-/"'


def fold_word(word: str) -> str:
    """Lower case without accents, apostrophes, signs and invisible characters; may be empty; never holds a space."""
    if word.isascii() and word.isalnum():
        return word[:LONGEST_WORD].lower()
    plain = unicodedata.normalize("NFKD", word[: 2 * LONGEST_WORD].lower()).lower().translate(LETTERS)
    return "".join(c for c in plain if c.isalnum())[:LONGEST_WORD]


def phone_token(raw: str) -> str:
    """The digits of a Dutch phone number as one dials it inside the country."""
    digits = "".join(c for c in raw.replace("(0)", "") if c.isdigit())
    return re.sub(r"^(?:0031|31(?=\d{9}$))", "0", digits)


@dataclass(frozen=True, slots=True)
class WordPattern:
    """Protected forms with signs first, then phone numbers, then words. Most texts have neither a digit nor such a
    sign, and looking for words alone takes a fifth of the time."""

    special: re.Pattern[str]
    whole: re.Pattern[str]
    plain: re.Pattern[str]
    between: bytes

    def of(self, text: str) -> re.Pattern[str]:
        """Without groups; finds the same as the whole pattern."""
        return self.whole if self.special.search(text) else self.plain

    def words(self, text: str) -> list[str]:
        """All it finds. Text of nothing but letters and common signs is cut up without a pattern, twice as fast."""
        # In UTF-8 a byte of ASCII is no part of any other letter.
        found = text.encode(errors="replace").translate(self.between).decode().split()
        return found if "".join(found).isalpha() else self.of(text).findall(text)


def word_pattern(protected: Iterable[str]) -> WordPattern:
    signs = sorted((form for form in protected if not form.isalnum()), key=len, reverse=True)
    literal = [f"(?i:{'|'.join(_whole(form) for form in signs)})"] if signs else []
    marks = "".join(sorted({c for form in signs for c in form if not c.isalnum()}))
    between = "".join(sign for sign in BETWEEN if sign not in marks)
    return WordPattern(
        special=re.compile(rf"[\d{re.escape(marks)}]"),
        whole=re.compile("|".join([*literal, PHONE, WORD])),
        plain=re.compile(WORD),
        between=bytes.maketrans(between.encode(), b" " * len(between)),
    )


def _whole(form: str) -> str:
    """Not in the middle of a word, on those sides where the form itself has a letter."""
    before = r"(?<![^\W_])" if form[0].isalnum() else ""
    after = r"(?![^\W_])" if form[-1].isalnum() else ""
    return before + re.escape(form) + after
