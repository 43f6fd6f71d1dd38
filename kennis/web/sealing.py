"""Something small that a browser keeps for us for a while, and cannot change."""

import base64
import binascii
import hmac
from datetime import datetime, timedelta

import orjson

TAG_BYTES = 32
# More than ours ever hold.
LONGEST = 4096


class Seal:
    """With a key of its own for one purpose, so that what was sealed for one is nothing to another."""

    def __init__(self, secret: str, purpose: str) -> None:
        self._key = hmac.digest(secret.encode(), purpose.encode(), "sha256")

    def close(self, value: dict[str, str], now: datetime, good_for: timedelta) -> str:
        """Readable for who has it, but nobody else can make one."""
        until = int((now + good_for).timestamp())
        body = orjson.dumps({"until": until, "value": value})
        return base64.urlsafe_b64encode(hmac.digest(self._key, body, "sha256") + body).decode().rstrip("=")

    def open(self, sealed: str, now: datetime) -> dict[str, str] | None:
        """None for anything that was not closed with this key, or too long ago."""
        if len(sealed) > LONGEST or not sealed.isascii():
            return None
        try:
            raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
        except binascii.Error:
            return None
        tag, body = raw[:TAG_BYTES], raw[TAG_BYTES:]
        if not hmac.compare_digest(tag, hmac.digest(self._key, body, "sha256")):
            return None
        kept = orjson.loads(body)
        value: dict[str, str] = kept["value"]
        return value if now.timestamp() < kept["until"] else None
