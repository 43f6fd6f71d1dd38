"""Logging in at a real Keycloak, and what is refused when anything about its answer is not as it should be."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import ECKey

from kennis import clock
from kennis.access.oidc import Pending, Provider, _groups
from kennis.config import Config
from kennis.errors import LoginUnavailable, Unauthorized
from tests import keycloak
from tests.serving import serving

BACK = "http://127.0.0.1:8000/account/terug"


def provider(**changed: str) -> Provider:
    return Provider(Config.from_env(keycloak.settings(**changed)), BACK)


@pytest.fixture(scope="module")
def kennis() -> Provider:
    return provider()


def query(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_the_address_of_a_login_has_all_that_guards_it(kennis: Provider) -> None:
    address, pending = kennis.begin(clock.now())
    asked = query(address)
    assert address.startswith(f"{kennis.issuer}/")
    assert (asked["response_type"], asked["scope"], asked["client_id"]) == ("code", "openid email", "kennis")
    assert (asked["state"], asked["nonce"], asked["redirect_uri"]) == (pending.state, pending.nonce, BACK)
    assert (asked["code_challenge_method"], len(asked["code_challenge"])) == ("S256", 43)
    assert 43 <= len(pending.verifier) <= 128
    assert pending.verifier not in address
    again = kennis.begin(clock.now())[1]
    assert {pending.state, pending.nonce, pending.verifier} & {again.state, again.nonce, again.verifier} == set()


def test_who_fills_in_the_form_of_the_server_is_known(kennis: Provider) -> None:
    address, pending = kennis.begin(clock.now())
    person = kennis.finish(pending, keycloak.log_in(address, "redacteur"), clock.now())
    assert (person.issuer, person.email, person.groups) == (kennis.issuer, "redacteur@voorbeeld.example", ("redactie",))
    assert person.subject


def test_an_address_that_the_server_did_not_verify_is_none(kennis: Provider) -> None:
    address, pending = kennis.begin(clock.now())
    assert kennis.finish(pending, keycloak.log_in(address, "onbevestigd"), clock.now()).email == ""


def test_a_code_works_once(kennis: Provider) -> None:
    address, pending = kennis.begin(clock.now())
    answer = keycloak.log_in(address, "redacteur")
    kennis.finish(pending, answer, clock.now())
    with pytest.raises(Unauthorized):
        kennis.finish(pending, answer, clock.now())


@pytest.mark.parametrize(
    ("part", "value"),
    [("state", "x"), ("nonce", "x"), ("verifier", "x" * 64)],
)
def test_an_answer_to_another_login_is_refused(kennis: Provider, part: str, value: str) -> None:
    address, pending = kennis.begin(clock.now())
    answer = keycloak.log_in(address, "redacteur")
    with pytest.raises(Unauthorized):
        kennis.finish(replace(pending, **{part: value}), answer, clock.now())


@pytest.mark.parametrize(
    "changed",
    [{"state": ""}, {"state": "\u00e9\udc80"}, {"iss": "https://kwaad.example"}, {"iss": ""}, {"code": ""},
     {"code": "x" * 5000}, {"error": "access_denied"}, {"error": "<script>"}],
)  # fmt: skip
def test_an_answer_that_was_changed_on_its_way_is_refused(kennis: Provider, changed: dict[str, str]) -> None:
    _, pending = kennis.begin(clock.now())
    answer = {"state": pending.state, "iss": kennis.issuer, "code": "geen-echte", **changed}
    with pytest.raises(Unauthorized) as refused:
        kennis.finish(pending, {name: value for name, value in answer.items() if value}, clock.now())
    assert "kwaad" not in str(refused.value)


def test_a_token_for_another_program_is_refused(kennis: Provider) -> None:
    """Somebody may run a program at the same server, and send us what it got there."""
    other = provider(KENNIS_OIDC_CLIENT_ID="ander", KENNIS_OIDC_CLIENT_SECRET=keycloak.SECRETS["ander"])
    token, pending = id_token(other)
    assert other.person(token, pending, clock.now()).email == "redacteur@voorbeeld.example"
    with pytest.raises(Unauthorized):
        kennis.person(token, pending, clock.now())


def id_token(of: Provider) -> tuple[str, Pending]:
    address, pending = of.begin(clock.now())
    answer = keycloak.log_in(address, "redacteur")
    with of._client() as client:
        tokens = client.fetch_token(
            of._learn(clock.now()).metadata["token_endpoint"],
            grant_type="authorization_code",
            code=answer["code"],
            code_verifier=pending.verifier,
            redirect_uri=BACK,
        )
    return str(tokens["id_token"]), pending


def resigned(token: str, header: dict[str, str] | None = None, **claims: object) -> str:
    """The same token with other words in it, and its old signature or none."""
    parts = token.split(".")
    told = [json.loads(base64.urlsafe_b64decode(part + "==")) for part in parts[:2]]
    told = [told[0] | (header or {}), told[1] | claims]
    made = [base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in told]
    return ".".join([*made, "" if header else parts[2]])


def test_a_token_holds_for_a_while_only_and_for_nobody_else(kennis: Provider) -> None:
    token, pending = id_token(kennis)
    now = clock.now()
    assert kennis.person(token, pending, now).subject
    for moment in (now + timedelta(minutes=3), now - timedelta(days=1)):
        with pytest.raises(Unauthorized):
            kennis.person(token, pending, moment)
    for forged in (
        resigned(token, sub="iemand-anders"),
        resigned(token, {"alg": "none"}),
        resigned(token, {"alg": "HS256"}),
        token[:-5] + "AAAAA",
        token.rpartition(".")[0],
        "",
        "a.b.c",
    ):
        with pytest.raises(Unauthorized):
            kennis.person(forged, pending, now)


def test_a_wrong_secret_of_ours_is_not_the_fault_of_who_logs_in() -> None:
    wrong = provider(KENNIS_OIDC_CLIENT_SECRET="verkeerd")
    address, pending = wrong.begin(clock.now())
    with pytest.raises(LoginUnavailable):
        wrong.finish(pending, keycloak.log_in(address, "redacteur"), clock.now())


def offline(issuer: str, elapsed: Callable[[], float] = time.monotonic) -> Provider:
    return Provider(Config.from_env({"KENNIS_OIDC_ISSUER": issuer, "KENNIS_OIDC_CLIENT_ID": "kennis"}), BACK, elapsed)


def test_a_server_that_is_down_is_told_as_such(now: datetime) -> None:
    with pytest.raises(LoginUnavailable):
        offline("http://127.0.0.1:9").begin(now)


class Told:
    """A server that says of itself what a test wants to hear, counts how often it was asked, and signs anything."""

    def __init__(self) -> None:
        self.body, self.asked = "{}", 0
        self.answers = threading.Event()
        self.answers.set()
        self.key = self.new_key("eerste")

    @staticmethod
    def new_key(name: str) -> ECKey:
        return ECKey.generate_key("P-256", {"kid": name})

    def app(self) -> Flask:
        app = Flask("elsewhere")

        def answer() -> str:
            self.asked += 1
            self.answers.wait(60)
            return self.body

        app.add_url_rule("/.well-known/openid-configuration", "metadata", answer)
        app.add_url_rule("/keys", "keys", lambda: {"keys": [self.key.as_dict(private=False)]})
        return app

    def describe(self, address: str) -> None:
        names = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "keys"}
        self.body = json.dumps({"issuer": address} | {name: f"{address}/{path}" for name, path in names.items()})

    def token(self, issuer: str, now: datetime, **changed: object) -> str:
        """With all that a good one has; what is None is left out."""
        moment = int(now.timestamp())
        claims = {
            "iss": issuer,
            "sub": "wie",
            "aud": "kennis",
            "exp": moment + 60,
            "iat": moment,
            "nonce": "n",
            **changed,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, kept, self.key, algorithms=["ES256"])


@pytest.fixture(scope="module")
def listening() -> Iterator[tuple[Told, str]]:
    server = Told()
    with serving(server.app()) as address:
        yield server, address


@pytest.fixture
def told(listening: tuple[Told, str]) -> tuple[Told, str]:
    server, address = listening
    server.asked = 0
    server.describe(address)
    return server, address


DIFFERENT_PLACE = (
    '{"issuer": "ISSUER", "authorization_endpoint": "file:///etc/passwd", "token_endpoint": "ISSUER/token", '
    '"jwks_uri": "ISSUER/keys"}'
)


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"issuer": "https://kwaad.example"}', '{"issuer": "ISSUER"}', DIFFERENT_PLACE],
)
def test_a_server_that_makes_no_sense_is_not_believed(told: tuple[Told, str], body: str, now: datetime) -> None:
    server, address = told
    server.body = body.replace("ISSUER", address)
    with pytest.raises(LoginUnavailable):
        offline(address).begin(now)


def test_what_a_server_says_of_itself_is_asked_once_an_hour(told: tuple[Told, str], now: datetime) -> None:
    server, address = told
    known = offline(address)
    for minutes in (0, 1, 59):
        known.begin(now + timedelta(minutes=minutes))
    assert server.asked == 1
    known.begin(now + timedelta(minutes=61))
    assert server.asked == 2


def test_a_server_that_failed_is_left_alone_for_a_while(told: tuple[Told, str], now: datetime) -> None:
    server, address = told
    server.body, seconds = "{}", [100.0]
    known = offline(address, lambda: seconds[0])
    for moment in (100.0, 100.1, 109.9):
        seconds[0] = moment
        with pytest.raises(LoginUnavailable):
            known.begin(now)
    assert server.asked == 1
    server.describe(address)
    seconds[0] = 110.0
    known.begin(now)
    assert server.asked == 2


def test_a_server_that_hangs_keeps_one_request_and_no_more(told: tuple[Told, str], now: datetime) -> None:
    server, address = told
    known = offline(address)
    server.answers.clear()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(known.begin, now)
        while not server.asked:
            time.sleep(0.005)
        for _ in range(3):
            with pytest.raises(LoginUnavailable):
                known.begin(now)
        assert not waiting.done()
        server.answers.set()
        assert waiting.result()[0].startswith(address)
        server.answers.clear()
        # What was known until just now still serves the others.
        later = now + timedelta(minutes=61)
        waiting = threads.submit(known.begin, later)
        while server.asked == 1:
            time.sleep(0.005)
        assert known.begin(later)[0].startswith(address)
        with pytest.raises(LoginUnavailable):
            known.begin(now + timedelta(minutes=121))
        server.answers.set()
        waiting.result()
    assert server.asked == 2


PENDING = Pending("s", "n", "v" * 64)


@pytest.mark.parametrize(
    ("changed", "email"),
    [
        ({}, ""),
        ({"aud": ["kennis"]}, ""),
        ({"aud": ["kennis", "ander"], "azp": "kennis"}, ""),
        ({"email": "a@x.example", "email_verified": True}, "a@x.example"),
        ({"email": "a@x.example"}, ""),
        ({"email": "a@x.example", "email_verified": "true"}, ""),
        ({"email": 3, "email_verified": True}, ""),
    ],
)
def test_a_token_that_is_as_it_should_be_tells_who_somebody_is(
    told: tuple[Told, str], changed: dict[str, object], email: str, now: datetime
) -> None:
    server, address = told
    person = offline(address).person(server.token(address, now, **changed), PENDING, now)
    assert (person.subject, person.email) == ("wie", email)


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://kwaad.example"}, {"iss": None}, {"aud": "ander"}, {"aud": None}, {"aud": ["ander"]},
        {"aud": ["kennis", "ander"]}, {"aud": ["kennis", "ander"], "azp": "ander"}, {"azp": "ander"},
        {"nonce": "ander"}, {"nonce": None}, {"exp": 1}, {"exp": None}, {"exp": "morgen"}, {"iat": None},
        {"sub": ["a"]}, {"sub": True}, {"sub": {"a": 1}},
        {"sub": None}, {"sub": ""}, {"sub": 7}, {"sub": "x" * 256}, {"sub": "a\nb"},
    ],
)  # fmt: skip
def test_a_token_with_anything_wrong_is_refused(
    told: tuple[Told, str], changed: dict[str, object], now: datetime
) -> None:
    server, address = told
    with pytest.raises(Unauthorized):
        offline(address).person(server.token(address, now, **changed), PENDING, now)


def test_a_new_key_of_the_server_is_fetched_but_not_at_every_token(told: tuple[Told, str], now: datetime) -> None:
    server, address = told
    known = offline(address)
    known.begin(now)
    server.key = server.new_key("tweede")
    token = server.token(address, now)
    with pytest.raises(Unauthorized):
        known.person(token, PENDING, now + timedelta(seconds=30))
    assert server.asked == 1
    assert known.person(token, PENDING, now + timedelta(seconds=61)).subject == "wie"
    stranger = Told()
    stranger.key = stranger.new_key("tweede")
    with pytest.raises(Unauthorized):
        known.person(stranger.token(address, now), PENDING, now + timedelta(seconds=62))


@pytest.mark.parametrize(
    ("claims", "name", "groups"),
    [
        ({"roles": ["a", "b"]}, "roles", ("a", "b")),
        ({"roles": "a"}, "roles", ("a",)),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", ("a",)),
        ({"https://x.example/roles": ["a"]}, "https://x.example/roles", ("a",)),
        ({}, "roles", ()),
        ({"roles": None}, "roles", ()),
        ({"roles": 3}, "roles", ()),
        ({"roles": [3, "a", None]}, "roles", ("a",)),
        ({"realm_access": "x"}, "realm_access.roles", ()),
    ],
)
def test_groups_are_read_from_the_claim_of_the_settings(
    claims: dict[str, object], name: str, groups: tuple[str, ...]
) -> None:
    assert _groups(claims, name) == groups
