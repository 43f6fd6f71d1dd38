"""The write side of entries over HTTP: made, changed, judged, published and taken back."""

import time
from typing import Any

import pytest

from kennis.content.kinds import KINDS
from kennis.search.background import IndexThread
from tests.api.office import Known, Office
from tests.unit.content import desk
from tests.waiting import PATIENCE, wait_until

PROFESSIONAL = [kind for kind in KINDS if kind != "story"]
RARE = "Zeldzaamwoord voor deze proef"


def found(office: Office, word: str = "zeldzaamwoord") -> list[str]:
    office.parts.indexer.apply_all()
    items = office.app.test_client().get(f"/v1/entries?q={word}").get_json()["items"]
    return [item["id"] for item in items]


def a_story(office: Office, **overrides: Any) -> Known:
    """Stories come from submissions; the desk makes one here as the loader would."""
    with office.parts.store.transaction() as session:
        made = desk.a_draft(session, "story", **overrides)
        made.created_by = made.last_changed_by = made.owned_by = office.ids["editor"]
        session.flush()
    return Known(office, f"/stories/{made.id}", f'"{made.row_version}"')


@pytest.mark.parametrize("kind", PROFESSIONAL)
def test_an_entry_goes_from_draft_to_the_next_search(office: Office, kind: str) -> None:
    known = office.draft(kind, title=RARE)
    public = office.app.test_client()
    assert public.get(f"/v1{known.path}").status_code == 404
    known.step("author", "submit")
    known.step("editor", "take")
    known.approve_all()
    published = known.step("second", "publish")
    assert published.get_json()["status"] == "published"
    assert found(office) == [known.id]
    seen = public.get(f"/v1{known.path}")
    assert seen.headers["ETag"] == published.headers["ETag"]
    assert seen.get_json() == published.get_json()


def test_the_thread_of_the_index_is_woken_by_a_publication(office: Office) -> None:
    known = office.draft(title=RARE)
    known.step("author", "submit")
    known.step("editor", "take")
    known.approve_all()
    thread = IndexThread(office.parts.indexer, poll=10 * PATIENCE)
    thread.start()
    try:
        time.sleep(0.2)  # its first look is over, and by itself it looks again long after the patience here has ended
        known.step("second", "publish")
        wait_until(lambda: office.parts.indexer.lag().waiting == 0, "the index, by a thread that is woken")
    finally:
        thread.stop()
    assert found(office) == [known.id]


