"""Who asks too often waits, counted by key or by a hash of the address; who reads pages never does."""

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from wsgiref.types import WSGIApplication

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kennis import clock
from kennis.access import accounts, keys
from kennis.access.whence import network
from kennis.api import limits
from kennis.api.allowances import READ, SEARCH
from kennis.api.counting import Count, Own
from kennis.api.limits import DAY_SECONDS, Limits
from kennis.config import Config
from kennis.errors import TooManyTries
from kennis.installation import ALLOWANCES
from kennis.store.base import Table
from tests.api.conftest import ORIGIN, Site
from tests.api.office import SOMEBODY, Office
from tests.web.dom import parse

VOCABULARIES = "/v1/vocabularies"
ELSEWHERE = "198.51.100.7"


@dataclass(frozen=True)
class Known:
    key_id: str
    limit_per_minute: int | None = None


class Remembering:
    """Counts by another and remembers the names under which it did."""

    def __init__(self) -> None:
        self.inner, self.names = Own(), list[str]()

    def add(self, name: str, seconds: int) -> Count:
        self.names.append(name)
        return self.inner.add(name, seconds)


def ask(client: FlaskClient, path: str = VOCABULARIES, address: str = "192.0.2.1", **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, headers=named, environ_base={"REMOTE_ADDR": address})


def statuses(client: FlaskClient, times: int, path: str = VOCABULARIES, **more: str) -> list[int]:
    return [ask(client, path, **more).status_code for _ in range(times)]


