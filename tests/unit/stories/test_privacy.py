"""What every detector of personal data keeps to, and how well our own does."""

import logging
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kennis.stories import deduce_process
from kennis.stories.cue_lists import help_numbers
from kennis.stories.marks import KINDS, Mark, settled
from kennis.stories.privacy import Detector, PersonalDataDetector
from tests.timing import grows_at_most, within
from tests.unit.stories.golden import score, sentences

OWN = Detector()
# Kinds with a form of their own; a name has none.
STRUCTURED = tuple(kind for kind in KINDS if kind not in ("name", "school-or-work"))
# Pieces that make an expression try again: what begins like a mark and does not end like one.
PIECES = (
    "A-", "A.A.", "Aa ", "Straat van ", "1", " 1", "(0", "+31", "06-12345678 ", "00 1 ", "NL91 ABNA ",
    "NL91ABNA0417164300 ", "bsn 111222333 ", "1234 ab ", "mijn man Ahmed ", "mijn man xqz", "mijn oudste ", "ik heet ",
    "Roos, Ahmed, ", "van de ", "a@a.", "@", "www.", "a.nl ", "insta ", "kenteken 1-", "geboren op ", "1-1-19 ",
    "12 mei ", "werkt bij de ", "zit op school ", "College ", "XX-99-9", "(at) ", " apenstaartje ", "\n", "é", "'",
)  # fmt: skip


@pytest.fixture(scope="module", params=["own", "deduce"])
def detector(request: pytest.FixtureRequest) -> Iterator[PersonalDataDetector]:
    if request.param == "own":
        yield OWN
        return
    if not deduce_process.is_installed():
        pytest.skip('the extra detector is absent: pip install "kennis[deduce]"')
    with deduce_process.DeduceDetector() as extra:
        yield extra


@pytest.mark.req("P1")
def test_marks_come_in_order_and_do_not_overlap(detector: PersonalDataDetector) -> None:
    text = "\n".join(sentence.text for sentence in sentences())
    marks = detector.scan(text)
    assert len(marks) > 60
    assert all(mark.kind in KINDS and 0 < mark.confidence <= 1 for mark in marks)
    assert all(one.start < one.end <= other.start for one, other in pairwise(marks))


@pytest.mark.req("P1")
def test_what_has_a_form_is_marked_by_every_detector(detector: PersonalDataDetector) -> None:
    missed = [
        f"{kind}: {sentence.text}"
        for sentence in sentences()
        for marks in [detector.scan(sentence.text)]
        for kind, start, end in sentence.expected
        if kind in STRUCTURED and not any(mark.start <= start and end <= mark.end for mark in marks)
    ]
    assert missed == []


@pytest.mark.req("P1")
@pytest.mark.parametrize("text", ["", " ", "Ik ging weg.", "\n\n\n"])
def test_nothing_is_marked_where_nothing_stands(detector: PersonalDataDetector, text: str) -> None:
    assert detector.scan(text) == []


@pytest.mark.req("P3")
@pytest.mark.parametrize("number", ["112", "113", "0800-2000", "0800-0113", "0800-0188", "0900-0101"])
@pytest.mark.parametrize(
    "sentence", ["Bel {}.", "({}) dag en nacht", "{} 10 minuten later", "gratis {}, of mail", "{}"]
)
def test_help_numbers_are_never_marked(detector: PersonalDataDetector, number: str, sentence: str) -> None:
    for written in {number, number.replace("-", " "), number.replace("-", "")}:
        assert detector.scan(sentence.format(written)) == []


@pytest.mark.req("P3")
def test_the_list_of_help_numbers_is_data() -> None:
    assert help_numbers() >= {"112", "113", "08002000", "08000113", "08000188", "09000101"}


@pytest.mark.req("P3")
def test_a_number_that_only_begins_like_a_help_number_is_marked() -> None:
    assert [mark.kind for mark in OWN.scan("Bel 0800-2000, niet 06-12345678 of 0800-2000123.")] == ["phone", "phone"]


