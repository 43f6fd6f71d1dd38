"""The search traps that keep people safe, T20-T23: order of proof, old offers, first-person needs, private words."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from kennis.content.views import EntryView
from kennis.store.models import Entry, FragmentRow, IndexJob
from tests.search import trap_entries as traps
from tests.search.conftest import Open
from tests.search.corpus import TODAY, identifier, make
from tests.search.library import Library
from tests.surfaces import SURFACES

WORD = "kwikstaart"


def _recognised(level: str, valid_until: str = "2030-01-01", status: str = "geldig") -> list[dict[str, Any]]:
    return [
        {
            "bodyId": identifier("Stichting Voorbeeld"), "scheme": "nl-erkenning", "level": level, "status": status,
            "awarded": "2021-01", "validUntil": valid_until, "sourceIndex": 0, "originalWording": "Een oordeel",
        }
    ]  # fmt: skip


def _studied(direction: str, year: int = 2024) -> list[dict[str, Any]]:
    return [
        {"type": "rct", "title": "Een studie", "year": year, "sourceIndex": 0, "direction": direction,
         "finding": "Een uitkomst van onderzoek."}
    ]  # fmt: skip


def _graded() -> list[EntryView]:
    levels = {"5": "effectief-sterke", "4": "effectief-goede", "3": "effectief-eerste", "2": "goed-onderbouwd",
              "1": "goed-beschreven"}  # fmt: skip
    made = [make("intervention", f"Band {b}", recognitions=_recognised(level)) for b, level in levels.items()]
    return [
        *made,
        make("intervention", "Band 2 maar verlopen", recognitions=_recognised("goed-onderbouwd", "2025-01-01")),
        make("intervention", "Band 2 ook", recognitions=_recognised("goed-onderbouwd")),
        make("intervention", "Band 0"),
        make("intervention", "Band -1", evidence=_studied("none")),
        make("intervention", "Band -2", evidence=_studied("harmful")),
        make("lesson", "Een les zonder band"),
    ]


@pytest.mark.req("T20")
def test_strongest_proof_first_and_bad_news_last_of_what_was_judged(open_library: Open) -> None:
    library = open_library(_graded())
    assert library.titles(sort="evidence") == [
        "Band 5", "Band 4", "Band 3", "Band 2", "Band 2 ook", "Band 2 maar verlopen", "Band 1", "Band 0", "Band -1",
        "Band -2", "Een les zonder band",
    ]  # fmt: skip


@pytest.mark.req("T20")
def test_what_had_no_effect_can_be_listed_whatever_its_recognition(open_library: Open) -> None:
    known = make("intervention", "Erkend", recognitions=_recognised("effectief-goede"), evidence=_studied("none", 2015))
    library = open_library([known, make("intervention", "Niet erkend", evidence=_studied("none")), *_graded()[:2]])
    assert sorted(library.titles(filters={"evidenceDirection": ("none",)})) == ["Erkend", "Niet erkend"]


def test_what_was_refused_is_no_valid_recognition(open_library: Open) -> None:
    refused = [make("intervention", f"Afgewezen {status}", recognitions=_recognised("niet-erkend", status=status))
               for status in ("geldig", "in-herbeoordeling")]  # fmt: skip
    library = open_library([*refused, make("intervention", "Erkend", recognitions=_recognised("goed-onderbouwd"))])
    assert library.titles(filters={"recognitionStatus": ("geldig",)}) == ["Erkend"]
    assert library.titles(filters={"recognitionStatus": ("in-herbeoordeling",)}) == []
    assert sorted(library.titles(filters={"recognition": ("niet-erkend",)})) == [
        "Afgewezen geldig", "Afgewezen in-herbeoordeling"
    ]  # fmt: skip


def _checked(days_ago: int, title: str) -> EntryView:
    day = (TODAY - timedelta(days=days_ago)).isoformat()
    return make("help-offer", title, checked_at=day, summary=f"Hulp met een {WORD} voor iedereen die dat nodig heeft.")


@pytest.mark.req("T21")
@pytest.mark.parametrize("surface", SURFACES)
def test_an_offer_nobody_looked_at_for_a_year_is_nowhere(open_library: Open, surface: str) -> None:
    library = open_library([_checked(366, "Kwikstaart te oud"), _checked(181, "Andere hulp")])
    old = make("help-offer", "Kwikstaart te oud").id
    seen = SURFACES[surface](library, WORD)
    assert "Kwikstaart te oud" not in seen.text
    assert old not in seen.ids


@pytest.mark.req("T21")
def test_the_day_itself_hides_it_without_any_daily_job(open_library: Open) -> None:
    library = open_library([_checked(364, "Bijna te oud"), _checked(181, "Andere hulp")])
    assert sorted(library.titles(WORD)) == ["Andere hulp", "Bijna te oud"]
    assert library.titles(WORD, today=TODAY + timedelta(days=1)) == ["Andere hulp"]
    assert library.titles(WORD, include_expired=True, today=TODAY + timedelta(days=1)) == ["Andere hulp"]


@pytest.mark.req("T21")
def test_an_older_offer_is_shown_with_its_warning(open_library: Open) -> None:
    library = open_library([_checked(181, "Andere hulp")])
    (hit,) = library.find(WORD).hits
    assert b'"isStale":true' in hit.fragment


def test_old_trainings_are_found_only_on_request(open_library: Open) -> None:
    day = (TODAY - timedelta(days=800)).isoformat()
    lapsed = make("intervention", "Erkenning voorbij", recognitions=_recognised("goed-onderbouwd", "2025-01-01"))
    library = open_library([make("training", "Oude training", checked_at=day), make("training", "Training"), lapsed])
    assert sorted(library.titles()) == ["Erkenning voorbij", "Training"]
    assert sorted(library.titles(include_expired=True)) == ["Erkenning voorbij", "Oude training", "Training"]
    assert library.titles(include_expired=False) == ["Training"]


NEEDS: Mapping[str, str] = {
    "mijn man slaat me wat moet ik doen": traps.FOR_VICTIMS,
    "ik word geslagen": traps.FOR_VICTIMS,
    "ik sla mijn vrouw en wil stoppen": traps.FOR_PERPETRATORS,
    "ik wil stoppen met slaan": traps.FOR_PERPETRATORS,
    "mijn buurvrouw wordt geslagen wat kan ik doen": traps.FOR_BYSTANDERS,
}


@pytest.fixture(scope="module")
def helping(beside_base: Open) -> Library:
    return beside_base(traps.help_for_people())


def _kinds(library: Library, q: str = "", **ask: Any) -> list[str]:
    return [hit.fragment.split(b'"kind":{"code":"')[1].split(b'"')[0].decode() for hit in library.find(q, **ask).hits]


@pytest.mark.req("T22")
@pytest.mark.parametrize("q", NEEDS)
def test_who_asks_for_themselves_gets_help_first(helping: Library, q: str) -> None:
    assert helping.find(q).help
    kinds = _kinds(helping, q)
    offers = kinds.count("help-offer")
    assert offers > 0
    assert kinds[:offers] == ["help-offer"] * offers
    assert NEEDS[q] in helping.titles(q)[:3]


@pytest.mark.req("T22")
@pytest.mark.parametrize("audience", ["slachtoffer-zelf", "omstander-zelf", "pleger-zelf"])
def test_a_personal_audience_counts_as_a_need(helping: Library, audience: str) -> None:
    page = helping.find("steunpunt", filters={"audience": (audience,)})
    assert page.help
    assert _kinds(helping, "steunpunt", filters={"audience": (audience,)})[0] == "help-offer"
    without_words = helping.find(filters={"audience": (audience,)})
    assert without_words.help
    assert without_words.sort == "relevance"
    assert _kinds(helping, filters={"audience": (audience,)})[0] == "help-offer"


@pytest.mark.req("T22")
@pytest.mark.parametrize("q", [q for q, first in NEEDS.items() if first != traps.FOR_PERPETRATORS])
def test_a_programme_for_perpetrators_is_never_first_for_others(open_library: Open, q: str) -> None:
    library = open_library([v for v in traps.help_for_people() if v.kind != "help-offer"] + [
        make("method", "Praten over slaan", summary="Een man slaat zijn vrouw, en wat dan te doen voor de buurvrouw.")
    ])  # fmt: skip
    found = library.titles(q)
    assert found == [] or found[0] != traps.PROGRAMME


@pytest.mark.req("T22")
def test_help_for_stopping_is_not_hidden_from_who_asks_for_it(helping: Library) -> None:
    assert traps.FOR_PERPETRATORS in helping.titles("ik sla mijn vrouw en wil stoppen")[:2]


def test_a_search_that_is_no_need_has_no_help_block(helping: Library) -> None:
    assert not helping.find("plegeraanpak").help
    assert not helping.find().help


PRIVATE = ("draft", "submitted", "in-review", "changes-requested", "rejected", "archived")


@pytest.mark.req("T23")
@pytest.mark.parametrize("status", PRIVATE)
def test_what_is_not_published_leaves_no_word(open_library: Open, status: str) -> None:
    private = make("method", f"Geheim over de {WORD}", status=status, topics=["aanpak.recht"])
    library = open_library([private, make("method", "Gewoon iets", topics=["aanpak.opvang"])])
    for surface in SURFACES:
        _sees_nothing(library, surface, private)


@pytest.mark.req("T23")
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("is_applied", [True, False])
def test_what_is_withdrawn_leaves_no_word_also_before_the_index_knows(
    open_library: Open, surface: str, is_applied: bool
) -> None:
    gone = make("method", f"Weg met de {WORD}", topics=["aanpak.recht"])
    library = open_library([gone, make("method", "Gewoon iets", topics=["aanpak.opvang"])])
    with library.store.transaction() as session:
        from kennis.store import state

        state.raise_generation(session)
        session.execute(delete(FragmentRow).where(FragmentRow.entry_id == gone.id))
        session.execute(delete(Entry).where(Entry.id == gone.id))
        session.add(IndexJob(entry_id=gone.id, index_version=9, created=library.context.stamp))
    if is_applied:
        library.indexer.apply_all()
    seen = SURFACES[surface](library, WORD)
    assert WORD not in seen.text.lower()
    assert gone.id not in seen.ids


@pytest.mark.req("T23")
@pytest.mark.parametrize("surface", SURFACES)
def test_the_next_version_leaves_no_word_before_it_is_published(open_library: Open, surface: str) -> None:
    shown = make("method", "Gewoon iets", topics=["aanpak.opvang"])
    library = open_library([shown])
    _add_copy(library, replace(shown, content={**shown.content, "title": f"Nu met {WORD}"}))
    seen = SURFACES[surface](library, WORD)
    assert WORD not in seen.text.lower()


def _add_copy(library: Library, view: EntryView) -> None:
    from kennis.store.models import WorkingCopy

    with library.store.transaction() as session:
        session.add(
            WorkingCopy(
                entry_id=view.id, status="draft", content=dict(view.content), created_at="x", updated_at="x",
                created_by="x", last_changed_by="x",
            )
        )  # fmt: skip
    library.indexer.rebuild()


def _sees_nothing(library: Library, surface: str, private: EntryView) -> None:
    seen = SURFACES[surface](library, WORD)
    assert WORD not in seen.text.lower()
    assert private.id not in seen.ids
    assert "aanpak.recht" not in seen.text


@pytest.mark.parametrize("surface", SURFACES)
def test_a_story_that_may_not_go_to_partners_is_unknown_there(open_library: Open, surface: str) -> None:
    title = f"Over een {WORD}: voorbeeldverhaal (verzonnen)"
    library = open_library([make("story", title, partner_use=False), make("method", "Gewoon iets")])
    assert library.titles(WORD) == [title]
    assert library.find(WORD, surface="partners").total == 0
    assert library.finder.suggest(WORD, language="nl", surface="partners", today=TODAY) == []
    assert library.find(WORD[:-1] + "x").did_you_mean is None
