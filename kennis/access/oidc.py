"""Logging in at the server of an organisation: OpenID Connect, authorization code with PKCE (RFC 7636).

The server says who somebody is; `linking.py` says which account that is and what it may do at most.
"""

import hmac
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from kennis import logs
from kennis.config import Config
from kennis.errors import BadSetup, KennisError, LoginUnavailable, Text, Unauthorized

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

LOG = logs.Log(__name__)
SCOPE = "openid email"
# Only signatures that a server makes with a key of its own: with HS256 the secret that we hold would sign as well.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519")
# How long addresses and keys of the server are believed, and how soon unknown keys are asked for again (guesses).
KNOWN_FOR, ASKED_AGAIN = timedelta(hours=1), timedelta(minutes=1)
# In seconds: a server that takes longer keeps a thread of ours, and there are few of those (guess).
PATIENCE = 4
# In seconds: so long a server that failed is not asked again, or each who wants to log in keeps such a thread (guess).
LEFT_ALONE = 10.0
# By how many seconds the clock of the server may differ.
LEEWAY = 60
# By OpenID Connect Core, 2.
LONGEST_SUBJECT = 255
# In bytes: of state and nonce, and of the verifier, whose text then has 64 characters (RFC 7636 asks 43 to 128).
STATE_BYTES, VERIFIER_BYTES = 24, 48
# Our own fault or that of the server, not of who logs in.
OF_OPERATORS = frozenset({"invalid_client", "unauthorized_client", "server_error", "temporarily_unavailable"})
# The one text for whatever is wrong with an answer: which part it was tells only the log.
REFUSED = Text(
    "Het inloggen bij uw organisatie is niet gelukt. Begin opnieuw. Lukt het nog niet? Vraag de beheerder van Kennis.",
    "Logging in at your organisation did not succeed. Start again. Does it still not succeed? Ask the admin of Kennis.",
)
Random = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Pending:
    """A login under way, kept by the browser that began it and good for one answer."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who the server says this is. `email` is empty unless the server has verified it."""

    issuer: str
    subject: str
    email: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the server told of itself, and when."""

    metadata: Mapping[str, Any]
    keys: "KeySet"
    at: datetime


def check(config: Config) -> None:
    """BadSetup when logging in could not work with these settings, or not be safe."""
    if not config.oidc_client_id:
        raise BadSetup(
            "KENNIS_OIDC_ISSUER is gegeven; geef dan ook KENNIS_OIDC_CLIENT_ID.",
            "KENNIS_OIDC_ISSUER is given; give KENNIS_OIDC_CLIENT_ID as well.",
        )
    if config.env == "production" and not config.oidc_issuer.startswith("https://"):
        raise BadSetup(
            "KENNIS_OIDC_ISSUER begint niet met https://; productie logt alleen daar in.",
            "KENNIS_OIDC_ISSUER does not start with https://; production logs in nowhere else.",
        )


class Provider:
    """The server of the settings, one per process. It is asked at the first login: it may be down at the start.
    `elapsed` is a clock that only goes on, in seconds."""

    def __init__(self, config: Config, redirect_uri: str, elapsed: Callable[[], float] = time.monotonic) -> None:
        self.issuer = config.oidc_issuer
        self.redirect_uri = redirect_uri
        self._client_id = config.oidc_client_id
        self._client_secret = config.oidc_client_secret
        self._claim = config.oidc_claim
        self._elapsed = elapsed
        self._known: _Known | None = None
        self._asking = threading.Lock()
        self._failed_at: float | None = None

    def begin(self, now: datetime, random: Random = secrets.token_urlsafe) -> tuple[str, Pending]:
        """The address to send the browser to, and what must be there when it comes back."""
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        pending = Pending(random(STATE_BYTES), random(STATE_BYTES), random(VERIFIER_BYTES))
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self._learn(now).metadata["authorization_endpoint"],
                state=pending.state,
                nonce=pending.nonce,
                code_challenge=create_s256_code_challenge(pending.verifier),
                code_challenge_method="S256",
            )
        return str(address), pending

    def finish(self, pending: Pending, answer: Mapping[str, str], now: datetime) -> Person:
        """`answer` are the parameters with which the browser came back. Unauthorized with one text when anything does
        not fit, LoginUnavailable when the server does not answer or refuses us."""
        known = self._learn(now)
        self._check_answer(pending, answer, known)
        with _told(), self._client() as client:
            tokens = client.fetch_token(
                known.metadata["token_endpoint"],
                grant_type="authorization_code",
                code=answer["code"],
                code_verifier=pending.verifier,
                redirect_uri=self.redirect_uri,
                timeout=PATIENCE,
                allow_redirects=False,
            )
        return self.person(str(tokens.get("id_token")), pending, now)

    def _check_answer(self, pending: Pending, answer: Mapping[str, str], known: _Known) -> None:
        """State first: without it nothing of the answer is ours. Then the issuer (RFC 9207), then what it says."""
        given = answer.get("state", "").encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(given, pending.state.encode()):
            raise _refusal("state")
        names_itself = known.metadata.get("authorization_response_iss_parameter_supported") is True
        if answer.get("iss", "" if names_itself else self.issuer) != self.issuer:
            raise _refusal("iss of the answer")
        if error := answer.get("error"):
            raise _unavailable("answer") if error in OF_OPERATORS else _refusal("not allowed by the server")
        if not answer.get("code"):
            raise _refusal("code")

    def person(self, id_token: str, pending: Pending, now: datetime) -> Person:
        """Whom an ID token is about, after its signature, issuer, audience, times and nonce were checked."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError

        with _told():
            try:
                token = jwt.decode(id_token, self._learn(now).keys, algorithms=ALGORITHMS)
            except InvalidKeyIdError:
                # The server took a new key since we asked.
                token = jwt.decode(id_token, self._learn(now, ASKED_AGAIN).keys, algorithms=ALGORITHMS)
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": self._client_id},
                },
                {"client_id": self._client_id, "nonce": pending.nonce},
            )
            claims.validate(int(now.timestamp()), LEEWAY)
        if claims["aud"] not in (self._client_id, [self._client_id]) and claims.get("azp") != self._client_id:
            raise _refusal("azp")
        return self._read(claims)

    def _read(self, claims: Mapping[str, Any]) -> Person:
        subject, email = claims["sub"], claims.get("email")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
            raise _refusal("sub")
        # Some servers send a word for it, which need not be a promise.
        if not isinstance(email, str) or claims.get("email_verified") is not True:
            email = ""
        return Person(self.issuer, subject, email, _groups(claims, self._claim))

    def _learn(self, now: datetime, fresh_for: timedelta = KNOWN_FOR) -> _Known:
        """What the server says of itself, asked again after a while, by one at a time: meanwhile others go on with what
        was known until just now, or are refused at once, as all are for a while after it failed."""
        if known := self._fresh(now, fresh_for):
            return known
        if self._failed_at is not None and self._elapsed() < self._failed_at + LEFT_ALONE:
            raise LoginUnavailable()
        if not self._asking.acquire(blocking=False):
            if known := self._fresh(now, 2 * KNOWN_FOR):
                return known
            raise LoginUnavailable()
        try:
            self._known = known = self._ask(now)
            self._failed_at = None
            return known
        except KennisError:
            self._failed_at = self._elapsed()
            raise
        finally:
            self._asking.release()

    def _fresh(self, now: datetime, fresh_for: timedelta) -> _Known | None:
        known = self._known
        return known if known is not None and known.at <= now < known.at + fresh_for else None

    def _ask(self, now: datetime) -> _Known:
        from authlib.oidc.discovery import get_well_known_url
        from joserfc.jwk import KeySet

        with _told():
            metadata = _json(get_well_known_url(self.issuer, external=True))
            if metadata.get("issuer") != self.issuer:
                raise _unavailable("issuer of the metadata")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                # A server behind TLS does not send anybody out of it.
                if not str(metadata.get(name)).startswith(("https://", self.issuer.partition("//")[0] + "//")):
                    raise _unavailable(name)
            try:
                keys = KeySet.import_key_set(_json(metadata["jwks_uri"]))  # type: ignore[arg-type]  # checked by it
            except (KeyError, TypeError) as error:
                raise _unavailable("keys") from error
        return _Known(metadata, keys, now)

    @contextmanager
    def _client(self) -> Iterator[Any]:
        from authlib.integrations.requests_client import OAuth2Session

        with OAuth2Session(
            self._client_id, self._client_secret or None, scope=SCOPE, redirect_uri=self.redirect_uri
        ) as client:
            yield client


