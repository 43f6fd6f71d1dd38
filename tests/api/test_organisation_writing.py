"""Organisations over HTTP: made, changed and merged by editors; what was read can be sent back."""

from typing import Any

from tests.api.office import Office


def a_body(**more: Any) -> dict[str, Any]:
    return {"name": "Steunpunt Een", "organisationKind": "volunteer", "regions": ["nl"], **more}


def test_an_organisation_is_made_read_and_changed(office: Office) -> None:
    made = office.ask("editor", "POST", "/organisations", a_body())
    assert made.status_code == 201
    path = made.headers["Location"].split("/v1")[1]
    read = office.ask("", "GET", path)
    assert (read.get_json(), read.headers["ETag"]) == (made.get_json(), made.headers["ETag"])
    body = read.get_json() | {"name": "Steunpunt Nieuw"}
    assert office.ask("editor", "PUT", path, body).status_code == 428
    assert office.ask("editor", "PUT", path, body, tag='"9-abc"').status_code == 412
    assert office.ask("author", "PUT", path, body, tag=read.headers["ETag"]).status_code == 403
    changed = office.ask("editor", "PUT", path, body, tag=read.headers["ETag"])
    assert (changed.status_code, changed.get_json()["name"]) == (200, "Steunpunt Nieuw")
    assert changed.headers["ETag"] == office.ask("", "GET", path).headers["ETag"] != read.headers["ETag"]
    assert office.ask("editor", "PUT", path, body, tag=read.headers["ETag"]).status_code == 412
    assert office.ask("editor", "PUT", path, changed.get_json(), tag="*").status_code == 200


def test_a_new_name_reaches_what_names_the_organisation(office: Office) -> None:
    known = office.published("training")
    path = f"/organisations/{office.organisation}"
    read = office.ask("", "GET", path)
    office.ask("editor", "PUT", path, read.get_json() | {"name": "Heel Anders"}, tag=read.headers["ETag"])
    assert office.ask("", "GET", known.path).get_json()["labels"]["organisations.organisationId"] == ["Heel Anders"]


def test_all_faults_are_told_at_once_and_what_is_read_only_may_stand_there_unchanged(office: Office) -> None:
    wrong = {"nam": "Een", "organisationKind": "geen", "regions": [], "updatedAt": "2026-01-01T00:00:00Z"}
    answer = office.ask("editor", "POST", "/organisations", wrong)
    pointers = {error["pointer"] for error in answer.get_json()["errors"]}
    assert (answer.status_code, pointers) == (400, {"/name", "/nam", "/organisationKind", "/regions", "/updatedAt"})
    made = office.ask("editor", "POST", "/organisations", a_body())
    path = made.headers["Location"].split("/v1")[1]
    other = made.get_json() | {"slug": "anders", "id": office.organisation}
    refused = office.ask("editor", "PUT", path, other, tag=made.headers["ETag"])
    assert {error["pointer"] for error in refused.get_json()["errors"]} == {"/slug", "/id"}


def test_one_that_is_merged_leads_to_the_other(office: Office) -> None:
    first = office.ask("editor", "POST", "/organisations", a_body(), headers={"Idempotency-Key": "een"})
    again = office.ask("editor", "POST", "/organisations", a_body(), headers={"Idempotency-Key": "een"})
    assert again.get_json()["id"] == first.get_json()["id"]
    second = office.ask("editor", "POST", "/organisations", a_body(name="Steunpunt Twee"))
    path, tag = first.headers["Location"].split("/v1")[1], first.headers["ETag"]
    nobody = {"intoId": "0b7f6c1e-5d0a-4c0e-9a53-2f6f1f0d7a11"}
    assert office.ask("editor", "POST", f"{path}/_merge", nobody, tag=tag).status_code == 400
    itself = {"intoId": first.get_json()["id"]}
    assert office.ask("editor", "POST", f"{path}/_merge", itself, tag=tag).status_code == 409
    into = {"intoId": second.get_json()["id"]}
    assert office.ask("editor", "POST", f"{path}/_merge", into).status_code == 428
    assert office.ask("editor", "POST", f"{path}/_merge", into, tag='"9-abc"').status_code == 412
    merged = office.ask("editor", "POST", f"{path}/_merge", into, tag=tag)
    assert merged.get_json()["mergedFrom"] == ["Steunpunt Een"]
    target = second.headers["Location"].split("/v1")[1]
    assert office.ask("", "GET", path).headers["Location"].endswith(target)
    read = office.ask("", "GET", target)
    assert (read.get_json(), read.headers["ETag"]) == (merged.get_json(), merged.headers["ETag"])
    assert office.ask("editor", "PUT", target, read.get_json(), tag=read.headers["ETag"]).status_code == 200
    assert office.ask("editor", "PUT", path, a_body(), tag="*").status_code == 308
    third = office.ask("editor", "POST", "/organisations", a_body(name="Steunpunt Drie"))
    into = {"intoId": third.get_json()["id"]}
    again = office.ask("editor", "POST", f"{path}/_merge", into, tag="*")
    assert (again.status_code, again.headers["Location"]) == (308, f"/v1{target}/_merge")
    late = {"intoId": first.get_json()["id"]}
    refused = office.ask("editor", "POST", third.headers["Location"].split("/v1")[1] + "/_merge", late, tag="*")
    assert (refused.status_code, refused.get_json()["errors"][0]["pointer"]) == (400, "/intoId")
