"""What one field accepts, refuses and makes of a value."""

import unicodedata
from contextlib import suppress
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from kennis.content.fields import STACKED, Code, ContentField, Email, Line, Markdown, PlainText, Url
from kennis.content.fields_nested import Many
from kennis.content.fields_phone import dialled, grouped
from kennis.content.fields_values import Country, Day, Flag, Int, Moment, Number, PartialDate, Uuid
from kennis.content.parts_channels import ChannelSchema
from kennis.content.vocabulary import vocabularies
from kennis.errors import Text
from tests.timing import within


def ready(field: ContentField | Many) -> ContentField | Many:
    if isinstance(field, Many):
        field.inner.prepare()  # type: ignore[attr-defined]
    field.prepare()
    return field


def refused(field: ContentField | Many, value: Any) -> list[Text]:
    with pytest.raises(ValidationError) as caught:
        field.parse(value)
    messages = caught.value.messages
    return messages if isinstance(messages, list) else [text for below in messages.values() for text in below]


TEXT = PlainText("Tekst", 3, 10)
ACCEPTED: list[tuple[ContentField, Any, Any]] = [
    (TEXT, "abc", "abc"),
    (TEXT, "  abcdefghij \n", "abcdefghij"),
    (TEXT, "een\r\ntwee", "een\ntwee"),
    (TEXT, "e\u0301e\u0301n", "één"),
    (Line("Titel", 3, 150), "!JES, het Brugproject", "!JES, het Brugproject"),
    (Markdown("Tekst", 1, 100), "## Kop\n\n* punt", "## Kop\n\n* punt"),
    (Url("Adres"), " https://bron.example/a?b=c#d ", "https://bron.example/a?b=c#d"),
    (Url("Adres"), "https://bron.example/één", "https://bron.example/%C3%A9%C3%A9n"),
    (Url("Adres"), "https://bron.example:8443", "https://bron.example:8443"),
    (Email("E-mail"), "info@organisatie.example", "info@organisatie.example"),
    (Int("Getal", 1, 5), 5, 5),
    (Int("Getal", 1, 5), 4.0, 4),
    (Number("Getal", 0.5, 5), 0.5, 0.5),
    (Flag("Vlag"), False, False),
    (Uuid("Id"), "0B7F6C1E-5D0A-4C0E-9A53-2F6F1F0D7A11", "0b7f6c1e-5d0a-4c0e-9a53-2f6f1f0d7a11"),
    (Day("Dag"), "2024-02-29", "2024-02-29"),
    (PartialDate("Dag"), "2016", "2016"),
    (PartialDate("Dag"), "2016-09", "2016-09"),
    (Moment("Tijd"), "2027-03-04T09:30:00+01:00", "2027-03-04T08:30:00Z"),
    (Moment("Tijd"), "2027-03-04t08:30:00.5z", "2027-03-04T08:30:00Z"),
    (Moment("Tijd"), "2027-03-04T08:30Z", "2027-03-04T08:30:00Z"),
    (Country("Land"), "nl", "nl"),
]


@pytest.mark.parametrize(("field", "value", "kept"), ACCEPTED)
def test_accepted_and_normalised(field: ContentField, value: Any, kept: Any) -> None:
    assert field.parse(value) == kept
    assert field.parse(kept) == kept


