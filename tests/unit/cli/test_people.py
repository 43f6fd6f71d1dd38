"""`kennis account`, `kennis key` and `kennis audit`, and steps that an account takes."""

import json
import os
import pty
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.factories import make_entry, make_organisation
from tests.source import ROOT
from tests.unit.cli.program import command, environment, invoke, looks_like_one_sentence, refuse, succeed
from tests.waiting import PATIENCE

PASSWORD = b"fiets lamp gordijn zeven\n"
SANNE = ("--email", "Sanne@Kennis.Example", "--name", "Sanne Voorbeeld", "--background", "professional")
WHO = "sanne@kennis.example"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    succeed(tmp_path, "db", "upgrade")
    return tmp_path


def _made(data: Path, role: str = "editor", *more: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(
        succeed(data, "account", "create", *SANNE, "--role", role, "--no-password", *more)
    )
    return made


def _trail(data: Path, *filters: str) -> list[tuple[str, str, str | None]]:
    lines = map(json.loads, succeed(data, "audit", "--json", *filters).splitlines())
    return [(line["operation"], line["outcome"], line["detail"]) for line in lines]


@pytest.mark.req("V24")
def test_nobody_can_log_in_before_the_first_account_was_made_here(data: Path) -> None:
    told = invoke(data, "account", "list")
    assert (told.exit_code, told.stdout) == (0, "")
    assert "kennis account create" in told.stderr


def test_an_account_is_made_with_a_password_from_a_pipe(data: Path) -> None:
    made = json.loads(succeed(data, "account", "create", *SANNE, "--role", "admin", "--password-stdin", given=PASSWORD))
    assert (made["email"], made["role"], made["hasPassword"]) == (WHO, "admin", True)
    assert "argon2" not in str(made)
    assert WHO in succeed(data, "account", "list")
    listed = succeed(data, "account", "list", "--json")
    assert json.loads(listed) == [made]
    told = refuse(data, "account", "disable", WHO)
    assert "only admin" in told


def test_all_that_is_wrong_with_a_new_account_is_told(data: Path) -> None:
    wrong = ("--email", "sanne", "--name", " ", "--role", "editor", "--background", "boss", "--password-stdin")
    told = refuse(data, "account", "create", *wrong, given=b"kort")
    assert [line.split(":")[0].strip() for line in told.splitlines()[1:]] == [
        "/email", "/name", "/background", "/password",
    ]  # fmt: skip
    assert "kort" not in told
    assert succeed(data, "account", "list", "--json") == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "given", "word"),
    [
        (("create", *SANNE, "--role", "editor"), None, "--password-stdin"),
        (("create", *SANNE, "--role", "editor", "--password-stdin", "--no-password"), None, "Choose"),
        (("create", *SANNE, "--role", "editor", "--password-stdin"), b"", "one line"),
        (("create", *SANNE, "--role", "editor", "--password-stdin"), b"twee\nregels", "one line"),
        (("create", *SANNE, "--role", "editor", "--password-stdin"), b"\xff\xfe", "one line"),
        (("create", *SANNE, "--role", "editor", "--no-password", "--organisation", "kanarie"), None, "organisation"),
        (("password", WHO), None, "--password-stdin"),
        (("disable", "niemand@kennis.example"), None, "no such account"),
        (("edit", "niemand@kennis.example", "--name", "X"), None, "no such account"),
        (("edit", WHO), None, "--name"),
        (("edit", WHO, "--name", "X", "--organisation", ""), None, "account"),
        (("edit", WHO, "--organisation", "huis", "--no-organisation"), None, "Choose"),
        (("role", "00000000-0000-0000-0000-000000000000", "admin"), None, "no such account"),
    ],
)
def test_wrong_use_is_told_in_one_sentence(
    data: Path, arguments: tuple[str, ...], given: bytes | None, word: str
) -> None:
    told = refuse(data, "account", *arguments, given=given)
    assert word in told
    assert looks_like_one_sentence(told)


@pytest.mark.parametrize("arguments", [("--role", "boss"), ("--role",), ("--password", "geheim")])
def test_a_password_is_no_argument_and_a_role_is_one_of_four(data: Path, arguments: tuple[str, ...]) -> None:
    assert invoke(data, "account", "create", *SANNE, *arguments).exit_code == 2


def test_an_account_is_blocked_opened_and_given_another_role(data: Path) -> None:
    made = _made(data)
    assert json.loads(succeed(data, "account", "disable", WHO.upper()))["isDisabled"] is True
    assert "disabled" in succeed(data, "account", "list")
    assert json.loads(succeed(data, "account", "enable", made["id"]))["isDisabled"] is False
    assert json.loads(succeed(data, "account", "role", WHO, "reviewer"))["role"] == "reviewer"
    succeed(data, "account", "password", WHO, "--password-stdin", given=PASSWORD)
    succeed(data, "key", "create", WHO, "--name", "Partner", "--scope", "read")
    changed = invoke(data, "account", "password", WHO, "--password-stdin", given=PASSWORD)
    assert "keys of this account that still hold: 1" in changed.stderr.lower()
    assert json.loads(changed.stdout)["email"] == WHO
    assert [operation for operation, _, _ in _trail(data, "--subject", made["id"])] == [
        "set_password", "set_password", "set_role", "enable_account", "disable_account", "create_account",
    ]  # fmt: skip


