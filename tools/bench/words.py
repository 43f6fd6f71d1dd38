"""Dutch words for generated entries: own lists, joined to compounds, for a vocabulary of real size."""


def _split(words: str) -> tuple[str, ...]:
    """A list that reads as text."""
    return tuple(words.split())


# The order is the frequency: words are drawn after Zipf, so the first are in many entries and the last in few.
NOUNS = _split(
    "geweld gezin kind hulp partner veiligheid gesprek school ouder begeleiding moeder vader plan wijkteam melding "
    "signaal training opvang steun relatie groep huis politie gemeente onderzoek aanpak vertrouwen zorg buurt "
    "afspraak herstel dreiging controle stalking netwerk risico familie broer zus dochter zoon oma opa buurman "
    "buurvrouw vriendin collega leerkracht huisarts verloskundige wijkverpleegkundige mantelzorger vrijwilliger "
    "maatje coach therapeut rechter advocaat reclassering aangifte huisverbod crisis schuld inkomen woning "
    "verslaving alcohol stress schaamte angst boosheid verdriet trauma nachtmerrie eenzaamheid isolement eer "
    "huwelijk scheiding omgang zwangerschap baby peuter kleuter puber tiener jongere oudere dementie verpleeghuis "
    "dagbesteding sportclub moskee kerk vereniging werkgever bedrijf internet telefoon bericht foto chat website "
    "campagne poster folder film verhaal ervaring les toets vragenlijst handboek werkboek protocol meldcode "
    "stappenplan weerbaarheid grens toestemming mishandeling verwaarlozing misbruik aanranding uitbuiting "
    "achterlating besnijdenis bedreiging intimidatie chantage diefstal financiën bewind testament rekening "
    "taal tolk cultuur traditie vlucht asiel verblijf paspoort reis vakantie zomer nacht avond ochtend"
)
ADJECTIVES = _split(
    "veilig kwetsbaar gezamenlijk duidelijk eerste lokaal tijdelijk ernstig herhaald vertrouwd rustig open jong "
    "licht zwaar persoonlijk landelijk systemisch vroeg laat anoniem gratis wekelijks korte lange nieuwe bestaande "
    "onafhankelijk deskundig ervaren betrokken bereikbaar zichtbaar verborgen psychisch lichamelijk seksueel "
    "financieel digitaal sociaal praktisch juridisch medisch pedagogisch preventief verplicht vrijwillig outreachend"
)
VERBS = _split(
    "helpt steunt bespreekt herkent meldt voorkomt stopt begeleidt versterkt volgt verwijst beschermt betrekt "
    "onderzoekt leert oefent vertelt luistert vraagt ziet merkt zoekt vindt biedt geeft krijgt maakt houdt brengt "
    "neemt bouwt herstelt verbindt informeert waarschuwt adviseert organiseert bezoekt belt schrijft deelt"
)
PREPOSITIONS = _split("met voor na bij tijdens zonder rond naast door over binnen tegen")
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


def compounds() -> tuple[str, ...]:
    """Every first part with every last part, in an order that mixes both: about 4,000 words."""
    pairs = [(a, b) for a in range(len(FIRST_PARTS)) for b in range(len(LAST_PARTS))]
    pairs.sort(key=lambda pair: (pair[0] + pair[1], pair[0]))
    return tuple(FIRST_PARTS[a] + LAST_PARTS[b] for a, b in pairs)
