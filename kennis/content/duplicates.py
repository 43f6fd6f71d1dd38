"""Is this known already? A hint about entries that are called nearly the same or have the same name elsewhere.

It never blocks: two things may well have one name. Nothing is told of what the caller may not read. Titles are found
by the words they share, so a title of one word with a typing error in it gives no hint.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kennis.access.policy import Actor
from kennis.content import private, titles
from kennis.store.models import Entry, ExternalIdRow, TitleWord, WorkingCopy

SIMILAR_TITLE, SAME_EXTERNAL_ID = "similar-title", "same-external-id"
# Likeness (0-100) of two titles in plain words: no two different entries of the seed come above 78.
LIKE = 80.0
# A name within a longer one is the same name when it has so many words, and so large a part of the longer one (guess).
LEAST_WORDS, LEAST_PART = 2, 0.5
# Of two titles of two words with a typing error in one word, half is shared. With less they cannot be like (guess).
LEAST_SHARED = 0.4
# Titles looked at per title, those that share the largest part of their words first (guess).
CANDIDATES = 100
# More would be a list to read, not a hint (guess).
MOST = 5


@dataclass(frozen=True, slots=True)
class Hint:
    """`reason` is why it may be the same; the rest is what the other entry is called where the caller reads it."""

    reason: str
    id: str
    kind: str
    status: str
    title: str


def find(session: Session, entry_id: str, actor: Actor, *, copy: bool = False) -> list[Hint]:
    """About the text of this entry, or of its working copy. The likeliest first: the same name elsewhere, then titles
    by likeness, its own kind before others.

    Among 100,000 entries it takes some 0.1 s, so it is asked while nobody waits to write.
    """
    entry = session.get(Entry, entry_id)
    text = session.get(WorkingCopy, entry_id) if copy else entry
    if entry is None or text is None:
        return []
    content = text.content
    same = set(_with_external_ids(session, content))
    wanted = select(Entry).where(Entry.id.in_({*same, *_sharing_words(session, content)}), Entry.id != entry_id)
    found = [
        (_likeness(content, other.content), _hint(other))
        for other in session.scalars(wanted)
        if private.may_know(other, other, actor)
    ]
    hints = [
        (hint.id not in same, hint.kind != entry.kind, -likeness, hint)
        for likeness, hint in found
        if likeness >= LIKE or hint.id in same
    ]
    hints.sort(key=lambda one: (*one[:3], one[3].id))
    return [hint if rank else replace(hint, reason=SAME_EXTERNAL_ID) for rank, *_, hint in hints[:MOST]]


def _hint(other: Entry) -> Hint:
    return Hint(SIMILAR_TITLE, other.id, other.kind, other.status, other.content["title"])


def _with_external_ids(session: Session, content: Mapping[str, Any]) -> list[str]:
    """Of other kinds: within one kind such a name is given once (content/linking.py)."""
    named = {(one["system"], one["id"]) for one in content.get("externalIds", ())}
    if not named:
        return []
    wanted = (
        select(ExternalIdRow.system, ExternalIdRow.external_id, Entry.id)
        .join(Entry, Entry.id == ExternalIdRow.owner_id)
        .where(ExternalIdRow.external_id.in_([external_id for _, external_id in named]))
    )
    return [row.id for row in session.execute(wanted) if (row.system, row.external_id) in named]


def _sharing_words(session: Session, content: Mapping[str, Any]) -> Iterator[str]:
    """In any status: whether the caller may read them is asked of these few only."""
    for words in titles.of_all_titles(content):
        shared = func.count() * 2.0 / (TitleWord.size + len(words))
        wanted = (
            select(TitleWord.entry_id)
            .where(TitleWord.word.in_(words))
            .group_by(TitleWord.entry_id, TitleWord.position, TitleWord.size)
            .having(shared >= LEAST_SHARED)
            .order_by(shared.desc(), TitleWord.entry_id)
            .limit(CANDIDATES)
        )
        yield from session.scalars(wanted)


def _likeness(content: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """Of the two titles, alternative ones included, that are most alike."""
    pairs = ((one, two) for one in titles.of_all_titles(content) for two in titles.of_all_titles(other))
    return max((_likeness_of(one, two) for one, two in pairs), default=0.0)


def _likeness_of(words: tuple[str, ...], others: tuple[str, ...]) -> float:
    fewer, more = sorted((set(words), set(others)), key=len)
    is_within = fewer <= more and len(fewer) >= LEAST_WORDS and len(fewer) >= len(more) * LEAST_PART
    return max(fuzz.ratio(" ".join(words), " ".join(others)), LIKE if is_within else 0.0)
