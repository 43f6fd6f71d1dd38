"""The generated entries of the benchmark: they must be valid, and the same every time."""

from datetime import date
from itertools import islice

import orjson
import pytest

from kennis.content import kinds
from tools.bench import entries, load, queries, table, words

DAY = date(2026, 11, 24)
SAMPLE = 300


@pytest.mark.parametrize("kind", list(entries.KIND_WEIGHTS))
def test_generated_entries_are_valid(kind: str) -> None:
    made = [e for e in (entries.entry(n, DAY) for n in range(SAMPLE)) if e.kind == kind]
    assert made
    for one in made:
        kinds.load(kind, {k: v for k, v in one.document.items() if k != "id"})


def test_every_kind_of_kennis_is_generated() -> None:
    assert set(entries.KIND_WEIGHTS) == set(kinds.KINDS)


def test_generated_organisations_are_valid() -> None:
    for number in range(20):
        kinds.load_organisation({k: v for k, v in entries.organisation(number).items() if k != "id"})


def test_an_entry_is_the_same_every_time() -> None:
    assert entries.entry(7, DAY) == entries.entry(7, DAY)


def test_an_import_file_names_organisations_first_and_counts_entries_only() -> None:
    lines = [orjson.loads(line) for line in entries.lines(5, DAY)]
    assert [x["kind"] == "organisation" for x in lines] == [True] * entries.ORGANISATIONS + [False] * 5


def test_entries_have_the_size_that_the_goals_speak_of() -> None:
    sizes = [len(line) for line in islice(entries.lines(SAMPLE, DAY), entries.ORGANISATIONS, None)]
    assert 1500 < sum(sizes) / SAMPLE < 2000


def test_queries_differ_and_have_one_or_two_words() -> None:
    made = queries.queries(200)
    assert len(set(made)) == 200
    assert {len(q.split()) for q in made} == {1, 2}


def test_words_are_not_repeated() -> None:
    compounds = words.compounds()
    assert len(compounds) == len(words.FIRST_PARTS) * len(words.LAST_PARTS) > 4000


def test_a_figure_says_whether_its_goal_is_met() -> None:
    shown = table.show([table.at_most("ratio", 1.2, 1.35, "x"), table.at_least("rate", 800, 1000, "/s")])
    assert "1.20x" in shown
    assert "NOT MET" in shown.splitlines()[-1]
    assert "NOT MET" not in shown.splitlines()[-2]


def test_load_knows_no_host_but_its_own() -> None:
    assert load.HOST == "127.0.0.1"
