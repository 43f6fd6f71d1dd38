"""What is worked out from an entry, and never stored as truth (content-model.md 5)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from kennis.content import expiry
from kennis.content.evidence import Assessment, assess
from kennis.content.kinds import KINDS, Kind
from kennis.content.views import EntryView
from kennis.content.vocabulary import vocabularies

# So many organisations that are not the contributor's make a lesson or method "op meer plaatsen toegepast".
CONFIRMATIONS = 3
_NO_UPPER_AGE = 1000
_COUNTRY = "nl"
_NO_RESEARCH = "geen"


@dataclass(frozen=True, slots=True)
class Derived:
    """The evidence fields are None for kinds that nobody assesses. `recognition` is the leading one as stored,
    `recognition_status` its effective status; those that end in `facet` are the values it is counted under.
    `holds_until`: from that day on, derive again.
    """

    evidence_band: int | None
    evidence_direction: str | None
    evidence_rank: int
    evidence_conflict: bool
    recognition: Mapping[str, Any] | None
    recognition_facet: str | None
    recognition_status: str | None
    recognition_status_facet: str | None
    age_bands: tuple[str, ...]
    is_expired: bool
    is_stale: bool
    is_confirmed: bool
    evidence_types: tuple[str, ...]
    year: int | None
    topic_path: tuple[str, ...]
    region_path: tuple[str, ...]
    completeness: float
    label_text: str
    holds_until: date | None


# An entry with what was worked out of it, where more than one reader needs both.
Worked = tuple[EntryView, Derived]


def ends_on(view: EntryView, day: date) -> expiry.Ends:
    """As that day sees them: which recognition leads depends on it."""
    found = assess(view.content, day) if KINDS[view.kind].is_assessed else None
    return expiry.ends(view, found.leading if found else None)


def derive(view: EntryView, today: date) -> Derived:
    kind, content = KINDS[view.kind], view.content
    found: Assessment | None = assess(content, today) if kind.is_assessed else None
    ends = expiry.ends(view, found.leading if found else None)
    return Derived(
        evidence_band=found.band if found else None,
        evidence_direction=found.direction if found else None,
        evidence_rank=found.rank if found else 0,
        evidence_conflict=found.has_conflict if found else False,
        recognition=found.leading if found else None,
        recognition_facet=found.facet if found else None,
        recognition_status=found.status if found else None,
        recognition_status_facet=found.status_facet if found else None,
        age_bands=age_bands(content.get("ageMin"), content.get("ageMax")),
        is_expired=ends.expired_from is not None and ends.expired_from <= today,
        is_stale=ends.stale_from is not None and ends.stale_from <= today,
        is_confirmed=kind.takes_marks and _is_confirmed(view),
        evidence_types=_evidence_types(kind, content),
        year=_year(kind, view),
        topic_path=_paths("topics", content.get("topics", ())),
        region_path=_region_path(content.get("regions", ())),
        completeness=_completeness(kind, content),
        label_text="\n".join(_label_text(kind, view)),
        holds_until=expiry.holds_until(view, ends, today),
    )


@cache
def _bands() -> tuple[tuple[str, int, int], ...]:
    ages = vocabularies()["age-bands"]
    return tuple((t.code, t.extra["from"], _NO_UPPER_AGE if t.extra["to"] is None else t.extra["to"]) for t in ages)


def age_bands(age_min: int | None, age_max: int | None) -> tuple[str, ...]:
    """Bands that overlap the half-open span of the entry; none when it names no age (content-model.md 5.2)."""
    if age_min is None and age_max is None:
        return ()
    least = -1 if age_min is None else age_min
    most = _NO_UPPER_AGE if age_max is None else age_max
    return tuple(code for code, begin, end in _bands() if least < end and begin < most)


def _is_confirmed(view: EntryView) -> bool:
    own = view.content.get("contributor", {}).get("organisationId")
    return len({mark["organisationId"] for mark in view.approved_marks} - {own}) >= CONFIRMATIONS


def _evidence_types(kind: Kind, content: Mapping[str, Any]) -> tuple[str, ...]:
    found = dict.fromkeys([*(e["type"] for e in content.get("evidence", ())), *content.get("basis", ())])
    return tuple(found) or ((_NO_RESEARCH,) if kind.is_assessed else ())


def _year(kind: Kind, view: EntryView) -> int | None:
    given = view.content.get(kind.year_field) if kind.year_field else None
    if given is not None:
        return int(str(given)[:4])
    years = [source["year"] for source in view.content.get("sources", ()) if "year" in source]
    if years:
        return int(max(years))
    return int(view.published_at[:4]) if view.published_at else None


@cache
def _path(vocabulary: str, code: str) -> tuple[str, ...]:
    terms = vocabularies()[vocabulary]
    return terms.path(code) if code in terms else (code,)


def _paths(vocabulary: str, codes: Iterable[str]) -> tuple[str, ...]:
    """The codes with their ancestors, each once."""
    return tuple(dict.fromkeys(step for code in codes for step in _path(vocabulary, code)))


def _region_path(codes: Iterable[str]) -> tuple[str, ...]:
    """The country stands in it only when the entry names it (content-model.md 8.7)."""
    named = tuple(codes)
    return tuple(code for code in _paths("regions", named) if code != _COUNTRY or _COUNTRY in named)


def _completeness(kind: Kind, content: Mapping[str, Any]) -> float:
    optional = kind.optional_fields
    return sum(name in content for name in optional) / len(optional)


@cache
def _dutch(vocabulary: str) -> Mapping[str, str]:
    """Labels that an entry is found by; the personal audiences are recognised by sentences instead."""
    return {t.code: t.labels["nl"] for t in vocabularies()[vocabulary] if t.group != "personal"}


# Lists whose labels are searched, with their vocabulary (content-model.md 5.6).
_LABELLED = (
    ("targetGroups", "target-groups"),
    ("audiences", "audiences"),
    ("recommendedTo", "audiences"),
    ("settings", "settings"),
    ("regions", "regions"),
    ("programmes", "programmes"),
)


def _label_text(kind: Kind, view: EntryView) -> Iterator[str]:
    content = view.content
    yield _dutch("kinds")[kind.code]
    sub_kind = content.get(kind.sub_kind)
    if sub_kind is not None:
        yield _dutch(kind.sub_kind_vocabulary).get(sub_kind, "")
    yield from (_dutch("topics").get(code, "") for code in _paths("topics", content.get("topics", ())))
    for name, vocabulary in _LABELLED:
        labels = _dutch(vocabulary)
        yield from (labels[code] for code in content.get(name, ()) if code in labels)
    linked = dict.fromkeys(link["organisationId"] for link in content.get("organisations", ()))
    for organisation_id in linked:
        organisation = view.organisations.get(organisation_id)
        if organisation is not None:
            yield from (organisation.name, *organisation.names)
