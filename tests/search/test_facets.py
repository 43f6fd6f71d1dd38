"""Facets: counts that say what choosing a value gives, labels and order."""

import random
from collections.abc import Mapping

import pytest

from kennis.content.vocabulary import vocabularies
from kennis.errors import Invalid
from kennis.search.answers import Facet
from kennis.search.mapping import mapping
from tests.search.conftest import Open
from tests.search.corpus import TODAY, make
from tests.search.library import Library

QUERIES = ("", "aanpak", "veiligheid gesprek", "partnergeweld")
FILTERS: tuple[Mapping[str, tuple[str, ...]], ...] = (
    {},
    {"kind": ("method",)},
    {"kind": ("method", "lesson"), "topic": ("aanpak",)},
    {"region": ("nl-fl",), "audience": ("politie", "onderwijs")},
)


def facets(library: Library, q: str = "", **ask: object) -> dict[str, Facet]:
    return {f.name: f for f in library.find(q, facets=tuple(mapping().facets), **ask).facets}


@pytest.mark.parametrize("q", QUERIES)
@pytest.mark.parametrize("filters", FILTERS)
def test_choosing_a_value_gives_as_many_results_as_its_count_said(
    corpus: Library, q: str, filters: Mapping[str, tuple[str, ...]]
) -> None:
    chance = random.Random(f"{q} {filters}")
    for name, facet in facets(corpus, q, filters=filters).items():
        for value in chance.sample(facet.values, min(len(facet.values), 3)):
            chosen = corpus.find(q, filters={**filters, name: (value.code,)})
            assert chosen.total == value.count, (name, value)


def test_values_of_one_facet_mean_any_of_them(corpus: Library) -> None:
    one, other = corpus.find(filters={"kind": ("method",)}), corpus.find(filters={"kind": ("lesson",)})
    assert corpus.find(filters={"kind": ("method", "lesson")}).total == one.total + other.total


def test_a_facet_is_counted_without_its_own_filter(corpus: Library) -> None:
    free = facets(corpus)["kind"]
    chosen = facets(corpus, filters={"kind": ("method",)})["kind"]
    assert [(v.code, v.count) for v in chosen.values] == [(v.code, v.count) for v in free.values]
    assert [v.code for v in chosen.values if v.selected] == ["method"]


def test_a_selected_value_stays_at_nought(corpus: Library) -> None:
    page = facets(corpus, filters={"kind": ("story",), "setting": ("azc",)})
    (value,) = [v for v in page["setting"].values if v.selected]
    assert (value.code, value.label) == ("azc", vocabularies()["settings"].label("azc", "nl"))
    odd = facets(corpus, filters={"language": ("fy",)})
    (value,) = [v for v in odd["language"].values if v.selected]
    assert (value.code, value.count) == ("fy", 0)


def test_an_unknown_filter_is_refused_by_name(corpus: Library) -> None:
    with pytest.raises(Invalid) as refused:
        corpus.find(filters={"colour": ("red",)})
    assert refused.value.problems[0].parameter == "colour"


@pytest.mark.req("T17")
def test_a_parent_topic_counts_each_entry_of_its_children_once(open_library: Open) -> None:
    both = ["aanpak.opvang", "aanpak.recht"]
    library = open_library(
        [
            make("method", "Met twee kinderen", topics=both),
            make("method", "Met één kind", topics=["aanpak.opvang"]),
            make("method", "De ouder zelf", topics=["aanpak"]),
            make("method", "Iets anders", topics=["seksueel-geweld"]),
        ]
    )
    counts = library.counts("topic")
    assert counts == {"aanpak": 3, "aanpak.opvang": 2, "aanpak.recht": 1, "seksueel-geweld": 1}
    assert sorted(library.titles(filters={"topic": ("aanpak",)})) == [
        "De ouder zelf", "Met twee kinderen", "Met één kind",
    ]  # fmt: skip
    (topic,) = library.find(facets=("topic",)).facets
    assert {v.code: v.parent for v in topic.values}["aanpak.opvang"] == "aanpak"


@pytest.mark.req("T18")
def test_an_age_filter_finds_what_overlaps_its_band(open_library: Open) -> None:
    library = open_library(
        [
            make("method", "Van 8 tot 13", ageMin=8, ageMax=13),
            make("method", "Van 12 tot 18", ageMin=12, ageMax=18),
            make("method", "Zonder leeftijd"),
            make("method", "Alle leeftijden", ageMin=-1),
        ]
    )
    assert sorted(library.titles(filters={"ageBand": ("4-12",)})) == ["Alle leeftijden", "Van 8 tot 13"]
    assert library.counts("ageBand")["12-18"] == 3


