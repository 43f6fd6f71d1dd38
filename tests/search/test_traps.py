"""The search traps of content-model.md 11, T1-T16 and T24, on the base corpus with the entries of the traps."""

import pytest

from kennis.content.vocabulary import vocabularies
from kennis.search.analysis import analyze_words
from tests.search import trap_entries as traps
from tests.search.conftest import Open
from tests.search.corpus import RENAMED, TODAY, make
from tests.search.library import Library


@pytest.fixture(scope="module")
def trapped(beside_base: Open) -> Library:
    return beside_base(traps.all_traps())


@pytest.mark.req("T1")
@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("oudermishandeling", "Omgaan met ouderenmishandeling"),
        ("ouderenmishandeling", "Omgaan met oudermishandeling"),
        ("ouders", "Ouderen versterken"),
        ("ouder", "Ouderen versterken"),
        ("ouderen", "Ouders versterken"),
        ("oudere", "Ouders versterken"),
    ],
)
def test_parents_and_older_people_never_meet(trapped: Library, typed: str, other: str) -> None:
    found = trapped.titles(typed)
    assert found
    assert other not in found


@pytest.mark.req("T1")
def test_neither_is_offered_as_a_correction_of_the_other(open_library: Open) -> None:
    only_elders = open_library([make("method", "Omgaan met ouderenmishandeling")])
    assert only_elders.find("oudermishandeling").did_you_mean is None
    assert only_elders.find("oudernmishandeling").did_you_mean in (None, "ouderenmishandeling")


@pytest.mark.req("T1")
def test_one_parent_finds_parents(trapped: Library) -> None:
    assert "Ouders versterken" in trapped.titles("ouder")


@pytest.mark.req("T2")
def test_housekeeping_violence_is_read_as_domestic_violence(trapped: Library) -> None:
    typo = trapped.find("huishoudelijk geweld")
    assert [h.id for h in typo.hits] == [h.id for h in trapped.find("huiselijk geweld").hits]
    assert ("huishoudelijk geweld", "huiselijk geweld") in typo.understood.replaced


@pytest.mark.req("T2")
def test_domestic_violence_stands_for_four_topics(open_library: Open) -> None:
    topics = ("overig-geweld", "kindermishandeling", "ouderenmishandeling", "partnergeweld", "seksueel-geweld")
    text = "Een tekst die voor alle vijf precies gelijk is, zonder de woorden van een onderwerp."
    library = open_library(
        [make("method", f"Stuk {n}", summary=text, body=text * 9, topics=[t]) for n, t in enumerate(topics)]
    )
    found = library.titles("huiselijk geweld")
    assert found[0] == "Stuk 3"
    assert sorted(found) == ["Stuk 0", "Stuk 1", "Stuk 2", "Stuk 3"]
    assert "Stuk 1" not in library.titles("huiselijk")


@pytest.mark.req("T3")
@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("aanpak plegers", "Plegeraanpak in de wijk"),
        ("plegeraanpak", "Plegeraanpak in de wijk"),
        ("training meldcode", "Meldcodetraining voor iedereen"),
        ("opvang vrouwen", "Werken aan opvang en onderdak"),
        ("vrouwenopvang", "Werken aan opvang en onderdak"),
        ("geweld partner", "Werken aan partnergeweld"),
        ("partnergeweld", "Werken aan partnergeweld"),
    ],
)
def test_compounds_and_their_parts_find_each_other(trapped: Library, typed: str, title: str) -> None:
    assert title in trapped.titles(typed)


@pytest.mark.req("T4")
@pytest.mark.parametrize("words", [("geweld", "geweldig", "wel"), ("gezin", "zin", "zinnig")])
def test_words_that_only_look_alike_have_tokens_of_their_own(words: tuple[str, ...]) -> None:
    tokens = [tuple(analyze_words(word)) for word in words]
    assert len(set(tokens)) == len(words)


@pytest.mark.req("T4")
def test_great_is_not_violence(trapped: Library) -> None:
    assert "Een geweldig idee" not in trapped.titles("geweld")
    assert "Aanpak van geweld" not in trapped.titles("geweldig")


@pytest.mark.req("T5")
@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("dader", "Plegeraanpak in de wijk"),
        ("survivor", traps.FOR_VICTIMS),
        ("overlever", traps.FOR_VICTIMS),
        ("narcist", "Werken aan dwingende controle en intieme terreur"),
        ("narcistische partner", "Werken aan dwingende controle en intieme terreur"),
    ],
)
def test_lay_words_find_what_the_field_calls_otherwise(trapped: Library, typed: str, title: str) -> None:
    assert title in trapped.titles(typed)