def test_what_is_made_has_an_address_and_is_for_its_author_and_the_editors(office: Office) -> None:
    made = office.ask("author", "POST", "/lessons", {"title": "Een begin"})
    assert made.status_code == 201
    body = made.get_json()
    assert made.headers["Location"] == body["links"]["self"] == f"http://127.0.0.1:8000/v1/lessons/{body['id']}"
    assert made.headers["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in made.headers
    assert (body["status"], body["version"], body["labels"]["status"]) == ("draft", 0, "Concept")
    known = Known(office, f"/lessons/{body['id']}", made.headers["ETag"])
    for name in ("author", "editor", "second", "admin"):
        read = known.read(name)
        assert (read.status_code, read.headers["ETag"]) == (200, known.tag)
        assert read.headers["Cache-Control"] == "private, no-store"
        assert "Access-Control-Allow-Origin" not in read.headers
        assert read.get_json() == body
    assert known.read("author", headers={"If-None-Match": known.tag}).status_code == 304
    for name in ("other", "worker", ""):
        assert known.read(name).status_code == 404


def test_a_reviewer_reads_a_text_while_it_is_judged(office: Office) -> None:
    known = office.draft()
    assert known.read("worker").status_code == 404
    known.step("author", "submit")
    assert known.read("worker").status_code == 200
    assert known.read("other").status_code == 404
    known.step("worker", "return", {"track": "editorial", "note": "Noem ook voor wie dit niet is."})
    assert known.read("worker").status_code == 404


@pytest.mark.parametrize("kind", PROFESSIONAL)
def test_what_was_read_can_be_sent_back_in_every_status(office: Office, kind: str) -> None:
    known = office.draft(kind)

    def send_back(name: str) -> None:
        body = known.read(name).get_json()
        again = known.write(name, "PUT", body)
        assert again.status_code == 200, again.get_json()
        known.tag = again.headers["ETag"]
        assert again.get_json() == body | {"updatedAt": again.get_json()["updatedAt"]}

    send_back("author")
    known.step("author", "submit")
    send_back("editor")
    known.step("editor", "return", {"track": "editorial", "note": "Nog een keer nalezen."})
    send_back("author")
    known.step("author", "submit")
    known.step("editor", "take")
    send_back("editor")


def test_a_relation_to_what_is_not_public_stays_when_a_draft_is_sent_back(office: Office) -> None:
    method = office.draft("method")
    lesson = office.draft("lesson", relations=[{"kind": "about", "targetId": method.id}])
    body = lesson.read().get_json()
    assert [relation["targetId"] for relation in body["relations"]] == [method.id]
    assert lesson.write("author", "PUT", body).get_json()["relations"] == body["relations"]


@pytest.mark.req("V34")
@pytest.mark.parametrize(
    ("name", "value"),
    [("role", "admin"), ("owner", "x"), ("ownedBy", "x"), ("createdBy", "x"), ("editorialNote", "x"),
     ("rowVersion", 9), ("partnerUse", False), ("status", "published"), ("version", 7), ("kind", "method"),
     ("id", "00000000-0000-4000-8000-000000000000"), ("slug", "anders"), ("createdAt", "2020-01-01T00:00:00Z"),
     ("reviewDue", "2030-01-01"), ("reviews", [{"track": "editorial"}])],
)  # fmt: skip
def test_what_kennis_keeps_itself_cannot_be_set(office: Office, name: str, value: object) -> None:
    known = office.draft()
    body = known.read().get_json()
    answers = [
        office.ask("author", "POST", "/lessons", {"title": "Een begin", name: value}),
        known.write("author", "PUT", body | {name: value}),
        known.write("author", "PATCH", {name: value}),
    ]
    for answer in answers:
        assert answer.status_code == 400, answer.get_json()
        assert [error["pointer"] for error in answer.get_json()["errors"]] == [f"/{name}"]
    assert known.read().get_json() == body


def test_all_faults_of_a_document_are_told_at_once_in_the_language_of_the_caller(office: Office) -> None:
    answer = office.ask("author", "POST", "/lessons?lang=en", {"title": "x", "topics": ["niks"], "sumary": "y"})
    assert answer.status_code == 400
    told = {error["pointer"]: error["detail"] for error in answer.get_json()["errors"]}
    assert set(told) == {"/title", "/topics/0", "/sumary"}
    assert "summary" in told["/sumary"]


@pytest.mark.req("V18")
@pytest.mark.parametrize(
    ("method", "media_type", "status"),
    [("POST", "text/plain", 415), ("POST", "application/x-www-form-urlencoded", 415), ("PUT", "text/plain", 415),
     ("PUT", "application/merge-patch+json", 415), ("PATCH", "application/json", 415), ("POST", "", 415)],
)  # fmt: skip
def test_a_body_of_another_form_is_refused(office: Office, method: str, media_type: str, status: int) -> None:
    known = office.draft()
    path = "/lessons" if method == "POST" else known.path
    headers = {"Authorization": f"Bearer {office.key('author')}", "If-Match": known.tag}
    answer = office.app.test_client().open(
        f"/v1{path}", method=method, data=b'{"title": "Anders"}', content_type=media_type, headers=headers
    )
    assert answer.status_code == status
    assert known.read().headers["ETag"] == known.tag


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b'{"title": NaN}', b'{"a":' * 2000 + b"1" + b"}" * 2000])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_body_that_is_no_object_is_refused(office: Office, method: str, body: bytes) -> None:
    known = office.draft()
    path = "/lessons" if method == "POST" else known.path
    headers = {"Authorization": f"Bearer {office.key('author')}", "If-Match": known.tag}
    form = "application/merge-patch+json" if method == "PATCH" else "application/json"
    answer = office.app.test_client().open(f"/v1{path}", method=method, data=body, content_type=form, headers=headers)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


def test_a_patch_that_is_nested_without_end_is_refused(office: Office) -> None:
    known = office.draft()
    deep = b'{"a":' * 1000 + b"1" + b"}" * 1000
    headers = {"Authorization": f"Bearer {office.key('author')}", "If-Match": known.tag}
    answer = office.app.test_client().patch(
        f"/v1{known.path}", data=deep, content_type="application/merge-patch+json", headers=headers
    )
    assert answer.status_code == 400


@pytest.mark.req("V22")
def test_a_body_that_is_too_large_is_refused(office: Office) -> None:
    known = office.draft()
    for method in ("PUT", "PATCH"):
        assert known.write(method=method, name="author", body={"body": "a" * 2_000_000}).status_code == 413


