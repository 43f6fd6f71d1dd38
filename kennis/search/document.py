"""Entry -> index document, or None when it may not be found: the single gate to the index (invariant 1).

Single writes and rebuilds both come through here. Which property is searched, and how heavily, stands in the schema
of its kind; nothing here asks which kind that is.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from kennis import clock
from kennis.content import expiry, kinds
from kennis.content.derived import Derived, derive, ends_on
from kennis.content.lifecycle import PUBLISHED
from kennis.content.views import EntryView
from kennis.search import analysis
from kennis.search.analysis import Word
from kennis.search.keys import ARTICLES, sort_keys
from kennis.search.mapping import MARKER
from kennis.search.port import FieldValue, IndexDocument

# Body texts of fewer words are stubs (content-model.md T11).
STUB_WORDS = 100
STUB = "0"
# Above it the share of optional fields counts in so many steps (guess: finer would rank by diligence).
COMPLETENESS_STEPS = 4
# An entry that is expired already: before every day that is ever asked.
LONG_AGO = 10101
# Which properties fill a facet, where it is not derived. A property of the same meaning may differ in name per kind.
SOURCES: Mapping[str, tuple[str, ...]] = {
    "targetGroup": ("targetGroups",),
    "audience": ("audiences", "recommendedTo"),
    "setting": ("settings",),
    "duration": ("durationBand", "timeNeeded"),
    "cost": ("costBand", "priceBand"),
    "prevention": ("preventionLevel",),
    "language": ("language",),
    "programme": ("programmes",),
}
# Shorter beginnings than this suggest too much to be of use, longer ones nothing more (guesses).
PREFIX_LEAST, PREFIX_MOST = 2, 15
# Stands before the beginnings of the first word of a name.
FIRST = "^"
# Stands before a name of an organisation, so that an entry of that name itself comes first.
OF_ORGANISATION = "@"

# Labels, names and the words of titles come back in entry after entry: the vocabularies hold some 600 labels (guess).
REMEMBERED_LABELS = 10_000
# Many entries are published, changed or checked at one moment (guess).
REMEMBERED_DAYS = 10_000

_MARK = Word(MARKER, MARKER, (MARKER,))
_LINK = re.compile(r"\]\([^)\s]*\)")
Words = dict[str, list[str]]


def document(view: EntryView, today: date, derived: Derived | None = None) -> IndexDocument | None:
    """None: not published. What a day hides stays in, and the limits in every query leave it out (5.5). `derived` when
    it was worked out already, for this day or one shortly before."""
    if view.status != PUBLISHED:
        return None
    derived = derived or derive(view, today)
    words = _searched(view)
    organisations = _organisations(view)
    fields: dict[str, FieldValue] = {
        "id": view.id,
        "partnerUse": view.partner_use,
        "completenessBand": _completeness_band(derived, words["C"]),
        **_texts(words, derived.label_text.splitlines(), [name for o in organisations for name in (o.name, *o.names)]),
        **_facets(view, derived, [o.slug for o in organisations]),
        **_days(view, derived),
        **sort_keys(view, derived.evidence_rank),
    }
    return IndexDocument(view.id, view.index_version, fields)


# Text


@cache
def _plan(kind: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Path to every searched property of a kind, with its weight class; lists on the way are walked."""
    return tuple(_weights(kinds.schema(kind)))


