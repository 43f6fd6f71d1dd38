"""The keys by which results are ordered: one unique string per order and entry, always ascending (search.md 5)."""

import re

from kennis.content.views import EntryView
from kennis.content.vocabulary import folded

# Lower than anything a key can hold, so that a title stands before a longer one that begins with it.
SEPARATOR = "\t"
ARTICLES = frozenset({"de", "het", "een", "'t", "t", "the", "an", "a"})
# Two digits, turned round: the highest evidence rank is 89 (content-model.md 5.4).
HIGHEST_RANK = 99
_DOWN = str.maketrans("0123456789", "9876543210")
_NEVER = "0000-00-00"
_SIGNS = re.compile(r"[^\w\s]|_")


def sort_keys(view: EntryView, evidence_rank: int) -> dict[str, str]:
    """Newest first is made by turning the digits of the moment round; entries without a date come last."""
    title = title_key(view.content["title"])
    return {
        "sortNewest": _key(_downward(view.published_at), view.id),
        "sortUpdated": _key(_downward(view.updated_at), view.id),
        "sortChecked": _key(_downward(view.checked_at), view.id),
        "sortTitle": _key(title, view.id),
        "sortEvidence": _key(f"{HIGHEST_RANK - evidence_rank:02d}", title, view.id),
    }


def title_key(title: str) -> str:
    """Folded, without signs and leading article: `De Oranje Huis-aanpak` stands under o."""
    first, _, rest = folded(title).replace("’", "'").partition(" ")
    plain = rest if first in ARTICLES and rest else f"{first} {rest}"
    return " ".join(_SIGNS.sub(" ", plain).split())


def _downward(moment: str | None) -> str:
    return (moment or _NEVER).translate(_DOWN)


def _key(*parts: str) -> str:
    return SEPARATOR.join(parts)
