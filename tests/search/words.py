"""Dutch words of ours from which generated entries are made. They mean nothing together; that is not needed."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NOUNS = _words(
    """aanpak gesprek plan veiligheid gezin hulpverlener contact vertrouwen oefening bijeenkomst groep trainer opvang
    melding advies signaal netwerk afspraak dossier overleg regie herstel steun praktijk handleiding werkboek
    deelnemer casus verhaal huisbezoek telefoon chat gemeente wijkteam politie school leraar verpleegkundige huisarts
    vrijwilliger buurvrouw moeder vader kind jongere partner buurman vriendin collega organisatie onderzoek resultaat
    meting verandering gedrag gevoel schaamte schuld angst hoop toekomst woning inkomen schulden rechter advocaat
    aangifte dreiging controle isolement afhankelijkheid verslaving stress opvoeding scheiding omgang bezoek nazorg
    terugval grens wens talent kracht draagkracht tolk taal cultuur traditie familie eer huwelijk reis vakantie"""
)
VERBS = _words(
    """bespreken plannen oefenen helpen luisteren vragen melden volgen steunen herstellen leren kiezen maken geven
    nemen zien horen schrijven bellen verwijzen beschermen betrekken begeleiden onderzoeken meten veranderen"""
)
ADJECTIVES = _words(
    """veilige rustige duidelijke gezamenlijke eerste korte lange vaste eigen nieuwe lokale landelijke vrijwillige
    anonieme gratis persoonlijke warme open stevige kleine gerichte passende tijdige zorgvuldige"""
)
LINKS = _words("en met voor na zonder tijdens bij over door naar")
