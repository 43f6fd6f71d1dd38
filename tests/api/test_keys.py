"""Keys over HTTP: what one's own can do, and those of everybody for an admin."""

from typing import Any

import pytest

from tests.api.office import Office


def a_body(office: Office, **more: Any) -> dict[str, Any]:
    return {"accountId": office.ids["author"], "name": "Website", "scopes": ["read", "contribute"], **more}


def own(office: Office, key: str) -> int:
    headers = {"Authorization": f"Bearer {key}"}
    return office.app.test_client().get("/v1/keys/me", headers=headers).status_code


@pytest.mark.req("V25")
def test_a_key_is_shown_once_and_works_until_it_is_revoked(office: Office) -> None:
    wished = a_body(office, expiresOn="2099-01-01", limitPerMinute=60)
    made = office.ask("admin", "POST", "/keys", wished)
    assert (made.status_code, made.headers["Cache-Control"]) == (201, "private, no-store")
    key, path = made.get_json()["key"], made.headers["Location"].split("/v1")[1]
    assert own(office, key) == 200
    seen = office.ask("admin", "GET", path)
    assert seen.get_json()["limits"] == {"perMinute": 60}
    for text in (seen.get_data(as_text=True), office.ask("admin", "GET", "/keys").get_data(as_text=True)):
        assert key not in text
        assert key.rpartition("_")[2] not in text
    assert office.ask("admin", "DELETE", path).status_code == 428
    assert office.ask("admin", "DELETE", path, tag='"9-x"').status_code == 412
    assert office.ask("author", "DELETE", path, tag="*").status_code == 403
    assert office.ask("admin", "DELETE", path, tag=seen.headers["ETag"]).status_code == 204
    assert own(office, key) == 401
    assert "revokedOn" in office.ask("admin", "GET", path).get_json()
    assert office.ask("admin", "DELETE", path, tag="*").status_code == 204


def test_any_key_tells_what_it_is_and_ends_itself(office: Office) -> None:
    for name, scopes in (("author", ("read",)), ("author", ("webhooks",)), ("editor", ("edit",))):
        told = office.ask(name, "GET", "/keys/me", scopes=scopes)
        assert (told.status_code, told.headers["Cache-Control"]) == (200, "private, no-store")
        assert told.get_json()["scopes"] == list(scopes)
        assert told.get_json()["account"]["id"] == office.ids[name]
        assert told.get_json()["lastUsedOn"] == told.get_json()["createdOn"]
        assert office.ask(name, "DELETE", "/keys/me", scopes=scopes).status_code == 428
        tag = told.headers["ETag"]
        assert office.ask(name, "DELETE", "/keys/me", scopes=scopes, tag=tag).status_code == 204
        assert office.ask(name, "GET", "/keys/me", scopes=scopes).status_code == 401
    assert office.ask("", "GET", "/keys/me").status_code == 401


def test_keys_of_others_are_for_an_admin_with_the_scope_for_it(office: Office) -> None:
    key_id = office.ask("author", "GET", "/keys/me").get_json()["id"]
    for name, scopes in (("author", ()), ("editor", ()), ("admin", ("read", "edit"))):
        assert office.ask(name, "GET", "/keys", scopes=scopes).status_code == 403
        assert office.ask(name, "GET", f"/keys/{key_id}", scopes=scopes).status_code == 403
        assert office.ask(name, "POST", "/keys", a_body(office), scopes=scopes).status_code == 403
    listed = office.ask("admin", "GET", f"/keys?accountId={office.ids['author']}").get_json()
    assert [key["id"] for key in listed["items"]] == [key_id]
    paged = office.ask("admin", "GET", "/keys?pageSize=1")
    assert paged.get_json()["total"] > 1
    assert 'rel="next"' in paged.headers["Link"]


def test_a_wish_that_cannot_be_granted_is_told_in_full(office: Office) -> None:
    def pointers(**more: Any) -> set[str]:
        answer = office.ask("admin", "POST", "/keys", a_body(office, **more))
        assert answer.status_code == 400
        return {error["pointer"] for error in answer.get_json()["errors"]}

    assert pointers(scopes=["alles"], name="", limitPerMinute=0, expireson="2099-01-01") == {
        "/scopes/0", "/name", "/limitPerMinute", "/expireson",
    }  # fmt: skip
    assert pointers(scopes=["edit"], expiresOn="2020-01-01") == {"/scopes", "/expiresOn"}
    assert pointers(accountId="0b7f6c1e-5d0a-4c0e-9a53-2f6f1f0d7a11") == {"/accountId"}
    assert office.ask("admin", "GET", "/keys/0b7f6c1e-5d0a-4c0e-9a53-2f6f1f0d7a11").status_code == 404
