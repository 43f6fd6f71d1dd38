"""What people read who want to contribute is plain Dutch (safety.md A10): short sentences, and "u" throughout."""

import re
from pathlib import Path

import pytest

from tests.source import ROOT

PAGES = sorted((ROOT / "docs" / "bijdragen").glob("*.md"))
# Words in a sentence: on average, and in the longest one (guess).
MOST_ON_AVERAGE, MOST = 15.0, 30
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"^(?:#+ |- |\d+\. )|[*`|]")
_ENDS = re.compile(r"(?<=[.!?:])\s+")
_WORD = re.compile(r"\w[\w'’-]*")


def _sentences(page: Path) -> list[list[str]]:
    """Of paragraphs and lists; a row of a table is no sentence, and a heading is short by itself."""
    blocks: list[str] = []
    for line in page.read_text("utf-8").splitlines():
        starts = not blocks or not line.strip() or line.startswith(("#", "- ", "|")) or line[:1].isdigit()
        text = "" if line.startswith(("#", "|")) else _MARKS.sub("", _LINK.sub(r"\1", line))
        if starts:
            blocks.append(text)
        else:
            blocks[-1] += f" {text}"
    found = [_WORD.findall(sentence) for block in blocks for sentence in _ENDS.split(block)]
    return [words for words in found if words]


def test_there_is_a_page_for_each_group_and_one_about_review() -> None:
    assert {page.stem for page in PAGES} >= {
        "professionals", "vrijwilligers", "ervaringsdeskundigen", "rollen-en-beoordeling"
    }  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_sentences_are_short(page: Path) -> None:
    lengths = [len(words) for words in _sentences(page)]
    average = sum(lengths) / len(lengths)
    print(f"{page.stem}: {len(lengths)} sentences, {average:.1f} words on average, {max(lengths)} at most")
    assert len(lengths) > 20
    assert average <= MOST_ON_AVERAGE
    assert [" ".join(words) for words in _sentences(page) if len(words) > MOST] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_reader_is_u_and_never_je(page: Path) -> None:
    words = {word.lower() for sentence in _sentences(page) for word in sentence}
    assert "u" in words
    assert words & {"je", "jij", "jou", "jouw", "jullie"} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]*)\)", page.read_text("utf-8")):
        name, _, heading = target.partition("#")
        linked = page.parent / name
        assert linked.is_file(), target
        headings = re.findall(r"^#+ (.*)$", linked.read_text("utf-8"), re.MULTILINE)
        assert not heading or heading in [h.lower().replace(" ", "-") for h in headings], target
