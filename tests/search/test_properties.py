"""Whatever is typed and whatever is chosen: an answer in time, escaped, and counts that add up."""

import re
import time
from functools import partial

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kennis.content.vocabulary import vocabularies
from kennis.search.mapping import mapping
from tests.search.corpus import TODAY
from tests.search.library import Library
from tests.timing import within

# A search of a few hundred entries takes some milliseconds; a slow machine under load must pass too.
BOUND_SECONDS = 2.0
SORTS = st.sampled_from([None, "relevance", "evidence", "newest", "updated", "checked", "title"])
WORDS = st.sampled_from(
    ["geweld", "huiselijk geweld", "kinderen", '"vaste', "-gezin", "mda++", "ik", "mijn man", "0800-2000", "oudere"]
)
QUERIES = st.one_of(
    st.text(max_size=500),
    st.lists(st.one_of(WORDS, st.text(max_size=20)), max_size=8).map(" ".join),
)


def _codes(name: str) -> st.SearchStrategy[tuple[str, ...]]:
    codes = [t.code for v in mapping().facets[name].vocabularies for t in vocabularies()[v]] or ["movisie"]
    return st.lists(st.one_of(st.sampled_from(codes), st.text(max_size=10)), max_size=3).map(tuple)


FILTERS = st.fixed_dictionaries({}, optional={name: _codes(name) for name in mapping().facets})
SETTINGS = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
TAG = re.compile(r"<(?!/?mark>)|&(?!amp;|lt;|gt;|quot;|#x27;|#39;)")


@SETTINGS
@given(q=QUERIES, filters=FILTERS, sort=SORTS, surface=st.sampled_from(["partners", "pages"]))
def test_any_search_answers_in_time_and_its_highlights_are_escaped(
    corpus: Library, q: str, filters: dict[str, tuple[str, ...]], sort: str | None, surface: str
) -> None:
    asked = partial(corpus.find, q, filters=filters, sort=sort, surface=surface, highlight=True)
    page = within(BOUND_SECONDS, lambda: asked(facets=tuple(mapping().facets)), time.perf_counter)
    assert page.total >= len(page.hits)
    marked = [s for hit in page.hits for snippets in hit.highlights.values() for s in snippets]
    assert [s for s in marked if TAG.search(s)] == []


@SETTINGS
@given(q=QUERIES, filters=FILTERS, data=st.data())
def test_choosing_any_value_gives_its_count(
    corpus: Library, q: str, filters: dict[str, tuple[str, ...]], data: st.DataObject
) -> None:
    page = corpus.find(q, filters=filters, facets=("kind", "topic", "region", "audience"))
    facet = data.draw(st.sampled_from(page.facets))
    if not facet.values:
        return
    value = data.draw(st.sampled_from(facet.values))
    assert corpus.find(q, filters={**filters, facet.name: (value.code,)}).total == value.count


@SETTINGS
@given(q=QUERIES)
def test_pages_add_up_to_the_total(corpus: Library, q: str) -> None:
    first = corpus.find(q, page_size=19)
    ids = []
    for number in range(1, first.total // 19 + 2):
        ids += [hit.id for hit in corpus.find(q, page=number, page_size=19, facets=()).hits]
    assert len(ids) == len(set(ids)) == first.total


@SETTINGS
@given(q=st.text(max_size=40))
def test_suggestions_never_fail(corpus: Library, q: str) -> None:
    assert len(corpus.finder.suggest(q, language="nl", surface="pages", limit=5, today=TODAY)) <= 5
