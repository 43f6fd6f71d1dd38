"""What readers and partners get of an entry."""

from datetime import date
from typing import Any

import orjson
import pytest

from kennis.content import rendering, shapes
from kennis.content.derived import derive
from kennis.content.kinds import KINDS
from kennis.content.views import EntryView
from kennis.store.models import PIECES
from tests.factories import (
    BODY,
    ENTRY,
    ORGANISATION,
    OTHER_ENTRY,
    make_entry,
    make_recognition,
    make_typical,
    make_view,
    organisation_view,
)

TODAY = date(2026, 11, 24)
SITE = "https://kennis.example"
MARK = {"organisationId": ORGANISATION, "appliedOn": "2027-01-12", "isApproved": True}
REVIEW = {"track": "practice", "reviewedOn": "2026-04", "imported": False}


def shown(view: EntryView, shape: str = "full", language: str = "nl", today: date = TODAY) -> dict[str, Any]:
    body = rendering.render(view, today, language=language, shape=shape, public_url=SITE).body
    document: dict[str, Any] = orjson.loads(body)
    return document


def views() -> list[EntryView]:
    """Each kind, bare and full, and what only some entries have."""
    foreign = make_recognition(level=None, scheme="eif", foreignLevel="3+", awarded="2024")
    return [
        *(make_view(kind) for kind in KINDS),
        *(make_view(kind, make_typical(kind)) for kind in KINDS),
        make_view("lesson", make_typical("lesson"), approved_marks=(MARK,), reviews=(REVIEW,)),
        make_view("intervention", make_typical(recognitions=[foreign])),
        make_view("intervention", make_typical(), hidden_relations=frozenset({OTHER_ENTRY})),
        make_view("method", published_at=None, checked_at=None, review_due=None, organisations={}),
    ]


@pytest.mark.parametrize("view", views(), ids=lambda view: f"{view.kind}-{len(view.content)}")
@pytest.mark.parametrize("language", rendering.LANGUAGES)
def test_rendered_bytes_are_what_the_schemas_dump(view: EntryView, language: str) -> None:
    source = shapes.told(view, derive(view, TODAY), TODAY, SITE)
    for shape, schema in (
        ("card", shapes.card_schema(view.kind, language)),
        ("full", shapes.full_schema(view.kind, language)),
    ):
        body = rendering.render(view, TODAY, language=language, shape=shape, public_url=SITE).body
        assert body == orjson.dumps(schema.dump(source))


@pytest.mark.parametrize("view", views(), ids=lambda view: view.kind)
def test_all_fragments_are_those_rendered_one_by_one(view: EntryView) -> None:
    made = rendering.render_all(view, TODAY, SITE)
    for (shape, language), columns in PIECES.items():
        alone = rendering.render(view, TODAY, language=language, shape=shape, public_url=SITE)
        assert alone.body == b"".join(made.pieces[column] or b"" for column in columns)
        assert alone.holds_until == made.holds_until


def test_labels_are_in_the_language_of_the_answer() -> None:
    view = make_view()
    assert shown(view)["labels"]["topics"] == ["Partnergeweld"]
    assert shown(view, language="en")["labels"]["topics"] == ["Intimate partner violence"]
    assert shown(view, "card", "en")["kind"] == {"code": "intervention", "label": "Intervention"}


def test_organisations_are_labelled_with_their_names_on_both_shapes() -> None:
    view = make_view(document=make_typical(recognitions=[make_recognition()]))
    labels = shown(view)["labels"]
    assert labels["organisations.organisationId"] == ["Huis van de Wind", "Erkenningscommissie"]
    assert labels["recognitions.bodyId"] == ["Erkenningscommissie"]
    assert shown(view, "card")["organisations"][0] == {"slug": "huis-van-de-wind", "name": "Huis van de Wind"}


def test_a_merged_organisation_stands_on_a_card_once() -> None:
    survivor = organisation_view()
    view = make_view(document=make_typical(), organisations={ORGANISATION: survivor, BODY: survivor})
    assert shown(view, "card")["organisations"] == [{"slug": survivor.slug, "name": survivor.name}]


def test_a_foreign_level_is_its_own_label() -> None:
    foreign = make_recognition(level=None, scheme="cebc", foreignLevel="2", awarded="2024")
    view = make_view(document=make_typical(recognitions=[foreign, make_recognition()]))
    assert shown(view)["labels"]["recognitions.level"] == ["2", "Goed onderbouwd"]


def test_a_hidden_relation_leaves_no_trace() -> None:
    relations = [{"kind": "similar-to", "targetId": OTHER_ENTRY}, {"kind": "variant-of", "targetId": BODY}]
    view = make_view(document=make_entry(relations=relations), hidden_relations=frozenset({OTHER_ENTRY}))
    document = shown(view)
    assert [r["targetId"] for r in document["relations"]] == [BODY]
    assert document["labels"]["relations.kind"] == ["variant van"]
    assert "relations" not in shown(make_view(document=make_entry(relations=relations[:1]),
                                              hidden_relations=frozenset({OTHER_ENTRY})))  # fmt: skip


