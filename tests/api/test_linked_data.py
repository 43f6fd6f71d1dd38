"""SKOS and schema.org keep what the vocabulary and the entry say, and nothing breaks out of a string."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kennis.content.vocabulary import Term, vocabularies
from kennis.partners import linked_data

ADDRESS = "https://kennis.example/v1/vocabularies/topics"


def test_a_concept_points_up_down_and_to_its_scheme() -> None:
    topics = vocabularies()["topics"]
    parent, child = topics["partnergeweld"], topics["partnergeweld.stalking"]
    below = linked_data.skos(topics, ADDRESS, child)
    assert below["broader"] == f"{ADDRESS}/partnergeweld"
    assert below["inScheme"] == ADDRESS
    assert "topConceptOf" not in below
    above = linked_data.skos(topics, ADDRESS, parent)
    assert f"{ADDRESS}/partnergeweld.stalking" in above["narrower"]
    assert above["topConceptOf"] == ADDRESS
    assert above["prefLabel"] == dict(parent.labels)


def test_a_retired_term_names_its_successor() -> None:
    topics = vocabularies()["topics"]
    retired = Term("oud", {"nl": "Oud", "en": "Old"}, is_retired=True, replaced_by="partnergeweld")
    made = linked_data.skos(topics, ADDRESS, retired)
    assert made["deprecated"] is True
    assert made["isReplacedBy"] == f"{ADDRESS}/partnergeweld"
    assert f"dcterms:isReplacedBy <{ADDRESS}/partnergeweld>" in linked_data.turtle(made)


def test_turtle_says_the_same_as_json_ld() -> None:
    topics = vocabularies()["topics"]
    written = linked_data.turtle(linked_data.skos(topics, ADDRESS))
    for term in topics:
        assert f"<{ADDRESS}/{term.code}> a skos:Concept" in written
        assert f'skos:prefLabel "{term.labels["nl"]}"@nl' in written
        for synonym in term.synonyms:
            assert f'skos:altLabel "{synonym}"@nl' in written
    assert written.count(" .\n") == len(topics.terms) + 1 + 3


@given(st.text())
def test_no_text_breaks_out_of_a_turtle_string(text: str) -> None:
    written = linked_data.quoted(text)
    inside = written[1:-1].replace("\\\\", "").replace('\\"', "")
    assert '"' not in inside
    assert "\n" not in inside
    assert "\r" not in inside


@pytest.mark.parametrize(
    ("kind", "type_"), [("training", "Course"), ("help-offer", "Service"), ("method", "CreativeWork")]
)
def test_an_entry_as_schema_org(kind: str, type_: str) -> None:
    document = {
        "id": "1", "kind": kind, "title": "Naam", "links": {"self": "https://a", "html": "https://b"},
        "summary": "Kort", "topics": ["x"], "labels": {"topics": ["Onderwerp"]},
        "sources": [{"title": "Bron", "year": 2016, "kind": "report"}],
    }  # fmt: skip
    made = linked_data.schema_org(document)
    assert (made["@type"], made["name"], made["about"]) == (type_, "Naam", ["Onderwerp"])
    assert made["citation"] == [{"@type": "CreativeWork", "name": "Bron", "datePublished": "2016"}]


@pytest.mark.parametrize(
    ("licence", "address"),
    [
        ("cc-by", "https://creativecommons.org/licenses/by/4.0/deed.nl"),
        ("story-no-quote", "https://kennis.example/v1/vocabularies/licences/story-no-quote"),
    ],
)
def test_the_licence_in_schema_org_is_an_address(licence: str, address: str) -> None:
    links = {"self": "https://kennis.example/v1/stories/1"}
    made = linked_data.schema_org({"id": "1", "kind": "story", "title": "T", "licence": licence, "links": links})
    assert made["license"] == address


def test_an_archived_entry_as_schema_org_tells_that_it_was() -> None:
    made = linked_data.schema_org(
        {"id": "1", "kind": "lesson", "title": "Naam", "status": "archived", "archiveReason": "merged"}
    )
    assert (made["identifier"], made["name"]) == ("1", "Naam")
