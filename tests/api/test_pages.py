"""The answers a process keeps."""

from concurrent.futures import ThreadPoolExecutor

from kennis.api.pages import LARGEST_KEPT, Answer, KeptAnswers


def test_the_least_recently_used_answer_goes_first() -> None:
    kept = KeptAnswers(2)
    for name in ("a", "b"):
        kept.put((name, ""), Answer(name.encode()))
    assert kept.get(("a", "")) == Answer(b"a")
    kept.put(("c", ""), Answer(b"c"))
    assert kept.get(("b", "")) is None
    assert kept.get(("a", "")) == Answer(b"a")
    assert len(kept) == 2


def test_nothing_is_kept_with_size_nought_or_beyond_measure() -> None:
    none, some = KeptAnswers(0), KeptAnswers(1)
    none.put(("a", ""), Answer(b""))
    some.put(("a", ""), Answer(b"x" * (LARGEST_KEPT + 1)))
    assert len(none) == len(some) == 0


def test_it_stays_bounded_between_threads() -> None:
    kept = KeptAnswers(8)

    def work(number: int) -> None:
        for i in range(200):
            kept.put((str((number * i) % 50), ""), Answer(b""))
            kept.get((str(i % 50), ""))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(1, 5)))
    assert len(kept) == 8
