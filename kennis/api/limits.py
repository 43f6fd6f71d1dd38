"""How often one caller may ask: everything under /v1, and on the pages what costs much or could be guessed.

Whoever has a key is counted by it, everybody else by a keyed hash of the address and the day: the address itself is
never kept (safety.md R6). Reading pages is not counted, nor is the way out or what watches the service. It runs before
every answer, so what it does not need it does not ask. Why this is no library: decision 19.
"""

import math
import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol

from flask import Flask, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from kennis import logs
from kennis.access.whence import Whence
from kennis.api.allowances import READ, Allowance
from kennis.api.counting import Clock, Counts, Own, Shared
from kennis.api.headers import is_api
from kennis.config import Config
from kennis.errors import TooManyTries, Unauthorized
from kennis.installation import ALLOWANCES, EXTENSION, Kennis

LOG = logs.Log(__name__)
DAY_SECONDS = 86_400
EPOCH = date(1970, 1, 1).toordinal()
FORWARDED = "HTTP_X_FORWARDED_FOR"


class Caller(Protocol):
    """What counts of somebody with a key; None is the usual limit."""

    @property
    def key_id(self) -> str: ...
    @property
    def limit_per_minute(self) -> int | None: ...


class Limits:
    """Of one app, whose config has a secret key. `clock` gives seconds since 1970."""

    def __init__(self, config: Config, counts: Counts, clock: Clock = time.time) -> None:
        self._most, self._counts, self._clock = config.limit, counts, clock
        self._whence = Whence(config.secret_key)

    def count(self, allowance: Allowance, caller: Caller | None, address: str) -> None:
        """By the key of the caller, else by the address. Raises TooManyTries for one who is over."""
        if caller is None:
            name, most = (
                f"{allowance.name}:{self._whence.of(address, self._today())}",
                max(self._most // allowance.divisor, 1),
            )
        else:
            allowance, name, most = READ, f"key:{caller.key_id}", caller.limit_per_minute or self._most
        count = self._counts.add(name, allowance.seconds)
        wait = max(math.ceil(count.seconds), 1)
        # The name that headers.py looks for.
        g.standing = (
            ("RateLimit-Limit", str(most)),
            ("RateLimit-Remaining", str(max(most - count.used, 0))),
            ("RateLimit-Reset", str(wait)),
        )
        if count.used > most:
            raise TooManyTries(wait)

    def _today(self) -> date:
        return date.fromordinal(EPOCH + int(self._clock() // DAY_SECONDS))


def counts_for(config: Config) -> Counts:
    """The client of Redis is loaded only by who has one."""
    if config.limits_url.startswith("memory:"):
        return Own()
    from kennis.api.counting_redis import InRedis

    return Shared(InRedis(config.limits_url))


def _caller(known: Callable[[], Caller | None]) -> Caller | None:
    """A key that does not work counts for the address it came from; the API says what is wrong with it."""
    try:
        return known()
    except Unauthorized:
        return None


def register(app: Flask, known: Callable[[], Caller | None]) -> None:
    """Before the surfaces, so that what they refuse was counted. Expects the parts in `app.extensions`, and there the
    allowances, which the surfaces fill in; an endpoint under /v1 that is not among these is a reading. `known` tells
    whose key came along, None without one."""
    parts: Kennis = app.extensions[EXTENSION]
    limits, hops = Limits(parts.config, counts_for(parts.config)), parts.config.proxies
    allowances: Mapping[str | None, Allowance | None] = app.extensions[ALLOWANCES]
    told: list[str] = []

    def count() -> None:
        environ = request.environ
        if FORWARDED in environ and not hops and not told:
            # All readers behind a proxy that is not believed have its address, and together the limit of one.
            told.append(FORWARDED)
            LOG.warning("a proxy is not believed", setting="KENNIS_PROXIES")
        of_api = is_api(request.path)
        allowance = allowances.get(request.endpoint, READ if of_api else None)
        if allowance is not None:
            limits.count(allowance, _caller(known) if of_api else None, environ.get("REMOTE_ADDR") or "")

    app.before_request(count)
    if hops:
        # The address that the outermost of our own proxies saw; what stands before it in the header is hearsay (V21).
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=0, x_host=0)  # type: ignore[method-assign]