@pytest.mark.req("P2")
def test_our_own_detector_finds_what_it_should(capsys: pytest.CaptureFixture[str]) -> None:
    result = score(OWN)
    with capsys.disabled():
        print(f"\n{result.table()}")
    assert len(sentences()) >= 60
    assert {kind for kind in KINDS if result.found[kind] + result.missed[kind] >= 5} == set(KINDS)
    assert {kind: result.recall(kind) for kind in STRUCTURED if result.recall(kind) < 0.95} == {}
    # Floors for the rest: they may rise, and never fall.
    assert min(result.recall("name"), result.recall("school-or-work")) >= 0.95
    assert min(result.precision(kind) for kind in KINDS) >= 0.95


@pytest.mark.req("P2")
def test_of_overlapping_marks_the_longest_wins_and_then_the_surest() -> None:
    longest = Mark("iban", 4, 22, 0.5)
    assert settled([Mark("phone", 8, 18, 0.95), longest, Mark("bsn", 22, 31, 0.3), Mark("phone", 22, 31, 0.9)]) == [
        longest,
        Mark("phone", 22, 31, 0.9),
    ]


@pytest.mark.req("P2")
@given(st.lists(st.builds(lambda start, size: Mark("name", start, start + size, 0.5), st.integers(0, 60),
                          st.integers(1, 20)), max_size=25))  # fmt: skip
def test_every_mark_that_goes_overlaps_one_that_stays_and_is_as_long(marks: list[Mark]) -> None:
    kept = settled(marks)
    assert all(one.end <= other.start for one, other in pairwise(kept))
    for mark in marks:
        assert any(k.start < mark.end and mark.start < k.end and k.end - k.start >= mark.end - mark.start for k in kept)


@pytest.mark.req("P2")
def test_a_name_that_was_found_is_marked_wherever_it_stands() -> None:
    text = "Mijn man Ahmed sloeg. Daarna huilde Ahmed, en Ahmeds moeder ook."
    assert [text[m.start : m.end] for m in OWN.scan(text)] == ["Ahmed", "Ahmed", "Ahmeds"]


@pytest.mark.req("P2")
def test_nine_digits_without_a_cue_are_unsure_and_with_one_sure() -> None:
    [alone], [beside_cue] = OWN.scan("Het dossier is 111222333."), OWN.scan("Mijn bsn is 111222333.")
    assert (alone.kind, beside_cue.kind) == ("bsn", "bsn")
    assert alone.confidence < 0.5 < beside_cue.confidence


@given(st.text(max_size=400) | st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_text_is_scanned(text: str) -> None:
    marks = OWN.scan(text)
    assert all(0 <= mark.start < mark.end <= len(text) for mark in marks)


@pytest.mark.req("P4")
@settings(max_examples=15)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join))
def test_no_text_explodes(unit: str) -> None:
    def scan(size: int) -> None:
        OWN.scan((unit * (size // len(unit) + 1))[:size])

    # Eight times the text: quadratic work would take 64 times as long, and what explodes would not end.
    assert grows_at_most(20, scan, short=4_000, long=32_000, spare=0.2)


@pytest.mark.req("P4")
def test_a_hundred_thousand_characters_take_a_fifth_of_a_second() -> None:
    text = "\n".join(sentence.text for sentence in sentences() if not sentence.expected)
    whole = (text * (100_000 // len(text) + 1))[:100_000]
    # 0.1 s on an idle machine; twice the bound, for one that does other work at the same time.
    within(0.4, lambda: OWN.scan(whole))


@pytest.mark.req("P6")
def test_what_is_found_is_never_logged_and_a_mark_holds_no_word(caplog: pytest.LogCaptureFixture) -> None:
    canary = "Kanariepietverzonnen"
    with caplog.at_level(logging.DEBUG):
        marks = OWN.scan(f"Mijn man {canary} belt met 06-12345678 en mailt {canary}@voorbeeld.nl.")
    assert len(marks) == 3
    assert caplog.records == []
    assert not any(word in repr(mark) for mark in marks for word in (canary, "12345678"))
