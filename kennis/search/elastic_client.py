"""The connection to Elasticsearch: one client per process, its server looked at once, its failures put in words.

The client library is imported when the first connection is made: a process that does not need it never loads it.
"""

import logging
import os
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kennis import logs
from kennis.errors import SearchBroken, SearchDown, SearchUnavailable
from kennis.search.elastic_writing import BLOCKED, MISSING, not_taken

if TYPE_CHECKING:
    from elasticsearch import ApiError, Elasticsearch

# Majors of the server that this client speaks with (a client of 9 is refused by a server of 8).
SERVERS = (8, 9)
# A search; a batch or the making of an index may take more (guesses).
SEARCH_SECONDS, WRITE_SECONDS = 5.0, 60.0
# A node that did not answer is asked again after so many seconds, and at most after so many (guesses).
DEAD_NODE_SECONDS, LONGEST_DEAD_NODE_SECONDS = 0.5, 5.0
# So long a cluster that said nothing is left alone (guess).
REST_SECONDS = 2.0

log = logs.Log(__name__)


@dataclass(frozen=True, slots=True)
class Access:
    """How the cluster is reached. API key or user, not both; `ca` None: the authorities of the system."""

    urls: tuple[str, ...]
    api_key: str = field(default="", repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None
    # A reader waits no longer for one answer of the engine.
    search_seconds: float = SEARCH_SECONDS

    @property
    def shown(self) -> str:
        return ", ".join(self.urls)


class Silence:
    """After as many calls as there are nodes got no answer in time, others are told so at once, but for one that
    tries: else each of them waits, and behind them those who need no search."""

    def __init__(self, nodes: int, seconds: float) -> None:
        self._nodes = nodes
        self._seconds = seconds
        self._unheard = 0
        self._until = 0.0
        self._lock = threading.Lock()

    def may_ask(self) -> bool:
        with self._lock:
            now = time.monotonic()
            if self._unheard < self._nodes:
                return True
            if now < self._until:
                return False
            self._until = now + self._seconds + REST_SECONDS
            return True

    def note(self, *, was_heard: bool) -> None:
        with self._lock:
            self._unheard = 0 if was_heard else self._unheard + 1
            self._until = time.monotonic() + REST_SECONDS


class Connection:
    """Gives the client of this process. A forked process makes its own: sockets cannot be shared."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._held: tuple[int, Elasticsearch] | None = None
        self._making = threading.Lock()
        self._silence = Silence(len(access.urls), access.search_seconds)

    def client(self) -> "Elasticsearch":
        """SearchBroken when the server is none that Kennis can use; asked once per process."""
        held = self._held
        if held is not None and held[0] == os.getpid():
            return held[1]
        with self._making:
            held = self._held
            if held is None or held[0] != os.getpid():
                client = _make(self._access)
                _require_version(client, self._access)
                held = self._held = (os.getpid(), client)
            return held[1]

    def close(self) -> None:
        held, self._held = self._held, None
        if held is not None and held[0] == os.getpid():
            held[1].close()

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Every failure of the engine leaves as SearchUnavailable: SearchBroken when an operator can mend it."""
        from elastic_transport import ConnectionTimeout, TlsError
        from elasticsearch import ApiError, SerializationError, TransportError, UnsupportedProductError

        if not self._silence.may_ask():
            raise _down(self._access)
        was_heard = True
        try:
            yield
        except ConnectionTimeout as error:
            was_heard = False
            raise _down(self._access) from error
        except (UnsupportedProductError, SerializationError) as error:
            raise _no_elasticsearch(self._access) from error
        except ApiError as error:
            raise _of_answer(error, self._access) from error
        except TlsError as error:
            raise SearchBroken(
                f"Het certificaat van {self._access.shown} wordt niet vertrouwd; geef de CA met "
                "KENNIS_ELASTICSEARCH_CA.",
                f"The certificate of {self._access.shown} is not trusted; give its CA with KENNIS_ELASTICSEARCH_CA.",
            ) from error
        except TransportError as error:
            raise _down(self._access) from error
        finally:
            self._silence.note(was_heard=was_heard)


def _make(access: Access) -> "Elasticsearch":
    from elasticsearch import Elasticsearch, OrjsonSerializer

    class Compatible(OrjsonSerializer):
        """Under the name by which this client asks a newer server to answer as an 8."""

        mimetype = "application/vnd.elasticsearch+json"

    # It would tell of each failure of each node; the cause is told by who asked (logs.py).
    logging.getLogger("elastic_transport").setLevel(logging.ERROR)
    given: dict[str, Any] = {}
    if access.api_key:
        given["api_key"] = access.api_key
    elif access.user:
        given["basic_auth"] = (access.user, access.password)
    if access.ca is not None:
        given["ca_certs"] = str(_checked_ca(access.ca, access.urls))
    return Elasticsearch(
        list(access.urls),
        request_timeout=access.search_seconds,
        # No second try of what may have been heard; a node that refused is passed over for the next one.
        max_retries=len(access.urls) - 1,
        retry_on_timeout=False,
        retry_on_status=(),
        dead_node_backoff_factor=DEAD_NODE_SECONDS,
        max_dead_node_backoff=LONGEST_DEAD_NODE_SECONDS,
        serializers={kind.mimetype: kind() for kind in (OrjsonSerializer, Compatible)},
        **given,
    )


def _checked_ca(path: Path, urls: Sequence[str]) -> Path:
    """The client would fail later and without a name."""
    try:
        ssl.create_default_context(cafile=str(path))
    except OSError as error:
        raise SearchBroken(
            f"{path} (KENNIS_ELASTICSEARCH_CA) is geen leesbaar certificaat in PEM-vorm.",
            f"{path} (KENNIS_ELASTICSEARCH_CA) is no readable certificate in PEM form.",
        ) from error
    if not all(url.startswith("https://") for url in urls):
        raise SearchBroken(
            "Met KENNIS_ELASTICSEARCH_CA moet elk adres in KENNIS_ELASTICSEARCH_URL met https:// beginnen.",
            "With KENNIS_ELASTICSEARCH_CA every address in KENNIS_ELASTICSEARCH_URL must start with https://.",
        )
    return path


def _require_version(client: "Elasticsearch", access: Access) -> None:
    """A user of the indices alone may not ask for the version: then it is taken on trust, and the product is still
    checked by the client in every answer."""
    from elasticsearch import AuthorizationException

    try:
        number = str(client.info()["version"]["number"])
    except AuthorizationException:
        log.info("the version of Elasticsearch is not told to this user")
        return
    except KeyError:
        raise _no_elasticsearch(access) from None
    if not number.split(".")[0].isdigit() or int(number.split(".")[0]) not in SERVERS:
        wanted, ours = ", ".join(map(str, SERVERS)), version("elasticsearch")
        raise SearchBroken(
            f"Op {access.shown} draait Elasticsearch {number}; de client {ours} van Kennis werkt met versie {wanted}.",
            f"{access.shown} runs Elasticsearch {number}; the client {ours} of Kennis works with version {wanted}.",
        )


def _down(access: Access) -> SearchDown:
    return SearchDown(
        f"Elasticsearch op {access.shown} antwoordt niet (op tijd); kijk of de server draait en of "
        "KENNIS_ELASTICSEARCH_URL klopt.",
        f"Elasticsearch at {access.shown} does not answer (in time); see whether the server runs and "
        "KENNIS_ELASTICSEARCH_URL is right.",
    )


def _no_elasticsearch(access: Access) -> SearchBroken:
    return SearchBroken(
        f"Wat op {access.shown} antwoordt, is geen Elasticsearch; zet KENNIS_ELASTICSEARCH_URL goed.",
        f"What answers at {access.shown} is not Elasticsearch; correct KENNIS_ELASTICSEARCH_URL.",
    )


def _of_answer(error: "ApiError", access: Access) -> SearchUnavailable:
    status, kind = error.status_code, str(error.error)
    if status == 401:
        return SearchBroken(
            f"Elasticsearch op {access.shown} weigert de sleutel of het wachtwoord; zet KENNIS_ELASTICSEARCH_API_KEY "
            "of KENNIS_ELASTICSEARCH_USER en _PASSWORD goed.",
            f"Elasticsearch at {access.shown} refuses the key or the password; correct KENNIS_ELASTICSEARCH_API_KEY "
            "or KENNIS_ELASTICSEARCH_USER and _PASSWORD.",
        )
    if status == 403 and kind == "security_exception":
        return SearchBroken(
            f"Deze gebruiker van {access.shown} mag niet genoeg; geef alle rechten op de indices van Kennis.",
            f"This user of {access.shown} may not do enough; grant all privileges on the indices of Kennis.",
        )
    if status not in (MISSING, BLOCKED, 429, 503):
        # A fault of ours or of the server: told by its name only, for the request may hold what somebody asked.
        log.error("the engine answered", status=status, kind=kind)
    return not_taken(status, kind)
