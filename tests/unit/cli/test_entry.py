"""One entry through every step, from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.factories import make_entry
from tests.unit.cli.program import invoke, refuse, succeed

NOTE = "Vul de bronnen aan, graag."
WRITER = ("--as", "contributor", "--actor", "writer")
EDITOR = ("--as", "editor", "--actor", "editor-1")
OTHER = ("--as", "editor", "--actor", "editor-2")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    succeed(tmp_path, "db", "upgrade")
    return tmp_path


def _lesson(**overrides: Any) -> bytes:
    # A target group that asks for no experience track, so that one editor can publish at once.
    return json.dumps(
        make_entry("lesson", targetGroups=["omstander"], audiences=["gemeente-beleid"], **overrides)
    ).encode()


def _step(data: Path, *arguments: str, given: bytes | None = None) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(succeed(data, "entry", *arguments, given=given))
    return shown


def _published(data: Path) -> str:
    made = _step(data, "create", "lesson", *WRITER, given=_lesson())
    entry_id: str = made["id"]
    _step(data, "submit", entry_id, *WRITER)
    _step(data, "take", entry_id, *EDITOR)
    _step(data, "approve", entry_id, "--track", "editorial", *EDITOR)
    _step(data, "publish", entry_id, *EDITOR)
    return entry_id


def _show(data: Path, entry_id: str, *more: str) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(succeed(data, "entry", "show", entry_id, *more))
    return shown


def test_a_draft_is_made_judged_and_published(data: Path) -> None:
    made = _step(data, "create", "lesson", *WRITER, given=b'{"title": "Een les", "language": "nl"}')
    assert (made["status"], made["version"], made["rowVersion"]) == ("draft", 0, 1)
    changed = _step(data, "edit", made["id"], *WRITER, given=_lesson())
    assert changed["rowVersion"] == 2
    assert _step(data, "submit", made["id"], *WRITER)["status"] == "submitted"
    assert _step(data, "take", made["id"], *EDITOR)["status"] == "in-review"
    _step(data, "approve", made["id"], "--track", "editorial", "--note", NOTE, *EDITOR)
    done = _step(data, "publish", made["id"], *EDITOR)
    assert (done["status"], done["version"]) == ("published", 1)
    assert _show(data, made["id"])["publishedAt"]


def test_four_eyes_hold_on_the_command_line(data: Path) -> None:
    made = _step(data, "create", "lesson", given=_lesson())
    _step(data, "submit", made["id"])
    _step(data, "take", made["id"])
    told = refuse(data, "entry", "approve", made["id"], "--track", "editorial")
    assert "does not approve or publish" in told
    assert _show(data, made["id"])["status"] == "in-review"


def test_a_step_that_does_not_start_from_here_names_those_that_do(data: Path) -> None:
    made = _step(data, "create", "lesson", *WRITER, given=_lesson())
    told = refuse(data, "entry", "archive", made["id"], "--reason", "outdated", *EDITOR)
    assert "Possible from here: submit" in told


def test_a_step_on_a_changed_entry_is_refused(data: Path) -> None:
    made = _step(data, "create", "lesson", *WRITER, given=_lesson())
    read = _show(data, made["id"])
    _step(data, "edit", made["id"], *WRITER, given=_lesson(title="Intussen veranderd"))
    assert "changed meanwhile" in refuse(data, "entry", "submit", made["id"], "--expect", "1", *WRITER)
    told = refuse(data, "entry", "edit", made["id"], *WRITER, given=json.dumps(read).encode())
    assert "changed meanwhile" in told
    assert _show(data, made["id"])["title"] == "Intussen veranderd"
    _step(data, "submit", made["id"], "--expect", "2", *WRITER)


def test_what_is_shown_can_be_given_back(data: Path, tmp_path: Path) -> None:
    entry_id = _published(data)
    shown = _show(data, entry_id)
    file = tmp_path / "entry.json"
    file.write_text(json.dumps(shown))
    assert _step(data, "edit", entry_id, str(file), *EDITOR)["version"] == 1
    shown["title"] = "Een andere titel"
    file.write_text(json.dumps(shown))
    copy = _step(data, "edit", entry_id, str(file), *WRITER)
    assert (copy["copy"], copy["status"]) == (True, "draft")
    assert _show(data, entry_id)["title"] != _show(data, entry_id, "--copy")["title"]


def test_a_working_copy_goes_its_own_way(data: Path) -> None:
    entry_id = _published(data)
    changed = {**_show(data, entry_id), "title": "Een andere titel"}
    _step(data, "edit", entry_id, *WRITER, given=json.dumps(changed).encode())
    _step(data, "submit", entry_id, "--copy", *WRITER)
    assert _step(data, "return", entry_id, "--copy", "--track", "editorial", "--note", NOTE, *EDITOR)["status"] == (
        "changes-requested"
    )
    _step(data, "submit", entry_id, "--copy", *WRITER)
    _step(data, "take", entry_id, "--copy", *EDITOR)
    _step(data, "approve", entry_id, "--copy", "--track", "editorial", *EDITOR)
    assert _step(data, "publish", entry_id, "--copy", *EDITOR)["version"] == 2
    assert _show(data, entry_id)["title"] == "Een andere titel"


def test_who_changes_what_has_a_working_copy_hears_how_to_go_on_in_that(data: Path) -> None:
    entry_id = _published(data)
    _step(data, "edit", entry_id, *WRITER, given=_lesson(title="Een andere titel"))
    told = refuse(data, "entry", "edit", entry_id, *WRITER, given=_lesson(title="Nog een titel"))
    assert "Possible from here: edit --copy." in told


def test_confirming_archiving_and_restoring(data: Path) -> None:
    entry_id = _published(data)
    assert _step(data, "confirm", entry_id, *EDITOR)["version"] == 2
    assert "still to come" in refuse(data, "entry", "confirm", entry_id, "--checked-on", "2999-01-01", *EDITOR)
    assert _step(data, "archive", entry_id, "--reason", "outdated", *EDITOR)["status"] == "archived"
    assert _step(data, "restore", entry_id, *EDITOR)["status"] == "in-review"


def test_rejecting_asks_for_a_code_and_a_reason_in_words(data: Path) -> None:
    made = _step(data, "create", "lesson", *WRITER, given=_lesson())
    _step(data, "submit", made["id"], *WRITER)
    assert "choose from" in refuse(data, "entry", "reject", made["id"], "--reason", "x", "--note", NOTE, *EDITOR)
    assert "10" in refuse(data, "entry", "reject", made["id"], "--reason", "duplicate", "--note", "nee", *EDITOR)
    done = _step(data, "reject", made["id"], "--reason", "duplicate", "--note", NOTE, *EDITOR)
    assert done["status"] == "rejected"


def test_withdrawing_asks_first_and_is_for_ever(data: Path) -> None:
    entry_id = _published(data)
    admin = ("--as", "admin", "--actor", "admin-1")
    assert "may not" in refuse(data, "entry", "withdraw", entry_id, "--yes", *EDITOR)
    assert _step(data, "withdraw", entry_id, "--yes", *admin)["status"] == "withdrawn"
    assert "withdrawn" in refuse(data, "entry", "show", entry_id)


def test_withdrawing_where_nobody_can_be_asked_changes_nothing(data: Path) -> None:
    entry_id = _published(data)
    told = refuse(data, "entry", "withdraw", entry_id, "--as", "admin", given=b"n\n")
    assert "--yes" in told
    assert _show(data, entry_id)["status"] == "published"


def _judged_story(data: Path) -> str:
    """Written by the editor, approved by others."""
    story = make_entry("story", isExample=True)
    entry_id: str = _step(data, "create", "story", *EDITOR, given=json.dumps(story).encode())["id"]
    _step(data, "submit", entry_id, *EDITOR)
    _step(data, "take", entry_id, *OTHER)
    _step(data, "approve", entry_id, "--track", "editorial", *OTHER)
    reviewer = ("--as", "reviewer", "--actor", "reviewer-1", "--background", "experience-expert")
    _step(data, "approve", entry_id, "--track", "experience", *reviewer)
    return entry_id


def test_an_invented_story_is_published_as_one(data: Path) -> None:
    entry_id = _judged_story(data)
    assert "no clearance" in refuse(data, "entry", "publish", entry_id, *OTHER)
    assert _step(data, "publish", entry_id, "--example", *OTHER)["status"] == "published"


def test_the_only_editor_publishes_a_story_when_the_settings_say_so(data: Path) -> None:
    publishing = ("entry", "publish", _judged_story(data), "--example", *EDITOR)
    assert "does not approve or publish" in refuse(data, *publishing)
    assert "does not approve or publish" in refuse(data, *publishing, KENNIS_SINGLE_EDITOR="no")
    done = json.loads(succeed(data, *publishing, KENNIS_SINGLE_EDITOR="yes"))
    assert done["status"] == "published"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "stdin is not valid JSON"),
        (b"[]", "must be one JSON object"),
        (b"", "stdin is not valid JSON"),
        (b"\xff\xfe", "stdin is not valid JSON"),
        (b'{"title": "x", "language": "nl", "topic": ["huwelijksdwang"]}', "/topic"),
        (b'{"title": "x", "language": "nl", "topics": ["huwelijksdwnag"]}', "huwelijksdwang"),
    ],
)
def test_a_document_that_is_not_right_is_refused_with_its_place(body: bytes, words: str, data: Path) -> None:
    assert words in refuse(data, "entry", "create", "lesson", given=body)
    assert succeed(data, "export", "-") == ""


def test_every_fault_is_told_at_once(data: Path) -> None:
    told = refuse(data, "entry", "create", "lesson", given=b'{"title": 7, "language": "xx", "licence": "mine"}')
    assert all(pointer in told for pointer in ("/title: ", "/language: ", "/licence: "))


def test_an_unknown_entry_is_told(data: Path) -> None:
    assert "not found" in refuse(data, "entry", "show", "none")
    assert "not found" in refuse(data, "entry", "submit", "none")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--expect", "1"), "No such option"),
        (("--background", "onzin"), "experience-expert"),
        (("--actor", " "), "give a name"),
    ],
)
def test_a_wrong_option_of_who_acts_is_refused(options: tuple[str, ...], words: str, data: Path) -> None:
    assert words in refuse(data, "entry", "create", "lesson", *options, given=_lesson())
    assert succeed(data, "entry", "create", "lesson", "--background", "experience-expert", given=_lesson())


def test_a_row_version_that_is_no_number_is_refused(data: Path) -> None:
    made = _step(data, "create", "lesson", *WRITER, given=_lesson())
    for wrong in ("1", True, 1.0, [1]):
        changed = json.dumps({**_show(data, made["id"]), "rowVersion": wrong}).encode()
        assert "/rowVersion" in refuse(data, "entry", "edit", made["id"], *WRITER, given=changed)


def test_a_file_with_a_byte_order_mark_is_read(data: Path) -> None:
    assert _step(data, "create", "lesson", *WRITER, given=b"\xef\xbb\xbf" + _lesson())["status"] == "draft"


def test_what_is_called_nearly_the_same_is_told_beside_the_result_and_does_not_block(data: Path) -> None:
    first = _published(data)
    result = invoke(data, "entry", "create", "lesson", *WRITER, given=_lesson())
    assert result.exit_code == 0
    second = json.loads(result.stdout)["id"]
    assert "nearly the same" in result.stderr
    assert first in result.stderr
    assert first in invoke(data, "entry", "submit", second, *WRITER).stderr
    assert invoke(data, "entry", "create", "lesson", *WRITER, given=_lesson(title="Heel anders")).stderr == ""
