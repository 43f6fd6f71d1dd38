"""Entries that set the traps of content-model.md 11, beside those of the base corpus. All invented."""

from kennis.content.views import EntryView
from tests.search.corpus import by_organisation, make, prose

HELP_LINE = "Hulplijn op elk moment"
FOR_VICTIMS, FOR_PERPETRATORS, FOR_BYSTANDERS = (
    "Steunpunt voor wie geweld meemaakt",
    "Steunpunt voor wie wil stoppen",
    "Steunpunt voor naasten",
)
PROGRAMME = "Groep voor mannen die hun vrouw slaan"
LONG = prose("long", 150)


def words_of_violence() -> list[EntryView]:
    """Look-alikes and families of words."""
    return [
        make("method", "Omgaan met oudermishandeling", topics=["overig-geweld.oudermishandeling"]),
        make("method", "Omgaan met ouderenmishandeling", topics=["ouderenmishandeling"]),
        make("method", "Ouders versterken", targetGroups=["ouder"]),
        make("method", "Ouderen versterken", targetGroups=["oudere"]),
        make("method", "Aanpak van geweld", topics=["overig-geweld"]),
        make("method", "Een geweldig idee"),
        make("method", "Plegeraanpak in de wijk", topics=["aanpak.plegers"], targetGroups=["pleger"]),
        make("method", "Meldcodetraining voor iedereen"),
        make("method", "Eremoord voorkomen", topics=["schadelijke-praktijken.eer"]),
        make("method", "Contactverbod in de praktijk", topics=["partnergeweld.stalking"]),
    ]


def names() -> list[EntryView]:
    return [
        make("method", "MDA++"),
        make("method", "Meer over samenwerking", body=f"Zie ook MDA++. {LONG}"),
        make("intervention", "!JES het brugproject", alternativeTitles=["!JES"]),
        make("method", "Wie jes zegt", body=f"Jes, zei hij. {LONG}"),
        make("intervention", "Lhbti+ in beeld", targetGroups=["lhbti"]),
        make("intervention", "Blijf sterk", organisations=by_organisation("Blijf Groep")),
        make("method", "Vragen stellen", summary="Blijf vragen stellen, ook als het lastig is. Blijf rustig en blijf."),
        make("intervention", "Time-out"),
        make("method", "Een pauze nemen", body=f"Neem een time-out als het oploopt. {LONG}"),
        make("intervention", "In the picture"),
        make("method", "Wie wat waar"),
        make("intervention", "Rots en Water", alternativeTitles=["Weerbaar op school"]),
        make("method", "Weerbaarheid op school en daarbuiten", body=f"Weerbaar op school. {LONG}"),
        make("intervention", "Financiële veiligheid", regions=["nl-fr"]),
    ]


def weights() -> list[EntryView]:
    """The same word in the title, the summary and the body of entries that are alike in all else."""
    filler = "Dit is een samenvatting die verder over niets anders gaat dan dit."
    return [
        make("method", "Zebrapad in de titel", summary=filler, body=LONG),
        make("method", "Zonder dat woord een", summary=f"{filler} Een zebrapad helpt.", body=LONG),
        make("method", "Zonder dat woord twee", summary=filler, body=f"{LONG} Een zebrapad helpt."),
        make("method", "Giraffe giraffe giraffe", words=10, summary=f"{filler} Giraffe."),
        make("method", "Alles over dieren", summary=f"{filler} Ook een giraffe.", body=f"{LONG} Giraffe."),
    ]


def unsearched() -> list[EntryView]:
    return [
        make(
            "intervention",
            "Alleen voor sommigen",
            contraIndications="Niet geschikt bij slaapwandelen.",
            contributor={"background": "professional", "displayName": "Kwartelkoning"},
        ),
        make("method", "Niet voor iedereen", whenNot="Niet bij hoogtevrees."),
        make("story", "Een eigen verhaal: voorbeeldverhaal (verzonnen)", pseudonym="Zonnebloem"),
    ]


def help_for_people() -> list[EntryView]:
    return [
        make(
            "help-offer",
            HELP_LINE,
            channels=[{"kind": "phone", "value": "08002000", "isAlwaysOpen": True, "isFree": True}],
            audiences=["slachtoffer-zelf", "omstander-zelf", "pleger-zelf"],
            targetGroups=["slachtoffer", "pleger", "omstander"],
        ),
        make("help-offer", FOR_VICTIMS, audiences=["slachtoffer-zelf"], targetGroups=["slachtoffer"]),
        make("help-offer", FOR_PERPETRATORS, audiences=["pleger-zelf"], targetGroups=["pleger"]),
        make("help-offer", FOR_BYSTANDERS, audiences=["omstander-zelf"], targetGroups=["omstander"]),
        make(
            "intervention",
            PROGRAMME,
            summary="Voor mannen die hun vrouw slaan: mijn man slaat me, wat moet ik doen, hulp om te stoppen.",
            targetGroups=["pleger"],
            audiences=["justitie-reclassering"],
            topics=["aanpak.plegers"],
        ),
    ]


def all_traps() -> list[EntryView]:
    return [*words_of_violence(), *names(), *weights(), *unsearched(), *help_for_people()]