def _weights(schema: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    for field in schema.load_fields.values():
        inner = getattr(field, "inner", field)
        if hasattr(inner, "document"):
            yield from (((field.data_key, *path), weight) for path, weight in _weights(inner.document))
        elif inner.weight is not None:
            yield (field.data_key,), inner.weight


def _searched(view: EntryView) -> Words:
    """The searched text by weight class; the title apart from the other names, both of class A."""
    found: Words = defaultdict(list)
    for path, weight in _plan(view.kind):
        _gather(view.content, path, found["title" if path == ("title",) else weight])
    return found


def searched_texts(kind: str, entry: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Top-level property and its searched texts, in the order of the schema, from content or a full answer."""
    found: dict[str, list[str]] = {}
    for path, _ in _plan(kind):
        _gather(entry, path, found.setdefault(path[0], []))
    yield from ((name, texts) for name, texts in found.items() if texts)


def _gather(value: Any, path: Sequence[str], texts: list[str]) -> None:
    """Adds what stands at the end of the path, in every item of the lists on the way."""
    if isinstance(value, str):
        # The address in a Markdown link is not text.
        texts.append(_LINK.sub("]", value) if "](" in value else value)
    elif isinstance(value, list):
        for item in value:
            _gather(item, path, texts)
    elif path and (inner := value.get(path[0])) is not None:
        _gather(inner, path[1:], texts)


def _texts(words: Words, labels: Sequence[str], of_organisations: Sequence[str]) -> dict[str, FieldValue]:
    read = analysis.analyser().read
    names = [[read(text) for text in words[weight]] for weight in ("title", "A")]
    own_names = [[word.folded for word in name] for of in names for name in of]
    title, others = map(_behind_markers, names)
    summary, body = (_behind_markers([read(text) for text in words[weight]]) for weight in ("B", "C"))
    labelled = _behind_markers([_read_label(label) for label in labels])
    fields = {
        "title": analysis.terms(title),
        "names": analysis.terms(others),
        "titleParts": analysis.parts([*title, *others]),
        "summary": analysis.terms(summary),
        "summaryParts": analysis.parts(summary),
        "body": analysis.terms(body),
        "labelText": analysis.terms(labelled),
        "bodyParts": analysis.parts([*body, *labelled]),
        "exact": analysis.folded([*title, *others, *summary, *body, *labelled]),
        "titlePrefix": " ".join([MARKER + _beginnings(name) for name in own_names]),
    }
    exact_names = sorted({*map(analysis.in_one_word, own_names), *map(_organisation_name, of_organisations)})
    # A field without a text holds a marker as well.
    return {"exactNames": exact_names, **{name: field or MARKER for name, field in fields.items()}}


@lru_cache(maxsize=REMEMBERED_LABELS)
def _read_label(label: str) -> list[Word]:
    return analysis.analyser().read(label)


def _behind_markers(texts: Iterable[Iterable[Word]]) -> list[Word]:
    """Each text behind a marker, so that no phrase runs from one into the next."""
    behind = []
    for text in texts:
        behind.append(_MARK)
        behind += text
    return behind


def _beginnings(name: Sequence[str]) -> str:
    """Each behind a space."""
    first = 1 if len(name) > 1 and name[0] in ARTICLES else 0
    return "".join([_beginnings_of(word, is_first=number == first) for number, word in enumerate(name)])


@lru_cache(maxsize=REMEMBERED_LABELS)
def _beginnings_of(word: str, *, is_first: bool) -> str:
    cut = [word[:length] for length in range(PREFIX_LEAST, min(len(word), PREFIX_MOST) + 1)]
    return "".join([f" {each} {FIRST}{each}" if is_first else f" {each}" for each in cut])


@lru_cache(maxsize=REMEMBERED_LABELS)
def _organisation_name(name: str) -> str:
    return OF_ORGANISATION + analysis.exact_name(name)


def _completeness_band(derived: Derived, body: Sequence[str]) -> str:
    if _is_short(body):
        return STUB
    return str(1 + min(int(derived.completeness * COMPLETENESS_STEPS), COMPLETENESS_STEPS - 1))


def _is_short(texts: Iterable[str]) -> bool:
    """Fewer words than make a text; no more of them are counted than that takes."""
    words = 0
    for text in texts:
        words += len(text.split(maxsplit=STUB_WORDS))
        if words >= STUB_WORDS:
            return False
    return True


# Codes


def _organisations(view: EntryView) -> list[Any]:
    links = view.content.get("organisations", ())
    found = {view.organisations[link["organisationId"]].id: view.organisations[link["organisationId"]]
             for link in links if link["organisationId"] in view.organisations}  # fmt: skip
    return list(found.values())


def _facets(view: EntryView, derived: Derived, organisations: list[str]) -> dict[str, FieldValue]:
    content = view.content
    facets: dict[str, FieldValue] = {name: _codes(content, *sources) for name, sources in SOURCES.items()}
    facets |= {
        "kind": view.kind,
        "topic": list(derived.topic_path),
        "subKind": _codes(content, kinds.KINDS[view.kind].sub_kind),
        "region": list(derived.region_path),
        "ageBand": list(derived.age_bands),
        "evidenceType": list(derived.evidence_types),
        "evidenceDirection": _one(derived.evidence_direction),
        "evidenceBand": _one(derived.evidence_band),
        "recognition": _one(derived.recognition_facet),
        "recognitionStatus": _one(derived.recognition_status_facet),
        "background": _codes(content.get("contributor", {}), "background"),
        "organisation": organisations,
    }
    return facets


def _one(value: str | int | None) -> list[str]:
    return [] if value is None else [str(value)]


def _codes(content: Mapping[str, Any], *names: str) -> list[str]:
    found: list[str] = []
    for name in names:
        value = content.get(name)
        if value is not None:
            found += value if isinstance(value, list) else [value]
    return found if len(found) < 2 else list(dict.fromkeys(found))


# Days


def as_number(day: date) -> int:
    """A day as the index holds it: 20260301."""
    return day.year * 10_000 + day.month * 100 + day.day


@lru_cache(maxsize=REMEMBERED_DAYS)
def _day(stored: str | None) -> int | None:
    """Moments count as the day in the Netherlands on which they were."""
    if stored is None:
        return None
    return as_number(date.fromisoformat(stored) if len(stored) == 10 else clock.today(datetime.fromisoformat(stored)))


def _days(view: EntryView, derived: Derived) -> dict[str, FieldValue]:
    expires = expires_on(view, derived)
    is_hidden_then = kinds.KINDS[view.kind].is_hidden_when_expired
    days = {
        "published": _day(view.published_at),
        "updated": _day(view.updated_at),
        "reviewDue": _day(view.review_due),
        "checked": _day(view.checked_at),
        "expiresOn": expires,
        "hiddenFrom": expires if is_hidden_then else None,
    }
    return {name: day for name, day in days.items() if day is not None}


def expires_on(view: EntryView, derived: Derived) -> int | None:
    """The first day on which the entry is expired, found by asking again on every day that may change it: so the
    limits in a query are right also when the daily job does not run."""
    if derived.is_expired:
        return LONG_AGO
    if not kinds.KINDS[view.kind].is_assessed:
        # Nothing that a day may change decides about it.
        expired_from = expiry.ends(view, None).expired_from
        return None if expired_from is None else as_number(expired_from)
    day = derived.holds_until
    while day is not None:
        ends = ends_on(view, day)
        if ends.expired_from is not None and ends.expired_from <= day:
            return as_number(day)
        day = expiry.holds_until(view, ends, day)
    return None
