"""The hint that something may be known already, beside the answer to making and handing in."""

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
