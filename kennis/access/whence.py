"""Where a request came from, to count by and no more: a keyed hash of the address and the day (safety.md R6)."""

import hashlib
import socket
from datetime import date

# IPv4 as it is written in IPv6.
MAPPED = bytes(10) + b"\xff\xff"


class Whence:
    """Of one installation. The hash of an address is another one every day, and nobody without the key can try out
    which address it belongs to."""

    def __init__(self, secret_key: str) -> None:
        self._secret = hashlib.sha256(secret_key.encode()).digest()
        self._of_day: tuple[date, bytes] = (date.min, b"")

    def of(self, address: str, today: date) -> str:
        if self._of_day[0] != today:
            self._of_day = (today, hashlib.blake2b(today.isoformat().encode(), key=self._secret).digest())
        return hashlib.blake2b(network(address), key=self._of_day[1], digest_size=16).hexdigest()


def network(address: str) -> bytes:
    """What one subscriber has: a whole address of IPv4, the first half of one of IPv6. A proxy may add a port."""
    host = address.rpartition(":")[0] if address.count(":") == 1 or "]:" in address else address
    if ":" not in host:
        return host.encode("utf-8", "replace")
    try:
        packed = socket.inet_pton(socket.AF_INET6, host.strip("[]"))
    except (OSError, ValueError):
        return host.encode("utf-8", "replace")
    return socket.inet_ntoa(packed[12:]).encode() if packed.startswith(MAPPED) else packed[:8]
