"""How good the answers are: judged queries against what the search gives (search.md 6).

A file of judgements is CSV with the columns query, slug, grade (0-3) and mustNot (yes or empty); a story, whose slug
is its id, is named by its title. nDCG as in Järvelin and Kekäläinen (2002), with gain 2^grade - 1.
"""

import csv
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from kennis.content import kinds
from kennis.content.lifecycle import PUBLISHED
from kennis.errors import BadSetup
from kennis.search.find import Find, Finder
from kennis.store.models import Entry

COLUMNS = ("query", "slug", "grade", "mustNot")
HIGHEST_GRADE = 3
# How far down is looked: nDCG over ten, as readers see them; a good answer, and none that must not be, in three.
DEPTH, TOP = 10, 3
# From this grade on an answer counts as good.
GOOD = 2


@dataclass(frozen=True)
class Judged:
    """One query with the grade of each judged entry, and those that must not stand at the top."""

    query: str
    grades: Mapping[str, int]
    must_not: frozenset[str]


@dataclass(frozen=True, slots=True)
class Score:
    """`violations` are entries at the top that must not be there."""

    query: str
    ndcg: float
    is_hit: bool
    violations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    scores: tuple[Score, ...]

    @property
    def ndcg(self) -> float:
        return sum(s.ndcg for s in self.scores) / len(self.scores)

    @property
    def hit_rate(self) -> float:
        return sum(s.is_hit for s in self.scores) / len(self.scores)

    @property
    def violations(self) -> int:
        return sum(len(s.violations) for s in self.scores)


def read(path: Path) -> list[Judged]:
    """BadSetup names the line that is wrong; OSError when there is no such file, or none that may be read."""
    rows: dict[str, list[tuple[str, int, bool]]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            if tuple(table.fieldnames or ()) != COLUMNS:
                raise _broken(path, 1)
            for row in table:
                rows.setdefault(row["query"], []).append(_row(path, table.line_num, row))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadSetup(
            f"Het bestand {path} is niet te lezen ({error}).", f"The file {path} cannot be read ({error})."
        ) from error
    return [
        Judged(query, {slug: grade for slug, grade, _ in judged}, frozenset(s for s, _, never in judged if never))
        for query, judged in rows.items()
    ]


def _row(path: Path, number: int, row: Mapping[str, str]) -> tuple[str, int, bool]:
    grade, never = row["grade"] or "", row["mustNot"] or ""
    is_grade = grade.isascii() and grade.isdigit() and int(grade) <= HIGHEST_GRADE
    if not row["query"] or not row["slug"] or not is_grade or never not in ("", "yes"):
        raise _broken(path, number)
    return row["slug"], int(grade), never == "yes"


def _broken(path: Path, number: int) -> BadSetup:
    return BadSetup(
        f"Regel {number} van {path} deugt niet; kolommen: query, slug, grade (0-3), mustNot (yes of leeg).",
        f"Line {number} of {path} is broken; columns: query, slug, grade (0-3), mustNot (yes or empty).",
    )


def ids_of(session: Session, names: Iterable[str]) -> dict[str, str]:
    """Published entries by slug, or by title where the slug is the id; unknown names are absent."""
    wanted = set(names)
    by_slug = select(Entry.slug, Entry.id).where(Entry.status == PUBLISHED, Entry.slug.in_(wanted))
    found = {row[0]: row[1] for row in session.execute(by_slug)}
    nameless = [code for code, kind in kinds.KINDS.items() if kind.slug_is_id]
    titled = select(Entry.content, Entry.id).where(Entry.status == PUBLISHED, Entry.kind.in_(nameless))
    return found | {row[0]["title"]: row[1] for row in session.execute(titled) if row[0]["title"] in wanted}


def asking(finder: Finder, names: Mapping[str, str], today: date) -> Callable[[str], list[str]]:
    """Answers as a reader of the pages gets them, who takes a correction when nothing is found. `names`: by id."""

    def search(query: str) -> list[str]:
        ask = Find(q=query, surface="pages", page_size=DEPTH, facets=())
        page = finder.find(ask, today)
        if page.total == 0 and page.did_you_mean is not None:
            page = finder.find(replace(ask, q=page.did_you_mean), today)
        return [names.get(hit.id, hit.id) for hit in page.hits]

    return search


def evaluate(judged: Sequence[Judged], search: Callable[[str], Sequence[str]]) -> Report:
    """`search` gives the names of the first ten answers, best first."""
    return Report(tuple(_score(j, search(j.query)[:DEPTH]) for j in judged))


def _score(judged: Judged, answers: Sequence[str]) -> Score:
    gains = [2 ** judged.grades.get(name, 0) - 1 for name in answers]
    best = sorted((2**grade - 1 for grade in judged.grades.values()), reverse=True)[:DEPTH]
    return Score(
        query=judged.query,
        ndcg=_discounted(gains) / (_discounted(best) or 1.0) if any(best) else 1.0,
        is_hit=any(judged.grades.get(name, 0) >= GOOD for name in answers[:TOP])
        or max(judged.grades.values(), default=0) < GOOD,
        violations=tuple(name for name in answers[:TOP] if name in judged.must_not),
    )


def _discounted(gains: Iterable[float]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))
