"""How often somebody came: windows in this process, in a real Redis, and in this process while Redis is away."""

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator

import pytest

from kennis.api.counting import REST_SECONDS, SWEEP_SECONDS, Count, Counts, NotCounted, Own, Shared
from kennis.api.counting_redis import InRedis
from tests import real_parts
from tools.elasticsearch.places import cache_folder, prepare
from tools.redis.server import Server, program

VARIABLE = "KENNIS_TEST_REDIS_URL"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Sometimes:
    """Fulfils the protocol; answers when it is told to, and counts how often it was asked."""

    def __init__(self) -> None:
        self.is_there, self.asked = True, 0

    def add(self, name: str, seconds: int) -> Count:  # noqa: ARG002
        self.asked += 1
        if not self.is_there:
            raise NotCounted("ConnectionError")
        return Count(100 + self.asked, float(seconds))


def redis_url() -> str:
    return real_parts.setting(VARIABLE, "Redis", "make redis")


MAKE: dict[str, Callable[[], Counts]] = {
    "memory": Own,
    "redis": lambda: InRedis(redis_url()),
    "shared": lambda: Shared(InRedis(redis_url())),
}


@pytest.fixture(params=MAKE)
def counts(request: pytest.FixtureRequest) -> Counts:
    return MAKE[request.param]()


@pytest.fixture
def name() -> str:
    return f"test-{uuid.uuid4().hex}"


def test_each_name_is_counted_by_itself(counts: Counts, name: str) -> None:
    assert [counts.add(name, 60).used for _ in range(3)] == [1, 2, 3]
    assert counts.add(name + "-other", 60).used == 1


def test_a_window_begins_with_the_first_and_then_ends(counts: Counts, name: str) -> None:
    first = counts.add(name, 1)
    assert 0.9 < first.seconds <= 1
    time.sleep(0.3)
    second = counts.add(name, 1)
    assert second.used == 2
    assert second.seconds < 0.75
    time.sleep(0.8)
    assert counts.add(name, 1).used == 1


def test_none_is_lost_when_many_ask_at_once(counts: Counts, name: str) -> None:
    def ask() -> None:
        for _ in range(100):
            counts.add(name, 60)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts.add(name, 60).used == 401


def test_processes_count_together_in_redis(name: str) -> None:
    one, other = InRedis(redis_url()), InRedis(redis_url())
    assert [one.add(name, 60).used, other.add(name, 60).used] == [1, 2]


def test_a_counter_without_an_end_gets_one(name: str) -> None:
    """Whatever left it so: nobody is shut out for ever."""
    from redis import Redis

    client = Redis.from_url(redis_url())
    client.set(f"kennis:limits:{name}", 1_000)
    assert InRedis(redis_url()).add(name, 60) == Count(1001, 60.0)
    assert 0 < client.ttl(f"kennis:limits:{name}") <= 60
    client.close()


def test_what_ended_is_thrown_away() -> None:
    clock = Clock()
    own = Own(clock)
    for number in range(50):
        own.add(str(number), 10)
    clock.now += SWEEP_SECONDS
    own.add("new", 10)
    assert len(own) == 1


def test_a_flood_of_names_takes_only_so_much_room_and_the_oldest_goes_first() -> None:
    clock = Clock()
    own = Own(clock, most=3)
    for name in ("a", "b", "c", "d"):
        own.add(name, 60)
    assert len(own) == 3
    assert [own.add("d", 60).used, own.add("a", 60).used] == [2, 1]


def test_while_it_is_away_this_process_counts_and_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "kennis")
    clock, elsewhere = Clock(), Sometimes()
    shared = Shared(elsewhere, clock)
    assert shared.add("a", 60).used == 101
    elsewhere.is_there = False
    assert [shared.add("a", 60).used for _ in range(5)] == [1, 2, 3, 4, 5]
    assert elsewhere.asked == 2
    clock.now += REST_SECONDS
    assert shared.add("a", 60).used == 6
    assert elsewhere.asked == 3
    assert [r.message for r in caplog.records] == ["limits are counted apart"]
    elsewhere.is_there = True
    clock.now += REST_SECONDS
    assert shared.add("a", 60).used == 104
    assert [r.message for r in caplog.records] == ["limits are counted apart", "limits are counted together again"]


def test_a_server_that_takes_the_connection_and_says_nothing_holds_up_one_request_briefly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        shared = Shared(InRedis(f"redis://127.0.0.1:{silent.getsockname()[1]}/0"))
        start = time.monotonic()
        assert [shared.add("a", 60).used for _ in range(100)] == list(range(1, 101))
        assert time.monotonic() - start < 2


def test_a_server_that_refuses_the_password_is_away(name: str) -> None:
    url = redis_url()
    before, _, after = url.partition("://:")
    with pytest.raises(NotCounted, match=r"Error$"):
        InRedis(f"{before}://:wrong@{after.partition('@')[2]}").add(name, 60)


@pytest.fixture
def server() -> Iterator[Server]:
    """One of its own, where the user that runs it may come."""
    redis_url()
    own = Server(program(), prepare(cache_folder(os.environ)) / "running" / f"redis-{uuid.uuid4().hex}")
    own.start()
    yield own
    own.stop()
    own.remove()


def test_a_server_that_stops_and_comes_back_is_used_again(server: Server, name: str) -> None:
    clock = Clock()
    shared = Shared(InRedis(server.url), clock)
    assert [shared.add(name, 60).used for _ in range(3)] == [1, 2, 3]
    server.stop()
    assert [shared.add(name, 60).used for _ in range(2)] == [1, 2]
    server.start()
    assert shared.add(name, 60).used == 3
    clock.now += REST_SECONDS
    assert [shared.add(name, 60).used for _ in range(2)] == [1, 2], "nothing of the old windows is kept"


def test_a_connection_that_was_closed_is_made_anew_at_once(server: Server, name: str) -> None:
    from redis import Redis

    shared = Shared(InRedis(server.url), Clock())
    assert shared.add(name, 60).used == 1
    with Redis.from_url(server.url) as other:
        other.client_kill_filter(_type="normal", skipme=True)
    assert shared.add(name, 60).used == 2
