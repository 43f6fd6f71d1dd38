"""Judged queries over the seed: the floors rise and never fall (search.md 6)."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from kennis.content import seeding
from kennis.content.context import Context
from kennis.errors import BadSetup
from kennis.search import evaluation
from kennis.search.analysis import ANALYSIS_VERSION
from kennis.search.embedded import EmbeddedEngine
from kennis.search.evaluation import Judged, Report, evaluate
from kennis.search.find import Finder
from kennis.search.indexing import Indexer
from kennis.search.mapping import mapping
from kennis.store import Store
from tests import databases

JUDGEMENTS = Path(__file__).parent / "judgements.csv"
NOW = datetime.fromisoformat("2026-11-24T09:00:00Z")
# Measured when they were set; raise them with every improvement.
NDCG_FLOOR, HIT_RATE_FLOOR = 0.92, 0.985


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    config = databases.configured(tmp_path_factory.mktemp("seed"))
    store = Store(config.database_url)
    store.upgrade()
    seeding.seed(store, Context(NOW, config.public_url), checked_on=NOW.date())
    engine = EmbeddedEngine(config.index_dir, mapping(), ANALYSIS_VERSION)
    Indexer(store, engine, NOW.date).rebuild()
    judged = evaluation.read(JUDGEMENTS)
    with store.reading() as session:
        ids = evaluation.ids_of(session, {name for j in judged for name in j.grades})
    assert {name for j in judged for name in j.grades} == set(ids), "a judgement names an entry that is not there"
    names = {entry_id: name for name, entry_id in ids.items()}
    yield evaluate(judged, evaluation.asking(Finder(store, engine, config), names, NOW.date()))
    engine.close()
    store.close()


def test_there_are_enough_judged_queries(report: Report) -> None:
    assert len(report.scores) >= 60


def test_good_answers_stand_high(report: Report) -> None:
    worst = sorted(report.scores, key=lambda s: s.ndcg)[:10]
    print(f"nDCG@10 {report.ndcg:.4f}", [(s.query, round(s.ndcg, 2)) for s in worst])
    assert report.ndcg >= NDCG_FLOOR


def test_a_good_answer_is_among_the_first_three(report: Report) -> None:
    print(f"hit rate {report.hit_rate:.4f}", [s.query for s in report.scores if not s.is_hit])
    assert report.hit_rate >= HIT_RATE_FLOOR


@pytest.mark.req("T22")
def test_what_must_not_stand_at_the_top_does_not(report: Report) -> None:
    assert [(s.query, s.violations) for s in report.scores if s.violations] == []


def test_ndcg_is_one_for_the_best_order_and_less_for_any_other() -> None:
    judged = [Judged("q", {"a": 3, "b": 1, "c": 0}, frozenset({"c"}))]
    assert evaluate(judged, lambda _: ["a", "b"]).ndcg == 1.0
    assert evaluate(judged, lambda _: ["b", "a"]).ndcg < 1.0
    assert evaluate(judged, lambda _: ["x", "y"]).ndcg == 0.0


def test_a_hit_is_a_good_answer_in_three_and_a_violation_one_that_must_not_be_there() -> None:
    judged = [Judged("q", {"a": 3, "c": 0}, frozenset({"c"}))]
    found = evaluate(judged, lambda _: ["x", "c", "a"]).scores[0]
    assert found.is_hit
    assert found.violations == ("c",)
    late = evaluate(judged, lambda _: ["x", "y", "z", "a", "c"]).scores[0]
    assert not late.is_hit
    assert late.violations == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "query,slug\nq,s\n",
        "query,slug,grade,mustNot\nq,s,4,\n",
        "query,slug,grade,mustNot\nq,s,x,\n",
        "query,slug,grade,mustNot\n,s,1,\n",
        "query,slug,grade,mustNot\nq,s,1,no\n",
        "query,slug,grade,mustNot\nq,s\n",
    ],
)
def test_a_broken_file_of_judgements_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(BadSetup) as refused:
        evaluation.read(path)
    assert str(path) in refused.value.message.en