def _json(address: str) -> Mapping[str, Any]:
    import requests

    answer = requests.get(address, timeout=PATIENCE, allow_redirects=False)
    if answer.status_code != 200:
        raise _unavailable(f"status {answer.status_code}")
    found = answer.json()
    if not isinstance(found, dict):
        raise _unavailable("no object")
    return found


@contextmanager
def _told() -> Iterator[None]:
    """Errors of the libraries as ours; they may hold tokens, so only their names are logged."""
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError
    from requests import RequestException

    try:
        yield
    except RequestException as error:
        raise _unavailable(type(error).__name__) from None
    except AuthlibBaseError as error:
        raise _unavailable("token") if error.error in OF_OPERATORS else _refusal(type(error).__name__) from None
    except (JoseError, ValueError) as error:
        raise _refusal(type(error).__name__) from None


def _groups(claims: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Of the claim with this name, or of what dots lead to: `realm_access.roles`."""
    found: Any = claims.get(name)
    if found is None:
        found = claims
        for step in name.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return (found,)
    return tuple(g for g in found if isinstance(g, str)) if isinstance(found, Sequence) else ()


def _refusal(reason: str) -> Unauthorized:
    """`reason` is a word of ours or the name of an error, never of the answer."""
    LOG.warning("login elsewhere", outcome="refused", reason=reason)
    return Unauthorized(REFUSED)


def _unavailable(reason: str) -> LoginUnavailable:
    LOG.error("login elsewhere", outcome="unavailable", reason=reason)
    return LoginUnavailable()
