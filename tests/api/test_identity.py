"""Who asks: only the Authorization header counts, what does not work is told so, what is refused is in the audit."""

import logging
from collections.abc import Mapping
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event, select

from kennis import clock
from kennis.access import accounts, keys, policy
from kennis.access.policy import POLICY
from kennis.api.openapi import document
from kennis.api.steps import TRANSITIONS
from kennis.installation import INTERNAL, POLICIES, PUBLIC_READ
from kennis.store.people import ApiKey
from tests.api.office import Office

WRONG = ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer x", "Bearer kennis_00000000_" + "0" * 40, "kennis_x", "é"]
ADMIN = policy.system("test")
# What every line of a log has.
USUAL_FACTS = {*vars(logging.makeLogRecord({})), "message"}


@pytest.mark.parametrize("header", WRONG)
@pytest.mark.parametrize(("method", "path"), [("POST", "/lessons"), ("GET", "/lessons"), ("GET", "/health/live")])
def test_a_key_that_does_not_work_is_told_so_everywhere(office: Office, header: str, method: str, path: str) -> None:
    answer = office.ask("", method, path, {"title": "Een begin"} if method == "POST" else None,
                        headers={"Authorization": header})  # fmt: skip
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "kennis_" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("header", WRONG)
def test_a_key_that_does_not_work_is_logged_once_without_what_was_sent(
    office: Office, header: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "kennis")
    office.ask("", "GET", "/lessons", headers={"Authorization": header})
    told = [record for record in caplog.records if record.name.startswith("kennis")]
    assert [(record.message, record.levelname) for record in told] == [("key refused", "WARNING")]
    facts = [{name: vars(record)[name] for name in vars(record).keys() - USUAL_FACTS} for record in told]
    assert facts == [{"endpoint": "zoeken.searchLessons"}]


def test_a_key_that_works_and_none_at_all_leave_nothing_in_the_log(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "kennis")
    office.ask("author", "GET", "/lessons")
    office.ask("", "GET", "/lessons")
    assert [record.message for record in caplog.records if record.name.startswith("kennis")] == []


