"""SIGTERM and SIGHUP end a command as Ctrl-C does: what it was making goes before it does.

A file beside an export, that may hold the whole database, would else stay under a name that nobody looks for.
"""

import os
import signal
from types import FrameType

STOPS = (signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Raised wherever the command is; no Exception, so that nothing on the way takes it for a fault."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def tidily() -> None:
    """For the whole process, but not for a signal that who started it has it ignore (nohup)."""
    for number in STOPS:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)


def _stop(number: int, _frame: FrameType | None) -> None:
    # A second one does not wait.
    signal.signal(number, signal.SIG_DFL)
    raise Stopped(number)


def end(stopped: Stopped) -> None:
    """Die of the signal: who watches sees by what it ended."""
    os.kill(os.getpid(), stopped.number)
