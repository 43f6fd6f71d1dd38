"""Marks of personal data in professional texts: advice to the writer, told to nobody else (safety.md P6, P7)."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from kennis.app import create_app
from kennis.content import kinds
from kennis.errors import Invalid
from kennis.store.models import Audit
from kennis.stories.privacy import KINDS, Advice, advice, says
from tests import databases
from tests.factories import make_entry
from tests.unit.cli.program import invoke, succeed

CANARY = "Kanariepietverzonnen"
FOUND = f"Mijn man {CANARY} was boos. Bel 06-12345678 en zeg dat het om {CANARY} gaat."


def _places(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.pointer, one.kind) for one in advice(document)]


@pytest.mark.req("P7")
@pytest.mark.parametrize("kind", sorted(kinds.KINDS))
def test_whole_documents_without_people_get_no_advice(kind: str) -> None:
    assert advice(make_entry(kind)) == []


@pytest.mark.req("P7")
def test_advice_names_place_and_kind_once_for_each() -> None:
    method = make_entry(
        "method",
        example=FOUND,
        steps=[{"title": "Luister", "text": "Praat rustig."}, {"title": "Bel", "text": "Bel 06-12345678."}],
    )
    assert _places(method) == [("/steps/1/text", "phone"), ("/example", "name"), ("/example", "phone")]


@pytest.mark.req("P7")
def test_what_an_organisation_says_of_itself_needs_no_advice() -> None:
    offer = make_entry("help-offer", body="Kijk op www.voorbeeld.nl of bel 0800-2000.")
    offer["channels"] += [{"kind": "phone", "value": "0201234567"}, {"kind": "email", "value": "info@voorbeeld.nl"}]
    lesson = make_entry("lesson", why="Wie werkt bij de Verzonnen Gemeente kan dit regelen.")
    contact = make_entry("method", contact={"organisationId": "x", "phone": "020-1234567", "url": "https://a.example"})
    assert [_places(document) for document in (offer, lesson, contact)] == [[], [], []]


@pytest.mark.req("P7")
def test_an_address_that_looks_like_a_person_is_advice_too() -> None:
    method = make_entry("method", contact={"organisationId": "x", "email": "roos.verzonnen@voorbeeld.example"})
    assert _places(method) == [("/contact/email", "email")]


@pytest.mark.req("P7")
def test_advice_says_so_in_both_languages_and_as_a_problem() -> None:
    for kind in KINDS:
        assert says(kind).nl.startswith("Dit lijkt ")
        assert says(kind).en.startswith("This looks like ")
    one = Advice("/body", "phone", says("phone"))
    assert (one.problem.pointer, one.problem.message) == ("/body", says("phone"))


@pytest.mark.req("P7")
@pytest.mark.parametrize("kind", sorted(kinds.KINDS))
@pytest.mark.parametrize(("text", "word"), [("Mijn BSN is 111222333.", "BSN"), ("NL91ABNA0417164300", "IBAN")])
def test_bsn_and_iban_block_in_every_kind_where_other_marks_are_advice(kind: str, text: str, word: str) -> None:
    filler = " De rest van deze tekst is lang genoeg voor het veld."
    with pytest.raises(Invalid) as refused:
        kinds.load(kind, make_entry(kind, summary=text + filler), draft=True)
    assert [(p.pointer, word in p.message.nl) for p in refused.value.problems] == [("/summary", True)]
    assert kinds.load(kind, make_entry(kind, summary="Bel Roos op 06-12345678." + filler), draft=True)


@pytest.mark.req("P6")
def test_what_is_found_is_told_to_the_writer_and_kept_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    succeed(tmp_path, "db", "upgrade")
    lesson = make_entry("lesson", targetGroups=["omstander"], audiences=["gemeente-beleid"], why=FOUND)
    made = json.loads(succeed(tmp_path, "entry", "create", "lesson", "--actor", "a", given=json.dumps(lesson).encode()))
    with caplog.at_level(logging.DEBUG):
        handed_in = invoke(tmp_path, "entry", "submit", made["id"], "--actor", "a")
    assert json.loads(handed_in.stdout)["status"] == "submitted"
    assert [line.split(":")[0] for line in handed_in.stderr.splitlines()] == ["/why", "/why"]
    succeed(tmp_path, "entry", "take", made["id"], "--actor", "b")
    succeed(tmp_path, "entry", "approve", made["id"], "--track", "editorial", "--actor", "b")
    succeed(tmp_path, "entry", "publish", made["id"], "--actor", "b")
    store = databases.of_commands(tmp_path)
    app = create_app(databases.configured(tmp_path, KENNIS_DATABASE_URL=store.url), store=store)
    shown = app.test_client().get(f"/v1/lessons/{made['id']}").text
    # The writer chose to publish these words; that Kennis found something in them is nobody's business.
    assert CANARY in shown
    told = [says(kind).in_language(language) for kind in KINDS for language in ("nl", "en")]
    assert not any(text in shown for text in told)
    assert not any(word in handed_in.stderr + caplog.text for word in (CANARY, "12345678"))
    with store.reading() as session:
        audited = str([vars(row) for row in session.scalars(select(Audit))])
    store.close()
    assert "publish" in audited
    assert not any(word in audited for word in (CANARY, "12345678", "phone"))
