"""The front of the program: version, help, wrong use, and what becomes of errors."""

import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from kennis import __version__
from kennis.cli import failures
from kennis.cli.root import COMMANDS, kennis
from kennis.errors import BadSetup, Conflict, Invalid, Problem, Text
from tests.unit.cli.program import command, environment, invoke, refuse, run, succeed
from tests.waiting import PATIENCE, wait_until
from tools.reference import walk

ALL = dict(walk(kennis, "kennis"))


def imported(tmp_path: Path, *words: str) -> list[str]:
    """What a command says, and last which of these libraries it needed."""
    program = (
        "import sys, atexit\n"
        "atexit.register(lambda: print(sorted({'flask', 'sqlalchemy', 'marshmallow', 'tantivy'} & set(sys.modules))))\n"
        f"sys.argv = {['kennis', *words]!r}\n"
        "from kennis.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment(tmp_path), check=False
    )
    assert done.returncode == 0
    return done.stdout.splitlines()


def test_version_imports_neither_flask_nor_sqlalchemy(tmp_path: Path) -> None:
    assert imported(tmp_path, "--version") == [f"kennis {__version__}", "[]"]
    assert not (tmp_path / "kennis.db").exists()


@pytest.mark.slow
def test_a_command_that_indexes_does_without_flask(tmp_path: Path) -> None:
    (tmp_path / "none.ndjson").touch()
    assert imported(tmp_path, "import", "--rebuild", str(tmp_path / "none.ndjson"))[-1] == (
        "['marshmallow', 'sqlalchemy', 'tantivy']"
    )


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_command_explains_itself_in_english_and_dutch(name: str, tmp_path: Path) -> None:
    shown = succeed(tmp_path, *name.split()[1:], "--help")
    assert "Usage: " in shown
    told = " ".join((ALL[name].help or "").split())
    assert len(told) > 40
    dutch = {"de", "het", "een", "eén", "van", "en", "toon", "maak", "schrijf", "neem", "wijs", "keur", "werk", "haal",
             "bevestig:", "meet", "dien", "wis", "laad", "lees", "start", "wat", "vraag", "publiceer", "archiveer",
             "bouw", "vergelijk", "wijzig"}  # fmt: skip
    assert dutch & {word.strip(".,").lower() for word in told.split()}, "no Dutch line"
    for parameter in ALL[name].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{parameter.name} is not explained"


def test_every_command_of_the_table_is_one(tmp_path: Path) -> None:
    assert {name.split()[1] for name in ALL} == set(COMMANDS)
    listed = succeed(tmp_path, "--help")
    for name, told in COMMANDS.items():
        assert f"  {name} " in listed
        assert (ALL[f"kennis {name}"].help or "").startswith(told.summary)


@pytest.mark.parametrize(
    "wrong",
    [
        ("publish",),
        ("serve", "--port", "0"),
        ("serve", "--port", "many"),
        ("seed", "--checked-on", "24-11-2026"),
        ("seed", "--chekced-on", "2026-11-24"),
        ("import",),
        ("import", "no-such-file.ndjson"),
        ("import", "."),
        ("export", "no/such/folder/x.ndjson"),
        ("entry", "create", "interventoin", "x.json"),
        ("entry", "submit", "x", "--as", "owner"),
        ("entry", "submit", "x", "--expect", "first"),
        ("vocabulary", "list", "topisc"),
        ("openapi", "--format", "xml"),
        ("search", "evaluate", "no-such-file.csv"),
        ("index", "repair"),
    ],
)
def test_wrong_use_is_told_in_words_with_exit_code_2(wrong: tuple[str, ...], tmp_path: Path) -> None:
    told = refuse(tmp_path, *wrong)
    assert 1 <= len(told.strip().splitlines()) <= 4


@pytest.mark.parametrize(
    ("name", "value"), [("KENNIS_ENV", "prod"), ("KENNIS_SAERCH", "embedded"), ("KENNIS_DATABASE_URL", "kennis.db")]
)
def test_a_wrong_setting_is_named(name: str, value: str, tmp_path: Path) -> None:
    assert name in refuse(tmp_path, "db", "status", **{name: value})


def test_messages_come_in_the_language_of_the_setting(tmp_path: Path) -> None:
    assert "There is no vocabulary" in refuse(tmp_path, "vocabulary", "list", "x")
    assert "Er is geen lijst" in refuse(tmp_path, "vocabulary", "list", "x", KENNIS_LANGUAGE="nl")
    assert "Er is geen lijst" in refuse(tmp_path, "vocabulary", "list", "x", KENNIS_LANGUAGE="")