def test_a_patch_changes_what_it_names(office: Office) -> None:
    known = office.draft(ageMin=4, ageMax=12)
    changed = known.write("author", "PATCH", {"title": "Een nieuwe titel", "ageMax": None})
    assert changed.status_code == 200
    body = changed.get_json()
    assert (body["title"], body["ageMin"], "ageMax" in body) == ("Een nieuwe titel", 4, False)
    assert changed.headers["ETag"] != known.tag
    assert body["slug"] == "nieuwe-titel"
    wrong = known.write("author", "PATCH", {"topics": ["niks"], "titel": "x"}, tag=changed.headers["ETag"])
    assert {error["pointer"] for error in wrong.get_json()["errors"]} == {"/topics/0", "/titel"}


def test_a_change_of_a_published_entry_becomes_a_working_copy(office: Office) -> None:
    known = office.published(title=RARE)
    public = office.app.test_client()
    before = public.get(f"/v1{known.path}")
    made = known.write("author", "PATCH", {"title": "Een andere titel"})
    assert made.status_code == 201
    assert made.headers["Location"].endswith(f"{known.path}/draft")
    assert made.get_json()["status"] == "draft"
    after = public.get(f"/v1{known.path}")
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])
    second = known.write("author", "PATCH", {"title": "Nog een andere titel"})
    assert second.status_code == 409
    copy = Known(office, f"{known.path}/draft", made.headers["ETag"])
    assert copy.read().headers["ETag"] == copy.tag
    assert copy.read().get_json()["links"]["self"].endswith("/draft")
    assert copy.read("other").status_code == copy.read("worker").status_code == 404
    assert copy.read("").status_code == 401
    changed = copy.write("author", "PUT", copy.read().get_json() | {"title": "De titel van straks"})
    assert changed.status_code == 200
    copy.tag = changed.headers["ETag"]
    copy.step("author", "submit")
    copy.step("editor", "take")
    copy.approve_all()
    done = copy.step("second", "publish")
    assert (done.get_json()["version"], done.get_json()["title"]) == (2, "De titel van straks")
    assert done.headers["Content-Location"].endswith(known.path)
    assert public.get(f"/v1{known.path}").headers["ETag"] == done.headers["ETag"]
    assert copy.read().status_code == 404


def test_a_working_copy_can_be_deleted_and_rejected(office: Office) -> None:
    known = office.published()
    for way in ("delete", "reject"):
        made = known.write("author", "PATCH", {"title": f"Een andere titel {way}"})
        copy = Known(office, f"{known.path}/draft", made.headers["ETag"])
        if way == "delete":
            done = copy.write("author", "DELETE")
        else:
            copy.step("author", "submit")
            done = copy.step("editor", "reject", {"reason": "promotion", "note": "Dit is reclame, geen kennis."})
        assert (done.status_code, done.data) == (204, b"")
        assert copy.read().status_code == 404
        assert known.read("").status_code == 200


def test_the_tag_of_one_text_does_not_open_another(office: Office) -> None:
    known = office.published()
    made = known.write("author", "PATCH", {"title": "Een andere titel"})
    copy = Known(office, f"{known.path}/draft", made.headers["ETag"])
    row = office.row(known).row_version
    assert copy.write("author", "PATCH", {"title": "Weer anders"}, tag=known.tag).status_code == 412
    assert copy.write("author", "PATCH", {"title": "Weer anders"}, tag='"1-0-nl-json"').status_code == 412
    assert known.step("editor", "archive", {"reason": "outdated"}, status=200)
    fake = copy.tag.replace('"1-', f'"{row + 1}-')
    assert known.write("editor", "PUT", {}, tag=fake).status_code in (409, 412)


def test_upkeep_is_public_at_once_and_needs_no_second_person(office: Office) -> None:
    known = office.published("training")
    done = known.write("author", "PATCH", {"url": "https://aanbieder.example/nieuw"})
    assert (done.status_code, done.get_json()["version"]) == (200, 2)
    seen = office.app.test_client().get(f"/v1{known.path}")
    assert seen.get_json()["url"] == "https://aanbieder.example/nieuw"
    assert seen.headers["ETag"] == done.headers["ETag"]
    known.tag = done.headers["ETag"]
    confirmed = known.step("author", "confirm")
    assert confirmed.get_json()["version"] == 3
    for day in ("2026-11-01", "2126-11-01"):
        known.step("author", "confirm", {"checkedAt": day}, status=400)