REFUSED: list[tuple[ContentField, list[Any]]] = [
    (TEXT, ["ab", "abcdefghijk", "", "   ", 3, ["abc"], True, "a\x00bc", "ab\ud800c", "ab\x1bc"]),
    (Line("Titel", 3, 150), ["twee\nregels", "twee\u2028regels"]),
    (Url("Adres"), ["http://bron.example", "https://bron", "https://", "javascript:alert(1)", "https://a.example/ b",
                    "https://u:p@bron.example", "https://a.example/<b>", "https://a.example/" + "x" * 500, 3,
                    "https://-a.example", "https://\u0430.example"]),
    (Email("E-mail"), ["info", "info@", "@a.example", "a b@c.example", "a@b", "a..b@c.example", "a@b.example\nc"]),
    (Int("Getal", 1, 5), [0, 6, "3", True, 1.5, float("nan"), float("inf")]),
    (Number("Getal", 0.5, 5), [0.4, 5.1, "1", True, float("nan"), float("inf")]),
    (Flag("Vlag"), ["true", 1, 0]),
    (Uuid("Id"), ["x", 3, "0b7f6c1e5d0a4c0e9a532f6f1f0d7a11", "{0b7f6c1e-5d0a-4c0e-9a53-2f6f1f0d7a11}"]),
    (Day("Dag"), ["2026-02-29", "2026-1-1", "20260101", "2026-01-01T00:00:00Z", "1899-12-31", "3026-01-01", 20260101,
                  "٢٠٢٦-٠١-٠١", "2026-W01-1"]),
    (PartialDate("Dag"), ["2016-13", "16", "2016-9", "2016-02-30", 2016, "2016-"]),
    (Moment("Tijd"), ["2027-03-04T08:30:00", "2027-03-04", "2027-03-04T25:00:00Z", "2027-03-04 08:30:00Z", 1,
                      "2027-03-04T08:30:00+99:00", "0001-01-01T00:00:00+23:00"]),
    (Country("Land"), ["NL", "xx", "nld", 3]),
]  # fmt: skip


@pytest.mark.req("V08")
@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in REFUSED for value in values])
def test_refused_in_two_languages(field: ContentField, value: Any) -> None:
    for text in refused(field, value):
        assert text.nl
        assert text.en
        assert text.nl != text.en


@pytest.mark.req("P7")
@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Mijn BSN is 111222333, bel mij.", 1),
        ("BSN 111 222 333 staat op de brief", 1),
        ("BSN 111\u00a0222\u00a0\u00a0333 staat op de brief", 1),
        ("BSN １１１２２２３３３", 1),
        ("burgerservicenummer: 111.222.333", 1),
        ("rekening NL91 ABNA 0417 1643 00 graag", 1),
        ("nl91abna0417164300", 1),
        ("BSN 111222333 en NL91ABNA0417164300", 2),
        ("Bel 0800-2000, of kijk in 2026 nog eens.", 0),
        ("Het getal 111222333 zonder aanleiding", 0),
        ("BSN 111222334 klopt niet", 0),
    ],
)
def test_bsn_and_iban_block_every_text(text: str, kinds: int) -> None:
    for field in (PlainText("T", 1, 200), Line("L", 1, 200), Markdown("M", 1, 200)):
        if kinds:
            assert len(refused(field, text)) == kinds
        else:
            assert field.parse(text) == text


@given(st.text(max_size=60))
def test_any_text_is_kept_or_refused_and_what_is_kept_stays(text: str) -> None:
    field = PlainText("Tekst", 1, 50)
    try:
        kept = field.parse(text)
    except ValidationError:
        return
    assert field.parse(kept) == kept
    assert 1 <= len(kept) <= 50
    assert unicodedata.is_normalized("NFC", kept)
    assert orjson.loads(orjson.dumps(kept)) == kept


@given(st.one_of(st.text(), st.integers(), st.none(), st.booleans(), st.lists(st.text()), st.floats()))
def test_no_value_breaks_a_field(value: Any) -> None:
    fields = [*{type(f): f for f, *_ in ACCEPTED}.values(), ready(Code("C", "topics"))]
    for field in [*fields, ready(Many(Line("L", 1, 5), "M", 0, 3))]:
        with suppress(ValidationError):
            field.parse(value)


@given(st.sampled_from(sorted(vocabularies()["topics"].codes)))
def test_every_code_is_accepted_as_it_is(code: str) -> None:
    assert ready(Code("Onderwerp", "topics")).parse(code) == code


@pytest.mark.parametrize(
    ("vocabulary", "wrong", "nearest"),
    [("topics", "partnergewelt", "partnergeweld"), ("audiences", "Veilig Thuis", "veilig-thuis"),
     ("settings", "opvan", "opvang")],
)  # fmt: skip
def test_a_wrong_code_names_the_nearest(vocabulary: str, wrong: str, nearest: str) -> None:
    (text,) = refused(ready(Code("Code", vocabulary)), wrong)
    assert f"“{nearest}”" in text.nl
    assert f"“{nearest}”" in text.en