@pytest.mark.req("T5")
def test_hidden_labels_are_shown_nowhere(trapped: Library) -> None:
    hidden = {h for v in vocabularies().values() for t in v for h in t.hidden}
    page = trapped.find("narcist", facets=("topic", "targetGroup"))
    shown = {v.label for f in page.facets for v in f.values} | {s.label for s in page.understood.suggested_filters}
    shown |= {s.text for w in hidden for s in trapped.finder.suggest(w, language="nl", surface="pages", today=TODAY)}
    assert shown.isdisjoint(hidden)


@pytest.mark.req("T6")
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("VGV", "schadelijke-praktijken.vgv"),
        ("FGM", "schadelijke-praktijken.vgv"),
        ("SGG", "seksueel-geweld.sgg"),
        ("GIA", "overig-geweld"),
        ("geweld in afhankelijkheidsrelaties", "overig-geweld"),
        ("HGKM", "partnergeweld"),
        ("HGKM", "kindermishandeling"),
    ],
)
def test_abbreviations_find_their_topic(trapped: Library, typed: str, code: str) -> None:
    assert trapped.counts("topic", typed).get(code, 0) > 0


@pytest.mark.req("T6")
@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("LVB", "licht verstandelijke beperking"),
        ("VT", "Veilig Thuis"),
        ("CSG", "Centrum Seksueel Geweld"),
        ("LKHA", "Landelijk Knooppunt Huwelijksdwang en Achterlating"),
        ("GHNT", "Geweld hoort nergens thuis"),
        ("VGV", "meisjesbesnijdenis"),
        ("SGG", "seksueel grensoverschrijdend gedrag"),
        ("GIA", "geweld in afhankelijkheidsrelaties"),
        ("HGKM", "huiselijk geweld en kindermishandeling"),
    ],
)
def test_abbreviation_and_full_form_find_each_other(open_library: Open, short: str, full: str) -> None:
    library = open_library([make("method", f"Samen met {short} werken"), make("method", f"Alles over {full.lower()}")])
    for typed in (short, short.lower(), full):
        assert len(library.titles(typed)) == 2, typed


@pytest.mark.req("T7")
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("MDA++", "MDA++"),
        ("mda++", "MDA++"),
        ("mda", "MDA++"),
        ("!JES", "!JES het brugproject"),
        ("jes", "!JES het brugproject"),
    ],
)
def test_names_with_signs_come_first_with_and_without_them(trapped: Library, typed: str, first: str) -> None:
    assert trapped.titles(typed)[0] == first


@pytest.mark.req("T7")
def test_a_plus_makes_no_difference(trapped: Library) -> None:
    assert trapped.titles("lhbti+") == trapped.titles("lhbti") != []


@pytest.mark.req("T7")
@pytest.mark.parametrize("sign", list("+-!\"'()[]{}*?:/\\^~<>|&%$#@=;,.`´_€ß\x00"))
def test_no_sign_causes_an_error(trapped: Library, sign: str) -> None:
    for typed in (sign, sign * 3, f"geweld{sign}", f"{sign}geweld", f"geweld {sign} kind"):
        assert trapped.find(typed).total >= 0


@pytest.mark.req("T8")
def test_a_name_outranks_the_verb_that_looks_like_it(trapped: Library) -> None:
    found = trapped.titles("Blijf")
    assert found.index("Blijf sterk") < found.index("Vragen stellen")


@pytest.mark.req("T8")
def test_an_old_name_for_shelters_finds_shelter(trapped: Library) -> None:
    assert trapped.counts("topic", "blijf van mijn lijf").get("aanpak.opvang", 0) > 0


@pytest.mark.req("T9")
@pytest.mark.parametrize("title", ["Time-out", "In the picture", "Wie wat waar"])
def test_titles_of_little_words_are_found_first_by_their_name(trapped: Library, title: str) -> None:
    for typed in (title, title.lower(), title.upper()):
        assert trapped.titles(typed)[0] == title


@pytest.mark.req("T10")
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("weerbaar op school", "Rots en Water"),
        ("Rots en Water", "Rots en Water"),
        ("ouders versterken", "Ouders versterken"),
        ("financiele veiligheid", "Financiële veiligheid"),
    ],
)
def test_the_name_of_an_entry_puts_it_first(trapped: Library, typed: str, first: str) -> None:
    assert trapped.titles(typed)[0] == first


