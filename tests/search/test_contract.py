"""What every engine must answer, by a search in plain Python over the same documents (`oracle.py`).

The cases know no engine: each joins in `engine` below. Elasticsearch takes part when there is a server.
"""

import random
from collections.abc import Sequence

import pytest

from kennis.search.mapping import mapping
from kennis.search.needs import Kind as Need
from kennis.search.port import (
    RELEVANCE,
    AnyOf,
    Both,
    Condition,
    FacetCount,
    IndexDocument,
    SearchEngine,
    SearchRequest,
    Within,
)
from kennis.search.query import parse
from kennis.search.ranking import ranked
from kennis.search.tree import And, Constant, FieldPhrase, FieldTerm, MatchAll, MatchNone, MinShould, Node, Not, Prefix
from kennis.store import Store
from tests.search.oracle import Answer, Oracle
from tests.search.whole import documents_of

FACETS = tuple(FacetCount(name, facet.size) for name, facet in mapping().facets.items())
SORTS = (RELEVANCE, "sortNewest", "sortUpdated", "sortChecked", "sortTitle", "sortEvidence", "id")


@pytest.fixture(scope="module")
def documents(whole: Store) -> Sequence[IndexDocument]:
    return documents_of(whole)


@pytest.fixture(scope="module")
def oracle(documents: Sequence[IndexDocument]) -> Oracle:
    return Oracle(documents)


@pytest.fixture(scope="module", params=["embedded", "elasticsearch"])
def engine(request: pytest.FixtureRequest) -> SearchEngine:
    made: SearchEngine = request.getfixturevalue(request.param)
    return made


def agree(engine: SearchEngine, oracle: Oracle, request: SearchRequest) -> None:
    found, expected = engine.search(request), oracle.answer(request)
    assert found.total == expected.total
    assert {name: dict(counts) for name, counts in found.facets.items()} == expected.facets
    ids = [hit.id for hit in found.hits]
    assert expected.may_be_in_order(ids), (ids, expected)


QUERIES = (
    "", "partnergeweld", "huiselijk geweld", "aanpak plegers", '"vaste afspraak"', "veiligheid -gezin", "gesprek plan",
    "veilige rustige duidelijke gezamenlijke opvang", "Federatie Opvang", "gewoon voorbeeld 1", "kinderen",
    "mijn man slaat me", "xyzzy", "-gezin", "trainer huisbezoek rechter reis",
)  # fmt: skip
SELECTIONS: tuple[tuple[AnyOf, ...], ...] = (
    (),
    (AnyOf("kind", ("method",)),),
    (AnyOf("topic", ("partnergeweld", "aanpak")),),
    (AnyOf("kind", ("lesson", "intervention")), AnyOf("topic", ("kindermishandeling",)), AnyOf("region", ("nl-fl",))),
    (AnyOf("audience", ('on"zin\\', "politie")), AnyOf("targetGroup", ("kind",))),
)
HIDDEN: tuple[Condition, ...] = (Within("hiddenFrom", None, 20261124), AnyOf("partnerUse", (False,)))
EXPIRED = Both((Within("expiresOn", None, 20261124), AnyOf("kind", ("training",))))


@pytest.mark.parametrize("q", QUERIES)
@pytest.mark.parametrize("selections", SELECTIONS)
def test_words_and_filters_give_the_same_ids_totals_and_counts(
    engine: SearchEngine, oracle: Oracle, q: str, selections: tuple[AnyOf, ...]
) -> None:
    tree = ranked(parse(q).tree, q, None)
    agree(engine, oracle, SearchRequest(tree, selections, excluded=(*HIDDEN, EXPIRED), facets=FACETS))


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("q", ["", "aanpak", "veiligheid gesprek"])
def test_every_order_is_the_same_on_every_page(engine: SearchEngine, oracle: Oracle, q: str, sort: str) -> None:
    tree = parse(q).tree
    for offset in (0, 7, 40, 5000):
        agree(engine, oracle, SearchRequest(tree, sort=sort, offset=offset, limit=13, excluded=HIDDEN))


