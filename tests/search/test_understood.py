"""What a query says about who asks and for whom: ages, needs, and words that only name a filter."""

import csv
from itertools import product
from pathlib import Path

import pytest

from kennis.search import needs
from kennis.search.understood import rules
from tests.search.conftest import Open
from tests.search.corpus import make
from tests.search.library import Library


@pytest.mark.parametrize(
    ("text", "bands", "because"),
    [
        ("kind 8 jaar", "4-12", "8 jaar"),
        ("mijn dochter van 8 is bang", "4-12", "van 8"),
        ("mijn dochter van acht", "4-12", "van acht"),
        ("zoontje (4)", "4-12", "(4)"),
        ("mijn zoon is 9", "4-12", "is 9"),
        ("Meisje van VEERTIEN", "12-18", "van VEERTIEN"),
        ("tienjarige", "4-12", "tienjarige"),
        ("kind 2 jaar oud", "2-4", "2 jaar"),
        ("ik ben 16 en bang", "12-18", "16"),
        ("tussen 12 en 18", "12-18", "tussen 12 en 18"),
        ("tussen de 12 en 18 jaar", "12-18", "tussen de 12 en 18 jaar"),
        ("kind van 3 tot 5 jaar", "2-4 4-12", "3 tot 5 jaar"),
        ("groep voor jongeren van 12 tot 18", "12-18", "van 12 tot 18"),
        ("kinderen 4-12", "4-12", "4-12"),
        ("meisjes (12-18)", "12-18", "(12-18)"),
        ("leerlingen van 12 t/m 17", "12-18", "van 12 t/m 17"),
        ("zoon van 8 en 2 meisjes", "4-12", "van 8"),
        ("4 tot en met 12 jaar", "4-12 12-18", "4 tot en met 12 jaar"),
        ("jonger dan 12", "zwanger-2 2-4 4-12", "jonger dan 12"),
        ("onder de 18", "zwanger-2 2-4 4-12 12-18", "onder de 18"),
        ("kinderen onder 12 jaar", "zwanger-2 2-4 4-12", "onder 12 jaar"),
        ("5 jarig meisje", "4-12", "5 jarig"),
        ("mijn moeder van 82", "65-plus", "van 82"),
        ("65+", "65-plus", "65+"),
        ("ouder dan 65", "65-plus", "ouder dan 65"),
        ("baby van 3 maanden oud", "zwanger-2", "3 maanden oud"),
    ],
)
def test_a_number_that_is_an_age_names_its_bands(text: str, bands: str, because: str) -> None:
    named = {(m.codes, text[m.start : m.end]) for m in rules().mentions(text) if m.parameter == "ageBand"}
    assert (tuple(bands.split()), because) in named


@pytest.mark.parametrize(
    "text",
    [
        "moeder van 2", "moeder van 3 kinderen", "tussen 12 en 18 uur", "kind 2 keer geslagen", "al 8 jaar geslagen",
        "8 jaar geleden", "ik ben 8 maanden zwanger", "een tweejarige opleiding", "24 uur bereikbaar",
        "van 2015 tot 2020", "tussen 2015 en 2020", "meldcode stap 3", "0800-2000", "112", "kind van 150",
        "12 kinderen", "kinderen 2 keer geslagen", "jongeren 2020", "moeder van 2 tot", "kinderen 4-12 weken",
        "onder 2 voorwaarden",
    ],
)  # fmt: skip
def test_a_number_that_says_something_else_is_no_age(text: str) -> None:
    assert [m for m in rules().mentions(text) if m.parameter == "ageBand"] == []


NEEDS = {
    "victim": [
        "papa slaat mama", "hij dreigt met foto's te verspreiden", "mijn man word agressief als hij drinkt",
        "ik wil aangifte doen", "ik kan niet meer", "wie moet ik bellen", "nood", "vroeger misbruikt",
        "waar kan ik vannacht slapen", "ik heb geen plek om te slapen", "ik wil scheiden maar durf niet",
        "hoe ga ik veilig weg", "mijn man geeft me geen geld", "hij volgt me overal", "hij leest mijn berichten",
        "gps tracker onder mijn auto", "al 8 jaar geslagen", "misbruik in mijn jeugd", "schulden door ex",
    ],
    "perpetrator": [
        "ik ben pleger", "ik ben een dader", "ben ik een dader", "ik ben agressief", "ik schreeuw tegen mijn kinderen",
        "ik verlies mijn geduld met mijn demente man",
    ],
    "bystander": [
        "mijn buurmeisje heeft blauwe plekken", "mijn vriendin haar man is agressief", "buren schreeuwen",
        "mijn vriendin heeft een foute vriend", "mijn zusje heeft een loverboy", "collega met een blauw oog",
        "ik hoor elke nacht geschreeuw bij de buren", "opa wordt bestolen door zijn zoon", "kan ik anoniem melden",
        "mijn oma krijgt geen eten in het verpleeghuis",
    ],
    None: [
        "plegeraanpak", "training meldcode", "noodknop", "noodopvang", "buren", "wat werkt bij plegers",
        "vroegsignalering", "als vrijwilliger zie ik iets geks", "professionals kunnen niet zonder buren",
        "geweld in de jeugd",
        "cliënt is agressief", "vroeger en nu",
    ],
}  # fmt: skip


with (Path(__file__).parent / "needs.csv").open(encoding="utf-8", newline="") as lines:
    TYPED = [(row["need"] or None, row["query"]) for row in csv.DictReader(lines)]

