"""The fixture corpus holds what the traps need, and only entries that Kennis itself would accept."""

from kennis.content import kinds
from kennis.content.vocabulary import vocabularies
from tests.search import trap_entries
from tests.search.corpus import RENAMED, TODAY, base, everything

# Given in a body and kept in columns.
CHECKED = {
    "training": {"checkedAt": TODAY.isoformat()},
    "help-offer": {"checkedAt": TODAY.isoformat(), "checkedBy": "editors"},
}


def test_every_entry_is_one_that_the_schemas_accept() -> None:
    for view in (*everything(100), *trap_entries.all_traps()):
        given, checked = dict(view.content), CHECKED.get(view.kind, {})
        loaded = kinds.load(view.kind, given | checked, today=TODAY)
        assert {k: v for k, v in loaded.items() if k not in checked} == given, view.content["title"]


def test_there_is_an_entry_for_every_topic_and_every_renamed_organisation() -> None:
    topics = {code for view in base() for code in view.content["topics"]}
    assert topics == set(vocabularies()["topics"].codes)
    titles = {view.content["title"] for view in base()}
    assert {f"Voorbeeld van {name}" for name in RENAMED} <= titles


def test_the_same_entries_come_every_time() -> None:
    assert [v.content for v in everything(20)] == [v.content for v in everything(20)]
