"""The smallest parts of a document: marshmallow fields that keep JSON values and refuse in two languages.

Each field states its bounds as JSON Schema facts in its metadata, so that OpenAPI shows what is enforced.
`parse` is what both marshmallow and the fast walk of `kennis.content.fields_nested` call.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import quote

from marshmallow import ValidationError, fields, missing

from kennis.content import identifiers
from kennis.content.fields_signs import is_stacked
from kennis.content.vocabulary import Term, Vocabulary, vocabularies
from kennis.errors import Text

Weight = Literal["A", "B", "C"]

# A wrong code is repeated in the message: cut, for it is input.
LONGEST_ECHO = 60
LONGEST_URL = 500

_URL = re.compile(
    r"https://([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?(:[0-9]{1,5})?([/?#][^\s<>\"{}|\\^`]*)?",
    re.IGNORECASE,
)
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")
# Characters that no text needs and that databases or JSON refuse: controls and lone surrogates.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
# A superset of what identifiers.find can find, ten times cheaper: two letters and two digits, or eight digits.
_MAY_IDENTIFY = re.compile(rf"\d(?:\d(?<=[A-Za-z]{{2}}[0-9]{{2}})|(?:{identifiers.BETWEEN}\d){{7}})")


def refuse(nl: str, en: str) -> ValidationError:
    """One fault in both languages, as marshmallow carries it; `problems` of fields_nested unfolds it."""
    return ValidationError([Text(nl, en)])


NOT_TEXT = Text("Dit moet tekst zijn.", "This must be text.")
EMPTY = Text(
    "Een lege tekst mag niet: laat het veld weg of stuur null.",
    "An empty text is refused: leave the property out or send null.",
)
STACKED = Text("Er staan te veel tekens op één letter.", "There are too many signs on one letter.")
UNFIT = Text("Er staat een onzichtbaar stuurteken in.", "It holds a control character.")
ONE_LINE = Text("Dit moet op één regel.", "This must be on one line.")
IDENTIFIERS = {
    "bsn": Text(
        "Hier staat een burgerservicenummer (BSN). Haal het weg.",
        "This holds a citizen service number (BSN). Take it out.",
    ),
    "iban": Text(
        "Hier staat een rekeningnummer (IBAN). Haal het weg.", "This holds a bank account number (IBAN). Take it out."
    ),
}


class ContentField(fields.Field[Any]):
    """A field with its Dutch label (`title`), its weight for search and its facts for OpenAPI.

    `default` is filled in on loading, also in a draft, and stored.
    """

    def __init__(
        self,
        label: str,
        *,
        required: bool = False,
        weight: Weight | None = None,
        default: Any = None,
        example: Any = None,
        description: str | None = None,
        **facts: Any,
    ) -> None:
        metadata: dict[str, Any] = {"title": label, **facts}
        if example is not None:
            metadata["examples"] = [example]
        if description is not None:
            metadata["description"] = description
        super().__init__(required=required, load_default=missing if default is None else default, metadata=metadata)
        self.default = default
        self.weight = weight

    def prepare(self) -> None:
        """Called when the field is bound to a schema; fields with a vocabulary read it here, not at import."""

    def parse(self, value: Any) -> Any:
        raise NotImplementedError

    def _deserialize(self, value: Any, *_where: Any, **_options: Any) -> Any:
        return self.parse(value)


class PlainText(ContentField):
    """Trimmed text of `least` to `most` characters in NFC; a BSN or IBAN in it is refused."""

    one_line = False

    def __init__(self, label: str, least: int, most: int, **options: Any) -> None:
        super().__init__(label, type="string", minLength=least, maxLength=most, **options)
        self.least, self.most = least, most
        self.too_short = Text(f"Schrijf minstens {least} tekens.", f"Write at least {least} characters.")
        self.too_long = Text(f"Schrijf hoogstens {most} tekens.", f"Write at most {most} characters.")

    def parse(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError([NOT_TEXT])
        if not value.isascii():
            if is_stacked(value):
                raise ValidationError([STACKED])
            value = unicodedata.normalize("NFC", value)
        text: str = value.strip()
        if not text.isprintable():
            text = self._without_oddities(text)
        if not self.least <= len(text) <= self.most:
            fault = self.too_long if len(text) > self.most else self.too_short
            raise ValidationError([fault if text else EMPTY])
        if _MAY_IDENTIFY.search(text) and (found := identifiers.find(text)):
            raise ValidationError([IDENTIFIERS[kind] for kind in sorted({f.kind for f in found})])
        return text

    def _without_oddities(self, text: str) -> str:
        text = _LINE_ENDS.sub("\n", text)
        if _UNFIT.search(text):
            raise ValidationError([UNFIT])
        if self.one_line and "\n" in text:
            raise ValidationError([ONE_LINE])
        return text


class Line(PlainText):
    """Text on one line: titles, names."""

    one_line = True


class Markdown(PlainText):
    """CommonMark; kept as written, made safe when a page shows it."""

    def __init__(self, label: str, least: int, most: int, **options: Any) -> None:
        options.setdefault("description", "Markdown (CommonMark) zonder HTML.")
        super().__init__(label, least, most, contentMediaType="text/markdown", **options)


class Url(ContentField):
    """An https address of at most 500 characters; other characters than ASCII in the path are percent-encoded."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, type="string", format="uri", maxLength=LONGEST_URL, pattern="^https://", **options)

    def parse(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError([NOT_TEXT])
        text = value.strip()
        if not text.isascii():
            text = quote(text, safe="%/:?#[]@!$&'()*+,;=~", errors="replace")
        if len(text) > LONGEST_URL or not _URL.fullmatch(text):
            raise refuse(
                f"Dit moet een https-adres zijn van hoogstens {LONGEST_URL} tekens.",
                f"This must be an https address of at most {LONGEST_URL} characters.",
            )
        return text


class Email(Line):
    """A role address; one that looks like a person's name is advice, not an error (`kennis.content.advice`)."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, 6, 254, format="email", **options)

    def parse(self, value: Any) -> str:
        text = super().parse(value)
        if not EMAIL.fullmatch(text) or ".." in text:
            raise refuse("Dit is geen e-mailadres.", "This is not an e-mail address.")
        return text


class Code(ContentField):
    """One code of a vocabulary; `only` leaves out terms that are values of a facet or fit other kinds.

    `label_from` names the property that stands in for the label where there is no code.
    """

    def __init__(
        self,
        label: str,
        vocabulary: str,
        *,
        only: Callable[[Term], bool] | None = None,
        label_from: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(label, type="string", **options)
        self.label_from = label_from
        self.vocabulary_name = vocabulary
        self.only = only
        self.codes: frozenset[str] = frozenset()

    @property
    def vocabulary(self) -> Vocabulary:
        return vocabularies()[self.vocabulary_name]

    def prepare(self) -> None:
        allowed = [t.code for t in self.vocabulary if self.only is None or self.only(t)]
        self.codes = frozenset(allowed)
        self.metadata = {"enum": allowed, "examples": [self.default or allowed[0]], **self.metadata}

    def parse(self, value: Any) -> str:
        if isinstance(value, str) and value in self.codes:
            return value
        if not isinstance(value, str):
            raise ValidationError([NOT_TEXT])
        shown, near = value[:LONGEST_ECHO], self.vocabulary.nearest(value[:LONGEST_ECHO])
        if near in self.codes:
            raise refuse(
                f"“{shown}” is geen code van deze lijst; bedoelt u “{near}”?",
                f"“{shown}” is not a code of this list; did you mean “{near}”?",
            )
        raise refuse(f"“{shown}” is geen code van deze lijst.", f"“{shown}” is not a code of this list.")
