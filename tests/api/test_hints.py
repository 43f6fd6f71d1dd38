"""The hint that something may be known already, beside the answer to making and handing in."""

import pytest

from tests.api.office import Known, Office


def test_what_is_called_nearly_the_same_is_told_and_does_not_block(office: Office) -> None:
    first = office.published("lesson", title="De wijkagent hoort erbij")
    made = office.ask("other", "POST", "/lessons", office.document("lesson", title="De wijkagent hoort erbij!"))
    assert made.status_code == 201
    (hint,) = made.get_json()["hints"]
    assert (hint["reason"], hint["id"], hint["title"]) == ("similar-title", first.id, "De wijkagent hoort erbij")
    assert hint["links"]["self"].endswith(first.path)
    second = Known(office, f"/lessons/{made.get_json()['id']}", made.headers["ETag"])
    read = second.read("other")
    assert "hints" not in read.get_json()
    assert read.headers["ETag"] == made.headers["ETag"]
    # What was answered can be sent back, the hint with it.
    kept = second.write("other", "PUT", made.get_json())
    assert kept.status_code == 200, kept.get_json()
    second.tag = kept.headers["ETag"]
    assert [hint["id"] for hint in second.step("other", "submit").get_json()["hints"]] == [first.id]


def test_drafts_of_others_are_not_hinted_at(office: Office) -> None:
    office.draft("lesson", title="Nog geheim plan")
    made = office.ask("other", "POST", "/lessons", office.document("lesson", title="Nog geheim plan"))
    assert "hints" not in made.get_json()
    seen = office.ask("editor", "POST", "/lessons", office.document("lesson", title="Nog geheim plan"))
    assert len(seen.get_json()["hints"]) == 2


def test_a_working_copy_is_compared_by_its_own_title(office: Office) -> None:
    first = office.published("lesson", title="De wijkagent hoort erbij")
    other = office.published("lesson", title="Iets heel anders")
    changed = other.write("author", "PATCH", {"title": "De wijkagent hoort er bij"})
    copy = Known(office, f"{other.path}/draft", changed.headers["ETag"])
    assert [hint["id"] for hint in copy.step("author", "submit").get_json()["hints"]] == [first.id]


@pytest.mark.req("P6", "P7")
def test_what_may_be_personal_is_told_to_who_writes_and_to_nobody_later(office: Office) -> None:
    found = "Mijn man Kanariepiet belde met 06-12345678 naar de school."
    document = office.document("lesson", title="Luister ook naar de school", why=found)
    made = office.ask("author", "POST", "/lessons", document)
    assert made.status_code == 201
    told = made.get_json()["advice"]
    assert [(one["pointer"], one["kind"]) for one in told] == [("/why", "name"), ("/why", "phone")]
    assert not any(word in str(told) for word in ("Kanariepiet", "12345678"))
    lesson = Known(office, f"/lessons/{made.get_json()['id']}", made.headers["ETag"])
    assert "advice" not in lesson.read("author").get_json()
    assert "advice" not in lesson.read("editor").get_json()
    # What was answered can be sent back, the advice with it.
    kept = lesson.write("author", "PUT", made.get_json())
    assert kept.status_code == 200, kept.get_json()
    lesson.tag = kept.headers["ETag"]
    assert [one["kind"] for one in lesson.step("author", "submit").get_json()["advice"]] == ["name", "phone"]


@pytest.mark.req("P7")
def test_a_bsn_is_refused_where_other_marks_are_advice(office: Office) -> None:
    refused = office.ask("author", "POST", "/lessons", {"title": "Bsn 111222333", "language": "nl"})
    assert [error["pointer"] for error in refused.get_json()["errors"]] == ["/title"]
    assert "111222333" not in refused.text