def test_one_address_reads_as_often_as_the_setting_says_and_then_waits(site: Site) -> None:
    client = site.app(KENNIS_LIMIT="3").test_client()
    answers = [ask(client) for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert [a.headers["RateLimit-Remaining"] for a in answers] == ["2", "1", "0", "0"]
    for answer in answers:
        assert answer.headers["RateLimit-Limit"] == "3"
        assert 0 < int(answer.headers["RateLimit-Reset"]) <= 60
    refused = answers[3]
    assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"]
    assert refused.content_type == "application/problem+json"
    assert refused.get_json()["type"].endswith("#fout-te-vaak")
    assert refused.headers["API-Version"]
    assert ask(client, address=ELSEWHERE).status_code == 200


def test_searches_and_suggestions_have_half_each_and_leave_the_rest(site: Site) -> None:
    client = site.app(KENNIS_LIMIT="4").test_client()
    searches = ["/v1/entries", "/v1/lessons?q=huis", "/v1/gaps"]
    assert [ask(client, path).status_code for path in searches] == [200, 200, 429]
    assert client.post("/v1/entries/_search", json={}, environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 429
    assert statuses(client, 3, "/v1/suggestions?q=hui") == [200, 200, 429]
    assert statuses(client, 5) == [200, 200, 200, 200, 429]


def test_what_is_unchanged_or_wrong_or_nowhere_counts_as_well(site: Site) -> None:
    client = site.app(KENNIS_LIMIT="4").test_client()
    etag = ask(client).headers["ETag"]
    unchanged = ask(client, If_None_Match=etag)
    assert unchanged.status_code == 304
    assert unchanged.headers["RateLimit-Remaining"] == "2"
    assert ask(client, VOCABULARIES + "?x=1").status_code == 400
    assert ask(client, "/v1/bestaat-niet").status_code == 404
    assert ask(client, "/v1/bestaat-niet").status_code == 429


def test_health_and_metrics_and_pages_that_are_read_are_not_counted(site: Site) -> None:
    client = site.app(KENNIS_LIMIT="1", KENNIS_METRICS="on").test_client()
    for path in ("/v1/health/live", "/v1/health/ready", "/v1/metrics", "/weg", "/robots.txt", "/static/kennis.css"):
        for _ in range(5):
            with ask(client, path) as answer:
                assert answer.status_code in (200, 303), path
                assert "RateLimit-Limit" not in answer.headers


@pytest.mark.req("X1", "X10")
def test_searching_on_pages_has_a_limit_of_its_own_and_says_so_in_plain_words(site: Site) -> None:
    client = site.app(KENNIS_LIMIT="2").test_client()
    assert statuses(client, 2, "/v1/vocabularies") == [200, 200]
    assert ask(client, "/?q=huis").status_code == 200
    assert client.post("/", data={"q": "huis"}, environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 200
    refused = ask(client, "/?q=huis")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "RateLimit-Limit" not in refused.headers
    page = parse(refused.text)
    assert page.one("h1").text == "Dit is te vaak geprobeerd"
    assert {"/weg", "tel:112", "tel:08002000"} <= {a.attributes["href"] for a in page.all("a")}
    assert refused.headers["Cache-Control"] == "private, no-store"


def test_logging_in_is_tried_a_tenth_as_often_and_looking_at_the_form_is_free(site: Site) -> None:
    client = site.app(KENNIS_LIMIT="20").test_client()
    assert [client.get("/account/inloggen").status_code for _ in range(5)] == [200] * 5
    answers = [client.post("/account/inloggen", data={"password": "x"}) for _ in range(3)]
    assert [a.status_code == 429 for a in answers] == [False, False, True]
    assert 60 < int(answers[2].headers["Retry-After"]) <= 600
    assert client.post("/account/uitloggen").status_code != 429


@pytest.fixture(autouse=True)
def _within() -> Iterator[None]:
    """What is counted is kept for the answer of the request at hand."""
    with Flask("empty").app_context():
        yield


def test_a_key_has_its_own_limit_wherever_it_comes_from(config: Config) -> None:
    counts, key = Remembering(), Known("k1", 2)
    limited = Limits(config, counts)
    limited.count(READ, key, "192.0.2.1")
    limited.count(SEARCH, key, ELSEWHERE)
    with pytest.raises(TooManyTries) as refused:
        limited.count(READ, key, "192.0.2.1")
    assert 0 < refused.value.retry_after_seconds <= 60
    assert set(counts.names) == {"key:k1"}


def test_over_http_a_key_counts_by_what_was_agreed_and_one_that_does_not_work_for_its_address(office: Office) -> None:
    with office.parts.store.transaction() as session:
        account = accounts.find(session, office.ids["author"])
        _, text = keys.issue(
            session, account, name="proef", scopes=("read",), limit_per_minute=2, now=clock.now(), by=SOMEBODY
        )
    client = office.app.test_client()
    answers = [ask(client, VOCABULARIES, Authorization=f"Bearer {text}") for _ in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert [a.headers["RateLimit-Limit"] for a in answers] == ["2", "2", "2"]
    assert ask(client).headers["RateLimit-Limit"] == str(office.parts.config.limit)
    unknown = ask(client, Authorization="Bearer kennis_abcdefgh_" + "x" * 26)
    assert unknown.status_code == 401
    assert unknown.headers["RateLimit-Remaining"] == str(office.parts.config.limit - 2)


def test_a_key_without_a_limit_has_the_usual_one(config: Config) -> None:
    Limits(config, Remembering()).count(SEARCH, Known("k1"), ELSEWHERE)
    assert dict(g.standing)["RateLimit-Limit"] == str(config.limit)


def test_an_address_is_counted_under_another_name_every_day_and_in_every_installation(config: Config) -> None:
    def name(key: str, now: float) -> str:
        keyed = Config.from_env({"KENNIS_DATA_DIR": str(config.data_dir), "KENNIS_SECRET_KEY": key})
        counts = Remembering()
        Limits(keyed, counts, lambda: now).count(READ, None, ELSEWHERE)
        return counts.names[0]

    one, other = "0123456789abcdef" * 2, "fedcba9876543210" * 2
    names = {name(one, 0), name(one, DAY_SECONDS), name(other, 0)}
    assert len(names) == 3
    assert name(one, DAY_SECONDS - 1) in names
    assert all(ELSEWHERE not in found for found in names)


def test_no_address_is_kept_or_logged(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    app = site.app(KENNIS_LIMIT="1", KENNIS_PROXIES="1")
    client = app.test_client()
    for path in (VOCABULARIES, "/v1/entries", "/", "/v1/bestaat-niet"):
        for _ in range(3):
            ask(client, path, X_Forwarded_For=ELSEWHERE)
    assert ELSEWHERE not in caplog.text
    with site.parts.store.reading() as session:
        rows = [session.execute(select(table)).fetchall() for table in Table.metadata.sorted_tables]
    assert ELSEWHERE not in str(rows)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "192.0.2.1:50123", True),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("192.0.2.1", "[::ffff:192.0.2.1]:443", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "[2001:db8:1:2::9]:50123", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("", "", True),
        ("onzin", "onzin:1", True),
        (":::", "::::", False),
        ("a\x00:b:c", "é:b:c", False),
    ],
)
def test_a_subscriber_is_one_whatever_address_of_his_own_he_takes(one: str, other: str, is_same: bool) -> None:
    assert (network(one) == network(other)) is is_same


@pytest.mark.req("V21")
@pytest.mark.parametrize("hops", [0, 1, 2])
def test_a_forged_address_neither_escapes_nor_uses_up_what_is_of_another(site: Site, hops: int) -> None:
    client = site.app(KENNIS_LIMIT="2", KENNIS_PROXIES=str(hops)).test_client()
    # What our own proxies add: the first of them saw the attacker, each other one saw the proxy before it.
    seen = ["203.0.113.66", *(f"10.0.0.{n}" for n in range(1, hops))][:hops]

    def forged(number: int) -> TestResponse:
        header = ", ".join([ELSEWHERE, f"192.0.2.{number}", *seen])
        return ask(client, address="10.0.0.9" if hops else "203.0.113.66", X_Forwarded_For=header)

    assert [forged(number).status_code for number in range(4)] == [200, 200, 429, 429]
    header = ", ".join([ELSEWHERE, *seen[1:]]) if hops else ""
    victim = ask(client, address="10.0.0.9" if hops else ELSEWHERE, X_Forwarded_For=header)
    assert victim.status_code == 200
    assert victim.headers["RateLimit-Remaining"] == "1"


@pytest.mark.req("V21")
@pytest.mark.parametrize("name", ["Forwarded", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP"])
def test_other_headers_with_an_address_say_nothing(site: Site, name: str) -> None:
    client = site.app(KENNIS_LIMIT="1", KENNIS_PROXIES="1").test_client()
    ask(client, X_Forwarded_For="203.0.113.66")
    again = client.get(VOCABULARIES, headers={name: f"for={ELSEWHERE}", "X-Forwarded-For": "203.0.113.66"})
    assert again.status_code == 429


@pytest.mark.req("V21")
def test_a_proxy_tells_the_address_and_nothing_else(site: Site) -> None:
    client = site.app(KENNIS_PROXIES="1").test_client()
    headers = {f"X-Forwarded-{name}": "kwaad.example" for name in ("Host", "Proto", "Prefix", "Port")}
    answer = client.get("/v1/entries?pageSize=1", headers={**headers, "X-Forwarded-For": ELSEWHERE})
    assert answer.status_code == 200
    assert b"kwaad" not in answer.data


def test_a_proxy_that_is_not_believed_is_told_once(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    for hops, told in (("0", ["a proxy is not believed"]), ("1", [])):
        caplog.clear()
        client = site.app(KENNIS_PROXIES=hops).test_client()
        for _ in range(3):
            ask(client, X_Forwarded_For=ELSEWHERE)
        assert [r.message for r in caplog.records] == told


def test_a_refusal_may_be_read_from_another_site(site: Site) -> None:
    client = site.app(KENNIS_LIMIT="1").test_client()
    ask(client)
    refused = ask(client, Origin=ORIGIN)
    assert refused.status_code == 429
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert {"Retry-After", "RateLimit-Remaining"} <= set(refused.headers["Access-Control-Expose-Headers"].split(", "))


def test_every_allowance_is_of_an_endpoint_that_exists(app: Flask) -> None:
    assert set(app.extensions[ALLOWANCES]) <= {rule.endpoint for rule in app.url_map.iter_rules()}


def test_a_body_that_is_refused_was_counted_first(site: Site) -> None:
    """So that large bodies are no way around the limit."""
    client = site.app(KENNIS_LIMIT="2").test_client()
    big = b'{"q": "' + b"x" * 2_000_000 + b'"}'
    answers = [
        client.post("/v1/entries/_search", data=io.BytesIO(big), content_type="application/json") for _ in range(2)
    ]
    assert [a.status_code for a in answers] == [413, 429]


def test_without_proxies_the_app_is_called_as_it_is(site: Site) -> None:
    plain: WSGIApplication = site.app().wsgi_app
    assert not isinstance(plain, limits.ProxyFix)
