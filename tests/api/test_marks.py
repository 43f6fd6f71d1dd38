""" "We apply this here" over HTTP: made by an organisation, seen by all once an editor approved it."""

from typing import Any

import pytest

from kennis.content.kinds import KINDS
from tests.api.office import Known, Office

TAKING = [kind.code for kind in KINDS.values() if kind.takes_marks]


def a_mark(office: Office, **more: Any) -> dict[str, Any]:
    return {"organisationId": office.organisation, "appliedOn": "2026-01-01", **more}


def listed(office: Office, known: Known, name: str = "") -> list[str]:
    return [mark["id"] for mark in office.ask(name, "GET", f"{known.path}/marks").get_json()["items"]]


@pytest.mark.parametrize("kind", TAKING)
def test_a_mark_is_seen_by_all_once_an_editor_approved_it(office: Office, kind: str) -> None:
    known = office.published(kind)
    made = office.ask("other", "POST", f"{known.path}/marks", a_mark(office, note="Sinds dit jaar."))
    assert (made.status_code, made.get_json()["isApproved"]) == (201, False)
    mark_id, path = made.get_json()["id"], made.headers["Location"].split("/v1")[1]
    assert office.ask("other", "GET", path).get_json() == made.get_json()
    assert {who: listed(office, known, who) for who in ("", "author", "other", "editor")} == {
        "": [], "author": [], "other": [mark_id], "editor": [mark_id],
    }  # fmt: skip
    assert office.ask("", "GET", path).status_code == 404
    assert office.ask("other", "POST", f"{path}/_approve", tag=known.tag).status_code == 403
    assert office.ask("editor", "POST", f"{path}/_approve").status_code == 428
    assert office.ask("editor", "POST", f"{path}/_approve", tag='"1-0-nl-json"').status_code == 412
    approved = office.ask("editor", "POST", f"{path}/_approve", tag=known.tag)
    assert (approved.status_code, approved.get_json()["isApproved"]) == (200, True)
    assert listed(office, known) == [mark_id]
    seen = office.ask("", "GET", known.path)
    assert seen.headers["ETag"] == approved.headers["ETag"]
    assert [mark["note"] for mark in seen.get_json()["appliedMarks"]] == ["Sinds dit jaar."]


def test_the_tag_of_a_working_copy_is_not_that_of_the_entry(office: Office) -> None:
    known = office.published("method")
    path = office.ask("other", "POST", f"{known.path}/marks", a_mark(office)).headers["Location"].split("/v1")[1]
    tag = f'"{office.row(known).row_version}-draft20261124-nl-json"'
    for step in (f"{path}/_approve", f"{known.path}/revisions/1/_suppress"):
        assert office.ask("editor", "POST", step, tag=tag).status_code == 412


def test_the_same_mark_sent_again_is_made_once(office: Office) -> None:
    known = office.published("lesson")
    sent = [
        office.ask("other", "POST", f"{known.path}/marks", a_mark(office), headers={"Idempotency-Key": "een"})
        for _ in range(2)
    ]
    assert sent[0].get_data() == sent[1].get_data()
    assert office.ask("other", "POST", f"{known.path}/marks", a_mark(office)).status_code == 409


def test_all_faults_of_a_mark_are_told_at_once(office: Office) -> None:
    known = office.published("lesson")
    wrong = {"organisationId": "geen", "appliedOn": "2031-01-01", "note": "a", "nota": "b", "isApproved": True}
    answer = office.ask("other", "POST", f"{known.path}/marks", wrong)
    assert answer.status_code == 400
    pointers = {error["pointer"] for error in answer.get_json()["errors"]}
    assert pointers == {"/organisationId", "/appliedOn", "/note", "/nota", "/isApproved"}


def test_a_mark_of_another_organisation_or_on_what_is_not_public_is_refused(office: Office) -> None:
    known = office.published("lesson")
    another = office.ask("editor", "POST", "/organisations", {
        "name": "Een ander", "organisationKind": "volunteer", "regions": ["nl"],
    }).get_json()["id"]  # fmt: skip
    mark = a_mark(office, organisationId=another)
    assert office.ask("other", "POST", f"{known.path}/marks", mark).status_code == 403
    draft = office.draft("lesson", title="Nog niet openbaar")
    assert office.ask("other", "POST", f"{draft.path}/marks", a_mark(office)).status_code == 404
    assert office.ask("author", "POST", f"{draft.path}/marks", a_mark(office)).status_code == 409
    assert office.ask("", "GET", f"{draft.path}/marks").status_code == 404
    known.step("editor", "archive", {"reason": "outdated"})
    assert office.ask("", "GET", f"{known.path}/marks").get_json()["items"] == []
