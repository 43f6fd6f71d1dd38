"""A step with each index of an installation: that of its engine, and that of the fallback where there is one."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from kennis.errors import KennisError
from kennis.installation import Kennis
from kennis.search.indexing import Indexer

T = TypeVar("T")


def each(kennis: Kennis, step: Callable[[Indexer], T]) -> Iterator[tuple[Indexer, T]]:
    """For every engine of the installation, also when one of them fails: that is raised at the end."""
    failure: KennisError | None = None
    for indexer in kennis.indexers:
        try:
            done = step(indexer)
        except KennisError as error:
            failure = failure or error
            continue
        yield indexer, done
    if failure is not None:
        raise failure
