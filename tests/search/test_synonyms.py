"""What words also mean: other words and codes, from the vocabularies, the list of synonyms and organisations."""

import pytest

from kennis.content.vocabulary import vocabularies
from kennis.search import synonyms
from kennis.search.analysis import analyser, analyze_words
from kennis.search.synonym_lines import VOCABULARY_OF
from kennis.search.synonyms import MOST_ALTERNATIVES, PERSONAL, Synonyms, Unit, build, default
from kennis.search.typed import Group, groups, take_apart


def unit(text: str, known: Synonyms | None = None) -> Unit | None:
    words = [found.word for found in analyser().words(text)]
    found = (known or default()).at(words, 0)
    return found if found and found.length == len(words) else None


def codes(text: str, known: Synonyms | None = None) -> dict[str, float]:
    """Codes of the whole text, each with its score."""
    found = unit(text, known)
    return {f"{c.field}:{c.code}": c.score for c in found.codes} if found else {}


def others(text: str, known: Synonyms | None = None) -> set[str]:
    found = unit(text, known)
    return {" ".join(a.terms) for a in found.alternatives} if found else set()


def tokens(text: str) -> str:
    return " ".join(analyze_words(text))


def in_sentence(text: str) -> list[Group]:
    return groups(take_apart(text, default()), default(), lambda _: False)


LABELS = [
    pytest.param(field, term.code, phrase, id=f"{term.code}: {phrase}")
    for field, name in VOCABULARY_OF.items()
    for term in vocabularies()[name]
    if term.group != PERSONAL
    for phrase in (term.labels["nl"], term.labels["en"], *term.synonyms, *term.hidden)
]
# Deliberately another code than the vocabularies say (T2, T14): none loses one, some gain a rank.
PLACES = sorted(vocabularies().places.items())


@pytest.mark.req("T24")
@pytest.mark.parametrize(("field", "code", "phrase"), LABELS)
def test_every_label_synonym_and_hidden_label_stands_for_its_code(field: str, code: str, phrase: str) -> None:
    (group,) = in_sentence(phrase)
    assert group.unit is not None
    assert (field, code) in {(c.field, c.code) for c in group.unit.codes}


@pytest.mark.req("T24")
def test_every_place_stands_for_its_region() -> None:
    wrong = [place for place, region in PLACES if f"region:{region}" not in _whole(place)]
    assert wrong == []


def _whole(text: str) -> set[str]:
    found = in_sentence(text)
    return {f"{c.field}:{c.code}" for g in found if g.unit for c in g.unit.codes} if len(found) == 1 else set()


@pytest.mark.parametrize("phrase", ["Voor mij: ik maak dit mee", "Voor mij: ik wil stoppen met geweld"])
def test_personal_audiences_have_no_words(phrase: str) -> None:
    assert all("zelf" not in code for code in codes(phrase))


@pytest.mark.req("T2")
def test_domestic_violence_is_a_unit_that_stands_for_four_topics() -> None:
    meant = codes("huiselijk geweld")
    first = meant.pop("topic:partnergeweld")
    assert set(meant) == {"topic:kindermishandeling", "topic:ouderenmishandeling", "topic:overig-geweld"}
    assert all(score < first for score in meant.values())


@pytest.mark.req("T2")
@pytest.mark.parametrize("text", ["geweld huiselijk", "huiselijk en geweld", "huiselijk ander geweld"])
def test_its_words_apart_stand_for_nothing(text: str) -> None:
    assert all(not c.code.startswith("partnergeweld") for g in in_sentence(text) if g.unit for c in g.unit.codes)


@pytest.mark.req("T2")
def test_a_mistake_is_read_as_what_was_meant() -> None:
    taken = take_apart("cursus huishoudelijk geweld", default())
    assert taken.replaced == (("huishoudelijk geweld", "huiselijk geweld"),)
    assert [f.word.folded for f in taken.words] == ["cursus", "huiselijk", "geweld"]


@pytest.mark.req("T5")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dader", "targetGroup:pleger"),
        ("daders", "targetGroup:pleger"),
        ("survivor", "targetGroup:slachtoffer"),
        ("overlevers", "targetGroup:slachtoffer"),
        ("slachtoffer", "targetGroup:slachtoffer"),
        ("narcist", "topic:partnergeweld.dwingende-controle"),
        ("narcistische partner", "topic:partnergeweld.dwingende-controle"),
    ],
)
def test_lay_words_stand_for_the_words_of_the_field(typed: str, meant: str) -> None:
    assert meant in codes(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("jaloezie", "topic:partnergeweld.dwingende-controle"),
        ("gezinsdrama", "topic:partnergeweld.femicide"),
        ("familiedrama", "topic:partnergeweld.femicide"),
        ("belager", "topic:partnergeweld.stalking"),
        ("straatverbod", "topic:partnergeweld.stalking"),
        ("gebiedsverbod", "topic:aanpak.recht"),
        ("partnermishandeling", "topic:partnergeweld"),
        ("naaktfoto", "topic:seksueel-geweld.online"),
        ("naaktfoto's", "topic:seksueel-geweld.online"),
        ("deepfake", "topic:seksueel-geweld.online"),
        ("kinderporno", "topic:seksueel-geweld.kind"),
        ("pedofilie", "topic:seksueel-geweld.kind"),
        ("pedofiel", "topic:seksueel-geweld.kind"),
        ("groepsverkrachting", "topic:seksueel-geweld.aanranding"),
        ("pooier", "topic:seksueel-geweld.uitbuiting"),
        ("bejaardenmishandeling", "topic:ouderenmishandeling"),
        ("erfenis", "topic:ouderenmishandeling.financieel"),
        ("agressie", "topic:aanpak.plegers"),
        ("therapie", "topic:aanpak.hulp-herstel"),
        ("uithuisplaatsing", "audience:jeugdbescherming"),
        ("ondertoezichtstelling", "audience:jeugdbescherming"),
    ],
)
def test_words_of_the_newspaper_stand_for_a_topic(typed: str, code: str) -> None:
    assert code in codes(typed)