@pytest.mark.req("T10")
@pytest.mark.parametrize(("present", "former"), [(now, then) for now, names in RENAMED.items() for then in names])
def test_a_former_name_of_an_organisation_puts_its_entries_first(trapped: Library, present: str, former: str) -> None:
    assert trapped.titles(former)[0] == f"Voorbeeld van {present}"
    assert trapped.titles(present)[0] == f"Voorbeeld van {present}"


@pytest.mark.req("T11")
def test_a_stub_stands_below_a_full_entry_unless_it_is_named(trapped: Library) -> None:
    assert trapped.titles("giraffe") == ["Alles over dieren", "Giraffe giraffe giraffe"]
    assert trapped.titles("giraffe giraffe giraffe")[0] == "Giraffe giraffe giraffe"


@pytest.mark.req("T12")
def test_title_outranks_summary_outranks_body(trapped: Library) -> None:
    assert trapped.titles("zebrapad") == ["Zebrapad in de titel", "Zonder dat woord een", "Zonder dat woord twee"]


@pytest.mark.req("T13")
@pytest.mark.parametrize("word", ["slaapwandelen", "hoogtevrees", "Zonnebloem", "Kwartelkoning"])
def test_words_about_whom_it_is_not_for_and_names_of_people_find_nothing(trapped: Library, word: str) -> None:
    assert trapped.find(word).total == 0
    assert trapped.find(word).did_you_mean is None


@pytest.mark.req("T14")
@pytest.mark.parametrize(
    ("typed", "topics"),
    [
        ("eremoord", ["schadelijke-praktijken.eer", "partnergeweld.femicide"]),
        ("contactverbod", ["partnergeweld.stalking", "aanpak.recht"]),
        ("uitbuiting", ["seksueel-geweld.uitbuiting", "ouderenmishandeling.financieel"]),
    ],
)
def test_words_of_two_topics_find_both(trapped: Library, typed: str, topics: list[str]) -> None:
    counts = trapped.counts("topic", typed)
    assert [t for t in topics if not counts.get(t)] == []


@pytest.mark.req("T14")
def test_killing_for_honour_is_first_about_honour(open_library: Open) -> None:
    text = "Een tekst die voor beide precies gelijk is, zonder de woorden van een onderwerp."
    library = open_library(
        [
            make("method", "Stuk een", summary=text, topics=["partnergeweld.femicide"]),
            make("method", "Stuk twee", summary=text, topics=["schadelijke-praktijken.eer"]),
        ]
    )
    assert library.titles("eremoord") == ["Stuk twee", "Stuk een"]


@pytest.mark.req("T14")
def test_children_of_parents_with_mental_illness_are_no_witnesses(trapped: Library) -> None:
    assert trapped.counts("topic", "KOPP").get("kindermishandeling.getuige", 0) == 0


@pytest.mark.req("T15")
@pytest.mark.parametrize("typed", ["0800-2000", "0800 2000", "08002000"])
def test_a_number_finds_who_answers_it_however_it_is_written(trapped: Library, typed: str) -> None:
    assert trapped.titles(typed)[0] == traps.HELP_LINE


@pytest.mark.req("T16")
@pytest.mark.parametrize(
    "spellings",
    [
        ("financiele", "Financiële", "FINANCIËLE", "financie\u0308le"),
        ("Fryslan", "Fryslân", "fryslân"),
        ("blijf-van-mijn-lijf", "Blijf van mijn Lijf"),
        ("foto's", "fotos", "foto’s"),
    ],
)
def test_capitals_accents_and_apostrophes_do_not_matter(trapped: Library, spellings: tuple[str, ...]) -> None:
    found = [trapped.titles(s) for s in spellings]
    assert all(f == found[0] for f in found)


SEARCHED_BY = {"topics": "topic", "target-groups": "targetGroup", "audiences": "audience", "settings": "setting",
               "regions": "region"}  # fmt: skip
LABELS = [
    (facet, term.code, words)
    for name, facet in SEARCHED_BY.items()
    for term in vocabularies()[name]
    if term.group != "personal"
    for words in (term.labels["nl"], *term.synonyms, *term.hidden)
]


@pytest.mark.req("T24")
@pytest.mark.parametrize("facet", SEARCHED_BY.values())
def test_every_label_and_synonym_finds_an_entry_with_its_code(trapped: Library, facet: str) -> None:
    lost = [(c, words) for f, c, words in LABELS if f == facet and not trapped.counts(facet, words).get(c)]
    assert lost == []