def test_an_account_gets_another_address_name_and_organisation(data: Path) -> None:
    made = _made(data)
    organisation = {"kind": "organisation", **make_organisation(name="Het Huis")}
    succeed(data, "import", "-", given=json.dumps(organisation).encode())
    new = json.loads(
        succeed(data, "account", "edit", WHO, "--email", "S@Kennis.Example", "--name", "S", "--organisation", "huis")
    )
    assert (new["id"], new["email"], new["name"], new["role"]) == (made["id"], "s@kennis.example", "S", made["role"])
    assert new["organisationId"]
    assert json.loads(succeed(data, "account", "edit", made["id"], "--no-organisation"))["organisationId"] is None
    assert [(operation, detail) for operation, _, detail in _trail(data, "--subject", made["id"])][:2] == [
        ("edit_account", "organisation_id"), ("edit_account", "email,name,organisation_id"),
    ]  # fmt: skip
    assert "/email" in refuse(data, "account", "edit", made["id"], "--email", "niets")


def test_an_account_is_let_go_by_the_login_server(data: Path) -> None:
    made = _made(data)
    assert made["isLinked"] is False
    databases.execute(data, "UPDATE accounts SET issuer = 'https://login.example', subject = 's-1'")
    assert "linked" in succeed(data, "account", "list")
    assert json.loads(succeed(data, "account", "unlink", WHO))["isLinked"] is False
    succeed(data, "account", "unlink", WHO)
    operations = [operation for operation, _, _ in _trail(data, "--subject", made["id"])]
    assert operations == ["unlink_account", "create_account"]