SESSIONS = [
    {"startsAt": "2026-11-23T22:30:00Z", "endsAt": "2026-11-23T23:30:00Z"},  # ends on the 24th, half past midnight
    {"startsAt": "2026-11-22T10:00:00Z"},
    {"startsAt": "2027-03-04T08:30:00Z"},
]


def test_sessions_that_are_over_are_not_shown() -> None:
    view = make_view("training", make_entry("training", sessions=SESSIONS))
    assert [s["startsAt"] for s in shown(view)["sessions"]] == ["2026-11-23T22:30:00Z", "2027-03-04T08:30:00Z"]
    assert "sessions" not in shown(view, today=date(2027, 3, 5))


def test_a_fragment_knows_the_day_on_which_a_session_is_over() -> None:
    view = make_view("training", make_entry("training", sessions=SESSIONS))
    held = [rendering.render(view, day, language="nl", shape="full", public_url=SITE).holds_until
            for day in (TODAY, date(2026, 11, 25))]  # fmt: skip
    assert held == [date(2026, 11, 25), date(2027, 3, 5)]


def test_an_archived_entry_tells_six_things_and_is_on_no_card() -> None:
    view = make_view(status="archived", archive_reason="merged", replaced_by_id=OTHER_ENTRY)
    document = shown(view)
    assert document == {
        "id": ENTRY,
        "kind": "intervention",
        "title": view.content["title"],
        "status": "archived",
        "archiveReason": "merged",
        "replacedById": OTHER_ENTRY,
    }
    pieces = rendering.render_all(view, TODAY, SITE).pieces
    assert {name for name, piece in pieces.items() if piece is not None} == {"full_common", "full_nl", "full_en"}


def test_the_hour_of_a_story_is_not_told() -> None:
    document = shown(make_view("story"))
    assert {document[n] for n in ("createdAt", "updatedAt", "publishedAt")} == {
        "2026-03-01T00:00:00Z", "2026-11-01T00:00:00Z", "2026-04-01T00:00:00Z",
    }  # fmt: skip
    assert shown(make_view("story"), "card")["updatedAt"] == "2026-11-01T00:00:00Z"
    assert shown(make_view("lesson"))["updatedAt"] == "2026-11-01T10:00:00Z"


@pytest.mark.req("X5")
@pytest.mark.parametrize("kind", ["story", "help-offer"])
def test_addresses_of_stories_and_help_hold_no_words(kind: str) -> None:
    view = make_view(kind, slug="hulp-na-geweld")
    assert shown(view)["links"]["html"].endswith(f"/{ENTRY}")


@pytest.mark.req("V28")
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_internal_goes_nowhere(kind: str) -> None:
    view = make_view(kind, make_typical(kind))
    for shape, language in PIECES:
        told = shown(view, shape, language)
        internal = {"rowVersion", "indexVersion", "editorialNote", "createdBy", "ownedBy", "partnerUse", "byId"}
        assert not internal & told.keys()


def test_a_help_offer_shows_on_its_card_how_to_reach_it() -> None:
    channels = [{"kind": "phone", "value": "0800 2000", "isAlwaysOpen": True, "languages": ["nl"]}]
    card = shown(make_view("help-offer", make_entry("help-offer", channels=channels)), "card")
    assert card["isAlwaysOpen"] is True
    assert card["channels"] == [
        {
            "kind": {"code": "phone", "label": "Telefoon"},
            "value": "08002000",
            "isAlwaysOpen": True,
            "languages": [{"code": "nl", "label": "Nederlands"}],
        }
    ]


def test_a_card_tells_that_a_term_has_passed() -> None:
    card = shown(make_view(document=make_entry(recognitions=[make_recognition()])), "card")
    assert card["recognition"]["level"] == {"code": "goed-onderbouwd", "label": "Goed onderbouwd"}
    assert card["recognition"]["status"] == {"code": "verlopen", "label": "Termijn verstreken"}
    assert card["recognition"]["validUntil"] == "2021-09-01"
    assert card["evidenceBand"] == {"code": "2", "label": "Goed onderbouwd"}
    assert shown(make_view(), "card")["recognition"] is None
    assert "evidenceBand" not in shown(make_view("lesson"), "card")


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_read_can_be_sent_back(kind: str) -> None:
    from kennis.content import kinds

    view = make_view(kind, make_typical(kind))
    read = shown(view)
    back = {k: v for k, v in read.items() if k not in kinds.SYSTEM or k in kinds.schema(kind).names}
    content = kinds.load(kind, back)
    kept = {k: v for k, v in content.items() if k not in ("checkedAt", "checkedBy")}
    assert kept == view.content


def test_the_render_version_holds_the_vocabularies_and_the_address_of_the_site() -> None:
    from kennis.content.vocabulary import vocabularies

    assert rendering.render_version(SITE).endswith(vocabularies().version)
    assert rendering.render_version(SITE) != rendering.render_version("https://elders.example")