def test_a_write_without_a_key_is_401_whatever_came_along(office: Office) -> None:
    answer = office.ask("", "POST", "/lessons", {"titel": 1}, headers={"Cookie": "__Host-kennis-session=x"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_name_of_the_scheme_may_be_written_in_any_capitals(office: Office, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {office.key('author')}"}
    assert office.ask("", "POST", "/lessons", {"title": "Een begin"}, headers=headers).status_code == 201


def test_a_key_holds_no_longer_once_it_or_its_account_is_stopped(office: Office) -> None:
    assert office.ask("author", "GET", "/lessons").status_code == 200
    with office.parts.store.transaction() as session:
        account = accounts.find(session, office.ids["author"])
        accounts.disable(session, account, now=clock.now(), by=ADMIN)
    assert office.ask("author", "GET", "/lessons").status_code == 401
    assert office.ask("editor", "GET", "/lessons").status_code == 200
    with office.parts.store.transaction() as session:
        for key in session.scalars(select(ApiKey).where(ApiKey.account_id == office.ids["editor"])):
            keys.revoke(session, key, now=clock.now(), by=ADMIN)
    assert office.ask("editor", "GET", "/lessons").status_code == 401


def test_who_sends_no_key_costs_no_look_in_the_database(office: Office) -> None:
    asked: list[str] = []
    client = office.app.test_client()
    client.get("/v1/health/live")
    event.listen(office.parts.store.engine, "before_cursor_execute", lambda *seen: asked.append(seen[2]))
    client.get("/v1/health/live")
    client.post("/v1/lessons", json={"title": "Een begin"})
    assert asked == []
    office.ask("author", "GET", "/health/live")
    assert asked != []


def test_the_last_use_of_a_key_is_kept_as_a_day(office: Office) -> None:
    office.ask("author", "GET", "/lessons")
    with office.parts.store.reading() as session:
        (used,) = session.scalars(select(ApiKey.last_used_on))
    assert date.fromisoformat(used) == clock.today()


# Scopes


@pytest.mark.parametrize(
    ("operation", "scope", "body"),
    [("approve", "review", {"track": "editorial"}), ("publish", "edit", None), ("withdraw", "admin", None),
     ("submit", "contribute", None)],
)  # fmt: skip
def test_a_key_does_only_what_it_was_made_for(
    office: Office, operation: str, scope: str, body: Mapping[str, str] | None
) -> None:
    known = office.draft()
    without = tuple(one for one in keys.SCOPES if one != scope)
    answer = office.ask("admin", "POST", f"{known.path}/_{operation}", body, tag=known.tag, scopes=without)
    assert answer.status_code == 403
    assert scope in answer.get_json()["detail"]
    assert office.ask("admin", "POST", f"{known.path}/_{operation}", body, tag=known.tag).status_code != 403


def test_the_key_of_an_editor_made_to_contribute_gives_no_more_than_a_contributor_has(office: Office) -> None:
    known = office.draft()
    scopes = ("read", "contribute")
    assert office.ask("editor", "GET", known.path, scopes=scopes).status_code == 404
    assert (
        office.ask("editor", "PATCH", known.path, {"title": "Anders"}, tag=known.tag, scopes=scopes).status_code == 404
    )
    assert office.ask("editor", "GET", known.path).status_code == 200


def test_without_the_scope_to_read_a_draft_is_not_there(office: Office) -> None:
    known = office.draft()
    assert office.ask("author", "GET", known.path, scopes=("contribute",)).status_code == 404
    assert office.ask("author", "GET", f"{known.path}/draft", scopes=("contribute",)).status_code == 403


# What is refused


def test_what_is_refused_is_in_the_audit_without_a_word_of_it(office: Office) -> None:
    known = office.draft(title="Geheimwoord in de titel")
    theirs = office.published()
    tries = [
        ("other", "PATCH", known.path, {"title": "Stiekem geheim"}, "revise", known.id),
        ("other", "GET", known.path, None, "read", known.id),
        ("author", "POST", f"{known.path}/_publish", None, "publish", known.id),
        ("other", "POST", f"{theirs.path}/_archive", {"reason": "outdated"}, "archive", theirs.id),
    ]
    for name, method, path, body, operation, subject in tries:
        answer = office.ask(name, method, path, body, tag='"1"')
        assert answer.status_code in (403, 404), (method, path)
        (row,) = office.audit(operation=operation, outcome="refused")
        assert (row.actor_id, row.subject_id) == (office.ids[name], subject)
    assert "geheim" not in " ".join(f"{vars(row)}" for row in office.audit()).lower()


def test_of_a_story_only_the_day_of_a_refusal_is_kept(office: Office) -> None:
    from tests.api.test_writing import a_story

    known = a_story(office)
    assert office.ask("author", "POST", f"{known.path}/_submit", tag='"1"').status_code == 404
    (row,) = office.audit(operation="submit", outcome="refused")
    assert row.at.endswith("T00:00:00Z")


def test_what_fails_is_in_the_audit_too(office: Office) -> None:
    known = office.draft()
    assert office.ask("author", "POST", f"{known.path}/_submit", tag='"9"').status_code == 412
    (row,) = office.audit(operation="submit", outcome="failed")
    assert row.subject_id == known.id


def test_somebody_who_mistypes_an_id_is_not_told_of(office: Office) -> None:
    assert office.ask("other", "GET", "/lessons/00000000-0000-4000-8000-000000000000").status_code == 404
    assert [row for row in office.audit() if row.outcome != "done"] == []


# If-Match


def test_every_write_to_what_exists_asks_for_its_version(office: Office) -> None:
    """Walks the routes, so that a new one joins by itself."""
    known = office.draft()
    bodies = {one.code: dict(one.example) for one in TRANSITIONS if one.body}
    asked = 0
    for rule in office.app.url_map.iter_rules():
        operation = office.app.extensions[POLICIES][rule.endpoint]
        # A POST is a step where the address ends in a verb; else it makes something new.
        is_step = rule.rule.startswith("/v1/lessons/<uuid:id>") and "/_" in rule.rule
        written = rule.methods & {"PUT", "PATCH", "DELETE"} or (rule.methods & {"POST"} if is_step else set())
        if operation not in POLICY or not rule.rule.startswith("/v1/lessons"):
            continue
        for method in written:
            path = rule.rule.removeprefix("/v1").replace("<uuid:id>", known.id)
            if "<" in path:
                continue
            body = {} if method in ("PUT", "PATCH") else bodies.get(path.rpartition("_")[2])
            answer = office.ask("admin", method, path, body)
            assert answer.status_code == 428, (method, path)
            assert answer.content_type == "application/problem+json"
            assert office.ask("admin", method, path, body, tag="").status_code == 428
            asked += 1
    assert asked > 20


@pytest.mark.parametrize(
    ("tag", "status"),
    [("*", 200), ('"{v}-0-nl-json"', 200), ('"{v}"', 200), ('"{v}-9-en-ld"', 200), ('"7", "{v}-0-nl-json"', 200),
     ('W/"{v}-0-nl-json"', 412), ('"7-0-nl-json"', 412), ('"x"', 412), ('""', 412), ('"0{v}"', 412), ('"', 412),
     ('"{v}-draft20261124-nl-json"', 412), ('"{v}5-0-nl-json"', 412)],
)  # fmt: skip
def test_only_the_row_version_in_a_strong_tag_counts(office: Office, tag: str, status: int) -> None:
    known = office.draft()
    version = str(office.row(known).row_version)
    answer = known.write("author", "PATCH", {"title": "Een nieuwe titel"}, tag=tag.replace("{v}", version))
    assert answer.status_code == status, answer.get_json()
    assert (office.row(known).content["title"] == "Een nieuwe titel") == (status == 200)


def test_of_two_who_write_at_once_the_second_is_told(office: Office) -> None:
    known = office.draft()
    assert known.write("author", "PATCH", {"title": "De titel van de eerste"}).status_code == 200
    assert known.write("editor", "PATCH", {"title": "De titel van de tweede"}).status_code == 412
    assert known.read().get_json()["title"] == "De titel van de eerste"


# What the routes and the document say


@pytest.mark.req("V28")
def test_every_route_under_v1_is_public_internal_or_in_the_table(app: Flask) -> None:
    told = {
        app.extensions[POLICIES][rule.endpoint] for rule in app.url_map.iter_rules() if rule.rule.startswith("/v1/")
    }
    assert told <= {PUBLIC_READ, INTERNAL, *POLICY}
    writing = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.methods & {"PUT", "PATCH", "DELETE"} and app.extensions[POLICIES][rule.endpoint] not in POLICY
    }
    assert writing == set()


def test_the_document_says_of_each_operation_which_scope_it_takes(app: Flask) -> None:
    made = document(app)
    scheme = made["components"]["securitySchemes"]["Key"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert made["paths"]["/lessons"]["post"]["security"] == [{"Key": ["contribute"]}]
    assert made["paths"]["/lessons/{id}/_publish"]["post"]["security"] == [{"Key": ["edit"]}]
    assert made["paths"]["/lessons/{id}"]["get"]["security"] == [{}, {"Key": ["read"]}]
    assert made["paths"]["/stories/{id}/_withdraw"]["post"]["security"] == [{"Key": ["moderate"]}]
    assert "security" not in made["paths"]["/lessons"]["get"]
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            if method != "parameters" and operation.get("security", [{}])[0]:
                assert {"401", "403"} <= set(operation["responses"]), path
