"""The process beside ours in which the extra detector runs: it may hang or die, and nobody waits for it then."""

import os
import time
from pathlib import Path

from kennis.stories.deduce_process import Found, Worker

# What a test may take at most; the hanging process would take a minute.
SOON = 30.0


def finds(text: str) -> Found | None:
    return [("persoon", 0, len(text))]


def hangs_the_second_time(text: str) -> Found | None:
    """After it wrote down which process it is, the first time, in the file that the text names."""
    if not Path(text).exists():
        Path(text).write_text(str(os.getpid()))
        return []
    time.sleep(60)
    return []


def dies(text: str) -> Found | None:
    os._exit(1)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_is_found_comes_from_another_process() -> None:
    worker = Worker(finds)
    assert worker.ask("Anna") == [("persoon", 0, 4)]
    assert worker.ask("An") == [("persoon", 0, 2)]
    worker.close()


def test_nobody_waits_for_a_process_that_hangs(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    worker = Worker(hangs_the_second_time)
    assert worker.ask(str(told)) == []
    began = time.monotonic()
    assert worker.ask(str(told), longest_wait=0.2) is None
    assert worker.ask(str(told)) is None
    worker.close()
    assert time.monotonic() - began < SOON
    pid = int(told.read_text())
    while is_running(pid):
        assert time.monotonic() - began < SOON
        time.sleep(0.05)


def test_a_process_that_is_gone_is_told_each_time() -> None:
    worker = Worker(dies)
    assert [worker.ask("Anna") for _ in range(2)] == [None, None]
    worker.close()


def test_it_may_be_closed_again_and_before_it_was_asked_anything() -> None:
    worker = Worker(finds)
    worker.close()
    worker.close()
