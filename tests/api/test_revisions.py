"""Earlier versions over HTTP: who reads them, what changed between two, and a text that must go."""

from typing import Any

import pytest

from kennis.content.kinds import KINDS
from tests.api.office import Known, Office

PRIVATE = [kind.code for kind in KINDS.values() if not kind.has_public_revisions and not kind.is_entrusted]


def changed(office: Office, known: Known, **changes: Any) -> None:
    """A second published version."""
    copy = Known(office, f"{known.path}/draft", known.write("author", "PATCH", changes).headers["ETag"])
    copy.step("author", "submit")
    copy.step("editor", "take")
    copy.approve_all()
    known.tag = copy.step("second", "publish").headers["ETag"]


def test_everybody_reads_what_a_version_changed(office: Office) -> None:
    known = office.published("method", title="De eerste naam", topics=["partnergeweld"])
    changed(office, known, title="De eerste naam voluit", topics=["kindermishandeling", "partnergeweld"])
    listed = office.ask("", "GET", f"{known.path}/revisions").get_json()["items"]
    assert [one["version"] for one in listed] == [2, 1]
    assert "differences" not in listed[1]["links"]
    told = office.ask("", "GET", listed[0]["links"]["differences"].split("/v1")[1])
    assert told.headers["Cache-Control"] == "no-cache"
    title, topics = told.get_json()["items"]
    assert title["pieces"] == [
        {"change": "same", "text": "De eerste naam"},
        {"change": "added", "text": " voluit"},
    ]
    added = {"value": "kindermishandeling", "label": "Kindermishandeling"}
    assert [(part["change"], part["after"]) for part in topics["parts"]] == [("added", added)]
    back = office.ask("", "GET", f"{known.path}/revisions/1/differences?with=2&lang=en").get_json()
    assert (back["version"], back["with"], back["items"][0]["label"]) == (1, 2, "Title")


@pytest.mark.parametrize(
    ("question", "status"),
    [("1/differences", 400), ("1/differences?with=7", 400), ("1/differences?with=0", 400), ("7/differences", 404),
     ("1/differences?with=1&width=2", 400)],
)  # fmt: skip
def test_what_cannot_be_compared_is_told(office: Office, question: str, status: int) -> None:
    known = office.published("lesson")
    answer = office.ask("", "GET", f"{known.path}/revisions/{question}")
    assert answer.status_code == status
    if status == 400:
        assert answer.get_json()["errors"][0]["parameter"] in ("with", "width")


def test_of_a_suppressed_version_nothing_is_shown_to_anybody(office: Office) -> None:
    known = office.published("method", title="Zeldzaam geheim")
    changed(office, known, title="Een andere naam")
    base = f"{known.path}/revisions"
    assert office.ask("author", "POST", f"{base}/1/_suppress", tag=known.tag).status_code == 403
    assert office.ask("editor", "POST", f"{base}/1/_suppress").status_code == 428
    assert office.ask("editor", "POST", f"{base}/1/_suppress", tag='"1-0-nl-json"').status_code == 412
    assert office.ask("editor", "POST", f"{base}/2/_suppress", tag=known.tag).status_code == 409
    assert office.ask("editor", "POST", f"{base}/9/_suppress", tag=known.tag).status_code == 404
    gone = office.ask("editor", "POST", f"{base}/1/_suppress", tag=known.tag)
    assert (gone.status_code, gone.get_json()["isSuppressed"]) == (200, True)
    assert gone.headers["ETag"] == office.ask("", "GET", known.path).headers["ETag"]
    for who in ("", "author", "editor", "admin"):
        for path in ("", "/1", "/2/differences", "/1/differences?with=2", "/2"):
            answer = office.ask(who, "GET", base + path)
            assert answer.status_code == (200 if path in ("", "/2") else 410), path
            assert "eldzaam" not in answer.get_data(as_text=True).replace("zeldzaam-geheim", "")


@pytest.mark.parametrize("kind", PRIVATE)
def test_versions_that_are_not_public_are_for_owner_and_editors(office: Office, kind: str) -> None:
    known = office.published(kind)
    for path in ("", "/1", "/1/differences?with=1"):
        answers = {who: office.ask(who, "GET", f"{known.path}/revisions{path}") for who in ("author", "editor")}
        assert {answer.status_code for answer in answers.values()} == {200}
        assert {answer.headers["Cache-Control"] for answer in answers.values()} == {"private, no-store"}
        refused = {who: office.ask(who, "GET", f"{known.path}/revisions{path}") for who in ("other", "worker", "")}
        assert [answer.status_code for answer in refused.values()] == [404, 404, 401]
    assert office.ask("author", "GET", f"{known.path}/revisions", scopes=("contribute",)).status_code == 403


def test_versions_of_what_is_archived_are_for_owner_and_editors(office: Office) -> None:
    known = office.published("lesson")
    known.step("editor", "archive", {"reason": "outdated"})
    statuses = {who: office.ask(who, "GET", f"{known.path}/revisions").status_code for who in ("", "other", "author")}
    assert statuses == {"": 404, "other": 404, "author": 200}
    then = office.ask("author", "GET", f"{known.path}/revisions/1").get_json()
    assert (then["status"], then["version"], "slug" in then) == ("published", 1, True)
    assert office.ask("author", "GET", f"{known.path}/revisions", scopes=("contribute",)).status_code == 404
    assert [row.outcome for row in office.audit(operation="read", subject_id=known.id)] == ["refused"]


def test_a_relation_that_the_public_may_not_see_is_no_difference_to_it(office: Office) -> None:
    hidden = office.draft("intervention")
    known = office.published("lesson", title="De eerste naam")
    changed(office, known, title="De tweede naam", relations=[{"kind": "about", "targetId": hidden.id}])
    seen = office.ask("", "GET", f"{known.path}/revisions/2/differences")
    assert [item["pointer"] for item in seen.get_json()["items"]] == ["/title"]
    assert hidden.id not in seen.get_data(as_text=True)