@pytest.mark.req("T5")
def test_a_lay_word_stands_for_what_its_word_of_the_field_stands_for() -> None:
    assert codes("schooljuf").keys() == codes("leraar").keys()


def test_words_of_one_meaning_find_one_another() -> None:
    assert "pleger" in others("dader")
    assert "dader" in others("pleger")
    assert {tokens("overlever"), "survivor"} <= others("slachtoffer")


ABBREVIATIONS = {
    "VGV": "meisjesbesnijdenis",
    "FGM": "meisjesbesnijdenis",
    "SGG": "seksueel grensoverschrijdend gedrag",
    "LVB": "licht verstandelijke beperking",
    "HGKM": "huiselijk geweld en kindermishandeling",
    "VT": "Veilig Thuis",
    "CSG": "Centrum Seksueel Geweld",
    "LKHA": "Landelijk Knooppunt Huwelijksdwang en Achterlating",
    "GHNT": "Geweld hoort nergens thuis",
    "GIA": "geweld in afhankelijkheidsrelaties",
}


@pytest.mark.req("T6")
@pytest.mark.parametrize(("short", "full"), ABBREVIATIONS.items())
def test_abbreviations_and_full_forms_find_one_another(short: str, full: str) -> None:
    assert tokens(full) in others(short)
    assert tokens(short) in others(full)
    assert codes(short) == codes(full)


@pytest.mark.req("T14")
def test_the_likeliest_topic_comes_first() -> None:
    honour = codes("eremoord")
    assert honour["topic:schadelijke-praktijken.eer"] > honour["topic:partnergeweld.femicide"]
    assert set(codes("contactverbod")) == {"topic:partnergeweld.stalking", "topic:aanpak.recht"}
    assert set(codes("uitbuiting")) == {"topic:seksueel-geweld.uitbuiting", "topic:ouderenmishandeling.financieel"}


@pytest.mark.req("T14")
def test_children_of_ill_parents_are_not_child_witnesses() -> None:
    assert codes("KOPP") == {}
    assert "topic:kindermishandeling.getuige" not in codes("kinderen van ouders met psychische problemen")


@pytest.mark.req("T1")
def test_no_synonym_leads_from_parents_to_elderly_people_or_back() -> None:
    about_elderly, about_parents = ("oudere", "ouderenmishandeling"), ("ouder", "oudermishandeling")
    cases = [(text, about_elderly) for text in ("oudermishandeling", "ouders", "geweld tegen ouders")]
    cases += [(text, about_parents) for text in ("ouderenmishandeling", "ouderen", "geweld tegen ouderen")]
    for text, never in cases:
        assert not {word for other in others(text) for word in other.split()} & set(never), text
        assert not any(code.split(":")[1].split(".")[-1] in never for code in codes(text)), text


def test_a_name_of_an_organisation_finds_its_other_names() -> None:
    known = build(vocabularies(), {"valente": ("Valente", "Federatie Opvang"), "leeg": ("", "!!!")})
    assert others("Federatie Opvang", known) == {"valente"}
    assert "federatie opvang" in others("valente", known)
    assert "organisation:valente" in codes("federatie opvang", known)


@pytest.mark.parametrize("word", ["slaat", "familie", "app"])
def test_everyday_words_stand_for_a_code_only_when_they_are_alone(word: str) -> None:
    assert codes(word)
    assert all(not g.unit.codes for g in in_sentence(f"mijn man {word} vandaag") if g.unit and g.surface == word)


def test_a_place_that_is_a_word_counts_after_a_preposition() -> None:
    def regions(text: str) -> set[str]:
        return {c.code for g in in_sentence(text) if g.unit for c in g.unit.codes if c.field == "region"}

    assert regions("opvang in Putten") == regions("Putten") == {"vr06"}
    assert regions("putten slaan") == set()
    assert regions("opvang Almere") == {"vr25"}


def test_an_abbreviation_that_is_a_stop_word_counts_in_capitals_or_alone() -> None:
    assert "audience:justitie-reclassering" in codes("om")
    assert any(g.unit and g.surface == "OM" for g in in_sentence("aangifte bij het OM"))
    assert all(g.surface != "om" for g in in_sentence("hulp om te stoppen"))


def test_the_longest_unit_wins() -> None:
    assert [g.surface for g in in_sentence("seksueel misbruik van kinderen")] == ["seksueel misbruik van kinderen"]


def test_every_unit_stands_for_something() -> None:
    assert [key for key, known in default()._units.items() if not known.codes and not known.alternatives] == []


def test_alternatives_are_few_and_never_the_word_itself() -> None:
    for key, known in default()._units.items():
        assert len(known.alternatives) <= MOST_ALTERNATIVES
        assert key not in {a.terms for a in known.alternatives}
        assert all(0 < a.weight < 1 and a.terms for a in known.alternatives)


def test_building_is_quick_enough_to_repeat_when_a_name_changes() -> None:
    assert isinstance(synonyms.build(vocabularies()), Synonyms)
