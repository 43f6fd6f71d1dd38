"""A broken word list is named with file, line and way out; the lists of the installation agree with one another."""

import shutil
from pathlib import Path

import pytest

from kennis.content.vocabulary import vocabularies
from kennis.errors import BadSetup
from kennis.search import analysis, needs, synonym_lines, understood, wordlists


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    return Path(shutil.copytree(wordlists.folder(), tmp_path / "nl"))


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("stopwords.txt", "de"),
        ("stopwords.txt", "!!!"),
        ("overrides.txt", "woord"),
        ("overrides.txt", "woord ->"),
        ("overrides.txt", "woord -> twee tokens"),
        ("overrides.txt", "woord -> token |"),
        ("overrides.txt", "ouders -> ouder"),
        ("protected.txt", "mda++ !jes"),
        ("protected.txt", "+++"),
        ("compound_parts.txt", "kip"),
        ("compound_parts.txt", "geweld"),
    ],
)
def test_a_broken_line_is_named_with_the_way_out(lists: Path, name: str, line: str) -> None:
    number = len((lists / name).read_text(encoding="utf-8").splitlines()) + 1
    with (lists / name).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    with pytest.raises(BadSetup) as raised:
        wordlists.load(lists)
    assert str(lists / name) in raised.value.message.nl
    assert f"Regel {number} " in raised.value.message.nl
    assert "zet het bestand uit de installatie terug" in raised.value.message.nl
    assert f"Line {number} of" in raised.value.message.en


@pytest.mark.parametrize("name", ["stopwords.txt", "overrides.txt", "protected.txt", "compound_parts.txt"])
def test_a_missing_or_unreadable_list_is_named(lists: Path, name: str) -> None:
    (lists / name).unlink()
    with pytest.raises(BadSetup, match=name):
        wordlists.load(lists)
    (lists / name).write_bytes(b"\xff\xfe\xff")
    with pytest.raises(BadSetup, match=name):
        wordlists.load(lists)


@pytest.mark.parametrize(
    "line",
    ["alleen een woord", "a = ", "a -> ", "-> b", "a => topic:bestaat-niet", "a => soort:x", "a -> b -> c", "a = = b"],
)
def test_a_broken_synonym_is_named(lists: Path, line: str) -> None:
    path = lists / "synonyms.txt"
    number = len(path.read_text(encoding="utf-8").splitlines()) + 1
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(BadSetup, match=f"Line {number} of .*synonyms.txt"):
        synonym_lines.read(path, vocabularies())


@pytest.mark.parametrize(
    "added",
    [
        '[[says]]\nparameter = "kind"\ncodes = ["bestaat-niet"]\nwords = ["x"]',
        '[[says]]\nparameter = "soort"\ncodes = ["training"]\nwords = ["x"]',
        '[[says]]\nparameter = "kind"\ncodes = ["training"]\nwords = []',
        '[[labels]]\nparameter = "kind"\nvocabulary = "soorten"',
        "dit is geen TOML",
    ],
)
def test_a_broken_rule_for_filters_is_named(lists: Path, added: str) -> None:
    path = lists / "understood.toml"
    path.write_text(f"{added}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    with pytest.raises(BadSetup, match=r"understood\.toml"):
        understood.read(path, vocabularies(), ())


@pytest.mark.parametrize(
    "rule",
    [
        "ages = 5",
        "[[ages.phase]]\nwords = ['peuter']",
        "[[ages.phase]]\nwords = ['peuter']\nfrom = 'twee'",
        "[[ages.who]]\nwords = ['kind']\nfrom = [0]",
    ],
)
def test_a_broken_rule_about_ages_is_told_with_its_file(rule: str, tmp_path: Path) -> None:
    path = tmp_path / "understood.toml"
    path.write_text(rule, "utf-8")
    with pytest.raises(BadSetup, match=path.name):
        understood.read(path, vocabularies(), ())


@pytest.mark.parametrize(
    "added",
    [
        '[[rules]]\nneed = "iemand"\npatterns = ["x"]',
        '[[rules]]\nneed = "victim"\npatterns = ["<bestaatniet> x"]',
        '[[rules]]\nneed = "victim"\npatterns = ["ik (ga (weg|heen)|vlucht)"]',
        '[[rules]]\nneed = "victim"\npatterns = []',
        '[[rules]]\npatterns = ["x"]',
    ],
)
def test_a_broken_rule_for_help_is_named(lists: Path, added: str) -> None:
    path = lists / "help.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{added}\n", encoding="utf-8")
    with pytest.raises(BadSetup, match=r"help\.toml"):
        needs.read(path)


@pytest.mark.parametrize("name", ["understood.toml", "help.toml"])
def test_every_data_file_says_its_format(name: str) -> None:
    assert (wordlists.folder() / name).read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize(
    "name", ["stopwords.txt", "overrides.txt", "protected.txt", "compound_parts.txt", "synonyms.txt"]
)
def test_every_word_list_says_its_format(name: str) -> None:
    head = (wordlists.folder() / name).read_text(encoding="utf-8").splitlines()[:4]
    assert all(line.startswith("#") for line in head[:2])


def test_no_stop_word_is_overridden_or_a_part() -> None:
    lists = wordlists.word_lists()
    assert sorted(lists.stopwords & set(lists.overrides)) == []
    assert sorted(lists.stopwords & lists.parts) == []


def test_a_memory_of_words_that_is_full_begins_anew() -> None:
    written = ("huizen", "kinderen", "huizen", "ouders", "huizen")
    read = analysis.Analyser(wordlists.word_lists(), remembered_words=2).read(" ".join(written))
    assert [word.term for word in read] == [term for word in written for term in analysis.analyze_words(word)]
