"""Writers and readers at work while something is done to the nodes of a cluster, and what they were told."""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.search.clusters import Site

# Before and after what is done, in seconds.
BEFORE, AFTER = 4.0, 15.0


@dataclass
class Reading:
    """What readers were told, and how long it took until all was well again."""

    statuses: Counter[int] = field(default_factory=Counter)
    slowest: float = 0.0
    outage: float = 0.0
    totals: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    _since: float | None = None

    def note(self, status: int, began: float, total: int | None) -> None:
        now = time.monotonic()
        if total is not None:
            self.totals[threading.get_ident()].append(total)
        self.statuses[status] += 1
        self.slowest = max(self.slowest, now - began)
        if status == 200:
            self._since = None
        else:
            self._since = self._since or began
            self.outage = max(self.outage, now - self._since)


def holder(site: Site, role: str) -> str:
    """The name of the node that has the primary copy, or that rules the cluster."""
    client = site.admin.client()
    if role == "master":
        return str(client.cat.master(format="json")[0]["node"])
    shards = client.cat.shards(index=site.config.elasticsearch_index, format="json")
    return str(next(s["node"] for s in shards if s["prirep"] == "p"))


def is_green(site: Site) -> bool:
    health = site.admin.client().cluster.health(index=site.config.elasticsearch_index)
    return bool(health["status"] == "green" and health["number_of_nodes"] == 3)


def stream(site: Site, word: str, happening: Callable[[], None], after: float = AFTER) -> Reading:
    """They work until so many seconds after it has happened."""
    reading, is_over, faults = Reading(), threading.Event(), list[BaseException]()
    published, noting = 0, threading.Lock()

    def write() -> None:
        nonlocal published
        while not is_over.is_set():
            site.publish(f"Tijdens {word} {published}")
            published += 1
            time.sleep(0.05)

    def read() -> None:
        while not is_over.is_set():
            began = time.monotonic()
            answer = site.web.get("/v1/entries?q=eerste OR tijdens&fields=card")
            total = answer.json["total"] if answer.status_code == 200 else None
            with noting:
                reading.note(answer.status_code, began, total)

    def kept(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=kept, args=(work,)) for work in (write, read, read)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(BEFORE)
        happening()
        time.sleep(after)
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    assert faults == []
    print(f"{published} published meanwhile")
    return reading
