"""Answers kept in memory, under the ETag that says for what they hold."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

# A page of 100 full entries may be megabytes; answers above this are made again rather than kept: guess.
LARGEST_KEPT = 512 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A body with the headers that belong to it; its media type is the one that was negotiated."""

    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class KeptAnswers:
    """At most `size` answers, the least recently used go first. Safe between threads.

    A key holds the generation, so what is out of date is never asked again and only takes room until it falls out.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._answers: OrderedDict[tuple[str, str], Answer] = OrderedDict()

    def get(self, key: tuple[str, str]) -> Answer | None:
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def put(self, key: tuple[str, str], answer: Answer) -> None:
        if not self._size or len(answer.body) > LARGEST_KEPT:
            return
        with self._lock:
            self._answers[key] = answer
            self._answers.move_to_end(key)
            while len(self._answers) > self._size:
                self._answers.popitem(last=False)

    def __len__(self) -> int:
        return len(self._answers)