def _raise(error: BaseException) -> None:
    raise error


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (BadSetup("fout", "wrong"), 2, "fout"),
        (Invalid([Problem(Text("te lang", "too long"), "/title"), Problem(Text("mist", "lacks"), "/summary")]), 2,
         "  /title: te lang\n  /summary: mist"),
        (Conflict(Text("kan niet", "impossible"), ("_submit",)), 2, "kan niet\nWel mogelijk: submit."),
        (OSError(28, "No space left on device", "x.db"), 2, "geen ruimte meer om te schrijven (x.db)"),
        (OSError(27, "File too large", "x.db"), 2, "geen ruimte meer"),
        (PermissionError(13, "Permission denied", "x.db"), 2, "x.db is niet te lezen of te schrijven"),
        (OSError(30, "Read-only file system", "x.db"), 2, "x.db is niet te lezen of te schrijven"),
        (FileNotFoundError(2, "No such file", "x.json"), 2, "x.json bestaat niet"),
        (IsADirectoryError(21, "Is a directory", "map"), 2, "map is een map; noem een bestand."),
        (ZeroDivisionError("secret"), 1, "Er ging iets mis in Kennis zelf (ZeroDivisionError)"),
        (KeyboardInterrupt(), 130, ""),
    ],
)  # fmt: skip
def test_an_error_becomes_a_sentence_and_an_exit_code(
    error: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert failures.run(lambda: _raise(error), traces=False) == code
    told = capsys.readouterr().err
    assert words in told
    assert "secret" not in told
    assert "Traceback" not in told


def test_the_place_of_an_error_is_shown_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert failures.run(lambda: _raise(ZeroDivisionError()), traces=True) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_leaves_ends_the_command_without_words(tmp_path: Path) -> None:
    with subprocess.Popen(
        command("vocabulary", "list", "topics", "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(tmp_path),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_a_stopped_command_was_making_goes_before_it(number: signal.Signals, tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    with subprocess.Popen(
        command("import", "-", "--dry-run"),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(tmp_path, TMPDIR=str(made)),
    ) as process:
        wait_until(lambda: list(made.glob("*/*.db")) or process.poll() is not None, "the trial database")
        process.send_signal(number)
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == -number
    assert told == b""
    assert not list(made.iterdir())


def test_output_that_does_not_fit_on_the_disk_is_told(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with full.open("wb") as target:
        done = subprocess.run(
            command("vocabulary", "list"), stdout=target, stderr=subprocess.PIPE, env=environment(tmp_path), check=False
        )
    assert done.returncode == 2
    assert b"no space left" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("closed", [0, 1, 2])
def test_no_file_takes_the_place_of_a_closed_stream(closed: int, tmp_path: Path) -> None:
    program = (
        f"import os; os.close({closed}); "
        f"os.execv({sys.executable!r}, [{sys.executable!r}, '-m', 'kennis', 'import', '-'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=b"", capture_output=True, env=environment(tmp_path), check=False
    )
    assert done.returncode == (2 if closed == 1 else 0), done.stderr
    assert (b"stdout) is closed" in done.stderr) == (closed == 1)
    assert (b"0 new" in done.stdout) == (closed != 1)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_json_is_utf_8_and_words_are_shown_on_any_terminal(encoding: str, tmp_path: Path) -> None:
    shown = run(tmp_path, "vocabulary", "list", "languages", "--json", KENNIS_LANGUAGE="nl", PYTHONIOENCODING=encoding)
    assert "Oekraïens".encode() in shown.stdout, shown.stderr
    for command_ in (("openapi",), ("vocabulary", "list", "review-tracks"), ("export", "--help")):
        assert run(tmp_path, *command_, PYTHONIOENCODING=encoding).returncode == 0


def test_signs_that_steer_a_terminal_are_shown_and_not_done(tmp_path: Path) -> None:
    lines = b'{"kind":"lesson","title":"A","x\\u001b[2Jy":1,"language":"a\\nline 9: b"}\n'
    told = refuse(tmp_path, "import", "-", "--dry-run", given=lines)
    assert "\x1b" not in told
    assert r"x\x1b[2Jy" in told
    assert r"a\nline 9: b" in told


def test_the_module_runs_as_the_program_does(tmp_path: Path) -> None:
    done = run(tmp_path, "vocabulary", "list", "kinds", "--json")
    assert done.returncode == 0
    assert b'"intervention"' in done.stdout


def test_a_vocabulary_is_a_table_or_json(tmp_path: Path) -> None:
    table = succeed(tmp_path, "vocabulary", "list", "kinds", KENNIS_LANGUAGE="nl")
    assert "intervention" in table
    assert '"code": "intervention"' in succeed(tmp_path, "vocabulary", "list", "kinds", "--json")
    assert "topics" in succeed(tmp_path, "vocabulary", "list")
    assert "did you mean topics" in invoke(tmp_path, "vocabulary", "list", "topisc").stderr.lower()
