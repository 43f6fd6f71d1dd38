"""The write side of entries over HTTP: made, changed, judged, published and taken back."""

import pytest

from kennis.content.kinds import KINDS
from tests.api.office import Office

PROFESSIONAL = [kind for kind in KINDS if kind != "story"]


@pytest.mark.parametrize("kind", PROFESSIONAL)
def test_an_entry_goes_from_draft_to_the_next_search(office: Office, kind: str) -> None:
    known = office.draft(kind, title="Zeldzaamwoord voor deze proef")
    public = office.app.test_client()
    assert public.get(f"/v1{known.path}").status_code == 404
    known.step("author", "submit")
    known.step("editor", "take")
    known.approve_all()
    published = known.step("second", "publish")
    assert published.get_json()["status"] == "published"
    office.parts.indexer.apply_all()
    found = public.get(f"/v1/{KINDS[kind].collection}?q=zeldzaamwoord").get_json()["items"]
    assert [item["id"] for item in found] == [known.id]
    seen = public.get(f"/v1{known.path}")
    assert seen.headers["ETag"] == published.headers["ETag"]
    assert seen.get_json() == published.get_json()
