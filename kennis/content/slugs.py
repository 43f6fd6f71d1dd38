"""Addresses in words: made from titles, unique per site, never given to another entry later."""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.content.kinds import Kind
from kennis.store import state
from kennis.store.models import Entry, ErasedSlug, FormerSlug

LEAST, MOST = 3, 120
_ARTICLES = re.compile(r"^(?:de|het|een|the|an?)-(?=.{3})")
_SIGNS = re.compile(r"[^a-z0-9]+")
# Letters that do not fall apart into a base letter and an accent.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_DIGEST_KEY = "erased_slug_key"
_APOSTROPHES = str.maketrans("", "", "'’‘")


def slugify(title: str) -> str:
    """ASCII, kebab-case, 3-120 long, without the leading article; a title of signs only gives `zonder-naam`."""
    folded = unicodedata.normalize("NFKD", title.lower().translate(_APOSTROPHES).translate(_LETTERS))
    slug = _SIGNS.sub("-", folded.encode("ascii", "ignore").decode()).strip("-")
    slug = _ARTICLES.sub("", slug)
    if len(slug) > MOST:
        cut = slug[: MOST + 1].rpartition("-")[0]
        slug = cut if len(cut) >= LEAST else slug[:MOST]
    if not slug:
        return "zonder-naam"
    return slug if len(slug) >= LEAST else f"kennis-{slug}"


def wished(kind: Kind, entry_id: str, content: Mapping[str, Any]) -> str:
    """The address an entry would like: a story's is its id, so that it holds no word of it (safety.md X5)."""
    return entry_id if kind.slug_is_id else slugify(content["title"])


def is_slug(text: str) -> bool:
    return LEAST <= len(text) <= MOST and re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", text) is not None


def choose(session: Session, wished: Mapping[str, str], taken: Collection[str] = ()) -> dict[str, str]:
    """A free slug per entry id, near what is wished; `taken` are those given in this transaction already.

    An entry may take back a former address of its own.
    """
    given = set(taken)
    chosen: dict[str, str] = {}
    occupied = _occupied(session, wished.values())
    for entry_id, wish in wished.items():
        slug, number = wish, 1
        while slug in given or occupied.get(slug, entry_id) != entry_id:
            number += 1
            slug = numbered(wish, number)
            if slug not in occupied:
                occupied.update(_occupied(session, [slug]))
        given.add(slug)
        chosen[entry_id] = slug
    return chosen


def numbered(slug: str, number: int) -> str:
    tail = f"-{number}"
    return slug[: MOST - len(tail)].rstrip("-") + tail


def _occupied(session: Session, slugs: Iterable[str]) -> dict[str, str]:
    """Slug -> the entry that holds or held it; an erased one is held by nobody that can come back."""
    asked = list(slugs)
    found: dict[str, str] = {}
    for former in session.execute(select(FormerSlug.slug, FormerSlug.entry_id).where(FormerSlug.slug.in_(asked))):
        found[former.slug] = former.entry_id
    for present in session.execute(select(Entry.slug, Entry.id).where(Entry.slug.in_(asked))):
        found[present.slug] = present.id
    for slug in erased(session, asked):
        found[slug] = ""
    return found


def erased(session: Session, slugs: Collection[str]) -> list[str]:
    """Those of these addresses that were erased: they answer 410 for ever."""
    key = state.get(session, _DIGEST_KEY)
    if key is None:
        return []
    digests = {_digest(key, slug): slug for slug in slugs}
    rows = session.scalars(select(ErasedSlug.digest).where(ErasedSlug.digest.in_(digests)))
    return [digests[digest] for digest in rows]


def erase(session: Session, slugs: Collection[str]) -> None:
    """Remember addresses as keyed hashes only (safety.md G5)."""
    key = state.get(session, _DIGEST_KEY)
    if key is None:
        key = secrets.token_hex(32)
        state.put(session, _DIGEST_KEY, key)
    for slug in slugs:
        session.merge(ErasedSlug(digest=_digest(key, slug)))


def _digest(key: str, slug: str) -> str:
    return hmac.new(bytes.fromhex(key), slug.encode(), hashlib.sha256).hexdigest()
