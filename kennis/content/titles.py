"""What an entry is called, in a form in which two spellings of one name look the same."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kennis.content.vocabulary import folded

_WORD = re.compile(r"[^\W_]+")
# They come and go before a name, and say nothing of it.
ARTICLES = frozenset({"de", "het", "een", "the", "a", "an"})


def words(title: str) -> tuple[str, ...]:
    """Each word once, without signs, accents, capitals and articles, by alphabet; none of a title of signs only."""
    found = set(_WORD.findall(folded(title)))
    return tuple(sorted(found - ARTICLES or found))


def of_all_titles(content: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Of the title and the alternative ones, each once."""
    found = (words(title) for title in (content["title"], *content.get("alternativeTitles", ())))
    return iter(dict.fromkeys(one for one in found if one))