@pytest.mark.req("T19")
def test_a_province_finds_its_safety_regions_and_not_the_whole_country(open_library: Open) -> None:
    library = open_library(
        [
            make("method", "In Flevoland", regions=["vr25"]),
            make("method", "In het hele land", regions=["nl"]),
            make("method", "In Utrecht", regions=["nl-ut"]),
        ]
    )
    assert library.titles(filters={"region": ("nl-fl",)}) == ["In Flevoland"]
    assert sorted(library.titles(filters={"region": ("nl-fl", "nl")})) == ["In Flevoland", "In het hele land"]
    counts = library.counts("region", filters={"region": ("nl-fl",)})
    assert counts == {"nl-fl": 1, "vr25": 1, "nl": 1, "nl-ut": 1}


def test_a_safety_region_is_found_by_the_name_of_its_province_and_by_its_own(open_library: Open) -> None:
    library = open_library(
        [
            make("method", "Provincie", regions=["nl-fl"]),
            make("method", "Veiligheid", regions=["vr25"]),
            make("method", "Elders", regions=["nl-ut"]),
        ]
    )
    assert sorted(library.titles("Flevoland")) == ["Provincie", "Veiligheid"]
    assert library.titles("veiligheidsregio Flevoland")[0] == "Veiligheid"
    suggested = library.find("Flevoland").understood.suggested_filters
    assert [s.label for s in suggested] == ["Flevoland", "Veiligheidsregio Flevoland"]


def test_facets_stand_in_the_order_the_model_gives(corpus: Library) -> None:
    page = facets(corpus)
    bands = [v.code for v in page["evidenceBand"].values]
    assert bands == sorted(bands, key=vocabularies()["evidence-bands"].codes.index)
    counts = [v.count for v in page["topic"].values]
    assert counts == sorted(counts, reverse=True)
    labels = [v.label for v in page["region"].values]
    assert labels == sorted(labels, key=lambda label: label.lower().replace("â", "a"))


def test_values_carry_their_group(corpus: Library) -> None:
    groups = {v.code: v.group for v in facets(corpus)["audience"].values}
    assert groups["politie"] == "professional"
    assert groups["slachtoffer-zelf"] == "personal"


def test_labels_follow_the_language(corpus: Library) -> None:
    dutch, english = facets(corpus)["kind"], facets(corpus, language="en")["kind"]
    assert (dutch.label, english.label) == ("Soort", "Kind")
    assert {v.code: v.label for v in english.values}["lesson"] == "Lesson learned"


def test_organisations_are_named_and_only_the_most_frequent_are_shown(corpus: Library) -> None:
    (facet,) = corpus.find(facets=("organisation",)).facets
    assert {v.code: v.label for v in facet.values}["movisie"] == "Movisie"
    assert facet.distinct >= len(facet.values)


def test_the_form_is_shown_only_beside_one_kind(corpus: Library) -> None:
    assert facets(corpus)["subKind"].values == ()
    assert facets(corpus, filters={"kind": ("method", "lesson")})["subKind"].values == ()
    assert [v.code for v in facets(corpus, filters={"kind": ("method",)})["subKind"].values] == ["cooperation"]
    assert corpus.find(filters={"subKind": ("cooperation",)}).total > 0


def test_no_facets_are_counted_when_none_are_asked(corpus: Library) -> None:
    assert corpus.find(facets=()).facets == ()
    assert [f.name for f in corpus.find().facets] == ["kind", "topic", "audience", "recognition"]


def test_the_national_offer_beside_a_region_comes_free(corpus: Library) -> None:
    page = facets(corpus, filters={"region": ("nl-fl",)})["region"]
    (national,) = [v for v in page.values if v.code == "nl"]
    alone, both = (corpus.find(filters={"region": r}).total for r in (("nl-fl",), ("nl-fl", "nl")))
    assert alone <= both <= alone + national.count


@pytest.mark.parametrize("rows", ["topic", "audience", "targetGroup"])
@pytest.mark.parametrize("columns", ["recognition", "evidenceBand", "kind"])
def test_every_cell_of_the_gap_map_is_what_its_two_filters_find(corpus: Library, rows: str, columns: str) -> None:
    from kennis.search.answers import Find

    made = corpus.finder.gaps(rows, columns, Find(surface="pages"), TODAY)
    chance = random.Random(1)
    for row in chance.sample(made.rows, 3):
        for (code, _), count in zip(made.columns, row.counts, strict=True):
            assert corpus.find(filters={rows: (row.code,), columns: (code,)}).total == count
    (vocabulary,) = mapping().facets[rows].vocabularies
    assert len(made.rows) == len([t for t in vocabularies()[vocabulary] if not t.is_retired])
    assert any(0 in row.counts for row in made.rows)


def test_a_gap_map_of_other_facets_is_refused(corpus: Library) -> None:
    from kennis.search.answers import Find

    with pytest.raises(Invalid) as refused:
        corpus.finder.gaps("language", "region", Find(), TODAY)
    assert [p.parameter for p in refused.value.problems] == ["rows", "columns"]
