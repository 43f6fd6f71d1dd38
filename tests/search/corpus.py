"""The fixture corpus: an entry per topic, target group, audience, setting and region, entries of every renamed
organisation, and as many generated ones as wanted. Seeded: the same entries every time."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from kennis.content.views import EntryView, OrganisationView
from kennis.content.vocabulary import vocabularies
from tests.search.words import ADJECTIVES, LINKS, NOUNS, VERBS

TODAY = date(2026, 11, 24)
LONG_AGO, JUST_NOW = "2026-03-01T09:00:00Z", "2026-11-20T09:00:00Z"
# Present name -> former names (content-model.md 9).
RENAMED = {
    "Valente": ("Federatie Opvang",),
    "Movisie": ("TransAct", "NIZW"),
    "Rutgers": ("Rutgers WPF", "Rutgers Nisso Groep"),
    "Sociaal Werk Nederland": ("MOgroep",),
    "MIND Korrelatie": ("Korrelatie",),
    "Sterk Huis": ("Kompaan en De Bocht",),
    "Veilig Thuis": (
        "AMK",
        "Advies- en Meldpunt Kindermishandeling",
        "SHG",
        "Steunpunt Huiselijk Geweld",
    ),
    "de Nederlandse ggz": ("GGZ Nederland",),
}
KINDS = ("intervention", "method", "lesson", "story", "training", "help-offer")
# Kinds of which any number may be made without a date of checking that limits them.
LASTING = ("intervention", "method", "lesson")


# What a view holds beside its content; `organisations` in an override are the links in the content.
COLUMNS = frozenset(EntryView.__slots__) - {"organisations", "content"}


def identifier(seed: object) -> str:
    return str(uuid.UUID(int=random.Random(str(seed)).getrandbits(128), version=4))


@cache
def organisations() -> dict[str, OrganisationView]:
    """By name."""
    made = {}
    for name in (*RENAMED, "Blijf Groep", "Stichting Voorbeeld"):
        names = {"Blijf Groep": ("Blijf van mijn Lijf", "Blijf-van-mijn-lijfhuis"), "Veilig Thuis": ("VT",)}
        made[name] = OrganisationView(
            identifier(name), name.lower().replace(" ", "-"), name, (*names.get(name, ()), *RENAMED.get(name, ()))
        )
    return made


def sentence(chance: random.Random) -> str:
    words = [
        chance.choice(ADJECTIVES), chance.choice(NOUNS), chance.choice(LINKS), chance.choice(ADJECTIVES),
        chance.choice(NOUNS), chance.choice(VERBS),
    ]  # fmt: skip
    return " ".join(words).capitalize() + "."


def prose(seed: object, words: int = 130) -> str:
    chance = random.Random(f"prose {seed}")
    return " ".join(sentence(chance) for _ in range(words // 6 + 1))


def _of_kind(kind: str, seed: object) -> dict[str, Any]:
    """What each kind requires beside the common properties."""
    contact = {"organisationId": identifier("Stichting Voorbeeld"), "url": "https://voorbeeld.example/"}
    text = sentence(random.Random(f"kind {seed}"))
    own: dict[str, dict[str, Any]] = {
        "intervention": {
            "interventionKind": "group-programme", "problem": text, "goal": text, "approach": text * 2,
            "contact": contact, "sources": [{"title": text, "publisher": "Uitgeverij", "year": 2020, "kind": "report"}],
        },
        "method": {
            "methodKind": "cooperation", "purpose": text, "whenToUse": text, "steps": [{"title": text}],
            "contact": contact,
        },
        "lesson": {
            "lessonKind": "insight", "context": text, "whatHappened": text, "lesson": text, "recommendation": text,
            "recommendedTo": ["wijkteam"], "isInstructional": True, "basis": ["praktijkkennis"],
        },
        "story": {
            "pseudonym": "Roos", "narratorRole": "survivor", "whatHelped": text, "isExample": True,
            "licence": "story-no-quote", "contentWarnings": ["geen-details"],
            "contributor": {"background": "experience-expert"},
        },
        "training": {"trainingForm": "open-course", "url": "https://voorbeeld.example/training"},
        "help-offer": {
            "offerKind": "chat", "channels": [{"kind": "phone", "value": "112"}], "referralNeeded": "no",
            "anonymousPossible": "yes", "addressSecret": False,
        },
    }  # fmt: skip
    return own[kind]


def make(kind: str, title: str, *, words: int = 130, **overrides: Any) -> EntryView:
    """One published entry. Overrides that are columns of a view go there (snake_case), the rest into the content
    (camelCase); None takes a property away."""
    content: dict[str, Any] = {
        "title": title,
        "summary": sentence(random.Random(f"summary {title}")) + " Dat is bedoeld als korte samenvatting.",
        "body": prose(title, words),
        "language": "nl",
        "topics": ["aanpak"],
        "targetGroups": ["algemeen"],
        "audiences": ["opleiding-onderzoek"],
        "regions": ["nl"],
        "organisations": [],
        "contributor": {"background": "professional"},
        "licence": "cc-by",
        **_of_kind(kind, title),
    }
    if kind in ("intervention", "training", "help-offer"):
        role = "owner" if kind == "intervention" else "provider"
        content["organisations"] = [{"organisationId": identifier("Stichting Voorbeeld"), "role": role}]
    columns = {name: overrides.pop(name) for name in list(overrides) if name in COLUMNS}
    content |= overrides
    content = {name: value for name, value in content.items() if value is not None and value != []}
    known = {o.id: o for o in organisations().values()}
    entry_id = identifier(f"{kind} {title}")
    view = EntryView(
        id=entry_id, kind=kind, slug=entry_id, status="published", version=1, row_version=1, index_version=1,
        content=content, created_at=LONG_AGO, updated_at=LONG_AGO, published_at=LONG_AGO, checked_at="2026-10-01",
        review_due="2028-10-01", organisations=known,
    )  # fmt: skip
    return replace(view, **columns)


def by_organisation(name: str, role: str = "owner") -> list[dict[str, str]]:
    return [{"organisationId": identifier(name), "role": role}]


@cache
def base() -> tuple[EntryView, ...]:
    """One entry per code of what people search by, and one per renamed organisation."""
    lists = vocabularies()
    made: list[EntryView] = []
    for n, term in enumerate(lists["topics"]):
        kind = LASTING[n % len(LASTING)]
        made.append(make(kind, f"Werken aan {term.labels['nl'].lower()}", topics=[term.code]))
    for vocabulary, name in (("target-groups", "targetGroups"), ("audiences", "audiences"), ("settings", "settings")):
        for n, term in enumerate(lists[vocabulary]):
            kind = LASTING[:2][n % 2]
            made.append(make(kind, f"Voorbeeld {vocabulary} {n}", **{name: [term.code]}))
    made += [make("method", f"Voorbeeld streek {t.order}", regions=[t.code]) for t in lists["regions"]]
    made += [make("intervention", f"Voorbeeld van {name}", organisations=by_organisation(name)) for name in RENAMED]
    made += [make(kind, f"Gewoon voorbeeld {n}") for n, kind in enumerate(KINDS)]
    return tuple(made)


def generated(count: int, seed: int = 1) -> list[EntryView]:
    return [_generated(random.Random(f"{seed} {n}"), n) for n in range(count)]


def _some(chance: random.Random, vocabulary: str, most: int) -> list[str]:
    codes = vocabularies()[vocabulary].codes
    return chance.sample(codes, chance.randint(1, most))


def _topics(chance: random.Random) -> list[str]:
    """Without the parent of a child, as saving leaves them."""
    chosen = _some(chance, "topics", 3)
    return [code for code in chosen if not any(other.startswith(f"{code}.") for other in chosen)]


def _generated(chance: random.Random, n: int) -> EntryView:
    kind = chance.choice(KINDS)
    title = f"{chance.choice(ADJECTIVES)} {chance.choice(NOUNS)} {chance.choice(LINKS)} {chance.choice(NOUNS)} {n}"
    day = TODAY - timedelta(days=chance.randint(1, 1500))
    # Moments of a story are cut to the day.
    moment = f"{day.isoformat()}T{'00' if kind == 'story' else '10'}:00:00Z"
    checked = TODAY - timedelta(days=chance.randint(1, 800))
    more: dict[str, Any] = {}
    if kind != "story":
        more["settings"] = _some(chance, "settings", 2)
        more["regions"] = _some(chance, "regions", 3)
    if chance.random() < 0.6:
        more["ageMin"] = chance.choice((-1, 0, 4, 8, 12, 18))
        more["ageMax"] = more["ageMin"] + chance.choice((4, 5, 10, 50))
    if kind == "intervention":
        more |= {
            "durationBand": chance.choice(vocabularies()["duration-bands"].codes),
            "costBand": chance.choice(vocabularies()["cost-bands"].codes),
            "preventionLevel": chance.choice(vocabularies()["prevention-levels"].codes),
        }
        if chance.random() < 0.6:
            more["recognitions"] = [_recognition(chance)]
    if chance.random() < 0.2:
        more |= {"alternativeTitles": [sentence(chance)], "programmes": _some(chance, "programmes", 1)}
    return make(
        kind, title.capitalize(), words=130 if kind == "story" else chance.choice((20, 130, 300)),
        topics=_topics(chance),
        targetGroups=_some(chance, "target-groups", 3), audiences=_some(chance, "audiences", 4),
        published_at=moment, updated_at=moment, checked_at=checked.isoformat(),
        partner_use=kind != "story" or chance.random() < 0.5, **more,
    )  # fmt: skip


def _recognition(chance: random.Random) -> dict[str, Any]:
    year = chance.randint(2014, 2026)
    return {
        "bodyId": identifier("Stichting Voorbeeld"), "scheme": "nl-erkenning",
        "level": chance.choice(("goed-onderbouwd", "goed-beschreven", "effectief-eerste", "effectief-goede")),
        "status": "geldig", "awarded": f"{year}-06", "validUntil": f"{year + 5}-06-01", "sourceIndex": 0,
        "originalWording": "Een oordeel",
    }  # fmt: skip


def everything(count: int = 300) -> Sequence[EntryView]:
    return (*base(), *generated(count))