# Every one of these people does every one of these acts, in the words and the spelling of who types in a hurry.
PEOPLE = [
    "man", "vrouw", "vriend", "vriendin", "partner", "ex", "ex-man", "vader", "moeder", "stiefvader", "pleegvader",
    "broer", "oom", "opa", "oma", "zoon", "dochter", "schoonmoeder", "schoonfamilie", "verzorger", "begeleider",
    "hulpverlener", "huisgenoot",
]  # fmt: skip
ACTS = [
    "slaat mij", "slaad me", "mishandeld mij", "bedreigd mij", "doet mij pijn", "schopt me", "duwt mij",
    "knijpt mij", "steekt mij", "spuugt mij in het gezicht", "gooit spullen naar mij", "wurgt mij",
    "verkracht mij", "dwingt mij", "chanteert mij", "stalkt mij", "volgt mij", "schreeuwt tegen mij",
    "gilt tegen mij", "scheldt mij uit", "kleineert mij", "vernedert me", "sluit mij op", "houdt mij vast",
    "raakt mij aan", "komt in mijn bed", "steelt geld van mij", "pakt mijn telefoon af", "pakt mijn paspoort",
    "controleert mijn telefoon", "trekt aan mijn haar", "zit aan mij", "geeft mij geen eten",
    "laat mij niet met rust", "heeft mij geslagen", "heeft mij mishandelt",
]  # fmt: skip
SUFFERED = [
    "geslagen", "geslage", "mishandeld", "mishandelt", "bedreigd", "bedreigt", "gestalkt", "verkracht",
    "misbruikt", "achtervolgd", "achtervolgt", "gechanteerd", "gekleineerd", "vernederd", "gecontroleerd",
    "opgesloten", "uitgescholden", "gewurgd", "gedwongen", "gestoken",
]  # fmt: skip


@pytest.mark.req("T22")
@pytest.mark.parametrize("kind", NEEDS)
def test_who_asks_for_themselves_is_told_from_who_asks_for_their_work(kind: str | None) -> None:
    typed = [*NEEDS[kind], *(text for of, text in TYPED if of == kind)]
    taken = {text: need and need.kind for text in typed for need in [needs.need(text)]}
    assert {text: other for text, other in taken.items() if other != kind} == {}


def test_every_sentence_that_was_collected_is_of_a_kind_that_is_tested() -> None:
    assert {kind for kind, _ in TYPED} == set(NEEDS)


@pytest.mark.req("T22")
@pytest.mark.parametrize("act", ACTS)
def test_whoever_does_it_to_the_writer_the_writer_is_helped(act: str) -> None:
    unseen = [who for who in PEOPLE if not ((need := needs.need(f"Mijn {who} {act}")) and need.kind == "victim")]
    assert unseen == []


@pytest.mark.req("T22")
@pytest.mark.parametrize("became", ["word", "wordt", "wort", "werd", "ben"])
def test_a_wrong_d_or_t_does_not_leave_the_writer_alone(became: str) -> None:
    sentences = ["ik {} {}", "ik {} thuis {}", "ik {} {} door mijn ex", "door mijn man {} ik {}", "IK {} STEEDS {}"]
    typed = [said.format(became, suffered) for said, suffered in product(sentences, SUFFERED)]
    assert [text for text in typed if not ((need := needs.need(text)) and need.kind == "victim")] == []


@pytest.fixture(scope="module")
def offered(beside_base: Open) -> Library:
    return beside_base(
        [
            make("training", "Signaleren in de klas"),
            make("method", "Een cursus voor ouders volgen"),
            make("intervention", "Voor kleuters", ageMin=4, ageMax=6),
        ]
    )


def test_the_name_of_a_kind_finds_entries_of_that_kind_without_the_word(offered: Library) -> None:
    assert "Signaleren in de klas" in offered.titles("cursus signaleren")
    assert offered.titles("interventies voor kleuters")[0] == "Voor kleuters"


def test_words_that_only_name_a_filter_find_what_has_it(offered: Library) -> None:
    assert "Voor kleuters" in offered.titles("5-jarige")
    assert offered.titles("5-jarige", filters={"ageBand": ("65-plus",)}) == []


@pytest.mark.parametrize("filters", [{}, {"kind": ("lesson",)}])
def test_a_subject_without_entries_gives_the_subject_above_it(
    open_library: Open, filters: dict[str, tuple[str, ...]]
) -> None:
    library = open_library(
        [
            make("lesson", "Over iets breders", topics=["seksueel-geweld"]),
            make("method", "Ernaast", topics=["seksueel-geweld.kind"]),
            make("method", "Ver weg", topics=["ouderenmishandeling"]),
        ]
    )
    page = library.find("wraakporno", filters=filters)
    assert page.understood.relaxed
    assert page.total == (1 if filters else 2)
    assert "Ver weg" not in library.titles("wraakporno")


def test_the_subject_itself_stands_above_the_wider_one(open_library: Open) -> None:
    library = open_library(
        [
            make("method", "Ernaast", topics=["seksueel-geweld.kind"]),
            make("method", "Raak", topics=["seksueel-geweld.online"]),
        ]
    )
    assert library.titles("wraakporno") == ["Raak", "Ernaast"]


def test_what_only_holds_subjects_together_is_no_wider_subject(open_library: Open) -> None:
    library = open_library([make("method", "Recht", topics=["aanpak.recht"])])
    assert library.find("noodknop").total == 0
    assert library.find("siblinggeweld").total == 0
