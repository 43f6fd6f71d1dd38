"""Loading the seed: keys of the loader, check dates, second runs, and broken files."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from kennis import resources
from kennis.content import entries, organisations, seed_files, seeding
from kennis.errors import BadSetup
from kennis.store import Store
from kennis.store.base import Table
from kennis.store.models import Entry, Organisation, RelationRow, Revision
from tests.factories import TEXT
from tests.unit.content.desk import ADMIN, CONTEXT, EDITOR, SECOND, approve_all, later, shown

METHOD = "11111111-1111-4111-8111-111111111111"
LESSON = "22222222-2222-4222-8222-222222222222"
OFFER = "33333333-3333-4333-8333-333333333333"
STOPPED = "44444444-4444-4444-8444-444444444444"
HOUSE = "55555555-5555-4555-8555-555555555555"
BODY = "66666666-6666-4666-8666-666666666666"
YESTERDAY = date(2026, 11, 23)

COMMON = f"""
summary = "{TEXT}"
topics = ["partnergeweld"]
targetGroups = ["slachtoffer"]
audiences = ["wijkteam"]
licence = "cc-by"
"""
FILES = {
    "methods/samen-verder.toml": f"""
id = "{METHOD}"
slug = "samen-verder"
title = "Samen verder"
{COMMON}
methodKind = "cooperation"
purpose = "Ernstig en herhaald geweld stoppen."
whenToUse = "Als eerdere hulp niet werkte."

[contributor]
background = "professional"

[contact]
organisation = "huis"
url = "https://huis.example/"

[[steps]]
title = "Breng signalen in kaart"

[[sources]]
title = "Een databank"
kind = "database"
url = "https://bron.example/"

[[recognitions]]
body = "commissie"
scheme = "nl-erkenning"
level = "goed-onderbouwd"
status = "geldig"
awarded = 2016-09-01
originalWording = "goed onderbouwd"
sourceIndex = 0

[[relations]]
kind = "similar-to"
target = "oude-lijn"

[[revisions]]
title = "Samen verder, eerste versie"
summary = "{TEXT}"
topics = ["partnergeweld"]
targetGroups = ["slachtoffer"]
audiences = ["wijkteam"]
licence = "cc-by"
methodKind = "cooperation"
purpose = "Ernstig en herhaald geweld stoppen."
whenToUse = "Als eerdere hulp niet werkte."
contributor = {{ background = "professional" }}
contact = {{ organisation = "huis", url = "https://huis.example/" }}
steps = [{{ title = "Breng signalen in kaart" }}]
""",
    "lessons/een-les.toml": f"""
id = "{LESSON}"
slug = "een-les"
title = "Een les"
{COMMON}
lessonKind = "insight"
context = "Een bijeenkomst met mensen die geweld meemaakten."
whatHappened = "Het hulpaanbod bleek bij de meesten onbekend te zijn."
lesson = "Informatie over hulp hoort bij de aangifte."
recommendation = "Geef bij aangifte een brochure mee."
recommendedTo = ["politie"]
isInstructional = true
basis = ["bijeenkomst"]
contributor = {{ background = "professional" }}
followUp = {{ status = "planned", organisation = "huis" }}
relations = [{{ kind = "about", target = "samen-verder" }}]
""",
    "help-offers/chat.toml": f"""
id = "{OFFER}"
slug = "chat"
title = "Chat met iemand"
{COMMON}
offerKind = "chat"
referralNeeded = "no"
anonymousPossible = "yes"
addressSecret = false
contributor = {{ background = "professional" }}
organisations = [{{ organisation = "huis", role = "provider" }}]
channels = [{{ kind = "phone", value = "0800-2000" }}]
""",
    "help-offers/oude-lijn.toml": f"""