def test_archived_and_back_and_away_for_ever(office: Office) -> None:
    known = office.published(title=RARE)
    archived = known.step("editor", "archive", {"reason": "outdated"})
    assert archived.get_json() == known.read("").get_json()
    assert archived.get_json()["archiveReason"] == "outdated"
    assert found(office) == []
    back = known.step("editor", "restore")
    assert back.get_json()["status"] == "in-review"
    assert known.read("").status_code == 404
    known.step("editor", "withdraw", status=403)
    known.approve_all()
    known.step("second", "publish")
    gone = known.step("admin", "withdraw")
    assert (gone.status_code, gone.data) == (204, b"")
    for name in ("", "author", "admin"):
        assert known.read(name).status_code == 410
    assert known.step("admin", "withdraw", status=410).content_type == "application/problem+json"


def test_what_came_back_from_the_archive_can_be_erased_by_an_admin(office: Office) -> None:
    known, draft = office.published(title=RARE), office.draft()
    known.step("editor", "archive", {"reason": "outdated"})
    known.step("editor", "restore")
    known.step("editor", "withdraw", status=403)
    known.step("admin", "withdraw")
    assert known.read("").status_code == 410
    draft.step("admin", "withdraw", status=409)


def test_a_draft_can_be_deleted_and_what_was_public_cannot(office: Office) -> None:
    known = office.draft()
    assert known.write("author", "DELETE").status_code == 204
    assert known.read().status_code == 404
    public = office.published()
    answer = public.write("editor", "DELETE")
    assert answer.status_code == 409
    assert public.read("").status_code == 200


def test_a_step_that_is_not_possible_names_those_that_are(office: Office) -> None:
    known = office.draft()
    answer = known.step("editor", "publish", status=409)
    assert answer.get_json()["allowed"] == ["_submit", "DELETE"]


def test_a_step_without_words_takes_no_body(office: Office) -> None:
    known = office.draft()
    wrong = known.step("author", "submit", {"reason": "x"}, status=400)
    assert [error["pointer"] for error in wrong.get_json()["errors"]] == [""]
    headers = {"Authorization": f"Bearer {office.key('author')}", "If-Match": known.tag}
    client = office.app.test_client()
    address = f"/v1{known.path}/_submit"
    assert client.post(address, data="x", content_type="text/plain", headers=headers).status_code == 415
    assert client.post(address, data="{}", content_type="application/json", headers=headers).status_code == 200


def test_the_words_of_a_step_are_checked_all_at_once(office: Office) -> None:
    known = office.draft()
    known.step("author", "submit")
    answer = known.step("editor", "reject", {"reason": "zomaar", "note": "kort", "x": 1}, status=400)
    assert {error["pointer"] for error in answer.get_json()["errors"]} == {"/reason", "/note", "/x"}
    answer = known.step("editor", "return", {}, status=400)
    assert {error["pointer"] for error in answer.get_json()["errors"]} == {"/track", "/note"}
    assert known.read("editor").get_json()["status"] == "submitted"


def test_who_wrote_a_text_does_not_judge_or_publish_it(office: Office) -> None:
    known = office.draft(name="editor")
    known.step("editor", "submit")
    known.step("editor", "take")
    known.step("editor", "approve", {"track": "editorial"}, status=403)
    known.step("second", "approve", {"track": "editorial"})
    known.step("editor", "publish", status=403)
    assert known.read("").status_code == 404


def test_a_story_is_for_editors_and_is_not_published_without_its_submission(office: Office) -> None:
    known = a_story(office)
    assert office.ask("editor", "POST", "/stories", {"title": "Een verhaal"}).status_code == 405
    for name in ("author", "other", "worker", ""):
        assert known.read(name).status_code == 404
    read = known.read("editor")
    assert read.get_json()["help"]["numbers"]
    assert read.get_json()["createdAt"].endswith("T00:00:00Z")
    known.tag = read.headers["ETag"]
    assert known.write("author", "PATCH", {"title": "Anders"}).status_code == 404
    known.step("editor", "submit")
    known.step("editor", "take")
    for track in ("editorial", "experience"):
        known.step("second" if track == "editorial" else "expert", "approve", {"track": track})
    assert "vrijgave" in known.step("second", "publish", status=409).get_json()["detail"]
    known.step("expert", "withdraw", status=403)
    assert known.step("editor", "withdraw").status_code == 204
    assert known.read("editor").status_code == 410
