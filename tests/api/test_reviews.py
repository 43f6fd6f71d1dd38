"""What is told of the review of an entry, and to whom."""

from typing import Any

from tests.api.office import Known, Office

NOTE = "Noem ook voor wie dit niet geschikt is."


def tracks(office: Office, known: Known, name: str = "author", query: str = "") -> dict[str, Any]:
    answer = office.ask(name, "GET", f"{known.path}/reviews{query}")
    assert answer.status_code == 200, answer.get_json()
    assert answer.headers["Cache-Control"] == "private, no-store"
    return {item["track"]["code"]: item for item in answer.get_json()["items"]}


def test_the_author_follows_the_round_of_a_text(office: Office) -> None:
    known = office.draft("method")
    assert tracks(office, known) == {}
    known.step("author", "submit")
    asked = tracks(office, known)
    assert list(asked) == ["editorial", "practice", "experience"]
    assert {item["state"]["code"] for item in asked.values()} == {"open"}
    known.step("worker", "return", {"track": "practice", "note": NOTE})
    practice = tracks(office, known, query="?lang=en")["practice"]
    assert practice["judgements"] == [
        {
            "outcome": {"code": "changes-requested", "label": "Changes requested"},
            "reviewedOn": practice["judgements"][0]["reviewedOn"],
            "version": 1,
            "isForOlderVersion": False,
            "background": {"code": "professional", "label": "Professional"},
            "note": NOTE,
        }
    ]
    assert "state" not in practice
    assert len(practice["judgements"][0]["reviewedOn"]) == len("2026-11")


def test_an_approval_of_an_older_version_is_shown_as_such(office: Office) -> None:
    known = office.published("method", title="De eerste naam")
    copy = Known(office, f"{known.path}/draft", known.write("author", "PATCH", {"title": "Nieuw"}).headers["ETag"])
    copy.step("author", "submit")
    during = tracks(office, known)
    assert (during["editorial"]["isForDraft"], during["editorial"]["state"]["code"]) == (True, "open")
    copy.step("editor", "take")
    copy.approve_all()
    copy.step("second", "publish")
    after = tracks(office, known)
    assert [j["isForOlderVersion"] for j in after["editorial"]["judgements"]] == [False, True]
    # Its fields did not change, so it was not asked again.
    assert [j["isForOlderVersion"] for j in after["practice"]["judgements"]] == [True]


def test_reviews_are_for_who_has_a_part_in_them(office: Office) -> None:
    known = office.published("lesson")
    statuses = {
        who: office.ask(who, "GET", f"{known.path}/reviews").status_code
        for who in ("author", "worker", "editor", "other", "")
    }
    assert statuses == {"author": 200, "worker": 200, "editor": 200, "other": 403, "": 401}
    draft = office.draft("lesson", title="Nog van niemand")
    seen = {
        who: office.ask(who, "GET", f"{draft.path}/reviews").status_code
        for who in ("author", "worker", "editor", "other")
    }
    assert seen == {"author": 200, "worker": 404, "editor": 200, "other": 404}


def test_nobody_learns_who_judged(office: Office) -> None:
    known = office.published("method")
    text = office.ask("author", "GET", f"{known.path}/reviews").get_data(as_text=True)
    assert not any(office.ids[name] in text for name in ("worker", "editor", "second", "expert"))


def test_what_is_withdrawn_has_no_reviews(office: Office) -> None:
    known = office.published("lesson")
    known.step("admin", "withdraw")
    assert office.ask("editor", "GET", f"{known.path}/reviews").status_code == 410
    assert office.ask("editor", "GET", f"/methods/{known.id}/reviews").status_code == 404