def test_a_code_that_is_left_out_is_never_proposed() -> None:
    field = ready(Code("Niveau", "recognition-levels", only=lambda t: not t.extra.get("facetOnly")))
    (text,) = refused(field, "niet-beoordeeld")
    assert "bedoelt" not in text.nl or "“niet-beoordeeld”?" not in text.nl


def test_a_long_wrong_code_is_cut_in_the_message() -> None:
    (text,) = refused(ready(Code("Code", "topics")), "x" * 5000)
    assert len(text.nl) < 200


@pytest.mark.parametrize(("value", "count"), [(["a", "a"], 1), (["A", "a", "b", "a"], 2), ("a", 1), ({}, 1)])
def test_lists_hold_nothing_twice(value: Any, count: int) -> None:
    assert len(refused(ready(Many(Line("Naam", 1, 5), "Namen", 0, 9)), value)) == count


def test_an_optional_list_that_is_empty_is_absent() -> None:
    assert ready(Many(Line("Naam", 1, 5), "Namen", 0, 9)).parse([]) is None


@pytest.mark.req("T15")
@pytest.mark.parametrize(
    ("text", "stored", "shown"),
    [
        ("0800-2000", "08002000", "0800-2000"),
        ("0800 2000", "08002000", "0800-2000"),
        ("08002000", "08002000", "0800-2000"),
        ("0800-0113 456", "08000113456", "0800-011 3456"),
        ("112", "112", "112"),
        ("113", "113", "113"),
        ("116 111", "116111", "116111"),
        ("+31 (0)20 123 45 67", "0201234567", "020-123 45 67"),
        ("0031 512 12 34 56", "0512123456", "0512-12 34 56"),
        ("06-12345678", "0612345678", "06-12 34 56 78"),
        ("088 123 45 67", "0881234567", "088-123 45 67"),
        ("+32 2 123 45 67", "003221234567", "+3221234567"),
        ("bel maar", None, None),
        ("12", None, None),
        ("0800-20", None, None),
        ("00", None, None),
    ],
)
def test_phone_numbers_are_kept_as_dialled_and_shown_in_groups(
    text: str, stored: str | None, shown: str | None
) -> None:
    assert dialled(text) == stored
    if stored is not None:
        assert grouped(stored) == shown
        assert dialled(stored) == stored


CHANNELS: list[tuple[str, str, str | None]] = [
    ("phone", "0800-2000", "08002000"), ("phone", "https://a.example", None), ("sms", "06 12345678", "0612345678"),
    ("chat", "https://chat.example/start", "https://chat.example/start"), ("chat", "chat.example", None),
    ("website", "http://a.example", None), ("website", "https://a.example", "https://a.example"),
    ("email", "hulp@a.example", "hulp@a.example"), ("email", "hulp", None),
    ("walk-in", "Lelystad", "Lelystad"), ("walk-in", "'s-Hertogenbosch", "'s-Hertogenbosch"),
    ("walk-in", "Dorpsstraat 1", None),
    ("app", "Hulp-app", "Hulp-app"), ("app", "https://app.example", "https://app.example"),
    ("app", "http://app.example", None), ("video", "www.video.example", None), ("video", "Beeldbellen", "Beeldbellen"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "kept"), CHANNELS)
def test_the_value_of_a_channel_fits_its_kind(kind: str, value: str, kept: str | None) -> None:
    document, faults = ChannelSchema().walk({"kind": kind, "value": value})
    if kept is None:
        assert list(faults) == ["value"]
    else:
        assert (document["value"], faults) == (kept, {})


def test_more_signs_on_a_letter_than_any_language_has_are_refused_at_once() -> None:
    """Unicode sorts them in the square of their number: a body of half a million would take minutes."""
    body = Markdown("Tekst", 1, 40_000)
    stacked = "a" + "\u0301\u0323" * 250_000
    assert within(1, lambda: refused(body, stacked)) == [STACKED]
    # What languages do write: Vietnamese, Hebrew with points, a family of emoji.
    for text in ("ệ", unicodedata.normalize("NFD", "Nguyễn"), "בְּרֵאשִׁית", "👩‍👩‍👧‍👦"):
        assert body.parse(text) == unicodedata.normalize("NFC", text)
