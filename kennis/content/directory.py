"""Organisations as anybody may read them; one that went into another is found under the name it has now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kennis.content import organisations
from kennis.content.reading import names_of
from kennis.content.vocabulary import folded
from kennis.store.models import Organisation


@dataclass(frozen=True, slots=True)
class ListedOrganisation:
    id: str
    slug: str
    content: Mapping[str, Any]
    updated_at: str
    row_version: int


def _listed(row: Organisation) -> ListedOrganisation:
    return ListedOrganisation(row.id, row.slug, row.content, row.updated_at, row.row_version)


def mark(session: Session) -> str:
    """Changes whenever any organisation is made, changed or merged."""
    count, writes, newest = session.execute(
        select(func.count(), func.sum(Organisation.row_version), func.max(Organisation.updated_at))
    ).one()
    return f"{count}-{writes or 0}-{newest or ''}"


def search(session: Session, words: str, page: int, page_size: int) -> tuple[int, list[ListedOrganisation]]:
    """Those of which a name, abbreviation or former name holds the words, by name; and how many there are.

    Reads all of them: a directory holds thousands at most, and answers are kept (api/pages.py).
    """
    wanted = folded(words)
    rows = session.scalars(select(Organisation).where(Organisation.merged_into_id.is_(None)))
    found = [row for row in rows if not wanted or any(wanted in folded(name) for name in _names(row.content))]
    found.sort(key=lambda row: (folded(row.content["name"]), row.id))
    start = (page - 1) * page_size
    return len(found), [_listed(row) for row in found[start : start + page_size]]


def _names(content: Mapping[str, Any]) -> list[str]:
    return [content["name"], *names_of(content)]


def find(session: Session, organisation_id: str) -> ListedOrganisation:
    """Moved, with the id it lives on under, when it was merged."""
    return _listed(organisations.get(session, organisation_id))
