"""From request to page: order, paging, what was understood, what is kept in memory and what is not."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import delete, update

from kennis.content.views import EntryView
from kennis.errors import Gone, NotFound
from kennis.search.answers import Find, Suggestion
from kennis.search.find import HANDFUL, SORTS
from kennis.search.port import WINDOW
from kennis.store import state
from kennis.store.models import Entry, FragmentRow, IndexJob, Tombstone
from tests.search.conftest import Open
from tests.search.corpus import TODAY, make, prose
from tests.search.library import Library, store_all

# ETag


def test_the_etag_is_the_same_until_anything_public_changes(open_library: Open) -> None:
    library = open_library([make("method", "Een methode")])
    ask = Find(q="methode")
    before = library.finder.etag(ask, TODAY)
    assert library.finder.etag(ask, TODAY) == before
    with library.store.transaction() as session:
        state.raise_generation(session)
    assert library.finder.etag(ask, TODAY) != before


@pytest.mark.parametrize(
    "change",
    [
        {"q": "anders"}, {"filters": {"kind": ("method",)}}, {"updated_since": TODAY}, {"published_since": TODAY},
        {"include_expired": True}, {"include_expired": False}, {"sort": "title"}, {"page": 2}, {"page_size": 10},
        {"facets": ()}, {"highlight": True}, {"shape": "full"}, {"language": "en"}, {"surface": "pages"},
    ],
)  # fmt: skip
def test_every_part_of_a_search_and_the_day_change_the_etag(corpus: Library, change: dict[str, Any]) -> None:
    ask = Find(q="methode")
    assert corpus.finder.etag(replace(ask, **change), TODAY) != corpus.finder.etag(ask, TODAY)
    assert corpus.finder.etag(ask, TODAY + timedelta(days=1)) != corpus.finder.etag(ask, TODAY)


def test_the_order_of_filters_makes_no_other_etag(corpus: Library) -> None:
    one = Find(filters={"kind": ("method",), "topic": ("aanpak",)})
    other = Find(filters={"topic": ("aanpak", "aanpak"), "kind": ("method",), "region": ()})
    assert corpus.finder.etag(one, TODAY) == corpus.finder.etag(other, TODAY)


def test_an_odd_query_has_an_etag_too(corpus: Library) -> None:
    assert corpus.finder.etag(Find(q="\ud800 \x00"), TODAY)


# Order and paging


def test_without_words_the_newest_come_first_and_with_words_the_best(corpus: Library) -> None:
    assert corpus.find().sort == "newest"
    assert corpus.find("-gezin").sort == "newest"
    assert corpus.find("gezin").sort == "relevance"
    assert corpus.find("gezin", sort="title").sort == "title"


@pytest.mark.req("T9", "T10")
def test_a_title_of_stop_words_only_is_first_among_newer_texts_with_those_words(open_library: Open) -> None:
    newer = [make("method", f"Tekst {n}", body=f"Waar ben je, en wie zegt wat. {prose(str(n), 150)}") for n in range(3)]
    named = make("method", "Wie wat waar")
    library = open_library([replace(named, published_at="2020-01-01T00:00:00Z"), *newer])
    assert library.find("wie wat waar").sort == "relevance"
    for sort in (None, "relevance"):
        found = library.titles("wie wat waar", sort=sort)
        assert (found[0], len(found)) == ("Wie wat waar", 4), sort


def test_an_abbreviation_that_is_a_stop_word_finds_what_it_stands_for(open_library: Open) -> None:
    library = open_library([
        make("method", "Zaak voor de rechter", body=f"Het Openbaar Ministerie beslist. {prose('om', 150)}"),
        make("method", "Werken met justitie", audiences=["justitie-reclassering"]),
        make("method", "Hulp om te stoppen", body=f"Om en om. {prose('hulp', 150)}"),
    ])  # fmt: skip
    for typed in ("OM", "om"):
        assert set(library.titles(typed)) == {"Zaak voor de rechter", "Werken met justitie"}, typed
        assert library.find(typed).sort == "relevance"
    assert library.find("OM").understood.words == ("om",)


@pytest.mark.parametrize(("sort", "name"), [("newest", "publishedAt"), ("updated", "updatedAt")])
def test_newest_first(corpus: Library, sort: str, name: str) -> None:
    found = [orjson.loads(h.fragment) for h in corpus.find(sort=sort, page_size=100).hits]
    moments = [(entry[name], entry["id"]) for entry in found]
    assert [m for m, _ in moments] == sorted((m for m, _ in moments), reverse=True)
    same = [i for m, i in moments if m == moments[0][0]]
    assert same == sorted(same)


def test_titles_are_ordered_without_article_sign_and_accent(open_library: Open) -> None:
    names = ["De zee", "Éénrichting", "!Aap", "Het bos", "aarde", "Bos en hei"]
    library = open_library([make("method", name) for name in names])
    assert library.titles(sort="title") == ["!Aap", "aarde", "Het bos", "Bos en hei", "Éénrichting", "De zee"]


@pytest.mark.parametrize("sort", [*SORTS, "relevance"])
@pytest.mark.parametrize("q", ["", "gezin"])
def test_pages_of_every_order_hold_each_entry_once(corpus: Library, q: str, sort: str) -> None:
    total = corpus.find(q, sort=sort).total
    ids = [h.id for n in range(1, total // 40 + 2) for h in corpus.find(q, sort=sort, page=n, page_size=40).hits]
    assert len(ids) == len(set(ids)) == total


def test_beyond_the_window_is_nothing(corpus: Library) -> None:
    page = corpus.find(page=WINDOW // 100 + 1, page_size=100)
    assert page.hits == ()
    assert page.total == corpus.find().total


def test_days_bound_a_search(open_library: Open) -> None:
    old = make("method", "Oud", published_at="2020-01-01T23:30:00Z", updated_at="2020-01-01T23:30:00Z")
    library = open_library([old, make("method", "Nieuw")])
    # Half past eleven at night in UTC is the next day in the Netherlands.
    assert sorted(library.titles(published_since=date(2020, 1, 2))) == ["Nieuw", "Oud"]
    assert library.titles(published_since=date(2020, 1, 3)) == ["Nieuw"]
    assert library.titles(updated_since=date(2020, 1, 3)) == ["Nieuw"]
    assert library.counts("kind", updated_since=date(2020, 1, 3)) == {"method": 1}


# Understood


def _about(*words: str) -> list[Any]:
    return [make("method", f"Stuk {n}", body=f"{word} " * 120) for n, word in enumerate(words)]


def test_most_of_the_words_are_enough_when_all_find_too_little(open_library: Open) -> None:
    library = open_library(_about("zebra giraf", "zebra giraf olifant", "olifant"))
    page = library.find("zebra giraf olifant")
    assert page.understood.relaxed
    assert library.titles("zebra giraf olifant")[0] == "Stuk 1"
    assert page.total == 2


def test_enough_results_are_not_relaxed(open_library: Open) -> None:
    library = open_library(_about(*["zebra giraf olifant"] * HANDFUL, "zebra giraf"))
    page = library.find("zebra giraf olifant")
    assert not page.understood.relaxed
    assert page.total == HANDFUL


def test_a_filter_never_changes_how_the_words_are_read(open_library: Open) -> None:
    library = open_library([*_about(*["zebra giraf olifant"] * HANDFUL), make("lesson", "Les", body="zebra " * 120)])
    page = library.find("zebra giraf olifant", filters={"kind": ("lesson",)})
    assert (page.total, page.understood.relaxed) == (0, False)


def test_words_phrases_and_exclusions_are_told_apart(corpus: Library) -> None:
    understood = corpus.find('gezin "vaste afspraak" -school').understood
    assert understood.words == ("gezin",)
    assert understood.phrases == ("vaste afspraak",)
    assert understood.excluded == ("school",)


def test_words_that_name_a_filter_are_offered_and_not_applied(corpus: Library) -> None:
    page = corpus.find("training in Almere")
    assert ("region", "vr25") in [(s.parameter, s.code) for s in page.understood.suggested_filters]
    assert [v for f in page.facets for v in f.values if v.selected] == []


def test_a_chosen_filter_is_not_offered_again(corpus: Library) -> None:
    page = corpus.find("training in Almere", filters={"region": ("vr25",)})
    assert "vr25" not in [s.code for s in page.understood.suggested_filters]


# Did you mean


def add(library: Library, view: EntryView) -> None:
    store_all(library.store, library.context, [view], with_organisations=False)
    library.indexer.apply_all()


def test_a_misspelt_word_is_corrected_when_little_is_found(open_library: Open) -> None:
    library = open_library([make("method", "Krachtwerk in de opvang"), make("method", "Iets anders")])
    assert library.find("krachtwrek opvang").did_you_mean == "krachtwerk opvang"
    assert library.find("krachtwerk opvang").did_you_mean is None


@pytest.mark.parametrize(("typed", "near"), [("bestolen", "besloten"), ("geduld", "geweld"), ("België", "beleid")])
def test_an_existing_word_that_is_in_no_entry_is_no_mistake(open_library: Open, typed: str, near: str) -> None:
    library = open_library([make("method", f"Iets over {near}")])
    assert library.find(near).total == 1
    assert library.find(typed).did_you_mean is None


def test_nothing_is_corrected_when_enough_is_found(open_library: Open) -> None:
    # Stories that may not go to partners: found on the pages, and unknown to the spelling.
    odd = [make("story", f"Krachtwrek {n}", partner_use=False) for n in range(HANDFUL)]
    library = open_library([make("method", "Krachtwerk"), *odd[1:]])
    assert library.find("krachtwrek").did_you_mean == "krachtwerk"
    add(library, odd[0])
    assert library.find("krachtwrek").total == HANDFUL
    assert library.find("krachtwrek").did_you_mean is None


def test_a_new_word_is_known_to_the_spelling_soon_after(open_library: Open) -> None:
    library = open_library([make("method", "Krachtwerk")])
    assert library.find("vlaggensysteen").did_you_mean is None
    with library.store.transaction() as session:
        session.execute(
            update(Entry).values(content={**make("method", "x").content, "title": "Vlaggensysteem"}, index_version=2)
        )
        session.add(IndexJob(entry_id=make("method", "Krachtwerk").id, index_version=2, created="x"))
    library.indexer.apply_all()
    # Making the dictionary takes a moment; within a hundred times that moment the old one is used.
    for _ in range(400):
        found = library.find("vlaggensysteen").did_you_mean
        if found:
            break
    assert library.find("krachtwrek").did_you_mean is None


# From ids to what is shown


def test_an_entry_withdrawn_after_the_index_was_asked_is_not_shown(open_library: Open) -> None:
    gone = make("method", "Verdwenen")
    library = open_library([gone, make("method", "Gebleven")])
    with library.store.transaction() as session:
        session.execute(delete(FragmentRow).where(FragmentRow.entry_id == gone.id))
    page = library.find()
    assert page.total == 2
    assert [orjson.loads(h.fragment)["title"] for h in page.hits] == ["Gebleven"]


def test_a_fragment_of_yesterday_is_made_anew(open_library: Open) -> None:
    stale_from = TODAY + timedelta(days=10)
    checked = (stale_from - timedelta(days=180)).isoformat()
    library = open_library([make("help-offer", "Een hulplijn", checked_at=checked)])
    (now,), (later,) = library.find().hits, library.find(today=stale_from).hits
    assert b'"isStale":false' in now.fragment
    assert b'"isStale":true' in later.fragment


def test_highlights_are_given_when_asked_and_are_escaped(open_library: Open) -> None:
    library = open_library([make("method", "Vaders & <b>zonen</b>", body="Over vaders. " * 50)])
    (hit,) = library.find("vaders", highlight=True).hits
    assert hit.highlights["title"] == ("<mark>Vaders</mark> &amp; &lt;b&gt;zonen&lt;/b&gt;",)
    assert "<mark>vaders</mark>" in hit.highlights["body"][0]
    (plain,) = library.find("vaders").hits
    assert plain.highlights == {}


def test_a_full_answer_and_another_language_are_other_bytes(corpus: Library) -> None:
    card, full, english = (
        corpus.find(page_size=1, **ask).hits[0].fragment for ask in ({}, {"shape": "full"}, {"language": "en"})
    )
    assert len({card, full, english}) == 3
    assert orjson.loads(full)["id"] == orjson.loads(card)["id"]


def test_counts_of_the_start_page_are_those_of_a_search(corpus: Library) -> None:
    start = corpus.find(facets=("kind", "topic"))
    again = corpus.find(facets=("kind", "topic"))
    bound = corpus.find(facets=("kind", "topic"), published_since=date(1990, 1, 1))
    assert start.facets == again.facets == bound.facets


# Suggestions and similar entries


def test_titles_are_suggested_by_the_beginning_of_any_word(open_library: Open) -> None:
    library = open_library([make("method", "De Oranje Huis-aanpak"), make("method", "Een huis voor oranje vogels")])

    def suggest(q: str) -> list[str]:
        found = library.finder.suggest(q, language="nl", surface="pages", today=TODAY)
        return [s.text for s in found if s.kind == "entry"]

    assert suggest("or") == ["De Oranje Huis-aanpak", "Een huis voor oranje vogels"]
    assert suggest("huis ora") == ["Een huis voor oranje vogels", "De Oranje Huis-aanpak"]
    assert suggest("oranje huis") != []
    assert suggest("aanp") == ["De Oranje Huis-aanpak"]
    for nothing in ("", "o", " ", "!", "zzz"):
        assert suggest(nothing) == []


def test_topics_and_organisations_are_suggested_by_any_of_their_names(corpus: Library) -> None:
    def suggest(q: str) -> list[Suggestion]:
        return corpus.finder.suggest(q, language="nl", surface="pages", today=TODAY)

    assert ("topic", "partnergeweld.stalking") in [(s.kind, s.code) for s in suggest("stalk")]
    assert ("organisation", "valente") in [(s.kind, s.code) for s in suggest("federatie")]
    assert [s.text for s in suggest("federatie") if s.kind == "organisation"] == ["Valente"]


def test_similar_entries_share_a_topic_and_are_never_the_entry_itself(open_library: Open) -> None:
    entry = make("method", "Veilig thuis blijven", topics=["aanpak.veiligheid"], targetGroups=["kind"])
    close = make("lesson", "Veilig blijven", topics=["aanpak.veiligheid"], targetGroups=["kind"])
    far = make("lesson", "Andere les", topics=["aanpak.veiligheid"])
    library = open_library([entry, close, far, make("method", "Veilig thuis", topics=["aanpak.recht"])])
    found = library.finder.similar(entry.id, surface="pages", language="nl", today=TODAY)
    assert [h.id for h in found] == [close.id, far.id]


def test_similar_to_what_is_not_there_is_an_error(open_library: Open) -> None:
    library = open_library([make("method", "Iets"), make("method", "Concept", status="draft")])
    with library.store.transaction() as session:
        session.add(Tombstone(id="weg", kind="story", withdrawn_on="2026-01-01", index_version=3))
    for entry_id, error in (("nergens", NotFound), (make("method", "Concept").id, NotFound), ("weg", Gone)):
        with pytest.raises(error):
            library.finder.similar(entry_id, surface="pages", language="nl", today=TODAY)
