"""Emptying the queue. Nothing is locked while the mail server is spoken to, however slow it is."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from kennis.mail import message, queue
from kennis.mail.queue import Hopeless, Letter
from kennis.store import Store

if TYPE_CHECKING:
    from kennis.mail.smtp import Connection, NotTaken, Server

# After a failure it waits longer each time, at most so long (guesses).
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)
# So many connections that break in a row are the fault of the server, not of these mails (guess).
MOST_BROKEN = 2
Chance = Callable[[float, float], float]
# Told of a mail that is given up or has nobody to go to, in the transaction that erases it: the account, and the day it
# was made.
Lost = Callable[[Session, str, str], None]


@dataclass(frozen=True, slots=True)
class Sent:
    """`failure` is that of the last mail that did not go; empty when all went, or nothing was due."""

    delivered: int = 0
    given_up: int = 0
    failure: str = ""


class Sender:
    """`now` is a function, for emptying a queue takes its time; `chance(a, b)` gives a number between them."""

    def __init__(
        self, store: Store, server: "Server", now: Callable[[], datetime], lost: Lost, chance: Chance = random.uniform
    ) -> None:
        self._store, self._server, self._now, self._lost, self._chance = store, server, now, lost, chance
        self._delivered = self._refused = self._broken = 0
        self._failure = ""

    def send(self, is_stopping: Callable[[], bool] = lambda: False) -> Sent:
        """Everything that is due, until it is asked to stop. One that fails waits longer each time."""
        from kennis.mail.smtp import NoServer

        self._delivered = self._refused = self._broken = 0
        self._failure = ""
        try:
            while not is_stopping() and self._is_due():
                with self._connected() as connection:
                    self._send_over(connection, is_stopping)
        except NoServer as error:
            self._wait_for_server(error.reason)
        given_up = self._store.write(self._give_up_hopeless)
        return Sent(self._delivered, self._refused + given_up, self._failure)

    def _give_up_hopeless(self, session: Session) -> int:
        found = queue.hopeless(session, self._now())
        for one in found:
            self._lose(session, one)
        return sum(not one.is_disabled for one in found)

    def _lose(self, session: Session, one: Letter | Hopeless) -> None:
        queue.erase(session, one.id)
        self._lost(session, one.account_id, one.made_on)

    def _is_due(self) -> bool:
        with self._store.reading() as session:
            return queue.is_due(session, self._now())

    @contextmanager
    def _connected(self) -> Iterator["Connection"]:
        from kennis.mail.smtp import Connection

        connection = Connection(self._server)
        try:
            yield connection
        finally:
            connection.close()

    def _send_over(self, connection: "Connection", is_stopping: Callable[[], bool]) -> None:
        """Until nothing is due, or the connection is of no use any more."""
        while not is_stopping() and (letter := self._take()) is not None:
            if not self._deliver(connection, letter):
                return

    def _deliver(self, connection: "Connection", letter: Letter) -> bool:
        """Whether the connection may be used again."""
        from kennis.mail.smtp import NoServer, NotTaken

        try:
            made = message.compose(letter, self._server.sender, self._now())
            connection.deliver(made, letter.address)
        except message.BadAddress as error:
            self._give_up(letter, type(error).__name__)
        except NoServer as error:
            self._postpone(letter, error.reason)
            raise
        except NotTaken as failed:
            self._fail(letter, failed)
            return not failed.is_broken
        else:
            self._erase(letter)
            self._delivered += 1
            self._broken = 0
        return True

    def _take(self) -> Letter | None:
        return self._store.write(lambda session: queue.take(session, self._now()))

    def _erase(self, letter: Letter) -> None:
        self._store.write(lambda session: queue.erase(session, letter.id))

    def _give_up(self, letter: Letter, failure: str) -> None:
        self._store.write(lambda session: self._lose(session, letter))
        self._refused += 1
        self._failure = failure

    def _postpone(self, letter: Letter, failure: str) -> None:
        self._failure = failure
        until = self._now() + self._pause(letter.tries)
        self._store.write(lambda session: queue.postpone(session, letter, failure, until))

    def _fail(self, letter: Letter, failed: "NotTaken") -> None:
        from kennis.mail.smtp import NoServer

        if failed.is_refused and queue.has_been_refused_enough(letter, self._now()):
            self._give_up(letter, failed.reason)
            return
        self._postpone(letter, failed.reason)
        self._broken += failed.is_broken
        if self._broken >= MOST_BROKEN:
            raise NoServer(failed.reason)

    def _wait_for_server(self, reason: str) -> None:
        self._failure = reason

        def wait(session: Session) -> None:
            now = self._now()
            pause = self._pause(queue.most_tries(session, now) + 1)
            queue.postpone_all(session, now, reason, now + pause)

        self._store.write(wait)

    def _pause(self, tries: int) -> timedelta:
        """Between half and all of a time that doubles, so that not all installations come back at once."""
        whole = min(FIRST_PAUSE.total_seconds() * 2 ** min(tries - 1, 20), LONGEST_PAUSE.total_seconds())
        return timedelta(seconds=self._chance(whole / 2, whole))
