"""Rules about several fields of an entry that hold whenever it is saved (content-model.md 2-4).

Each is a function of the document and the day and bears absent fields: drafts and faulty documents pass it too.
Rules that hold only at publishing stand in `publishing.py`.
"""

from collections.abc import Iterator
from datetime import date

from kennis.content.fields_nested import Document, Fault, Rule
from kennis.content.vocabulary import vocabularies
from kennis.errors import Text

AGES = Text("ageMax moet hoger zijn dan ageMin.", "ageMax must be above ageMin.")
NO_SUCH_SOURCE = Text("Op deze plaats in sources staat geen bron.", "There is no source at this position in sources.")
NOT_YET = Text("Dit jaar ligt in de toekomst.", "This year is in the future.")
FUTURE_DAY = Text("Deze datum ligt in de toekomst.", "This date is in the future.")
ALONE = Text("“geen-details” kan alleen staan, zonder andere.", "“geen-details” stands alone, without others.")
NO_PROVIDER = Text("Noem een organisatie met de rol provider.", "Name an organisation with the role provider.")
ONE_OF_BOTH = Text("Vul whatHelped of whatDidNotHelp in.", "Fill in whatHelped or whatDidNotHelp.")
NO_NAME_HERE = Text("Bij een verhaal staat geen naam of organisatie.", "A story has no name and no organisation.")

NO_DETAILS = "geen-details"
# (list, property of its items or None, how many years ahead it may lie)
_YEARS = (("sources", "year", 1), ("evidence", "year", 0))
_POINT_TO_SOURCES = ("recognitions", "evidence")


def ages_in_order(document: Document, _: date) -> Iterator[Fault]:
    if "ageMax" in document and document["ageMax"] <= document.get("ageMin", -1):
        yield ("ageMax",), AGES


def sources_exist(document: Document, _: date) -> Iterator[Fault]:
    count = len(document.get("sources", ()))
    for name in _POINT_TO_SOURCES:
        for position, part in enumerate(document.get(name, ())):
            if part.get("sourceIndex", -1) >= count:
                yield (name, position, "sourceIndex"), NO_SUCH_SOURCE


def years_have_come(document: Document, today: date) -> Iterator[Fault]:
    for name, inner, ahead in _YEARS:
        for position, part in enumerate(document.get(name, ())):
            if part.get(inner, 0) > today.year + ahead:
                yield (name, position, inner), NOT_YET
    if document.get("usedSince", 0) > today.year:
        yield ("usedSince",), NOT_YET


def no_details_stands_alone(document: Document, _: date) -> Iterator[Fault]:
    warnings = document.get("contentWarnings", ())
    if NO_DETAILS in warnings and len(warnings) > 1:
        yield ("contentWarnings", warnings.index(NO_DETAILS)), ALONE


def relations_from(kind: str) -> Rule:
    """Which relations this kind may name; whether the target fits needs the database (`kennis.content.linking`)."""

    def rule(document: Document, _: date) -> Iterator[Fault]:
        for position, relation in enumerate(document.get("relations", ())):
            term = vocabularies()["relation-kinds"][relation["kind"]]
            if kind not in term.extra["from"]:
                yield (
                    ("relations", position, "kind"),
                    Text(
                        f"De relatie {term.code} kan niet van {kind} uitgaan.",
                        f"The relation {term.code} cannot start from {kind}.",
                    ),
                )

    return rule


def check_date_has_come(document: Document, today: date) -> Iterator[Fault]:
    if document.get("checkedAt", "") > today.isoformat():
        yield ("checkedAt",), FUTURE_DAY


def override_day_has_come(document: Document, today: date) -> Iterator[Fault]:
    if document.get("evidenceBandOverride", {}).get("setOn", "") > today.isoformat():
        yield ("evidenceBandOverride", "setOn"), FUTURE_DAY


def has_provider(document: Document, _: date) -> Iterator[Fault]:
    links = document.get("organisations", ())
    if links and all(link["role"] != "provider" for link in links):
        yield ("organisations",), NO_PROVIDER


def says_what_helped(document: Document, _: date) -> Iterator[Fault]:
    if not document.keys() & {"whatHelped", "whatDidNotHelp"}:
        yield ("whatHelped",), ONE_OF_BOTH


def background_of(narrator_role: str) -> str:
    """Who tells as a professional or volunteer does so as one; everybody else as an expert by experience."""
    return narrator_role if narrator_role in ("professional", "volunteer") else "experience-expert"


def narrator_is_unnamed(document: Document, _: date) -> Iterator[Fault]:
    contributor = document.get("contributor", {})
    for name in ("displayName", "organisationId"):
        if name in contributor:
            yield ("contributor", name), NO_NAME_HERE
    if "narratorRole" in document and "background" in contributor:
        fitting = background_of(document["narratorRole"])
        if contributor["background"] != fitting:
            yield (
                ("contributor", "background"),
                Text(f"Bij deze verteller hoort {fitting}.", f"With this narrator goes {fitting}."),
            )


COMMON: tuple[Rule, ...] = (ages_in_order, sources_exist, years_have_come, no_details_stands_alone)
