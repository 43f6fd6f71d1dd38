import pytest
from hypothesis import given
from hypothesis import strategies as st

from kennis.content.identifiers import find
from tests.timing import grows_at_most


@pytest.mark.req("P7")
@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("mijn bsn is 111222333", "bsn", "111222333"),
        ("Burgerservicenummer: 111.222.333.", "bsn", "111.222.333"),
        ("sofinummer 1112 22 333", "bsn", "1112 22 333"),
        ("111222333 (BSN)", "bsn", "111222333"),
        ("betaal op NL91ABNA0417164300 of anders", "iban", "NL91ABNA0417164300"),
        ("betaal op BE68 5390 0754 7034 dan", "iban", "BE68 5390 0754 7034"),
        ("betaal op nl91 abna 0417 1643 00 voor vrijdag", "iban", "nl91 abna 0417 1643 00"),
        ("burger-servicenummer 111222333", "bsn", "111222333"),
        ("BSN.111222333", "bsn", "111222333"),
        # As it is copied from a page, a letter or a form.
        ("BSN 111\u00a0222\u00a0333", "bsn", "111\u00a0222\u00a0333"),
        ("bsn 111\u200b222333", "bsn", "111\u200b222333"),
        ("bsn 1112\u201322\u2013333", "bsn", "1112\u201322\u2013333"),
        ("bsn 111  222\n333", "bsn", "111  222\n333"),
        ("IBAN NL91\u00a0ABNA\u202f0417 1643  00", "iban", "NL91\u00a0ABNA\u202f0417 1643  00"),
        ("NL91\nABNA 0417\u00ad1643\u201100", "iban", "NL91\nABNA 0417\u00ad1643\u201100"),
        ("rekening_NL91ABNA0417164300", "iban", "NL91ABNA0417164300"),
    ],
)
def test_an_identifier_is_found_as_it_was_typed(text: str, kind: str, found: str) -> None:
    findings = find(text)
    assert [(f.kind, text[f.start : f.end]) for f in findings] == [(kind, found)]


@pytest.mark.req("P7")
@pytest.mark.parametrize(
    "text",
    [
        "dossier 111222333 ligt klaar",
        "bsn 111222334",
        "bel 0800-2000 of 112",
        "NL91ABNA0417164301",
        "op 15 februari 2021 van 19 tot 21 uur",
        "kenmerk 1401047",
        "sinds 21-01-2015 vragen wij geen bsn meer",
        "sinds 2015-01-05 3 keer vragen wij geen bsn meer",
        "het bsn in de jaren 2000-2002",
        "het bsn staat in een brief" + " en nog veel meer woorden" * 5 + " 111222333",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert find(text) == []


@pytest.mark.req("P7")
def test_each_of_several_identifiers_is_found() -> None:
    text = "NL91ABNA0417164300 NL91ABNA0417164300 en bsn 111222333 of bsn 111222333"
    assert [f.kind for f in find(text)] == ["iban", "iban", "bsn", "bsn"]


@given(st.text(max_size=300))
def test_any_text_is_scanned(text: str) -> None:
    for finding in find(text):
        assert 0 <= finding.start < finding.end <= len(text)


@pytest.mark.req("P4")
@pytest.mark.parametrize("unit", ["NL91 ABNA ", "BSN 12345678 ", "A1", "1 2 3 ", "bsn ", "bsn 111222333 "])
def test_a_long_text_takes_linear_time(unit: str) -> None:
    # Five times the text: quadratic work would take 25 times as long.
    assert grows_at_most(12, lambda times: find(unit * times), short=2_000, long=10_000, spare=0.05)