def test_an_order_may_differ_by_a_rounding_and_by_nothing_else() -> None:
    answer = Answer(["a", "z", "c"], {"a": (3.0, 3.0), "z": (2.01, 2.0), "c": (2.0, 2.0)}, 3, {})
    assert answer.may_be_in_order(["a", "z", "c"])
    assert answer.may_be_in_order(["a", "c", "z"])
    for wrong in (["z", "a", "c"], ["c", "a", "z"], ["a", "z"], ["a", "z", "d"], ["a", "z", "z"]):
        assert not answer.may_be_in_order(wrong)


@pytest.mark.parametrize("need", ["victim", "bystander", "perpetrator"])
def test_a_need_ranks_alike(engine: SearchEngine, oracle: Oracle, need: Need) -> None:
    for q in ("hulp", "gesprek", "aanpak plegers"):
        agree(engine, oracle, SearchRequest(ranked(parse(q).tree, q, need), limit=100))


NODES: tuple[Node, ...] = (
    MatchAll(),
    MatchNone(),
    And((MatchAll(), Not(FieldTerm("body", "gezin")))),
    Prefix("exact", "gez"),
    Prefix("exact", "*.[(\\"),
    FieldPhrase("exact", ("vaste", "afspraak")),
    FieldPhrase("exact", ("vaste", "vaste")),
    MinShould((FieldTerm("body", "gezin"), FieldTerm("body", "plan"), FieldTerm("body", "groep")), 2),
    Constant(FieldTerm("kind", "method"), 3.0),
    FieldTerm("kind", "nergens"),
)


@pytest.mark.parametrize("node", NODES)
def test_every_node_of_the_tree_finds_the_same(engine: SearchEngine, oracle: Oracle, node: Node) -> None:
    agree(engine, oracle, SearchRequest(node, limit=30, facets=FACETS[:3]))


@pytest.mark.parametrize("least", [None, 20250101, 20261124])
@pytest.mark.parametrize("most", [None, 20260601])
def test_days_are_compared_alike(engine: SearchEngine, oracle: Oracle, least: int | None, most: int | None) -> None:
    agree(engine, oracle, SearchRequest(MatchAll(), required=(Within("published", least, most),), facets=FACETS[:2]))


def test_any_combination_agrees(engine: SearchEngine, oracle: Oracle, documents: Sequence[IndexDocument]) -> None:
    chance = random.Random(7)
    words = sorted({w for d in documents for w in str(d.fields["body"]).split()[1:]})
    values = {name: sorted({v for d in documents for v in _values(d, name)}) for name in mapping().facets}
    for _ in range(60):
        q = " ".join(chance.choice(("", "-", '"')) + w for w in chance.sample(words, chance.randint(1, 3)))
        chosen = tuple(
            AnyOf(name, tuple(chance.sample(codes, min(len(codes), 2))))
            for name in chance.sample(list(mapping().facets), 2)
            if (codes := values[name])
        )
        sort = chance.choice(SORTS)
        tree = ranked(parse(q).tree, q, None) if sort == RELEVANCE else parse(q).tree
        agree(engine, oracle, SearchRequest(tree, chosen, facets=FACETS, sort=sort, limit=chance.randint(1, 50)))


def _values(made: IndexDocument, name: str) -> list[str]:
    value = made.fields[name]
    return value if isinstance(value, list) else [str(value)]


def test_asking_for_counts_alone_gives_no_hits(engine: SearchEngine, oracle: Oracle) -> None:
    found = engine.search(SearchRequest(MatchAll(), facets=FACETS, limit=0))
    assert found.hits == ()
    assert found.total == len(oracle.documents)


def test_terms_are_those_of_documents_that_are_not_left_out(
    engine: SearchEngine, documents: Sequence[IndexDocument]
) -> None:
    visible = [d for d in documents if d.fields["partnerUse"]]
    counted: dict[str, int] = {}
    for made in visible:
        for term in set(str(made.fields["exact"]).split()) - {"¶"}:
            counted[term] = counted.get(term, 0) + 1
    assert engine.terms("exact", HIDDEN[1:]) == counted


def test_versions_are_those_that_were_written(engine: SearchEngine, documents: Sequence[IndexDocument]) -> None:
    assert engine.versions() == {d.id: d.version for d in documents}
