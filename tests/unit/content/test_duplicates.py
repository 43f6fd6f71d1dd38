"""The hint that something may be known already: what it finds, what it leaves alone, and what it never tells."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from kennis.access.policy import Actor
from kennis.content import entries, titles
from kennis.content.duplicates import MOST, SAME_EXTERNAL_ID, SIMILAR_TITLE, Hint, find
from kennis.store import Store
from kennis.store.models import Entry, TitleWord
from kennis.store.rows import insert_rows
from tests.timing import within
from tests.unit.content.desk import ADMIN, AUTHOR, CONTEXT, EDITOR, OTHER, WORKER, a_document, a_draft, published

MOVISIE = {"system": "movisie", "id": "oranje-huis-aanpak"}


def hints(session: Session, kind: str = "method", actor: Actor = OTHER, **overrides: Any) -> list[Hint]:
    draft = a_draft(session, kind, actor, **overrides)
    return find(session, draft.id, actor)


@pytest.mark.parametrize(
    "title",
    [
        "De Oranje Huis-aanpak",
        "oranje huis aanpak",
        "De aanpak van het Oranje Huis",
        "Oranje Huis",
        "De Oranje Huis-anpak",
        "Het Oránje Huis: aanpak!",
    ],
)
def test_other_spellings_of_a_name_are_found(store: Store, title: str) -> None:
    with store.transaction() as session:
        known = published(session, title="De Oranje Huis-aanpak")
        (hint,) = hints(session, title=title)
    assert hint == Hint(SIMILAR_TITLE, known.id, "method", "published", "De Oranje Huis-aanpak")


@pytest.mark.parametrize("title", ["De Groene Huis-methode", "Huis", "Aanpak van geweld in huis en op straat", "?!?"])
def test_other_names_are_left_alone(store: Store, title: str) -> None:
    with store.transaction() as session:
        published(session, title="De Oranje Huis-aanpak")
        assert hints(session, title=title) == []


def test_alternative_titles_count_on_both_sides(store: Store) -> None:
    with store.transaction() as session:
        known = published(session, title="De Oranje Huis-aanpak", alternativeTitles=["Veilig en zichtbaar"])
        (hint,) = hints(session, title="Iets anders", alternativeTitles=["Zichtbaar en veilig"])
    assert hint.id == known.id


def test_the_same_name_elsewhere_comes_first_whatever_it_is_called(store: Store) -> None:
    with store.transaction() as session:
        alike = published(session, title="Samen en zeker verder")
        other = published(session, "intervention", title="Heel anders", externalIds=[MOVISIE])
        found = hints(session, title="Samen en zeker verder", externalIds=[MOVISIE])
    assert [(hint.reason, hint.id) for hint in found] == [(SAME_EXTERNAL_ID, other.id), (SIMILAR_TITLE, alike.id)]


def test_its_own_kind_comes_before_others(store: Store) -> None:
    with store.transaction() as session:
        published(session, "lesson", title="Samen en zeker verder")
        published(session, title="Samen, zeker, en verder")
        found = hints(session, title="Samen en zeker verder")
    assert [hint.kind for hint in found] == ["method", "lesson"]


def test_drafts_of_others_are_told_to_editors_only(store: Store) -> None:
    with store.transaction() as session:
        draft = a_draft(session, title="Nog geheim plan")
        assert hints(session, actor=OTHER, title="Nog geheim plan") == []
        assert draft.id in [hint.id for hint in hints(session, actor=EDITOR, title="Nog geheim plan")]
        assert draft.id in [hint.id for hint in hints(session, actor=AUTHOR, title="Nog geheim plan")]


def test_what_is_judged_is_told_to_who_judges_it(store: Store) -> None:
    with store.transaction() as session:
        handed_in = a_draft(session, title="Nog geheim plan")
        entries.submit(session, handed_in.id, AUTHOR, CONTEXT)
        assert [hint.id for hint in hints(session, actor=WORKER, title="Nog geheim plan")] == [handed_in.id]
        assert hints(session, actor=OTHER, title="Nog geheim plan") == []


def test_a_story_that_may_not_go_to_partners_is_not_told(store: Store) -> None:
    with store.transaction() as session:
        story = published(session, "story", title="Hoe het licht terugkwam")
        story.partner_use = False
        session.flush()
        assert hints(session, title="Hoe het licht terugkwam") == []


def test_what_is_withdrawn_or_deleted_is_told_to_nobody(store: Store) -> None:
    with store.transaction() as session:
        gone = published(session, title="De Oranje Huis-aanpak")
        entries.withdraw(session, gone.id, ADMIN, CONTEXT)
        draft = a_draft(session, title="De Oranje Huis-aanpak")
        entries.delete(session, draft.id, AUTHOR, CONTEXT)
        assert session.query(TitleWord).count() == 0
        assert hints(session, actor=EDITOR, title="De Oranje Huis-aanpak") == []


def test_a_working_copy_is_compared_by_its_own_title(store: Store) -> None:
    with store.transaction() as session:
        other = published(session, title="De Oranje Huis-aanpak")
        entry = published(session, title="Heel iets anders")
        entries.revise(session, entry.id, a_document(session, "method", title="Oranje huis aanpak"), AUTHOR, CONTEXT)
        assert find(session, entry.id, AUTHOR) == []
        assert [hint.id for hint in find(session, entry.id, AUTHOR, copy=True)] == [other.id]


def test_a_handful_is_told_however_many_there_are(store: Store) -> None:
    with store.transaction() as session:
        for _ in range(MOST + 2):
            published(session, title="Veilig thuis met hulp")
        assert len(hints(session, title="Veilig thuis met hulp")) == MOST


@pytest.mark.slow
def test_a_hint_among_100_000_entries_does_not_keep_people_waiting(store: Store) -> None:
    """Six words of ten thousand, and one that stands in every title."""
    with store.transaction() as session:
        _fill(session, 100_000)
        draft = a_draft(session, actor=OTHER, title="Geweld woord17 woord23 woord99")
    with store.reading() as session:
        within(0.5, lambda: find(session, draft.id, OTHER))


def _fill(session: Session, number: int) -> None:
    moment = CONTEXT.stamp
    common = {"kind": "method", "status": "published", "version": 1, "created_at": moment, "updated_at": moment}
    common |= {"created_by": "author", "last_changed_by": "author", "partner_use": True}
    common |= {"row_version": 1, "index_version": 1, "rendering": 1}
    for start in range(0, number, 5_000):
        names = {
            f"id-{n}": f"Geweld woord{n % 97} woord{n % 101} woord{n % 10_007}" for n in range(start, start + 5_000)
        }
        insert_rows(session, Entry, [{"id": i, "slug": i, "content": {"title": t}, **common} for i, t in names.items()])
        insert_rows(
            session,
            TitleWord,
            [
                {"word": word, "entry_id": i, "position": 0, "size": len(titles.words(t))}
                for i, t in names.items()
                for word in titles.words(t)
            ],
        )


@given(title=st.text(max_size=80))
def test_the_words_of_any_title_are_plain_and_each_there_once(title: str) -> None:
    found = titles.words(title)
    assert list(found) == sorted(set(found))
    assert all(word and not any(c.isspace() for c in word) for word in found)
    assert titles.words(" ".join(found)) == found