id = "{STOPPED}"
slug = "oude-lijn"
title = "De oude lijn"
{COMMON}
status = "archived"
archiveReason = "owner-stopped"
replacedById = "{OFFER}"
offerKind = "chat"
referralNeeded = "no"
anonymousPossible = "yes"
addressSecret = false
contributor = {{ background = "professional" }}
organisations = [{{ organisation = "huis", role = "provider" }}]
""",
}
ORGANISATIONS = [
    {"id": HOUSE, "slug": "huis", "name": "Huis van de Wind", "organisationKind": "other", "regions": ["nl"]},
    {"id": BODY, "slug": "commissie", "name": "Commissie", "organisationKind": "recognition-body", "regions": ["nl"]},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "seed"
    for name, text in FILES.items():
        path = made / "entries" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (made / "organisations.json").write_text(json.dumps(ORGANISATIONS), encoding="utf-8")
    return made


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / "entries" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def statuses(store: Store) -> dict[str, tuple[str, str | None]]:
    with store.reading() as session:
        return {e.slug: (e.status, e.archive_reason) for e in session.scalars(select(Entry))}


def state_of(store: Store) -> str:
    with store.reading() as session:
        return repr([session.execute(table.select()).all() for table in Table.metadata.sorted_tables])


def test_without_a_date_what_nobody_checked_waits_as_archived(store: Store, folder: Path) -> None:
    report = seeding.seed(store, CONTEXT, folder=folder)
    assert (report.entries.created, report.organisations.created) == (4, 2)
    assert statuses(store) == {
        "samen-verder": ("published", None),
        "een-les": ("published", None),
        "chat": ("archived", "not-checked"),
        "oude-lijn": ("archived", "owner-stopped"),
    }


def test_keys_of_the_loader_become_ids(store: Store, folder: Path) -> None:
    seeding.seed(store, CONTEXT, folder=folder)
    with store.reading() as session:
        method, lesson = session.get_one(Entry, METHOD), session.get_one(Entry, LESSON)
        assert method.content["contact"]["organisationId"] == HOUSE
        assert method.content["recognitions"][0]["bodyId"] == BODY
        assert method.content["recognitions"][0]["validUntil"] == "2021-09-01"
        assert method.content["relations"] == [{"targetId": STOPPED, "kind": "similar-to"}]
        assert lesson.content["followUp"] == {"status": "planned", "by": HOUSE}
        assert lesson.owned_by == "seed"
        assert session.get_one(Entry, STOPPED).replaced_by_id == OFFER
        assert {(r.source_id, r.target_id) for r in session.scalars(select(RelationRow))} == {
            (METHOD, STOPPED), (LESSON, METHOD),
        }  # fmt: skip


def test_older_versions_are_revisions(store: Store, folder: Path) -> None:
    seeding.seed(store, CONTEXT, folder=folder)
    with store.reading() as session:
        found = session.scalars(select(Revision).where(Revision.entry_id == METHOD).order_by(Revision.version)).all()
        assert [r.content["title"] for r in found if r.content] == ["Samen verder, eerste versie", "Samen verder"]
        assert session.get_one(Entry, METHOD).version == 2


def test_a_later_run_with_a_date_publishes_what_waited(store: Store, folder: Path) -> None:
    seeding.seed(store, CONTEXT, folder=folder)
    report = seeding.seed(store, CONTEXT, folder=folder, checked_on=YESTERDAY, checked_by="huis")
    assert (report.entries.updated, report.entries.unchanged) == (1, 3)
    assert statuses(store)["chat"] == ("published", None)
    assert statuses(store)["oude-lijn"] == ("archived", "owner-stopped")
    with store.reading() as session:
        chat = session.get_one(Entry, OFFER)
        assert (chat.checked_at, chat.checked_by) == ("2026-11-23", HOUSE)
    assert shown(store, OFFER)


def test_a_date_at_once_publishes_at_once(store: Store, folder: Path) -> None:
    seeding.seed(store, CONTEXT, folder=folder, checked_on=YESTERDAY)
    with store.reading() as session:
        assert session.get_one(Entry, OFFER).checked_by == "editors"


@pytest.mark.parametrize("options", [{}, {"checked_on": YESTERDAY}, {"checked_on": date(2026, 11, 1)}])
def test_a_second_run_changes_nothing(store: Store, folder: Path, options: dict[str, Any]) -> None:
    seeding.seed(store, CONTEXT, folder=folder, checked_on=YESTERDAY)
    before = state_of(store)
    report = seeding.seed(store, later(1), folder=folder, **options)
    assert report.entries.unchanged == 4
    assert state_of(store) == before


def test_a_newer_seed_brings_up_what_the_seed_made(store: Store, folder: Path) -> None:
    seeding.seed(store, CONTEXT, folder=folder)
    edit(folder, "lessons/een-les.toml", 'title = "Een les"', 'title = "Een betere les"')
    report = seeding.seed(store, CONTEXT, folder=folder)
    assert (report.entries.updated, report.entries.unchanged) == (1, 3)
    with store.reading() as session:
        assert session.get_one(Entry, LESSON).content["title"] == "Een betere les"


def test_what_people_changed_is_left_alone(store: Store, folder: Path) -> None:
    seeding.seed(store, CONTEXT, folder=folder)
    with store.transaction() as session:
        lesson = session.get_one(Entry, LESSON)
        entries.revise(session, LESSON, lesson.content | {"title": "Van de redactie"}, EDITOR, CONTEXT)
        entries.submit(session, LESSON, EDITOR, CONTEXT, copy=True)
        approve_all(session, LESSON, copy=True)
        entries.publish(session, LESSON, SECOND, CONTEXT, copy=True)
        house = organisations.get(session, HOUSE)
        organisations.revise(session, HOUSE, house.content | {"name": "Nieuwe naam"}, EDITOR, CONTEXT)
    report = seeding.seed(store, CONTEXT, folder=folder)
    assert (report.entries.kept, report.organisations.kept) == (1, 1)
    with store.reading() as session:
        assert session.get_one(Entry, LESSON).content["title"] == "Van de redactie"
        assert session.get_one(Organisation, HOUSE).content["name"] == "Nieuwe naam"


def test_what_was_withdrawn_stays_away_and_is_named_by_nothing(store: Store, folder: Path) -> None:
    seeding.seed(store, CONTEXT, folder=folder)
    with store.transaction() as session:
        assert session.get_one(Entry, LESSON).content["relations"]
        entries.withdraw(session, METHOD, ADMIN, CONTEXT)
        version = session.get_one(Entry, LESSON).version
    report = seeding.seed(store, CONTEXT, folder=folder, checked_on=YESTERDAY)
    assert (report.entries.kept, report.entries.updated, report.untied) == (1, 1, [])
    with store.reading() as session:
        assert session.get(Entry, METHOD) is None
        assert session.get_one(Entry, LESSON).version == version


def test_what_came_back_from_the_archive_is_left_alone(store: Store, folder: Path) -> None:
    seeding.seed(store, CONTEXT, folder=folder)
    with store.transaction() as session:
        entries.archive(session, LESSON, "outdated", EDITOR, CONTEXT)
        entries.restore(session, LESSON, EDITOR, CONTEXT)
    assert seeding.seed(store, CONTEXT, folder=folder).entries.kept == 1
    assert statuses(store)["een-les"] == ("in-review", None)


def test_other_text_of_an_offer_waits_until_somebody_looked(store: Store, folder: Path) -> None:
    seeding.seed(store, CONTEXT, folder=folder, checked_on=YESTERDAY)
    edit(folder, "help-offers/chat.toml", 'title = "Chat met iemand"', 'title = "Chat"')
    assert seeding.seed(store, CONTEXT, folder=folder).entries.kept == 1
    assert seeding.seed(store, CONTEXT, folder=folder, checked_on=YESTERDAY).entries.updated == 1


def test_what_an_editor_archived_stays_archived(store: Store, folder: Path) -> None:
    seeding.seed(store, CONTEXT, folder=folder)
    with store.transaction() as session:
        entries.archive(session, LESSON, "unsafe", EDITOR, CONTEXT)
    assert seeding.seed(store, CONTEXT, folder=folder).entries.kept == 1
    assert statuses(store)["een-les"] == ("archived", "unsafe")


@pytest.mark.parametrize(("day", "words"), [(date(2026, 10, 1), "too old"), (date(2026, 11, 25), "still to come")])
def test_a_date_that_proves_nothing_is_refused(store: Store, folder: Path, day: date, words: str) -> None:
    with pytest.raises(BadSetup, match=words):
        seeding.seed(store, CONTEXT, folder=folder, checked_on=day)
    assert statuses(store) == {}


def test_an_unknown_checker_is_refused(store: Store, folder: Path) -> None:
    with pytest.raises(BadSetup, match="no organisation nobody"):
        seeding.seed(store, CONTEXT, folder=folder, checked_on=YESTERDAY, checked_by="nobody")


BROKEN = [
    ("lessons/een-les.toml", 'title = "Een les"', "title = ", r"een-les\.toml, line 4 .*TOML"),
    (
        "lessons/een-les.toml",
        'lessonKind = "insight"',
        'lessonKind = "inzicht"',
        r"een-les\.toml, line 1\d .*lessonKind",
    ),
    (
        "lessons/een-les.toml",
        'target = "samen-verder"',
        'target = "samen"',
        r"een-les\.toml, line 2\d .*no target 'samen'",
    ),
    (
        "methods/samen-verder.toml",
        'body = "commissie"',
        'body = "niemand"',
        r"samen-verder\.toml, line \d+ .*'niemand'",
    ),
    (
        "methods/samen-verder.toml",
        'title = "Breng signalen in kaart"',
        'title = "x"',
        r"samen-verder\.toml, line \d+ .*/steps/0/title",
    ),
    ("methods/samen-verder.toml", f'id = "{METHOD}"', "", r"samen-verder\.toml is broken: id or slug is missing"),
    ("methods/samen-verder.toml", 'slug = "samen-verder"', 'slug = "een-les"', r"occurs twice"),
    ("methods/samen-verder.toml", 'kind = "similar-to"', 'kind = "trains-for"', r"/relations/0/kind"),
]


@pytest.mark.parametrize(("name", "old", "new", "words"), BROKEN)
def test_a_broken_file_is_named_with_its_line_and_nothing_is_loaded(
    store: Store, folder: Path, name: str, old: str, new: str, words: str
) -> None:
    edit(folder, name, old, new)
    before = state_of(store)
    with pytest.raises(BadSetup, match=words):
        seeding.seed(store, CONTEXT, folder=folder)
    assert state_of(store) == before


def test_broken_organisations_are_named(store: Store, folder: Path) -> None:
    path = folder / "organisations.json"
    for text, words in (("[{]", "line 1"), ("{}", "not a list"), ("\xff", "broken")):
        path.write_text(text, encoding="latin-1")
        with pytest.raises(BadSetup, match=words):
            seeding.seed(store, CONTEXT, folder=folder)
    path.unlink()
    with pytest.raises(BadSetup, match="cannot be read"):
        seeding.seed(store, CONTEXT, folder=folder)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"id": HOUSE}, "line 4 is broken: /id: This stands"), ({"regions": ["nl-xx"]}, "line 4 is broken: /regions/0")],
)
def test_a_wrong_organisation_is_found_at_its_line(
    store: Store, folder: Path, wrong: dict[str, Any], words: str
) -> None:
    listed = [*ORGANISATIONS, {**ORGANISATIONS[0], "id": METHOD, "slug": "schuur", **wrong}]
    lines = ",\n".join(json.dumps(organisation) for organisation in listed)
    (folder / "organisations.json").write_text(f"[\n{lines}\n]", encoding="utf-8")
    with pytest.raises(BadSetup, match=words):
        seeding.seed(store, CONTEXT, folder=folder)


def test_a_folder_that_is_no_kind_is_named(store: Store, folder: Path) -> None:
    (folder / "entries" / "poems").mkdir()
    with pytest.raises(BadSetup, match="no kind of entry"):
        seeding.seed(store, CONTEXT, folder=folder)
    shutil.rmtree(folder / "entries")
    with pytest.raises(BadSetup, match="folder is missing"):
        seeding.seed(store, CONTEXT, folder=folder)


def test_the_seed_of_this_installation_loads(store: Store) -> None:
    if not (resources.path("seed") / "organisations.json").exists():
        pytest.skip("the seed is not written yet")
    files = seed_files.read(resources.path("seed"))
    report = seeding.seed(store, CONTEXT, checked_on=YESTERDAY)
    assert report.entries.created == len(files.entries)
    with store.reading() as session:
        waiting = select(func.count()).select_from(Entry).where(Entry.archive_reason == "not-checked")
        assert session.scalar(waiting) == 0
