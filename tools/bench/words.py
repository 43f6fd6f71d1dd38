"""Parts that are joined to Dutch compounds, for a vocabulary of real size, and syllables for made-up names."""

from functools import cache


def _split(words: str) -> tuple[str, ...]:
    """A list that reads as text."""
    return tuple(words.split())


FIRST_PARTS = _split(
    "gezins kinder jongeren ouder ouderen partner relatie veiligheids crisis zorg hulp wijk buurt school jeugd thuis "
    "opvang groeps individu trauma herstel nazorg meld signaal risico dreigings huis familie moeder vader broeder "
    "zuster sport werk taal geloofs cultuur eer huwelijks scheidings zwangerschaps geboorte baby peuter puber "
    "verslavings schuld inkomens woon nacht dag week maand jaar zomer vakantie reis internet telefoon chat beeld "
    "verhaal ervarings les toets vragen hand werkplek stappen grens weerbaarheids preventie mishandelings "
    "verwaarlozings misbruik geweld agressie emotie stress rouw angst vertrouwens netwerk keten samenwerkings "
    "gemeente regio provincie land praktijk onderzoeks kennis"
)
LAST_PARTS = _split(
    "aanpak begeleiding gesprek plan team training groep hulp steun opvang zorg coach werker avond dag week "
    "bijeenkomst cursus methode kaart wijzer lijn punt loket spreekuur bezoek onderzoek meting toets lijst boek "
    "protocol afspraak overleg netwerk tafel huis plek ruimte project programma campagne les verhaal film spel "
    "oefening taak rol regie melding signaal advies verwijzing nazorg herstel behandeling therapie"
)
# Syllables of made-up names of programmes: every entry has a name of its own.
SYLLABLES = _split("ba ver lo mi ka ste no ra vi dam wel zo tra lum fe ri do han sel pu")


@cache
def compounds() -> tuple[str, ...]:
    """Every first part with every last part."""
    return tuple(first + last for first in FIRST_PARTS for last in LAST_PARTS)
