"""Counts in Redis, or what speaks as it does (Valkey, KeyDB). The only module that knows its client."""

import math

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from kennis.api.counting import Count, NotCounted

# A reader waits for it; on the same network it takes a thousandth of this (guess).
MOST_SECONDS = 0.25
# One round trip, and no window without an end: the first of a window sets it in the same step.
COUNT = """\
local used = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return {used, left}
"""
PREFIX = "kennis:limits:"


class InRedis:
    """Connects when it is first asked. A connection that broke is tried once more, at once."""

    def __init__(self, url: str) -> None:
        self._client = Redis.from_url(
            url,
            socket_timeout=MOST_SECONDS,
            socket_connect_timeout=MOST_SECONDS,
            retry=Retry(NoBackoff(), 1),
        )
        self._count = self._client.register_script(COUNT)

    def add(self, name: str, seconds: int) -> Count:
        try:
            used, left = self._count(keys=[PREFIX + name], args=[math.ceil(seconds * 1000)])
        except (RedisError, OSError) as error:
            raise NotCounted(type(error).__name__) from None
        return Count(int(used), left / 1000)
