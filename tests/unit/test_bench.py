"""The benchmark: its entries must be valid and the same every time, and its measuring must run. Nothing is timed."""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random
from threading import Thread

import orjson
import pytest
from werkzeug.serving import make_server

from kennis import clock
from kennis.app import create_app
from kennis.content import kinds
from kennis.installation import assemble
from kennis.search import analysis
from tests import real_parts
from tests.search import elastic
from tools.bench import (
    alike,
    bare,
    bulk,
    cluster,
    engines,
    entries,
    importing,
    installed,
    load,
    queries,
    recording,
    rivals,
    table,
    text,
    turns,
    words,
)
from tools.bench.data import Corpus
from tools.bench.servers import Server

DAY = date(2026, 11, 24)
SAMPLE = 300
TINY = 30


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


def test_compounds_are_not_repeated() -> None:
    assert len(set(words.compounds())) == len(words.FIRST_PARTS) * len(words.LAST_PARTS) > 4000


def test_generated_text_has_as_many_compounds_as_the_seed_content() -> None:
    dice = Random(1)
    made, real = (parts_per_word(texts) for texts in (text.sentences(dice, 2000).split("."), text.seed_texts()))
    assert 0.8 * real < made < 1.5 * real


def parts_per_word(texts: Iterable[str]) -> float:
    read = [word for one in texts for word in analysis.analyser().read(one)]
    return sum(len(word.parts) for word in read) / sum(word.term is not None for word in read)


def test_the_rival_that_finds_the_same_does(tiny: Corpus, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KENNIS_BENCH_CACHE", str(tmp_path))
    wanted = queries.queries(60)
    asked = recording.engine_requests(tiny.installation, wanted)
    with closing(recording.opened(tiny.installation)) as engine:
        ours = [engine.search(recording.that_gave_the_page(requests)).total for requests in asked]
    monkeypatch.setenv("KENNIS_BENCH_TABLES", str(alike.tables(tiny)))
    client = bare.app.test_client()
    answers = [client.get(rivals.alike_path(alike.expression(requests))).get_json() for requests in asked]
    theirs = [answer["total"] for answer in answers]
    assert theirs == ours
    assert sum(ours) > len(ours)
    assert all(len(answer["items"]) == min(answer["total"], bare.PAGE) for answer in answers)


def test_a_figure_says_whether_its_goal_is_met() -> None:
    shown = table.show([table.at_most("ratio", 1.2, 1.35, "x"), table.at_least("rate", 800, 1000, "/s")])
    assert "1.20x" in shown
    assert "NOT MET" in shown.splitlines()[-1]
    assert "NOT MET" not in shown.splitlines()[-2]


def test_load_knows_no_host_but_its_own() -> None:
    assert load.HOST == "127.0.0.1"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    corpus = Corpus(TINY, tmp_path_factory.mktemp("bench"))
    corpus.lines.write_bytes(b"".join(entries.lines(TINY, clock.today())))
    importing.by_function(corpus.installation, corpus.lines)
    return corpus


@contextmanager
def inside(folder: Path, more: Mapping[str, str]) -> Iterator[Server]:
    """Kennis in a thread: a process of its own takes five seconds to be ready."""
    config = installed.config(folder, more)
    parts = assemble(config)
    server = make_server(load.HOST, 0, create_app(config, store=parts.store, engine=parts.engine))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Server(os.getpid(), server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        parts.engine.close()
        parts.store.close()


@pytest.fixture
def questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("KENNIS_BENCH_CACHE", str(tmp_path / "cache"))
    return queries.queries(engines.WARM_UP + 6)


def test_without_elasticsearch_the_embedded_engine_is_measured_alone(tiny: Corpus, questions: list[str]) -> None:
    found = engines.measured(tiny, tiny.installation, "no server", questions, 3, inside)
    assert list(found.seen) == [engines.EMBEDDED]
    assert len(found.seen[engines.EMBEDDED].all.times) == 6
    assert len(engines.figures(found)) == 1


def test_elasticsearch_is_asked_the_same_with_and_without_kennis(
    tiny: Corpus, questions: list[str], tmp_path: Path
) -> None:
    elastic.access()
    folder = Path(shutil.copytree(tiny.installation, tmp_path / "kennis"))
    with cluster.node() as node:
        if isinstance(node, str):
            real_parts.missing(node)
        filled = bulk.rates(folder, node, "a few entries")
        found = engines.measured(tiny, folder, node, questions, 3, inside)
    assert [figure.value.endswith("x") for figure in filled] == [True]
    assert {name: len(seen.all.times) for name, seen in found.seen.items()} == {
        engines.RAW: 6, engines.ELASTIC: 6, engines.EMBEDDED: 6
    }  # fmt: skip
    assert found.equal == len(questions)


def test_what_has_no_server_is_shown_as_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cluster.VARIABLE, "https://search.example:9200")
    shown = table.show(next(engines.both_engines([], quick=True)))
    assert shown.count("not measured") == len(engines.NEED_A_SERVER)
    assert cluster.VARIABLE in shown


def test_slow_queries_are_judged_by_their_time_and_quick_ones_by_their_cpu() -> None:
    slow, through = turns.Seen([0.010] * 30), turns.Seen([0.011] * 30)
    quick, cheap = turns.Seen([0.001] * 30), turns.Seen([0.004] * 30, cpu=0.06)
    seen = {
        engines.RAW: turns.Both(quick, slow),
        engines.ELASTIC: turns.Both(cheap, through),
        engines.EMBEDDED: turns.Both(quick, quick),
    }
    values = [f.value for f in engines.figures(engines.Measured(1, seen, 9, 60, 60)) if f.goal]
    assert values == ["1.10x", "2.00 ms", "5.5x"]


def test_growth_is_judged_by_the_growth_of_the_matches() -> None:
    small, large = ({engines.EMBEDDED: turns.Both(turns.Seen([time]))} for time in (0.001, 0.009))
    found = [engines.Measured(10, small, 100, 1, None), engines.Measured(100, large, 800, 1, None)]
    (figure,) = engines.growth(found)
    assert (figure.value, figure.goal, figure.is_met) == ("9.00x", "<= 8x", False)
    assert engines.growth(found[:1]) == []