def _typed(data: Path, *lines: bytes) -> tuple[int, bytes]:
    """Exit code and all that a terminal shows when these lines are typed into it."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command("account", "password", WHO), stdin=theirs, stdout=theirs, stderr=theirs, env=environment(data), cwd=ROOT
    )
    os.close(theirs)
    shown = b""
    for line in lines:
        while not shown.rstrip().endswith(b":"):
            shown += os.read(ours, 1000)
        os.write(ours, line + b"\n")
        shown += b"|"
    while True:
        try:
            shown += os.read(ours, 1000)
        except OSError:  # how the end of a terminal is told
            break
    os.close(ours)
    return process.wait(PATIENCE), shown


def test_a_password_is_asked_for_twice_and_not_shown(data: Path) -> None:
    _made(data)
    typed = PASSWORD.strip()
    code, shown = _typed(data, typed, typed + b"x", typed, typed)
    assert code == 0
    assert typed not in shown
    assert b'"hasPassword":true' in shown


def test_a_key_is_printed_once(data: Path) -> None:
    made = _made(data)
    arguments = ("--name", "Veilig Thuis Voorbeeld", "--scope", "read", "--scope", "contribute")
    done = invoke(data, "key", "create", WHO, *arguments, "--expires-on", "2999-12-31", "--limit", "60")
    assert done.exit_code == 0, done.output
    text = done.stdout.strip()
    assert "not shown again" in done.stderr
    for listed in (succeed(data, "key", "list"), succeed(data, "key", "list", WHO, "--json")):
        assert text.split("_")[1] in listed
        assert text.split("_")[2] not in listed
    assert all(text.split("_")[2].encode() not in file.read_bytes() for file in data.iterdir() if file.is_file())
    (key,) = json.loads(succeed(data, "key", "list", made["id"], "--json"))
    assert (key["isValid"], key["scopes"], key["limitPerMinute"]) == (True, ["read", "contribute"], 60)
    assert json.loads(succeed(data, "key", "revoke", key["prefix"]))["isValid"] is False
    assert "revoked on" in succeed(data, "key", "list")
    assert "no such key" in refuse(data, "key", "revoke", "kanarie")


def test_a_key_asks_for_an_account_a_role_and_a_day_to_come(data: Path) -> None:
    assert "no such account" in refuse(data, "key", "create", WHO, "--name", "x", "--scope", "read")
    _made(data)
    wrong = ("--scope", "admin", "--expires-on", "2001-01-01")
    told = refuse(data, "key", "create", WHO, "--name", " ", *wrong)
    assert all(pointer in told for pointer in ("/name", "/scopes", "/expiresOn"))
    assert "There are no keys" in invoke(data, "key", "list").stderr


def _draft(data: Path, kind: str = "lesson", *who: str) -> dict[str, Any]:
    document = json.dumps(make_entry(kind)).encode()
    made: dict[str, Any] = json.loads(succeed(data, "entry", "create", kind, *who, given=document))
    return made


def test_a_step_is_taken_by_the_account_of_an_address(data: Path) -> None:
    made = _made(data, "contributor")
    draft = _draft(data, "lesson", "--actor", WHO)
    succeed(data, "entry", "submit", draft["id"], "--actor", made["id"])
    assert "role editor" in refuse(data, "entry", "take", draft["id"], "--actor", WHO)
    assert _trail(data, "--actor", WHO) == [
        ("take", "refused", "Forbidden"), ("submit", "done", None), ("create", "done", None),
    ]  # fmt: skip
    for more in (("--as", "admin"), ("--background", "policy"), ("--organisation", "x")):
        assert "of its own" in refuse(data, "entry", "take", draft["id"], "--actor", WHO, *more)
    assert "no such account" in refuse(data, "entry", "take", draft["id"], "--actor", "niemand@kennis.example")
    succeed(data, "account", "disable", WHO)
    assert "disabled" in refuse(data, "entry", "submit", draft["id"], "--actor", WHO)


def test_what_is_refused_or_fails_stays_in_the_trail_without_content(data: Path) -> None:
    draft = _draft(data)
    refuse(data, "entry", "archive", draft["id"], "--reason", "outdated")
    refuse(data, "entry", "publish", draft["id"], "--as", "contributor")
    refuse(data, "entry", "submit", "kanarie-in-een-id")
    refuse(data, "entry", "create", "lesson", given=b'{"title": "kanarie in een titel", "language": "zz"}')
    assert sorted(_trail(data, "--outcome", "failed")) == [
        ("archive", "failed", "Conflict"),
        ("create", "failed", "Invalid"),
        ("submit", "failed", "NotFound"),
    ]
    assert _trail(data, "--outcome", "refused") == [("publish", "refused", "Forbidden")]
    assert "kanarie" not in succeed(data, "audit")
    assert "kanarie" not in succeed(data, "audit", "--json")


def test_what_is_refused_or_fails_with_an_account_or_a_key_stays_in_the_trail(data: Path) -> None:
    made = _made(data, "admin")
    refuse(data, "account", "create", *SANNE, "--role", "editor", "--no-password")
    refuse(data, "account", "disable", WHO)
    refuse(data, "account", "role", made["id"], "editor")
    refuse(data, "account", "password", WHO, "--password-stdin", given=b"kanarie")
    refuse(data, "account", "enable", "kanarie@kennis.example")
    refuse(data, "account", "unlink", "kanarie")
    refuse(data, "key", "create", WHO, "--name", "kanarie", "--scope", "read", "--expires-on", "2001-01-01")
    refuse(data, "key", "create", "kanarie", "--name", "x", "--scope", "read")
    refuse(data, "key", "revoke", "kanarie")
    about = ("--outcome", "failed", "--subject")
    assert sorted(_trail(data, *about, made["id"])) == [
        ("disable_account", "failed", "Conflict"),
        ("issue_key", "failed", "Invalid"),
        ("set_password", "failed", "Invalid"),
        ("set_role", "failed", "Conflict"),
    ]
    assert sorted(_trail(data, *about, "unknown")) == [
        ("create_account", "failed", "Invalid"),
        ("enable_account", "failed", "NotFound"),
        ("issue_key", "failed", "NotFound"),
        ("revoke_key", "failed", "NotFound"),
        ("unlink_account", "failed", "NotFound"),
    ]
    assert "kanarie" not in succeed(data, "audit", "--json")


def test_of_a_story_the_trail_knows_the_day_only(data: Path) -> None:
    draft = _draft(data, "story")
    refuse(data, "entry", "submit", draft["id"], "--as", "contributor")
    refuse(data, "entry", "create", "story", "--as", "contributor", given=b'{"title": "x", "language": "nl"}')
    lines = [json.loads(line) for line in succeed(data, "audit", "--json").splitlines()]
    assert len(lines) == 3
    assert {line["at"][10:] for line in lines} == {"T00:00:00Z"}


def test_the_trail_is_filtered_and_cut(data: Path) -> None:
    for _ in range(3):
        _draft(data)
    assert len(_trail(data, "--limit", "2")) == 2
    assert len(_trail(data, "--operation", "create")) == 3
    assert _trail(data, "--operation", "create", "--since", "2999-01-01") == []
    assert _trail(data, "--actor", "niemand") == []
    assert invoke(data, "audit", "--outcome", "maybe").exit_code == 2
    assert "no such account" in refuse(data, "audit", "--actor", "niemand@kennis.example")
    rows = succeed(data, "audit", "--limit", "1").splitlines()
    assert rows[0].split()[1:4] == ["done", "create", "command-line"]
