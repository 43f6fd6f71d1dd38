"""Idempotency-Key: who sends a request again gets the same answer and makes nothing twice."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from kennis.access import answered
from kennis.access.answered import Answered
from kennis.errors import Conflict
from kennis.store import Store
from kennis.store.models import Entry
from kennis.store.people import AnsweredRequest
from tests.api.office import Known, Office
from tests.unit.access.people import an_account
from tests.unit.content import desk


def drafts(office: Office) -> int:
    with office.parts.store.reading() as session:
        return session.scalar(select(func.count()).select_from(Entry)) or 0


def test_the_same_request_under_the_same_key_makes_one_entry(office: Office) -> None:
    body, headers = {"title": "Een begin"}, {"Idempotency-Key": "6f2c-1"}
    first = office.ask("author", "POST", "/lessons", body, headers=headers)
    again = office.ask("author", "POST", "/lessons", body, headers=headers)
    assert (first.status_code, again.status_code, drafts(office)) == (201, 201, 1)
    assert (again.data, again.headers["ETag"], again.headers["Location"]) == (
        first.data, first.headers["ETag"], first.headers["Location"],
    )  # fmt: skip
    for path, other in (("/lessons", {"title": "Iets anders"}), ("/methods", body)):
        assert office.ask("author", "POST", path, other, headers=headers).status_code == 409
    assert office.ask("other", "POST", "/lessons", body, headers=headers).status_code == 201
    assert drafts(office) == 2


def test_a_request_that_failed_may_be_repeated_under_its_key(office: Office) -> None:
    headers = {"Idempotency-Key": "6f2c-1"}
    assert office.ask("author", "POST", "/lessons", {"title": "x"}, headers=headers).status_code == 400
    assert office.ask("author", "POST", "/lessons", {"title": "Een begin"}, headers=headers).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "é"])
def test_a_key_for_repeating_that_cannot_be_one_is_refused(office: Office, key: str) -> None:
    answer = office.ask("author", "POST", "/lessons", {"title": "Een begin"}, headers={"Idempotency-Key": key})
    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.get_json()["errors"]] == ["Idempotency-Key"]


def test_an_answer_that_is_kept_goes_with_its_entry(office: Office) -> None:
    headers = {"Idempotency-Key": "6f2c-1"}
    made = office.ask("author", "POST", "/lessons", {"title": "Een begin"}, headers=headers)
    known = Known(office, f"/lessons/{made.get_json()['id']}", made.headers["ETag"])
    assert known.write("author", "DELETE").status_code == 204
    with office.parts.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(AnsweredRequest)) == 0


NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_an_answer_is_kept_for_a_day(store: Store) -> None:
    answer = Answered(201, {"ETag": '"1"'}, b"{}")
    with store.transaction() as session:
        account, entry = an_account(session).id, desk.a_draft(session).id
        answered.keep(session, account, "een", b"vraag", answer, NOW, entry_id=entry)
    with store.transaction() as session:
        assert answered.recall(session, account, "een", b"vraag", NOW + timedelta(hours=23)) == answer
        assert answered.recall(session, account, "twee", b"vraag", NOW) is None
        assert answered.recall(session, "ander", "een", b"vraag", NOW) is None
        with pytest.raises(Conflict):
            answered.recall(session, account, "een", b"andere vraag", NOW)
        assert answered.recall(session, account, "een", b"andere vraag", NOW + timedelta(days=1)) is None


def test_neither_key_nor_request_can_be_read_from_what_is_kept(office: Office) -> None:
    office.ask("author", "POST", "/lessons", {"title": "Een begin"}, headers={"Idempotency-Key": "mijn-kenmerk"})
    with office.parts.store.reading() as session:
        (row,) = session.scalars(select(AnsweredRequest))
    assert "mijn-kenmerk" not in f"{row.digest} {row.request_digest} {row.headers} {row.body!r}"
